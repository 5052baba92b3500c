// SPDX-License-Identifier: GPL-2.0
/* What the edition and the packet sizes of a link imply. */
#include <kunit/test.h>
#include <linux/module.h>

#include "../src/frame.c"

static const unsigned int allowed[] = { 8, 16, 32, 64, 128, 256, 512, 1024 };

static const struct link_sizes {
	const char *name;
	bool spanning;
	unsigned int maxp;
	struct mctp_framing is;
} link_sizes[] = {
	{ "1.0 low end of full speed", false, 8,
	  { MCTP_FRAME_BORDER_SHORT, 0xff, 251, 8, 511 } },
	{ "1.0 full speed", false, 64,
	  { MCTP_FRAME_BORDER_SHORT, 0xff, 251, 64, 511 } },
	{ "1.0 just below high speed", false, 256,
	  { MCTP_FRAME_BORDER_SHORT, 0xff, 251, 256, 511 } },
	{ "1.0 high speed", false, 512,
	  { MCTP_FRAME_BORDER_EVERY, 0xff, 251, 512, 511 } },
	{ "1.0 SuperSpeed", false, 1024,
	  { MCTP_FRAME_BORDER_EVERY, 0xff, 251, 1024, 511 } },
	{ "1.1 low end of full speed", true, 8,
	  { MCTP_FRAME_BORDER_NONE, 0x1fff, 8187, 8192, 8191 } },
	{ "1.1 full speed", true, 64,
	  { MCTP_FRAME_BORDER_NONE, 0x1fff, 8187, 8192, 8191 } },
	{ "1.1 high speed", true, 512,
	  { MCTP_FRAME_BORDER_NONE, 0x1fff, 8187, 8192, 8191 } },
	{ "1.1 SuperSpeed", true, 1024,
	  { MCTP_FRAME_BORDER_NONE, 0x1fff, 8187, 8192, 8191 } },
};

static void describe(const struct link_sizes *l, char *text)
{
	strscpy(text, l->name, KUNIT_PARAM_DESC_SIZE);
}

KUNIT_ARRAY_PARAM(link, link_sizes, describe);

static void sizes_of_a_link(struct kunit *test)
{
	const struct link_sizes *l = test->param_value;
	struct mctp_framing f = {};

	KUNIT_ASSERT_EQ(test, mctp_framing_init(&f, l->spanning, l->maxp,
						l->maxp), 0);
	KUNIT_EXPECT_EQ(test, (int)f.border, (int)l->is.border);
	KUNIT_EXPECT_EQ(test, f.len_mask, l->is.len_mask);
	KUNIT_EXPECT_EQ(test, f.packet_max, l->is.packet_max);
	KUNIT_EXPECT_EQ(test, f.in_size, l->is.in_size);
	KUNIT_EXPECT_EQ(test, f.out_size, l->is.out_size);
}

static void receive_sizes_follow_the_in_endpoint_alone(struct kunit *test)
{
	struct mctp_framing f = {};

	KUNIT_ASSERT_EQ(test, mctp_framing_init(&f, false, 64, 512), 0);
	KUNIT_EXPECT_EQ(test, f.in_size, 64);
	KUNIT_EXPECT_EQ(test, (int)f.border, (int)MCTP_FRAME_BORDER_SHORT);
	KUNIT_ASSERT_EQ(test, mctp_framing_init(&f, false, 512, 64), 0);
	KUNIT_EXPECT_EQ(test, f.in_size, 512);
	KUNIT_EXPECT_EQ(test, (int)f.border, (int)MCTP_FRAME_BORDER_EVERY);
}

static void every_size_fits_what_it_is_for(struct kunit *test)
{
	struct mctp_framing f;
	unsigned int i, spanning;

	for (i = 0; i < 2 * ARRAY_SIZE(allowed); i++) {
		unsigned int maxp = allowed[i / 2];

		spanning = i & 1;
		KUNIT_ASSERT_EQ(test, mctp_framing_init(&f, spanning, maxp, maxp), 0);
		/* or the last packet of a full one would be babble */
		KUNIT_EXPECT_EQ(test, f.in_size % maxp, 0);
		/* the length field can say it, and one transfer can take it */
		KUNIT_EXPECT_LE(test, f.packet_max + 4, (int)f.len_mask);
		KUNIT_EXPECT_LE(test, f.packet_max + 4, (int)f.out_size);
		/* all peers are to take the baseline unit */
		KUNIT_EXPECT_GE(test, f.packet_max, MCTP_PACKET_BTU);
		/* a full transfer at high speed ends short */
		KUNIT_EXPECT_NE(test, f.out_size % 512, 0);
	}
}

static void packet_sizes_that_usb_has_not_are_refused(struct kunit *test)
{
	static const unsigned int refused[] = {
		0, 1, 2, 4, 7, 9, 12, 24, 63, 65, 96, 100, 511, 513, 768, 1023,
		1025, 2047, 2048, 4096, 0x8000, 0xffff, 0x10000, 0x80000000,
		0xffffffff,
	};
	static const struct mctp_framing untouched = {
		.border = MCTP_FRAME_BORDER_SHORT, .len_mask = 1,
		.packet_max = 2, .in_size = 3, .out_size = 4,
	};
	unsigned int i, j;

	for (i = 0; i < ARRAY_SIZE(refused); i++) {
		for (j = 0; j < 4; j++) {
			struct mctp_framing f = untouched;
			unsigned int in = j & 1 ? refused[i] : 512;
			unsigned int out = j & 1 ? 512 : refused[i];

			KUNIT_EXPECT_EQ_MSG(test,
					    mctp_framing_init(&f, j & 2, in, out),
					    -EINVAL, "in %u out %u", in, out);
			KUNIT_EXPECT_EQ_MSG(test, f.border, untouched.border,
					    "in %u out %u", in, out);
			KUNIT_EXPECT_EQ_MSG(test, f.in_size, untouched.in_size,
					    "in %u out %u", in, out);
		}
	}
}

static struct kunit_case sizes_cases[] = {
	KUNIT_CASE_PARAM(sizes_of_a_link, link_gen_params),
	KUNIT_CASE(receive_sizes_follow_the_in_endpoint_alone),
	KUNIT_CASE(every_size_fits_what_it_is_for),
	KUNIT_CASE(packet_sizes_that_usb_has_not_are_refused),
	{}
};

static struct kunit_suite sizes_suite = {
	.name = "mctp_usb_sizes",
	.test_cases = sizes_cases,
};

kunit_test_suite(sizes_suite);

MODULE_DESCRIPTION("KUnit: DSP0283 MTU and transfer sizes");
MODULE_LICENSE("GPL");
