// SPDX-License-Identifier: GPL-2.0
/*
 * src/core/reassembly.c: messages from packets.
 */
#include "fake-core.h"
#include "fake-core-random.h"

#include "../src/core/reassembly.c"

/* Feed the packet that has @len bytes from @pos on, numbered @seq. */
static int feed(struct kunit *test, struct mc_asm *as, unsigned int seq,
		unsigned int pos, unsigned int len)
{
	struct sk_buff *skb = fake_packet(test, SEQ(seq), pos, len);
	int err;

	err = as->skb ? mc_asm_add(as, skb) : mc_asm_start(as, skb);
	KUNIT_EXPECT_TRUE_MSG(test, fake_bytes_are(skb, pos, len),
			      "the caller's packet was changed");
	kfree_skb(skb);
	return err;
}

static void drop(struct mc_asm *as)
{
	kfree_skb(mc_asm_take(as));
}

static void a_message_looks_like_its_first_packet(struct kunit *test)
{
	struct sk_buff *skb = fake_packet(test, SOM | SEQ(2) | TO | 5, 0, 10);
	struct mc_asm as = {};
	struct sk_buff *message;

	memset(skb->cb, 0x5a, sizeof(skb->cb));
	skb->tstamp = 12345;
	skb->mark = 678;
	skb->protocol = htons(ETH_P_MCTP);
	skb->pkt_type = PACKET_LOOPBACK;
	skb_hwtstamps(skb)->hwtstamp = 9876;

	KUNIT_ASSERT_EQ(test, mc_asm_start(&as, skb), 0);
	KUNIT_EXPECT_EQ(test, feed(test, &as, 3, 10, 10), 0);
	message = mc_asm_take(&as);

	KUNIT_EXPECT_FALSE(test, memcmp(message->cb, skb->cb, sizeof(skb->cb)));
	KUNIT_EXPECT_FALSE(test, memcmp(mctp_hdr(message), mctp_hdr(skb),
					MC_HDR_LEN));
	KUNIT_EXPECT_EQ(test, message->tstamp, skb->tstamp);
	KUNIT_EXPECT_EQ(test, message->mark, skb->mark);
	KUNIT_EXPECT_EQ(test, ntohs(message->protocol), ETH_P_MCTP);
	KUNIT_EXPECT_EQ(test, (int)message->pkt_type, PACKET_LOOPBACK);
	KUNIT_EXPECT_EQ(test, skb_hwtstamps(message)->hwtstamp,
			skb_hwtstamps(skb)->hwtstamp);
	/* Packet sockets and filters want to know what is where. */
	KUNIT_EXPECT_PTR_EQ(test, skb_transport_header(message), message->data);
	KUNIT_EXPECT_PTR_EQ(test, skb_mac_header(message),
			    skb_network_header(message));
	kfree_skb(message);
	kfree_skb(skb);
}

static void a_message_is_a_copy_of_its_packets(struct kunit *test)
{
	struct sk_buff *skb = fake_packet(test, SOM, 0, 300);
	struct mc_asm as = {};

	KUNIT_ASSERT_EQ(test, mc_asm_start(&as, skb), 0);
	memset(skb->data, 0, skb->len);
	kfree_skb(skb);
	KUNIT_EXPECT_TRUE(test, fake_bytes_are(as.skb, 0, 300));
	drop(&as);
}

static void a_message_is_taken_once(struct kunit *test)
{
	struct mc_asm as = {};
	struct sk_buff *message;

	KUNIT_EXPECT_FALSE(test, mc_asm_take(&as));
	KUNIT_ASSERT_EQ(test, feed(test, &as, 0, 0, 1), 0);
	message = mc_asm_take(&as);
	KUNIT_EXPECT_TRUE(test, message);
	KUNIT_EXPECT_FALSE(test, mc_asm_take(&as));
	kfree_skb(message);
}

