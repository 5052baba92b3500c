// SPDX-License-Identifier: GPL-2.0
/*
 * The receive side of the framing: all DSP0283 vectors, what is not in them,
 * and what holds for any bytes.
 */
#include <kunit/test.h>
#include <linux/module.h>

#include "../src/frame.c"

#include "frame-model.h"
#include "frame-reader.h"
#include "seeded.h"
#include "vector-table.h"

#define STREAM_MAX	32768

/* The kinds of links, as far as receiving is concerned. */
enum link {
	FULL_SPEED,	/* 1.0, packets of 8 bytes */
	HIGH_SPEED,	/* 1.0 */
	SPANNING,	/* 1.1 at high speed */
};

static void set_link(struct mctp_framing *framing, enum link link)
{
	unsigned int maxp = link == FULL_SPEED ? 8 : 512;

	mctp_framing_init(framing, link == SPANNING, maxp, maxp);
}

#define BYTES(literal)	{ literal, sizeof(literal) - 1 }
#define EMPTY		{ "", 0 }

/* Of one full packet at FULL_SPEED. */
#define HEADERS(len)	"\x1a\xb4\x00" len "\x01\x08\x09\xc8"

/*
 * Where transfers end, and what is padding. At full speed, here with packets of
 * 8 bytes, completions are of one packet and only a shorter one ends a transfer.
 */
