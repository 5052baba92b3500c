// SPDX-License-Identifier: GPL-2.0
/*
 * src/core/partial.c: what unfinished messages may cost, and who goes first.
 */
#include "fake-core.h"
#include "fake-core-random.h"

#include "../src/core/reassembly.c"
#include "../src/core/partial.c"

#define KEYS	(MC_LINK_PARTIALS + 2)

/* Keys in the order they ended, as tag.c is not here */
static struct mc_key *ended[KEYS];
static unsigned int ended_count;

void mc_key_end(struct mc_key *key, enum mc_key_end why)
{
	if (ended_count < KEYS)
		ended[ended_count] = key;
	ended_count++;
	fake.key_ends[why]++;
	mc_partial_drop(key);
}

static struct mc_key *new_key(struct kunit *test, struct mc_sock *msk, u8 tag)
{
	struct mc_key *key = kunit_kzalloc(test, sizeof(*key), GFP_KERNEL);

	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, key);
	key->msk = msk;
	key->tag = tag;
	return key;
}

static int start(struct kunit *test, struct mc_key *key, struct mc_link *link,
		 unsigned int len)
{
	struct sk_buff *skb = fake_packet(test, SOM, 0, len);
	int err = mc_partial_start(key, link, skb);

	kfree_skb(skb);
	return err;
}

static int add(struct kunit *test, struct mc_key *key, unsigned int len)
{
	struct sk_buff *skb = fake_packet(test, SEQ(key->as.seq + 1),
					  key->as.skb->len, len);
	int err = mc_partial_add(key, skb);

	kfree_skb(skb);
	return err;
}

static size_t cost(const struct mc_key *key)
{
	return key->as.skb ? key->as.skb->truesize : 0;
}

static void expect_nothing_charged(struct kunit *test,
				   const struct mc_link *link,
				   const struct mc_sock *msk)
{
	KUNIT_EXPECT_EQ(test, link->partial_count, 0U);
	KUNIT_EXPECT_EQ(test, link->partial_bytes, (size_t)0);
	KUNIT_EXPECT_EQ(test, msk->partial_bytes, (size_t)0);
	KUNIT_EXPECT_TRUE(test, list_empty(&link->partials));
	KUNIT_EXPECT_TRUE(test, list_empty(&msk->partials));
}

static void a_message_is_charged_until_it_is_taken(struct kunit *test)
{
	struct mc_link *link = fake_link(test, 1, 1);
	struct mc_sock *msk = fake_sock(test);
	struct mc_key *key = new_key(test, msk, TO);
	size_t first;

	KUNIT_ASSERT_EQ(test, start(test, key, link, 64), 0);
	first = cost(key);
	KUNIT_EXPECT_GT(test, first, (size_t)64);
	KUNIT_EXPECT_EQ(test, link->partial_count, 1U);
	KUNIT_EXPECT_EQ(test, link->partial_bytes, first);
	KUNIT_EXPECT_EQ(test, msk->partial_bytes, first);

	KUNIT_ASSERT_EQ(test, add(test, key, 20000), 0);
	KUNIT_EXPECT_GE(test, cost(key), first + 16384);
	KUNIT_EXPECT_EQ(test, link->partial_count, 1U);
	KUNIT_EXPECT_EQ(test, link->partial_bytes, cost(key));
	KUNIT_EXPECT_EQ(test, msk->partial_bytes, cost(key));

	kfree_skb(mc_partial_take(key));
	expect_nothing_charged(test, link, msk);
	KUNIT_EXPECT_FALSE(test, key->link);
	KUNIT_EXPECT_FALSE(test, mc_partial_take(key));
	expect_nothing_charged(test, link, msk);
	KUNIT_EXPECT_EQ(test, ended_count, 0U);
}

static void a_key_may_have_one_message_after_the_other(struct kunit *test)
{
	struct mc_link *link = fake_link(test, 1, 1);
	struct mc_link *other = fake_link(test, 2, 1);
	struct mc_sock *msk = fake_sock(test);
	struct mc_key *key = new_key(test, msk, TO);

	KUNIT_ASSERT_EQ(test, start(test, key, link, 5000), 0);
	mc_partial_drop(key);
	mc_partial_drop(key);
	expect_nothing_charged(test, link, msk);

	KUNIT_ASSERT_EQ(test, start(test, key, other, 10), 0);
	KUNIT_EXPECT_EQ(test, other->partial_bytes, cost(key));
	KUNIT_EXPECT_EQ(test, link->partial_count, 0U);
	KUNIT_EXPECT_EQ(test, msk->partial_bytes, cost(key));
	mc_partial_drop(key);
	expect_nothing_charged(test, other, msk);
}