/* As far as the first page, one byte at a time; then to its end and the next */
static void bytes_come_together_at_every_border(struct kunit *test)
{
	const unsigned int end = min(2 * PAGE_SIZE, 65536UL);
	struct mc_asm as = {};
	unsigned int pos, seq = 3;

	for (pos = 0; pos < LINEAR_SIZE + 200; pos++) {
		KUNIT_ASSERT_EQ(test, feed(test, &as, seq++, pos, 1), 0);
		KUNIT_ASSERT_TRUE(test, fake_bytes_are(as.skb, 0, pos + 1));
	}
	while (pos < end) {
		unsigned int len = min(61U, end - pos);

		KUNIT_ASSERT_EQ(test, feed(test, &as, seq++, pos, len), 0);
		pos += len;
		KUNIT_ASSERT_TRUE_MSG(test, fake_bytes_are(as.skb, 0, pos),
				      "at %u", pos);
	}
	drop(&as);
}

struct cut {
	unsigned int len;
	unsigned int unit;
};

static const struct cut cuts[] = {
	{ 1, 1 }, { 64, 64 }, { 65, 64 }, { 255, 64 }, { 256, 64 },
	{ 257, 64 }, { 4096, 64 }, { 4400, 1 }, { 8192, 251 },
	{ 65536, 33 }, { 65536, 64 }, { 65536, 251 }, { 65536, 4092 },
	{ 65536, 4096 }, { 65536, 65535 }, { 65536, 65536 }, { 65535, 4097 },
};

static void describe_cut(const struct cut *cut, char *desc)
{
	snprintf(desc, KUNIT_PARAM_DESC_SIZE, "%u bytes in units of %u",
		 cut->len, cut->unit);
}

KUNIT_ARRAY_PARAM(cuts, cuts, describe_cut);

static void a_message_in_units_comes_back(struct kunit *test)
{
	const struct cut *cut = test->param_value;
	unsigned int pos, len, linear, seq = 0;
	struct mc_asm as = {};

	for (pos = 0; pos < cut->len; pos += len) {
		len = min(cut->unit, cut->len - pos);
		KUNIT_ASSERT_EQ(test, feed(test, &as, seq++, pos, len), 0);
	}
	KUNIT_EXPECT_TRUE(test, fake_bytes_are(as.skb, 0, cut->len));

	/* It costs what its bytes need, in units however small. */
	linear = skb_headlen(as.skb);
	KUNIT_EXPECT_GE(test, linear, min(cut->len, 252U));
	KUNIT_EXPECT_EQ(test, as.skb->truesize,
			SKB_TRUESIZE(skb_end_offset(as.skb)) +
			(unsigned int)round_up(cut->len - linear, PAGE_SIZE));
	KUNIT_EXPECT_EQ(test, (unsigned int)skb_shinfo(as.skb)->nr_frags,
			DIV_ROUND_UP(cut->len - linear,
				     (unsigned int)PAGE_SIZE));
	drop(&as);
}

static void only_the_next_number_is_in_sequence(struct kunit *test)
{
	unsigned int first, second;
	struct mc_asm as = {};
	int err;

	for (first = 0; first < 4; first++) {
		for (second = 0; second < 4; second++) {
			KUNIT_ASSERT_EQ(test, feed(test, &as, first, 0, 5), 0);
			err = feed(test, &as, second, 5, 5);
			KUNIT_EXPECT_EQ_MSG(test, err,
					    second == (first + 1) % 4 ? 0 :
					    -EINVAL, "%u after %u", second,
					    first);
			KUNIT_EXPECT_TRUE(test, fake_bytes_are(as.skb, 0,
							       err ? 5 : 10));
			drop(&as);
		}
	}
}

/* Whose message it is, and whether it ends, others have decided. */
static void numbers_alone_tell_the_sequence(struct kunit *test)
{
	struct sk_buff *skb;
	struct mc_asm as = {};
	unsigned int bits;
	int err;

	for (bits = 0; bits <= 0xff; bits++) {
		KUNIT_ASSERT_EQ(test, feed(test, &as, 1, 0, 5), 0);
		skb = fake_packet(test, bits, 5, 5);
		err = mc_asm_add(&as, skb);
		KUNIT_EXPECT_EQ_MSG(test, err,
				    (bits & SEQ(3)) == SEQ(2) ? 0 : -EINVAL,
				    "flags, number and tag 0x%02x", bits);
		kfree_skb(skb);
		drop(&as);
	}
}

