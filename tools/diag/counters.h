/* SPDX-License-Identifier: GPL-2.0 */
/* What a link has counted, in words. */
#ifndef DIAG_COUNTERS_H
#define DIAG_COUNTERS_H

#include <stdbool.h>
#include <stdint.h>

#include "../link/link.h"
#include "report.h"

struct counter {
	char name[32];
	uint64_t value;
};

void counters_report(const struct link *link, struct report *report);
void counter_judge(const char *link, const struct counter *counter, struct report *report);
bool counter_known(const char *name);

#endif /* DIAG_COUNTERS_H */
