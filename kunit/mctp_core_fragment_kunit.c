// SPDX-License-Identifier: GPL-2.0
/*
 * src/core/fragment.c: packets from messages.
 */
#include "fake-core.h"
#include "fake-core-random.h"

static const struct mctp_hdr header = {
	.ver = 1,
	.dest = THEIRS,
	.src = OURS,
	.flags_seq_tag = TO | 6,
};

/* What is at the other end of the path, and what has come there */
static struct {
	const struct sk_buff *message;
	struct net_device *dev;
	unsigned int mtu;
	unsigned int len;
	/* the packet that is refused, counted from 1 */
	unsigned int refused;
	unsigned int sent;
	unsigned int delivered;
	unsigned int bytes;
	unsigned int full;
	unsigned int bad;
} line;

/* Header of the packet that is due */
static struct mctp_hdr expected_header(unsigned int len)
{
	struct mctp_hdr hdr = header;

	hdr.flags_seq_tag |= SEQ(line.sent);
	if (!line.sent)
		hdr.flags_seq_tag |= SOM;
	if (line.bytes + len == line.len)
		hdr.flags_seq_tag |= EOM;
	return hdr;
}

static int get(struct sk_buff *skb)
{
	unsigned int len = skb->len - MC_HDR_LEN;
	struct mctp_hdr want = expected_header(len);

	line.bad += skb->len > line.mtu || skb->dev != line.dev ||
		    skb->protocol != htons(ETH_P_MCTP) ||
		    skb->pkt_type != PACKET_OUTGOING ||
		    skb_headroom(skb) < FAKE_HEADROOM ||
		    skb_network_header(skb) != skb->data ||
		    skb_transport_header(skb) != skb->data + MC_HDR_LEN ||
		    memcmp(skb->data, &want, MC_HDR_LEN) ||
		    memcmp(skb->cb, line.message->cb, sizeof(skb->cb)) ||
		    skb->priority != line.message->priority;
	skb_pull(skb, MC_HDR_LEN);
	line.bad += !fake_bytes_are(skb, line.bytes, len);
	line.full += len + MC_HDR_LEN == line.mtu;
	line.bytes += len;
	line.sent++;
	kfree_skb(skb);
	return line.sent == line.refused ? -ENOBUFS : 0;
}

int mc_send_packet(const struct mc_path *path, struct sk_buff *skb)
{
	return get(skb);
}

int mc_deliver(struct mc_net *mn, struct mc_link *link, struct sk_buff *skb)
{
	line.delivered++;
	line.bad += mn != &fake.mn || link->dev != line.dev;
	return get(skb);
}

int mc_drop(struct sk_buff *skb, enum mc_drop why)
{
	trace_mctp_drop(skb, why);
	kfree_skb(skb);
	return -EMSGSIZE;
}

/* The real one wants a real socket. */
static struct sock *owner;
static unsigned int owned;

static void fake_set_owner(struct sk_buff *skb, const struct sock *sk)
{
	owned += sk == owner;
}

#define skb_set_owner_w	fake_set_owner

#include "../src/core/fragment.c"

/* Send a message with @mtu; what came of it is in @line. */
static int send_skb(struct mc_path *path, unsigned int mtu, struct sk_buff *skb,
		    unsigned int refused)
{
	path->mtu = mtu;
	memset(&line, 0, sizeof(line));
	line.message = skb;
	line.dev = path->link->dev;
	line.mtu = mtu;
	line.len = skb->len;
	line.refused = refused;
	return mc_split(path, skb, &header);
}

static int send(struct kunit *test, struct mc_path *path, unsigned int mtu,
		unsigned int len)
{
	return send_skb(path, mtu, fake_packet(test, 0, 0, len), 0);
}

static struct mc_path new_path(struct kunit *test)
{
	return (struct mc_path) {
		.mn = &fake.mn,
		.link = fake_link(test, 1, 1),
	};
}

