/* SPDX-License-Identifier: GPL-2.0 */
/* Small things every part of the emulator uses. */
#ifndef EMU_UTIL_H
#define EMU_UTIL_H

#include <linux/types.h>

#define ARRAY_SIZE(a)	(sizeof(a) / sizeof((a)[0]))

/* A growing byte buffer; all zero is an empty one. */
struct bytes {
	u8 *data;
	size_t len;
	size_t room;
};

u8 *bytes_grow(struct bytes *b, size_t len);
void bytes_add(struct bytes *b, const void *data, size_t len);
void bytes_drop(struct bytes *b, size_t len);
void bytes_free(struct bytes *b);

/* Memory or death: an emulator that cannot go on says so and stops. */
void *must_alloc(size_t len);

long long now_ms(void);

bool hex_parse(const char *text, struct bytes *out);
void hex_print(struct bytes *out, const u8 *data, size_t len);
bool number_parse(const char *text, unsigned long max, unsigned long *value);

extern bool verbose;
[[gnu::format(printf, 1, 2)]]
void say(const char *format, ...);
[[gnu::format(printf, 1, 2)]]
void debug(const char *format, ...);

#endif /* EMU_UTIL_H */