static void a_packet_without_payload_counts(struct kunit *test)
{
	struct mc_asm as = {};

	KUNIT_ASSERT_EQ(test, feed(test, &as, 0, 0, 7), 0);
	KUNIT_EXPECT_EQ(test, feed(test, &as, 1, 7, 0), 0);
	KUNIT_EXPECT_EQ(test, feed(test, &as, 1, 7, 3), -EINVAL);
	KUNIT_EXPECT_EQ(test, feed(test, &as, 2, 7, 3), 0);
	KUNIT_EXPECT_TRUE(test, fake_bytes_are(as.skb, 0, 10));
	drop(&as);
}

static void a_message_has_64_kib_at_most(struct kunit *test)
{
	const unsigned int max = 65536;
	struct mc_asm as = {};

	KUNIT_EXPECT_EQ(test, feed(test, &as, 0, 0, max + 1), -EMSGSIZE);
	KUNIT_EXPECT_FALSE(test, as.skb);

	KUNIT_ASSERT_EQ(test, feed(test, &as, 0, 0, max), 0);
	KUNIT_EXPECT_EQ(test, feed(test, &as, 1, max, 1), -EMSGSIZE);
	drop(&as);

	KUNIT_ASSERT_EQ(test, feed(test, &as, 0, 0, max - 1), 0);
	KUNIT_EXPECT_EQ(test, feed(test, &as, 1, max - 1, 2), -EMSGSIZE);
	drop(&as);

	KUNIT_ASSERT_EQ(test, feed(test, &as, 0, 0, max - 1), 0);
	KUNIT_EXPECT_EQ(test, feed(test, &as, 1, max - 1, 1), 0);
	KUNIT_EXPECT_TRUE(test, fake_bytes_are(as.skb, 0, max));
	drop(&as);
}

/* One skb of 30 bytes: a third linear, one in a page, one in another skb */
static struct sk_buff *in_pieces(struct kunit *test, unsigned int seq,
				 unsigned int pos)
{
	struct sk_buff *skb = fake_packet(test, SEQ(seq), pos, 10);
	struct sk_buff *more = fake_packet(test, 0, pos + 20, 10);
	struct page *page = alloc_page(GFP_KERNEL);

	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, page);
	memcpy(page_address(page) + 100, fake.bytes + pos + 10, 10);
	skb_add_rx_frag(skb, 0, page, 100, 10, PAGE_SIZE);
	/* It goes with the first one. */
	fake.skbs--;
	skb_shinfo(skb)->frag_list = more;
	skb->len += more->len;
	skb->data_len += more->len;
	skb->truesize += more->truesize;
	return skb;
}

static void packets_may_be_in_pieces(struct kunit *test)
{
	struct mc_asm as = {};
	struct sk_buff *skb;
	unsigned int i;
	int err;

	for (i = 0; i < 20; i++) {
		skb = in_pieces(test, i, 30 * i);
		err = i ? mc_asm_add(&as, skb) : mc_asm_start(&as, skb);
		KUNIT_ASSERT_EQ(test, err, 0);
		KUNIT_EXPECT_TRUE(test, fake_bytes_are(skb, 30 * i, 30));
		kfree_skb(skb);
	}
	KUNIT_EXPECT_TRUE(test, fake_bytes_are(as.skb, 0, 600));
	drop(&as);
}

/* A packet socket may look at what was received. */
static void a_clone_of_a_packet_is_left_alone(struct kunit *test)
{
	struct sk_buff *clone[2], *skb;
	struct mc_asm as = {};
	unsigned int i;

	for (i = 0; i < 2; i++) {
		skb = fake_packet(test, SEQ(i), 64 * i, 64);
		clone[i] = skb_clone(skb, GFP_KERNEL);
		KUNIT_ASSERT_NOT_ERR_OR_NULL(test, clone[i]);
		fake.skbs++;
		KUNIT_ASSERT_EQ(test, i ? mc_asm_add(&as, skb) :
				      mc_asm_start(&as, skb), 0);
		kfree_skb(skb);
	}
	memset(as.skb->data, 0, skb_headlen(as.skb));
	for (i = 0; i < 2; i++) {
		KUNIT_EXPECT_TRUE(test, fake_bytes_are(clone[i], 64 * i, 64));
		kfree_skb(clone[i]);
	}
	drop(&as);
}

