// SPDX-License-Identifier: GPL-2.0
/*
 * src/core/tag.c: who gets which tag, and who finds it.
 */
#include "fake-core-keys.h"
#include "fake-core-random.h"

static void a_peer_has_eight_tags(struct kunit *test)
{
	struct mc_sock *a = fake_sock(test), *b = fake_sock(test);
	unsigned int got = 0;
	int i, tag;

	for (i = 0; i < 8; i++) {
		tag = alloc(i % 2 ? a : b, OURS, THEIRS);
		KUNIT_ASSERT_GE(test, tag, 0);
		KUNIT_ASSERT_LE(test, tag, 7);
		got |= BIT(tag);
	}
	KUNIT_EXPECT_EQ(test, got, 0xffU);
	KUNIT_EXPECT_EQ(test, fake.keys_acquired, 8U);
	KUNIT_EXPECT_EQ(test, alloc(a, OURS, THEIRS), -EBUSY);
	KUNIT_EXPECT_EQ(test, fake.objects, 8);
	KUNIT_EXPECT_EQ(test, a->tag_count, 4U);

	/* That one that ended is the next. */
	replied(find(NET, OURS, THEIRS, 5));
	KUNIT_EXPECT_EQ(test, alloc(a, OURS, THEIRS), 5);
	mc_tags_close(a);
	mc_tags_close(b);
}

struct pair {
	u8 local;
	u8 peer;
	u8 other_local;
	u8 other_peer;
	bool shared;
};

static const struct pair pairs[] = {
	{ OURS, THEIRS,	OURS, THEIRS, true },
	{ OURS, THEIRS,	OURS, 10, false },
	{ OURS, THEIRS,	10, THEIRS, false },
	{ OURS, THEIRS,	ANY, THEIRS, true },
	{ ANY, THEIRS,	OURS, THEIRS, true },
	{ ANY, THEIRS,	ANY, 10, false },
	{ OURS, THEIRS,	OURS, NOBODY, true },
	{ OURS, NOBODY,	OURS, THEIRS, true },
	{ OURS, NOBODY,	10, THEIRS, false },
	{ OURS, THEIRS,	10, NOBODY, false },
	{ OURS, THEIRS,	ANY, NOBODY, true },
	{ ANY, NOBODY,	OURS, THEIRS, true },
	{ OURS, NOBODY,	OURS, NOBODY, true },
	{ OURS, NOBODY,	10, NOBODY, false },
	{ OURS, ANY,	OURS, THEIRS, true },
	{ OURS, ANY,	OURS, NOBODY, true },
	{ OURS, THEIRS,	OURS, ANY, true },
	{ NOBODY, NOBODY, NOBODY, THEIRS, true },
	{ NOBODY, THEIRS, OURS, THEIRS, false },
};

static void describe_pair(const struct pair *pair, char *desc)
{
	snprintf(desc, KUNIT_PARAM_DESC_SIZE, "%u to %u, then %u to %u",
		 pair->local, pair->peer, pair->other_local, pair->other_peer);
}

KUNIT_ARRAY_PARAM(pairs, pairs, describe_pair);

/* Tags are shared by those whose replies could not be told apart. */
static void tags_are_shared_as_replies_could_be(struct kunit *test)
{
	const struct pair *pair = test->param_value;
	struct mc_sock *msk = fake_sock(test);
	int i;

	for (i = 0; i < 3; i++)
		KUNIT_ASSERT_EQ(test, alloc(msk, pair->local, pair->peer), i);
	KUNIT_EXPECT_EQ(test, alloc(msk, pair->other_local, pair->other_peer),
			pair->shared ? 3 : 0);
	KUNIT_EXPECT_EQ(test, mc_tag_alloc(msk, 2, pair->other_local,
					   pair->other_peer, false), 0);
	mc_tags_close(msk);
}

