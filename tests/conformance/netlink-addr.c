// SPDX-License-Identifier: GPL-2.0
/* Local endpoint IDs: new, delete, dump, notifications. */
#include <sys/socket.h>
#include <unistd.h>

#include "conform.h"

#ifndef NETLINK_GET_STRICT_CHK
#define NETLINK_GET_STRICT_CHK 12
#endif

static void check_add(void)
{
	const struct dump *d;
	struct tun t;

	tun_open(&t, "t0");
	is(addr_dump(0)->count, 0, "none-at-first");
	is_rc(addr_add(t.ifindex, 8), 0, "add");
	is_rc(addr_add(t.ifindex, 8), -EEXIST, "add-twice");
	is_rc(addr_add(t.ifindex, 254), 0, "add-last");
	d = addr_dump(0);
	is(d->count, 2, "dump-count");
	is(d->addr[0].local, 8, "dump-local");
	is(d->addr[0].address, 8, "dump-address");
	is(d->addr[0].ifindex, t.ifindex, "dump-link");
	is(d->addr[0].prefixlen, 0, "dump-prefix");
	is(d->addr[1].local, 254, "dump-order");
	is_rc(addr_add(lo_index(), 20), 0, "add-lo");
	ok(has_addr(lo_index(), 20), "add-lo-shown");
}

static void check_add_errors(void)
{
	struct tun t, tap;

	tun_open(&t, "t0");
	tap_open(&tap, "e0");
	is_rc(addr_add(t.ifindex, 0), -EINVAL, "add-null");
	is_rc(addr_add(t.ifindex, 1), -EINVAL, "add-reserved-first");
	is_rc(addr_add(t.ifindex, 7), -EINVAL, "add-reserved-last");
	is_rc(addr_add(t.ifindex, 255), -EINVAL, "add-broadcast");
	is_rc(addr_add(999, 8), -ENODEV, "add-no-link");
	is_rc(addr_add(0, 8), -ENODEV, "add-link-zero");
	is_rc(addr_add(tap.ifindex, 8), -ENODEV, "add-not-mctp");
	is(addr_dump(0)->count, 0, "add-errors-add-nothing");
	is(route_dump()->count, 0, "add-errors-route-nothing");
}

/* NEWADDR with these attributes; a length of 0 leaves one out. */
static int add_attrs(int ifindex, int local, int local_len, int address,
		     int address_len, int extra)
{
	char buf[256];
	struct nlmsghdr *nlh = nl_start(buf, RTM_NEWADDR, 0);
	struct ifaddrmsg *ifa = mnl_nlmsg_put_extra_header(nlh, sizeof(*ifa));

	ifa->ifa_family = AF_MCTP;
	ifa->ifa_index = ifindex;
	if (local_len)
		mnl_attr_put(nlh, IFA_LOCAL, local_len, &local);
	if (address_len)
		mnl_attr_put(nlh, IFA_ADDRESS, address_len, &address);
	if (extra)
		mnl_attr_put_u32(nlh, extra, 0);
	return nl_request(&nl, nlh, NULL, NULL);
}

static void check_attributes(void)
{
	char buf[64];
	struct nlmsghdr *nlh = nl_start(buf, RTM_NEWADDR, 0);
	struct rtgenmsg *gen = mnl_nlmsg_put_extra_header(nlh, sizeof(*gen));
	struct tun t;

	tun_open(&t, "t0");
	is_rc(add_attrs(t.ifindex, 0, 0, 0, 0, 0), -EINVAL, "no-attribute");
	is_rc(add_attrs(t.ifindex, 8, 4, 0, 0, 0), -EINVAL, "local-length");
	is_rc(add_attrs(t.ifindex, 0, 0, 8, 4, 0), -EINVAL, "address-length");
	is_rc(add_attrs(t.ifindex, 8, 1, 0, 0, IFA_FLAGS), -EINVAL,
	      "attribute-unsupported");
	is_rc(add_attrs(t.ifindex, 8, 1, 0, 0, 60), -EINVAL,
	      "attribute-unknown");
	is_rc(add_attrs(t.ifindex, 0, 0, 8, 1, 0), 0, "address-alone");
	ok(has_addr(t.ifindex, 8), "address-alone-shown");
	is_rc(add_attrs(t.ifindex, 9, 1, 10, 1, 0), 0, "both");
	ok(has_addr(t.ifindex, 9) && !has_addr(t.ifindex, 10),
	   "both-takes-local");
	gen->rtgen_family = AF_MCTP;
	is_rc(nl_request(&nl, nlh, NULL, NULL), -EINVAL, "header-short");
}

