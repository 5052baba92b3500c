/* SPDX-License-Identifier: GPL-2.0 */
/* Playing test vectors against a link and an emulated endpoint behind it. */
#ifndef TOOLS_PLAYER_H
#define TOOLS_PLAYER_H

#include <stdbool.h>
#include <stdint.h>

#include "counters.h"
#include "emu.h"
#include "nl.h"
#include "pkt.h"
#include "vectors.h"

struct player {
	struct nl nl;
	struct emu emu;
	struct pkt pkt;
	struct counter_source src;
	const char *dev;
	int ifindex;
	bool gadget;		/* FunctionFS, else usb-redir */
	uint8_t *buf;		/* PKT_MAX bytes */
	/* packets captured since the vector began */
	struct vec_bytes *got;
	size_t n_got;
	/* "# ..." lines that explain a failure */
	char *log;
	size_t log_len;
	FILE *log_file;
};

void player_open(struct player *p, const char *dev, const char *control);
void player_close(struct player *p);
void player_begin(struct player *p);
void player_end(struct player *p);
void player_log(struct player *p, const char *fmt, ...);
void player_bounce(struct player *p);
void player_settle(struct player *p, struct counters *c);
bool player_compare(struct player *p, const char *when,
		    const struct counters *before, const struct counters *after,
		    const struct counters *expect);
bool player_command(struct player *p, const char *command);
void player_capture(struct player *p);

bool play_receive(struct player *p, const struct vector *v);
bool play_transmit(struct player *p, const struct vector *v);
void vector_expect(const struct vector *v, struct counters *expect);

#endif /* TOOLS_PLAYER_H */
