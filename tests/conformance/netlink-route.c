// SPDX-License-Identifier: GPL-2.0
/* Routes: new, delete, dump; also those by way of a gateway. */
#include <unistd.h>

#include "conform.h"

static void check_add(void)
{
	const struct route_entry *e;
	struct tun t;

	tun_open(&t, "t0");
	is_rc(route_add(9, 0, t.ifindex, 0), 0, "add");
	e = find_route(9, 0);
	if (!ok(e, "dump-has-it"))
		return;
	is(e->type, RTN_UNICAST, "dump-type");
	is(e->oif, t.ifindex, "dump-link");
	is(e->table, RT_TABLE_DEFAULT, "dump-table");
	is(e->protocol, RTPROT_STATIC, "dump-protocol");
	is(e->scope, RT_SCOPE_LINK, "dump-scope");
	ok(e->has_metrics && !e->has_mtu, "dump-empty-metrics");
	ok(!e->has_gw, "dump-no-gateway");
	is_rc(route_add(20, 30, t.ifindex, 68), 0, "add-range");
	e = find_route(20, 30);
	ok(e && e->has_mtu && e->mtu == 68, "dump-mtu");
	is_rc(route_add(9, 0, t.ifindex, 0), -EEXIST, "add-twice");
	ok(!nl.extack[0], "add-twice-silent");
	is_rc(route_add(9, 0, t.ifindex, 90), -EEXIST, "add-twice-other-mtu");
	is_rc(route_add(9, 1, t.ifindex, 0), 0, "add-overlapping");
	e = find_route(9, 1);
	ok(e && e == &route_dump()->route[0], "dump-newest-first");
}

static void check_ranges(void)
{
	struct tun t;

	tun_open(&t, "t0");
	is_rc(route_add(0, 0, t.ifindex, 0), -EINVAL, "range-null");
	is_rc(route_add(7, 0, t.ifindex, 0), -EINVAL, "range-reserved");
	is_rc(route_add(7, 10, t.ifindex, 0), -EINVAL, "range-from-reserved");
	is_rc(route_add(255, 0, t.ifindex, 0), -EINVAL, "range-broadcast");
	is_rc(route_add(8, 247, t.ifindex, 0), -EINVAL, "range-to-broadcast");
	is_rc(route_add(254, 1, t.ifindex, 0), -EINVAL, "range-last-and-more");
	is_rc(route_add(9, 255, t.ifindex, 0), -EINVAL, "range-wraps");
	is(route_dump()->count, 0, "range-errors-add-nothing");
	is_rc(route_add(8, 246, t.ifindex, 0), 0, "range-all");
	is_rc(route_add(254, 0, t.ifindex, 0), 0, "range-last");
	is_rc(route_add(8, 0, t.ifindex, 0), 0, "range-first");
}

static void check_errors(void)
{
	struct tun t, tap;
	struct route_req req = { .dst = -1 };

	tun_open(&t, "t0");
	tap_open(&tap, "e0");
	req.oif = t.ifindex;
	is_rc(route_change(RTM_NEWROUTE, &req), -EINVAL, "no-destination");
	ok(nl.extack[0], "no-destination-explained");
	req.dst = 9;
	req.oif = 0;
	is_rc(route_change(RTM_NEWROUTE, &req), -EINVAL, "no-output");
	ok(nl.extack[0], "no-output-explained");
	req.oif = 999;
	is_rc(route_change(RTM_NEWROUTE, &req), -ENODEV, "no-link");
	req.oif = tap.ifindex;
	is_rc(route_change(RTM_NEWROUTE, &req), -ENODEV, "not-mctp");
	req.oif = lo_index();
	is_rc(route_change(RTM_NEWROUTE, &req), -EINVAL, "loopback");
	ok(nl.extack[0], "loopback-explained");
	req.oif = t.ifindex;
	req.type = RTN_LOCAL;
	is_rc(route_change(RTM_NEWROUTE, &req), -EINVAL, "type-local");
	req.type = RTN_BROADCAST;
	is_rc(route_change(RTM_NEWROUTE, &req), -EINVAL, "type-broadcast");
	is(route_dump()->count, 0, "errors-add-nothing");
}

