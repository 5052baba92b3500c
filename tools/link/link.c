// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "link.h"
#include "uapi.h"

/* IFLA_AF_SPEC holds one nest per address family. */
static void link_parse_af(const struct nlattr *spec, struct link *link)
{
	const struct nlattr *af, *attr;

	mnl_attr_for_each_nested(af, spec) {
		if (mnl_attr_get_type(af) != AF_MCTP)
			continue;
		link->mctp = true;
		mnl_attr_for_each_nested(attr, af) {
			switch (mnl_attr_get_type(attr)) {
			case IFLA_MCTP_NET:
				link->net = mnl_attr_get_u32(attr);
				break;
			case LINK_MCTP_PHYS_BINDING:
				link->phys_binding = mnl_attr_get_u8(attr);
				break;
			}
		}
	}
}

static void link_parse_attr(const struct nlattr *attr, struct link *link)
{
	unsigned int len = mnl_attr_get_payload_len(attr);
	const void *payload = mnl_attr_get_payload(attr);

	switch (mnl_attr_get_type(attr)) {
	case IFLA_IFNAME:
		snprintf(link->name, sizeof(link->name), "%.*s", (int)len,
			 (const char *)payload);
		break;
	case IFLA_MTU:
		link->mtu = mnl_attr_get_u32(attr);
		break;
	case IFLA_MIN_MTU:
		link->min_mtu = mnl_attr_get_u32(attr);
		break;
	case IFLA_MAX_MTU:
		link->max_mtu = mnl_attr_get_u32(attr);
		break;
	case IFLA_QDISC:
		snprintf(link->qdisc, sizeof(link->qdisc), "%.*s", (int)len,
			 (const char *)payload);
		break;
	case IFLA_CARRIER:
		link->carrier = mnl_attr_get_u8(attr);
		break;
	case IFLA_CARRIER_UP_COUNT:
		link->carrier_ups = mnl_attr_get_u32(attr);
		break;
	case IFLA_CARRIER_DOWN_COUNT:
		link->carrier_downs = mnl_attr_get_u32(attr);
		break;
	case IFLA_ADDRESS:
		link->addr_len = len < sizeof(link->addr) ? len : sizeof(link->addr);
		memcpy(link->addr, payload, link->addr_len);
		break;
	case IFLA_STATS64:
		/* Newer kernels append members, older ones have fewer. */
		memcpy(&link->stats, payload,
		       len < sizeof(link->stats) ? len : sizeof(link->stats));
		link->has_stats = true;
		break;
	case IFLA_AF_SPEC:
		link_parse_af(attr, link);
		break;
	}
}

/* Returns 0, or -1 when the message is no RTM_NEWLINK or RTM_DELLINK. */
int link_parse(const struct nlmsghdr *nlh, struct link *link)
{
	const struct ifinfomsg *ifi = mnl_nlmsg_get_payload(nlh);
	const struct nlattr *attr;

	if (nlh->nlmsg_type != RTM_NEWLINK && nlh->nlmsg_type != RTM_DELLINK)
		return -1;
	memset(link, 0, sizeof(*link));
	link->index = ifi->ifi_index;
	link->type = ifi->ifi_type;
	link->flags = ifi->ifi_flags;
	link->phys_binding = -1;
	mnl_attr_for_each(attr, nlh, sizeof(*ifi))
		link_parse_attr(attr, link);
	return 0;
}

/* Without a core only the hardware type can tell. */
bool link_is_mctp(const struct link *link)
{
	return link->mctp || link->type == ARPHRD_MCTP;
}

static int link_get_cb(const struct nlmsghdr *nlh, void *data)
{
	link_parse(nlh, data);
	return 0;
}

/* Returns 0 or a negative errno, -ENODEV when there is no such link. */
int link_get(struct nl *nl, const char *name, struct link *link)
{
	char buf[256];
	struct nlmsghdr *nlh = nl_start(buf, RTM_GETLINK, 0);

	if (!*name || strlen(name) >= IFNAMSIZ)
		return -ENODEV;
	mnl_nlmsg_put_extra_header(nlh, sizeof(struct ifinfomsg));
	mnl_attr_put_strz(nlh, IFLA_IFNAME, name);
	return nl_request(nl, nlh, link_get_cb, link);
}

int link_dump(struct nl *nl, nl_cb cb, void *data)
{
	char buf[256];
	struct nlmsghdr *nlh = nl_start(buf, RTM_GETLINK, NLM_F_DUMP);

	mnl_nlmsg_put_extra_header(nlh, sizeof(struct ifinfomsg));
	return nl_request(nl, nlh, cb, data);
}

int link_change(struct nl *nl, int index, const struct link_change *change)
{
	char buf[256];
	struct nlmsghdr *nlh = nl_start(buf, RTM_NEWLINK, 0);
	struct nlattr *spec, *mctp;
	struct ifinfomsg *ifi;

	ifi = mnl_nlmsg_put_extra_header(nlh, sizeof(*ifi));
	ifi->ifi_index = index;
	if (change->up_or_down) {
		ifi->ifi_change = IFF_UP;
		ifi->ifi_flags = strcmp(change->up_or_down, "up") ? 0 : IFF_UP;
	}
	if (change->mtu)
		mnl_attr_put_u32(nlh, IFLA_MTU, change->mtu);
	if (change->net) {
		spec = mnl_attr_nest_start(nlh, IFLA_AF_SPEC);
		mctp = mnl_attr_nest_start(nlh, AF_MCTP);
		mnl_attr_put_u32(nlh, IFLA_MCTP_NET, change->net);
		mnl_attr_nest_end(nlh, mctp);
		mnl_attr_nest_end(nlh, spec);
	}
	return nl_request(nl, nlh, NULL, NULL);
}
