// SPDX-License-Identifier: GPL-2.0
/*
 * Tags and keys: for whom is a packet that says "tag 3 from EID 9"?
 *
 * A tag of ours belongs to the socket that asked for it, from the request until
 * its reply, for MC_KEY_LIFETIME at most, or, if an ioctl allocated it, until an
 * ioctl drops it. A tag of a peer has a key only while a message of several
 * packets is on its way. Both end with the socket.
 *
 * Keys are in a hash table by network and peer. A key whose peer is any EID, as
 * that of a request to the null EID, is there by MCTP_ADDR_ANY. Tags are given out
 * so that no packet can match two keys.
 *
 * Whoever may create a socket may allocate tags, of any network. So the table grows
 * with them, and its hash is seeded: no lookup has to pass by keys of other peers.
 * And who may not send, and so has no use for tags, gets half of a peer's at most.
 *
 * Locks: everything is under keys_lock of the namespace, which is taken in
 * softirqs, too. Keys are never used outside of it, so they need no reference
 * counts; nor does the socket, which takes its keys out before it goes.
 */
#include <linux/capability.h>
#include <linux/jhash.h>
#include <linux/jiffies.h>
#include <linux/rhashtable.h>
#include <linux/slab.h>
#include <linux/user_namespace.h>

#include "core/core.h"

#define CREATE_TRACE_POINTS
#include "core/trace.h"

/* What keys are looked up by: the bytes of struct mc_key from netid to peer */
struct key_id {
	unsigned int netid;
	u8 peer;
};

#define KEY_ID_LEN	offsetofend(struct key_id, peer)

/*
 * The eight tags, and what of them is for those who may not send: the last that
 * requests are given, so that a late response to one of these is not for them.
 */
#define ALL_TAGS	GENMASK(MCTP_HDR_TAG_MASK, 0)
#define IDLE_TAGS	GENMASK(MCTP_HDR_TAG_MASK, 4)

/* What the table would do by itself takes the bytes one by one. */
static u32 hash_id(const void *data, u32 len, u32 seed)
{
	const struct key_id *id = data;

	return jhash_2words(id->netid, id->peer, seed);
}

static int compare_id(struct rhashtable_compare_arg *arg, const void *obj)
{
	const struct key_id *id = arg->key;
	const struct mc_key *key = obj;

	return key->netid != id->netid || key->peer != id->peer;
}

static const struct rhashtable_params key_params = {
	.head_offset = offsetof(struct mc_key, node),
	.key_offset = offsetof(struct mc_key, netid),
	.key_len = KEY_ID_LEN,
	.hashfn = hash_id,
	.obj_cmpfn = compare_id,
	.min_size = 64,
	.automatic_shrinking = true,
};

/* Return: the keys of a network and peer, of which there are few */
static struct rhlist_head *keys_of(struct mc_net *mn, unsigned int netid,
				   u8 peer)
{
	const struct key_id id = { .netid = netid, .peer = peer };
	struct rhlist_head *keys;

	BUILD_BUG_ON(offsetofend(struct mc_key, peer) -
		     offsetof(struct mc_key, netid) != KEY_ID_LEN);

	/* Asked for each time, and rarely there */
	if (peer == MCTP_ADDR_ANY && !mn->any_peer_keys)
		return NULL;

	/* The table moves what it has on its own, and asks for RCU. */
	rcu_read_lock();
	keys = rhltable_lookup(&mn->keys, &id, key_params);
	rcu_read_unlock();
	return keys;
}

/* May something for EID @b be for what is registered for @a? */
static bool matches(u8 a, u8 b)
{
	return a == b || a == MCTP_ADDR_ANY;
}

/* Is a key of the right peer that of a packet to @local with that tag? */
static bool is_for(const struct mc_key *key, u8 local, u8 tag)
{
	return key->tag == tag && matches(key->local, local);
}

static void arm_timer(struct mc_net *mn)
{
	struct mc_key *first = list_first_entry_or_null(&mn->expiry,
							struct mc_key, expiry);

	if (first && !timer_pending(&mn->timer))
		mod_timer(&mn->timer, first->expires);
}

