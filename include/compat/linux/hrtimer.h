/* SPDX-License-Identifier: GPL-2.0 */
#ifndef MCTP_USB_COMPAT_LINUX_HRTIMER_H
#define MCTP_USB_COMPAT_LINUX_HRTIMER_H

#include_next <linux/hrtimer.h>

#ifdef NEED_HRTIMER_SETUP
static inline void
mctp_usb_compat_hrtimer_setup(struct hrtimer *timer,
			      enum hrtimer_restart (*function)(struct hrtimer *),
			      clockid_t clock, enum hrtimer_mode mode)
{
	hrtimer_init(timer, clock, mode);
	timer->function = function;
}

#define hrtimer_setup	mctp_usb_compat_hrtimer_setup
#endif

#endif /* MCTP_USB_COMPAT_LINUX_HRTIMER_H */
