/* SPDX-License-Identifier: GPL-2.0 */
/* A day of traffic and faults. */
#ifndef SILENT_H
#define SILENT_H

#include <stdbool.h>
#include <linux/types.h>

#include "../races/where.h"
#include "../vm/tools/sysfs.h"
#include "../vm/tools/emu.h"

extern struct emu emu;

/* faults.c */
bool fault(const struct where *w);
bool fault_swallows(void);
void faults_print(void);

/* loss.c: what both ends have counted as lost */
struct losses {
	__u64 driver, endpoint;
	int ifindex;
	bool carrier;
	long carrier_downs, queue;
};

void losses_read(const struct where *w, struct losses *l);
const char *losses_tell(const struct losses *before, const struct losses *now);

#endif /* SILENT_H */
