// SPDX-License-Identifier: GPL-2.0
/* The report for programs. Its keys and ids are in the man page. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "json.h"
#include "report.h"
#include "util.h"
#include "version.h"

/* Changes when a key or an id gets another meaning, not when one is added. */
#define FORMAT	1

/* How long is the UTF-8 character at text? 0: it is none. */
static unsigned int utf8_length(const unsigned char *text)
{
	static const unsigned long least[] = { 0, 0, 0x80, 0x800, 0x10000 };
	unsigned long code;
	unsigned int len, i;

	if (text[0] < 0x80)
		return 1;
	if ((text[0] & 0xe0) == 0xc0)
		len = 2;
	else if ((text[0] & 0xf0) == 0xe0)
		len = 3;
	else if ((text[0] & 0xf8) == 0xf0)
		len = 4;
	else
		return 0;
	code = text[0] & (0x7f >> len);
	for (i = 1; i < len; i++) {
		if ((text[i] & 0xc0) != 0x80)
			return 0;
		code = code << 6 | (text[i] & 0x3f);
	}
	/* What could be shorter, halves of surrogate pairs, and beyond the end. */
	if (code < least[len] || (code >= 0xd800 && code < 0xe000) || code > 0x10ffff)
		return 0;
	return len;
}

/*
 * Any bytes as a JSON string with its quotes, to be freed. What is no UTF-8
 * becomes the replacement character.
 */
char *json_quote(const char *text)
{
	const unsigned char *from = (const unsigned char *)text;
	/* the longest that becomes of a byte is \u00XX */
	char *json = must_realloc(NULL, 6 * strlen(text) + 3);
	char *to = json;
	unsigned int len;

	*to++ = '"';
	while (*from) {
		len = utf8_length(from);
		if (*from == '"' || *from == '\\') {
			*to++ = '\\';
			*to++ = *from++;
		} else if (*from < 0x20 || *from == 0x7f) {
			to += sprintf(to, "\\u%04x", *from++);
		} else if (len) {
			memcpy(to, from, len);
			to += len;
			from += len;
		} else {
			to += sprintf(to, "\\ufffd");
			from++;
		}
	}
	*to++ = '"';
	*to = '\0';
	return json;
}

static void print_string(const char *key, const char *value)
{
	char *json = json_quote(value);

	printf("\"%s\": %s", key, json);
	free(json);
}

static void print_finding(const struct finding *f)
{
	size_t i;

	printf("    {\"level\": \"%s\", \"area\": \"%s\", \"id\": \"%s\",\n     ",
	       level_names[f->level], f->area, f->id);
	print_string("text", f->text);
	if (f->fix) {
		printf(",\n     ");
		print_string("fix", f->fix);
	}
	printf(",\n     \"data\": {");
	for (i = 0; i < f->n_data; i++)
		printf("%s\"%s\": %s", i ? ", " : "", f->data[i].key, f->data[i].json);
	printf("}}");
}

void report_print_json(const struct report *report)
{
	size_t i;

	printf("{\n  \"format\": %d,\n  \"version\": \"%s\",\n", FORMAT, MCTP_USB_VERSION);
	printf("  \"result\": \"%s\",\n", level_names[report_worst(report)]);
	printf("  \"problems\": %zu,\n  \"findings\": [", report_problems(report));
	for (i = 0; i < report->count; i++) {
		puts(i ? "," : "");
		print_finding(&report->findings[i]);
	}
	puts("\n  ]\n}");
}
