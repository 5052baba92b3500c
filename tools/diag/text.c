// SPDX-License-Identifier: GPL-2.0
/* The report for people: a line for each finding, what to do at the end. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "report.h"
#include "util.h"
#include "version.h"

/* Names and logs may hold what a terminal would obey. */
static void print_plain(const char *text)
{
	for (; *text; text++)
		putchar((unsigned char)*text < 0x20 || *text == 0x7f ? '?' : *text);
}

/* A fix may have several lines. */
static void print_fix(const char *fix)
{
	char *copy = must_printf("%s", fix), *rest = copy, *line;

	while ((line = strsep(&rest, "\n"))) {
		printf("   ");
		print_plain(line);
		putchar('\n');
	}
	free(copy);
}

static void print_problems(const struct report *report, size_t problems)
{
	const struct finding *f;
	size_t n = 0;

	printf("\n%zu problem%s:\n", problems, problems == 1 ? "" : "s");
	for (f = report->findings; f < report->findings + report->count; f++) {
		if (f->level != LEVEL_PROBLEM)
			continue;
		printf("%zu. ", ++n);
		print_plain(f->text);
		putchar('\n');
		if (f->fix)
			print_fix(f->fix);
	}
}

void report_print_text(const struct report *report)
{
	static const char marks[LEVELS][9] = {
		[LEVEL_OK] = "ok",
		[LEVEL_NOTE] = "note",
		[LEVEL_PROBLEM] = "PROBLEM",
	};
	size_t problems = report_problems(report);
	const struct finding *f;

	printf("mctp-usb-diag %s\n", MCTP_USB_VERSION);
	for (f = report->findings; f < report->findings + report->count; f++) {
		printf("%-8s %-12s ", marks[f->level], f->area);
		print_plain(f->text);
		putchar('\n');
	}
	if (problems)
		print_problems(report, problems);
	else
		puts("\nNothing is wrong.");
}