static void expect_all_arrived(struct kunit *test, unsigned int mtu,
			       unsigned int len)
{
	unsigned int room = mtu - MC_HDR_LEN;

	KUNIT_EXPECT_EQ_MSG(test, line.bad, 0U, "MTU %u, %u bytes", mtu, len);
	KUNIT_EXPECT_EQ_MSG(test, line.bytes, len, "MTU %u, %u bytes", mtu,
			    len);
	KUNIT_EXPECT_EQ_MSG(test, line.sent, DIV_ROUND_UP(len, room),
			    "MTU %u, %u bytes", mtu, len);
	/* As large as the path takes them, but for the last */
	KUNIT_EXPECT_EQ_MSG(test, line.full, len / room, "MTU %u, %u bytes",
			    mtu, len);
	KUNIT_EXPECT_EQ_MSG(test, fake.skbs, 0, "MTU %u, %u bytes", mtu, len);
}

/* Lengths around one packet, two, and all that a number counts */
static void every_small_mtu_is_used_up(struct kunit *test)
{
	static const unsigned int counts[] = { 1, 2, 5 };
	struct mc_path path = new_path(test);
	unsigned int mtu, i, len;
	int err;

	for (mtu = 68; mtu <= 255; mtu++) {
		for (i = 0; i < ARRAY_SIZE(counts); i++) {
			len = counts[i] * (mtu - 4);
			for (len--; len <= counts[i] * (mtu - 4) + 1; len++) {
				err = send(test, &path, mtu, len);
				KUNIT_ASSERT_EQ(test, err, 0);
				expect_all_arrived(test, mtu, len);
			}
		}
	}
}

struct message {
	unsigned int mtu;
	unsigned int len;
};

static const struct message messages[] = {
	{ 68, 1 }, { 68, 64 }, { 68, 65 }, { 68, 65535 }, { 68, 65536 },
	{ 255, 251 }, { 255, 252 }, { 255, 65536 }, { 1028, 65536 },
	{ 65535, 65531 }, { 65535, 65532 }, { 65540, 65536 },
	{ 65539, 65536 }, { 5, 40 }, { 6, 41 },
};

static void describe_message(const struct message *message, char *desc)
{
	snprintf(desc, KUNIT_PARAM_DESC_SIZE, "%u bytes with an MTU of %u",
		 message->len, message->mtu);
}

KUNIT_ARRAY_PARAM(messages, messages, describe_message);

static void a_message_is_split(struct kunit *test)
{
	const struct message *message = test->param_value;
	struct mc_path path = new_path(test);

	KUNIT_EXPECT_EQ(test, send(test, &path, message->mtu, message->len), 0);
	expect_all_arrived(test, message->mtu, message->len);
	KUNIT_EXPECT_EQ(test, line.delivered, 0U);
}

/* The core does not make such, but a packet has to come of it all the same. */
static void an_empty_message_is_one_packet(struct kunit *test)
{
	struct mc_path path = new_path(test);

	KUNIT_EXPECT_EQ(test, send(test, &path, 68, 0), 0);
	KUNIT_EXPECT_EQ(test, line.sent, 1U);
	KUNIT_EXPECT_EQ(test, line.bad, 0U);
}

static void an_mtu_without_room_for_payload_is_an_error(struct kunit *test)
{
	struct mc_path path = new_path(test);
	unsigned int mtu;

	for (mtu = 0; mtu <= MC_HDR_LEN; mtu++) {
		KUNIT_EXPECT_EQ(test, send(test, &path, mtu, 10), -EMSGSIZE);
		KUNIT_EXPECT_EQ(test, line.sent, 0U);
		KUNIT_EXPECT_EQ(test, fake.drops[MC_DROP_MTU], mtu + 1);
		KUNIT_EXPECT_EQ(test, fake.skbs, 0);
	}
}

static void messages_to_ourselves_are_delivered(struct kunit *test)
{
	struct mc_path path = new_path(test);

	path.local = true;
	KUNIT_EXPECT_EQ(test, send(test, &path, 68, 64), 0);
	expect_all_arrived(test, 68, 64);
	KUNIT_EXPECT_EQ(test, line.delivered, 1U);
	KUNIT_EXPECT_EQ(test, send(test, &path, 68, 640), 0);
	expect_all_arrived(test, 68, 640);
	KUNIT_EXPECT_EQ(test, line.delivered, 10U);
}