static void only_a_peers_key_ends_with_its_message(struct kunit *test)
{
	struct mc_link *link = fake_link(test, 1, 1);
	struct mc_sock *msk = fake_sock(test);
	struct mc_key *theirs = new_key(test, msk, TO | 3);
	struct mc_key *ours = new_key(test, msk, 3);

	KUNIT_ASSERT_EQ(test, start(test, theirs, link, 10), 0);
	KUNIT_ASSERT_EQ(test, start(test, ours, link, 10), 0);
	mc_partial_abort(ours, MC_KEY_INVALIDATED);
	KUNIT_EXPECT_EQ(test, ended_count, 0U);
	KUNIT_EXPECT_EQ(test, link->partial_count, 1U);

	mc_partial_abort(theirs, MC_KEY_INVALIDATED);
	KUNIT_EXPECT_EQ(test, ended_count, 1U);
	KUNIT_EXPECT_PTR_EQ(test, ended[0], theirs);
	KUNIT_EXPECT_EQ(test, fake.key_ends[MC_KEY_INVALIDATED], 1U);
	expect_nothing_charged(test, link, msk);
}

static void what_does_not_start_costs_nothing(struct kunit *test)
{
	struct mc_link *link = fake_link(test, 1, 1);
	struct mc_sock *msk = fake_sock(test);
	struct mc_key *key = new_key(test, msk, TO);

	KUNIT_EXPECT_EQ(test, start(test, key, link, 65537), -EMSGSIZE);
	expect_nothing_charged(test, link, msk);
	fake.fail_in = 1;
	KUNIT_EXPECT_EQ(test, start(test, key, link, 64), -ENOMEM);
	expect_nothing_charged(test, link, msk);
	fake.fail_in = 2;
	KUNIT_EXPECT_EQ(test, start(test, key, link, 5000), -ENOMEM);
	expect_nothing_charged(test, link, msk);

	link->dead = true;
	KUNIT_EXPECT_EQ(test, start(test, key, link, 64), -ENODEV);
	expect_nothing_charged(test, link, msk);
	KUNIT_EXPECT_FALSE(test, key->link);
	KUNIT_EXPECT_EQ(test, ended_count, 0U);
}

static void a_failed_packet_is_accounted_for(struct kunit *test)
{
	struct mc_link *link = fake_link(test, 1, 1);
	struct mc_sock *msk = fake_sock(test);
	struct mc_key *key = new_key(test, msk, TO);
	size_t before;

	KUNIT_ASSERT_EQ(test, start(test, key, link, 300), 0);
	before = cost(key);
	/* One page is got, the next one not. */
	fake.fail_in = 2;
	KUNIT_EXPECT_EQ(test, add(test, key, 3 * PAGE_SIZE > 60000 ?
				  60000 : 3 * PAGE_SIZE),
			PAGE_SIZE > 20000 ? 0 : -ENOMEM);
	fake.fail_in = 0;
	KUNIT_EXPECT_GE(test, cost(key), before);
	KUNIT_EXPECT_EQ(test, link->partial_bytes, cost(key));
	KUNIT_EXPECT_EQ(test, msk->partial_bytes, cost(key));
	mc_partial_drop(key);
	expect_nothing_charged(test, link, msk);
}

