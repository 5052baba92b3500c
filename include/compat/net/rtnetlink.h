/* SPDX-License-Identifier: GPL-2.0 */
#ifndef MCTP_USB_COMPAT_NET_RTNETLINK_H
#define MCTP_USB_COMPAT_NET_RTNETLINK_H

#include_next <net/rtnetlink.h>

#ifdef NEED_RTNLGRP_MCTP_IFADDR
/* Nobody can listen to it there: the kernel's socket has no such group. */
#define RTNLGRP_MCTP_IFADDR	34
#endif

#ifdef NEED_RTNL_REGISTER_MANY
struct rtnl_msg_handler {
	struct module *owner;
	int protocol;
	int msgtype;
	rtnl_doit_func doit;
	rtnl_dumpit_func dumpit;
	int flags;
};

/* Sizes are those of the arrays, in bytes. */
static inline void
mctp_usb_compat_rtnl_unregister(const struct rtnl_msg_handler *handlers,
				size_t size)
{
	size_t n = size / sizeof(*handlers);

	while (n--)
		rtnl_unregister(handlers[n].protocol, handlers[n].msgtype);
}

static inline int
mctp_usb_compat_rtnl_register(const struct rtnl_msg_handler *handlers,
			      size_t size)
{
	const struct rtnl_msg_handler *h;
	int err;

	for (h = handlers; h < handlers + size / sizeof(*h); h++) {
		err = rtnl_register_module(h->owner, h->protocol, h->msgtype,
					   h->doit, h->dumpit, h->flags);
		if (err) {
			mctp_usb_compat_rtnl_unregister(handlers,
							(h - handlers) * sizeof(*h));
			return err;
		}
	}
	return 0;
}

#define rtnl_register_many(handlers) \
	mctp_usb_compat_rtnl_register(handlers, sizeof(handlers))
#define rtnl_unregister_many(handlers) \
	mctp_usb_compat_rtnl_unregister(handlers, sizeof(handlers))
#endif

#ifdef NEED_RTNL_AF_REGISTER_INT
static inline int mctp_usb_compat_rtnl_af_register(struct rtnl_af_ops *ops)
{
	rtnl_af_register(ops);
	return 0;
}

#define rtnl_af_register	mctp_usb_compat_rtnl_af_register
#endif

#endif /* MCTP_USB_COMPAT_NET_RTNETLINK_H */
