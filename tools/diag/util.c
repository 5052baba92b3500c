// SPDX-License-Identifier: GPL-2.0
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "util.h"

noreturn void die(const char *fmt, ...)
{
	va_list args;

	fflush(stdout);
	fputs("mctp-usb-diag: ", stderr);
	va_start(args, fmt);
	vfprintf(stderr, fmt, args);
	va_end(args);
	fputc('\n', stderr);
	exit(EXIT_OWN_FAILURE);
}

void *must_realloc(void *p, size_t size)
{
	p = realloc(p, size);
	if (!p && size)
		die("out of memory");
	return p;
}

char *must_vprintf(const char *fmt, va_list args)
{
	char *text;

	if (vasprintf(&text, fmt, args) < 0)
		die("out of memory");
	return text;
}

char *must_printf(const char *fmt, ...)
{
	va_list args;
	char *text;

	va_start(args, fmt);
	text = must_vprintf(fmt, args);
	va_end(args);
	return text;
}

bool starts_with(const char *text, const char *start)
{
	return !strncmp(text, start, strlen(start));
}

bool ends_with(const char *text, const char *end)
{
	size_t len = strlen(text), end_len = strlen(end);

	return len >= end_len && !strcmp(text + len - end_len, end);
}
