/* SPDX-License-Identifier: GPL-2.0 */
/* What rtnetlink tells about the local endpoint IDs and about routes. */
#ifndef TOOLS_ADDR_H
#define TOOLS_ADDR_H

#include <stdbool.h>
#include <stdint.h>

#include "nl.h"

struct addr {
	int index;		/* of the link */
	uint8_t eid;
};

struct route {
	unsigned int first, last;	/* EIDs */
	int index;		/* of the link, 0 for none */
	uint32_t mtu;		/* 0: the link's */
	bool local;		/* to an EID of this machine */
	bool has_gateway;	/* by way of another endpoint */
	uint32_t gateway_net;
	uint8_t gateway_eid;
};

bool addr_parse(const struct nlmsghdr *nlh, struct addr *addr);
int addr_dump(struct nl *nl, nl_cb cb, void *data);
bool route_parse(const struct nlmsghdr *nlh, struct route *route);
int route_dump(struct nl *nl, nl_cb cb, void *data);

#endif /* TOOLS_ADDR_H */
