/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A fuzzer's input is a program: any bytes are one, so what the fuzzer changes is the structure of
 * what is sent, and a change of one byte is a change of one step.
 */
#ifndef FUZZ_PROGRAM_H
#define FUZZ_PROGRAM_H

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>

#include <linux/types.h>

struct program {
	const u8 *at, *end;
};

static inline bool program_ends(const struct program *p)
{
	return p->at == p->end;
}

/* Return: the next byte, 0 behind the end */
static inline unsigned int program_byte(struct program *p)
{
	return p->at < p->end ? *p->at++ : 0;
}

static inline unsigned int program_word(struct program *p)
{
	unsigned int high = program_byte(p);

	return high << 8 | program_byte(p);
}

/* What must hold, whatever the input */
#define expect(holds, ...)					\
	do {							\
		if (!(holds)) {					\
			fprintf(stderr, "%s:%d: ", __FILE__, __LINE__);	\
			fprintf(stderr, __VA_ARGS__);		\
			fputc('\n', stderr);			\
			abort();				\
		}						\
	} while (0)

/* By the name that libFuzzer wants */
int fuzz_one(const u8 *data, size_t size) __asm__("LLVMFuzzerTestOneInput");

#endif /* FUZZ_PROGRAM_H */
