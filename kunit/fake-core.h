/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What surrounds a file of the core under test: a namespace, links, sockets and
 * packets, and allocations that are counted and can be made to fail.
 *
 * Comes before the file under test, whose calls it redirects. Anything freed after
 * a grace period is freed at once here, so that a use after that is found.
 */
#ifndef KUNIT_FAKE_CORE_H
#define KUNIT_FAKE_CORE_H

/* The tracepoints are the module's; the suite records what they are told. */
#define NOTRACE

#include <kunit/test.h>
#include <linux/gfp.h>
#include <linux/if_arp.h>
#include <linux/if_ether.h>
#include <linux/mm.h>
#include <linux/moduleparam.h>
#include <linux/prandom.h>
#include <linux/random.h>
#include <linux/rcupdate.h>
#include <linux/rtnetlink.h>
#include <linux/skbuff.h>
#include <linux/slab.h>

#include "core/core.h"
#include "core/trace.h"

#define FAKE_HEADROOM	32

/* EIDs of most cases */
#define OURS	8
#define THEIRS	9

#define SOM	MCTP_HDR_FLAG_SOM
#define EOM	MCTP_HDR_FLAG_EOM
#define TO	MCTP_HDR_FLAG_TO
#define SEQ(n)	(((n) & MCTP_HDR_SEQ_MASK) << MCTP_HDR_SEQ_SHIFT)

static struct {
	struct mc_net mn;
	/* allocated and not yet freed */
	int skbs;
	int objects;
	/* the allocation that fails, counted from now: 1 is the next, 0 none */
	unsigned int fail_in;
	unsigned int drops[MC_DROP_LINK_HEADER + 1];
	unsigned int keys_acquired;
	unsigned int key_ends[MC_KEY_DROPPED + 1];
	/* what messages are made of; twice as much as fits one */
	u8 bytes[2 * MC_MESSAGE_MAX];
	u8 scratch[2 * MC_MESSAGE_MAX];
} fake;

static inline struct mc_net *fake_net(const void *of)
{
	return &fake.mn;
}

static inline bool fake_out_of_memory(void)
{
	return fake.fail_in && !--fake.fail_in;
}

static inline struct sk_buff *fake_alloc_skb(unsigned int size, gfp_t gfp)
{
	struct sk_buff *skb = fake_out_of_memory() ? NULL : alloc_skb(size, gfp);

	if (skb)
		fake.skbs++;
	return skb;
}

static inline void fake_free_skb(struct sk_buff *skb)
{
	if (skb)
		fake.skbs--;
	kfree_skb(skb);
}

static inline struct page *fake_alloc_page(gfp_t gfp)
{
	return fake_out_of_memory() ? NULL : alloc_page(gfp);
}

static inline void *fake_kzalloc(size_t size, gfp_t gfp)
{
	void *object = fake_out_of_memory() ? NULL : kzalloc(size, gfp);

	if (object)
		fake.objects++;
	return object;
}

static inline void fake_kfree(const void *object)
{
	if (object)
		fake.objects--;
	kfree(object);
}

/* The offset is for the compiler to look whether the field is there. */
static inline void fake_kfree_rcu(const void *object, size_t rcu_head)
{
	fake_kfree(object);
}

static inline void fake_trace_drop(const struct sk_buff *skb, enum mc_drop why)
{
	fake.drops[why]++;
}

static inline void fake_trace_acquire(u8 local, u8 peer, u8 tag)
{
	fake.keys_acquired++;
}

static inline void fake_trace_release(u8 local, u8 peer, u8 tag,
				      enum mc_key_end why)
{
	fake.key_ends[why]++;
}

static inline void fake_core_start(void)
{
	struct rnd_state rnd;
	size_t i;

	memset(&fake, 0, sizeof(fake));
	prandom_seed_state(&rnd, 1);
	for (i = 0; i < sizeof(fake.bytes); i++)
		fake.bytes[i] = prandom_u32_state(&rnd);

	fake.mn.default_net = MCTP_INITIAL_DEFAULT_NET;
	INIT_LIST_HEAD(&fake.mn.links);
	INIT_LIST_HEAD(&fake.mn.expiry);
	INIT_LIST_HEAD(&fake.mn.table.routes);
	hash_init(fake.mn.table.nets);
	hash_init(fake.mn.binds);
	mutex_init(&fake.mn.bind_lock);
	spin_lock_init(&fake.mn.keys_lock);
}

static inline void fake_core_end(struct kunit *test)
{
	KUNIT_EXPECT_EQ_MSG(test, fake.skbs, 0, "skbs leaked or freed twice");
	KUNIT_EXPECT_EQ_MSG(test, fake.objects, 0,
			    "objects leaked or freed twice");
}

