// SPDX-License-Identifier: GPL-2.0
/*
 * src/core/tag.c: when tags and keys end.
 */
#include "fake-core-keys.h"

static void a_reply_ends_all_but_preallocated_tags(struct kunit *test)
{
	struct mc_sock *msk = fake_sock(test);
	struct mc_key *key;

	KUNIT_ASSERT_EQ(test, alloc(msk, OURS, THEIRS), 0);
	KUNIT_ASSERT_EQ(test, alloc_manual(msk, THEIRS), 1);
	replied(find(NET, OURS, THEIRS, 0));
	KUNIT_EXPECT_FALSE(test, find(NET, OURS, THEIRS, 0));

	key = find(NET, OURS, THEIRS, 1);
	key->as.skb = fake_packet(test, 0, 0, 10);
	replied(key);
	KUNIT_EXPECT_PTR_EQ(test, find(NET, OURS, THEIRS, 1), key);
	KUNIT_EXPECT_EQ(test, fake.skbs, 0);
	KUNIT_EXPECT_EQ(test, fake.key_ends[MC_KEY_REPLIED], 2U);
	mc_tags_close(msk);
}

static void a_request_is_given_six_seconds(struct kunit *test)
{
	struct mc_sock *msk = fake_sock(test);

	KUNIT_ASSERT_EQ(test, alloc(msk, OURS, THEIRS), 0);
	fake_pass(2 * HZ);
	KUNIT_ASSERT_EQ(test, alloc(msk, OURS, THEIRS), 1);
	KUNIT_ASSERT_EQ(test, alloc_manual(msk, THEIRS), 2);
	KUNIT_ASSERT_TRUE(test, of_message(msk, OURS, THEIRS, TO | 3));
	/* For the oldest alone: each packet that comes would set it anew. */
	KUNIT_EXPECT_EQ(test, fake_timer.armed, 1U);

	fake_pass(4 * HZ - 1);
	KUNIT_EXPECT_TRUE(test, find(NET, OURS, THEIRS, 0));
	fake_pass(1);
	KUNIT_EXPECT_FALSE(test, find(NET, OURS, THEIRS, 0));
	KUNIT_EXPECT_EQ(test, fake.key_ends[MC_KEY_TIMEOUT], 1U);

	fake_pass(2 * HZ - 1);
	KUNIT_EXPECT_TRUE(test, find(NET, OURS, THEIRS, 1));
	KUNIT_EXPECT_TRUE(test, find(NET, OURS, THEIRS, TO | 3));
	fake_pass(1);
	KUNIT_EXPECT_FALSE(test, find(NET, OURS, THEIRS, 1));
	KUNIT_EXPECT_FALSE(test, find(NET, OURS, THEIRS, TO | 3));
	KUNIT_EXPECT_FALSE(test, fake_timer.pending);

	fake_pass(100 * HZ);
	KUNIT_EXPECT_TRUE(test, find(NET, OURS, THEIRS, 2));
	KUNIT_EXPECT_EQ(test, fake.key_ends[MC_KEY_TIMEOUT], 3U);
	mc_tags_close(msk);
}

static void a_key_may_be_given_its_time_again(struct kunit *test)
{
	struct mc_sock *msk = fake_sock(test);
	struct mc_key *key = of_message(msk, OURS, THEIRS, TO);

	KUNIT_ASSERT_TRUE(test, of_message(msk, OURS, THEIRS, TO | 1));
	fake_pass(HZ);
	spin_lock_bh(&fake.mn.keys_lock);
	mc_key_expire_later(key);
	spin_unlock_bh(&fake.mn.keys_lock);
	fake_pass(5 * HZ);
	KUNIT_EXPECT_TRUE(test, find(NET, OURS, THEIRS, TO));
	KUNIT_EXPECT_FALSE(test, find(NET, OURS, THEIRS, TO | 1));
	fake_pass(HZ);
	KUNIT_EXPECT_FALSE(test, find(NET, OURS, THEIRS, TO));
}

