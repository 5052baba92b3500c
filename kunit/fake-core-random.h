/* SPDX-License-Identifier: GPL-2.0 */
/* Random numbers of one sequence for a whole case. */
#ifndef KUNIT_FAKE_CORE_RANDOM_H
#define KUNIT_FAKE_CORE_RANDOM_H

#include "seeded.h"

static struct rnd_state fake_rnd;

/* Each case starts anew, so that it can be repeated alone. */
static inline void fake_random_start(void)
{
	seeded_start(&fake_rnd);
}

/* Return: a number below @end */
static inline unsigned int fake_below(unsigned int end)
{
	return seeded_below(&fake_rnd, end);
}

/* Return: a number from @first to @last */
static inline unsigned int fake_between(unsigned int first, unsigned int last)
{
	return seeded_from(&fake_rnd, first, last);
}

#endif /* KUNIT_FAKE_CORE_RANDOM_H */
