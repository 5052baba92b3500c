// SPDX-License-Identifier: GPL-2.0
/*
 * Transfers of a hostile device: good ones of either edition with something wrong
 * in them (the USB header, the MCTP header, a control message, where they end),
 * plain noise, failures and pauses.
 */
#include <stdlib.h>

#include "fuzz.h"

#define TRANSFER_MAX	(3 * 8192)
#define HEADERS		8	/* of a frame and its packet */

void chance_seed(struct chance *c, unsigned long seed)
{
	c->state = seed * 0x9e3779b97f4a7c15ull + 283;
}

/* xorshift64*, whose high bits are the good ones */
unsigned int chance_below(struct chance *c, unsigned int n)
{
	c->state ^= c->state >> 12;
	c->state ^= c->state << 25;
	c->state ^= c->state >> 27;
	return ((c->state * 0x2545f4914f6cdd1dull) >> 33) % n;
}

bool chance_once_in(struct chance *c, unsigned int n)
{
	return !chance_below(c, n);
}

struct maker {
	struct chance chance;
	bool spanning;
	u8 seq;			/* of a message of several packets */
	size_t len;
	u8 data[TRANSFER_MAX];
};

static void put(struct maker *m, u8 byte)
{
	if (m->len < TRANSFER_MAX)
		m->data[m->len++] = byte;
}

static void put_random(struct maker *m, unsigned int n)
{
	while (n--)
		put(m, chance_below(&m->chance, 256));
}

static void put_many(struct maker *m, unsigned int n, u8 byte)
{
	while (n--)
		put(m, byte);
}

/* A length that is at some border more often than not */
static unsigned int some_len(struct maker *m)
{
	static const unsigned int borders[] = {
		0, 1, 4, 5, 60, 64, 68, 120, 124, 247, 248, 251, 252, 255, 256, 504,
		508, 512, 1020, 1024, 4088, 8183, 8187, 8188, 8191,
	};
	struct chance *c = &m->chance;

	switch (chance_below(c, 6)) {
	case 0:
		return borders[chance_below(c, ARRAY_SIZE(borders))];
	case 1:
		return chance_below(c, m->spanning ? 8192 : 256);
	default:
		return 4 + chance_below(c, 64);
	}
}

static u8 some_eid(struct maker *m)
{
	static const u8 eids[] = { 0, 8, 8, 8, 9, 9, 10, 255, 1, 254 };
	unsigned int i = chance_below(&m->chance, ARRAY_SIZE(eids) + 1);

	return i < ARRAY_SIZE(eids) ? eids[i] : chance_below(&m->chance, 256);
}

/* The MCTP header: a packet alone, or the next of a message that goes on and on */
static void put_mctp_header(struct maker *m)
{
	struct chance *c = &m->chance;
	u8 flags = 0xc0 | (chance_once_in(c, 2) ? 8 : 0) | chance_below(c, 8);

	put(m, chance_once_in(c, 30) ? chance_below(c, 256) : 1);
	put(m, some_eid(m));
	put(m, some_eid(m));
	if (chance_once_in(c, 3)) {
		flags = 8 | 1 | m->seq++ % 4 << 4;
		if (chance_once_in(c, 4))
			flags |= 0x80;
		else if (chance_once_in(c, 6))
			flags |= 0x40;
	} else if (chance_once_in(c, 4)) {
		flags = chance_below(c, 256);
	}
	put(m, flags);
}

/* Requests and responses, with every field right or wrong */
static void put_control(struct maker *m, unsigned int len)
{
	struct chance *c = &m->chance;

	put(m, chance_once_in(c, 10) ? 0x80 : 0);
	put(m, chance_below(c, 2) << 7 | chance_below(c, 4) << 5 | chance_below(c, 32));
	put(m, chance_once_in(c, 6) ? chance_below(c, 256) : 1 + chance_below(c, 10));
	if (len > 3)
		put_random(m, len - 3);
}