static const struct border {
	const char *name;
	enum link link;
	struct {
		const char *bytes;
		unsigned int len;
	} sent[4];
	unsigned int packets;
	u8 events[3];
	unsigned int held;
} borders[] = {
	{ "full speed: a frame over two packets", FULL_SPEED,
	  { BYTES(HEADERS("\x10")), BYTES("abcdefgh") }, 1 },
	{ "full speed: headers over two packets", FULL_SPEED,
	  { BYTES(HEADERS("\x0e")), BYTES("abcdef\x1a\xb4"),
	    BYTES("\x00\x0a\x01\x08\x09\xc8YZ") }, 2 },
	{ "full speed: a full packet ends nothing", FULL_SPEED,
	  { BYTES(HEADERS("\x11")), BYTES("abcdefgh") }, 0, { 0 }, 16 },
	{ "full speed: a short packet ends a frame", FULL_SPEED,
	  { BYTES(HEADERS("\x10")), BYTES("abc"), BYTES(HEADERS("\x08")) },
	  1, { MCTP_FRAME_TRUNC } },
	{ "full speed: an empty packet ends a frame", FULL_SPEED,
	  { BYTES(HEADERS("\x10")), EMPTY, BYTES(HEADERS("\x08")) },
	  1, { MCTP_FRAME_TRUNC } },
	{ "full speed: a short packet ends a header", FULL_SPEED,
	  { BYTES(HEADERS("\x0e")), BYTES("abcdef\x1a\xb4"), BYTES("\x00") },
	  1, { MCTP_FRAME_SHORT_HDR } },
	{ "full speed: an empty packet ends a header", FULL_SPEED,
	  { BYTES(HEADERS("\x0d")), BYTES("abcde\x1a\xb4\x00"), EMPTY },
	  1, { MCTP_FRAME_SHORT_HDR } },
	{ "full speed: a short packet's frame must end in it", FULL_SPEED,
	  { BYTES("\x1a\xb4\x00\x08\x01\x08\x09"), BYTES(HEADERS("\x08")) },
	  1, { MCTP_FRAME_TRUNC } },
	{ "full speed: padding over two packets", FULL_SPEED,
	  { BYTES(HEADERS("\x08")), BYTES("\0\0\0\0\0\0\0\0"), BYTES("\0") },
	  1, { MCTP_FRAME_PAD, MCTP_FRAME_PAD } },
	{ "full speed: zeros of the next transfer are no padding", FULL_SPEED,
	  { BYTES(HEADERS("\x0a")), BYTES("ab"), BYTES("\0\0\0\0") },
	  1, { MCTP_FRAME_BAD_ID } },
	{ "full speed: zeros in a header are no padding", FULL_SPEED,
	  { BYTES(HEADERS("\x0f")), BYTES("abcdefg\x1a"), BYTES("\0\0\0\0") },
	  1, { MCTP_FRAME_BAD_ID } },
	{ "full speed: few zeros in a header are no padding", FULL_SPEED,
	  { BYTES(HEADERS("\x0f")), BYTES("abcdefg\x1a"), BYTES("\0") },
	  1, { MCTP_FRAME_SHORT_HDR } },
	{ "full speed: a bad id costs one packet", FULL_SPEED,
	  { BYTES(HEADERS("\x08")), BYTES("what now"), BYTES(HEADERS("\x08")) },
	  2, { MCTP_FRAME_BAD_ID } },
	{ "high speed: a header alone", HIGH_SPEED,
	  { BYTES("\x1a\xb4\x00\x08"), BYTES(HEADERS("\x08")) },
	  1, { MCTP_FRAME_TRUNC } },
	{ "high speed: three zeros alone are no padding", HIGH_SPEED,
	  { BYTES("\0\0\0"), BYTES(HEADERS("\x08")) },
	  1, { MCTP_FRAME_SHORT_HDR } },
	{ "high speed: zeros alone are no padding", HIGH_SPEED,
	  { BYTES("\0\0\0\0"), BYTES(HEADERS("\x08")) },
	  1, { MCTP_FRAME_BAD_ID } },
	{ "high speed: zeros with something behind are no padding", HIGH_SPEED,
	  { BYTES(HEADERS("\x08") "\0\0\0\0\1") }, 1, { MCTP_FRAME_BAD_ID } },
	{ "high speed: zeros of the next transfer are no padding", HIGH_SPEED,
	  { BYTES(HEADERS("\x08")), BYTES("\0\0\0\0") },
	  1, { MCTP_FRAME_BAD_ID } },
	{ "spanning: zeros of the next transfer are no padding", SPANNING,
	  { BYTES(HEADERS("\x08")), BYTES("\0"), BYTES(HEADERS("\x08")) },
	  2, { MCTP_FRAME_BAD_ID } },
	{ "spanning: zeros behind the end of a span are padding", SPANNING,
	  { BYTES(HEADERS("\x0a")), BYTES("ab\0\0"), BYTES(HEADERS("\x08")) },
	  2, { MCTP_FRAME_PAD } },
	{ "spanning: zeros in a header are no padding", SPANNING,
	  { BYTES(HEADERS("\x08") "\x1a"), BYTES("\0\0\0"), BYTES(HEADERS("\x08")) },
	  2, { MCTP_FRAME_BAD_ID } },
	{ "spanning: a body waits for more", SPANNING,
	  { BYTES("\x1a\xb4\x00\x08"), EMPTY }, 0, { 0 }, 4 },
};

static void describe_border(const struct border *b, char *text)
{
	strscpy(text, b->name, KUNIT_PARAM_DESC_SIZE);
}

KUNIT_ARRAY_PARAM(border, borders, describe_border);

static const u8 frame_of_event[VECTOR_EVENTS] = {
	[VECTOR_BAD_ID] = MCTP_FRAME_BAD_ID,
	[VECTOR_BAD_LEN] = MCTP_FRAME_BAD_LEN,
	[VECTOR_SHORT_HDR] = MCTP_FRAME_SHORT_HDR,
	[VECTOR_TRUNC] = MCTP_FRAME_TRUNC,
	[VECTOR_PAD] = MCTP_FRAME_PAD,
	/* Not of the deframer, but of its user. */
	[VECTOR_ABORT] = MCTP_FRAME_KINDS + VECTOR_ABORT,
	[VECTOR_URB] = MCTP_FRAME_KINDS + VECTOR_URB,
	[VECTOR_STALE] = MCTP_FRAME_KINDS + VECTOR_STALE,
};