static void check_del(void)
{
	struct tun t, tap;
	const struct dump *d;

	tun_open(&t, "t0");
	tap_open(&tap, "e0");
	addr_add(t.ifindex, 8);
	addr_add(t.ifindex, 9);
	addr_add(t.ifindex, 10);
	is_rc(addr_del(t.ifindex, 11), -ENOENT, "del-missing");
	is_rc(addr_del(lo_index(), 8), -ENOENT, "del-other-link");
	is_rc(addr_del(999, 8), -ENODEV, "del-no-link");
	is_rc(addr_del(tap.ifindex, 8), -ENODEV, "del-not-mctp");
	is_rc(addr_del(t.ifindex, 9), 0, "del");
	d = addr_dump(0);
	ok(d->count == 2 && d->addr[0].local == 8 && d->addr[1].local == 10,
	   "del-keeps-others");
	is_rc(addr_del(t.ifindex, 9), -ENOENT, "del-twice");
	is_rc(addr_del(t.ifindex, 8), 0, "del-first");
	is_rc(addr_del(t.ifindex, 10), 0, "del-last");
	is(addr_dump(0)->count, 0, "del-all");
	is_rc(addr_add(t.ifindex, 9), 0, "add-after-del");
}

static void check_local_route(void)
{
	const struct route_entry *e;
	struct tun t;

	tun_open(&t, "t0");
	addr_add(t.ifindex, 8);
	e = find_route(8, 0);
	if (ok(e, "local-route")) {
		is(e->type, RTN_LOCAL, "local-route-type");
		is(e->oif, t.ifindex, "local-route-link");
	}
	addr_del(t.ifindex, 8);
	ok(!find_route(8, 0), "local-route-goes");
}

/* One EID on two links: on one network, and on two. */
static void check_shared(void)
{
	struct tun t[3];
	int i;

	for (i = 0; i < 3; i++) {
		char name[] = { 't', '0' + i, '\0' };

		tun_open(&t[i], name);
	}
	net_set(t[2].ifindex, 2);
	addr_add(t[0].ifindex, 8);
	is_rc(addr_add(t[1].ifindex, 8), 0, "second-link");
	is(route_dump()->count, 1, "second-link-one-route");
	is_rc(addr_add(t[2].ifindex, 8), 0, "second-net");
	is(route_dump()->count, 2, "second-net-own-route");
	is_rc(addr_del(t[1].ifindex, 8), 0, "second-link-del");
	ok(has_addr(t[0].ifindex, 8), "second-link-del-keeps-first");
	is(route_dump()->count, 1, "second-link-del-drops-route");
	is_rc(addr_del(t[0].ifindex, 8), 0, "first-link-del-without-route");
	is(route_dump()->count, 1, "second-net-keeps-route");
}

/* Does the server get what the peer behind t sends to 8? */
static bool receives(const struct tun *t, int server)
{
	static unsigned int salt;

	inject(t, 8, 9, SOM | EOM | TO, ++salt, 0, 10);
	return !sk_silent(server) && sk_got(server, salt, 10);
}

/* Of two links with the EID 8, one loses it, changes its network, or goes. */
static void check_taken_over(void)
{
	int server = sk_server(TYPE);
	struct tun t0, t1;

	tun_open(&t0, "t0");
	tun_open(&t1, "t1");
	addr_add(t0.ifindex, 8);
	addr_add(t1.ifindex, 8);
	ok(receives(&t1, server), "second-link-receives");
	addr_del(t0.ifindex, 8);
	ok(receives(&t1, server), "first-link-del-second-receives");
	addr_del(t1.ifindex, 8);
	addr_add(t0.ifindex, 8);
	addr_add(t1.ifindex, 8);
	net_set(t1.ifindex, 2);
	ok(receives(&t1, server), "second-link-moves-and-receives");
	net_set(t1.ifindex, 1);
	tun_close(&t0);
	ok(receives(&t1, server), "first-link-gone-second-receives");
	addr_del(t1.ifindex, 8);
	ok(!receives(&t1, server), "no-link-has-it");
	is(route_dump()->count, 0, "no-link-has-it-no-route");
}

