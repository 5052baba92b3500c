// SPDX-License-Identifier: GPL-2.0
#include <string.h>

#include "addr.h"
#include "uapi.h"

/* False for what is no MCTP address: a kernel without a core dumps every family's. */
bool addr_parse(const struct nlmsghdr *nlh, struct addr *addr)
{
	const struct ifaddrmsg *ifa = mnl_nlmsg_get_payload(nlh);
	const struct nlattr *attr;
	bool found = false;

	if (ifa->ifa_family != AF_MCTP)
		return false;
	addr->index = ifa->ifa_index;
	mnl_attr_for_each(attr, nlh, sizeof(*ifa)) {
		if (mnl_attr_get_type(attr) != IFA_LOCAL)
			continue;
		addr->eid = mnl_attr_get_u8(attr);
		found = true;
	}
	return found;
}

int addr_dump(struct nl *nl, nl_cb cb, void *data)
{
	char buf[256];
	struct nlmsghdr *nlh = nl_start(buf, RTM_GETADDR, NLM_F_DUMP);
	struct ifaddrmsg *ifa;

	ifa = mnl_nlmsg_put_extra_header(nlh, sizeof(*ifa));
	ifa->ifa_family = AF_MCTP;
	return nl_request(nl, nlh, cb, data);
}

static uint32_t metrics_mtu(const struct nlattr *metrics)
{
	const struct nlattr *attr;

	mnl_attr_for_each_nested(attr, metrics)
		if (mnl_attr_get_type(attr) == RTAX_MTU)
			return mnl_attr_get_u32(attr);
	return 0;
}

static void route_gateway(const struct nlattr *attr, struct route *route)
{
	const struct route_fq_addr *gw = mnl_attr_get_payload(attr);

	if (mnl_attr_get_payload_len(attr) < sizeof(*gw))
		return;
	route->has_gateway = true;
	route->gateway_net = gw->net;
	route->gateway_eid = gw->eid;
}

bool route_parse(const struct nlmsghdr *nlh, struct route *route)
{
	const struct rtmsg *rtm = mnl_nlmsg_get_payload(nlh);
	const struct nlattr *attr;

	memset(route, 0, sizeof(*route));
	if (rtm->rtm_family != AF_MCTP)
		return false;
	route->local = rtm->rtm_type == RTN_LOCAL;
	mnl_attr_for_each(attr, nlh, sizeof(*rtm)) {
		switch (mnl_attr_get_type(attr)) {
		case RTA_DST:
			route->first = mnl_attr_get_u8(attr);
			break;
		case RTA_OIF:
			route->index = mnl_attr_get_u32(attr);
			break;
		case RTA_METRICS:
			route->mtu = metrics_mtu(attr);
			break;
		case RTA_GATEWAY:
			route_gateway(attr, route);
			break;
		}
	}
	/* The length is how many EIDs follow the first, not bits. */
	route->last = route->first + rtm->rtm_dst_len;
	return true;
}

int route_dump(struct nl *nl, nl_cb cb, void *data)
{
	char buf[256];
	struct nlmsghdr *nlh = nl_start(buf, RTM_GETROUTE, NLM_F_DUMP);
	struct rtmsg *rtm;

	rtm = mnl_nlmsg_put_extra_header(nlh, sizeof(*rtm));
	rtm->rtm_family = AF_MCTP;
	return nl_request(nl, nlh, cb, data);
}