static void describe(const struct vector_rx *v, char *text)
{
	strscpy(text, v->id, KUNIT_PARAM_DESC_SIZE);
}

KUNIT_ARRAY_PARAM(receive, vector_receive, describe);

static void take_step(struct frame_reader *r, const struct vector_step *step)
{
	bool held;

	if (step->kind == VECTOR_TRANSFER) {
		frame_reader_feed(r, vector_bytes + step->bytes.at,
				  step->bytes.len);
		return;
	}
	held = frame_reader_drop(r);
	if (step->kind == VECTOR_ERROR)
		frame_log_event(&r->log, frame_of_event[held ? VECTOR_ABORT :
							       VECTOR_URB]);
	else if (held)
		frame_log_event(&r->log,
				frame_of_event[step->kind == VECTOR_RESET ?
					       VECTOR_ABORT : VECTOR_STALE]);
}

static void vector(struct kunit *test)
{
	const struct vector_rx *v = test->param_value;
	struct frame_reader *r = frame_reader_new(test);
	const u8 *bytes = r->log.bytes;
	unsigned int i;

	KUNIT_ASSERT_EQ(test, mctp_framing_init(&r->framing, v->spanning, 512,
						512), 0);
	frame_reader_reset(r);
	for (i = 0; i < v->steps.len; i++)
		take_step(r, &vector_steps[v->steps.at + i]);

	KUNIT_EXPECT_PTR_EQ_MSG(test, r->wrong, NULL, "%s: %s", v->note, r->wrong);
	KUNIT_EXPECT_EQ_MSG(test, mctp_deframe_held(&r->deframer), v->held,
			    "%s", v->note);

	KUNIT_ASSERT_EQ_MSG(test, r->log.packets, v->packets.len, "%s", v->note);
	for (i = 0; i < v->packets.len; i++) {
		const struct vector_span *p = &vector_packets[v->packets.at + i];

		KUNIT_ASSERT_EQ_MSG(test, r->log.packet[i], p->len, "%s", v->note);
		KUNIT_EXPECT_EQ_MSG(test, memcmp(bytes, vector_bytes + p->at, p->len),
				    0, "packet %u: %s", i, v->note);
		bytes += p->len;
	}

	KUNIT_ASSERT_EQ_MSG(test, r->log.events, v->events.len, "%s", v->note);
	for (i = 0; i < v->events.len; i++)
		KUNIT_EXPECT_EQ_MSG(test, r->log.event[i],
				    frame_of_event[vector_events[v->events.at + i]],
				    "event %u: %s", i, v->note);
}

/* Appends a good frame to a stream and its packet to what should come of it. */
static unsigned int put_frame(u8 *stream, struct frame_log *expected,
			      unsigned int len, struct rnd_state *rnd)
{
	stream[0] = 0x1a;
	stream[1] = 0xb4;
	stream[2] = (len + 4) >> 8;
	stream[3] = (len + 4) & 0xff;
	prandom_bytes_state(rnd, stream + 4, len);
	memcpy(expected->bytes + expected->len, stream + 4, len);
	frame_log_packet(expected, len);
	return len + 4;
}

static void spanning_stream_cut_at_any_two_bytes_gives_the_same_packets(struct kunit *test)
{
	static const unsigned int lens[] = { 4, 5, 14, 4, 9 };
	struct frame_reader *r = frame_reader_new(test);
	struct frame_log *expected;
	unsigned int size = 0, i, j;
	struct rnd_state rnd;
	u8 stream[64];

	expected = kunit_kzalloc(test, sizeof(*expected), GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, expected);
	frame_log_init(test, expected);
	mctp_framing_init(&r->framing, true, 512, 512);
	seeded_start(&rnd);
	for (i = 0; i < ARRAY_SIZE(lens); i++)
		size += put_frame(stream + size, expected, lens[i], &rnd);

	for (i = 0; i <= size; i++) {
		for (j = i; j <= size; j++) {
			frame_reader_reset(r);
			frame_reader_feed(r, stream, i);
			frame_reader_feed(r, stream + i, j - i);
			frame_reader_feed(r, stream + j, size - j);
			KUNIT_ASSERT_PTR_EQ_MSG(test, r->wrong, NULL,
						"%s, cut at %u and %u", r->wrong,
						i, j);
			KUNIT_ASSERT_TRUE_MSG(test, frame_log_same(&r->log, expected),
					      "cut at %u and %u", i, j);
		}
	}
}

