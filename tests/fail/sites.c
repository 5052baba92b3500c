// SPDX-License-Identifier: GPL-2.0
/* The table of what failed and what came of it. */
#include <stdio.h>

#include "fail.h"

#define SITES 400

static struct site {
	char name[SITE_MAX];
	int rc;
	unsigned int times;
} sites[SITES];

static size_t count;
static unsigned int total;

void sites_clear(void)
{
	count = 0;
	total = 0;
}

/* One has failed, and the operation has said @rc. */
void sites_note(const char *site, int rc)
{
	size_t i;

	total++;
	for (i = 0; i < count; i++) {
		if (!strcmp(sites[i].name, site) && sites[i].rc == rc) {
			sites[i].times++;
			return;
		}
	}
	if (count == SITES)
		return;
	snprintf(sites[i].name, SITE_MAX, "%s", site);
	sites[i].rc = rc;
	sites[i].times = 1;
	count++;
}

void sites_print(void)
{
	size_t i;

	for (i = 0; i < count; i++)
		printf("#   %-62s %4u  %s\n", sites[i].name, sites[i].times,
		       sites[i].rc ? strerror(-sites[i].rc) : "done all the same");
}

unsigned int sites_total(void)
{
	return total;
}