static void a_link_has_a_number_of_messages(struct kunit *test)
{
	struct mc_link *link = fake_link(test, 1, 1);
	struct mc_link *other = fake_link(test, 2, 1);
	struct mc_sock *msk = fake_sock(test);
	static struct mc_key *key[KEYS];
	struct mc_key *safe;
	unsigned int i;

	msk->sk.sk_rcvbuf = INT_MAX;
	/* older than all, but of another link */
	safe = new_key(test, msk, TO);
	KUNIT_ASSERT_EQ(test, start(test, safe, other, 1), 0);
	for (i = 0; i < KEYS; i++) {
		key[i] = new_key(test, msk, TO);
		KUNIT_ASSERT_EQ(test, start(test, key[i], link, 1), 0);
		KUNIT_EXPECT_EQ(test, link->partial_count, min(i + 1, 256U));
	}
	KUNIT_ASSERT_EQ(test, ended_count, 2U);
	KUNIT_EXPECT_PTR_EQ(test, ended[0], key[0]);
	KUNIT_EXPECT_PTR_EQ(test, ended[1], key[1]);
	KUNIT_EXPECT_TRUE(test, safe->as.skb);

	mc_partial_drop(safe);
	for (i = 0; i < KEYS; i++)
		mc_partial_drop(key[i]);
	expect_nothing_charged(test, link, msk);
	expect_nothing_charged(test, other, msk);
}

static void a_link_has_a_megabyte_of_messages(struct kunit *test)
{
	struct mc_link *link = fake_link(test, 1, 1);
	struct mc_sock *msk = fake_sock(test);
	unsigned int i, most = 0;
	struct mc_key *key[20];

	msk->sk.sk_rcvbuf = INT_MAX;
	for (i = 0; i < ARRAY_SIZE(key); i++) {
		key[i] = new_key(test, msk, TO);
		KUNIT_ASSERT_EQ(test, start(test, key[i], link, 65536), 0);
		KUNIT_EXPECT_LE(test, link->partial_bytes, (size_t)1048576);
		KUNIT_EXPECT_EQ(test, ended_count + link->partial_count, i + 1);
		most = max(most, link->partial_count);
	}
	/* No more go than have to. */
	KUNIT_EXPECT_EQ(test, most,
			(unsigned int)(1048576 / cost(key[i - 1])));
	KUNIT_ASSERT_GT(test, ended_count, 0U);
	for (i = 0; i < ARRAY_SIZE(key); i++) {
		KUNIT_EXPECT_EQ(test, !key[i]->as.skb, i < ended_count);
		mc_partial_drop(key[i]);
	}
	expect_nothing_charged(test, link, msk);
}

static void a_message_that_grows_makes_others_go(struct kunit *test)
{
	struct mc_link *link = fake_link(test, 1, 1);
	struct mc_sock *msk = fake_sock(test);
	struct mc_key *oldest = new_key(test, msk, TO);
	struct mc_key *newer = new_key(test, msk, TO);

	KUNIT_ASSERT_EQ(test, start(test, oldest, link, 64), 0);
	KUNIT_ASSERT_EQ(test, start(test, newer, link, 64), 0);
	msk->sk.sk_rcvbuf = msk->partial_bytes;
	KUNIT_ASSERT_EQ(test, add(test, oldest, 64), 0);
	KUNIT_EXPECT_EQ(test, ended_count, 0U);

	/* Only one that is not itself, even if that is the newer one */
	KUNIT_ASSERT_EQ(test, add(test, oldest, 1000), 0);
	KUNIT_ASSERT_EQ(test, ended_count, 1U);
	KUNIT_EXPECT_PTR_EQ(test, ended[0], newer);
	KUNIT_EXPECT_TRUE(test, fake_bytes_are(oldest->as.skb, 0, 1128));
	mc_partial_drop(oldest);
	expect_nothing_charged(test, link, msk);
}

static void the_oldest_that_grows_does_not_drop_itself(struct kunit *test)
{
	struct mc_link *link = fake_link(test, 1, 1);
	struct mc_sock *msk = fake_sock(test);
	struct mc_key *key[16];
	unsigned int i;

	msk->sk.sk_rcvbuf = INT_MAX;
	for (i = 0; i < ARRAY_SIZE(key); i++) {
		key[i] = new_key(test, msk, TO);
		KUNIT_ASSERT_EQ(test, start(test, key[i], link,
					    i ? 65536 : 64), 0);
	}
	KUNIT_ASSERT_EQ(test, ended_count, 0U);
	KUNIT_ASSERT_EQ(test, add(test, key[0], 65536 - 64), 0);
	KUNIT_ASSERT_EQ(test, ended_count, 1U);
	KUNIT_EXPECT_PTR_EQ(test, ended[0], key[1]);
	KUNIT_EXPECT_TRUE(test, fake_bytes_are(key[0]->as.skb, 0, 65536));
	for (i = 0; i < ARRAY_SIZE(key); i++)
		mc_partial_drop(key[i]);
	expect_nothing_charged(test, link, msk);
}