/* What is timed of a preallocated tag are its messages. */
static void a_preallocated_tag_outlives_its_messages(struct kunit *test)
{
	struct mc_sock *msk = fake_sock(test);
	struct mc_key *key;
	int i;

	KUNIT_ASSERT_EQ(test, alloc_manual(msk, THEIRS), 0);
	KUNIT_EXPECT_FALSE(test, fake_timer.pending);
	key = find(NET, OURS, THEIRS, 0);
	for (i = 0; i < 2; i++) {
		key->as.skb = fake_packet(test, 0, 0, 10);
		spin_lock_bh(&fake.mn.keys_lock);
		mc_key_expire_later(key);
		spin_unlock_bh(&fake.mn.keys_lock);
		fake_pass(6 * HZ - 1);
		KUNIT_EXPECT_TRUE(test, key->as.skb);
		fake_pass(1);
		KUNIT_EXPECT_FALSE(test, key->as.skb);
		KUNIT_EXPECT_PTR_EQ(test, find(NET, OURS, THEIRS, 0), key);
		KUNIT_EXPECT_FALSE(test, fake_timer.pending);
	}
	KUNIT_EXPECT_EQ(test, fake.key_ends[MC_KEY_TIMEOUT], 0U);
	mc_tags_close(msk);
}

static void keys_go_with_their_socket(struct kunit *test)
{
	struct mc_sock *msk = fake_sock(test), *other = fake_sock(test);
	struct mc_key *key = of_message(msk, OURS, THEIRS, TO | 1);

	key->as.skb = fake_packet(test, 0, 0, 10);
	KUNIT_ASSERT_EQ(test, alloc(msk, OURS, THEIRS), 0);
	KUNIT_ASSERT_EQ(test, alloc(other, OURS, THEIRS), 1);
	KUNIT_ASSERT_EQ(test, alloc_manual(msk, THEIRS), 2);
	mc_tags_close(msk);

	KUNIT_EXPECT_EQ(test, fake.key_ends[MC_KEY_CLOSED], 3U);
	KUNIT_EXPECT_EQ(test, fake.objects, 1);
	KUNIT_EXPECT_EQ(test, fake.skbs, 0);
	KUNIT_EXPECT_EQ(test, msk->tag_count, 0U);
	KUNIT_EXPECT_TRUE(test, find(NET, OURS, THEIRS, 1));
	/* and there are no new ones */
	KUNIT_EXPECT_EQ(test, alloc(msk, OURS, THEIRS), -EINVAL);
	KUNIT_EXPECT_EQ(test, alloc_manual(msk, 10), -EINVAL);
	KUNIT_EXPECT_FALSE(test, of_message(msk, OURS, THEIRS, TO));
	KUNIT_EXPECT_EQ(test, fake.objects, 1);

	/* The timer was for one that is gone. */
	fake_pass(6 * HZ);
	KUNIT_EXPECT_EQ(test, fake.key_ends[MC_KEY_TIMEOUT], 1U);
	mc_tags_close(other);
}

static void a_namespace_takes_its_timer_along(struct kunit *test)
{
	struct mc_sock *msk = fake_sock(test);

	KUNIT_ASSERT_EQ(test, alloc(msk, OURS, THEIRS), 0);
	KUNIT_EXPECT_TRUE(test, fake_timer.pending);
	mc_tags_close(msk);
	mc_tags_net_exit(&fake.mn);
	KUNIT_EXPECT_FALSE(test, fake_timer.pending);
	KUNIT_EXPECT_EQ(test, mc_tags_net_init(&fake.mn), 0);
}

static struct kunit_case lifetimes_cases[] = {
	KUNIT_CASE(a_reply_ends_all_but_preallocated_tags),
	KUNIT_CASE(a_request_is_given_six_seconds),
	KUNIT_CASE(a_key_may_be_given_its_time_again),
	KUNIT_CASE(a_preallocated_tag_outlives_its_messages),
	KUNIT_CASE(keys_go_with_their_socket),
	KUNIT_CASE(a_namespace_takes_its_timer_along),
	{}
};

static struct kunit_suite lifetimes_suite = {
	.name = "mctp_core_lifetimes",
	.init = keys_init,
	.exit = keys_exit,
	.test_cases = lifetimes_cases,
};

kunit_test_suite(lifetimes_suite);

MODULE_DESCRIPTION("KUnit: lifetimes of MCTP tags");
MODULE_LICENSE("GPL");
