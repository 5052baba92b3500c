/* SPDX-License-Identifier: GPL-2.0 */
#ifndef MCTP_USB_COMPAT_NET_SOCK_H
#define MCTP_USB_COMPAT_NET_SOCK_H

#include_next <net/sock.h>

#ifdef NEED_SOCK_RECV_CMSGS
#define sock_recv_cmsgs	sock_recv_ts_and_drops
#endif

#endif /* MCTP_USB_COMPAT_NET_SOCK_H */