static void any_socket_gets_the_longest_message(struct kunit *test)
{
	struct mc_link *link = fake_link(test, 1, 1);
	struct mc_sock *msk = fake_sock(test);
	struct mc_key *first = new_key(test, msk, TO);
	struct mc_key *second = new_key(test, msk, TO);

	msk->sk.sk_rcvbuf = 0;
	KUNIT_ASSERT_EQ(test, start(test, first, link, 64), 0);
	KUNIT_ASSERT_EQ(test, add(test, first, 65536 - 64), 0);
	KUNIT_EXPECT_TRUE(test, fake_bytes_are(first->as.skb, 0, 65536));

	/* one, and no more */
	KUNIT_ASSERT_EQ(test, start(test, second, link, 64), 0);
	KUNIT_EXPECT_FALSE(test, first->as.skb);
	KUNIT_EXPECT_TRUE(test, fake_bytes_are(second->as.skb, 0, 64));
	mc_partial_drop(second);
	expect_nothing_charged(test, link, msk);
}

static void a_sockets_bound_hits_the_greedy_link_first(struct kunit *test)
{
	struct mc_link *greedy = fake_link(test, 1, 1);
	struct mc_link *modest = fake_link(test, 2, 1);
	struct mc_link *late = fake_link(test, 3, 1);
	struct mc_sock *msk = fake_sock(test);
	struct mc_sock *bystander = fake_sock(test);
	struct mc_key *key[6];
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(key); i++)
		key[i] = new_key(test, i == 0 ? bystander : msk, TO);
	KUNIT_ASSERT_EQ(test, start(test, key[0], greedy, 64), 0);
	KUNIT_ASSERT_EQ(test, start(test, key[1], modest, 64), 0);
	KUNIT_ASSERT_EQ(test, start(test, key[2], greedy, 64), 0);
	KUNIT_ASSERT_EQ(test, start(test, key[3], greedy, 64), 0);
	msk->sk.sk_rcvbuf = msk->partial_bytes;

	/* its own oldest, neither modest's nor that of the other socket */
	KUNIT_ASSERT_EQ(test, start(test, key[4], greedy, 64), 0);
	KUNIT_ASSERT_EQ(test, ended_count, 1U);
	KUNIT_EXPECT_PTR_EQ(test, ended[0], key[2]);
	/* has none yet, so the oldest of all goes */
	KUNIT_ASSERT_EQ(test, start(test, key[5], late, 64), 0);
	KUNIT_ASSERT_EQ(test, ended_count, 2U);
	KUNIT_EXPECT_PTR_EQ(test, ended[1], key[1]);

	KUNIT_EXPECT_TRUE(test, key[0]->as.skb);
	for (i = 0; i < ARRAY_SIZE(key); i++)
		mc_partial_drop(key[i]);
	expect_nothing_charged(test, greedy, msk);
	expect_nothing_charged(test, modest, bystander);
	expect_nothing_charged(test, late, msk);
}

static void messages_go_with_their_link(struct kunit *test)
{
	struct mc_link *link = fake_link(test, 1, 1);
	struct mc_link *other = fake_link(test, 2, 1);
	struct mc_sock *msk = fake_sock(test);
	struct mc_key *theirs = new_key(test, msk, TO);
	struct mc_key *ours = new_key(test, msk, 0);
	struct mc_key *others = new_key(test, msk, TO);

	KUNIT_ASSERT_EQ(test, start(test, theirs, link, 64), 0);
	KUNIT_ASSERT_EQ(test, start(test, others, other, 64), 0);
	KUNIT_ASSERT_EQ(test, start(test, ours, link, 64), 0);
	mc_partials_del_link(link);

	KUNIT_EXPECT_EQ(test, ended_count, 1U);
	KUNIT_EXPECT_PTR_EQ(test, ended[0], theirs);
	KUNIT_EXPECT_FALSE(test, ours->as.skb);
	KUNIT_EXPECT_TRUE(test, others->as.skb);
	KUNIT_EXPECT_EQ(test, start(test, ours, link, 64), -ENODEV);

	mc_partial_drop(others);
	expect_nothing_charged(test, link, msk);
	expect_nothing_charged(test, other, msk);
}