struct raw_attr {
	int type, len;
};

/* NEWROUTE to 9 with one more attribute, or one inside the metrics. */
static int add_attr(int ifindex, struct raw_attr attr, int metric, bool nested)
{
	static const __u8 data[16] = { 100 };
	char buf[256];
	struct nlmsghdr *nlh = nl_start(buf, RTM_NEWROUTE, 0);
	struct rtmsg *rtm = mnl_nlmsg_put_extra_header(nlh, sizeof(*rtm));
	struct nlattr *metrics;

	rtm->rtm_family = AF_MCTP;
	rtm->rtm_type = RTN_UNICAST;
	mnl_attr_put_u32(nlh, RTA_OIF, ifindex);
	if (attr.type != RTA_DST)
		mnl_attr_put_u8(nlh, RTA_DST, 9);
	if (attr.type)
		mnl_attr_put(nlh, attr.type, attr.len, data);
	if (metric) {
		metrics = mnl_attr_nest_start(nlh, RTA_METRICS);
		if (!nested)
			metrics->nla_type &= ~NLA_F_NESTED;
		mnl_attr_put(nlh, metric, attr.len, data);
		mnl_attr_nest_end(nlh, metrics);
	}
	return nl_request(&nl, nlh, NULL, NULL);
}

static void check_attributes(void)
{
	struct tun t;

	tun_open(&t, "t0");
	is_rc(add_attr(t.ifindex, (struct raw_attr){ RTA_DST, 4 }, 0, false),
	      -EINVAL, "destination-length");
	is_rc(add_attr(t.ifindex, (struct raw_attr){ RTA_PRIORITY, 4 }, 0, false),
	      -EINVAL, "attribute-unsupported");
	is_rc(add_attr(t.ifindex, (struct raw_attr){ 60, 4 }, 0, false),
	      -EINVAL, "attribute-unknown");
	is_rc(add_attr(t.ifindex, (struct raw_attr){ 0, 4 }, RTAX_MTU, false),
	      -EINVAL, "metrics-not-nested");
	is_rc(add_attr(t.ifindex, (struct raw_attr){ 0, 2 }, RTAX_MTU, true),
	      -EINVAL, "mtu-length");
	is_rc(add_attr(t.ifindex, (struct raw_attr){ 0, 4 }, RTAX_WINDOW, true),
	      -EINVAL, "metric-unsupported");
	is(route_dump()->count, 0, "attribute-errors-add-nothing");
	is_rc(add_attr(t.ifindex, (struct raw_attr){ 0, 4 }, RTAX_MTU, true), 0,
	      "mtu");
}

static void check_nets(void)
{
	struct tun t0, t1, t2;

	tun_open(&t0, "t0");
	tun_open(&t1, "t1");
	tun_open(&t2, "t2");
	net_set(t2.ifindex, 2);
	route_add(9, 3, t0.ifindex, 0);
	is_rc(route_add(9, 3, t1.ifindex, 0), -EEXIST, "same-on-other-link");
	is_rc(route_add(9, 3, t2.ifindex, 0), 0, "same-on-other-net");
	is_rc(route_del(9, 3, t1.ifindex), 0, "del-by-other-link-of-net");
	is_rc(route_del(9, 3, t0.ifindex), -ENOENT, "del-was-the-one");
	is_rc(route_del(9, 3, t2.ifindex), 0, "del-other-net");
	addr_add(t0.ifindex, 8);
	is_rc(route_add(8, 0, t1.ifindex, 0), -EEXIST, "same-as-address");
	is_rc(route_add(8, 0, t2.ifindex, 0), 0, "same-as-address-other-net");
}