/**
 * mc_key_expire_later() - give a key its whole lifetime, from now on
 * @key: key
 */
void mc_key_expire_later(struct mc_key *key)
{
	struct mc_net *mn = mc_net_of_sock(key->msk);

	key->expires = jiffies + MC_KEY_LIFETIME;
	/* As all live equally long, the list is sorted without any effort. */
	list_move_tail(&key->expiry, &mn->expiry);
	arm_timer(mn);
}

static struct mc_key *alloc_key(struct mc_sock *msk, gfp_t gfp)
{
	struct mc_key *key = kzalloc(sizeof(*key), gfp);

	if (key) {
		key->msk = msk;
		INIT_LIST_HEAD(&key->expiry);
	}
	return key;
}

/* Return: 0, or an error if the table would have to grow and there is no memory */
static int insert(struct mc_net *mn, struct mc_key *key)
{
	int err;

	lockdep_assert_held(&mn->keys_lock);

	err = rhltable_insert(&mn->keys, &key->node, key_params);
	if (err)
		return err;
	hlist_add_head(&key->of_sock, &key->msk->keys);
	mn->any_peer_keys += key->peer == MCTP_ADDR_ANY;
	if (!key->manual)
		mc_key_expire_later(key);
	trace_mctp_key_acquire(key->local, key->peer, key->tag);
	return 0;
}

/**
 * mc_key_end() - remove a key and what it has of a message
 * @key: key
 * @why: for the tracepoint
 */
void mc_key_end(struct mc_key *key, enum mc_key_end why)
{
	struct mc_net *mn = mc_net_of_sock(key->msk);

	lockdep_assert_held(&mn->keys_lock);

	trace_mctp_key_release(key->local, key->peer, key->tag, why);
	mc_partial_drop(key);
	rhltable_remove(&mn->keys, &key->node, key_params);
	hlist_del(&key->of_sock);
	list_del(&key->expiry);
	mn->any_peer_keys -= key->peer == MCTP_ADDR_ANY;
	if (!(key->tag & MCTP_HDR_FLAG_TO))
		key->msk->tag_count--;
	kfree(key);
}

/**
 * mc_key_replied() - a message for a key is complete
 * @key: key; only one that an ioctl allocated stays
 */
void mc_key_replied(struct mc_key *key)
{
	if (!key->manual) {
		mc_key_end(key, MC_KEY_REPLIED);
		return;
	}
	trace_mctp_key_release(key->local, key->peer, key->tag,
			       MC_KEY_REPLIED);
	mc_partial_drop(key);
}

static struct mc_key *find_of_peer(struct mc_net *mn, unsigned int netid,
				   u8 local, u8 peer, u8 tag)
{
	struct rhlist_head *pos;
	struct mc_key *key;

	rhl_for_each_entry_rcu(key, pos, keys_of(mn, netid, peer), node)
		if (is_for(key, local, tag))
			return key;
	return NULL;
}

/**
 * mc_key_is() - is a key that of a packet?
 * @key: key
 * @netid: network it came from
 * @local: its destination
 * @peer: its source
 * @tag: its tag with the TO bit
 *
 * Context: keys_lock
 * Return: true only if mc_key_find() would find the same key
 */
bool mc_key_is(const struct mc_key *key, unsigned int netid, u8 local, u8 peer,
	       u8 tag)
{
	return key->peer == peer && key->netid == netid &&
	       is_for(key, local, tag);
}

/**
 * mc_key_find() - find the key of a packet
 * @mn: namespace
 * @netid: network it came from
 * @local: its destination
 * @peer: its source
 * @tag: its tag with the TO bit
 *
 * Context: keys_lock
 * Return: the key or NULL
 */