static void peers_tags_are_not_ours(struct kunit *test)
{
	struct mc_sock *msk = fake_sock(test);
	struct mc_key *key = of_message(msk, OURS, THEIRS, TO | 0);

	KUNIT_ASSERT_TRUE(test, key);
	KUNIT_EXPECT_EQ(test, msk->tag_count, 0U);
	KUNIT_EXPECT_EQ(test, alloc(msk, OURS, THEIRS), 0);
	KUNIT_EXPECT_PTR_EQ(test, find(NET, OURS, THEIRS, TO | 0), key);
	KUNIT_EXPECT_PTR_NE(test, find(NET, OURS, THEIRS, 0), key);
	KUNIT_EXPECT_TRUE(test, find(NET, OURS, THEIRS, 0));
	replied(key);
	KUNIT_EXPECT_EQ(test, msk->tag_count, 1U);
	mc_tags_close(msk);
}

static void a_message_has_the_key_of_its_header(struct kunit *test)
{
	struct mc_sock *msk = fake_sock(test);
	struct mc_key *key = of_message(msk, OURS, THEIRS, TO | 6);

	KUNIT_ASSERT_TRUE(test, key);
	KUNIT_EXPECT_EQ(test, key->netid, (unsigned int)NET);
	KUNIT_EXPECT_EQ(test, (int)key->local, OURS);
	KUNIT_EXPECT_EQ(test, (int)key->peer, THEIRS);
	KUNIT_EXPECT_EQ(test, (int)key->tag, TO | 6);
	KUNIT_EXPECT_PTR_EQ(test, key->msk, msk);
	KUNIT_EXPECT_FALSE(test, key->manual);
	KUNIT_EXPECT_EQ(test, key->expires, fake_now + 6 * HZ);
	mc_tags_close(msk);
}

struct lookup {
	u8 local;
	u8 peer;
	unsigned int netid;
	u8 to;
	u8 from;
	u8 tag;
	bool found;
};

/* Each against the one tag, 0, that a request to peer from local got */
static const struct lookup lookups[] = {
	{ OURS, THEIRS,	NET, OURS, THEIRS, 0, true },
	{ OURS, THEIRS,	NET, OURS, THEIRS, 1, false },
	{ OURS, THEIRS,	NET, OURS, THEIRS, TO, false },
	{ OURS, THEIRS,	NET, OURS, 10, 0, false },
	{ OURS, THEIRS,	NET, 10, THEIRS, 0, false },
	{ OURS, THEIRS,	NET, ANY, THEIRS, 0, false },
	{ OURS, THEIRS,	2, OURS, THEIRS, 0, false },
	{ OURS, THEIRS,	NET, OURS, NOBODY, 0, false },
	{ OURS, THEIRS,	NET, NOBODY, THEIRS, 0, false },
	{ ANY, THEIRS,	NET, OURS, THEIRS, 0, true },
	{ ANY, THEIRS,	NET, NOBODY, THEIRS, 0, true },
	{ ANY, THEIRS,	NET, OURS, 10, 0, false },
	{ NOBODY, THEIRS, NET, NOBODY, THEIRS, 0, true },
	{ NOBODY, THEIRS, NET, OURS, THEIRS, 0, false },
	{ OURS, NOBODY,	NET, OURS, THEIRS, 0, true },
	{ OURS, NOBODY,	NET, OURS, NOBODY, 0, true },
	{ OURS, NOBODY,	NET, OURS, THEIRS, TO, false },
	{ OURS, NOBODY,	NET, OURS, THEIRS, 1, false },
	{ OURS, NOBODY,	NET, 10, THEIRS, 0, false },
	{ OURS, NOBODY,	2, OURS, THEIRS, 0, false },
	{ OURS, ANY,	NET, OURS, THEIRS, 0, true },
	{ ANY, NOBODY,	NET, 200, 201, 0, true },
};