static void check_del(void)
{
	struct route_req req = { .dst = -1 };
	struct tun t;

	tun_open(&t, "t0");
	req.oif = t.ifindex;
	route_add(9, 10, t.ifindex, 68);
	is_rc(route_del(9, 9, t.ifindex), -ENOENT, "del-shorter");
	is_rc(route_del(9, 11, t.ifindex), -ENOENT, "del-longer");
	is_rc(route_del(10, 10, t.ifindex), -ENOENT, "del-shifted");
	is_rc(route_del(9, 250, t.ifindex), -EINVAL, "del-range");
	is_rc(route_del(9, 10, 999), -ENODEV, "del-no-link");
	is_rc(route_del(9, 10, 0), -EINVAL, "del-no-output");
	is_rc(route_change(RTM_DELROUTE, &req), -EINVAL, "del-no-destination");
	addr_add(t.ifindex, 8);
	is_rc(route_del(8, 0, t.ifindex), -ENOENT, "del-not-local");
	is_rc(route_del(9, 10, t.ifindex), 0, "del");
	is_rc(route_del(9, 10, t.ifindex), -ENOENT, "del-twice");
	ok(find_route(8, 0), "del-keeps-others");
}

static void change_nothing(void)
{
}

static void del_a_route(void)
{
	if (route_del(100, 0, if_nametoindex("t0")))
		die("no route deleted: %s", nl.extack);
}

static void check_dumps(void)
{
	char buf[64];
	struct nlmsghdr *nlh = nl_start(buf, RTM_GETROUTE, 0);
	struct rtmsg *rtm = mnl_nlmsg_put_extra_header(nlh, sizeof(*rtm));
	struct tun t;
	int eid;

	tun_open(&t, "t0");
	is(route_dump()->count, 0, "dump-none");
	for (eid = 8; eid < 30; eid++)
		route_add(eid, 0, t.ifindex, 0);
	is(route_dump()->count, 22, "dump-some");
	for (eid = 30; eid < 255; eid++)
		route_add(eid, 0, t.ifindex, 0);
	is(route_dump()->count, 247, "dump-many");
	/* the first dump of a socket starts with a small buffer */
	nl_close(&nl);
	nl_open(&nl);
	is(route_dump()->count, 247, "dump-many-in-parts");
	rtm->rtm_family = AF_MCTP;
	is_rc(nl_request(&nl, nlh, NULL, NULL), -EOPNOTSUPP, "get-one");
	ok(!dump_tells(RTM_GETROUTE, sizeof(*rtm), change_nothing),
	   "dump-undisturbed");
	ok(dump_tells(RTM_GETROUTE, sizeof(*rtm), del_a_route),
	   "dump-tells-of-change");
}

static int count_cb(const struct nlmsghdr *nlh, void *data)
{
	const struct rtmsg *rtm = mnl_nlmsg_get_payload(nlh);

	*(int *)data += rtm->rtm_family == AF_MCTP;
	return 0;
}

/* A dump of this family, with a header of this size; how many there were */
static int dump_header(int family, size_t size, int dst_len)
{
	char buf[64];
	struct nlmsghdr *nlh = nl_start(buf, RTM_GETROUTE, NLM_F_DUMP);
	struct rtmsg *rtm = mnl_nlmsg_put_extra_header(nlh, size);
	int count = 0, rc;

	rtm->rtm_family = family;
	if (size == sizeof(*rtm))
		rtm->rtm_dst_len = dst_len;
	rc = nl_request(&nl, nlh, count_cb, &count);
	return rc ?: count;
}

static void check_headers(void)
{
	int off = 0;
	struct tun t;

	tun_open(&t, "t0");
	route_add(9, 0, t.ifindex, 0);
	gw_add(60, 3, 1, 9);
	is(dump_header(AF_MCTP, 1, 0), 2, "dump-strict-short");
	is(dump_header(AF_MCTP, sizeof(struct rtmsg), 3), 2,
	   "dump-strict-not-filtered");
	is(dump_header(AF_UNSPEC, sizeof(struct rtmsg), 0), 2, "dump-unspec");
	mnl_socket_setsockopt(nl.sock, NETLINK_GET_STRICT_CHK, &off, sizeof(off));
	is(dump_header(AF_MCTP, 1, 0), 2, "dump-lax-short");
}

