/* SPDX-License-Identifier: GPL-2.0 */
#ifndef MCTP_USB_COMPAT_LINUX_USB_H
#define MCTP_USB_COMPAT_LINUX_USB_H

#include_next <linux/usb.h>

/* In linux/usb/ch9.h from 6.15. */
#ifndef USB_CLASS_MCTP
#define USB_CLASS_MCTP	0x14
#endif

#endif /* MCTP_USB_COMPAT_LINUX_USB_H */
