// SPDX-License-Identifier: GPL-2.0
/*
 * Bound sockets: who gets messages that nobody asked for.
 *
 * A hash table by message type, local EID and peer EID, either of which may be
 * MCTP_ADDR_ANY. A lookup tries the combinations from the narrowest to the widest.
 *
 * Locks: bind_lock for writers, RCU for lookups. Sockets are freed after an RCU
 * grace period (SOCK_RCU_FREE), so a lookup needs no reference.
 */
#include <linux/hash.h>
#include <linux/rculist.h>

#include "core/core.h"

static u32 bind_hash(u8 type, u8 local, u8 peer)
{
	return hash_32(type << 16 | local << 8 | peer, MC_BIND_BITS);
}

static struct hlist_head *chain(struct mc_net *mn, u8 type, u8 local, u8 peer)
{
	return &mn->binds[bind_hash(type, local, peer)];
}

static bool conflict(const struct mc_sock *a, const struct mc_sock *b)
{
	return a->type == b->type && a->local == b->local &&
	       a->peer == b->peer && a->netid == b->netid &&
	       a->connected == b->connected;
}

/**
 * mc_bind_insert() - enter a socket whose addresses are set
 * @msk: socket
 *
 * Return: 0, -EADDRINUSE if another one has the same addresses
 */
int mc_bind_insert(struct mc_sock *msk)
{
	struct mc_net *mn = mc_net_of_sock(msk);
	struct hlist_head *head = chain(mn, msk->type, msk->local, msk->peer);
	struct sock *other;
	int err = 0;

	mutex_lock(&mn->bind_lock);
	sk_for_each(other, head) {
		if (conflict(msk, mc_sock_of(other))) {
			err = -EADDRINUSE;
			break;
		}
	}
	if (!err)
		sk_add_node_rcu(&msk->sk, head);
	mutex_unlock(&mn->bind_lock);
	return err;
}

/**
 * mc_bind_remove() - take a socket out, if it is in
 * @msk: socket
 */
void mc_bind_remove(struct mc_sock *msk)
{
	struct mc_net *mn = mc_net_of_sock(msk);

	mutex_lock(&mn->bind_lock);
	sk_del_node_init_rcu(&msk->sk);
	mutex_unlock(&mn->bind_lock);
}

static struct mc_sock *find_exact(struct mc_net *mn, unsigned int netid,
				  u8 type, u8 local, u8 peer)
{
	struct mc_sock *msk;
	struct sock *sk;

	sk_for_each_rcu(sk, chain(mn, type, local, peer)) {
		msk = mc_sock_of(sk);
		if (msk->type == type && msk->local == local &&
		    msk->peer == peer && msk->netid == netid)
			return msk;
	}
	return NULL;
}

/**
 * mc_bind_find() - find the socket for a message
 * @mn: namespace
 * @netid: network it came from
 * @type: message type
 * @local: its destination
 * @peer: its source
 *
 * Context: RCU
 * Return: the socket or NULL
 */
struct mc_sock *mc_bind_find(struct mc_net *mn, unsigned int netid, u8 type,
			     u8 local, u8 peer)
{
	const u8 any = MCTP_ADDR_ANY;
	struct mc_sock *msk;

	msk = find_exact(mn, netid, type, local, peer);
	if (!msk)
		msk = find_exact(mn, netid, type, any, peer);
	if (!msk)
		msk = find_exact(mn, netid, type, local, any);
	if (!msk)
		msk = find_exact(mn, netid, type, any, any);
	/* An EID means something in a network only. */
	if (!msk)
		msk = find_exact(mn, MCTP_NET_ANY, type, any, any);
	return msk;
}
