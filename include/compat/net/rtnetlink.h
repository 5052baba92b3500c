/* SPDX-License-Identifier: GPL-2.0 */
#ifndef MCTP_USB_COMPAT_NET_RTNETLINK_H
#define MCTP_USB_COMPAT_NET_RTNETLINK_H

#include_next <net/rtnetlink.h>

#ifdef NEED_RTNL_REGISTER_MANY
struct rtnl_msg_handler {
	struct module *owner;
	int protocol;
	int msgtype;
	rtnl_doit_func doit;
	rtnl_dumpit_func dumpit;
	int flags;
};

static inline void
mctp_usb_compat_rtnl_unregister(const struct rtnl_msg_handler *handlers, int n)
{
	while (n--)
		rtnl_unregister(handlers[n].protocol, handlers[n].msgtype);
}

static inline int
mctp_usb_compat_rtnl_register(const struct rtnl_msg_handler *handlers, int n)
{
	const struct rtnl_msg_handler *h;
	int i, err;

	for (i = 0; i < n; i++) {
		h = &handlers[i];
		err = rtnl_register_module(h->owner, h->protocol, h->msgtype,
					   h->doit, h->dumpit, h->flags);
		if (err) {
			mctp_usb_compat_rtnl_unregister(handlers, i);
			return err;
		}
	}
	return 0;
}

#define rtnl_register_many(handlers) \
	mctp_usb_compat_rtnl_register(handlers, ARRAY_SIZE(handlers))
#define rtnl_unregister_many(handlers) \
	mctp_usb_compat_rtnl_unregister(handlers, ARRAY_SIZE(handlers))
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
