// SPDX-License-Identifier: GPL-2.0
/*
 * src/core/deliver.c: which socket gets what.
 */
#include "fake-core-deliver.h"

static void a_request_is_for_the_bound_socket(struct kunit *test)
{
	struct mc_sock *msk = bind_one(test);

	fake.bytes[0] = 0x85;
	KUNIT_EXPECT_EQ(test, packet(test, SOM | EOM | TO | 3, 0, 20), 0);
	KUNIT_EXPECT_TRUE(test, got(msk, 0, 20));
	KUNIT_EXPECT_EQ(test, bound.netid, (unsigned int)NET);
	/* the type without the bit that says whether there is a check */
	KUNIT_EXPECT_EQ(test, (int)bound.type, 0x05);
	KUNIT_EXPECT_EQ(test, (int)bound.local, OURS);
	KUNIT_EXPECT_EQ(test, (int)bound.peer, THEIRS);
	KUNIT_EXPECT_EQ(test, fake.objects, 0);
}

static void a_reply_is_for_the_socket_that_asked(struct kunit *test)
{
	struct mc_sock *msk = request(test, 0, false);

	bind_one(test);
	KUNIT_EXPECT_EQ(test, packet(test, SOM | EOM, 0, 20), 0);
	KUNIT_EXPECT_TRUE(test, got(msk, 0, 20));
	/* There is one reply. */
	KUNIT_EXPECT_EQ(test, packet(test, SOM | EOM, 0, 20), -ENOENT);
	KUNIT_EXPECT_EQ(test, fake.drops[MC_DROP_NO_SOCKET], 1U);
	KUNIT_EXPECT_EQ(test, queued.count, 1U);
	KUNIT_EXPECT_EQ(test, fake.objects, 0);
}

static void a_preallocated_tag_takes_many_replies(struct kunit *test)
{
	struct mc_sock *msk = request(test, 0, true);
	int i;

	for (i = 0; i < 3; i++) {
		KUNIT_EXPECT_EQ(test, packet(test, SOM | EOM, 0, 20), 0);
		KUNIT_EXPECT_TRUE(test, got(msk, 0, 20));
		KUNIT_EXPECT_EQ(test, packet(test, SOM, 0, 64), 0);
		KUNIT_EXPECT_EQ(test, packet(test, EOM | SEQ(1), 64, 10), 0);
		KUNIT_EXPECT_TRUE(test, got(msk, 0, 74));
	}
	mc_tags_close(msk);
}

static void what_nobody_waits_for_is_dropped(struct kunit *test)
{
	KUNIT_EXPECT_EQ(test, packet(test, SOM | EOM | TO, 0, 20), -ENOENT);
	KUNIT_EXPECT_EQ(test, packet(test, SOM | TO, 0, 20), -ENOENT);
	bind_one(test);
	/* A socket that is bound gets requests only. */
	KUNIT_EXPECT_EQ(test, packet(test, SOM | EOM, 0, 20), -ENOENT);
	KUNIT_EXPECT_EQ(test, packet(test, SOM, 0, 20), -ENOENT);
	KUNIT_EXPECT_EQ(test, fake.drops[MC_DROP_NO_SOCKET], 4U);

	KUNIT_EXPECT_EQ(test, packet(test, TO | SEQ(1), 0, 20), -ENOENT);
	KUNIT_EXPECT_EQ(test, packet(test, TO | EOM | SEQ(1), 0, 20), -ENOENT);
	KUNIT_EXPECT_EQ(test, fake.drops[MC_DROP_NO_KEY], 2U);
	KUNIT_EXPECT_EQ(test, queued.count, 0U);
	KUNIT_EXPECT_EQ(test, fake.objects, 0);
}