static void spanning_stream_cut_at_random_gives_the_same_packets(struct kunit *test)
{
	struct frame_reader *r = frame_reader_new(test);
	struct frame_log *expected;
	struct rnd_state rnd;
	unsigned int i;
	u8 *stream;

	expected = kunit_kzalloc(test, sizeof(*expected), GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, expected);
	frame_log_init(test, expected);
	stream = kunit_kzalloc(test, STREAM_MAX, GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, stream);
	mctp_framing_init(&r->framing, true, 512, 512);
	seeded_start(&rnd);

	for (i = 0; i < 100; i++) {
		unsigned int size = 0, pos = 0, len, cut;
		u32 most = seeded_once_in(&rnd, 4) ? MCTP_PACKET_MAX_1_1 : 300;

		frame_log_reset(expected);
		frame_reader_reset(r);
		while (size < STREAM_MAX - MCTP_PACKET_MAX_1_1 - 4 &&
		       expected->packets < 30) {
			len = seeded_from(&rnd, MCTP_PACKET_MIN, most);
			size += put_frame(stream + size, expected, len, &rnd);
		}
		while (pos < size) {
			cut = seeded_below(&rnd, seeded_once_in(&rnd, 2) ? 8 : 8193);
			cut = min(cut, size - pos);
			frame_reader_feed(r, stream + pos, cut);
			pos += cut;
		}
		KUNIT_ASSERT_PTR_EQ_MSG(test, r->wrong, NULL, "%s" SEEDED,
					r->wrong, seed);
		KUNIT_ASSERT_TRUE_MSG(test, frame_log_same(&r->log, expected),
				      "stream %u" SEEDED, i, seed);
		KUNIT_ASSERT_EQ(test, mctp_deframe_held(&r->deframer), 0);
	}
}

/* Bytes that are often nearly a frame, and often one. */
static unsigned int make_bytes(u8 *to, unsigned int most, struct rnd_state *rnd)
{
	unsigned int len = seeded_below(rnd, most + 1);
	unsigned int pos = 0, frame;

	prandom_bytes_state(rnd, to, len);
	while (pos < len && !seeded_once_in(rnd, 6)) {
		u8 hdr[4] = { 0x1a, 0xb4 };

		frame = seeded_from(rnd, 6, most / 2);
		hdr[2] = frame >> 8;
		if (seeded_once_in(rnd, 3))
			hdr[2] |= prandom_u32_state(rnd) & 0xe0;
		hdr[3] = frame;
		memcpy(to + pos, hdr, min_t(unsigned int, 4, len - pos));
		pos += frame;
	}
	if (pos < len && seeded_once_in(rnd, 2))
		memset(to + pos, 0, len - pos);
	if (len && seeded_once_in(rnd, 8))
		to[seeded_below(rnd, len)] ^= 1 << seeded_below(rnd, 8);
	return len;
}

/* What might be read behind a completion. */
static void poison(u8 *at, unsigned int len, unsigned int with)
{
	static const u8 frame[] = { 0x1a, 0xb4, 0x00, 0x08, 0x00, 0x00 };
	unsigned int i;

	for (i = 0; i < len; i++)
		at[i] = with ? frame[i % sizeof(frame)] : 0;
}

