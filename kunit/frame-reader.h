/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A user of the deframer that puts packets together, as the receive engine
 * does, and looks at each step for what must hold whatever the bytes are.
 *
 * To be included behind frame.c.
 */
#ifndef MCTP_USB_KUNIT_FRAME_READER_H
#define MCTP_USB_KUNIT_FRAME_READER_H

#include <kunit/test.h>
#include <linux/slab.h>
#include <linux/string.h>

#define READ_BYTES_MAX	65536
#define READ_MAX	1024

/**
 * struct frame_log - what a receiver made of its completions
 * @bytes: the packets, one behind the other
 * @len: bytes of whole packets in @bytes
 * @packet: length of each packet
 * @packets: how many
 * @event: what else was met, in order (enum mctp_frame_what)
 * @events: how many
 */
struct frame_log {
	u8 *bytes;
	unsigned int len;
	u16 packet[READ_MAX];
	unsigned int packets;
	u8 event[READ_MAX];
	unsigned int events;
};

/**
 * struct frame_reader - the deframer, watched
 * @framing: set before frame_reader_reset()
 * @deframer: what is tested
 * @log: what came of it
 * @received: bytes given to it
 * @done: bytes of the packet at hand
 * @total: its length, 0 when there is none
 * @wrong: the first thing that should not have been
 */
struct frame_reader {
	struct mctp_framing framing;
	struct mctp_deframer deframer;
	struct frame_log log;
	unsigned int received;
	unsigned int done;
	unsigned int total;
	const char *wrong;
};

static inline void frame_log_reset(struct frame_log *log)
{
	log->len = 0;
	log->packets = 0;
	log->events = 0;
}

static inline void frame_log_init(struct kunit *test, struct frame_log *log)
{
	log->bytes = kunit_kzalloc(test, READ_BYTES_MAX, GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, log->bytes);
	frame_log_reset(log);
}

static inline bool frame_log_packet(struct frame_log *log, unsigned int len)
{
	if (log->packets == READ_MAX)
		return false;
	log->packet[log->packets++] = len;
	log->len += len;
	return true;
}

static inline bool frame_log_event(struct frame_log *log, u8 what)
{
	if (log->events == READ_MAX)
		return false;
	log->event[log->events++] = what;
	return true;
}

static inline bool frame_log_same(const struct frame_log *a,
				  const struct frame_log *b)
{
	return a->len == b->len && a->packets == b->packets &&
	       a->events == b->events && !memcmp(a->bytes, b->bytes, a->len) &&
	       !memcmp(a->packet, b->packet, a->packets * sizeof(*a->packet)) &&
	       !memcmp(a->event, b->event, a->events);
}

static inline void frame_reader_reset(struct frame_reader *r)
{
	mctp_deframe_init(&r->deframer, &r->framing);
	frame_log_reset(&r->log);
	r->received = 0;
	r->done = 0;
	r->total = 0;
	r->wrong = NULL;
}

static inline struct frame_reader *frame_reader_new(struct kunit *test)
{
	struct frame_reader *r = kunit_kzalloc(test, sizeof(*r), GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, r);
	frame_log_init(test, &r->log);
	return r;
}

static inline void frame_reader_expect(struct frame_reader *r, bool holds,
				       const char *otherwise)
{
	if (!holds && !r->wrong)
		r->wrong = otherwise;
}

static inline void frame_reader_part(struct frame_reader *r, const u8 *data,
				     unsigned int len,
				     const struct mctp_frame_part *part)
{
	if (!part->offset) {
		frame_reader_expect(r, !r->done, "a packet starts inside one");
		r->total = part->total;
		if (r->framing.border == MCTP_FRAME_BORDER_EVERY)
			frame_reader_expect(r, part->len == part->total,
					    "a packet whose end is missing");
	}
	frame_reader_expect(r, part->len, "an empty part");
	frame_reader_expect(r, part->data >= data,
			    "a part ahead of the completion");
	frame_reader_expect(r, part->data + part->len <= data + len,
			    "a part behind the completion");
	frame_reader_expect(r, part->total == r->total, "the total changed");
	frame_reader_expect(r, part->offset == r->done, "parts with a gap");
	frame_reader_expect(r, part->offset + part->len <= part->total,
			    "a part beyond the packet's end");
	frame_reader_expect(r, part->total >= MCTP_PACKET_MIN,
			    "a packet that is too short");
	frame_reader_expect(r, part->total <= r->framing.packet_max,
			    "a packet that is too long");
	frame_reader_expect(r, r->log.len + r->total <= READ_BYTES_MAX,
			    "more packets than the test has room for");
	if (r->wrong)
		return;

	memcpy(r->log.bytes + r->log.len + r->done, part->data, part->len);
	r->done += part->len;
	if (r->done < r->total)
		return;
	r->done = 0;
	r->total = 0;
	frame_reader_expect(r, frame_log_packet(&r->log, part->total),
			    "more packets than the test has room for");
}

