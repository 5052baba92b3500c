/* SPDX-License-Identifier: GPL-2.0 */
#ifndef MCTP_USB_COMPAT_NET_MCTP_H
#define MCTP_USB_COMPAT_NET_MCTP_H

/*
 * 5.15's control block has nothing of the sender's link address. Its names make
 * room for today's, which begins alike.
 */
#ifndef HAVE_MCTP_CB_HALEN
#define mctp_skb_cb	mctp_usb_compat_old_skb_cb
#define __mctp_cb	mctp_usb_compat_old__mctp_cb
#define mctp_cb		mctp_usb_compat_old_mctp_cb
#include_next <net/mctp.h>
#undef mctp_skb_cb
#undef __mctp_cb
#undef mctp_cb

struct mctp_skb_cb {
	unsigned int	magic;
	unsigned int	net;
	int		ifindex;
	unsigned char	halen;
	unsigned char	haddr[MAX_ADDR_LEN];
};

static inline struct mctp_skb_cb *__mctp_cb(struct sk_buff *skb)
{
	/* Fills in the magic number, which is at the same place. */
	return (struct mctp_skb_cb *)mctp_usb_compat_old__mctp_cb(skb);
}

static inline struct mctp_skb_cb *mctp_cb(struct sk_buff *skb)
{
	BUILD_BUG_ON(sizeof(struct mctp_skb_cb) > sizeof(skb->cb));
	return (struct mctp_skb_cb *)mctp_usb_compat_old_mctp_cb(skb);
}
#else
#include_next <net/mctp.h>
#endif

/* Numbers of DSP0239, in net/mctp.h from 6.13. */
#ifdef NEED_MCTP_PHYS_BINDING
enum mctp_phys_binding {
	MCTP_PHYS_BINDING_UNSPEC	= 0x00,
	MCTP_PHYS_BINDING_USB		= 0x03,
	MCTP_PHYS_BINDING_VENDOR	= 0xff,
};
#endif

/**
 * mctp_usb_cb_init() - prepare an skb's control block for the MCTP core
 * @skb: received packet
 *
 * The core takes the length of the sender's link address from there. USB is
 * point to point and has none.
 */
static inline void mctp_usb_cb_init(struct sk_buff *skb)
{
	__mctp_cb(skb)->halen = 0;
}

#endif /* MCTP_USB_COMPAT_NET_MCTP_H */