static void put_body(struct maker *m, unsigned int len)
{
	struct chance *c = &m->chance;

	switch (chance_below(c, 4)) {
	case 0:
		put_control(m, len);
		break;
	case 1:
		put(m, MESSAGE_TYPE_TEST);
		put(m, chance_below(c, 6));
		put_many(m, len, 0xa5);
		break;
	case 2:
		put_random(m, len);
		break;
	default:
		put_many(m, len, chance_below(c, 256));
		break;
	}
}

/* A frame; what is wrong with it is in its header, or its end is missing. */
static void put_frame(struct maker *m)
{
	struct chance *c = &m->chance;
	size_t start = m->len, frame;

	if (TRANSFER_MAX - start < HEADERS)
		return;
	put_many(m, 4, 0);
	put_mctp_header(m);
	put_body(m, some_len(m));
	frame = m->len - start;

	if (chance_once_in(c, 12))
		frame += chance_below(c, 17) - 8;
	else if (chance_once_in(c, 40))
		frame = chance_below(c, 65536);
	m->data[start] = 0x1a;
	m->data[start + 1] = 0xb4;
	m->data[start + 2] = frame >> 8;
	m->data[start + 3] = frame & 0xff;
	if (chance_once_in(c, 10))
		m->data[start + 2] |= chance_below(c, 256) & (m->spanning ? 0xe0 : 0xff);
	if (chance_once_in(c, 20))
		m->data[start + chance_below(c, 4)] ^= 1 << chance_below(c, 8);
	if (chance_once_in(c, 20))
		m->len -= chance_below(c, m->len - start);
}

static void put_what_is_no_frame(struct maker *m)
{
	struct chance *c = &m->chance;

	switch (chance_below(c, 4)) {
	case 0:
		put_random(m, chance_below(c, 600));
		break;
	case 1:
		put_many(m, chance_below(c, 600), 0);
		break;
	case 2:
		put_many(m, 512 * (1 + chance_below(c, 20)), 0xff);
		break;
	default:
		put_random(m, chance_below(c, 9));
		break;
	}
}

static void make_transfer(struct maker *m)
{
	struct chance *c = &m->chance;
	unsigned int frames = chance_once_in(c, 2) ? 1 : chance_below(c, 8);

	m->len = 0;
	while (frames--)
		put_frame(m);
	if (chance_once_in(c, 8))
		put_what_is_no_frame(m);
	if (m->len && chance_once_in(c, 15))
		m->data[chance_below(c, m->len)] ^= 1 << chance_below(c, 8);
}

/* As it is, or where transfers may be cut, in pieces */
static void play(struct maker *m, struct port *port)
{
	size_t pos = 0, part;

	do {
		part = m->len - pos;
		if (m->spanning && part > 1 && chance_once_in(&m->chance, 4))
			part = 1 + chance_below(&m->chance, part);
		port_play(port, m->data + pos, part, !chance_once_in(&m->chance, 8));
		pos += part;
	} while (pos < m->len);
}

static void fail(struct maker *m, struct port *port)
{
	static const enum fail_kind kinds[] = {
		FAIL_EPIPE, FAIL_EPROTO, FAIL_EOVERFLOW,
	};

	port_fail(port, kinds[chance_below(&m->chance, ARRAY_SIZE(kinds))],
		  1 + chance_below(&m->chance, 6));
}

/* Queue so many transfers. The last one fails: what was begun is over then. */
void fuzz_transfers(struct port *port, unsigned long seed, unsigned long count)
{
	struct maker *m = must_alloc(sizeof(*m));

	chance_seed(&m->chance, seed);
	m->spanning = port->spanning;
	while (count--) {
		if (chance_once_in(&m->chance, 400)) {
			fail(m, port);
		} else if (chance_once_in(&m->chance, 400)) {
			port_pause(port, chance_below(&m->chance, 30));
		} else {
			make_transfer(m);
			play(m, port);
		}
	}
	port_fail(port, FAIL_EOVERFLOW, 1);
	free(m);
}
