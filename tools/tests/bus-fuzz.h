/* SPDX-License-Identifier: GPL-2.0 */
/* A host of a few lines, for an emulator that fuzzes: what is the same on each bus. */
#ifndef TOOLS_BUS_FUZZ_H
#define TOOLS_BUS_FUZZ_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#define PATIENCE_MS	5000
#define IN_ADDRESS	0x81
#define IN_LEN		512
#define BUFFERS		4	/* IN requests at a time */

/* What the device did */
struct host {
	int listener, fd, commands, answers;
	pid_t emulator;
	bool plugged, configured, answered, good_answer, control_stalled;
	unsigned int control_answers, control_len;
	unsigned int in, in_failed, in_flight;
	unsigned char control_data[512];
	uint64_t next_id, flying[BUFFERS];
};

/* A setup stage */
struct setup {
	uint8_t type, request;
	uint16_t value, index, len;
};

extern struct host host;

/* bus-fuzz.c */
void give_up(const char *why);
void control_answer(bool stalled, const void *data, int len);
void in_answer(uint64_t id, bool failed);
void unplugged(void);

/* The bus: redir-fuzz.c, usbip-fuzz.c */
extern const char *const bus_name;
void bus_start(void);
void bus_step(int ms);
void bus_control(const struct setup *setup);
void bus_configure(void);
void bus_request_in(uint64_t id);
void bus_request_out(uint64_t id, unsigned int ep);
void bus_cancel(uint64_t id);
void bus_odd(void);

#endif /* TOOLS_BUS_FUZZ_H */
