/* SPDX-License-Identifier: GPL-2.0 */
/* Small things every part of the program uses. */
#ifndef DIAG_UTIL_H
#define DIAG_UTIL_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdnoreturn.h>

#define EXIT_OWN_FAILURE	2

[[gnu::format(printf, 1, 2)]]
noreturn void die(const char *fmt, ...);

/* Memory or death. */
void *must_realloc(void *p, size_t size);
[[gnu::format(printf, 1, 2)]]
char *must_printf(const char *fmt, ...);
[[gnu::format(printf, 1, 0)]]
char *must_vprintf(const char *fmt, va_list args);

bool starts_with(const char *text, const char *start);
bool ends_with(const char *text, const char *end);
char *text_value(const char *text, const char *key);

#endif /* DIAG_UTIL_H */