static void describe_lookup(const struct lookup *l, char *desc)
{
	snprintf(desc, KUNIT_PARAM_DESC_SIZE,
		 "asked %u from %u; tag %x from %u to %u, net %u", l->peer,
		 l->local, l->tag, l->from, l->to, l->netid);
}

KUNIT_ARRAY_PARAM(lookups, lookups, describe_lookup);

static void a_reply_finds_its_request(struct kunit *test)
{
	const struct lookup *l = test->param_value;
	struct mc_sock *msk = fake_sock(test);
	struct mc_key *key;

	KUNIT_ASSERT_EQ(test, alloc(msk, l->local, l->peer), 0);
	key = find(l->netid, l->to, l->from, l->tag);
	KUNIT_EXPECT_EQ(test, !!key, l->found);
	if (key)
		KUNIT_EXPECT_PTR_EQ(test, key->msk, msk);
	mc_tags_close(msk);
	KUNIT_EXPECT_FALSE(test, find(l->netid, l->to, l->from, l->tag));
}

struct peer {
	unsigned int netid;
	u8 eid;
};

/* Have three tags in use with one, and the other not mind. */
static void expect_apart(struct kunit *test, struct peer a, struct peer b)
{
	struct mc_sock *msk = fake_sock(test);
	struct mc_key *key;
	int i;

	for (i = 0; i < 3; i++)
		KUNIT_ASSERT_EQ(test, mc_tag_alloc(msk, a.netid, OURS, a.eid,
						   i == 1), i);
	KUNIT_EXPECT_FALSE(test, find(b.netid, OURS, b.eid, 0));
	KUNIT_EXPECT_FALSE(test, mc_tag_owned(msk, b.netid, b.eid, 1));
	KUNIT_EXPECT_EQ(test, mc_tag_drop(msk, b.netid, b.eid, 1), -EINVAL);
	KUNIT_EXPECT_EQ(test, mc_tag_alloc(msk, b.netid, OURS, b.eid, false),
			0);
	key = find(a.netid, OURS, a.eid, 0);
	KUNIT_EXPECT_TRUE(test, key && key->netid == a.netid);
	key = find(b.netid, OURS, b.eid, 0);
	KUNIT_EXPECT_TRUE(test, key && key->netid == b.netid);
	mc_tags_close(msk);
}

static void peers_and_networks_are_apart(struct kunit *test)
{
	static const struct peer pairs[][2] = {
		{ { NET, THEIRS }, { NET + 1, THEIRS } },
		{ { NET, THEIRS }, { NET, 10 } },
		{ { NET, THEIRS }, { 10, NET } },
		{ { NET, NOBODY }, { NET + 1, THEIRS } },
		{ { 0x1000000, THEIRS }, { NET, THEIRS } },
		{ { UINT_MAX, 254 }, { UINT_MAX, 253 } },
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(pairs); i++)
		expect_apart(test, pairs[i][0], pairs[i][1]);
}

/* So many that the table has to grow, and then shrinks */
static void keys_are_found_among_many(struct kunit *test)
{
	struct mc_sock *msk[4] = {
		fake_sock(test), fake_sock(test), fake_sock(test),
		fake_sock(test)
	};
	unsigned int i, peer, found = 0;
	struct mc_key *key;

	for (peer = 8; peer < 255; peer++)
		for (i = 0; i < 32; i++)
			KUNIT_ASSERT_EQ(test, mc_tag_alloc(msk[i % 4], i / 8,
							   OURS, peer, i % 2),
					i % 8);
	for (peer = 8; peer < 255; peer++) {
		for (i = 0; i < 32; i++) {
			key = find(i / 8, OURS, peer, i % 8);
			found += key && key->msk == msk[i % 4] &&
				 key->netid == i / 8 && key->peer == peer &&
				 key->tag == i % 8;
		}
	}
	KUNIT_EXPECT_EQ(test, found, 247 * 32U);
	KUNIT_EXPECT_EQ(test, alloc(msk[0], OURS, NOBODY), -EBUSY);
	for (i = 0; i < 4; i++)
		mc_tags_close(msk[i]);
	KUNIT_EXPECT_FALSE(test, find(NET, OURS, THEIRS, 3));
	KUNIT_EXPECT_EQ(test, fake.objects, 0);
}

