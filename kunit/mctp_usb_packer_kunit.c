// SPDX-License-Identifier: GPL-2.0
/*
 * The transmit side of the framing: the DSP0283 vectors for it, refusals, and
 * the round trip through the receive side.
 */
#include <kunit/test.h>
#include <linux/module.h>

#include "../src/frame.c"

#include "frame-reader.h"
#include "seeded.h"
#include "vector-table.h"

#define POISON		0xa7

static void describe(const struct vector_tx *v, char *text)
{
	strscpy(text, v->id, KUNIT_PARAM_DESC_SIZE);
}

KUNIT_ARRAY_PARAM(transmit, vector_transmit, describe);

static u8 *poisoned_buffer(struct kunit *test, unsigned int size)
{
	u8 *buf = kunit_kzalloc(test, size, GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, buf);
	memset(buf, POISON, size);
	return buf;
}

static bool is_poison(const u8 *at, unsigned int len)
{
	return !memchr_inv(at, POISON, len);
}

/* A buffer of exactly the size that the packer may use. */
static u8 *transfer_of(struct kunit *test, struct mctp_framing *framing,
		       bool spanning)
{
	KUNIT_ASSERT_EQ(test, mctp_framing_init(framing, spanning, 512, 512), 0);
	return poisoned_buffer(test, framing->out_size);
}

static void vector(struct kunit *test)
{
	const struct vector_tx *v = test->param_value;
	struct mctp_framing framing;
	u8 *buf = transfer_of(test, &framing, v->spanning);
	unsigned int fill = 0;
	u8 *to;

	to = mctp_frame_pack(&framing, buf, &fill, v->packet.len);
	if (v->refused) {
		KUNIT_EXPECT_PTR_EQ_MSG(test, to, NULL, "%s", v->note);
		KUNIT_EXPECT_EQ_MSG(test, fill, 0, "%s", v->note);
		KUNIT_EXPECT_TRUE(test, is_poison(buf, framing.out_size));
		return;
	}
	KUNIT_ASSERT_PTR_EQ_MSG(test, to, buf + 4, "%s", v->note);
	memcpy(to, vector_bytes + v->packet.at, v->packet.len);

	KUNIT_ASSERT_EQ_MSG(test, fill, v->frame.len, "%s", v->note);
	KUNIT_EXPECT_EQ_MSG(test, memcmp(buf, vector_bytes + v->frame.at, fill), 0,
			    "%s", v->note);
	/* that of the URBs is in mctp_usb_tx; this is what the USB core makes of it */
	KUNIT_EXPECT_EQ_MSG(test, fill % 512 == 0, v->zlp, "%s", v->note);
}

static void only_the_header_is_written(struct kunit *test)
{
	struct mctp_framing framing;
	u8 *buf = transfer_of(test, &framing, true);
	unsigned int fill = 100;

	KUNIT_EXPECT_PTR_EQ(test, mctp_frame_pack(&framing, buf, &fill, 300),
			    buf + 104);
	KUNIT_EXPECT_EQ(test, fill, 404);
	KUNIT_EXPECT_TRUE(test, is_poison(buf, 100));
	KUNIT_EXPECT_EQ(test, memcmp(buf + 100, "\x1a\xb4\x01\x30", 4), 0);
	KUNIT_EXPECT_TRUE(test, is_poison(buf + 104, framing.out_size - 104));
}

/* Packets that no edition has, or not this one, or that do not fit. */
static const struct refusal {
	const char *name;
	bool spanning;
	unsigned int fill;
	unsigned int len;
	bool refused;
} refusals[] = {
	{ "1.0 no packet", false, 0, 0, true },
	{ "1.0 shorter than an MCTP header", false, 0, 3, true },
	{ "1.0 shortest", false, 0, 4, false },
	{ "1.0 longest", false, 0, 251, false },
	{ "1.0 too long", false, 0, 252, true },
	{ "1.0 of all bits", false, 0, 0xffffffff, true },
	{ "1.0 longest behind another", false, 255, 251, false },
	{ "1.0 fills the transfer", false, 511 - 72, 68, false },
	{ "1.0 one more than fits", false, 512 - 72, 68, true },
	{ "1.0 the transfer is full", false, 511, 4, true },
	{ "1.0 shortest at the end", false, 503, 4, false },
	{ "1.1 shorter than an MCTP header", true, 0, 3, true },
	{ "1.1 shortest", true, 0, 4, false },
	{ "1.1 longest", true, 0, 8187, false },
	{ "1.1 too long", true, 0, 8188, true },
	{ "1.1 longest behind another", true, 8, 8187, true },
	{ "1.1 fills the transfer", true, 8191 - 72, 68, false },
	{ "1.1 one more than fits", true, 8192 - 72, 68, true },
};

static void describe_refusal(const struct refusal *r, char *text)
{
	strscpy(text, r->name, KUNIT_PARAM_DESC_SIZE);
}

KUNIT_ARRAY_PARAM(refusal, refusals, describe_refusal);

static void packet_is_taken_or_nothing_is_touched(struct kunit *test)
{
	const struct refusal *r = test->param_value;
	struct mctp_framing framing;
	u8 *buf = transfer_of(test, &framing, r->spanning);
	unsigned int fill = r->fill;
	u8 *to;

	to = mctp_frame_pack(&framing, buf, &fill, r->len);
	if (r->refused) {
		KUNIT_EXPECT_PTR_EQ(test, to, NULL);
		KUNIT_EXPECT_EQ(test, fill, r->fill);
		KUNIT_EXPECT_TRUE(test, is_poison(buf, framing.out_size));
	} else {
		KUNIT_EXPECT_PTR_EQ(test, to, buf + r->fill + 4);
		KUNIT_EXPECT_EQ(test, fill, r->fill + 4 + r->len);
		KUNIT_EXPECT_LE(test, fill, framing.out_size);
	}
}