struct mc_key *mc_key_find(struct mc_net *mn, unsigned int netid, u8 local,
			   u8 peer, u8 tag)
{
	struct mc_key *key;

	lockdep_assert_held(&mn->keys_lock);

	key = find_of_peer(mn, netid, local, peer, tag);
	if (!key && !(tag & MCTP_HDR_FLAG_TO))
		key = find_of_peer(mn, netid, local, MCTP_ADDR_ANY, tag);
	return key;
}

/**
 * mc_key_of_message() - make the key of a message to a bound socket
 * @mn: namespace
 * @msk: the socket
 * @netid: network it comes from
 * @hdr: header of its first packet
 *
 * Context: keys_lock
 * Return: the key, or NULL if there is no memory or the socket goes
 */
struct mc_key *mc_key_of_message(struct mc_net *mn, struct mc_sock *msk,
				 unsigned int netid, const struct mctp_hdr *hdr)
{
	struct mc_key *key;

	if (msk->closed)
		return NULL;
	key = alloc_key(msk, GFP_ATOMIC | __GFP_NOWARN);
	if (!key)
		return NULL;
	key->netid = netid;
	key->peer = hdr->src;
	key->local = hdr->dest;
	key->tag = hdr->flags_seq_tag & MC_TAG_BITS;
	if (insert(mn, key)) {
		kfree(key);
		return NULL;
	}
	return key;
}

/*
 * Return: those of our tags that keys of @peer have which could match a packet to
 * @local
 */
static unsigned int tags_of_peer(struct mc_net *mn, unsigned int netid,
				 u8 local, u8 peer)
{
	struct rhlist_head *pos;
	unsigned int tags = 0;
	struct mc_key *key;

	rhl_for_each_entry_rcu(key, pos, keys_of(mn, netid, peer), node)
		if (!(key->tag & MCTP_HDR_FLAG_TO) &&
		    (local == MCTP_ADDR_ANY || matches(key->local, local)))
			tags |= BIT(key->tag);
	return tags;
}

/* Return: our tags that no key has in a way that could match the same packet */
static unsigned int free_tags(struct mc_net *mn, unsigned int netid, u8 local,
			      u8 peer)
{
	unsigned int eid, used = tags_of_peer(mn, netid, local, peer);

	if (peer != MCTP_ADDR_ANY)
		return ALL_TAGS & ~(used | tags_of_peer(mn, netid, local,
							MCTP_ADDR_ANY));
	for (eid = 0; eid < MCTP_ADDR_ANY; eid++)
		used |= tags_of_peer(mn, netid, local, eid);
	return ALL_TAGS & ~used;
}

/* Who answers a request to nobody in particular may have any EID. */
static u8 replier(u8 peer)
{
	return peer == MCTP_ADDR_NULL ? MCTP_ADDR_ANY : peer;
}

/**
 * mc_tag_alloc() - allocate a tag of ours
 * @msk: socket that gets the replies
 * @netid: network
 * @local: our EID, or MCTP_ADDR_ANY
 * @peer: whom we ask
 * @manual: stays until mc_tag_drop()
 *
 * Context: process; what it may do is what the caller may
 * Return: the tag, -EBUSY if none is free, -EINVAL if the socket goes, -ENOMEM
 */
int mc_tag_alloc(struct mc_sock *msk, unsigned int netid, u8 local, u8 peer,
		 bool manual)
{
	struct mc_key *key = alloc_key(msk, GFP_KERNEL_ACCOUNT);
	unsigned int free, allowed = ALL_TAGS;
	struct mc_net *mn = mc_net_of_sock(msk);
	int ret = -EBUSY;

	if (!key)
		return -ENOMEM;
	/* As for sending; but this is no attempt that a log should have. */
	if (!ns_capable_noaudit(&init_user_ns, CAP_NET_RAW))
		allowed = IDLE_TAGS;
	key->netid = netid;
	key->peer = replier(peer);
	key->local = local;
	key->manual = manual;

	spin_lock_bh(&mn->keys_lock);
	free = free_tags(mn, netid, local, key->peer) & allowed;
	if (msk->closed) {
		ret = -EINVAL;
	} else if (free && msk->tag_count < MC_SOCK_TAGS) {
		key->tag = __ffs(free);
		ret = insert(mn, key);
		if (!ret) {
			msk->tag_count++;
			ret = key->tag;
			key = NULL;
		}
	}
	spin_unlock_bh(&mn->keys_lock);
	kfree(key);
	return ret;
}

