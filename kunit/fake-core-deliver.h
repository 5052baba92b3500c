/* SPDX-License-Identifier: GPL-2.0 */
/*
 * src/core/deliver.c under test, with the files it stands on; a case sends packets
 * and sees what is queued for which socket.
 */
#ifndef KUNIT_FAKE_CORE_DELIVER_H
#define KUNIT_FAKE_CORE_DELIVER_H

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
static inline int packet_between(struct kunit *test, u8 src, u8 dest,
				 u8 flags_seq_tag, unsigned int pos, unsigned int len)
{
	struct sk_buff *skb = fake_packet(test, flags_seq_tag, pos, len);

	skb_push(skb, MC_HDR_LEN);
	skb->dev = link->dev;
	mctp_hdr(skb)->src = src;
	mctp_hdr(skb)->dest = dest;
	return mc_deliver(&fake.mn, link, skb);
}

static inline int packet(struct kunit *test, u8 flags_seq_tag,
			 unsigned int pos, unsigned int len)
{
	return packet_between(test, THEIRS, OURS, flags_seq_tag, pos, len);
}

static inline bool got(struct mc_sock *msk, unsigned int pos,
		       unsigned int len)
{
	bool ok = queued.message && queued.msk == msk &&
		  queued.message->dev == link->dev &&
		  mctp_hdr(queued.message)->src == THEIRS &&
		  fake_bytes_are(queued.message, pos, len);

	kfree_skb(queued.message);
	queued.message = NULL;
	return ok;
}

static inline struct mc_sock *bind_one(struct kunit *test)
{
	bound.msk = fake_sock(test);
	return bound.msk;
}

/* Have a request of ours to THEIRS wait for its reply. */
static inline struct mc_sock *request(struct kunit *test, u8 tag,
				      bool manual)
{
	struct mc_sock *msk = fake_sock(test);

	KUNIT_ASSERT_EQ(test, mc_tag_alloc(msk, NET, OURS, THEIRS, manual),
			(int)tag);
	return msk;
}

static inline int deliver_init(struct kunit *test)
{
	fake_core_start();
	fake_random_start();
	memset(&queued, 0, sizeof(queued));
	memset(&bound, 0, sizeof(bound));
	link = fake_link(test, 1, NET);
	return mc_tags_net_init(&fake.mn);
}

static inline void deliver_exit(struct kunit *test)
{
	mc_tags_net_exit(&fake.mn);
	kfree_skb(queued.message);
	fake_core_end(test);
}

#endif /* KUNIT_FAKE_CORE_DELIVER_H */