/* Whole frames and what is held are all that was received, at the most. */
static inline void frame_reader_balance(struct frame_reader *r)
{
	unsigned int held = mctp_deframe_held(&r->deframer);

	frame_reader_expect(r, r->log.len + held +
			       r->log.packets * MCTP_FRAME_HDR_LEN <= r->received,
			    "more was delivered and held than received");
	frame_reader_expect(r, !r->deframer.ends || !held,
			    "bytes held across a border");
	frame_reader_expect(r, !r->done || held == MCTP_FRAME_HDR_LEN + r->done,
			    "held is not what was handed out");
}

/* The next step, to which the short cut has to come as well, if it is one. */
static inline enum mctp_frame_what
frame_reader_next(struct frame_reader *r, struct mctp_frame_part *part)
{
	struct mctp_deframer *d = &r->deframer, before = *d, cut = *d;
	enum mctp_frame_what what;
	bool used_up = mctp_deframe_used_up(d), whole;
	const u8 *packet;
	unsigned int len;

	whole = mctp_deframe_whole(&cut, &packet, &len);
	what = mctp_deframe_next(d, part);
	frame_reader_expect(r, !used_up || what == MCTP_FRAME_NONE,
			    "used up, but there is more");
	if (whole)
		frame_reader_expect(r, what == MCTP_FRAME_DATA &&
				    part->data == packet && !part->offset &&
				    part->len == len && part->total == len &&
				    cut.pos == d->pos && cut.good == d->good &&
				    cut.ends == d->ends && !cut.total &&
				    !d->total && !mctp_deframe_held(&cut) &&
				    !mctp_deframe_held(d),
				    "a short cut to somewhere else");
	else
		frame_reader_expect(r, cut.pos == before.pos &&
				    cut.good == before.good &&
				    cut.total == before.total &&
				    mctp_deframe_held(&cut) ==
				    mctp_deframe_held(&before),
				    "no short cut, but something changed");
	return what;
}

/* Give it @len bytes at @data. */
static inline void frame_reader_run(struct frame_reader *r, const u8 *data,
				    unsigned int len)
{
	struct mctp_frame_part part = {};
	enum mctp_frame_what what;
	unsigned int calls = 0;

	r->received += len;
	mctp_deframe_begin(&r->deframer, data, len);
	while (!r->wrong) {
		frame_reader_expect(r, ++calls <= len + 2, "too many steps");
		what = frame_reader_next(r, &part);
		if (what == MCTP_FRAME_NONE)
			break;
		if (what == MCTP_FRAME_DATA) {
			frame_reader_part(r, data, len, &part);
			continue;
		}
		r->done = 0;
		r->total = 0;
		frame_reader_expect(r, frame_log_event(&r->log, what),
				    "more events than the test has room for");
	}
	frame_reader_balance(r);
}

/* The same, with the last byte where KASAN knows the memory to end. */
static inline void frame_reader_feed(struct frame_reader *r, const void *data,
				     unsigned int len)
{
	u8 *copy = kmemdup(data, len, GFP_KERNEL);

	frame_reader_expect(r, copy, "no memory");
	if (!copy)
		return;
	frame_reader_run(r, copy, len);
	kfree(copy);
}

static inline bool frame_reader_drop(struct frame_reader *r)
{
	r->done = 0;
	r->total = 0;
	return mctp_deframe_drop(&r->deframer);
}

#endif /* MCTP_USB_KUNIT_FRAME_READER_H */
