/* SPDX-License-Identifier: GPL-2.0 */
/* Small helpers every tool needs. */
#ifndef TOOLS_UTIL_H
#define TOOLS_UTIL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdnoreturn.h>

extern const char *progname;

[[gnu::format(printf, 1, 2)]]
noreturn void die(const char *fmt, ...);
void *xrealloc(void *p, size_t size);

bool parse_u32(const char *text, uint32_t min, uint32_t max, uint32_t *value);
uint32_t need_u32(const char *what, const char *text, uint32_t min,
		  uint32_t max);
uint64_t need_seconds_us(const char *what, const char *text);

uint64_t now_us(void);
int wait_readable(int fd, uint64_t deadline_us);

uint8_t test_byte(size_t pos, unsigned int salt);

#endif /* TOOLS_UTIL_H */
