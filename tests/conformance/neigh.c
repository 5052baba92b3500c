// SPDX-License-Identifier: GPL-2.0
/*
 * Neighbours. lo has addresses of 6 bytes, tun has none; with the hardware
 * type of another kind of link tun gets the address length of that.
 */
#include <unistd.h>
#include <linux/neighbour.h>

#include "conform.h"

static const __u8 lladdr[40] = { 2, 4, 6, 8, 10, 12 };

static int add(int ifindex, int eid, int len)
{
	return neigh_change(RTM_NEWNEIGH, ifindex, eid, lladdr, len);
}

static int del(int ifindex, int eid)
{
	return neigh_change(RTM_DELNEIGH, ifindex, eid, NULL, -1);
}

static void check_adding(void)
{
	const struct neigh_entry *e;
	const struct dump *d;
	int lo = lo_index();

	is(neigh_dump(0)->count, 0, "none-at-first");
	is_rc(add(lo, 9, 6), 0, "add");
	is_rc(add(lo, 9, 6), -EEXIST, "add-twice");
	d = neigh_dump(0);
	if (!is(d->count, 1, "dump"))
		return;
	e = &d->neigh[0];
	is(e->eid, 9, "dump-eid");
	is(e->ifindex, lo, "dump-link");
	is(e->state, NUD_PERMANENT, "dump-state");
	is(e->type, RTN_UNICAST, "dump-type");
	is(e->lladdr_len, 6, "dump-address-length");
	ok(!memcmp(e->lladdr, lladdr, 6), "dump-address");
	is_rc(add(lo, 254, 6), 0, "add-last");
	is_rc(del(lo, 9), 0, "del");
	is_rc(del(lo, 9), -ENOENT, "del-twice");
	is(neigh_dump(0)->count, 1, "del-keeps-others");
	is_rc(add(lo, 9, 6), 0, "add-after-del");
}

static void check_errors(void)
{
	int lo = lo_index();
	struct tun tap;

	tap_open(&tap, "e0");
	is_rc(add(lo, -1, 6), -EINVAL, "no-eid");
	is_rc(add(lo, 9, -1), -EINVAL, "no-address");
	is_rc(add(lo, 0, 6), -EINVAL, "eid-null");
	is_rc(add(lo, 7, 6), -EINVAL, "eid-reserved");
	is_rc(add(lo, 255, 6), -EINVAL, "eid-broadcast");
	is_rc(add(lo, 9, 5), -EINVAL, "address-short");
	is_rc(add(lo, 9, 7), -EINVAL, "address-long");
	is_rc(add(lo, 9, 33), -ERANGE, "address-too-long");
	is_rc(add(lo, 9, 0), -EINVAL, "address-empty");
	is_rc(add(999, 9, 6), -ENODEV, "no-link");
	is_rc(add(tap.ifindex, 9, 6), -ENODEV, "not-mctp");
	is_rc(del(lo, -1), -EINVAL, "del-no-eid");
	is_rc(del(999, 9), -ENODEV, "del-no-link");
	is_rc(del(tap.ifindex, 9), -ENODEV, "del-not-mctp");
	is(neigh_dump(0)->count, 0, "errors-add-nothing");
}

static void check_links(void)
{
	const struct dump *d;
	struct tun t0, t1;

	tun_open(&t0, "t0");
	tun_open(&t1, "t1");
	tun_set_type(&t1, ARPHRD_IEEE802154);
	is_rc(add(t0.ifindex, 9, 0), 0, "link-without-addresses");
	is_rc(add(t0.ifindex, 10, 1), -EINVAL, "link-without-addresses-one");
	is_rc(add(t1.ifindex, 9, 8), 0, "same-eid-other-link");
	is_rc(add(t1.ifindex, 10, 6), -EINVAL, "long-address-short");
	d = neigh_dump(t1.ifindex);
	ok(d->count == 1 && d->neigh[0].lladdr_len == 8, "dump-one-link");
	is(neigh_dump(999)->count, 0, "dump-no-link");
	is_rc(del(t0.ifindex, 10), -ENOENT, "del-other-link");
	tun_close(&t1);
	d = neigh_dump(0);
	ok(d->count == 1 && d->neigh[0].ifindex == t0.ifindex,
	   "removal-drops-its-own");
}

static void del_a_neighbour(void)
{
	if (del(lo_index(), 100))
		die("no neighbour deleted: %s", nl.extack);
}

static void check_many(void)
{
	int eid, good = 0;
	const struct dump *d;
	size_t i;

	for (eid = 8; eid < 255; eid++)
		good += !add(lo_index(), eid, 6);
	is(good, 247, "add-many");
	d = neigh_dump(0);
	is(d->count, 247, "dump-many");
	for (i = 0, good = 0; i < d->count; i++)
		good += d->neigh[i].eid == 254 - i;
	is(good, 247, "dump-newest-first");
	ok(dump_tells(RTM_GETNEIGH, sizeof(struct ndmsg), del_a_neighbour),
	   "dump-tells-of-change");
}

/* With an address length of its own a link needs that many bytes to send. */
static void check_extended(void)
{
	struct sockaddr_mctp_ext a = {
		.smctp_base = sk_addr(1, 9, TYPE, TO),
		.smctp_halen = 6,
	};
	static struct packet p;
	struct tun t;
	int fd = msock_open();

	tun_open(&t, "t0");
	tun_set_type(&t, ARPHRD_ETHER);
	is(net_of("t0"), 1, "type-change-keeps-mctp");
	a.smctp_ifindex = t.ifindex;
	sk_ext(fd);
	is_rc(rc_of(sendto(fd, "abc", 3, 0, (void *)&a, sizeof(a))), 3,
	      "ext-address");
	is(tun_read(&t, &p), HDR + 4, "ext-address-sent");
	a.smctp_halen = 0;
	is_rc(rc_of(sendto(fd, "abc", 3, 0, (void *)&a, sizeof(a))), -EINVAL,
	      "ext-no-address");
	route_add(9, 0, t.ifindex, 0);
	is_rc(sk_request(fd, 1, 9, 3), 0, "unknown-neighbour-sent");
	add(t.ifindex, 9, 6);
	is_rc(sk_request(fd, 1, 9, 3), 0, "known-neighbour-sent");
}

static const struct check_case neigh_cases[] = {
	{ "adding", check_adding },
	{ "errors", check_errors },
	{ "links", check_links },
	{ "many", check_many },
	{ "extended", check_extended },
};

TOPIC(neigh, "neigh");
