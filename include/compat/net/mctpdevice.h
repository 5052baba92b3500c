/* SPDX-License-Identifier: GPL-2.0 */
#ifndef MCTP_USB_COMPAT_NET_MCTPDEVICE_H
#define MCTP_USB_COMPAT_NET_MCTPDEVICE_H

#include <linux/netdevice.h>
#include <net/mctp.h>

#ifdef MCTP_USB_OWN_CORE
/* The same functions, in today's form; the kernel's header may have another. */
#include "core/mctp-core.h"
#else
#include_next <net/mctpdevice.h>

struct mctp_netdev_ops;

#ifdef HAVE_MCTP_REGISTER_NETDEV_BINDING
/*
 * The core makes its side of the link before it registers the netdev. If that fails
 * it keeps it, with a reference to the netdev, and nobody else knows of it: a
 * leak, which is taken back here.
 */
static inline int
mctp_usb_compat_register_netdev(struct net_device *dev,
				const struct mctp_netdev_ops *ops,
				enum mctp_phys_binding binding)
{
	int err = mctp_register_netdev(dev, ops, binding);
	struct mctp_dev *mdev;

	if (!err)
		return 0;
	mdev = rcu_dereference_protected(dev->mctp_ptr, true);
	if (mdev) {
		RCU_INIT_POINTER(dev->mctp_ptr, NULL);
		dev_put(dev);
		kfree_rcu(mdev, rcu);
	}
	return err;
}
#else
/*
 * Every core makes an MCTP link of any ARPHRD_MCTP device from its notifier.
 * Plain registration lacks nothing that registration functions without the physical
 * binding have, and does not have that leak.
 */
static inline int
mctp_usb_compat_register_netdev(struct net_device *dev,
				const struct mctp_netdev_ops *ops, u8 binding)
{
	return register_netdev(dev);
}

#define mctp_unregister_netdev	unregister_netdev
#endif

#define mctp_register_netdev	mctp_usb_compat_register_netdev
#endif /* MCTP_USB_OWN_CORE */

#endif /* MCTP_USB_COMPAT_NET_MCTPDEVICE_H */