/* So that they cannot keep all; and the last ones, which requests had not before. */
static void who_may_not_send_gets_half_the_tags(struct kunit *test)
{
	struct mc_sock *idle = fake_sock(test), *msk = fake_sock(test);
	static const u8 peers[] = { THEIRS, NOBODY, ANY };
	size_t p;
	int i;

	for (p = 0; p < ARRAY_SIZE(peers); p++) {
		fake_may_send = false;
		for (i = 4; i < 8; i++)
			KUNIT_EXPECT_EQ(test, alloc_manual(idle, peers[p]), i);
		KUNIT_EXPECT_EQ(test, alloc_manual(idle, peers[p]), -EBUSY);
		fake_may_send = true;
		for (i = 0; i < 4; i++)
			KUNIT_EXPECT_EQ(test, alloc(msk, OURS, THEIRS), i);
		KUNIT_EXPECT_EQ(test, alloc(msk, OURS, THEIRS), -EBUSY);
		mc_tags_close(idle);
		mc_tags_close(msk);
		idle->closed = false;
		msk->closed = false;
	}
}

static void without_memory_there_is_no_key(struct kunit *test)
{
	struct mc_sock *msk = fake_sock(test);
	unsigned int n;

	/* the key, then the table */
	for (n = 1; n <= 2; n++) {
		fake.fail_in = n;
		KUNIT_EXPECT_EQ(test, alloc(msk, OURS, THEIRS), -ENOMEM);
		KUNIT_EXPECT_EQ(test, msk->tag_count, 0U);
		fake.fail_in = n;
		KUNIT_EXPECT_FALSE(test, of_message(msk, OURS, THEIRS, TO));
		KUNIT_EXPECT_FALSE(test, find(NET, OURS, THEIRS, TO));
		KUNIT_EXPECT_EQ(test, fake.objects, 0);
	}
	KUNIT_EXPECT_TRUE(test, hlist_empty(&msk->keys));
	KUNIT_EXPECT_TRUE(test, list_empty(&fake.mn.expiry));
}

static void only_its_socket_uses_a_preallocated_tag(struct kunit *test)
{
	struct mc_sock *msk = fake_sock(test), *other = fake_sock(test);

	KUNIT_ASSERT_EQ(test, alloc_manual(msk, THEIRS), 0);
	KUNIT_EXPECT_TRUE(test, mc_tag_owned(msk, NET, THEIRS, 0));
	KUNIT_EXPECT_FALSE(test, mc_tag_owned(other, NET, THEIRS, 0));
	KUNIT_EXPECT_FALSE(test, mc_tag_owned(msk, NET, THEIRS, 1));
	KUNIT_EXPECT_FALSE(test, mc_tag_owned(msk, NET, 10, 0));
	KUNIT_EXPECT_FALSE(test, mc_tag_owned(msk, 2, THEIRS, 0));

	/* one that came with a request is not for use again */
	KUNIT_ASSERT_EQ(test, alloc(msk, OURS, THEIRS), 1);
	KUNIT_EXPECT_FALSE(test, mc_tag_owned(msk, NET, THEIRS, 1));
	KUNIT_EXPECT_EQ(test, mc_tag_drop(msk, NET, THEIRS, 1), -EINVAL);

	/* allocated for nobody in particular: good for everybody */
	KUNIT_ASSERT_EQ(test, alloc_manual(msk, NOBODY), 2);
	KUNIT_EXPECT_TRUE(test, mc_tag_owned(msk, NET, 100, 2));
	KUNIT_EXPECT_TRUE(test, mc_tag_owned(msk, NET, NOBODY, 2));
	KUNIT_EXPECT_FALSE(test, mc_tag_owned(other, NET, 100, 2));
	mc_tags_close(msk);
}

