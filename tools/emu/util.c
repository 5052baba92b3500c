// SPDX-License-Identifier: GPL-2.0
/* Small things every part of the emulator uses. */
#include <ctype.h>
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "util.h"

/* Longest run of one byte that (HH*N) may ask for. */
#define REPEAT_MAX	(1024 * 1024)

bool verbose;

static void vsay(const char *format, va_list args)
{
	fputs("mctp-usb-emu: ", stderr);
	vfprintf(stderr, format, args);
	fputc('\n', stderr);
}

/* For the user, on stderr. */
void say(const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vsay(format, args);
	va_end(args);
}

/* For the user who asked for it with -v. */
void debug(const char *format, ...)
{
	va_list args;

	if (!verbose)
		return;
	va_start(args, format);
	vsay(format, args);
	va_end(args);
}

void *must_alloc(size_t len)
{
	void *p = calloc(1, len ? len : 1);

	if (!p) {
		say("out of memory");
		exit(1);
	}
	return p;
}

/* Make room for @len bytes more and count them in; they are the caller's to fill. */
u8 *bytes_grow(struct bytes *b, size_t len)
{
	size_t need = b->len + len;
	u8 *at;

	if (need > b->room) {
		size_t room = need + need / 2 + 64;
		u8 *data = realloc(b->data, room);

		if (!data) {
			say("out of memory");
			exit(1);
		}
		b->data = data;
		b->room = room;
	}
	at = b->data + b->len;
	b->len = need;
	return at;
}

void bytes_add(struct bytes *b, const void *data, size_t len)
{
	if (len)
		memcpy(bytes_grow(b, len), data, len);
}

/* Take @len bytes off the front. */
void bytes_drop(struct bytes *b, size_t len)
{
	b->len -= len;
	if (b->len)
		memmove(b->data, b->data + len, b->len);
}

void bytes_free(struct bytes *b)
{
	free(b->data);
	*b = (struct bytes){ 0 };
}

long long now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * 1000LL + now.tv_nsec / 1000000;
}

static int hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c = tolower((unsigned char)c);
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* Two hex digits at @text, or -1. Stops at the end of the string. */
static int hex_byte(const char *text)
{
	int high = hex_digit(text[0]);
	int low = high < 0 ? -1 : hex_digit(text[1]);

	return low < 0 ? -1 : high << 4 | low;
}

/* "(HH*N)" at @text: the byte HH N times. Returns what follows, or NULL. */
static const char *hex_repeat(const char *text, struct bytes *out)
{
	int byte = hex_byte(text + 1);
	unsigned long count;
	char *end;

	if (byte < 0 || text[3] != '*' || !isdigit((unsigned char)text[4]))
		return NULL;
	errno = 0;
	count = strtoul(text + 4, &end, 10);
	if (errno || count > REPEAT_MAX || *end != ')')
		return NULL;
	if (count)
		memset(bytes_grow(out, count), byte, count);
	return end + 1;
}

/* Append what @text spells: hex bytes, with (HH*N) for N times the byte HH. */
bool hex_parse(const char *text, struct bytes *out)
{
	while (text && *text) {
		int byte;

		if (*text == '(') {
			text = hex_repeat(text, out);
			continue;
		}
		byte = hex_byte(text);
		if (byte < 0)
			return false;
		*bytes_grow(out, 1) = byte;
		text += 2;
	}
	return text;
}

void hex_print(struct bytes *out, const u8 *data, size_t len)
{
	static const char digits[] = "0123456789ABCDEF";
	u8 *at = bytes_grow(out, 2 * len);
	size_t i;

	for (i = 0; i < len; i++) {
		*at++ = digits[data[i] >> 4];
		*at++ = digits[data[i] & 15];
	}
}

/* A number in C's notation that is @max at most. */
bool number_parse(const char *text, unsigned long max, unsigned long *value)
{
	char *end;

	if (!isdigit((unsigned char)*text))
		return false;
	errno = 0;
	*value = strtoul(text, &end, 0);
	return !errno && !*end && *value <= max;
}