static void a_message_without_a_type_is_none(struct kunit *test)
{
	struct mc_sock *msk = bind_one(test);
	struct sk_buff *skb;

	KUNIT_EXPECT_EQ(test, packet(test, SOM | EOM | TO, 0, 0), -EINVAL);
	KUNIT_EXPECT_EQ(test, packet(test, SOM | TO, 0, 0), -EINVAL);
	skb = fake_packet(test, SOM | EOM | TO, 0, 0);
	skb_push(skb, MC_HDR_LEN - 1);
	KUNIT_EXPECT_EQ(test, mc_deliver(&fake.mn, link, skb), -EINVAL);
	KUNIT_EXPECT_EQ(test, fake.drops[MC_DROP_HEADER], 3U);
	KUNIT_EXPECT_EQ(test, packet(test, SOM | EOM | TO, 0, 1), 0);
	KUNIT_EXPECT_TRUE(test, got(msk, 0, 1));
}

static void messages_are_put_together(struct kunit *test)
{
	struct mc_sock *msk = bind_one(test);

	KUNIT_EXPECT_EQ(test, packet(test, SOM | TO | SEQ(2), 0, 64), 0);
	KUNIT_EXPECT_EQ(test, packet(test, TO | SEQ(3), 64, 64), 0);
	KUNIT_EXPECT_EQ(test, queued.count, 0U);
	KUNIT_EXPECT_EQ(test, packet(test, EOM | TO | SEQ(0), 128, 9), 0);
	KUNIT_EXPECT_TRUE(test, got(msk, 0, 137));
	KUNIT_EXPECT_EQ(test, fake.objects, 0);
	KUNIT_EXPECT_EQ(test, msk->partial_bytes, (size_t)0);

	/* What comes behind the end belongs to nothing. */
	KUNIT_EXPECT_EQ(test, packet(test, TO | SEQ(1), 137, 64), -ENOENT);
	KUNIT_EXPECT_EQ(test, packet(test, EOM | TO | SEQ(2), 0, 9), -ENOENT);
	KUNIT_EXPECT_EQ(test, queued.count, 1U);
}

static void messages_with_different_tags_may_mix(struct kunit *test)
{
	struct mc_sock *replies = request(test, 0, false);
	struct mc_sock *msk = bind_one(test);

	KUNIT_EXPECT_EQ(test, packet(test, SOM | TO, 0, 64), 0);
	KUNIT_EXPECT_EQ(test, packet(test, SOM | TO | 1, 1000, 64), 0);
	KUNIT_EXPECT_EQ(test, packet(test, SOM, 2000, 64), 0);
	KUNIT_EXPECT_EQ(test, packet(test, EOM | TO | 1 | SEQ(1), 1064, 1), 0);
	KUNIT_EXPECT_TRUE(test, got(msk, 1000, 65));
	KUNIT_EXPECT_EQ(test, packet(test, EOM | SEQ(1), 2064, 2), 0);
	KUNIT_EXPECT_TRUE(test, got(replies, 2000, 66));
	KUNIT_EXPECT_EQ(test, packet(test, EOM | TO | SEQ(1), 64, 3), 0);
	KUNIT_EXPECT_TRUE(test, got(msk, 0, 67));
	KUNIT_EXPECT_EQ(test, fake.objects, 0);
}

static void a_peers_message_is_given_six_seconds_more(struct kunit *test)
{
	struct mc_sock *msk = bind_one(test);
	int i;

	for (i = 0; i < 2; i++) {
		KUNIT_EXPECT_EQ(test, packet(test, SOM | TO, 0, 64), 0);
		fake_pass(6 * HZ - 1);
	}
	KUNIT_EXPECT_EQ(test, packet(test, EOM | TO | SEQ(1), 64, 5), 0);
	KUNIT_EXPECT_TRUE(test, got(msk, 0, 69));

	KUNIT_EXPECT_EQ(test, packet(test, SOM | TO, 0, 64), 0);
	fake_pass(6 * HZ);
	KUNIT_EXPECT_EQ(test, packet(test, EOM | TO | SEQ(1), 64, 5), -ENOENT);
	KUNIT_EXPECT_EQ(test, link->partial_bytes, (size_t)0);
}