static void only_its_socket_drops_a_preallocated_tag(struct kunit *test)
{
	struct mc_sock *msk = fake_sock(test), *other = fake_sock(test);

	KUNIT_ASSERT_EQ(test, alloc_manual(msk, THEIRS), 0);
	KUNIT_ASSERT_EQ(test, alloc_manual(msk, NOBODY), 1);
	KUNIT_EXPECT_EQ(test, mc_tag_drop(other, NET, THEIRS, 0), -EINVAL);
	KUNIT_EXPECT_EQ(test, mc_tag_drop(msk, NET, 10, 0), -EINVAL);
	KUNIT_EXPECT_EQ(test, mc_tag_drop(msk, 2, THEIRS, 0), -EINVAL);
	KUNIT_EXPECT_EQ(test, mc_tag_drop(msk, NET, THEIRS, 7), -EINVAL);
	/* by the EID it was allocated for, not by one it may be used for */
	KUNIT_EXPECT_EQ(test, mc_tag_drop(msk, NET, THEIRS, 1), -EINVAL);

	KUNIT_EXPECT_EQ(test, mc_tag_drop(msk, NET, THEIRS, 0), 0);
	KUNIT_EXPECT_EQ(test, mc_tag_drop(msk, NET, THEIRS, 0), -EINVAL);
	KUNIT_EXPECT_EQ(test, mc_tag_drop(msk, NET, NOBODY, 1), 0);
	KUNIT_EXPECT_EQ(test, fake.key_ends[MC_KEY_DROPPED], 2U);
	KUNIT_EXPECT_EQ(test, msk->tag_count, 0U);
}

static void a_socket_has_2048_tags_at_most(struct kunit *test)
{
	struct mc_sock *msk = fake_sock(test), *other = fake_sock(test);
	unsigned int i;

	for (i = 0; i < 2048; i++)
		KUNIT_ASSERT_GE(test, mc_tag_alloc(msk, 1 + i % 3, OURS,
						   8 + i / 3 % 240, i % 2), 0);
	KUNIT_EXPECT_EQ(test, mc_tag_alloc(msk, 4, OURS, THEIRS, false),
			-EBUSY);
	KUNIT_EXPECT_EQ(test, mc_tag_alloc(msk, 4, OURS, THEIRS, true), -EBUSY);
	KUNIT_EXPECT_EQ(test, mc_tag_alloc(other, 4, OURS, THEIRS, true), 0);
	/* Peers' messages are no tags of it. */
	KUNIT_EXPECT_TRUE(test, of_message(msk, OURS, THEIRS, TO));

	replied(find(NET, OURS, 8, 0));
	KUNIT_EXPECT_EQ(test, mc_tag_alloc(msk, 4, OURS, THEIRS, true), 1);
	KUNIT_EXPECT_EQ(test, mc_tag_alloc(msk, 4, OURS, THEIRS, true), -EBUSY);
	mc_tags_close(msk);
	mc_tags_close(other);
}

/* A request as the model below remembers it */
struct request {
	struct mc_sock *msk;
	unsigned int netid;
	u8 local;
	u8 peer;
	int tag;
};

static const u8 eids[] = { NOBODY, OURS, THEIRS, 10, ANY };

static bool is_reply(const struct request *req, unsigned int netid, u8 to,
		     u8 from)
{
	return req->netid == netid &&
	       (req->local == ANY || req->local == to) &&
	       (req->peer == ANY || req->peer == NOBODY || req->peer == from);
}

/* Could some packet be the reply to both, but for the tag? */
static bool confusable(const struct request *a, const struct request *b)
{
	unsigned int to, from;

	for (to = 0; to < ARRAY_SIZE(eids); to++)
		for (from = 0; from < ARRAY_SIZE(eids); from++)
			if (is_reply(a, a->netid, eids[to], eids[from]) &&
			    is_reply(b, a->netid, eids[to], eids[from]))
				return true;
	return false;
}

