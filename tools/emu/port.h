/* SPDX-License-Identifier: GPL-2.0 */
/*
 * One MCTP interface of the device: what the host sent, what it is to get, and
 * the endpoint behind it. A front end moves the transfers.
 */
#ifndef EMU_PORT_H
#define EMU_PORT_H

#include <linux/types.h>

#include "../../src/frame.h"
#include "endpoint.h"
#include "util.h"

/* With this much waiting for the host no more OUT is taken: NAK. */
#define IN_BYTES_MAX	(4 * 1024 * 1024)

enum port_stat {
	STAT_OUT_TRANSFERS,
	STAT_OUT_ZLPS,
	STAT_OUT_PACKETS,	/* MCTP packets */
	STAT_OUT_BYTES,		/* of transfers */
	STAT_OUT_BAD_ID,
	STAT_OUT_BAD_LEN,
	STAT_OUT_SHORT_HDR,
	STAT_OUT_TRUNC,
	STAT_OUT_PAD,
	STAT_IN_TRANSFERS,
	STAT_IN_ZLPS,
	STAT_IN_PACKETS,
	STAT_IN_BYTES,
	STAT_IN_FAILED,		/* failed on purpose */
	STAT_IN_LOST,		/* given up by the host, a reset, ... */
	STAT_STALLS,
	STAT_CLEAR_HALTS,
	PORT_STATS,
};

extern const char *const port_stat_names[PORT_STATS];

enum transfer_kind {
	TRANSFER_DATA,		/* no bytes: a zero-length packet */
	TRANSFER_FAIL,
};

enum fail_kind {
	FAIL_EPIPE,		/* a STALL */
	FAIL_EPROTO,
	FAIL_EOVERFLOW,
};

/* One IN transfer on its way to the host. */
struct transfer {
	struct transfer *next;
	enum transfer_kind kind;
	enum fail_kind fail;
	unsigned int repeat;	/* times a FAIL is still to be given */
	unsigned int packets;	/* MCTP packets in it */
	bool play;		/* somebody waits for it to be taken */
	unsigned long long number;
	unsigned int epoch;	/* of the queue, when taken */
	size_t pos;		/* for the front end: bytes taken */
	size_t len;
	u8 data[];
};

struct in_item;

/* What waits for the host, in order. */
struct in_queue {
	struct in_item *head, **tail;
	struct transfer *returned;	/* taken, but not by the host; first */
	struct transfer *rest;		/* pieces of a transfer cut up */
	size_t bytes;
	unsigned int moving;		/* transfers with the front end */
	unsigned int playing;		/* played ones not yet taken */
	bool play_lost;
	bool zlp_due;
	long long pause_end;		/* 0: no pause has begun */
	unsigned long long number;
	unsigned int epoch;		/* moves on when all is purged */
};

struct port {
	unsigned int index;
	bool live;			/* the host has configured it */
	bool pack;
	bool spanning;
	size_t cut;			/* 1.1: cut transfers to so many bytes */
	bool silent_in, silent_out;
	unsigned int in_maxp, out_maxp;
	struct mctp_framing framing;	/* as the host's, roles swapped */
	struct mctp_deframer deframer;
	u8 packet[MCTP_PACKET_MAX_1_1];	/* being received */
	struct in_queue in;
	struct endpoint ep;
	bool recording;
	struct bytes record;		/* hex lines */
	unsigned long long stat[PORT_STATS];
};

void port_init(struct port *port, unsigned int index);
void port_free(struct port *port);
void port_start(struct port *port, bool spanning, unsigned int in_maxp,
		unsigned int out_maxp);
void port_stop(struct port *port);
void port_reset(struct port *port);

bool port_takes_out(const struct port *port);
void port_out(struct port *port, const u8 *data, size_t len);

bool port_send(struct port *port, const u8 *packet, size_t len);
void port_play(struct port *port, const u8 *data, size_t len, bool zlp);
void port_fail(struct port *port, enum fail_kind fail, unsigned int repeat);
void port_pause(struct port *port, unsigned int ms);
void port_purge(struct port *port);

struct transfer *port_take(struct port *port);
void port_taken(struct port *port, struct transfer *t);
void port_untaken(struct port *port, struct transfer *t);
void port_lost(struct port *port, struct transfer *t);

#endif /* EMU_PORT_H */
