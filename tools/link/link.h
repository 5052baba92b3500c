/* SPDX-License-Identifier: GPL-2.0 */
/* What rtnetlink tells about one link, and changing it. */
#ifndef TOOLS_LINK_H
#define TOOLS_LINK_H

#include <stdbool.h>
#include <stdint.h>
#include <linux/if_link.h>
#include <net/if.h>

#include "nl.h"

struct link {
	int index;
	char name[IFNAMSIZ];
	char qdisc[IFNAMSIZ];	/* how packets queue, "fq_codel" */
	unsigned int type;
	unsigned int flags;
	uint32_t mtu, min_mtu, max_mtu;
	bool mctp;		/* the kernel's MCTP core knows it */
	uint32_t net;		/* 0 without a core */
	int phys_binding;	/* -1 where the core does not say */
	int carrier;
	uint32_t carrier_ups, carrier_downs;
	unsigned int addr_len;
	uint8_t addr[32];
	bool has_stats;
	struct rtnl_link_stats64 stats;
};

/* What to change; a member that is 0 or NULL stays as it is. */
struct link_change {
	const char *up_or_down;
	uint32_t mtu;
	uint32_t net;
};

int link_parse(const struct nlmsghdr *nlh, struct link *link);
bool link_is_mctp(const struct link *link);
int link_get(struct nl *nl, const char *name, struct link *link);
int link_dump(struct nl *nl, nl_cb cb, void *data);
int link_change(struct nl *nl, int index, const struct link_change *change);

#endif /* TOOLS_LINK_H */