static void any_bytes(struct kunit *test, bool spanning, unsigned int maxp)
{
	struct frame_reader *r[3];
	struct frame_model *m = frame_model_new(test);
	struct rnd_state rnd;
	unsigned int i, j, n, most, len;
	u8 *bytes;

	bytes = kunit_kzalloc(test, 1024 + 64, GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, bytes);
	for (i = 0; i < ARRAY_SIZE(r); i++) {
		r[i] = frame_reader_new(test);
		mctp_framing_init(&r[i]->framing, spanning, maxp, maxp);
	}
	seeded_start(&rnd);
	most = min_t(unsigned int, r[0]->framing.in_size, 512);

	for (n = 0; n < 1500; n++) {
		frame_model_reset(m, &r[0]->framing);
		for (i = 0; i < ARRAY_SIZE(r); i++)
			frame_reader_reset(r[i]);
		for (j = 0; j < 6; j++) {
			/* Full ones matter where a transfer may go on. */
			len = make_bytes(bytes, seeded_once_in(&rnd, 2) ? most : 24,
					 &rnd);
			if (!spanning && seeded_once_in(&rnd, 2))
				len = most;
			frame_model_feed(m, bytes, len);
			frame_reader_feed(r[0], bytes, len);
			poison(bytes + len, 64, 0);
			frame_reader_run(r[1], bytes, len);
			poison(bytes + len, 64, 1);
			frame_reader_run(r[2], bytes, len);
			if (seeded_once_in(&rnd, 12)) {
				bool held = frame_model_drop(m);

				for (i = 0; i < ARRAY_SIZE(r); i++)
					KUNIT_EXPECT_EQ(test, held,
							frame_reader_drop(r[i]));
			}
		}
		for (i = 0; i < ARRAY_SIZE(r); i++) {
			KUNIT_ASSERT_PTR_EQ_MSG(test, r[i]->wrong, NULL,
						"%s" SEEDED, r[i]->wrong, seed);
			KUNIT_ASSERT_TRUE_MSG(test, frame_log_same(&r[i]->log, &m->log),
					      "reader %u, stream %u" SEEDED, i, n,
					      seed);
			KUNIT_ASSERT_EQ_MSG(test, mctp_deframe_held(&r[i]->deframer),
					    m->held, "stream %u" SEEDED, n, seed);
		}
	}
}

static void any_bytes_at_high_speed(struct kunit *test)
{
	any_bytes(test, false, 512);
}

static void any_bytes_at_full_speed(struct kunit *test)
{
	any_bytes(test, false, 8);
	any_bytes(test, false, 64);
}

static void any_bytes_while_spanning(struct kunit *test)
{
	any_bytes(test, true, 512);
}

static void border(struct kunit *test)
{
	const struct border *b = test->param_value;
	struct frame_reader *r = frame_reader_new(test);
	unsigned int i;

	set_link(&r->framing, b->link);
	frame_reader_reset(r);
	for (i = 0; i < ARRAY_SIZE(b->sent) && b->sent[i].bytes; i++)
		frame_reader_feed(r, b->sent[i].bytes, b->sent[i].len);

	KUNIT_EXPECT_PTR_EQ_MSG(test, r->wrong, NULL, "%s", r->wrong);
	KUNIT_EXPECT_EQ(test, r->log.packets, b->packets);
	KUNIT_EXPECT_EQ(test, mctp_deframe_held(&r->deframer), b->held);
	for (i = 0; i < ARRAY_SIZE(b->events) && b->events[i]; i++)
		KUNIT_EXPECT_EQ(test, r->log.event[i], b->events[i]);
	KUNIT_EXPECT_EQ(test, r->log.events, i);
}

static struct frame_reader *reader_of(struct kunit *test, enum link link)
{
	struct frame_reader *r = frame_reader_new(test);

	set_link(&r->framing, link);
	frame_reader_reset(r);
	return r;
}

