/* SPDX-License-Identifier: GPL-2.0 */
/* Random numbers that come again: a failure names the seed that made it. */
#ifndef MCTP_USB_KUNIT_SEEDED_H
#define MCTP_USB_KUNIT_SEEDED_H

#include <linux/moduleparam.h>
#include <linux/prandom.h>
#include <linux/random.h>

static unsigned int seed = 283;
module_param(seed, uint, 0444);
MODULE_PARM_DESC(seed, "of what is random in the tests, 0: another each time");

/* For the end of a message, with "seed" as its argument. */
#define SEEDED	" (seed=%u)"

static inline void seeded_start(struct rnd_state *rnd)
{
	if (!seed)
		seed = get_random_u32() | 1;
	prandom_seed_state(rnd, seed);
}

/* Return: a number below @n. */
static inline u32 seeded_below(struct rnd_state *rnd, u32 n)
{
	return prandom_u32_state(rnd) % n;
}

/* Return: a number from @from up to and including @to. */
static inline u32 seeded_from(struct rnd_state *rnd, u32 from, u32 to)
{
	return from + seeded_below(rnd, to - from + 1);
}

/* Return: true once in @n times. */
static inline bool seeded_once_in(struct rnd_state *rnd, u32 n)
{
	return !seeded_below(rnd, n);
}

#endif /* MCTP_USB_KUNIT_SEEDED_H */
