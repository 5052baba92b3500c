// SPDX-License-Identifier: GPL-2.0
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../json.h"
#include "test.h"

static bool quotes_as(const char *text, const char *want)
{
	char *json = json_quote(text);
	bool good = !strcmp(json, want);

	if (!good)
		printf("# got %s\n", json);
	free(json);
	return good;
}

void test_json(void)
{
	check(quotes_as("", "\"\""), "an empty string");
	check(quotes_as("say \"a\\b\"", "\"say \\\"a\\\\b\\\"\""),
	      "quotes and backslashes are escaped");
	check(quotes_as("a\nb\x1b[1m\x7f", "\"a\\u000ab\\u001b[1m\\u007f\""),
	      "control characters are escaped");
	check(quotes_as("\xc3\xa4\xe2\x82\xac\xf0\x9f\x98\x80",
			"\"\xc3\xa4\xe2\x82\xac\xf0\x9f\x98\x80\""),
	      "UTF-8 stays as it is");
	check(quotes_as("a\xffz", "\"a\\ufffdz\""), "a byte that is no UTF-8");
	check(quotes_as("\xe2\x82", "\"\\ufffd\\ufffd\""), "a character that is cut short");
	check(quotes_as("\xc0\xaf", "\"\\ufffd\\ufffd\""), "a character longer than need be");
	check(quotes_as("\xed\xa0\x80", "\"\\ufffd\\ufffd\\ufffd\""), "half of a surrogate pair");
	check(quotes_as("\xf4\x90\x80\x80", "\"\\ufffd\\ufffd\\ufffd\\ufffd\""),
	      "beyond the last character");
}
