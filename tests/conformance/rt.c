// SPDX-License-Identifier: GPL-2.0
/* Netlink requests of the suite. */
#include <net/if.h>
#include <linux/neighbour.h>

#include "conform.h"

struct nl nl;

static struct dump dumped;

int addr_change(__u16 cmd, int ifindex, int eid)
{
	char buf[256];
	struct nlmsghdr *nlh = nl_start(buf, cmd, 0);
	struct ifaddrmsg *ifa = mnl_nlmsg_put_extra_header(nlh, sizeof(*ifa));

	ifa->ifa_family = AF_MCTP;
	ifa->ifa_index = ifindex;
	mnl_attr_put_u8(nlh, IFA_LOCAL, eid);
	return nl_request(&nl, nlh, NULL, NULL);
}

int addr_add(int ifindex, int eid)
{
	return addr_change(RTM_NEWADDR, ifindex, eid);
}

int addr_del(int ifindex, int eid)
{
	return addr_change(RTM_DELADDR, ifindex, eid);
}

int route_change(__u16 cmd, const struct route_req *req)
{
	struct route_fq_addr gw = { .net = req->gw_net, .eid = req->gw };
	char buf[256];
	struct nlmsghdr *nlh = nl_start(buf, cmd, 0);
	struct rtmsg *rtm = mnl_nlmsg_put_extra_header(nlh, sizeof(*rtm));
	struct nlattr *metrics;

	rtm->rtm_family = AF_MCTP;
	rtm->rtm_type = req->type ?: RTN_UNICAST;
	rtm->rtm_dst_len = req->extent;
	if (req->dst >= 0)
		mnl_attr_put_u8(nlh, RTA_DST, req->dst);
	if (req->oif)
		mnl_attr_put_u32(nlh, RTA_OIF, req->oif);
	if (req->gw)
		mnl_attr_put(nlh, RTA_GATEWAY, sizeof(gw), &gw);
	if (req->mtu) {
		metrics = mnl_attr_nest_start(nlh, RTA_METRICS);
		mnl_attr_put_u32(nlh, RTAX_MTU, req->mtu);
		mnl_attr_nest_end(nlh, metrics);
	}
	return nl_request(&nl, nlh, NULL, NULL);
}

int route_add(int eid, unsigned int extent, int ifindex, __u32 mtu)
{
	struct route_req req = {
		.dst = eid, .extent = extent, .oif = ifindex, .mtu = mtu,
	};

	return route_change(RTM_NEWROUTE, &req);
}

int route_del(int eid, unsigned int extent, int ifindex)
{
	struct route_req req = { .dst = eid, .extent = extent, .oif = ifindex };

	return route_change(RTM_DELROUTE, &req);
}

int gw_add(int eid, unsigned int extent, __u32 gw_net, int gw)
{
	struct route_req req = {
		.dst = eid, .extent = extent, .gw = gw, .gw_net = gw_net,
	};

	return route_change(RTM_NEWROUTE, &req);
}

/* len -1 leaves the link-layer address out, eid -1 the EID. */
int neigh_change(__u16 cmd, int ifindex, int eid, const void *lladdr, int len)
{
	char buf[256];
	struct nlmsghdr *nlh = nl_start(buf, cmd, 0);
	struct ndmsg *ndm = mnl_nlmsg_put_extra_header(nlh, sizeof(*ndm));

	ndm->ndm_family = AF_MCTP;
	ndm->ndm_ifindex = ifindex;
	if (eid >= 0)
		mnl_attr_put_u8(nlh, NDA_DST, eid);
	if (len >= 0)
		mnl_attr_put(nlh, NDA_LLADDR, len, lladdr);
	return nl_request(&nl, nlh, NULL, NULL);
}

int net_set(int ifindex, __u32 net)
{
	struct link_change change = { .net = net };

	return link_change(&nl, ifindex, &change);
}

int link_up(int ifindex, bool up)
{
	struct link_change change = { .up_or_down = up ? "up" : "down" };

	return link_change(&nl, ifindex, &change);
}

int mtu_set(int ifindex, __u32 mtu)
{
	struct link_change change = { .mtu = mtu };

	return link_change(&nl, ifindex, &change);
}

