// SPDX-License-Identifier: GPL-2.0
/* Network namespaces: what they share (nothing), moves of links, their end. */
#include <fcntl.h>
#include <net/if.h>
#include <sched.h>
#include <sys/socket.h>
#include <unistd.h>

#include "conform.h"

static int ns_now(void)
{
	int fd = open("/proc/self/ns/net", O_RDONLY | O_CLOEXEC);

	if (fd < 0)
		die("/proc/self/ns/net: %s", strerror(errno));
	return fd;
}

/* Sockets stay where they are, so a new netlink socket is due. */
static void ns_enter(int fd)
{
	if (setns(fd, CLONE_NEWNET))
		die("setns: %s", strerror(errno));
	nl_close(&nl);
	nl_open(&nl);
}

/* Another namespace; in it from here on. */
static int ns_new(void)
{
	if (unshare(CLONE_NEWNET))
		die("unshare: %s", strerror(errno));
	nl_close(&nl);
	nl_open(&nl);
	return ns_now();
}

static void check_fresh(void)
{
	is(net_of("lo"), 1, "new-lo");
	is(addr_dump(0)->count, 0, "new-no-addresses");
	is(route_dump()->count, 0, "new-no-routes");
	is(neigh_dump(0)->count, 0, "new-no-neighbours");
}

static void check_isolation(void)
{
	int first = ns_now(), second, client2;
	struct bed b;

	bed_open(&b);
	neigh_change(RTM_NEWNEIGH, lo_index(), 9, "123456", 6);
	net_set(lo_index(), 4);
	second = ns_new();
	client2 = msock_open();
	is(addr_dump(0)->count, 0, "addresses-not-shared");
	is(route_dump()->count, 0, "routes-not-shared");
	is(neigh_dump(0)->count, 0, "neighbours-not-shared");
	is(net_of("lo"), 1, "link-net-not-shared");
	is_rc(sk_request(client2, 1, 8, 3), -EHOSTUNREACH, "no-way-out");
	is_rc(sk_bind(msock_open(), 0, ANY, TYPE), 0, "same-bind");
	addr_add(lo_index(), 8);
	is_rc(sk_request(client2, 1, 8, 3), 0, "same-eid");
	ok(sk_silent(b.server), "same-eid-stays-inside");
	is_rc(sk_request(b.client, 1, 9, 3), 0, "socket-keeps-namespace");
	ns_enter(first);
	is(addr_dump(0)->count, 1, "first-unchanged");
	is_rc(sk_request(client2, 1, 9, 3), -EHOSTUNREACH,
	      "socket-keeps-other-namespace");
	close(second);
}

static void check_tags(void)
{
	int client2, i;
	struct tun t2;
	struct bed b;

	bed_open(&b);
	for (i = 0; i < 8; i++)
		sk_request(b.client, 1, 9, 3);
	ns_new();
	client2 = msock_open();
	tun_open(&t2, "t0");
	addr_add(t2.ifindex, 8);
	route_add(9, 0, t2.ifindex, 0);
	is_rc(sk_request(b.client, 1, 9, 3), -EBUSY, "tags-used-up-here");
	is_rc(sk_request(client2, 1, 9, 3), 0, "tags-not-shared");
	inject(&b.t, 8, 9, SOM | EOM, 1, 0, 10);
	ok(sk_silent(client2), "response-stays-inside");
	ok(sk_got(b.client, 1, 10), "response-arrives");
}

static void check_move(void)
{
	int first = ns_now(), second, server2;
	struct bed b;

	bed_open(&b);
	neigh_change(RTM_NEWNEIGH, b.t.ifindex, 9, "", 0);
	net_set(b.t.ifindex, 5);
	second = ns_new();
	server2 = sk_server(TYPE);
	ns_enter(first);
	is_rc(link_move(b.t.ifindex, second), 0, "move");
	is(addr_dump(0)->count, 0, "move-drops-addresses");
	is(route_dump()->count, 0, "move-drops-routes");
	is(neigh_dump(0)->count, 0, "move-drops-neighbours");
	is_rc(sk_request(b.client, 5, 9, 3), -EHOSTUNREACH, "move-unroutes");
	ns_enter(second);
	is(net_of("t0"), 1, "moved-default-net");
	is(addr_dump(0)->count, 0, "moved-no-addresses");
	is(route_dump()->count, 0, "moved-no-routes");
	b.t.ifindex = if_nametoindex("t0");
	link_up(b.t.ifindex, true);
	is_rc(addr_add(b.t.ifindex, 8), 0, "moved-takes-address");
	inject(&b.t, 8, 9, SOM | EOM | TO, 0, 0, 10);
	ok(sk_got(server2, 0, 10), "moved-delivers");
	ok(sk_silent(b.server), "moved-not-to-old-place");
	is_rc(link_move(b.t.ifindex, first), 0, "move-back");
	ns_enter(first);
	is(net_of("t0"), 1, "back-default-net");
	is(addr_dump(0)->count, 0, "back-no-addresses");
}

static int event_cb(const struct nlmsghdr *nlh, void *data)
{
	++*(int *)data;
	return 0;
}

static void check_notifications(void)
{
	static struct nl monitor;
	int events = 0;

	nl_open(&monitor);
	nl_join(&monitor, RTNLGRP_MCTP_IFADDR);
	ns_new();
	addr_add(lo_index(), 8);
	if (wait_readable(nl_fd(&monitor), now_us() + 50000))
		nl_events(&monitor, event_cb, &events);
	is(events, 0, "notifications-stay-inside");
}

/* Leaves all there can be behind in a namespace and ends. */
static int leave_behind(void *arg)
{
	int *result = arg;
	struct bed b;
	__u8 tag;
	int i;

	ns_new();
	bed_open(&b);
	gw_add(60, 3, 1, 9);
	neigh_change(RTM_NEWNEIGH, lo_index(), 9, "123456", 6);
	addr_add(lo_index(), 30);
	msock_alloc_tag(b.client, 9, &tag);
	for (i = 0; i < 5; i++)
		sk_request(b.client, 1, 9, 3000);
	inject(&b.t, 8, 9, SOM | TO, 0, 0, 64);
	inject(&b.t, 8, 10, SOM | EOM | TO, 0, 0, 64);
	*result = 0;
	return 0;
}

static void check_teardown(void)
{
	struct bed b;
	int i, rc = 0, result;

	for (i = 0; i < 10; i++)
		rc += in_child(leave_behind, &result);
	is(rc, 0, "teardown-ten");
	bed_open(&b);
	inject(&b.t, 8, 9, SOM | EOM | TO, 1, 0, 10);
	ok(sk_got(b.server, 1, 10), "works-after-teardown");
}

static const struct check_case netns_cases[] = {
	{ "fresh", check_fresh },
	{ "isolation", check_isolation },
	{ "tags", check_tags },
	{ "move", check_move },
	{ "notifications", check_notifications },
	{ "teardown", check_teardown },
};

TOPIC(netns, "netns");