struct world {
	struct mc_link *link[3];
	struct mc_sock *msk[3];
	struct mc_key *key[24];
};

/* Are the sums those of what is there, and are the bounds kept? */
static bool consistent(const struct world *w)
{
	size_t bytes[6] = {}, biggest[3] = {};
	unsigned int i, l, s, count[3] = {};

	for (i = 0; i < ARRAY_SIZE(w->key); i++) {
		if (!w->key[i]->as.skb)
			continue;
		for (l = 0; w->link[l] != w->key[i]->link; l++)
			;
		for (s = 0; w->msk[s] != w->key[i]->msk; s++)
			;
		count[l]++;
		bytes[l] += cost(w->key[i]);
		bytes[3 + s] += cost(w->key[i]);
		biggest[s] = max(biggest[s], cost(w->key[i]));
	}
	for (i = 0; i < 3; i++)
		if (w->link[i]->partial_count != count[i] ||
		    w->link[i]->partial_bytes != bytes[i] ||
		    w->msk[i]->partial_bytes != bytes[3 + i] ||
		    bytes[i] > MC_LINK_PARTIAL_BYTES ||
		    bytes[3 + i] > max_t(size_t, biggest[i],
					 w->msk[i]->sk.sk_rcvbuf))
			return false;
	return true;
}

static void the_books_are_always_right(struct kunit *test)
{
	struct mc_key *key;
	unsigned int i;
	struct world w;

	for (i = 0; i < 3; i++) {
		w.link[i] = fake_link(test, i + 1, 1);
		w.msk[i] = fake_sock(test);
		w.msk[i]->sk.sk_rcvbuf = 40000 * i;
	}
	w.msk[2]->sk.sk_rcvbuf = 4000000;
	for (i = 0; i < ARRAY_SIZE(w.key); i++)
		w.key[i] = new_key(test, w.msk[fake_below(3)],
				   fake_below(2) ? TO : 0);

	for (i = 0; i < 1500; i++) {
		key = w.key[fake_below(ARRAY_SIZE(w.key))];
		fake.fail_in = fake_below(30);
		if (!key->as.skb)
			start(test, key, w.link[fake_below(3)],
			      1 + fake_below(70000));
		else if (!fake_below(8))
			mc_partial_drop(key);
		else if (add(test, key, fake_below(30000)))
			mc_partial_abort(key, MC_KEY_INVALIDATED);
		KUNIT_ASSERT_TRUE_MSG(test, consistent(&w),
				      "step %u" SEEDED, i, seed);
	}
	fake.fail_in = 0;
	for (i = 0; i < 3; i++)
		mc_partials_del_link(w.link[i]);
	for (i = 0; i < 3; i++)
		expect_nothing_charged(test, w.link[i], w.msk[i]);
	KUNIT_EXPECT_GT(test, ended_count, 0U);
}

static int partials_init(struct kunit *test)
{
	fake_core_start();
	fake_random_start();
	ended_count = 0;
	return 0;
}

static struct kunit_case partials_cases[] = {
	KUNIT_CASE(a_message_is_charged_until_it_is_taken),
	KUNIT_CASE(a_key_may_have_one_message_after_the_other),
	KUNIT_CASE(only_a_peers_key_ends_with_its_message),
	KUNIT_CASE(what_does_not_start_costs_nothing),
	KUNIT_CASE(a_failed_packet_is_accounted_for),
	KUNIT_CASE(a_link_has_a_number_of_messages),
	KUNIT_CASE(a_link_has_a_megabyte_of_messages),
	KUNIT_CASE(a_message_that_grows_makes_others_go),
	KUNIT_CASE(the_oldest_that_grows_does_not_drop_itself),
	KUNIT_CASE(any_socket_gets_the_longest_message),
	KUNIT_CASE(a_sockets_bound_hits_the_greedy_link_first),
	KUNIT_CASE(messages_go_with_their_link),
	KUNIT_CASE(the_books_are_always_right),
	{}
};

static struct kunit_suite partials_suite = {
	.name = "mctp_core_partials",
	.init = partials_init,
	.exit = fake_core_end,
	.test_cases = partials_cases,
};

kunit_test_suite(partials_suite);

MODULE_DESCRIPTION("KUnit: bounds of unfinished MCTP messages");
MODULE_LICENSE("GPL");