/* Find a tag that an ioctl allocated, by what the ioctl was given. */
static struct mc_key *find_manual(struct mc_net *mn, struct mc_sock *msk,
				  unsigned int netid, u8 peer, u8 tag)
{
	struct rhlist_head *pos;
	struct mc_key *key;

	rhl_for_each_entry_rcu(key, pos, keys_of(mn, netid, peer), node)
		if (key->msk == msk && key->manual && key->tag == tag)
			return key;
	return NULL;
}

/**
 * mc_tag_owned() - may a socket use a preallocated tag?
 * @msk: socket
 * @netid: network
 * @peer: destination
 * @tag: tag
 */
bool mc_tag_owned(struct mc_sock *msk, unsigned int netid, u8 peer, u8 tag)
{
	struct mc_net *mn = mc_net_of_sock(msk);
	bool owned;

	spin_lock_bh(&mn->keys_lock);
	owned = find_manual(mn, msk, netid, peer, tag) ||
		find_manual(mn, msk, netid, MCTP_ADDR_ANY, tag);
	spin_unlock_bh(&mn->keys_lock);
	return owned;
}

/**
 * mc_tag_drop() - free a preallocated tag
 * @msk: socket
 * @netid: network
 * @peer: EID it was allocated for
 * @tag: tag
 *
 * Return: 0, or -EINVAL if the socket has no such tag
 */
int mc_tag_drop(struct mc_sock *msk, unsigned int netid, u8 peer, u8 tag)
{
	struct mc_net *mn = mc_net_of_sock(msk);
	struct mc_key *key;

	spin_lock_bh(&mn->keys_lock);
	key = find_manual(mn, msk, netid, replier(peer), tag);
	if (key)
		mc_key_end(key, MC_KEY_DROPPED);
	spin_unlock_bh(&mn->keys_lock);
	return key ? 0 : -EINVAL;
}

/**
 * mc_tags_close() - remove all keys of a socket, which gets no more
 * @msk: socket
 */
void mc_tags_close(struct mc_sock *msk)
{
	struct mc_net *mn = mc_net_of_sock(msk);
	struct hlist_node *tmp;
	struct mc_key *key;

	spin_lock_bh(&mn->keys_lock);
	msk->closed = true;
	hlist_for_each_entry_safe(key, tmp, &msk->keys, of_sock)
		mc_key_end(key, MC_KEY_CLOSED);
	spin_unlock_bh(&mn->keys_lock);
}

static void expire(struct timer_list *timer)
{
	struct mc_net *mn = container_of(timer, struct mc_net, timer);
	struct mc_key *key, *next;

	spin_lock(&mn->keys_lock);
	list_for_each_entry_safe(key, next, &mn->expiry, expiry) {
		if (time_after(key->expires, jiffies))
			break;
		if (key->manual) {
			list_del_init(&key->expiry);
			mc_partial_drop(key);
		} else {
			mc_key_end(key, MC_KEY_TIMEOUT);
		}
	}
	arm_timer(mn);
	spin_unlock(&mn->keys_lock);
}

/**
 * mc_tags_net_init() - prepare a namespace for tags
 * @mn: namespace
 *
 * Return: 0 or -ENOMEM
 */
int mc_tags_net_init(struct mc_net *mn)
{
	spin_lock_init(&mn->keys_lock);
	INIT_LIST_HEAD(&mn->expiry);
	timer_setup(&mn->timer, expire, 0);
	return rhltable_init(&mn->keys, &key_params);
}

/**
 * mc_tags_net_exit() - undo that; the namespace has no sockets any more
 * @mn: namespace
 */
void mc_tags_net_exit(struct mc_net *mn)
{
	timer_delete_sync(&mn->timer);
	rhltable_destroy(&mn->keys);
}
