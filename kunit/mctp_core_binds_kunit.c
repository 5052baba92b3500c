// SPDX-License-Identifier: GPL-2.0
/*
 * src/core/bind.c: who gets messages that nobody asked for.
 */
#include "fake-core.h"

#include "../src/core/bind.c"

#define ANY	MCTP_ADDR_ANY
#define NET	1
#define TYPE	0x7e

static struct mc_sock *new_sock(struct kunit *test, unsigned int netid, u8 type,
				u8 local, u8 peer)
{
	struct mc_sock *msk = fake_sock(test);

	msk->netid = netid;
	msk->type = type;
	msk->local = local;
	msk->peer = peer;
	msk->connected = peer != ANY;
	return msk;
}

static struct mc_sock *find(unsigned int netid, u8 type, u8 local, u8 peer)
{
	struct mc_sock *msk;

	rcu_read_lock();
	msk = mc_bind_find(&fake.mn, netid, type, local, peer);
	rcu_read_unlock();
	return msk;
}

/* Every combination of sockets that could take a message: the narrowest does. */
static void the_narrowest_socket_is_found(struct kunit *test)
{
	struct mc_sock *msk[5] = {
		new_sock(test, NET, TYPE, OURS, THEIRS),
		new_sock(test, NET, TYPE, ANY, THEIRS),
		new_sock(test, NET, TYPE, OURS, ANY),
		new_sock(test, NET, TYPE, ANY, ANY),
		new_sock(test, MCTP_NET_ANY, TYPE, ANY, ANY),
	};
	struct mc_sock *want;
	unsigned int set, i;

	for (set = 0; set < BIT(5); set++) {
		want = NULL;
		for (i = 5; i--; ) {
			if (!(set & BIT(i)))
				continue;
			KUNIT_ASSERT_EQ(test, mc_bind_insert(msk[i]), 0);
			want = msk[i];
		}
		KUNIT_EXPECT_TRUE_MSG(test, find(NET, TYPE, OURS, THEIRS) ==
				      want, "sockets %x", set);
		for (i = 0; i < 5; i++)
			mc_bind_remove(msk[i]);
	}
}

struct message {
	unsigned int netid;
	u8 type;
	u8 local;
	u8 peer;
	bool found;
};

/* Each for a socket of NET, TYPE, with OURS connected to THEIRS */
static const struct message messages[] = {
	{ NET, TYPE, OURS, THEIRS, true },
	{ 2, TYPE, OURS, THEIRS, false },
	{ MCTP_NET_ANY, TYPE, OURS, THEIRS, false },
	{ NET, TYPE - 1, OURS, THEIRS, false },
	{ NET, TYPE, 10, THEIRS, false },
	{ NET, TYPE, OURS, 10, false },
	{ NET, TYPE, ANY, THEIRS, false },
	{ NET, TYPE, MCTP_ADDR_NULL, THEIRS, false },
	{ NET, TYPE, OURS, MCTP_ADDR_NULL, false },
};

static void describe_message(const struct message *m, char *desc)
{
	snprintf(desc, KUNIT_PARAM_DESC_SIZE,
		 "net %u, type 0x%02x, from %u to %u", m->netid, m->type,
		 m->peer, m->local);
}

KUNIT_ARRAY_PARAM(messages, messages, describe_message);

static void a_socket_gets_what_it_is_bound_to(struct kunit *test)
{
	struct mc_sock *msk = new_sock(test, NET, TYPE, OURS, THEIRS);
	const struct message *m = test->param_value;

	KUNIT_ASSERT_EQ(test, mc_bind_insert(msk), 0);
	KUNIT_EXPECT_EQ(test, find(m->netid, m->type, m->local, m->peer) == msk,
			m->found);
	mc_bind_remove(msk);
	KUNIT_EXPECT_FALSE(test, find(NET, TYPE, OURS, THEIRS));
}

static void a_socket_of_all_eids_gets_them_all(struct kunit *test)
{
	struct mc_sock *one_net = new_sock(test, 2, TYPE, ANY, ANY);
	struct mc_sock *all = new_sock(test, MCTP_NET_ANY, TYPE, ANY, ANY);
	unsigned int eid;

	KUNIT_ASSERT_EQ(test, mc_bind_insert(one_net), 0);
	KUNIT_ASSERT_EQ(test, mc_bind_insert(all), 0);
	for (eid = 0; eid <= 255; eid++) {
		KUNIT_EXPECT_PTR_EQ(test, find(NET, TYPE, eid, THEIRS), all);
		KUNIT_EXPECT_PTR_EQ(test, find(NET, TYPE, OURS, eid), all);
		KUNIT_EXPECT_PTR_EQ(test, find(2, TYPE, eid, THEIRS), one_net);
	}
	KUNIT_EXPECT_FALSE(test, find(NET, 0, OURS, THEIRS));
}

/* An EID means something in a network only, so such is never in the table. */
static void an_eid_without_its_network_is_nobodys(struct kunit *test)
{
	struct mc_sock *msk = new_sock(test, MCTP_NET_ANY, TYPE, OURS, ANY);

	KUNIT_ASSERT_EQ(test, mc_bind_insert(msk), 0);
	KUNIT_EXPECT_FALSE(test, find(NET, TYPE, OURS, THEIRS));
}