static void fits_agrees_with_pack(struct kunit *test)
{
	struct mctp_framing framing;
	u8 *buf = transfer_of(test, &framing, false);
	unsigned int fill, len, after;

	for (fill = 0; fill <= framing.out_size; fill++) {
		for (len = MCTP_PACKET_MIN; len <= framing.packet_max; len++) {
			bool fits = mctp_frame_fits(&framing, fill, len);

			after = fill;
			KUNIT_ASSERT_EQ_MSG(test, fits,
					    !!mctp_frame_pack(&framing, buf, &after,
							      len),
					    "%u behind %u", len, fill);
			KUNIT_ASSERT_EQ_MSG(test, fits,
					    fill + 4 + len <= framing.out_size,
					    "%u behind %u", len, fill);
		}
	}
}

/*
 * The bus and the far end: completions of the IN buffer's size, and behind a
 * transfer of full packets the zero-length one that our URBs ask for.
 */
static void carry(struct frame_reader *r, const u8 *transfer, unsigned int len,
		  unsigned int maxp)
{
	unsigned int in_size = r->framing.in_size, pos, n;

	for (pos = 0; pos < len; pos += n) {
		n = min(in_size, len - pos);
		frame_reader_feed(r, transfer + pos, n);
	}
	if (len % maxp == 0)
		frame_reader_feed(r, "", 0);
}

static void round_trip(struct kunit *test, bool spanning, unsigned int maxp,
		       struct rnd_state *rnd)
{
	struct frame_reader *r = frame_reader_new(test);
	unsigned int fill, len, mtu, packets, bytes, trip;
	u8 *buf, *sent, *to;

	mctp_framing_init(&r->framing, spanning, maxp, maxp);
	buf = poisoned_buffer(test, r->framing.out_size);
	sent = poisoned_buffer(test, READ_BYTES_MAX);

	for (trip = 0; trip < 12; trip++) {
		frame_reader_reset(r);
		mtu = seeded_from(rnd, MCTP_PACKET_BTU, r->framing.packet_max);
		fill = 0;
		packets = 0;
		bytes = 0;
		while (bytes < 24000 && packets < 200) {
			len = seeded_once_in(rnd, 3) ? mtu :
			      seeded_from(rnd, MCTP_PACKET_MIN, mtu);
			to = mctp_frame_pack(&r->framing, buf, &fill, len);
			if (!to) {
				carry(r, buf, fill, maxp);
				fill = 0;
				to = mctp_frame_pack(&r->framing, buf, &fill, len);
				KUNIT_ASSERT_NOT_NULL(test, to);
			}
			prandom_bytes_state(rnd, to, len);
			memcpy(sent + bytes, to, len);
			KUNIT_ASSERT_LT(test, packets, READ_MAX);
			bytes += len;
			packets++;
			if (seeded_once_in(rnd, 4)) {
				carry(r, buf, fill, maxp);
				fill = 0;
			}
		}
		carry(r, buf, fill, maxp);

		KUNIT_ASSERT_PTR_EQ_MSG(test, r->wrong, NULL, "%s" SEEDED, r->wrong,
					seed);
		KUNIT_ASSERT_EQ_MSG(test, r->log.packets, packets,
				    "maxp %u mtu %u" SEEDED, maxp, mtu, seed);
		KUNIT_ASSERT_EQ_MSG(test, r->log.len, bytes,
				    "maxp %u mtu %u" SEEDED, maxp, mtu, seed);
		KUNIT_ASSERT_EQ_MSG(test, memcmp(r->log.bytes, sent, bytes), 0,
				    "maxp %u mtu %u" SEEDED, maxp, mtu, seed);
		KUNIT_ASSERT_EQ_MSG(test, r->log.events, 0,
				    "maxp %u mtu %u" SEEDED, maxp, mtu, seed);
		KUNIT_ASSERT_EQ(test, mctp_deframe_held(&r->deframer), 0);
	}
}

static void what_is_packed_comes_out_again(struct kunit *test)
{
	static const unsigned int maxp[] = { 8, 16, 32, 64, 512, 1024 };
	struct rnd_state rnd;
	unsigned int i;

	seeded_start(&rnd);
	for (i = 0; i < ARRAY_SIZE(maxp); i++) {
		round_trip(test, false, maxp[i], &rnd);
		round_trip(test, true, maxp[i], &rnd);
	}
}

static struct kunit_case packer_cases[] = {
	KUNIT_CASE_PARAM(vector, transmit_gen_params),
	KUNIT_CASE_PARAM(packet_is_taken_or_nothing_is_touched,
			 refusal_gen_params),
	KUNIT_CASE(only_the_header_is_written),
	KUNIT_CASE(fits_agrees_with_pack),
	KUNIT_CASE(what_is_packed_comes_out_again),
	{}
};

static struct kunit_suite packer_suite = {
	.name = "mctp_usb_packer",
	.test_cases = packer_cases,
};

kunit_test_suite(packer_suite);

MODULE_DESCRIPTION("KUnit: DSP0283 framing, transmit side");
MODULE_LICENSE("GPL");