static void drop_tells_whether_there_was_a_partial_frame(struct kunit *test)
{
	struct frame_reader *r = reader_of(test, SPANNING);

	KUNIT_EXPECT_FALSE(test, frame_reader_drop(r));
	frame_reader_feed(r, "\x1a", 1);
	KUNIT_EXPECT_TRUE(test, frame_reader_drop(r));
	KUNIT_EXPECT_EQ(test, mctp_deframe_held(&r->deframer), 0);
	KUNIT_EXPECT_FALSE(test, frame_reader_drop(r));
	frame_reader_feed(r, HEADERS("\x0a"), 8);
	KUNIT_EXPECT_TRUE(test, frame_reader_drop(r));
	frame_reader_feed(r, HEADERS("\x08"), 8);
	KUNIT_EXPECT_FALSE(test, frame_reader_drop(r));
	KUNIT_EXPECT_EQ(test, r->log.packets, 1);
	KUNIT_EXPECT_EQ(test, r->log.events, 0);
}

static void drop_forgets_the_rest_of_the_completion(struct kunit *test)
{
	struct frame_reader *r = reader_of(test, SPANNING);
	struct mctp_frame_part part;

	mctp_deframe_begin(&r->deframer, HEADERS("\x08") HEADERS("\x08"), 16);
	KUNIT_EXPECT_EQ(test, mctp_deframe_next(&r->deframer, &part),
			MCTP_FRAME_DATA);
	KUNIT_EXPECT_FALSE(test, mctp_deframe_drop(&r->deframer));
	KUNIT_EXPECT_EQ(test, mctp_deframe_next(&r->deframer, &part),
			MCTP_FRAME_NONE);
}

static void drop_ends_the_transfer(struct kunit *test)
{
	struct frame_reader *r = reader_of(test, FULL_SPEED);

	frame_reader_feed(r, HEADERS("\x08"), 8);
	frame_reader_drop(r);
	frame_reader_feed(r, "\0\0\0\0\0\0\0\0", 8);
	KUNIT_ASSERT_EQ(test, r->log.events, 1);
	KUNIT_EXPECT_EQ(test, r->log.event[0], MCTP_FRAME_BAD_ID);
}

static void nothing_more_is_met_in_a_used_up_completion(struct kunit *test)
{
	struct frame_reader *r = reader_of(test, HIGH_SPEED);
	struct mctp_frame_part part;
	unsigned int i;

	frame_reader_feed(r, "\x1a\xb4\x00", 3);
	KUNIT_EXPECT_EQ(test, r->log.events, 1);
	for (i = 0; i < 3; i++)
		KUNIT_EXPECT_EQ(test, mctp_deframe_next(&r->deframer, &part),
				MCTP_FRAME_NONE);
}

static struct kunit_case framing_cases[] = {
	KUNIT_CASE_PARAM(vector, receive_gen_params),
	KUNIT_CASE_PARAM(border, border_gen_params),
	KUNIT_CASE(spanning_stream_cut_at_any_two_bytes_gives_the_same_packets),
	KUNIT_CASE(spanning_stream_cut_at_random_gives_the_same_packets),
	KUNIT_CASE(any_bytes_at_high_speed),
	KUNIT_CASE(any_bytes_at_full_speed),
	KUNIT_CASE(any_bytes_while_spanning),
	KUNIT_CASE(drop_tells_whether_there_was_a_partial_frame),
	KUNIT_CASE(drop_forgets_the_rest_of_the_completion),
	KUNIT_CASE(drop_ends_the_transfer),
	KUNIT_CASE(nothing_more_is_met_in_a_used_up_completion),
	{}
};

static struct kunit_suite framing_suite = {
	.name = "mctp_usb_framing",
	.test_cases = framing_cases,
};

kunit_test_suite(framing_suite);

MODULE_DESCRIPTION("KUnit: DSP0283 framing, receive side");
MODULE_LICENSE("GPL");
