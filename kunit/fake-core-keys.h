/* SPDX-License-Identifier: GPL-2.0 */
/*
 * src/core/tag.c under test, and what its suites do with it.
 */
#ifndef KUNIT_FAKE_CORE_KEYS_H
#define KUNIT_FAKE_CORE_KEYS_H

#include "fake-core.h"
#include "fake-core-time.h"

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
	mc_tags_net_init(&fake.mn);
	return 0;
}

#endif /* KUNIT_FAKE_CORE_KEYS_H */
