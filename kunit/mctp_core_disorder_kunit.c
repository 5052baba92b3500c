// SPDX-License-Identifier: GPL-2.0
/*
 * src/core/deliver.c: that no message is made of packets that do not belong together.
 */
#include "fake-core-deliver.h"

static void a_packet_out_of_sequence_ends_its_message(struct kunit *test)
{
	bind_one(test);
	KUNIT_EXPECT_EQ(test, packet(test, SOM | TO, 0, 64), 0);
	KUNIT_EXPECT_EQ(test, packet(test, TO | SEQ(2), 64, 64), -EINVAL);
	KUNIT_EXPECT_EQ(test, fake.drops[MC_DROP_SEQUENCE], 1U);
	KUNIT_EXPECT_EQ(test, fake.key_ends[MC_KEY_INVALIDATED], 1U);
	/* and the right one does not bring it back */
	KUNIT_EXPECT_EQ(test, packet(test, TO | SEQ(1), 64, 64), -ENOENT);
	KUNIT_EXPECT_EQ(test, packet(test, EOM | TO | SEQ(2), 128, 4), -ENOENT);
	KUNIT_EXPECT_EQ(test, queued.count, 0U);
	KUNIT_EXPECT_EQ(test, fake.objects, 0);
}

static void a_request_outlives_a_broken_reply(struct kunit *test)
{
	struct mc_sock *msk = request(test, 0, false);

	KUNIT_EXPECT_EQ(test, packet(test, SOM, 0, 64), 0);
	KUNIT_EXPECT_EQ(test, packet(test, EOM | SEQ(3), 64, 64), -EINVAL);
	KUNIT_EXPECT_EQ(test, packet(test, EOM | SEQ(1), 64, 64), -EINVAL);
	KUNIT_EXPECT_EQ(test, fake.drops[MC_DROP_NOT_STARTED], 1U);
	KUNIT_EXPECT_EQ(test, queued.count, 0U);
	KUNIT_EXPECT_EQ(test, packet(test, SOM | SEQ(1), 0, 64), 0);
	KUNIT_EXPECT_EQ(test, packet(test, EOM | SEQ(2), 64, 64), 0);
	KUNIT_EXPECT_TRUE(test, got(msk, 0, 128));
}

static void a_new_start_replaces_the_message(struct kunit *test)
{
	struct mc_sock *msk = bind_one(test);

	KUNIT_EXPECT_EQ(test, packet(test, SOM | TO, 1000, 64), 0);
	KUNIT_EXPECT_EQ(test, packet(test, TO | SEQ(1), 1064, 64), 0);
	KUNIT_EXPECT_EQ(test, packet(test, SOM | TO | SEQ(3), 0, 64), 0);
	KUNIT_EXPECT_EQ(test, packet(test, EOM | TO | SEQ(0), 64, 5), 0);
	KUNIT_EXPECT_TRUE(test, got(msk, 0, 69));
	/* So does a message in one packet. */
	KUNIT_EXPECT_EQ(test, packet(test, SOM | TO, 1000, 64), 0);
	KUNIT_EXPECT_EQ(test, packet(test, SOM | EOM | TO, 500, 10), 0);
	KUNIT_EXPECT_TRUE(test, got(msk, 500, 10));
	KUNIT_EXPECT_EQ(test, packet(test, EOM | TO | SEQ(1), 64, 5), -ENOENT);
	KUNIT_EXPECT_EQ(test, fake.objects, 0);
}

static void what_replaces_a_message_may_be_for_another(struct kunit *test)
{
	struct mc_sock *one = bind_one(test), *other;

	KUNIT_EXPECT_EQ(test, packet(test, SOM | TO, 1000, 64), 0);
	other = bind_one(test);
	KUNIT_EXPECT_EQ(test, packet(test, SOM | EOM | TO, 500, 10), 0);
	KUNIT_EXPECT_TRUE(test, got(other, 500, 10));
	KUNIT_EXPECT_EQ(test, fake.objects, 0);

	KUNIT_EXPECT_EQ(test, packet(test, SOM | TO, 1000, 64), 0);
	bound.msk = one;
	KUNIT_EXPECT_EQ(test, packet(test, SOM | TO, 0, 64), 0);
	KUNIT_EXPECT_EQ(test, packet(test, EOM | TO | SEQ(1), 64, 5), 0);
	KUNIT_EXPECT_TRUE(test, got(one, 0, 69));
	/* or for none */
	KUNIT_EXPECT_EQ(test, packet(test, SOM | TO, 1000, 64), 0);
	bound.msk = NULL;
	KUNIT_EXPECT_EQ(test, packet(test, SOM | TO, 0, 64), -ENOENT);
	KUNIT_EXPECT_EQ(test, packet(test, EOM | TO | SEQ(1), 0, 5), -ENOENT);
	KUNIT_EXPECT_EQ(test, fake.objects, 0);
	KUNIT_EXPECT_EQ(test, fake.key_ends[MC_KEY_INVALIDATED], 3U);
	KUNIT_EXPECT_EQ(test, one->partial_bytes, (size_t)0);
	KUNIT_EXPECT_EQ(test, other->partial_bytes, (size_t)0);
}

