/* SPDX-License-Identifier: GPL-2.0 */
/*
 * DSP0283 vectors as vectors.awk makes them of a text file, which is where the
 * format is described: tests/data/dsp0283-vectors.txt.
 */
#ifndef MCTP_USB_KUNIT_VECTOR_TABLE_H
#define MCTP_USB_KUNIT_VECTOR_TABLE_H

#include <linux/build_bug.h>
#include <linux/kernel.h>
#include <linux/types.h>

enum vector_step_kind {
	VECTOR_TRANSFER,
	VECTOR_ERROR,		/* !E */
	VECTOR_RESET,		/* !R */
	VECTOR_TIMER,		/* !T */
};

enum vector_event {
	VECTOR_BAD_ID,
	VECTOR_BAD_LEN,
	VECTOR_SHORT_HDR,
	VECTOR_TRUNC,
	VECTOR_PAD,
	VECTOR_ABORT,
	VECTOR_URB,
	VECTOR_STALE,
	VECTOR_EVENTS,
};

/* So many entries of one of the tables, from that place on. */
struct vector_span {
	u32 at;
	u32 len;
};

struct vector_step {
	enum vector_step_kind kind;
	struct vector_span bytes;
};

struct vector_rx {
	const char *id;
	const char *note;
	bool spanning;
	struct vector_span steps;
	struct vector_span packets;
	struct vector_span events;
	unsigned int held;
};

struct vector_tx {
	const char *id;
	const char *note;
	bool spanning;
	struct vector_span packet;
	bool refused;
	struct vector_span frame;
	bool zlp;
};

#include "vectors.h"

static_assert(ARRAY_SIZE(vector_receive) + ARRAY_SIZE(vector_transmit) ==
	      VECTOR_LINES);

#endif /* MCTP_USB_KUNIT_VECTOR_TABLE_H */
