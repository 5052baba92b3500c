// SPDX-License-Identifier: GPL-2.0
/* mctp-link: local endpoint IDs and routes. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "addr.h"
#include "mctp-link.h"
#include "need.h"
#include "uapi.h"
#include "util.h"

static uint32_t need_eid(const char *text)
{
	return need_u32("eid", text, 1, 254);
}

/* Where routes and addresses name a link by number only. */
struct names {
	struct link *links;
	size_t count;
};

static int names_cb(const struct nlmsghdr *nlh, void *data)
{
	struct names *names = data;

	names->links = xrealloc(names->links,
				(names->count + 1) * sizeof(*names->links));
	if (!link_parse(nlh, &names->links[names->count]))
		names->count++;
	return 0;
}

static void names_load(struct nl *nl, struct names *names)
{
	int rc;

	names->links = NULL;
	names->count = 0;
	rc = link_dump(nl, names_cb, names);
	if (rc)
		nl_die(nl, "links", rc);
}

static const struct link *names_find(const struct names *names, int index)
{
	static const struct link gone = { .name = "?" };
	size_t i;

	for (i = 0; i < names->count; i++)
		if (names->links[i].index == index)
			return &names->links[i];
	return &gone;
}

static int addr_show_cb(const struct nlmsghdr *nlh, void *data)
{
	const struct link *link;
	struct addr addr;

	if (!addr_parse(nlh, &addr))
		return 0;
	link = names_find(data, addr.index);
	printf("eid %u net %u dev %s\n", addr.eid, link->net, link->name);
	return 0;
}

static void addr_show(struct nl *nl)
{
	struct names names;
	int rc;

	names_load(nl, &names);
	rc = addr_dump(nl, addr_show_cb, &names);
	if (rc)
		nl_die(nl, "addresses", rc);
	free(names.links);
}

static void addr_change(struct nl *nl, bool add, char **args)
{
	char buf[256];
	struct nlmsghdr *nlh;
	struct ifaddrmsg *ifa;
	struct link link;
	uint32_t eid;
	int rc;

	if (!args[0] || !args[1] || !args[2] || args[3] ||
	    strcmp(args[1], "dev"))
		usage_exit();
	eid = need_eid(args[0]);
	link_need(nl, args[2], &link);
	if (add)
		nlh = nl_start(buf, RTM_NEWADDR, NLM_F_CREATE | NLM_F_EXCL);
	else
		nlh = nl_start(buf, RTM_DELADDR, 0);
	ifa = mnl_nlmsg_put_extra_header(nlh, sizeof(*ifa));
	ifa->ifa_family = AF_MCTP;
	ifa->ifa_index = link.index;
	mnl_attr_put_u8(nlh, IFA_LOCAL, eid);
	rc = nl_request(nl, nlh, NULL, NULL);
	if (rc)
		nl_die(nl, args[2], rc);
}

void cmd_addr(struct nl *nl, char **args)
{
	if (!args[0] || (!strcmp(args[0], "show") && !args[1]))
		addr_show(nl);
	else if (!strcmp(args[0], "add"))
		addr_change(nl, true, args + 1);
	else if (!strcmp(args[0], "del"))
		addr_change(nl, false, args + 1);
	else
		usage_exit();
}

static int route_show_cb(const struct nlmsghdr *nlh, void *data)
{
	const struct link *link;
	struct route route;

	if (!route_parse(nlh, &route))
		return 0;
	printf("eid min %u max %u", route.first, route.last);
	if (route.index) {
		link = names_find(data, route.index);
		printf(" net %u dev %s", link->net, link->name);
	}
	if (route.has_gateway)
		printf(" net %u gw %u", route.gateway_net, route.gateway_eid);
	printf(" mtu %u\n", route.mtu);
	return 0;
}

static void route_show(struct nl *nl)
{
	struct names names;
	int rc;

	names_load(nl, &names);
	rc = route_dump(nl, route_show_cb, &names);
	if (rc)
		nl_die(nl, "routes", rc);
	free(names.links);
}

/* EID or EID-EID */
static void parse_range(char *text, uint32_t *first, uint32_t *last)
{
	char *dash = text ? strchr(text, '-') : NULL;

	if (dash)
		*dash++ = '\0';
	*first = need_eid(text);
	*last = dash ? need_eid(dash) : *first;
	if (*last < *first)
		die("eid: the range ends before it starts");
}

static void route_change(struct nl *nl, bool add, char **args)
{
	char buf[256];
	struct nlmsghdr *nlh;
	struct nlattr *metrics;
	uint32_t first, last;
	struct rtmsg *rtm;
	struct link link;
	int rc;

	if (!args[0] || !args[1] || strcmp(args[1], "via") || !args[2] ||
	    (args[3] && (!add || strcmp(args[3], "mtu") || !args[4] || args[5])))
		usage_exit();
	parse_range(args[0], &first, &last);
	link_need(nl, args[2], &link);
	if (add)
		nlh = nl_start(buf, RTM_NEWROUTE, NLM_F_CREATE | NLM_F_EXCL);
	else
		nlh = nl_start(buf, RTM_DELROUTE, 0);
	rtm = mnl_nlmsg_put_extra_header(nlh, sizeof(*rtm));
	rtm->rtm_family = AF_MCTP;
	rtm->rtm_type = RTN_UNICAST;
	rtm->rtm_dst_len = last - first;
	mnl_attr_put_u8(nlh, RTA_DST, first);
	mnl_attr_put_u32(nlh, RTA_OIF, link.index);
	if (args[3]) {
		metrics = mnl_attr_nest_start(nlh, RTA_METRICS);
		mnl_attr_put_u32(nlh, RTAX_MTU,
				 need_u32("mtu", args[4], 0, UINT32_MAX));
		mnl_attr_nest_end(nlh, metrics);
	}
	rc = nl_request(nl, nlh, NULL, NULL);
	if (rc)
		nl_die(nl, args[2], rc);
}

void cmd_route(struct nl *nl, char **args)
{
	if (!args[0] || (!strcmp(args[0], "show") && !args[1]))
		route_show(nl);
	else if (!strcmp(args[0], "add"))
		route_change(nl, true, args + 1);
	else if (!strcmp(args[0], "del"))
		route_change(nl, false, args + 1);
	else
		usage_exit();
}
