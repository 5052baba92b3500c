/* SPDX-License-Identifier: GPL-2.0 */
/* A hostile device, and a host's trouble in setting it up; all of it comes again with its seed. */
#ifndef EMU_FUZZ_H
#define EMU_FUZZ_H

#include "descriptors.h"
#include "port.h"

struct chance {
	unsigned long long state;
};

void chance_seed(struct chance *c, unsigned long seed);
unsigned int chance_below(struct chance *c, unsigned int n);
bool chance_once_in(struct chance *c, unsigned int n);

/* What becomes of a control transfer of the host's */
enum control_fault {
	CONTROL_FINE,
	CONTROL_UNPLUG,		/* the device is gone instead of the answer */
	CONTROL_STALL,
	CONTROL_SILENT,
	CONTROL_SHORT,		/* half of the answer */
	CONTROL_NOISE,		/* an answer of that length, but of other bytes */
	CONTROL_FAULTS,
};

extern const char *const control_fault_names[CONTROL_FAULTS];

/* fuzz-transfers.c */
void fuzz_transfers(struct port *port, unsigned long seed, unsigned long count);

/* fuzz-descriptors.c */
void fuzz_descriptors(struct descriptors *d, unsigned long seed);

#endif /* EMU_FUZZ_H */
