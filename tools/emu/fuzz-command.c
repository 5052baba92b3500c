// SPDX-License-Identifier: GPL-2.0
/* The command 'fuzz', see mctp-usb-emu(1). */
#include <string.h>

#include "emu.h"
#include "fuzz.h"

#define TRANSFERS_MAX	100000
#define BURST_MS	25000

/* With MS: do not wait for longer until the host has taken all. */
static void run_transfers(struct emu *emu, unsigned long seed, char **args)
{
	struct port *port = emu->selected;
	unsigned long count, ms = BURST_MS;

	if (!args[0] || !number_parse(args[0], TRANSFERS_MAX, &count) ||
	    (args[1] && !number_parse(args[1], BURST_MS, &ms))) {
		answer_error(emu, "say fuzz transfers SEED COUNT [MS]");
		return;
	}
	if (!port->live) {
		answer_error(emu, "no host has configured the interface");
		return;
	}
	port->in.play_lost = false;
	fuzz_transfers(port, seed, count);
	emu->wait = (struct wait){
		.kind = args[1] ? WAIT_TIME : WAIT_PLAY,
		.port = port, .end = now_ms() + ms,
	};
}

/* fuzz control WHAT N: what becomes of the Nth control transfer from now on */
static void run_control(struct emu *emu, char **args)
{
	unsigned long n = 0;
	unsigned int i;

	for (i = 0; args[0] && i < CONTROL_FAULTS; i++) {
		if (strcmp(args[0], control_fault_names[i]))
			continue;
		if (i != CONTROL_FINE && (!args[1] || !number_parse(args[1], 1000, &n)))
			break;
		emu->control_fault = i;
		emu->control_fault_in = n;
		answer_ok(emu);
		return;
	}
	answer_error(emu, "say fuzz control unplug|stall|silent|short|noise N");
}

void run_fuzz(struct emu *emu, char **args)
{
	struct descriptors *d = &emu->wanted;
	unsigned long seed;

	if (args[0] && !strcmp(args[0], "control")) {
		run_control(emu, args + 1);
	} else if (!args[0] || !args[1] || !number_parse(args[1], 0xffffffff, &seed)) {
		answer_error(emu, "say fuzz transfers, fuzz descriptors or fuzz control");
	} else if (!strcmp(args[0], "transfers")) {
		run_transfers(emu, seed, args + 2);
	} else if (!strcmp(args[0], "descriptors")) {
		fuzz_descriptors(d, seed);
		answer(emu, "%s speed, %s", usb_speed_names[d->speed], d->spanning ? "1.1" : "1.0");
		answer_ok(emu);
	} else {
		answer_error(emu, "cannot fuzz '%s'", args[0]);
	}
}