int link_move(int ifindex, int netns_fd)
{
	char buf[128];
	struct nlmsghdr *nlh = nl_start(buf, RTM_NEWLINK, 0);
	struct ifinfomsg *ifi = mnl_nlmsg_put_extra_header(nlh, sizeof(*ifi));

	ifi->ifi_index = ifindex;
	mnl_attr_put_u32(nlh, IFLA_NET_NS_FD, netns_fd);
	return nl_request(&nl, nlh, NULL, NULL);
}

bool addr_parse(const struct nlmsghdr *nlh, struct addr_entry *e)
{
	const struct ifaddrmsg *ifa = mnl_nlmsg_get_payload(nlh);
	const struct nlattr *attr;

	*e = (struct addr_entry){
		.ifindex = ifa->ifa_index,
		.family = ifa->ifa_family,
		.prefixlen = ifa->ifa_prefixlen,
	};
	/* other families have other attributes under these numbers */
	if (ifa->ifa_family != AF_MCTP)
		return false;
	mnl_attr_for_each(attr, nlh, sizeof(*ifa)) {
		if (mnl_attr_get_type(attr) == IFA_LOCAL)
			e->local = mnl_attr_get_u8(attr);
		if (mnl_attr_get_type(attr) == IFA_ADDRESS)
			e->address = mnl_attr_get_u8(attr);
	}
	return true;
}

static int addr_dump_cb(const struct nlmsghdr *nlh, void *data)
{
	if (dumped.count < MAX_ENTRIES &&
	    addr_parse(nlh, &dumped.addr[dumped.count]))
		dumped.count++;
	return 0;
}

const struct dump *addr_dump(int ifindex)
{
	char buf[128];
	struct nlmsghdr *nlh = nl_start(buf, RTM_GETADDR, NLM_F_DUMP);
	struct ifaddrmsg *ifa = mnl_nlmsg_put_extra_header(nlh, sizeof(*ifa));

	ifa->ifa_family = AF_MCTP;
	ifa->ifa_index = ifindex;
	dumped.count = 0;
	dumped.rc = nl_request(&nl, nlh, addr_dump_cb, NULL);
	return &dumped;
}

static void route_parse_attr(const struct nlattr *attr, struct route_entry *e)
{
	const struct route_fq_addr *gw = mnl_attr_get_payload(attr);
	const struct nlattr *metric;

	switch (mnl_attr_get_type(attr)) {
	case RTA_DST:
		e->dst = mnl_attr_get_u8(attr);
		break;
	case RTA_OIF:
		e->has_oif = true;
		e->oif = mnl_attr_get_u32(attr);
		break;
	case RTA_GATEWAY:
		e->has_gw = mnl_attr_get_payload_len(attr) == sizeof(*gw);
		e->gw_net = e->has_gw ? gw->net : 0;
		e->gw = e->has_gw ? gw->eid : 0;
		break;
	case RTA_METRICS:
		e->has_metrics = true;
		mnl_attr_for_each_nested(metric, attr) {
			if (mnl_attr_get_type(metric) != RTAX_MTU)
				continue;
			e->has_mtu = true;
			e->mtu = mnl_attr_get_u32(metric);
		}
		break;
	}
}

static int route_dump_cb(const struct nlmsghdr *nlh, void *data)
{
	const struct rtmsg *rtm = mnl_nlmsg_get_payload(nlh);
	struct route_entry *e = &dumped.route[dumped.count];
	const struct nlattr *attr;

	if (rtm->rtm_family != AF_MCTP || dumped.count == MAX_ENTRIES)
		return 0;
	*e = (struct route_entry){
		.extent = rtm->rtm_dst_len,
		.type = rtm->rtm_type,
		.table = rtm->rtm_table,
		.protocol = rtm->rtm_protocol,
		.scope = rtm->rtm_scope,
	};
	mnl_attr_for_each(attr, nlh, sizeof(*rtm))
		route_parse_attr(attr, e);
	dumped.count++;
	return 0;
}

