/* SPDX-License-Identifier: GPL-2.0 */
/* What kunit/frame-model.h and frame-reader.h take from the kernel, for user space. */
#ifndef FUZZ_KUNIT_TEST_H
#define FUZZ_KUNIT_TEST_H

#include <stdlib.h>
#include <string.h>

#include <linux/types.h>

struct kunit;

#define GFP_KERNEL	0

static inline void KUNIT_ASSERT_NOT_NULL(struct kunit *test, const void *pointer)
{
	if (!pointer)
		abort();
}

static inline void *kunit_kzalloc(struct kunit *test, size_t size, int gfp)
{
	return calloc(1, size);
}

/* An allocation of just that size: what is read behind it is found. */
static inline void *kmemdup(const void *from, size_t len, int gfp)
{
	void *to = malloc(len);

	if (to && len)
		memcpy(to, from, len);
	return to;
}

static inline void kfree(void *object)
{
	free(object);
}

static inline const void *memchr_inv(const void *from, int byte, size_t len)
{
	const u8 *at = from;

	for (; len--; at++) {
		if (*at != byte)
			return at;
	}
	return NULL;
}

#endif /* FUZZ_KUNIT_TEST_H */
