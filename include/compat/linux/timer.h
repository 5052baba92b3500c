/* SPDX-License-Identifier: GPL-2.0 */
#ifndef MCTP_USB_COMPAT_LINUX_TIMER_H
#define MCTP_USB_COMPAT_LINUX_TIMER_H

#include_next <linux/timer.h>

#ifdef NEED_TIMER_DELETE_SYNC
#define timer_delete_sync	del_timer_sync
#endif

#endif /* MCTP_USB_COMPAT_LINUX_TIMER_H */