static inline struct mc_link *fake_link(struct kunit *test, int ifindex,
					unsigned int netid)
{
	struct mc_link *link = kunit_kzalloc(test, sizeof(*link), GFP_KERNEL);

	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, link);
	link->dev = kunit_kzalloc(test, sizeof(*link->dev), GFP_KERNEL);
	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, link->dev);
	link->dev->ifindex = ifindex;
	link->dev->type = ARPHRD_MCTP;
	link->dev->mtu = 68;
	link->netid = netid;
	INIT_LIST_HEAD(&link->partials);
	refcount_set(&link->refs, 1);
	return link;
}

/* One that is in no table */
static inline struct mc_route *fake_route(struct kunit *test,
					  unsigned int netid, u8 min, u8 max)
{
	struct mc_route *rt = fake_kzalloc(sizeof(*rt), GFP_KERNEL);

	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, rt);
	rt->netid = netid;
	rt->min = min;
	rt->max = max;
	rt->type = RTN_UNICAST;
	return rt;
}

static inline struct mc_sock *fake_sock(struct kunit *test)
{
	struct mc_sock *msk = kunit_kzalloc(test, sizeof(*msk), GFP_KERNEL);

	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, msk);
	refcount_set(&msk->sk.sk_refcnt, 1);
	sk_node_init(&msk->sk.sk_node);
	msk->sk.sk_rcvbuf = 212992;
	msk->local = MCTP_ADDR_ANY;
	msk->peer = MCTP_ADDR_ANY;
	INIT_HLIST_HEAD(&msk->keys);
	INIT_LIST_HEAD(&msk->partials);
	return msk;
}

/*
 * A packet from THEIRS to OURS, with fake.bytes from @pos on. Its data starts at
 * the payload, as reassembly wants it; for input skb_push() brings the header back.
 */
static inline struct sk_buff *fake_packet(struct kunit *test, u8 flags_seq_tag,
					  unsigned int pos, unsigned int len)
{
	struct mctp_hdr hdr = {
		.ver = 1,
		.dest = OURS,
		.src = THEIRS,
		.flags_seq_tag = flags_seq_tag,
	};
	struct sk_buff *skb;

	KUNIT_ASSERT_LE(test, (size_t)pos + len, sizeof(fake.bytes));
	skb = alloc_skb(FAKE_HEADROOM + MC_HDR_LEN + len, GFP_KERNEL);
	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, skb);
	fake.skbs++;
	skb_reserve(skb, FAKE_HEADROOM);
	skb_reset_network_header(skb);
	skb_put_data(skb, &hdr, MC_HDR_LEN);
	skb_put_data(skb, fake.bytes + pos, len);
	skb_pull(skb, MC_HDR_LEN);
	skb_reset_transport_header(skb);
	__mctp_cb(skb)->net = MCTP_INITIAL_DEFAULT_NET;
	return skb;
}

/* Has an skb @len of fake.bytes from @pos on, and no more? */
static inline bool fake_bytes_are(struct sk_buff *skb, unsigned int pos,
				  unsigned int len)
{
	return skb->len == len && len <= sizeof(fake.scratch) &&
	       !skb_copy_bits(skb, 0, fake.scratch, len) &&
	       !memcmp(fake.scratch, fake.bytes + pos, len);
}

#undef alloc_skb
#undef kfree_skb
#undef consume_skb
#undef napi_consume_skb
#undef alloc_page
#undef kzalloc
#undef kfree
#undef kfree_rcu
#define alloc_skb(size, gfp)		fake_alloc_skb(size, gfp)
#define kfree_skb(skb)			fake_free_skb(skb)
#define consume_skb(skb)		fake_free_skb(skb)
#define napi_consume_skb(skb, budget)	((void)(budget), fake_free_skb(skb))
#define alloc_page(gfp)			fake_alloc_page(gfp)
#define kzalloc(size, gfp)		fake_kzalloc(size, gfp)
#define kfree(object)			fake_kfree(object)
#define kfree_rcu(object, field)	({				\
	typeof(object) __object = (object);				\
									\
	fake_kfree_rcu(__object, offsetof(typeof(*__object), field));	\
})

#define mc_net(net)			fake_net(net)
#define mc_net_of_link(link)		fake_net(link)
#define mc_net_of_sock(msk)		fake_net(msk)

#define trace_mctp_drop			fake_trace_drop
#define trace_mctp_key_acquire		fake_trace_acquire
#define trace_mctp_key_release		fake_trace_release

#endif /* KUNIT_FAKE_CORE_H */