/* NEWROUTE to 9 with these flags */
static int add_flags(int ifindex, int flags)
{
	char buf[256];
	struct nlmsghdr *nlh = nl_start(buf, RTM_NEWROUTE, flags);
	struct rtmsg *rtm = mnl_nlmsg_put_extra_header(nlh, sizeof(*rtm));

	rtm->rtm_family = AF_MCTP;
	rtm->rtm_type = RTN_UNICAST;
	/* other families have a meaning for these */
	rtm->rtm_table = RT_TABLE_LOCAL;
	rtm->rtm_protocol = RTPROT_BOOT;
	rtm->rtm_scope = RT_SCOPE_HOST;
	rtm->rtm_src_len = 3;
	mnl_attr_put_u32(nlh, RTA_OIF, ifindex);
	mnl_attr_put_u8(nlh, RTA_DST, 9);
	return nl_request(&nl, nlh, NULL, NULL);
}

static void check_flags(void)
{
	const struct route_entry *e;
	struct tun t;

	tun_open(&t, "t0");
	is_rc(add_flags(t.ifindex, NLM_F_REPLACE), 0, "replace-missing");
	is_rc(add_flags(t.ifindex, NLM_F_CREATE | NLM_F_REPLACE), -EEXIST,
	      "replace");
	is_rc(add_flags(t.ifindex, NLM_F_APPEND), -EEXIST, "append");
	e = find_route(9, 0);
	ok(e && e->table == RT_TABLE_DEFAULT && e->protocol == RTPROT_STATIC &&
	   e->scope == RT_SCOPE_LINK, "header-of-dump-not-of-request");
}

static const struct check_case route_cases[] = {
	{ "add", check_add },
	{ "ranges", check_ranges },
	{ "errors", check_errors },
	{ "attributes", check_attributes },
	{ "nets", check_nets },
	{ "del", check_del },
	{ "dumps", check_dumps },
	{ "headers", check_headers },
	{ "flags", check_flags },
};

TOPIC(route, "route");

static void check_gw_netlink(void)
{
	const struct route_entry *e;
	struct route_req req = { .dst = 60, .gw = 9 };
	struct tun t;

	tun_open(&t, "t0");
	is_rc(gw_add(60, 4, 0, 9), 0, "add-without-its-route");
	e = find_route(60, 4);
	if (!ok(e, "dump-has-it"))
		return;
	ok(e->has_gw && !e->has_oif, "dump-attributes");
	is(e->gw, 9, "dump-eid");
	is(e->gw_net, 1, "dump-default-net");
	is(e->scope, RT_SCOPE_UNIVERSE, "dump-scope");
	is(e->type, RTN_UNICAST, "dump-type");
	is_rc(gw_add(60, 4, 1, 10), -EEXIST, "add-same-range");
	is_rc(route_add(60, 4, t.ifindex, 0), -EEXIST, "add-same-range-direct");
	is_rc(gw_add(60, 4, 2, 9), 0, "add-other-net");
	is_rc(gw_add(70, 0, 1, 70), 0, "add-by-itself");
	req.oif = t.ifindex;
	is_rc(route_change(RTM_NEWROUTE, &req), -EINVAL, "add-both-outputs");
	is_rc(gw_add(61, 0, 1, 5), -EINVAL, "add-reserved-gateway");
	is_rc(gw_add(61, 0, 1, 255), -EINVAL, "add-broadcast-gateway");
	is_rc(gw_add(7, 0, 1, 9), -EINVAL, "add-reserved");
	req = (struct route_req){ .dst = 60, .extent = 4, .gw = 33, .gw_net = 2 };
	is_rc(route_change(RTM_DELROUTE, &req), 0, "del-by-net");
	is_rc(route_del(60, 4, t.ifindex), 0, "del-by-link-of-net");
	is(route_dump()->count, 1, "del-both");
}

static int gw_raw(int len)
{
	static const __u8 data[16] = { 1, 0, 0, 0, 9 };
	char buf[256];
	struct nlmsghdr *nlh = nl_start(buf, RTM_NEWROUTE, 0);
	struct rtmsg *rtm = mnl_nlmsg_put_extra_header(nlh, sizeof(*rtm));

	rtm->rtm_family = AF_MCTP;
	rtm->rtm_type = RTN_UNICAST;
	mnl_attr_put_u8(nlh, RTA_DST, 60);
	mnl_attr_put(nlh, RTA_GATEWAY, len, data);
	return nl_request(&nl, nlh, NULL, NULL);
}

