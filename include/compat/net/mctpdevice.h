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

/*
 * Every core, with registration functions or without, makes an MCTP link of any
 * ARPHRD_MCTP device from its notifier; plain registration loses nothing but
 * the physical binding that mctpd may want to match on.
 */
#ifndef HAVE_MCTP_REGISTER_NETDEV_BINDING
struct mctp_netdev_ops;

static inline int
mctp_usb_compat_register_netdev(struct net_device *dev,
				const struct mctp_netdev_ops *ops, u8 binding)
{
#ifdef HAVE_MCTP_REGISTER_NETDEV
	return mctp_register_netdev(dev, ops);
#else
	return register_netdev(dev);
#endif
}

#define mctp_register_netdev	mctp_usb_compat_register_netdev
#endif

#if !defined(HAVE_MCTP_REGISTER_NETDEV_BINDING) && \
	!defined(HAVE_MCTP_REGISTER_NETDEV)
#define mctp_unregister_netdev	unregister_netdev
#endif
#endif /* MCTP_USB_OWN_CORE */

#endif /* MCTP_USB_COMPAT_NET_MCTPDEVICE_H */