/* With a tag for any peer and any EID of ours, all of them share a key. */
static void a_message_is_of_one_peer_to_one_eid(struct kunit *test)
{
	struct mc_sock *msk = fake_sock(test);

	KUNIT_ASSERT_EQ(test, mc_tag_alloc(msk, NET, MCTP_ADDR_ANY,
					   MCTP_ADDR_ANY, true), 0);
	KUNIT_EXPECT_EQ(test, packet_between(test, 10, OURS, SOM, 1000, 64), 0);
	KUNIT_EXPECT_EQ(test, packet(test, SOM, 0, 64), 0);
	KUNIT_EXPECT_EQ(test, packet_between(test, 10, OURS, EOM | SEQ(1), 0,
					     9), -ENOENT);
	KUNIT_EXPECT_EQ(test, packet_between(test, THEIRS, 11, EOM | SEQ(1), 0,
					     9), -ENOENT);
	KUNIT_EXPECT_EQ(test, fake.drops[MC_DROP_NO_KEY], 2U);
	KUNIT_EXPECT_EQ(test, queued.count, 0U);
	KUNIT_EXPECT_EQ(test, packet(test, EOM | SEQ(1), 64, 5), 0);
	KUNIT_EXPECT_TRUE(test, got(msk, 0, 69));
	mc_tags_close(msk);
}

enum damage { NONE, MISSING, REPEATED, SWAPPED, DAMAGES };

/* Send @count packets of @unit bytes, with packet @at or the one behind damaged. */
static void send_damaged(struct kunit *test, enum damage damage,
			 unsigned int count, unsigned int at, unsigned int unit)
{
	unsigned int i, n;
	u8 bits;

	for (i = 0; i < count; i++) {
		n = i;
		if (damage == SWAPPED && (i == at || i == at + 1))
			n = 2 * at + 1 - i;
		if (damage == MISSING && i == at)
			continue;
		bits = TO | SEQ(n);
		if (!n)
			bits |= SOM;
		if (n == count - 1)
			bits |= EOM;
		packet(test, bits, n * unit, unit);
		if (damage == REPEATED && i == at)
			packet(test, bits, n * unit, unit);
	}
}

static void one_damaged_packet_never_gives_another_message(struct kunit *test)
{
	unsigned int round, count, at, unit, want;
	struct mc_sock *msk = bind_one(test);
	enum damage damage;

	for (round = 0; round < 200; round++) {
		unit = fake_between(1, 300);
		count = fake_between(2, 20);
		at = fake_below(count);
		damage = fake_below(DAMAGES);
		if (damage == SWAPPED)
			at = fake_below(count - 1);
		/* A second start replaces the first, a second end is late. */
		want = damage == NONE || (damage == REPEATED &&
					  (!at || at == count - 1));

		queued.count = 0;
		send_damaged(test, damage, count, at, unit);
		KUNIT_ASSERT_EQ_MSG(test, queued.count, want,
				    "kind %u, packet %u of %u" SEEDED, damage,
				    at, count, seed);
		if (want)
			KUNIT_ASSERT_TRUE(test, got(msk, 0, count * unit));
		/* A whole one comes through whatever was before. */
		send_damaged(test, NONE, count, 0, unit);
		KUNIT_ASSERT_TRUE(test, got(msk, 0, count * unit));
	}
	fake_pass(6 * HZ);
	KUNIT_EXPECT_EQ(test, fake.objects, 0);
	KUNIT_EXPECT_EQ(test, link->partial_count, 0U);
}

static struct kunit_case disorder_cases[] = {
	KUNIT_CASE(a_packet_out_of_sequence_ends_its_message),
	KUNIT_CASE(a_request_outlives_a_broken_reply),
	KUNIT_CASE(a_new_start_replaces_the_message),
	KUNIT_CASE(what_replaces_a_message_may_be_for_another),
	KUNIT_CASE(a_message_is_of_one_peer_to_one_eid),
	KUNIT_CASE(one_damaged_packet_never_gives_another_message),
	{}
};

static struct kunit_suite disorder_suite = {
	.name = "mctp_core_disorder",
	.init = deliver_init,
	.exit = deliver_exit,
	.test_cases = disorder_cases,
};

kunit_test_suite(disorder_suite);

MODULE_DESCRIPTION("KUnit: MCTP packets that are not in order");
MODULE_LICENSE("GPL");
