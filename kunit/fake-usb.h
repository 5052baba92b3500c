/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The USB core, NAPI and memory as the engines see them, without a device.
 *
 * URBs stay "in flight" until the test gives them back, and all that an engine
 * may not do with them is noted. To be included ahead of the engine.
 */
#ifndef MCTP_USB_KUNIT_FAKE_USB_H
#define MCTP_USB_KUNIT_FAKE_USB_H

#include <kunit/test.h>
#include <linux/netdevice.h>
#include <linux/slab.h>
#include <linux/usb.h>

#define FAKE_URBS_MAX	64
#define FAKE_NEVER	(-1)

/**
 * struct fake_usb - the USB core
 * @flight: submitted URBs, the oldest first
 * @flying: how many
 * @killed: URBs in the order they were taken back, the first ones
 * @kills: how many
 * @late: what the device does with the oldest URB as it is taken back
 * @late_len: bytes that it sends into it, or takes of it
 * @submits: URBs accepted so far
 * @submits_left: how many more will be, FAKE_NEVER: no end
 * @submit_err: what the others get
 * @on_submit: called for each URB accepted, inside of its submission
 * @allocs_left: allocations that go well before one fails, FAKE_NEVER: no end
 * @alive: allocations not freed
 * @scheduled: how often NAPI was asked for
 * @on_schedule: called each time
 * @wrong: the first thing an engine should not have done
 */
static struct fake_usb {
	struct urb *flight[FAKE_URBS_MAX];
	unsigned int flying;
	struct urb *killed[FAKE_URBS_MAX];
	unsigned int kills;
	const void *late;
	unsigned int late_len;
	unsigned int submits;
	int submits_left;
	int submit_err;
	void (*on_submit)(struct urb *urb);
	int allocs_left;
	int alive;
	unsigned int scheduled;
	void (*on_schedule)(void);
	const char *wrong;
} fake_usb;

static inline void fake_usb_reset(void)
{
	memset(&fake_usb, 0, sizeof(fake_usb));
	fake_usb.submits_left = FAKE_NEVER;
	fake_usb.allocs_left = FAKE_NEVER;
}

static inline void fake_usb_expect(bool holds, const char *otherwise)
{
	if (!holds && !fake_usb.wrong)
		fake_usb.wrong = otherwise;
}

/* Return: whether there is none left; takes one of what is left. */
static inline bool fake_usb_used_up(int *left)
{
	if (!*left)
		return true;
	if (*left > 0)
		--*left;
	return false;
}

static inline bool fake_alloc_fails(void)
{
	bool fails = fake_usb.allocs_left == 0;

	/* That one, and no other. */
	if (fake_usb.allocs_left >= 0)
		fake_usb.allocs_left--;
	fake_usb.alive += !fails;
	return fails;
}

static inline void *fake_kmalloc(size_t size, gfp_t gfp)
{
	return fake_alloc_fails() ? NULL : kmalloc(size, gfp);
}

static inline void *fake_kcalloc(size_t n, size_t size, gfp_t gfp)
{
	return fake_alloc_fails() ? NULL : kcalloc(n, size, gfp);
}

static inline void fake_kfree(const void *at)
{
	fake_usb.alive -= !!at;
	kfree(at);
}

static inline struct urb *fake_usb_alloc_urb(int iso_packets, gfp_t gfp)
{
	return fake_kcalloc(1, sizeof(struct urb), gfp);
}

static inline bool fake_usb_in_flight(const struct urb *urb)
{
	unsigned int i;

	for (i = 0; i < fake_usb.flying; i++) {
		if (fake_usb.flight[i] == urb)
			return true;
	}
	return false;
}

static inline void fake_usb_free_urb(struct urb *urb)
{
	fake_usb_expect(!fake_usb_in_flight(urb), "an URB freed in flight");
	fake_kfree(urb);
}

