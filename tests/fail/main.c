// SPDX-License-Identifier: GPL-2.0
/*
 * mctp-fail core|usb MODE [OPERATION..] - fail what each operation asks for, one request
 * at a time; see fail.h. MODE is "chains", each call chain once, or a number: every so
 * manyth request. Results are KTAP lines, and a table of what failed and what came of it.
 */
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "fail.h"

#define NTH_MAX 5000
/* Enough to know of in one operation */
#define WRONG_MAX 5

/* Pages: a slab that gets none tries once more, with less */
static const struct fail_way ways[] = {
	{ "slab", "allocations", 1, 0 },
	{ "pages", "allocations of pages", 4, 0 },
	{ "urb", "submissions", 1, -ENOMEM },
	{ "urb", "submissions, ten in a row", 10, -ENOMEM },
};

static unsigned int every;

static void complain(const struct fail_op *op, const char *site, int rc, const char *what)
{
	printf("# %s, %s (%s): %s\n", op->name, site, strerror(-rc), what);
}

/* Return: whether anything failed; adds to @wrong what was not as it should be */
static bool once(const struct fail_op *op, const struct fail_way *way, unsigned int nth,
		 unsigned int *wrong)
{
	char site[SITE_MAX], complaint[SITE_MAX];
	unsigned int failed;
	bool works, quiet;
	int rc;

	if (op->prepare)
		op->prepare();
	kmsg_skip();
	hook_arm(way, nth, op->whole);
	rc = op->run();
	if (rc > 0)
		rc = 0;
	failed = hook_end(site);
	if (op->finish)
		op->finish(rc);
	works = op->works();
	quiet = kmsg_quiet(complaint);
	if (!works)
		complain(op, site, rc, "nothing works behind it");
	if (!quiet) {
		complain(op, site, rc, complaint);
		fputs(kmsg_said(), stdout);
	}
	if (!failed && rc)
		complain(op, "nothing has failed", rc, "an error all the same");
	fflush(stdout);
	*wrong += !works || !quiet || (!failed && rc);
	if (failed)
		sites_note(site, rc);
	return failed;
}

/* Return: whether all was well; of a way in which nothing could fail nothing is said */
static bool fail_all(const struct fail_op *op, const struct fail_way *way, int *number)
{
	unsigned int nth = every ? 1 : 0, n = 0, wrong = 0;

	sites_clear();
	hook_forget();
	while (wrong < WRONG_MAX && n++ < NTH_MAX && once(op, way, nth, &wrong))
		nth += every;
	if (!wrong && !sites_total())
		return true;
	printf("%sok %d - %s: %u %s failed\n", wrong ? "not " : "", ++*number, op->name,
	       sites_total(), way->name);
	sites_print();
	fflush(stdout);
	return !wrong;
}

static bool suits(const struct fail_op *op, const struct fail_way *way)
{
	return !op->fragile || way->times == 1 || strcmp(way->what, "urb");
}

static bool wanted(const struct fail_op *op, char **names)
{
	if (!*names)
		return every || !op->lengthy;
	while (*names && strcmp(op->name, *names))
		names++;
	return *names;
}

int main(int argc, char **argv)
{
	bool core = argc > 1 && !strcmp(argv[1], "core");
	const struct fail_op *ops = core ? core_ops : usb_ops;
	size_t count = core ? core_op_count : usb_op_count;
	size_t way_count = core ? 2 : ARRAY_SIZE(ways), i, w;
	int number = 0, failed = 0;

	progname = "mctp-fail";
	if (argc < 3)
		die("usage: mctp-fail core|usb chains|EVERY [OPERATION..]");
	if (strcmp(argv[2], "chains"))
		every = need_u32("EVERY", argv[2], 1, NTH_MAX);
	kmsg_open();
	hook_open();
	(core ? core_start : usb_start)();
	for (i = 0; i < count; i++) {
		if (!wanted(&ops[i], argv + 3))
			continue;
		for (w = 0; w < way_count; w++)
			if (suits(&ops[i], &ways[w]))
				failed += !fail_all(&ops[i], &ways[w], &number);
	}
	printf("1..%d\n", number);
	return failed || !number;
}
