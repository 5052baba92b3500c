/* SPDX-License-Identifier: GPL-2.0 */
#ifndef MCTP_USB_COMPAT_LINUX_NETDEVICE_H
#define MCTP_USB_COMPAT_LINUX_NETDEVICE_H

#include_next <linux/netdevice.h>

/*
 * Before Linux 6.2 a link that is up was renamed only if its driver agreed, with
 * this flag; now each is, and the flag is gone.
 */
#ifndef IFF_LIVE_RENAME_OK
#define IFF_LIVE_RENAME_OK	0
#endif

#ifdef NEED_NETIF_NAPI_ADD
static inline void
mctp_usb_compat_netif_napi_add(struct net_device *dev, struct napi_struct *napi,
			       int (*poll)(struct napi_struct *, int))
{
	netif_napi_add(dev, napi, poll, NAPI_POLL_WEIGHT);
}

#define netif_napi_add	mctp_usb_compat_netif_napi_add
#endif

#endif /* MCTP_USB_COMPAT_LINUX_NETDEVICE_H */
