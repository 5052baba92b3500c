// SPDX-License-Identifier: GPL-2.0
/* Links: which are MCTP links, what netlink says of them, their network. */
#include <net/if.h>
#include <unistd.h>

#include "conform.h"

static int phys_binding(const char *name)
{
	struct link link;

	link_need(&nl, name, &link);
	return link.phys_binding;
}

static void check_known(void)
{
	struct tun t, tap;

	tun_open(&t, "t0");
	tap_open(&tap, "e0");
	is(net_of("lo"), 1, "lo");
	is(net_of("t0"), 1, "tun");
	is(net_of("e0"), UINT32_MAX, "not-ethernet");
	is(phys_binding("t0"), 0, "binding-unspecified");
	tun_close(&t);
	is(if_nametoindex("t0"), 0, "removed");
}

struct seen {
	int with, without;
};

static int seen_cb(const struct nlmsghdr *nlh, void *data)
{
	struct seen *seen = data;
	struct link link;

	if (link_parse(nlh, &link))
		return -EPROTO;
	if (link.mctp)
		seen->with++;
	else
		seen->without++;
	return 0;
}

static void check_dump(void)
{
	char buf[128];
	struct nlmsghdr *nlh = nl_start(buf, RTM_GETLINK, NLM_F_DUMP);
	struct ifinfomsg *ifi = mnl_nlmsg_put_extra_header(nlh, sizeof(*ifi));
	struct seen seen = { 0 };
	struct tun t;

	tun_open(&t, "t0");
	ifi->ifi_family = AF_MCTP;
	is_rc(nl_request(&nl, nlh, seen_cb, &seen), 0, "dump-own-family");
	is(seen.with, 2, "dump-own-family-links");
}

/* Set attribute type of AF_MCTP in AF_SPEC, with or without the nest bit. */
static int set_attr(int ifindex, int type, const void *data, int len, bool nested)
{
	char buf[256];
	struct nlmsghdr *nlh = nl_start(buf, RTM_NEWLINK, 0);
	struct ifinfomsg *ifi = mnl_nlmsg_put_extra_header(nlh, sizeof(*ifi));
	struct nlattr *spec, *mctp;

	ifi->ifi_index = ifindex;
	spec = mnl_attr_nest_start(nlh, IFLA_AF_SPEC);
	mctp = mnl_attr_nest_start(nlh, AF_MCTP);
	if (!nested)
		mctp->nla_type &= ~NLA_F_NESTED;
	if (type)
		mnl_attr_put(nlh, type, len, data);
	mnl_attr_nest_end(nlh, mctp);
	mnl_attr_nest_end(nlh, spec);
	return nl_request(&nl, nlh, NULL, NULL);
}

static void check_set_values(void)
{
	__u32 zero = 0, max = UINT32_MAX - 1;
	struct tun t, tap;

	tun_open(&t, "t0");
	tap_open(&tap, "e0");
	is_rc(net_set(t.ifindex, 7), 0, "set-net");
	is(net_of("t0"), 7, "set-net-shown");
	is(net_of("lo"), 1, "set-net-of-one");
	is_rc(set_attr(t.ifindex, 0, NULL, 0, true), 0, "set-nothing");
	is(net_of("t0"), 7, "set-nothing-changes-nothing");
	is_rc(set_attr(t.ifindex, IFLA_MCTP_NET, &max, 4, true), 0, "set-net-big");
	is(net_of("t0"), UINT32_MAX - 1, "set-net-big-shown");
	is_rc(set_attr(t.ifindex, IFLA_MCTP_NET, &zero, 4, true), 0,
	      "set-net-zero");
	is(net_of("t0"), 0, "set-net-zero-shown");
	is_rc(net_set(tap.ifindex, 7), 0, "set-net-of-other-link");
	is(net_of("e0"), UINT32_MAX, "set-net-of-other-link-ignored");
	is_rc(net_set(lo_index(), 3), 0, "set-net-lo");
	is(net_of("lo"), 3, "set-net-lo-shown");
}

