/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What drivers get from our AF_MCTP core, in today's form whatever the kernel's
 * own <net/mctpdevice.h> says.
 */
#ifndef MCTP_CORE_MCTP_CORE_H
#define MCTP_CORE_MCTP_CORE_H

#include <linux/netdevice.h>
#include <net/mctp.h>

struct mctp_netdev_ops;

int mctp_register_netdev(struct net_device *dev,
			 const struct mctp_netdev_ops *ops,
			 enum mctp_phys_binding binding);
void mctp_unregister_netdev(struct net_device *dev);

#endif /* MCTP_CORE_MCTP_CORE_H */