static int expected_tag(const struct request *made, unsigned int count,
			const struct request *req)
{
	unsigned int i, free = 0xff;

	for (i = 0; i < count; i++)
		if (confusable(&made[i], req))
			free &= ~BIT(made[i].tag);
	return free ? __ffs(free) : -EBUSY;
}

/* Does every packet find the socket of the only request that it answers? */
static bool replies_arrive(const struct request *made, unsigned int count)
{
	unsigned int netid, to, from, i;
	const struct request *req;
	struct mc_key *key;
	u8 tag;

	for (i = 0; i < 2 * 5 * 5 * 8; i++) {
		netid = 1 + i % 2;
		to = eids[i / 2 % 5];
		from = eids[i / 10 % 5];
		tag = i / 50;
		key = find(netid, to, from, tag);
		for (req = made; req < made + count; req++) {
			if (req->tag != tag || !is_reply(req, netid, to, from))
				continue;
			if (!key || key->msk != req->msk)
				return false;
			key = NULL;
		}
		/* whatever was found has been accounted for */
		if (key)
			return false;
	}
	return true;
}

static void no_packet_answers_two_requests(struct kunit *test)
{
	struct mc_sock *msk[3] = {
		fake_sock(test), fake_sock(test), fake_sock(test)
	};
	static struct request made[100];
	unsigned int count, round, i;
	struct request *req;
	int want;

	fake_random_start();
	for (round = 0; round < 15; round++) {
		for (i = count = 0; i < 100; i++) {
			req = &made[count];
			req->msk = msk[fake_below(3)];
			req->netid = fake_between(1, 2);
			req->local = eids[fake_below(5)];
			/* most ask somebody */
			req->peer = eids[fake_below(4) ? fake_between(1, 3) :
					 fake_below(5)];
			want = expected_tag(made, count, req);
			req->tag = mc_tag_alloc(req->msk, req->netid,
						req->local, req->peer,
						fake_below(2));
			KUNIT_ASSERT_EQ_MSG(test, req->tag, want,
					    "round %u" SEEDED, round, seed);
			count += req->tag >= 0;
		}
		KUNIT_ASSERT_TRUE_MSG(test, replies_arrive(made, count),
				      "round %u" SEEDED, round, seed);
		for (i = 0; i < 3; i++) {
			mc_tags_close(msk[i]);
			msk[i]->closed = false;
		}
	}
}

static struct kunit_case tags_cases[] = {
	KUNIT_CASE(a_peer_has_eight_tags),
	KUNIT_CASE_PARAM(tags_are_shared_as_replies_could_be,
			 pairs_gen_params),
	KUNIT_CASE(peers_tags_are_not_ours),
	KUNIT_CASE(a_message_has_the_key_of_its_header),
	KUNIT_CASE_PARAM(a_reply_finds_its_request, lookups_gen_params),
	KUNIT_CASE(peers_and_networks_are_apart),
	KUNIT_CASE(keys_are_found_among_many),
	KUNIT_CASE(who_may_not_send_gets_half_the_tags),
	KUNIT_CASE(without_memory_there_is_no_key),
	KUNIT_CASE(only_its_socket_uses_a_preallocated_tag),
	KUNIT_CASE(only_its_socket_drops_a_preallocated_tag),
	KUNIT_CASE(a_socket_has_2048_tags_at_most),
	KUNIT_CASE(no_packet_answers_two_requests),
	{}
};

static struct kunit_suite tags_suite = {
	.name = "mctp_core_tags",
	.init = keys_init,
	.exit = keys_exit,
	.test_cases = tags_cases,
};

kunit_test_suite(tags_suite);

MODULE_DESCRIPTION("KUnit: allocation and lookup of MCTP tags");
MODULE_LICENSE("GPL");