static void a_reply_has_no_more_time_than_its_request(struct kunit *test)
{
	struct mc_sock *auto_tag = request(test, 0, false);
	struct mc_sock *manual = request(test, 1, true);

	fake_pass(5 * HZ);
	KUNIT_EXPECT_EQ(test, packet(test, SOM, 0, 64), 0);
	KUNIT_EXPECT_EQ(test, packet(test, SOM | 1, 0, 64), 0);
	fake_pass(HZ);
	KUNIT_EXPECT_EQ(test, packet(test, EOM | SEQ(1), 64, 5), -ENOENT);
	KUNIT_EXPECT_EQ(test, auto_tag->tag_count, 0U);
	/* A preallocated tag's message has it from its start. */
	fake_pass(5 * HZ - 1);
	KUNIT_EXPECT_EQ(test, packet(test, EOM | 1 | SEQ(1), 64, 5), 0);
	KUNIT_EXPECT_TRUE(test, got(manual, 0, 69));
	KUNIT_EXPECT_EQ(test, packet(test, SOM | 1, 0, 64), 0);
	fake_pass(6 * HZ);
	KUNIT_EXPECT_EQ(test, packet(test, EOM | 1 | SEQ(1), 64, 5), -EINVAL);
	mc_tags_close(manual);
}

static void what_the_core_cannot_take_is_dropped(struct kunit *test)
{
	struct mc_sock *msk = bind_one(test);

	queued.full = true;
	KUNIT_EXPECT_EQ(test, packet(test, SOM | EOM | TO, 0, 20), -ENOMEM);
	KUNIT_EXPECT_EQ(test, packet(test, SOM | TO, 0, 64), 0);
	KUNIT_EXPECT_EQ(test, packet(test, EOM | TO | SEQ(1), 64, 5), -ENOMEM);
	KUNIT_EXPECT_EQ(test, fake.drops[MC_DROP_RCVBUF], 2U);

	KUNIT_EXPECT_EQ(test, packet(test, SOM | TO, 0, 65537), -EINVAL);
	KUNIT_EXPECT_EQ(test, packet(test, SOM | TO, 0, 65536), 0);
	KUNIT_EXPECT_EQ(test, packet(test, EOM | TO | SEQ(1), 0, 1), -EINVAL);
	KUNIT_EXPECT_EQ(test, fake.drops[MC_DROP_TOO_LONG], 2U);

	/* the key, then the message */
	fake.fail_in = 1;
	KUNIT_EXPECT_EQ(test, packet(test, SOM | TO, 0, 64), -ENOMEM);
	fake.fail_in = 2;
	KUNIT_EXPECT_EQ(test, packet(test, SOM | TO, 0, 64), -ENOMEM);
	KUNIT_EXPECT_EQ(test, packet(test, SOM | TO, 0, 64), 0);
	fake.fail_in = 1;
	KUNIT_EXPECT_EQ(test, packet(test, TO | SEQ(1), 64, 5000), -ENOMEM);
	KUNIT_EXPECT_EQ(test, fake.drops[MC_DROP_NO_MEMORY], 3U);

	mc_partials_del_link(link);
	KUNIT_EXPECT_EQ(test, packet(test, SOM | TO, 0, 64), -ENOENT);
	KUNIT_EXPECT_EQ(test, fake.drops[MC_DROP_NO_LINK], 1U);
	KUNIT_EXPECT_EQ(test, fake.objects, 0);
	KUNIT_EXPECT_EQ(test, msk->partial_bytes, (size_t)0);
}

static void nothing_is_for_a_socket_that_goes(struct kunit *test)
{
	struct mc_sock *msk = bind_one(test);

	KUNIT_EXPECT_EQ(test, packet(test, SOM | TO, 0, 64), 0);
	mc_tags_close(msk);
	KUNIT_EXPECT_EQ(test, packet(test, EOM | TO | SEQ(1), 64, 5), -ENOENT);
	KUNIT_EXPECT_EQ(test, packet(test, SOM | TO, 0, 64), -ENOMEM);
	KUNIT_EXPECT_EQ(test, queued.count, 0U);
}