/* A route for just that EID kept the link from receiving. */
static void check_route_gone(void)
{
	int server = sk_server(TYPE);
	struct tun t0, t1;

	tun_open(&t0, "t0");
	tun_open(&t1, "t1");
	route_add(8, 0, t0.ifindex, 0);
	is_rc(addr_add(t1.ifindex, 8), 0, "new-below-route");
	ok(!receives(&t1, server), "route-receives");
	route_del(8, 0, t0.ifindex);
	ok(receives(&t1, server), "route-gone-link-receives");
	addr_del(t1.ifindex, 8);
	route_add(8, 0, t0.ifindex, 0);
	addr_add(t1.ifindex, 8);
	tun_close(&t0);
	ok(receives(&t1, server), "route-gone-with-its-link-receives");
}

static void check_filter(void)
{
	struct tun t;
	const struct dump *d;

	tun_open(&t, "t0");
	addr_add(t.ifindex, 8);
	addr_add(lo_index(), 9);
	is(addr_dump(0)->count, 2, "dump-all");
	d = addr_dump(t.ifindex);
	ok(d->count == 1 && d->addr[0].local == 8, "dump-one-link");
	d = addr_dump(999);
	is_rc(d->rc, 0, "dump-no-link");
	is(d->count, 0, "dump-no-link-empty");
}

static int count_cb(const struct nlmsghdr *nlh, void *data)
{
	struct addr_entry e;

	if (addr_parse(nlh, &e))
		++*(int *)data;
	return 0;
}

/* A dump request with a header of this size and family. */
static int dump_header(int family, size_t size, int *count)
{
	char buf[64];
	struct nlmsghdr *nlh = nl_start(buf, RTM_GETADDR, NLM_F_DUMP);
	struct rtgenmsg *gen = mnl_nlmsg_put_extra_header(nlh, size);

	gen->rtgen_family = family;
	*count = 0;
	return nl_request(&nl, nlh, count_cb, count);
}

static void check_headers(void)
{
	char buf[64];
	struct nlmsghdr *nlh = nl_start(buf, RTM_GETADDR, 0);
	struct ifaddrmsg *ifa = mnl_nlmsg_put_extra_header(nlh, sizeof(*ifa));
	int count, off = 0;
	struct tun t;

	tun_open(&t, "t0");
	addr_add(t.ifindex, 8);
	addr_add(lo_index(), 9);
	is_rc(dump_header(AF_MCTP, 1, &count), -EINVAL, "dump-strict-short");
	is(count, 0, "dump-strict-short-empty");
	is_rc(dump_header(AF_UNSPEC, sizeof(*ifa), &count), 0, "dump-unspec");
	is(count, 2, "dump-unspec-has-them");
	mnl_socket_setsockopt(nl.sock, NETLINK_GET_STRICT_CHK, &off, sizeof(off));
	is_rc(dump_header(AF_MCTP, 1, &count), 0, "dump-lax-short");
	is(count, 2, "dump-lax-short-has-all");
	ifa->ifa_family = AF_MCTP;
	ifa->ifa_index = t.ifindex;
	is_rc(nl_request(&nl, nlh, NULL, NULL), -EOPNOTSUPP, "get-one");
}

static void del_an_addr(void)
{
	if (addr_del(lo_index(), 254))
		die("no address deleted: %s", nl.extack);
}

/* More than one buffer of netlink. */
static void check_many(void)
{
	const struct dump *d;
	int eid, good = 0;
	struct tun t;
	size_t i;

	tun_open(&t, "t0");
	for (eid = 8; eid < 255; eid++)
		good += !addr_add(t.ifindex, eid);
	for (eid = 8; eid < 255; eid++)
		good += !addr_add(lo_index(), eid);
	is(good, 494, "add-many");
	d = addr_dump(0);
	is(d->count, 494, "dump-many");
	for (i = 0, good = 0; i < d->count; i++)
		good += d->addr[i].local == 8 + i % 247;
	is(good, 494, "dump-many-order");
	ok(dump_tells(RTM_GETADDR, sizeof(struct ifaddrmsg), del_an_addr),
	   "dump-tells-of-change");
	for (eid = 254, good = 0; eid >= 8; eid--)
		good += !addr_del(t.ifindex, eid);
	is(good, 247, "del-many");
}

struct event {
	int type, count;
	__u32 portid, seq;
	__u16 flags;
	struct addr_entry addr;
};

