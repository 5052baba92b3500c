// SPDX-License-Identifier: GPL-2.0
#include <stdio.h>
#include <string.h>

#include "../counters.h"
#include "test.h"

#define DRIVER	"../src/usb/stats.c"

/* How many of the driver's counters does the program not know? -1: they cannot be read. */
static int unknown_counters(void)
{
	FILE *file = fopen(DRIVER, "r");
	char line[200], name[32];
	int unknown = 0, seen = 0;
	const char *quote;

	if (!file)
		return -1;
	while (fgets(line, sizeof(line), file)) {
		quote = strchr(line, '"');
		if (line[0] != '\t' || !quote || sscanf(quote, "\"%31[a-z_]\"),", name) != 1)
			continue;
		seen++;
		if (counter_known(name))
			continue;
		printf("# %s\n", name);
		unknown++;
	}
	fclose(file);
	return seen > 20 ? unknown : -1;
}

static bool said(const char *name, uint64_t value, const char *words)
{
	struct counter counter = { .value = value };
	struct report report = { 0 };
	bool right;

	snprintf(counter.name, sizeof(counter.name), "%s", name);
	counter_judge("mctpusb0", &counter, &report);
	if (words)
		right = report.count == 1 && report.findings[0].level == LEVEL_NOTE &&
			strstr(report.findings[0].text, words);
	else
		right = !report.count;
	report_free(&report);
	return right;
}

void test_counters(void)
{
	check(!unknown_counters(), "every counter of the driver is known");
	check(said("rx_bad_id", 3,
		   "mctpusb0: rx_bad_id is 3: the device sent what does not start"),
	      "one that is not zero is explained");
	check(said("rx_bad_id", 0, NULL), "nothing is said of one that is zero");
	check(said("rx_packets", 1000, NULL), "nor of one that counts traffic");
	check(said("rx_teapots", 1, "does not know"), "one that is new is shown all the same");
}
