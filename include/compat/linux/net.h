/* SPDX-License-Identifier: GPL-2.0 */
#ifndef MCTP_USB_COMPAT_LINUX_NET_H
#define MCTP_USB_COMPAT_LINUX_NET_H

#include_next <linux/net.h>

#ifdef NEED_SOCKADDR_UNSIZED
#define sockaddr_unsized	sockaddr
#endif

#endif /* MCTP_USB_COMPAT_LINUX_NET_H */