static void an_error_is_the_last_packet(struct kunit *test)
{
	struct mc_path path = new_path(test);
	unsigned int n;
	int err;

	for (n = 1; n <= 6; n++) {
		err = send_skb(&path, 68, fake_packet(test, 0, 0, 6 * 64), n);
		KUNIT_EXPECT_EQ(test, err, -ENOBUFS);
		KUNIT_EXPECT_EQ(test, line.sent, n);
		KUNIT_EXPECT_EQ(test, line.bad, 0U);
		KUNIT_EXPECT_EQ(test, fake.skbs, 0);
	}
	err = send_skb(&path, 68, fake_packet(test, 0, 0, 64), 1);
	KUNIT_EXPECT_EQ(test, err, -ENOBUFS);
}

static void without_memory_no_more_is_sent(struct kunit *test)
{
	struct mc_path path = new_path(test);
	unsigned int n;

	for (n = 1; n <= 4; n++) {
		fake.fail_in = n;
		KUNIT_EXPECT_EQ(test, send(test, &path, 68, 4 * 64), -ENOMEM);
		KUNIT_EXPECT_EQ(test, fake.fail_in, 0U);
		KUNIT_EXPECT_EQ(test, line.sent, n - 1);
		KUNIT_EXPECT_EQ(test, line.bad, 0U);
		KUNIT_EXPECT_EQ(test, fake.skbs, 0);
	}
}

/* Pages as socket.c gives long messages, and what a sender put beside the data */
static void packets_are_like_their_message(struct kunit *test)
{
	struct mc_path path = new_path(test);
	struct page *page = alloc_page(GFP_KERNEL);
	struct sk_buff *skb = fake_packet(test, 0, 0, 10);

	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, page);
	memcpy(page_address(page), fake.bytes + 10, 1000);
	skb_add_rx_frag(skb, 0, page, 0, 1000, PAGE_SIZE);
	skb->priority = 3;
	memset(skb->cb, 0x77, sizeof(skb->cb));
	owner = &fake_sock(test)->sk;
	skb->sk = owner;

	KUNIT_EXPECT_EQ(test, send_skb(&path, 68, skb, 0), 0);
	expect_all_arrived(test, 68, 1010);
	KUNIT_EXPECT_EQ(test, owned, 16U);
}

static void any_message_arrives(struct kunit *test)
{
	struct mc_path path = new_path(test);
	unsigned int round, mtu, len;

	for (round = 0; round < 200; round++) {
		mtu = fake_between(5 + (1 << fake_between(4, 15)), 65540);
		len = fake_between(1, 1 << fake_between(0, 16));
		path.local = fake_below(2);
		KUNIT_ASSERT_EQ_MSG(test, send(test, &path, mtu, len), 0,
				    "round %u" SEEDED, round, seed);
		expect_all_arrived(test, mtu, len);
	}
}

static int fragment_init(struct kunit *test)
{
	fake_core_start();
	fake_random_start();
	owner = NULL;
	owned = 0;
	return 0;
}

static struct kunit_case fragment_cases[] = {
	KUNIT_CASE(every_small_mtu_is_used_up),
	KUNIT_CASE_PARAM(a_message_is_split, messages_gen_params),
	KUNIT_CASE(an_empty_message_is_one_packet),
	KUNIT_CASE(an_mtu_without_room_for_payload_is_an_error),
	KUNIT_CASE(messages_to_ourselves_are_delivered),
	KUNIT_CASE(an_error_is_the_last_packet),
	KUNIT_CASE(without_memory_no_more_is_sent),
	KUNIT_CASE(packets_are_like_their_message),
	KUNIT_CASE(any_message_arrives),
	{}
};

static struct kunit_suite fragment_suite = {
	.name = "mctp_core_fragment",
	.init = fragment_init,
	.exit = fake_core_end,
	.test_cases = fragment_cases,
};

kunit_test_suite(fragment_suite);

MODULE_DESCRIPTION("KUnit: splitting MCTP messages into packets");
MODULE_LICENSE("GPL");
