/* SPDX-License-Identifier: GPL-2.0 */
#ifndef MCTP_USB_COMPAT_LINUX_SLAB_H
#define MCTP_USB_COMPAT_LINUX_SLAB_H

#include_next <linux/slab.h>

/* A macro from 7.0, and in 6.12 stable. Ours wants its gfp flags said. */
#ifndef kzalloc_obj
#define kzalloc_obj(obj, gfp)	kzalloc(sizeof(obj), gfp)
#endif

#endif /* MCTP_USB_COMPAT_LINUX_SLAB_H */