const struct dump *route_dump(void)
{
	char buf[128];
	struct nlmsghdr *nlh = nl_start(buf, RTM_GETROUTE, NLM_F_DUMP);
	struct rtmsg *rtm = mnl_nlmsg_put_extra_header(nlh, sizeof(*rtm));

	rtm->rtm_family = AF_MCTP;
	dumped.count = 0;
	dumped.rc = nl_request(&nl, nlh, route_dump_cb, NULL);
	return &dumped;
}

static int neigh_dump_cb(const struct nlmsghdr *nlh, void *data)
{
	const struct ndmsg *ndm = mnl_nlmsg_get_payload(nlh);
	struct neigh_entry *e = &dumped.neigh[dumped.count];
	const struct nlattr *attr;

	if (ndm->ndm_family != AF_MCTP || dumped.count == MAX_ENTRIES)
		return 0;
	*e = (struct neigh_entry){
		.ifindex = ndm->ndm_ifindex,
		.family = ndm->ndm_family,
		.type = ndm->ndm_type,
		.state = ndm->ndm_state,
	};
	mnl_attr_for_each(attr, nlh, sizeof(*ndm)) {
		if (mnl_attr_get_type(attr) == NDA_DST)
			e->eid = mnl_attr_get_u8(attr);
		if (mnl_attr_get_type(attr) == NDA_LLADDR &&
		    mnl_attr_get_payload_len(attr) <= sizeof(e->lladdr)) {
			e->lladdr_len = mnl_attr_get_payload_len(attr);
			memcpy(e->lladdr, mnl_attr_get_payload(attr),
			       e->lladdr_len);
		}
	}
	dumped.count++;
	return 0;
}

const struct dump *neigh_dump(int ifindex)
{
	char buf[128];
	struct nlmsghdr *nlh = nl_start(buf, RTM_GETNEIGH, NLM_F_DUMP);
	struct ndmsg *ndm = mnl_nlmsg_put_extra_header(nlh, sizeof(*ndm));

	ndm->ndm_family = AF_MCTP;
	ndm->ndm_ifindex = ifindex;
	dumped.count = 0;
	dumped.rc = nl_request(&nl, nlh, neigh_dump_cb, NULL);
	return &dumped;
}

/*
 * A dump on a new socket, so that it comes in parts: the first is made when it is asked
 * for, the others when they are read. Is told that something changed in between?
 */
bool dump_tells(__u16 type, size_t header, void (*change)(void))
{
	static struct nl own;
	char req[128];
	struct nlmsghdr *nlh = nl_start(req, type, NLM_F_DUMP);
	struct rtgenmsg *gen = mnl_nlmsg_put_extra_header(nlh, header);
	bool told = false, done = false;
	int len;

	gen->rtgen_family = AF_MCTP;
	nl_open(&own);
	if (mnl_socket_sendto(own.sock, nlh, nlh->nlmsg_len) < 0)
		die("dump: %s", strerror(errno));
	change();
	while (!done) {
		len = mnl_socket_recvfrom(own.sock, own.buf, sizeof(own.buf));
		if (len < 0)
			die("dump: %s", strerror(errno));
		for (nlh = (void *)own.buf; mnl_nlmsg_ok(nlh, len);
		     nlh = mnl_nlmsg_next(nlh, &len)) {
			told |= nlh->nlmsg_flags & NLM_F_DUMP_INTR;
			done |= nlh->nlmsg_type == NLMSG_DONE;
		}
	}
	nl_close(&own);
	return told;
}

bool has_addr(int ifindex, int eid)
{
	const struct dump *d = addr_dump(ifindex);
	size_t i;

	for (i = 0; i < d->count; i++)
		if (d->addr[i].local == eid && d->addr[i].ifindex == ifindex)
			return true;
	return false;
}

const struct route_entry *find_route(int eid, unsigned int extent)
{
	const struct dump *d = route_dump();
	size_t i;

	for (i = 0; i < d->count; i++)
		if (d->route[i].dst == eid && d->route[i].extent == extent)
			return &d->route[i];
	return NULL;
}

int lo_index(void)
{
	return if_nametoindex("lo");
}

/* MCTP network of a link; UINT32_MAX when it is no MCTP link. */
__u32 net_of(const char *name)
{
	struct link link;

	link_need(&nl, name, &link);
	return link.mctp ? link.net : UINT32_MAX;
}
