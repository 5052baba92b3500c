/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The MCTP endpoint (DSP0236): reassembly, the control protocol, test messages.
 * It takes MCTP packets and gives MCTP packets; USB is not in sight.
 */
#ifndef EMU_ENDPOINT_H
#define EMU_ENDPOINT_H

#include <linux/types.h>

#include "util.h"

#define EID_NULL		0
#define EID_BROADCAST		0xff

#define MESSAGE_TYPE_CONTROL	0x00
#define MESSAGE_TYPE_TEST	0x5a

/* Second byte of a test message. */
enum test_op {
	TEST_ECHO_REQUEST,
	TEST_ECHO_REPLY,
	TEST_SINK,
	TEST_SOURCE_REQUEST,
	TEST_SOURCE_DATA,
};

#define PACKET_HDR_LEN		4
#define UNIT_MIN		64	/* baseline transmission unit */
#define MESSAGE_MAX		(1024 * 1024)
#define REASSEMBLIES		16
#define SOURCES			16
#define FOR_EVER		(~0ul)	/* messages of a source */

enum endpoint_stat {
	STAT_MESSAGES,		/* reassembled */
	STAT_MESSAGE_BYTES,
	STAT_DROPPED_PACKETS,	/* refused by the header or by reassembly */
	STAT_DROPPED_MESSAGES,	/* begun, never finished */
	STAT_CONTROL_REQUESTS,
	STAT_ECHOES,
	STAT_SINKS,
	STAT_SOURCED,
	STAT_UNKNOWN,		/* messages nobody here takes */
	ENDPOINT_STATS,
};

extern const char *const endpoint_stat_names[ENDPOINT_STATS];

/* Where a message came from, and so where an answer goes. */
struct message_from {
	u8 eid;
	u8 tag;
	bool owner;		/* TO bit */
	unsigned int unit;	/* payload of its first packet */
};

struct reassembly {
	bool busy;
	struct message_from from;
	u8 to;			/* EID it is addressed to */
	u8 seq;			/* the next packet's */
	unsigned long age;
	struct bytes message;
};

struct source {
	unsigned long left;
	u16 number;		/* of the next message */
	size_t size;
	u8 to;
	unsigned int unit;
};

struct endpoint {
	u8 eid;			/* 0: none */
	u8 first_eid;		/* after a reset */
	u8 uuid[16];
	unsigned int unit_max;	/* longest payload this edition can carry */
	u8 next_tag;
	unsigned long clock;
	struct reassembly reassembly[REASSEMBLIES];
	struct source source[SOURCES];
	unsigned int sources;
	unsigned long long stat[ENDPOINT_STATS];

	/* Takes one MCTP packet on its way to the peer. */
	void (*send)(void *link, const u8 *packet, size_t len);
	void *link;
};

void endpoint_reset(struct endpoint *ep);
void endpoint_free(struct endpoint *ep);
void endpoint_packet(struct endpoint *ep, const u8 *packet, size_t len);
void endpoint_answer(struct endpoint *ep, const struct message_from *from,
		     const u8 *message, size_t len);

bool endpoint_source(struct endpoint *ep, unsigned long count, size_t size,
		     u8 to, unsigned int unit);
bool endpoint_source_some(struct endpoint *ep);

/* control.c */
void control_message(struct endpoint *ep, const struct message_from *from,
		     const u8 *message, size_t len);

#endif /* EMU_ENDPOINT_H */
