/* SPDX-License-Identifier: GPL-2.0 */
/*
 * src/core/tag.c under test, and what its suites do with it.
 */
#ifndef KUNIT_FAKE_CORE_KEYS_H
#define KUNIT_FAKE_CORE_KEYS_H

#include "fake-core.h"
#include "fake-core-time.h"

#include <linux/capability.h>
#include <linux/rhashtable.h>
#include <linux/user_namespace.h>

static bool fake_may_send;

/* The table may have to grow for a key. */
static inline int fake_rhltable_insert(struct rhltable *table,
				       struct rhlist_head *node,
				       const struct rhashtable_params params)
{
	return fake_out_of_memory() ? -ENOMEM :
				      rhltable_insert(table, node, params);
}

#define ns_capable_noaudit(ns, cap)	\
	((ns) == &init_user_ns && (cap) == CAP_NET_RAW && fake_may_send)
#define rhltable_insert	fake_rhltable_insert

#include "../src/core/tag.c"

#define ANY	MCTP_ADDR_ANY
#define NOBODY	MCTP_ADDR_NULL
#define NET	1

void mc_partial_drop(struct mc_key *key)
{
	kfree_skb(key->as.skb);
	key->as.skb = NULL;
}

static inline int alloc(struct mc_sock *msk, u8 local, u8 peer)
{
	return mc_tag_alloc(msk, NET, local, peer, false);
}

static inline int alloc_manual(struct mc_sock *msk, u8 peer)
{
	return mc_tag_alloc(msk, NET, ANY, peer, true);
}

static inline struct mc_key *find(unsigned int netid, u8 local, u8 peer, u8 tag)
{
	struct mc_key *key;

	spin_lock_bh(&fake.mn.keys_lock);
	key = mc_key_find(&fake.mn, netid, local, peer, tag);
	spin_unlock_bh(&fake.mn.keys_lock);
	return key;
}

/* The key of a message whose first packet is from @peer to @local */
static inline struct mc_key *of_message(struct mc_sock *msk, u8 local, u8 peer, u8 tag)
{
	const struct mctp_hdr hdr = {
		.ver = 1,
		.dest = local,
		.src = peer,
		.flags_seq_tag = SOM | SEQ(3) | tag,
	};
	struct mc_key *key;

	spin_lock_bh(&fake.mn.keys_lock);
	key = mc_key_of_message(&fake.mn, msk, NET, &hdr);
	spin_unlock_bh(&fake.mn.keys_lock);
	return key;
}

static inline void replied(struct mc_key *key)
{
	spin_lock_bh(&fake.mn.keys_lock);
	mc_key_replied(key);
	spin_unlock_bh(&fake.mn.keys_lock);
}

static inline int keys_init(struct kunit *test)
{
	fake_core_start();
	fake_may_send = true;
	return mc_tags_net_init(&fake.mn);
}

static inline void keys_exit(struct kunit *test)
{
	mc_tags_net_exit(&fake.mn);
	fake_core_end(test);
}

#endif /* KUNIT_FAKE_CORE_KEYS_H */
