// SPDX-License-Identifier: GPL-2.0
#include <stdlib.h>
#include <string.h>

#include "hex.h"

#define SHORT_RUN 8	/* from this length on a run is worth its brackets */

static int hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	if (c >= 'A' && c <= 'F')
		return c - 'A' + 10;
	return -1;
}

static int hex_byte(const char *text)
{
	int hi = hex_digit(text[0]);
	int lo = hi < 0 ? -1 : hex_digit(text[1]);

	return lo < 0 ? -1 : hi << 4 | lo;
}

/* "HH*N)", behind its bracket. Returns what follows, NULL when malformed. */
static const char *parse_repeat(const char *text, int *byte,
				unsigned long *times)
{
	char *end;

	*byte = hex_byte(text);
	if (*byte < 0 || text[2] != '*' || text[3] < '0' || text[3] > '9')
		return NULL;
	*times = strtoul(text + 3, &end, 10);
	return *end == ')' ? end + 1 : NULL;
}

/* Returns how many bytes, -1 when the text is malformed or they do not fit. */
ssize_t hex_parse(const char *text, uint8_t *buf, size_t size)
{
	unsigned long times;
	size_t len = 0;
	int byte;

	if (!strcmp(text, "-"))
		return 0;
	if (!*text)
		return -1;
	while (*text) {
		if (*text == '(') {
			text = parse_repeat(text + 1, &byte, &times);
			if (!text)
				return -1;
		} else {
			byte = hex_byte(text);
			if (byte < 0)
				return -1;
			times = 1;
			text += 2;
		}
		if (times > size - len)
			return -1;
		memset(buf + len, byte, times);
		len += times;
	}
	return len;
}

void hex_print(FILE *f, const uint8_t *data, size_t len)
{
	size_t i;

	if (!len)
		fputc('-', f);
	for (i = 0; i < len; i++)
		fprintf(f, "%02X", data[i]);
}

/* The same with long runs of one byte as (HH*N). */
void hex_print_short(FILE *f, const uint8_t *data, size_t len)
{
	size_t i, run;

	if (!len)
		fputc('-', f);
	for (i = 0; i < len; i += run) {
		for (run = 1; i + run < len && data[i + run] == data[i]; run++)
			;
		if (run >= SHORT_RUN) {
			fprintf(f, "(%02X*%zu)", data[i], run);
		} else {
			run = 1;
			fprintf(f, "%02X", data[i]);
		}
	}
}
