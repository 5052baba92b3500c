// SPDX-License-Identifier: GPL-2.0
/* The IN queue of a port: packets to frame, raw transfers, faults and pauses. */
#include <stdlib.h>
#include <string.h>

#include "port.h"

enum item_kind {
	ITEM_PACKET,
	ITEM_RAW,
	ITEM_FAIL,
	ITEM_PAUSE,
};

struct in_item {
	struct in_item *next;
	enum item_kind kind;
	enum fail_kind fail;
	unsigned int repeat;
	unsigned int ms;
	bool zlp;		/* end a RAW one as 1.1 wants it */
	size_t len;
	u8 data[];
};

static struct in_item *add_item(struct port *port, enum item_kind kind,
				const u8 *data, size_t len)
{
	struct in_item *item = must_alloc(sizeof(*item) + len);
	struct in_queue *q = &port->in;

	item->kind = kind;
	item->len = len;
	if (len)
		memcpy(item->data, data, len);
	*q->tail = item;
	q->tail = &item->next;
	q->bytes += len;
	return item;
}

static void drop_item(struct in_queue *q)
{
	struct in_item *item = q->head;

	q->head = item->next;
	if (!q->head)
		q->tail = &q->head;
	q->bytes -= item->len;
	free(item);
}

/* Frame and send an MCTP packet. False if this edition cannot carry it. */
bool port_send(struct port *port, const u8 *packet, size_t len)
{
	if (!port->live || len < MCTP_PACKET_MIN ||
	    len > port->framing.packet_max)
		return false;
	add_item(port, ITEM_PACKET, packet, len);
	return true;
}

/* Give the host these bytes as they are; @zlp: end them as 1.1 wants it. */
void port_play(struct port *port, const u8 *data, size_t len, bool zlp)
{
	add_item(port, ITEM_RAW, data, len)->zlp = zlp;
	port->in.playing++;
}

/* Fail the next IN transfer. */
void port_fail(struct port *port, enum fail_kind fail, unsigned int repeat)
{
	struct in_item *item = add_item(port, ITEM_FAIL, NULL, 0);

	item->fail = fail;
	item->repeat = repeat;
	port->in.playing++;
}

/* Give nothing for a while, once all before it is taken. */
void port_pause(struct port *port, unsigned int ms)
{
	add_item(port, ITEM_PAUSE, NULL, 0)->ms = ms;
	port->in.playing++;
}

static struct transfer *new_transfer(struct in_queue *q, size_t room)
{
	struct transfer *t = must_alloc(sizeof(*t) + room);

	t->number = q->number++;
	t->epoch = q->epoch;
	return t;
}

/*
 * A transfer ends by a packet that is not full, so one of full packets takes a
 * zero-length one behind it.
 */
static void end_transfer(struct port *port, const struct transfer *t)
{
	port->in.zlp_due = t->len && t->len % port->in_maxp == 0;
}

/* Put waiting packets into one transfer. */
static struct transfer *pack(struct port *port)
{
	struct in_queue *q = &port->in;
	struct transfer *t = new_transfer(q, port->framing.out_size);
	unsigned int fill = 0;
	u8 *at;

	while (q->head && q->head->kind == ITEM_PACKET) {
		at = mctp_frame_pack(&port->framing, t->data, &fill,
				     q->head->len);
		if (!at)
			break;
		memcpy(at, q->head->data, q->head->len);
		drop_item(q);
		t->packets++;
		if (!port->pack)
			break;
	}
	t->len = fill;
	return t;
}

/* Next piece of a transfer that is to go out in several. */
static struct transfer *cut(struct port *port)
{
	struct in_queue *q = &port->in;
	struct transfer *rest = q->rest;
	size_t left = rest->len - rest->pos;
	struct transfer *t;

	if (!port->cut || left <= port->cut) {
		if (!rest->pos) {
			q->rest = NULL;
			return rest;
		}
		t = new_transfer(q, left);
		t->len = left;
	} else {
		t = new_transfer(q, port->cut);
		t->len = port->cut;
	}
	memcpy(t->data, rest->data + rest->pos, t->len);
	rest->pos += t->len;
	if (rest->pos == rest->len) {
		t->packets = rest->packets;
		q->rest = NULL;
		free(rest);
	}
	return t;
}

static struct transfer *from_packets(struct port *port)
{
	struct transfer *t;

	if (!port->in.rest)
		port->in.rest = pack(port);
	/* Only in 1.1 may a frame cross transfers. */
	if (port->spanning) {
		t = cut(port);
	} else {
		t = port->in.rest;
		port->in.rest = NULL;
	}
	end_transfer(port, t);
	return t;
}

