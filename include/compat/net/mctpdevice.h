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
 * the physical binding that mctpd may want to match on. It also is what is
 * left when the kernel has no core: a link that packet sockets can use.
 */
#if !IS_ENABLED(CONFIG_MCTP) || !(defined(HAVE_MCTP_REGISTER_NETDEV_BINDING) || \
				  defined(HAVE_MCTP_REGISTER_NETDEV))
#define mctp_usb_compat_register_netdev(dev, ops)	register_netdev(dev)
#define mctp_usb_compat_unregister_netdev(dev)		unregister_netdev(dev)
#define mctp_unregister_netdev	mctp_usb_compat_unregister_netdev
#elif !defined(HAVE_MCTP_REGISTER_NETDEV_BINDING)
#define mctp_usb_compat_register_netdev(dev, ops) \
	(mctp_register_netdev)(dev, ops)
#endif

#ifdef mctp_usb_compat_register_netdev
#define mctp_register_netdev(dev, ops, binding) \
	((void)(binding), mctp_usb_compat_register_netdev(dev, ops))
#endif
#endif /* MCTP_USB_OWN_CORE */

#endif /* MCTP_USB_COMPAT_NET_MCTPDEVICE_H */