static unsigned int orphaned;

static void count_orphan(struct sk_buff *skb)
{
	orphaned++;
}

/* What a socket sends to an EID of its own is received as such. */
static void packets_of_our_own_are_marked(struct kunit *test)
{
	static const u8 types[][2] = {
		{ PACKET_OUTGOING, PACKET_LOOPBACK },
		{ PACKET_HOST, PACKET_HOST },
		{ PACKET_BROADCAST, PACKET_BROADCAST },
	};
	struct sk_buff *skb;
	unsigned int i;

	bind_one(test);
	for (i = 0; i < ARRAY_SIZE(types); i++) {
		skb = fake_packet(test, SOM | EOM | TO, 0, 10);
		skb_push(skb, MC_HDR_LEN);
		skb->pkt_type = types[i][0];
		skb->destructor = count_orphan;
		orphaned = 0;
		KUNIT_EXPECT_EQ(test, mc_deliver(&fake.mn, link, skb), 0);
		KUNIT_EXPECT_TRUE(test,
				  queued.message->pkt_type == types[i][1]);
		/* and no longer on the sender's account */
		KUNIT_EXPECT_EQ(test, orphaned, 1U);
	}
}

/* Why something is dropped, a sender to himself is told as mainline's core does. */
static void reasons_have_error_numbers(struct kunit *test)
{
	static const int errors[] = {
		[MC_DROP_NO_LINK] = -ENOENT, [MC_DROP_HEADER] = -EINVAL,
		[MC_DROP_NO_ROUTE] = -EHOSTUNREACH, [MC_DROP_MTU] = -EMSGSIZE,
		[MC_DROP_NO_SOCKET] = -ENOENT, [MC_DROP_NO_KEY] = -ENOENT,
		[MC_DROP_NOT_STARTED] = -EINVAL, [MC_DROP_SEQUENCE] = -EINVAL,
		[MC_DROP_TOO_LONG] = -EINVAL, [MC_DROP_NO_MEMORY] = -ENOMEM,
		[MC_DROP_RCVBUF] = -ENOMEM,
		[MC_DROP_LINK_HEADER] = -EHOSTUNREACH,
	};
	unsigned int why;

	for (why = 0; why < ARRAY_SIZE(errors); why++) {
		KUNIT_EXPECT_EQ_MSG(test, mc_drop(fake_packet(test, 0, 0, 1),
						  why), errors[why],
				    "reason %u", why);
		KUNIT_EXPECT_EQ(test, fake.drops[why], 1U);
	}
}

static struct kunit_case deliver_cases[] = {
	KUNIT_CASE(a_request_is_for_the_bound_socket),
	KUNIT_CASE(a_reply_is_for_the_socket_that_asked),
	KUNIT_CASE(a_preallocated_tag_takes_many_replies),
	KUNIT_CASE(what_nobody_waits_for_is_dropped),
	KUNIT_CASE(a_message_without_a_type_is_none),
	KUNIT_CASE(messages_are_put_together),
	KUNIT_CASE(messages_with_different_tags_may_mix),
	KUNIT_CASE(a_peers_message_is_given_six_seconds_more),
	KUNIT_CASE(a_reply_has_no_more_time_than_its_request),
	KUNIT_CASE(what_the_core_cannot_take_is_dropped),
	KUNIT_CASE(nothing_is_for_a_socket_that_goes),
	KUNIT_CASE(packets_of_our_own_are_marked),
	KUNIT_CASE(reasons_have_error_numbers),
	{}
};

static struct kunit_suite deliver_suite = {
	.name = "mctp_core_deliver",
	.init = deliver_init,
	.exit = deliver_exit,
	.test_cases = deliver_cases,
};

kunit_test_suite(deliver_suite);

MODULE_DESCRIPTION("KUnit: delivery of MCTP packets");
MODULE_LICENSE("GPL");
