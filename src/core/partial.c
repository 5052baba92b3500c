// SPDX-License-Identifier: GPL-2.0
/*
 * Unfinished messages: what they may cost, and who goes first.
 *
 * Bounds, in memory really allocated (truesize):
 *  - a message: MC_MESSAGE_MAX, rounded up to pages;
 *  - a link: MC_LINK_PARTIALS messages, MC_LINK_PARTIAL_BYTES. A link over its
 *    bound loses its own oldest message, so a device that starts messages and
 *    never ends them hurts none but itself;
 *  - a socket: its receive buffer, plus one message so that the longest can
 *    always be received. The victim is the oldest message of the link that
 *    wants more, if it has another one, else the oldest of all. To find it no
 *    more are passed by than the buffer has room for, a KiB or so for each.
 * A message also goes after MC_KEY_LIFETIME, and when its link goes. Packets
 * that belong to no message leave nothing behind.
 *
 * Locks: everything here is under keys_lock.
 */
#include <linux/skbuff.h>

#include "core/core.h"

static void charge(struct mc_key *key)
{
	size_t more = key->as.skb->truesize - key->bytes;

	key->bytes += more;
	key->link->partial_bytes += more;
	key->msk->partial_bytes += more;
}

/* Forget the message's bookkeeping. */
static void uncharge(struct mc_key *key)
{
	key->link->partial_bytes -= key->bytes;
	key->link->partial_count--;
	key->msk->partial_bytes -= key->bytes;
	if (key->link->latest == key)
		key->link->latest = NULL;
	key->bytes = 0;
	key->link = NULL;
	list_del(&key->of_link);
	list_del(&key->partial);
}

/**
 * mc_partial_take() - take the message, finished or not, from a key
 * @key: key
 *
 * Return: the message or NULL
 */
struct sk_buff *mc_partial_take(struct mc_key *key)
{
	if (key->as.skb)
		uncharge(key);
	return mc_asm_take(&key->as);
}

/**
 * mc_partial_drop() - drop a key's unfinished message, if it has one
 * @key: key
 */
void mc_partial_drop(struct mc_key *key)
{
	kfree_skb(mc_partial_take(key));
}

/**
 * mc_partial_abort() - drop an unfinished message, and its key unless it is ours
 * @key: key; may be gone afterwards
 * @why: for the tracepoint
 *
 * A request of ours may still get its reply.
 */
void mc_partial_abort(struct mc_key *key, enum mc_key_end why)
{
	if (key->tag & MCTP_HDR_FLAG_TO)
		mc_key_end(key, why);
	else
		mc_partial_drop(key);
}

static struct mc_key *link_victim(struct mc_link *link, struct mc_key *but)
{
	struct mc_key *key;

	if (link->partial_count <= MC_LINK_PARTIALS &&
	    link->partial_bytes <= MC_LINK_PARTIAL_BYTES)
		return NULL;
	list_for_each_entry(key, &link->partials, of_link)
		if (key != but)
			return key;
	return NULL;
}

static struct mc_key *sock_victim(struct mc_sock *msk, struct mc_key *but)
{
	struct mc_key *key, *oldest = NULL;

	if (msk->partial_bytes <= READ_ONCE(msk->sk.sk_rcvbuf))
		return NULL;
	list_for_each_entry(key, &msk->partials, partial) {
		if (key == but)
			continue;
		if (key->link == but->link)
			return key;
		if (!oldest)
			oldest = key;
	}
	return oldest;
}

/* Keep the bounds at the expense of others than @key. */
static void make_room(struct mc_key *key)
{
	struct mc_key *victim;

	while ((victim = link_victim(key->link, key)) ||
	       (victim = sock_victim(key->msk, key)))
		mc_partial_abort(victim, MC_KEY_INVALIDATED);
}

/**
 * mc_partial_start() - start a message
 * @key: key, which has none
 * @link: link the packet came from
 * @skb: first packet without its header; stays the caller's
 *
 * Return: 0, -ENODEV if the link goes, -EMSGSIZE, -ENOMEM
 */
int mc_partial_start(struct mc_key *key, struct mc_link *link,
		     struct sk_buff *skb)
{
	int err;

	if (link->dead)
		return -ENODEV;
	err = mc_asm_start(&key->as, skb);
	if (err)
		return err;

	key->link = link;
	link->latest = key;
	link->partial_count++;
	list_add_tail(&key->of_link, &link->partials);
	list_add_tail(&key->partial, &key->msk->partials);
	charge(key);
	make_room(key);
	return 0;
}

/**
 * mc_partial_add() - add the next packet to a key's message
 * @key: key, which has one
 * @skb: packet without its header; stays the caller's
 *
 * Return: as mc_asm_add()
 */
int mc_partial_add(struct mc_key *key, struct sk_buff *skb)
{
	int err = mc_asm_add(&key->as, skb);

	key->link->latest = key;
	charge(key);
	if (!err)
		make_room(key);
	return err;
}

/**
 * mc_partials_del_link() - drop all unfinished messages from a link, for good
 * @link: link
 */
void mc_partials_del_link(struct mc_link *link)
{
	struct mc_net *mn = mc_net_of_link(link);
	struct mc_key *key, *next;

	spin_lock_bh(&mn->keys_lock);
	WRITE_ONCE(link->dead, true);
	list_for_each_entry_safe(key, next, &link->partials, of_link)
		mc_partial_abort(key, MC_KEY_INVALIDATED);
	spin_unlock_bh(&mn->keys_lock);
}