static int event_cb(const struct nlmsghdr *nlh, void *data)
{
	struct event *e = data;

	e->type = nlh->nlmsg_type;
	e->portid = nlh->nlmsg_pid;
	e->seq = nlh->nlmsg_seq;
	e->flags = nlh->nlmsg_flags;
	if (addr_parse(nlh, &e->addr))
		e->count++;
	return 0;
}

static struct event next_event(struct nl *monitor)
{
	struct event e = { 0 };

	if (wait_readable(nl_fd(monitor), now_us() + 100000))
		nl_events(monitor, event_cb, &e);
	return e;
}

static void check_notifications(void)
{
	static struct nl monitor;
	struct event e;
	struct tun t;

	tun_open(&t, "t0");
	nl_open(&monitor);
	is_rc(nl_join(&monitor, 34), 0, "group-34");
	addr_add(t.ifindex, 8);
	e = next_event(&monitor);
	is(e.type, RTM_NEWADDR, "notify-new");
	ok(e.addr.local == 8 && e.addr.address == 8, "notify-new-eid");
	is(e.addr.ifindex, t.ifindex, "notify-new-link");
	addr_add(t.ifindex, 8);
	addr_add(t.ifindex, 3);
	addr_del(t.ifindex, 9);
	is(next_event(&monitor).count, 0, "notify-no-errors");
	addr_del(t.ifindex, 8);
	e = next_event(&monitor);
	is(e.type, RTM_DELADDR, "notify-del");
	is(e.addr.local, 8, "notify-del-eid");
	addr_add(t.ifindex, 9);
	next_event(&monitor);
	tun_close(&t);
	is(next_event(&monitor).count, 0, "notify-not-on-removal");
}

/* NEWADDR with these flags; what the request itself is told goes to *e. */
static int add_flags(int ifindex, int eid, int flags, struct event *e)
{
	char buf[256];
	struct nlmsghdr *nlh = nl_start(buf, RTM_NEWADDR, flags);
	struct ifaddrmsg *ifa = mnl_nlmsg_put_extra_header(nlh, sizeof(*ifa));

	ifa->ifa_family = AF_MCTP;
	ifa->ifa_index = ifindex;
	/* those of IP addresses, which mean nothing here */
	ifa->ifa_prefixlen = 24;
	ifa->ifa_flags = IFA_F_SECONDARY;
	ifa->ifa_scope = RT_SCOPE_LINK;
	mnl_attr_put_u8(nlh, IFA_LOCAL, eid);
	*e = (struct event){ 0 };
	return nl_request(&nl, nlh, event_cb, e);
}

static void check_flags(void)
{
	static struct nl monitor;
	struct event e;
	struct tun t;

	tun_open(&t, "t0");
	nl_open(&monitor);
	nl_join(&monitor, RTNLGRP_MCTP_IFADDR);
	is_rc(add_flags(t.ifindex, 8, NLM_F_ECHO, &e), 0, "echo");
	is(e.count, 1, "echo-once");
	is(e.addr.local, 8, "echo-eid");
	is(e.portid, mnl_socket_get_portid(nl.sock), "echo-portid");
	e = next_event(&monitor);
	is(e.portid, mnl_socket_get_portid(nl.sock), "notify-portid");
	is(e.seq, nl.seq, "notify-seq");
	is(e.flags, 0, "notify-flags");
	is(e.addr.prefixlen, 0, "notify-prefix");
	is_rc(add_flags(t.ifindex, 9, 0, &e), 0, "no-echo");
	is(e.count, 0, "no-echo-not-told");
	is_rc(add_flags(t.ifindex, 8, NLM_F_REPLACE, &e), -EEXIST, "replace");
	is_rc(add_flags(t.ifindex, 8, NLM_F_CREATE | NLM_F_APPEND, &e), -EEXIST,
	      "append");
	is_rc(add_flags(t.ifindex, 10, NLM_F_REPLACE, &e), 0, "replace-missing");
}

static const struct check_case addr_cases[] = {
	{ "add", check_add },
	{ "add-errors", check_add_errors },
	{ "attributes", check_attributes },
	{ "del", check_del },
	{ "local-route", check_local_route },
	{ "shared", check_shared },
	{ "taken-over", check_taken_over },
	{ "route-gone", check_route_gone },
	{ "filter", check_filter },
	{ "headers", check_headers },
	{ "many", check_many },
	{ "notifications", check_notifications },
	{ "flags", check_flags },
};

TOPIC(addr, "addr");
