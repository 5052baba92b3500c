// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <poll.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "util.h"

const char *progname = "";

/* Report one line on stderr and leave with status 1. */
noreturn void die(const char *fmt, ...)
{
	va_list args;

	fflush(stdout);
	fprintf(stderr, "%s: ", progname);
	va_start(args, fmt);
	vfprintf(stderr, fmt, args);
	va_end(args);
	fputc('\n', stderr);
	exit(1);
}

void *xrealloc(void *p, size_t size)
{
	p = realloc(p, size);
	if (!p && size)
		die("out of memory");
	return p;
}

/* The whole text must be a number, decimal or 0x hex, between min and max. */
bool parse_u32(const char *text, uint32_t min, uint32_t max, uint32_t *value)
{
	unsigned long long v;
	char *end;

	if (*text < '0' || *text > '9')
		return false;
	errno = 0;
	v = strtoull(text, &end, text[0] == '0' && text[1] == 'x' ? 16 : 10);
	if (errno || *end || v < min || v > max)
		return false;
	*value = v;
	return true;
}

uint32_t need_u32(const char *what, const char *text, uint32_t min,
		  uint32_t max)
{
	uint32_t value;

	if (!text)
		die("%s: value missing", what);
	if (!parse_u32(text, min, max, &value))
		die("%s: '%s' is not a number from %u to %u", what, text, min,
		    max);
	return value;
}

/* Seconds may have a fraction; up to a day. */
uint64_t need_seconds_us(const char *what, const char *text)
{
	double v;
	char *end;

	if (!text)
		die("%s: value missing", what);
	v = strtod(text, &end);
	if (end == text || *end || !(v >= 0 && v <= 86400))
		die("%s: '%s' is not a time in seconds", what, text);
	return v * 1e6;
}

uint64_t now_us(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec * 1000000ull + ts.tv_nsec / 1000;
}

/* 1 = readable (or an error to read), 0 = the deadline passed. */
int wait_readable(int fd, uint64_t deadline_us)
{
	struct pollfd pfd = { .fd = fd, .events = POLLIN };

	for (;;) {
		uint64_t now = now_us();
		int ms = deadline_us > now ? (deadline_us - now + 999) / 1000 : 0;
		int rc = poll(&pfd, 1, ms);

		if (rc > 0)
			return 1;
		if (rc < 0 && errno != EINTR)
			die("poll: %s", strerror(errno));
		if (!rc && now_us() >= deadline_us)
			return 0;
	}
}

/*
 * Payload of test messages. The second term makes 256-byte blocks differ, so
 * that a fragment put back in the wrong place shows.
 */
uint8_t test_byte(size_t pos, unsigned int salt)
{
	return 7 * pos + 13 * (pos >> 8) + salt;
}