static void check_set_errors(void)
{
	__u64 value = 9;
	struct tun t;

	tun_open(&t, "t0");
	is_rc(set_attr(t.ifindex, IFLA_MCTP_NET, &value, 1, true), -EINVAL,
	      "set-net-short");
	is_rc(set_attr(t.ifindex, IFLA_MCTP_NET, &value, 8, true), -EINVAL,
	      "set-net-long");
	is_rc(set_attr(t.ifindex, IFLA_MCTP_NET, &value, 4, false), -EINVAL,
	      "set-net-not-nested");
	is_rc(set_attr(t.ifindex, LINK_MCTP_PHYS_BINDING, &value, 1, true),
	      -EINVAL, "set-binding");
	is_rc(set_attr(t.ifindex, 9, &value, 4, true), -EINVAL, "set-unknown");
	is(net_of("t0"), 1, "set-errors-change-nothing");
}

struct wanted_link {
	int index;
	__u32 net;
	bool seen;
};

static int notify_cb(const struct nlmsghdr *nlh, void *data)
{
	struct wanted_link *w = data;
	struct link link;

	if (!link_parse(nlh, &link) && link.index == w->index &&
	    link.mctp && link.net == w->net)
		w->seen = true;
	return 0;
}

static void check_notified(void)
{
	struct wanted_link w = { .net = 12 };
	static struct nl monitor;
	struct tun t;

	tun_open(&t, "t0");
	w.index = t.ifindex;
	nl_open(&monitor);
	nl_join(&monitor, RTNLGRP_LINK);
	net_set(t.ifindex, 12);
	while (!w.seen && wait_readable(nl_fd(&monitor), now_us() + 1000000))
		nl_events(&monitor, notify_cb, &w);
	ok(w.seen, "set-net-notifies");
}

/* Addresses and routes go with the network of their link. */
static void check_net_change(void)
{
	struct bed b;

	bed_open(&b);
	net_set(b.t.ifindex, 5);
	ok(has_addr(b.t.ifindex, 8), "net-change-keeps-address");
	ok(find_route(9, 21), "net-change-keeps-route");
	is_rc(sk_request(b.client, 1, 9, 3), -EHOSTUNREACH, "net-change-old-net");
	is_rc(sk_request(b.client, 5, 9, 3), 0, "net-change-new-net");
	is_rc(sk_request(b.client, 5, 8, 3), 0, "net-change-new-net-local");
	ok(sk_got(b.server, 0, 4), "net-change-delivers");
}

static void check_down_and_up(void)
{
	struct bed b;

	bed_open(&b);
	net_set(b.t.ifindex, 5);
	link_up(b.t.ifindex, false);
	link_up(b.t.ifindex, true);
	is(net_of("t0"), 5, "down-up-keeps-net");
	ok(has_addr(b.t.ifindex, 8), "down-up-keeps-address");
	ok(find_route(9, 21), "down-up-keeps-route");
}

static void check_removal(void)
{
	struct bed b;

	bed_open(&b);
	gw_add(60, 0, 1, 9);
	tun_close(&b.t);
	is(addr_dump(0)->count, 0, "removal-drops-addresses");
	is(route_dump()->count, 1, "removal-drops-routes");
	ok(find_route(60, 0), "removal-keeps-gateway-routes");
	is_rc(sk_request(b.client, 1, 9, 3), -EHOSTUNREACH, "removal-unroutes");
	tun_open(&b.t, "t0");
	is(net_of("t0"), 1, "new-link-default-net");
}

static const struct check_case link_cases[] = {
	{ "known", check_known },
	{ "dump", check_dump },
	{ "set-values", check_set_values },
	{ "set-errors", check_set_errors },
	{ "notified", check_notified },
	{ "net-change", check_net_change },
	{ "down-and-up", check_down_and_up },
	{ "removal", check_removal },
};

TOPIC(link, "link");
