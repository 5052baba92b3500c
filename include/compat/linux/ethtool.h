/* SPDX-License-Identifier: GPL-2.0 */
#ifndef MCTP_USB_COMPAT_LINUX_ETHTOOL_H
#define MCTP_USB_COMPAT_LINUX_ETHTOOL_H

#include_next <linux/ethtool.h>

/* The driver's functions have today's four arguments; these go into its ops. */
#ifdef NEED_ETHTOOL_RINGPARAM
struct kernel_ethtool_ringparam;

void mctp_usb_get_ringparam(struct net_device *dev,
			    struct ethtool_ringparam *ring,
			    struct kernel_ethtool_ringparam *kernel_ring,
			    struct netlink_ext_ack *extack);
int mctp_usb_set_ringparam(struct net_device *dev,
			   struct ethtool_ringparam *ring,
			   struct kernel_ethtool_ringparam *kernel_ring,
			   struct netlink_ext_ack *extack);

static inline void
mctp_usb_compat_get_ringparam(struct net_device *dev,
			      struct ethtool_ringparam *ring)
{
	mctp_usb_get_ringparam(dev, ring, NULL, NULL);
}

static inline int
mctp_usb_compat_set_ringparam(struct net_device *dev,
			      struct ethtool_ringparam *ring)
{
	return mctp_usb_set_ringparam(dev, ring, NULL, NULL);
}

#define MCTP_USB_GET_RINGPARAM	mctp_usb_compat_get_ringparam
#define MCTP_USB_SET_RINGPARAM	mctp_usb_compat_set_ringparam
#else
#define MCTP_USB_GET_RINGPARAM	mctp_usb_get_ringparam
#define MCTP_USB_SET_RINGPARAM	mctp_usb_set_ringparam
#endif

#ifdef NEED_ETHTOOL_PUTS
static inline void mctp_usb_compat_ethtool_puts(u8 **data, const char *str)
{
	strscpy(*data, str, ETH_GSTRING_LEN);
	*data += ETH_GSTRING_LEN;
}

#define ethtool_puts	mctp_usb_compat_ethtool_puts
#endif

#endif /* MCTP_USB_COMPAT_LINUX_ETHTOOL_H */
