/* SPDX-License-Identifier: GPL-2.0 */
#ifndef MCTP_USB_COMPAT_LINUX_ETHTOOL_H
#define MCTP_USB_COMPAT_LINUX_ETHTOOL_H

#include_next <linux/ethtool.h>

/*
 * ETHTOOL_RINGPARAM_OP(type, fn): behind fn, which has today's four arguments;
 * ethtool_ringparam_op(fn): what goes into the ethtool_ops.
 */
#ifdef NEED_ETHTOOL_RINGPARAM
struct kernel_ethtool_ringparam;

#define ETHTOOL_RINGPARAM_OP(type, fn)					\
	static type fn##_two(struct net_device *dev,			\
			     struct ethtool_ringparam *ring)		\
	{								\
		return fn(dev, ring, NULL, NULL);			\
	}
#define ethtool_ringparam_op(fn)	fn##_two
#else
#define ETHTOOL_RINGPARAM_OP(type, fn)
#define ethtool_ringparam_op(fn)	fn
#endif

#ifdef NEED_ETHTOOL_PUTS
static inline void mctp_usb_compat_ethtool_puts(u8 **data, const char *str)
{
	ethtool_sprintf(data, "%s", str);
}

#define ethtool_puts	mctp_usb_compat_ethtool_puts
#endif

#endif /* MCTP_USB_COMPAT_LINUX_ETHTOOL_H */
