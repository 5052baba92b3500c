// SPDX-License-Identifier: GPL-2.0
/* What the kernel holds. */
#include <stdio.h>

#include "conform.h"

/* In KiB, without what it would give back when asked */
long kernel_memory(void)
{
	FILE *f = fopen("/proc/meminfo", "r");
	long value, taken = 0;
	char line[128];

	if (!f)
		die("/proc/meminfo: %s", strerror(errno));
	while (fgets(line, sizeof(line), f)) {
		if (sscanf(line, "MemTotal: %ld", &value) == 1)
			taken += value;
		if (sscanf(line, "MemAvailable: %ld", &value) == 1)
			taken -= value;
	}
	fclose(f);
	return taken;
}
