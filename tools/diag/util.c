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

/* What a line KEY=value or KEY="value" has, to be freed, or NULL. */
char *text_value(const char *text, const char *key)
{
	size_t len = strlen(key);
	const char *line, *end;

	for (line = text; line && *line; line = end ? end + 1 : NULL) {
		end = strchr(line, '\n');
		if (strncmp(line, key, len) || line[len] != '=')
			continue;
		line += len + 1;
		if (*line == '"' || *line == '\'')
			return must_printf("%.*s", (int)strcspn(line + 1, "\"'\n"),
					   line + 1);
		return must_printf("%.*s", (int)strcspn(line, "\n"), line);
	}
	return NULL;
}
