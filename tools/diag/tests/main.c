// SPDX-License-Identifier: GPL-2.0
/* What is judged without files: JSON, links, counters. Results are TAP. */
#include <string.h>

#include "test.h"

/* The first finding with that id, or NULL. */
const struct finding *found(const struct report *report, const char *id)
{
	size_t i;

	for (i = 0; i < report->count; i++)
		if (!strcmp(report->findings[i].id, id))
			return &report->findings[i];
	return NULL;
}

int main(void)
{
	test_json();
	test_links();
	test_counters();
	return tap_end();
}
