/* SPDX-License-Identifier: GPL-2.0 */
#ifndef MCTP_USB_COMPAT_NET_MCTP_H
#define MCTP_USB_COMPAT_NET_MCTP_H

#include_next <net/mctp.h>

/**
 * mctp_usb_cb_init() - prepare an skb's control block for the MCTP core
 * @skb: received packet
 *
 * The core takes the length of the sender's link address from there. USB is
 * point to point and has none.
 */
static inline void mctp_usb_cb_init(struct sk_buff *skb)
{
#ifdef HAVE_MCTP_CB_HALEN
	__mctp_cb(skb)->halen = 0;
#else
	__mctp_cb(skb);
#endif
}

#endif /* MCTP_USB_COMPAT_NET_MCTP_H */