/* @first bytes, then some pages more, with the allocation that is due failing */
static int feed_without_memory(struct kunit *test, unsigned int first)
{
	const unsigned int more = min(3 * PAGE_SIZE, 60000UL);
	struct mc_asm as = {};
	int err;

	err = feed(test, &as, 0, 0, first);
	if (err)
		KUNIT_EXPECT_FALSE(test, as.skb);
	else
		err = feed(test, &as, 1, first, more);
	if (!err)
		KUNIT_EXPECT_TRUE(test, fake_bytes_are(as.skb, 0,
						       first + more));
	drop(&as);
	return err;
}

static void any_allocation_may_fail(struct kunit *test)
{
	static const unsigned int firsts[] = { 1, 300, 5000 };
	unsigned int i, n;
	bool failed;
	int err;

	for (i = 0; i < ARRAY_SIZE(firsts); i++) {
		n = 0;
		do {
			fake.fail_in = ++n;
			err = feed_without_memory(test, firsts[i]);
			failed = !fake.fail_in;
			KUNIT_EXPECT_EQ(test, err, failed ? -ENOMEM : 0);
			KUNIT_EXPECT_EQ(test, fake.skbs, 0);
		} while (failed && n < 100);
		fake.fail_in = 0;
		/* one skb, and a page at least */
		KUNIT_EXPECT_GE(test, n - 1, 2U);
	}
}

static void any_cuts_give_the_message_back(struct kunit *test)
{
	unsigned int round, len, pos, part, seq;
	struct mc_asm as = {};

	for (round = 0; round < 150; round++) {
		len = fake_between(1, 1 << fake_between(0, 16));
		seq = fake_below(4);
		for (pos = 0; pos < len; pos += part) {
			part = fake_between(pos ? 0 : 1,
					    1 << fake_between(5, 12));
			part = min(part, len - pos);
			KUNIT_ASSERT_EQ_MSG(test,
					    feed(test, &as, seq++, pos, part),
					    0, "round %u" SEEDED, round,
					    seed);
		}
		KUNIT_ASSERT_TRUE_MSG(test, fake_bytes_are(as.skb, 0, len),
				      "round %u" SEEDED, round, seed);
		drop(&as);
	}
}

static int reassembly_init(struct kunit *test)
{
	fake_core_start();
	fake_random_start();
	return 0;
}

static struct kunit_case reassembly_cases[] = {
	KUNIT_CASE(a_message_looks_like_its_first_packet),
	KUNIT_CASE(a_message_is_a_copy_of_its_packets),
	KUNIT_CASE(a_message_is_taken_once),
	KUNIT_CASE(bytes_come_together_at_every_border),
	KUNIT_CASE_PARAM(a_message_in_units_comes_back, cuts_gen_params),
	KUNIT_CASE(only_the_next_number_is_in_sequence),
	KUNIT_CASE(numbers_alone_tell_the_sequence),
	KUNIT_CASE(a_packet_without_payload_counts),
	KUNIT_CASE(a_message_has_64_kib_at_most),
	KUNIT_CASE(packets_may_be_in_pieces),
	KUNIT_CASE(a_clone_of_a_packet_is_left_alone),
	KUNIT_CASE(any_allocation_may_fail),
	KUNIT_CASE(any_cuts_give_the_message_back),
	{}
};

static struct kunit_suite reassembly_suite = {
	.name = "mctp_core_reassembly",
	.init = reassembly_init,
	.exit = fake_core_end,
	.test_cases = reassembly_cases,
};

kunit_test_suite(reassembly_suite);

MODULE_DESCRIPTION("KUnit: reassembly of MCTP messages");
MODULE_LICENSE("GPL");
