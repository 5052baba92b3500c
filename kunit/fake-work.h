/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What surrounds the error policy of a pipe: delayed work on a clock that the
 * test turns, and the two requests to the USB core.
 *
 * To be included ahead of pipe.c.
 */
#ifndef MCTP_USB_KUNIT_FAKE_WORK_H
#define MCTP_USB_KUNIT_FAKE_WORK_H

#include <linux/jiffies.h>
#include <linux/usb.h>
#include <linux/workqueue.h>

#include "usb/pipe.h"

#define USB_PIPE	0x12345

/* What was done to the device and the engine, in order. */
enum action {
	KILL = 1,
	CLEAR,
	RESUME,
	RESET,
	FAILED,
	WORKS,
};

#define ACTIONS_MAX	512

/**
 * struct fixture - a pipe and what surrounds it
 * @pipe: what is tested
 * @intf: its interface
 * @udev: its device
 * @halts: its counters
 * @retries: its counters
 * @resets: its counters
 * @now: the clock
 * @pending: the work is to run, at
 * @due: that time
 * @clear_err: what clearing a halt returns
 * @resume_status: what the restarted pipe fails with at once, if not 0
 * @last_status: what the engine heard of last
 * @idle: the engine has no transfer under way
 * @wrong_target: the device or the pipe was none of ours
 * @action: see above
 * @at: when that was
 * @actions: how many
 */
struct fixture {
	struct mctp_usb_pipe pipe;
	struct usb_interface intf;
	struct usb_device *udev;
	atomic_t halts;
	atomic_t retries;
	atomic_t resets;
	unsigned long now;
	bool pending;
	unsigned long due;
	int clear_err;
	int resume_status;
	int last_status;
	bool idle;
	bool wrong_target;
	u8 action[ACTIONS_MAX];
	unsigned long at[ACTIONS_MAX];
	unsigned int actions;
};

static struct fixture *fake;

static inline void note(enum action action)
{
	if (fake->actions == ACTIONS_MAX)
		return;
	fake->at[fake->actions] = fake->now;
	fake->action[fake->actions++] = action;
}

static inline bool fake_queue_delayed_work(struct workqueue_struct *wq,
					   struct delayed_work *work,
					   unsigned long delay)
{
	if (fake->pending)
		return false;
	fake->pending = true;
	fake->due = fake->now + delay;
	return true;
}

static inline bool fake_mod_delayed_work(struct workqueue_struct *wq,
					 struct delayed_work *work,
					 unsigned long delay)
{
	bool was_pending = fake->pending;

	fake->pending = true;
	fake->due = fake->now + delay;
	return was_pending;
}

static inline bool fake_cancel_delayed_work_sync(struct delayed_work *work)
{
	bool was_pending = fake->pending;

	fake->pending = false;
	return was_pending;
}

static inline int fake_clear_halt(struct usb_device *udev, int pipe)
{
	note(CLEAR);
	fake->wrong_target |= udev != fake->udev || pipe != USB_PIPE;
	return fake->clear_err;
}

static inline void fake_queue_reset_device(struct usb_interface *intf)
{
	note(RESET);
	fake->wrong_target |= intf != &fake->intf;
}

#undef queue_delayed_work
#undef mod_delayed_work
#undef cancel_delayed_work_sync
#undef usb_clear_halt
#undef usb_queue_reset_device
#define queue_delayed_work		fake_queue_delayed_work
#define mod_delayed_work		fake_mod_delayed_work
#define cancel_delayed_work_sync	fake_cancel_delayed_work_sync
#define usb_clear_halt			fake_clear_halt
#define usb_queue_reset_device		fake_queue_reset_device

#endif /* MCTP_USB_KUNIT_FAKE_WORK_H */
