/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Marks around what is measured: instructions that do nothing, and that
 * count-insns.c knows by their bytes (nopl with an odd displacement).
 */
#ifndef BENCH_MARKS_H
#define BENCH_MARKS_H

#define MARK_LEN	8
#define MARK_START	{ 0x0f, 0x1f, 0x84, 0x00, 'm', 'u', 'b', 0x01 }
#define MARK_STOP	{ 0x0f, 0x1f, 0x84, 0x00, 'm', 'u', 'b', 0x02 }

static inline void marks_start(void)
{
	asm volatile(".byte 0x0f, 0x1f, 0x84, 0x00, 'm', 'u', 'b', 0x01" ::: "memory");
}

static inline void marks_stop(void)
{
	asm volatile(".byte 0x0f, 0x1f, 0x84, 0x00, 'm', 'u', 'b', 0x02" ::: "memory");
}

#endif /* BENCH_MARKS_H */
