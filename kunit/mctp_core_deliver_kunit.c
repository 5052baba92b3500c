// SPDX-License-Identifier: GPL-2.0
/*
 * src/core/deliver.c, with the files it stands on: which socket gets what, and
 * that no message is made of packets that do not belong together.
 */
#include "fake-core.h"
#include "fake-core-random.h"
#include "fake-core-time.h"

#include "../src/core/reassembly.c"
#include "../src/core/partial.c"
#include "../src/core/tag.c"

#define NET	1

/* What has come out: the last message, for whom, and how many there were */
static struct {
	struct sk_buff *message;
	struct mc_sock *msk;
	unsigned int count;
	bool full;
} queued;

static int fake_queue(struct sock *sk, struct sk_buff *skb)
{
	if (queued.full)
		return -ENOMEM;
	kfree_skb(queued.message);
	queued.message = skb;
	queued.msk = mc_sock_of(sk);
	queued.count++;
	return 0;
}

/* The socket that is bound to what, if any is */
static struct {
	struct mc_sock *msk;
	unsigned int netid;
	u8 type;
	u8 local;
	u8 peer;
} bound;

struct mc_sock *mc_bind_find(struct mc_net *mn, unsigned int netid, u8 type,
			     u8 local, u8 peer)
{
	bound.netid = netid;
	bound.type = type;
	bound.local = local;
	bound.peer = peer;
	return bound.msk;
}

#undef sock_queue_rcv_skb
#define sock_queue_rcv_skb	fake_queue

#include "../src/core/deliver.c"

static struct mc_link *link;

/* Deliver the packet that has @len bytes of a message from @pos on. */
static int packet(struct kunit *test, u8 flags_seq_tag, unsigned int pos,
		  unsigned int len)
{
	struct sk_buff *skb = fake_packet(test, flags_seq_tag, pos, len);

	skb_push(skb, MC_HDR_LEN);
	skb->dev = link->dev;
	return mc_deliver(&fake.mn, link, skb);
}

static bool got(struct mc_sock *msk, unsigned int pos, unsigned int len)
{
	bool ok = queued.message && queued.msk == msk &&
		  queued.message->dev == link->dev &&
		  mctp_hdr(queued.message)->src == THEIRS &&
		  fake_bytes_are(queued.message, pos, len);

	kfree_skb(queued.message);
	queued.message = NULL;
	return ok;
}

static struct mc_sock *bind_one(struct kunit *test)
{
	bound.msk = fake_sock(test);
	return bound.msk;
}

/* Have a request of ours to THEIRS wait for its reply. */
static struct mc_sock *request(struct kunit *test, u8 tag, bool manual)
{
	struct mc_sock *msk = fake_sock(test);

	KUNIT_ASSERT_EQ(test, mc_tag_alloc(msk, NET, OURS, THEIRS, manual),
			(int)tag);
	return msk;
}

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

static int deliver_init(struct kunit *test)
{
	fake_core_start();
	fake_random_start();
	memset(&queued, 0, sizeof(queued));
	memset(&bound, 0, sizeof(bound));
	link = fake_link(test, 1, NET);
	return mc_tags_net_init(&fake.mn);
}

static void deliver_exit(struct kunit *test)
{
	mc_tags_net_exit(&fake.mn);
	kfree_skb(queued.message);
	fake_core_end(test);
}

static struct kunit_case deliver_cases[] = {
	KUNIT_CASE(a_request_is_for_the_bound_socket),
	KUNIT_CASE(a_reply_is_for_the_socket_that_asked),
	KUNIT_CASE(a_preallocated_tag_takes_many_replies),
	KUNIT_CASE(what_nobody_waits_for_is_dropped),
	KUNIT_CASE(a_message_without_a_type_is_none),
	KUNIT_CASE(messages_are_put_together),
	KUNIT_CASE(messages_with_different_tags_may_mix),
	KUNIT_CASE(a_packet_out_of_sequence_ends_its_message),
	KUNIT_CASE(a_request_outlives_a_broken_reply),
	KUNIT_CASE(a_new_start_replaces_the_message),
	KUNIT_CASE(a_peers_message_is_given_six_seconds_more),
	KUNIT_CASE(a_reply_has_no_more_time_than_its_request),
	KUNIT_CASE(what_the_core_cannot_take_is_dropped),
	KUNIT_CASE(nothing_is_for_a_socket_that_goes),
	KUNIT_CASE(packets_of_our_own_are_marked),
	KUNIT_CASE(reasons_have_error_numbers),
	KUNIT_CASE(one_damaged_packet_never_gives_another_message),
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
