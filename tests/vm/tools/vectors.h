/* SPDX-License-Identifier: GPL-2.0 */
/* The DSP0283 test vectors; the file itself says what its fields mean. */
#ifndef TOOLS_VECTORS_H
#define TOOLS_VECTORS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum vec_event {
	VEC_BAD_ID,
	VEC_BAD_LEN,
	VEC_SHORT_HDR,
	VEC_TRUNC,
	VEC_PAD,
	VEC_ABORT,
	VEC_URB,
	VEC_STALE,
	VEC_EVENTS,
};

enum vec_step_kind {
	VEC_TRANSFER,		/* an IN completion with data, maybe none */
	VEC_ERROR,		/* !E */
	VEC_RESET,		/* !R */
	VEC_TIMEOUT,		/* !T */
};

struct vec_bytes {
	uint8_t *data;
	size_t len;
};

struct vec_step {
	enum vec_step_kind kind;
	char *text;		/* as in the file */
	size_t len;		/* bytes of a transfer */
};

struct vector {
	char *id;
	char *note;
	int mode;		/* 10 or 11 */
	bool tx;
	/* receive */
	struct vec_step *steps;
	size_t n_steps;
	struct vec_bytes *deliver;
	size_t n_deliver;
	unsigned int events[VEC_EVENTS];
	unsigned int held;
	/* transmit */
	struct vec_bytes packet;
	struct vec_bytes frame;
	bool refused;
	bool zlp;
};

struct vectors {
	struct vector *v;
	size_t n;
	char error[160];	/* why loading failed */
};

extern const char * const vec_event_names[VEC_EVENTS];

int vectors_load(struct vectors *set, const char *path);
void vectors_free(struct vectors *set);

#endif /* TOOLS_VECTORS_H */