static inline int fake_usb_submit_urb(struct urb *urb, gfp_t gfp)
{
	fake_usb_expect(gfp == GFP_ATOMIC, "submission that may sleep");
	fake_usb_expect(!fake_usb_in_flight(urb), "an URB submitted twice");
	fake_usb_expect(fake_usb.flying < FAKE_URBS_MAX, "too many URBs");
	if (fake_usb.wrong)
		return -EBUSY;
	if (fake_usb_used_up(&fake_usb.submits_left))
		return fake_usb.submit_err;
	urb->status = -EINPROGRESS;
	urb->actual_length = 0;
	urb->unlinked = 0;
	fake_usb.submits++;
	fake_usb.flight[fake_usb.flying++] = urb;
	if (fake_usb.on_submit)
		fake_usb.on_submit(urb);
	return 0;
}

/* The end of an URB, wherever it is in the queue. */
static inline void fake_usb_give_back(struct urb *urb, int status,
				      unsigned int actual)
{
	unsigned int i;

	for (i = 0; fake_usb.flight[i] != urb; i++) {
		if (i == fake_usb.flying) {
			fake_usb_expect(false, "an URB that is not in flight");
			return;
		}
	}
	fake_usb.flying--;
	memmove(&fake_usb.flight[i], &fake_usb.flight[i + 1],
		(fake_usb.flying - i) * sizeof(*fake_usb.flight));
	urb->status = status;
	urb->actual_length = actual;
	urb->complete(urb);
}

/* The device sends @len bytes, into the oldest URB. */
static inline void fake_usb_send(const void *data, unsigned int len)
{
	struct urb *urb = fake_usb.flight[0];

	fake_usb_expect(fake_usb.flying, "no URB for the device's data");
	if (!fake_usb.flying)
		return;
	fake_usb_expect(len <= urb->transfer_buffer_length, "babble");
	memset(urb->transfer_buffer, 0xe7, urb->transfer_buffer_length);
	memcpy(urb->transfer_buffer, data, len);
	fake_usb_give_back(urb, 0, len);
}

/* The oldest URB fails. */
static inline void fake_usb_fail(int status)
{
	fake_usb_expect(fake_usb.flying, "no URB to fail");
	if (fake_usb.flying)
		fake_usb_give_back(fake_usb.flight[0], status, 0);
}

/* It is given back later, as xHCI's are. */
static inline int fake_usb_unlink_urb(struct urb *urb)
{
	if (fake_usb.kills < FAKE_URBS_MAX)
		fake_usb.killed[fake_usb.kills++] = urb;
	if (!fake_usb_in_flight(urb))
		return -EIDRM;
	urb->unlinked = -ECONNRESET;
	return -EINPROGRESS;
}

static inline void fake_usb_kill_urb(struct urb *urb)
{
	unsigned int len = 0;

	if (!fake_usb_in_flight(urb))
		return;
	if (urb == fake_usb.flight[0] && fake_usb.late_len) {
		len = fake_usb.late_len;
		fake_usb.late_len = 0;
		if (fake_usb.late)
			memcpy(urb->transfer_buffer, fake_usb.late, len);
	}
	fake_usb_give_back(urb, urb->unlinked ?: -ENOENT, len);
}

static inline void fake_napi_schedule(struct napi_struct *napi)
{
	fake_usb_expect(napi, "no NAPI to schedule");
	fake_usb.scheduled++;
	if (fake_usb.on_schedule)
		fake_usb.on_schedule();
}

static inline void fake_netdev_setup(struct net_device *netdev)
{
}

#undef kmalloc
#undef kcalloc
#undef kfree
#undef usb_alloc_urb
#undef usb_free_urb
#undef usb_submit_urb
#undef usb_unlink_urb
#undef usb_kill_urb
#undef napi_schedule
#define kmalloc		fake_kmalloc
#define kcalloc		fake_kcalloc
#define kfree		fake_kfree
#define usb_alloc_urb	fake_usb_alloc_urb
#define usb_free_urb	fake_usb_free_urb
#define usb_submit_urb	fake_usb_submit_urb
#define usb_unlink_urb	fake_usb_unlink_urb
#define usb_kill_urb	fake_usb_kill_urb
#define napi_schedule	fake_napi_schedule

#endif /* MCTP_USB_KUNIT_FAKE_USB_H */