static struct transfer *from_raw(struct port *port)
{
	struct in_item *item = port->in.head;
	struct transfer *t = new_transfer(&port->in, item->len);

	t->play = true;
	t->len = item->len;
	memcpy(t->data, item->data, item->len);
	/*
	 * 1.0 has no zero-length packets. In 1.1 none is wanted where the
	 * transfer fills the host's buffers to the brim.
	 */
	if (item->zlp && port->spanning && t->len % port->framing.in_size)
		end_transfer(port, t);
	drop_item(&port->in);
	return t;
}

static struct transfer *from_fail(struct port *port)
{
	struct in_item *item = port->in.head;
	struct transfer *t = new_transfer(&port->in, 0);

	t->kind = TRANSFER_FAIL;
	t->play = true;
	t->fail = item->fail;
	t->repeat = item->repeat;
	drop_item(&port->in);
	return t;
}

/* Is the pause at the head over? */
static bool pause_over(struct in_queue *q)
{
	if (!q->pause_end)
		q->pause_end = now_ms() + q->head->ms;
	if (now_ms() < q->pause_end)
		return false;
	q->pause_end = 0;
	q->playing--;
	drop_item(q);
	return true;
}

/*
 * The next transfer for the host, or NULL if there is none now. It is the
 * caller's until given to one of the functions below.
 */
struct transfer *port_take(struct port *port)
{
	struct in_queue *q = &port->in;
	struct transfer *t = NULL;

	if (!port->live || port->silent_in)
		return NULL;

	while (!q->head && !q->rest && endpoint_source_some(&port->ep))
		;
	if (q->returned) {
		t = q->returned;
		q->returned = t->next;
	} else if (q->zlp_due) {
		q->zlp_due = false;
		t = new_transfer(q, 0);
	} else if (q->rest) {
		t = from_packets(port);
	}
	while (!t && q->head) {
		enum item_kind kind = q->head->kind;

		/* Those that are about order wait for all before them. */
		if (kind != ITEM_PACKET && kind != ITEM_RAW && q->moving)
			return NULL;
		if (kind == ITEM_PAUSE && !pause_over(q))
			return NULL;
		if (kind == ITEM_PACKET)
			t = from_packets(port);
		else if (kind == ITEM_RAW)
			t = from_raw(port);
		else if (kind == ITEM_FAIL)
			t = from_fail(port);
	}
	if (t) {
		t->next = NULL;
		q->moving++;
	}
	return t;
}

/* A transfer is back. Is it one from before the last purge? */
static bool no_longer_moving(struct in_queue *q, const struct transfer *t)
{
	bool stale = t->epoch != q->epoch;

	q->moving--;
	if (t->play && !stale)
		q->playing--;
	return stale;
}

/* The host has it. */
void port_taken(struct port *port, struct transfer *t)
{
	no_longer_moving(&port->in, t);
	if (t->kind == TRANSFER_FAIL) {
		port->stat[STAT_IN_FAILED]++;
	} else {
		port->stat[STAT_IN_TRANSFERS]++;
		port->stat[STAT_IN_BYTES] += t->len;
		port->stat[STAT_IN_PACKETS] += t->packets;
		if (!t->len)
			port->stat[STAT_IN_ZLPS]++;
	}
	free(t);
}

/* The host has nothing of it: keep it for the next port_take(). */
void port_untaken(struct port *port, struct transfer *t)
{
	struct transfer **at = &port->in.returned;

	if (t->epoch != port->in.epoch) {
		port_lost(port, t);
		return;
	}
	while (*at && (*at)->number < t->number)
		at = &(*at)->next;
	t->next = *at;
	*at = t;
	port->in.moving--;
}

/* It is gone and the host does not have it, or not all of it. */
void port_lost(struct port *port, struct transfer *t)
{
	if (!no_longer_moving(&port->in, t) && t->play)
		port->in.play_lost = true;
	port->stat[STAT_IN_LOST]++;
	free(t);
}

/* Forget all that waits for the host. */
void port_purge(struct port *port)
{
	struct in_queue *q = &port->in;
	struct transfer *t;

	if (q->playing)
		q->play_lost = true;
	while (q->head)
		drop_item(q);
	while ((t = q->returned)) {
		q->returned = t->next;
		free(t);
	}
	free(q->rest);
	q->rest = NULL;
	q->zlp_due = false;
	q->pause_end = 0;
	q->playing = 0;
	q->epoch++;
}