static void check_gw_length(void)
{
	is_rc(gw_raw(5), -ERANGE, "attribute-short");
	is_rc(gw_raw(12), -ERANGE, "attribute-long");
	is_rc(gw_raw(8), 0, "attribute");
}

/* Where a request to eid went; -EAGAIN: not there. */
static long goes_out(const struct tun *t, int fd, __u8 eid)
{
	static struct packet p;
	long rc = sk_request(fd, 1, eid, 3);

	if (rc)
		return rc;
	return tun_read(t, &p) < 0 ? -EAGAIN : p.dest;
}

static void check_gw_lookup(void)
{
	static struct packet p;
	struct bed b;

	bed_open(&b);
	gw_add(60, 4, 1, 9);
	is_rc(goes_out(&b.t, b.client, 60), 60, "first-of-range");
	is_rc(goes_out(&b.t, b.client, 64), 64, "last-of-range");
	is_rc(goes_out(&b.t, b.client, 65), -EHOSTUNREACH, "after-range");
	gw_add(70, 0, 1, 60);
	is_rc(goes_out(&b.t, b.client, 70), 70, "two-gateways");
	gw_add(80, 0, 1, 200);
	is_rc(goes_out(&b.t, b.client, 80), -EHOSTUNREACH, "missing");
	gw_add(90, 0, 1, 90);
	is_rc(goes_out(&b.t, b.client, 90), -EHOSTUNREACH, "loop-of-one");
	gw_add(91, 0, 1, 92);
	gw_add(92, 0, 1, 91);
	is_rc(goes_out(&b.t, b.client, 91), -EHOSTUNREACH, "loop-of-two");
	gw_add(93, 0, 2, 9);
	is_rc(goes_out(&b.t, b.client, 93), -EHOSTUNREACH, "other-net");
	sk_request(b.client, 1, 70, 3);
	tun_read(&b.t, &p);
	is(p.src, 8, "source");
	route_del(9, 21, b.t.ifindex);
	is_rc(goes_out(&b.t, b.client, 60), -EHOSTUNREACH, "its-route-gone");
}

static void check_gw_source(void)
{
	struct tun t;
	int fd = msock_open();

	tun_open(&t, "t0");
	route_add(9, 0, t.ifindex, 0);
	gw_add(60, 0, 1, 9);
	is_rc(goes_out(&t, fd, 9), 9, "direct-without-source");
	is_rc(goes_out(&t, fd, 60), -EHOSTUNREACH, "needs-source");
	addr_add(t.ifindex, 8);
	is_rc(goes_out(&t, fd, 60), 60, "has-source");
}

/* The smallest MTU on the way counts; these have no metric for one. */
static int gw_mtu_add(int eid, int gw, __u32 mtu)
{
	struct route_req req = { .dst = eid, .gw = gw, .gw_net = 1, .mtu = mtu };

	return route_change(RTM_NEWROUTE, &req);
}

static void check_gw_mtu(void)
{
	static struct packet p;
	struct bed b;

	bed_open(&b);
	route_add(100, 0, b.t.ifindex, 100);
	gw_mtu_add(60, 100, 0);
	gw_mtu_add(61, 100, 80);
	gw_mtu_add(62, 61, 90);
	gw_mtu_add(63, 9, 70);
	sk_request(b.client, 1, 60, 300);
	is(tun_read(&b.t, &p), 100, "mtu-of-link-route");
	while (!tun_silent(&b.t))
		;
	sk_request(b.client, 1, 61, 300);
	is(tun_read(&b.t, &p), 80, "mtu-of-gateway");
	while (!tun_silent(&b.t))
		;
	sk_request(b.client, 1, 62, 300);
	is(tun_read(&b.t, &p), 80, "mtu-smallest");
	while (!tun_silent(&b.t))
		;
	sk_request(b.client, 1, 63, 300);
	is(tun_read(&b.t, &p), 70, "mtu-of-gateway-alone");
}

static const struct check_case gateway_cases[] = {
	{ "netlink", check_gw_netlink },
	{ "length", check_gw_length },
	{ "lookup", check_gw_lookup },
	{ "source", check_gw_source },
	{ "mtu", check_gw_mtu },
};

TOPIC(gateway, "gateway");
