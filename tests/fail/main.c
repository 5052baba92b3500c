// SPDX-License-Identifier: GPL-2.0
/*
 * mctp-fail core|usb [EVERY [NAME]] - fail each allocation of each operation, or every
 * so manyth of them; see fail.h. Results are KTAP lines, and a table of what failed and
 * what came of it.
 */
#include <stdio.h>
#include <stdlib.h>
#include <sys/klog.h>
#include <unistd.h>

#include "fail.h"

#define SITES 400
#define NTH_MAX 3000
/* Enough to know of in one operation */
#define WRONG_MAX 5

/* The console shows nothing meanwhile: the traces of failures are no news. */
#define CONSOLE_LEVEL 8

static struct site {
	char name[SITE_MAX];
	int rc;
	unsigned int times;
} sites[SITES];
static size_t site_count;

static void note(const char *name, int rc)
{
	size_t i;

	for (i = 0; i < site_count; i++) {
		if (!strcmp(sites[i].name, name) && sites[i].rc == rc) {
			sites[i].times++;
			return;
		}
	}
	if (site_count == SITES)
		return;
	snprintf(sites[i].name, SITE_MAX, "%s", name);
	sites[i].rc = rc;
	sites[i].times = 1;
	site_count++;
}

static void print_sites(void)
{
	size_t i;

	for (i = 0; i < site_count; i++)
		printf("#   %-62s %3u  %s\n", sites[i].name, sites[i].times,
		       sites[i].rc ? strerror(-sites[i].rc) : "done all the same");
}

/* Return: whether an allocation failed; adds to @wrong what was not as it should be */
static bool once(const struct fail_op *op, unsigned int n, unsigned int *wrong)
{
	char site[SITE_MAX], complaint[SITE_MAX];
	bool works, quiet;
	unsigned int left;
	pid_t task;
	int rc;

	if (op->prepare)
		op->prepare();
	task = op->task ? op->task() : 0;
	kmsg_skip();
	nth_set(task, n);
	rc = op->run();
	left = nth_end(task);
	if (op->finish)
		op->finish(rc);
	works = op->works();
	quiet = kmsg_site(site, complaint);
	if (!*site)
		snprintf(site, sizeof(site), "one that says nothing (__GFP_NOWARN)");
	if (!works)
		printf("# %s, allocation %u, %s (%s): nothing works behind it\n",
		       op->name, n, site, strerror(-rc));
	if (!quiet)
		printf("# %s, allocation %u, %s (%s): the kernel complains: %s\n%s",
		       op->name, n, site, strerror(-rc), complaint, kmsg_said());
	fflush(stdout);
	*wrong += !works || !quiet;
	if (left)
		return false;
	note(site, rc);
	return true;
}

static bool fail_all(const struct fail_op *op, unsigned int every, int number)
{
	unsigned int n = 1, wrong = 0;

	site_count = 0;
	while (wrong < WRONG_MAX && n < NTH_MAX && once(op, n, &wrong))
		n += every;
	printf("%sok %d - %s: %u allocations", wrong ? "not " : "", number,
	       op->name, n - 1);
	if (every > 1)
		printf(", one in %u failed", every);
	putchar('\n');
	print_sites();
	fflush(stdout);
	return !wrong;
}

int main(int argc, char **argv)
{
	bool core = argc > 1 && !strcmp(argv[1], "core");
	const struct fail_op *ops = core ? core_ops : usb_ops;
	size_t count = core ? core_op_count : usb_op_count, i;
	int number = 0, failed = 0;
	__u32 every = 1;

	progname = "mctp-fail";
	if (argc < 2 || argc > 4)
		die("usage: mctp-fail core|usb [EVERY [NAME]]");
	if (argc > 2)
		every = need_u32("EVERY", argv[2], 1, NTH_MAX);
	klogctl(CONSOLE_LEVEL, NULL, 1);
	kmsg_open();
	nth_open();
	(core ? core_start : usb_start)();
	for (i = 0; i < count; i++)
		if (argc < 4 || !strcmp(ops[i].name, argv[3]))
			failed += !fail_all(&ops[i], every, ++number);
	printf("1..%d\n", number);
	return failed || !number;
}