static void the_same_addresses_are_in_use(struct kunit *test)
{
	struct mc_sock *msk = new_sock(test, NET, TYPE, OURS, THEIRS);
	struct mc_sock *same = new_sock(test, NET, TYPE, OURS, THEIRS);
	struct mc_sock *other[] = {
		new_sock(test, 2, TYPE, OURS, THEIRS),
		new_sock(test, NET, TYPE + 1, OURS, THEIRS),
		new_sock(test, NET, TYPE, 10, THEIRS),
		new_sock(test, NET, TYPE, ANY, THEIRS),
		new_sock(test, NET, TYPE, OURS, 10),
		new_sock(test, NET, TYPE, OURS, ANY),
		new_sock(test, NET, TYPE, OURS, THEIRS),
	};
	unsigned int i;

	other[6]->connected = false;
	KUNIT_ASSERT_EQ(test, mc_bind_insert(msk), 0);
	KUNIT_EXPECT_EQ(test, mc_bind_insert(same), -EADDRINUSE);
	KUNIT_EXPECT_TRUE(test, sk_unhashed(&same->sk));
	for (i = 0; i < ARRAY_SIZE(other); i++)
		KUNIT_EXPECT_EQ_MSG(test, mc_bind_insert(other[i]), 0,
				    "other socket %u", i);
	KUNIT_EXPECT_EQ(test, mc_bind_insert(same), -EADDRINUSE);

	mc_bind_remove(msk);
	KUNIT_EXPECT_EQ(test, mc_bind_insert(same), 0);
	mc_bind_remove(other[6]);
	KUNIT_EXPECT_PTR_EQ(test, find(NET, TYPE, OURS, THEIRS), same);
}

static void removal_is_safe_at_any_time(struct kunit *test)
{
	struct mc_sock *msk = new_sock(test, NET, TYPE, OURS, ANY);
	int i;

	for (i = 0; i < 2; i++) {
		mc_bind_remove(msk);
		KUNIT_EXPECT_EQ(test, refcount_read(&msk->sk.sk_refcnt), 1);
		KUNIT_ASSERT_EQ(test, mc_bind_insert(msk), 0);
		KUNIT_EXPECT_TRUE(test, sk_hashed(&msk->sk));
		KUNIT_EXPECT_PTR_EQ(test, find(NET, TYPE, OURS, THEIRS), msk);
		mc_bind_remove(msk);
		KUNIT_EXPECT_TRUE(test, sk_unhashed(&msk->sk));
		KUNIT_EXPECT_FALSE(test, find(NET, TYPE, OURS, THEIRS));
	}
}

/* Sockets that differ in one thing alone, which the hash does not see */
static void chains_may_be_shared(struct kunit *test)
{
	const u32 chain = bind_hash(TYPE, OURS, THEIRS);
	struct mc_sock *msk = new_sock(test, NET, TYPE, OURS, THEIRS);
	u8 type = TYPE + 1, local = OURS + 1, peer = THEIRS + 1;
	struct mc_sock *other[3];
	unsigned int i;

	while (type != TYPE && bind_hash(type, OURS, THEIRS) != chain)
		type++;
	while (local != OURS && bind_hash(TYPE, local, THEIRS) != chain)
		local++;
	while (peer != THEIRS && bind_hash(TYPE, OURS, peer) != chain)
		peer++;
	other[0] = new_sock(test, NET, type, OURS, THEIRS);
	other[1] = new_sock(test, NET, TYPE, local, THEIRS);
	other[2] = new_sock(test, NET, TYPE, OURS, peer);

	/* They would be found first, as they come later. */
	KUNIT_ASSERT_EQ(test, mc_bind_insert(msk), 0);
	for (i = 0; i < 3; i++) {
		KUNIT_EXPECT_EQ_MSG(test, mc_bind_insert(other[i]), 0,
				    "type %u, local %u, peer %u",
				    other[i]->type, other[i]->local,
				    other[i]->peer);
		KUNIT_EXPECT_PTR_EQ(test, find(NET, TYPE, OURS, THEIRS), msk);
		mc_bind_remove(other[i]);
	}
	mc_bind_remove(msk);
	KUNIT_EXPECT_FALSE(test, find(NET, TYPE, OURS, THEIRS));
}

static int binds_init(struct kunit *test)
{
	fake_core_start();
	return 0;
}

static struct kunit_case binds_cases[] = {
	KUNIT_CASE(the_narrowest_socket_is_found),
	KUNIT_CASE_PARAM(a_socket_gets_what_it_is_bound_to,
			 messages_gen_params),
	KUNIT_CASE(a_socket_of_all_eids_gets_them_all),
	KUNIT_CASE(an_eid_without_its_network_is_nobodys),
	KUNIT_CASE(the_same_addresses_are_in_use),
	KUNIT_CASE(removal_is_safe_at_any_time),
	KUNIT_CASE(chains_may_be_shared),
	{}
};

static struct kunit_suite binds_suite = {
	.name = "mctp_core_binds",
	.init = binds_init,
	.exit = fake_core_end,
	.test_cases = binds_cases,
};

kunit_test_suite(binds_suite);

MODULE_DESCRIPTION("KUnit: bound MCTP sockets");
MODULE_LICENSE("GPL");
