/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Time that passes when a case says so, and the namespace's timer. It starts so
 * that the counter wraps between the ends of two keys, as it may at any time.
 */
#ifndef KUNIT_FAKE_CORE_TIME_H
#define KUNIT_FAKE_CORE_TIME_H

#include <linux/jiffies.h>
#include <linux/timer.h>

#include "fake-core.h"

static unsigned long fake_now;

static struct {
	void (*expire)(struct timer_list *timer);
	bool pending;
	unsigned long expires;
	unsigned int armed;
} fake_timer;

static inline void fake_timer_setup(struct timer_list *timer,
				    void (*expire)(struct timer_list *timer))
{
	memset(&fake_timer, 0, sizeof(fake_timer));
	fake_timer.expire = expire;
	fake_now = -7UL * HZ;
}

static inline bool fake_timer_pending(const struct timer_list *timer)
{
	return fake_timer.pending;
}

static inline void fake_mod_timer(struct timer_list *timer,
				  unsigned long expires)
{
	fake_timer.pending = true;
	fake_timer.expires = expires;
	fake_timer.armed++;
}

static inline void fake_timer_delete(struct timer_list *timer)
{
	fake_timer.pending = false;
}

static inline void fake_pass(unsigned long ticks)
{
	while (ticks--) {
		fake_now++;
		if (!fake_timer.pending || fake_timer.expires != fake_now)
			continue;
		fake_timer.pending = false;
		local_bh_disable();
		fake_timer.expire(&fake.mn.timer);
		local_bh_enable();
	}
}

#undef jiffies
#undef timer_setup
#undef timer_pending
#undef mod_timer
#undef timer_delete_sync
#define jiffies				fake_now
#define timer_setup(timer, expire, flags)	\
	fake_timer_setup(timer, (flags) ? NULL : (expire))
#define timer_pending			fake_timer_pending
#define mod_timer			fake_mod_timer
#define timer_delete_sync		fake_timer_delete

#endif /* KUNIT_FAKE_CORE_TIME_H */
