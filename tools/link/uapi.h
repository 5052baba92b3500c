/* SPDX-License-Identifier: GPL-2.0 */
/* Kernel ABI that the build machine's linux-libc-dev may be too old to name. */
#ifndef TOOLS_UAPI_H
#define TOOLS_UAPI_H

#include <net/if.h>
#include <sys/socket.h>
#include <linux/if_arp.h>
#include <linux/if_ether.h>
#include <linux/if_link.h>
#include <linux/mctp.h>
#include <linux/rtnetlink.h>

#ifndef AF_MCTP
#define AF_MCTP 45
#endif

#ifndef SOL_MCTP
#define SOL_MCTP 285
#endif

/* Since 6.15; an enumerator there, so it cannot be tested for by the name. */
#define LINK_MCTP_PHYS_BINDING 2

/* Since 7.x: a route by way of another endpoint. */
struct route_fq_addr {
	__u32 net;
	__u8 eid;
	__u8 pad[3];
};

#endif /* TOOLS_UAPI_H */
