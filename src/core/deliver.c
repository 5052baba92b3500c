// SPDX-License-Identifier: GPL-2.0
/*
 * Packets that are for us: to which socket, and as part of which message.
 *
 * DSP0236's rules for messages of several packets: a packet out of sequence ends
 * the message it belongs to, a new first packet replaces it. A request of ours
 * survives that and may still be replied to.
 *
 * Locks: keys_lock around what is done with keys, BH off and RCU around all of it;
 * that keeps the socket until the message is in its queue.
 */
#include <linux/skbuff.h>

#include "core/core.h"
#include "core/trace.h"

/* errno of mainline's core for each enum mc_drop; a sender to himself sees it */
static int drop_error(enum mc_drop why)
{
	switch (why) {
	case MC_DROP_NO_LINK:
	case MC_DROP_NO_SOCKET:
	case MC_DROP_NO_KEY:
		return -ENOENT;
	case MC_DROP_NO_ROUTE:
	case MC_DROP_LINK_HEADER:
		return -EHOSTUNREACH;
	case MC_DROP_MTU:
		return -EMSGSIZE;
	case MC_DROP_NO_MEMORY:
	case MC_DROP_RCVBUF:
		return -ENOMEM;
	default:
		return -EINVAL;
	}
}

/**
 * mc_drop() - drop a packet
 * @skb: packet
 * @why: reason
 *
 * Return: the errno for that
 */
int mc_drop(struct sk_buff *skb, enum mc_drop why)
{
	trace_mctp_drop(skb, why);
	kfree_skb(skb);
	return drop_error(why);
}

static enum mc_drop why_aborted(int err)
{
	switch (err) {
	case -EMSGSIZE:
		return MC_DROP_TOO_LONG;
	case -ENOMEM:
		return MC_DROP_NO_MEMORY;
	case -ENODEV:
		return MC_DROP_NO_LINK;
	default:
		return MC_DROP_SEQUENCE;
	}
}

static int queue(struct mc_sock *msk, struct sk_buff *skb)
{
	int err = sock_queue_rcv_skb(&msk->sk, skb);

	if (err)
		mc_drop(skb, MC_DROP_RCVBUF);
	return err;
}

/* Socket for a message that nobody asked for: the tag is not ours. */
static struct mc_sock *bound_socket(struct mc_net *mn, struct sk_buff *skb,
				    const struct mctp_hdr *hdr)
{
	u8 type = skb->data[0] & 0x7f;	/* without the integrity check bit */

	return mc_bind_find(mn, mctp_cb(skb)->net, type, hdr->dest, hdr->src);
}

static struct mc_key *find_key(struct mc_net *mn, struct sk_buff *skb,
			       const struct mctp_hdr *hdr)
{
	return mc_key_find(mn, mctp_cb(skb)->net, hdr->dest, hdr->src,
			   hdr->flags_seq_tag & MC_TAG_BITS);
}

/* A link's packets are those of one message, as a rule: look there first. */
static struct mc_key *find_unfinished(struct mc_net *mn, struct mc_link *link,
				      struct sk_buff *skb,
				      const struct mctp_hdr *hdr)
{
	struct mc_key *key = link->latest;

	if (key && mc_key_is(key, mctp_cb(skb)->net, hdr->dest, hdr->src,
			     hdr->flags_seq_tag & MC_TAG_BITS))
		return key;
	return find_key(mn, skb, hdr);
}

/*
 * Find the key for a message that starts. One of a peer's is never for that: the
 * message that it has is at its end, and this one may be for another socket.
 */
static struct mc_key *find_asked(struct mc_net *mn, struct sk_buff *skb,
				 const struct mctp_hdr *hdr)
{
	struct mc_key *key = find_key(mn, skb, hdr);

	if (key && key->tag & MCTP_HDR_FLAG_TO) {
		mc_key_end(key, MC_KEY_INVALIDATED);
		return NULL;
	}
	return key;
}

/*
 * A tag for any peer is used for one message at a time, of which this may not be:
 * of all that the packets of a message have in common the key knows the rest.
 */
static bool same_ends(const struct mc_key *key, const struct mctp_hdr *hdr)
{
	const struct mctp_hdr *first = mctp_hdr(key->as.skb);

	return first->src == hdr->src && first->dest == hdr->dest;
}

/* A message in one packet */
static int whole(struct mc_net *mn, struct sk_buff *skb,
		 const struct mctp_hdr *hdr)
{
	struct mc_sock *msk = NULL;
	struct mc_key *key;

	spin_lock(&mn->keys_lock);
	key = find_asked(mn, skb, hdr);
	if (key) {
		msk = key->msk;
		mc_key_replied(key);
	}
	spin_unlock(&mn->keys_lock);

	if (!msk && hdr->flags_seq_tag & MCTP_HDR_FLAG_TO)
		msk = bound_socket(mn, skb, hdr);
	if (!msk)
		return mc_drop(skb, MC_DROP_NO_SOCKET);
	return queue(msk, skb);
}

/* BH is off, so that the next packet can have its memory at once. */
static void consume(struct sk_buff *skb)
{
	napi_consume_skb(skb, 1);
}

/* Find or make the key for the first of several packets. */
static struct mc_key *key_of_first(struct mc_net *mn, struct sk_buff *skb,
				   const struct mctp_hdr *hdr,
				   enum mc_drop *why)
{
	struct mc_key *key = find_asked(mn, skb, hdr);
	struct mc_sock *msk;

	if (key) {
		mc_partial_drop(key);
		return key;
	}
	*why = MC_DROP_NO_SOCKET;
	if (!(hdr->flags_seq_tag & MCTP_HDR_FLAG_TO))
		return NULL;
	msk = bound_socket(mn, skb, hdr);
	if (!msk)
		return NULL;
	*why = MC_DROP_NO_MEMORY;
	return mc_key_of_message(mn, msk, mctp_cb(skb)->net, hdr);
}

/* The first of several packets */
static int first(struct mc_net *mn, struct mc_link *link, struct sk_buff *skb,
		 const struct mctp_hdr *hdr)
{
	struct mc_key *key;
	enum mc_drop why;
	int err;

	spin_lock(&mn->keys_lock);
	key = key_of_first(mn, skb, hdr, &why);
	if (!key)
		goto drop;
	err = mc_partial_start(key, link, skb);
	if (err) {
		mc_partial_abort(key, MC_KEY_INVALIDATED);
		why = why_aborted(err);
		goto drop;
	}
	/* A request of ours is not given more time than it had. */
	if (key->manual)
		mc_key_expire_later(key);
	spin_unlock(&mn->keys_lock);
	consume(skb);
	return 0;

drop:
	spin_unlock(&mn->keys_lock);
	return mc_drop(skb, why);
}

/* One more of several packets, or the last */
static int next(struct mc_net *mn, struct mc_link *link, struct sk_buff *skb,
		const struct mctp_hdr *hdr)
{
	struct sk_buff *message = NULL;
	struct mc_sock *msk = NULL;
	struct mc_key *key;
	enum mc_drop why;
	int err;

	spin_lock(&mn->keys_lock);
	key = find_unfinished(mn, link, skb, hdr);
	if (!key || !key->as.skb) {
		why = key ? MC_DROP_NOT_STARTED : MC_DROP_NO_KEY;
		goto drop;
	}
	if (!same_ends(key, hdr)) {
		why = MC_DROP_NO_KEY;
		goto drop;
	}
	err = mc_partial_add(key, skb);
	if (err) {
		mc_partial_abort(key, MC_KEY_INVALIDATED);
		why = why_aborted(err);
		goto drop;
	}
	if (hdr->flags_seq_tag & MCTP_HDR_FLAG_EOM) {
		msk = key->msk;
		message = mc_partial_take(key);
		message->dev = skb->dev;
		mc_key_replied(key);
	}
	spin_unlock(&mn->keys_lock);
	consume(skb);
	return message ? queue(msk, message) : 0;

drop:
	spin_unlock(&mn->keys_lock);
	return mc_drop(skb, why);
}

/**
 * mc_deliver_bh() - give a packet for one of our EIDs to its socket
 * @mn: namespace
 * @link: link it came from, or whose EID a local sender used
 * @skb: packet, its data at the MCTP header; is consumed
 *
 * Context: BH off, RCU
 * Return: 0 or an error
 */
int mc_deliver_bh(struct mc_net *mn, struct mc_link *link, struct sk_buff *skb)
{
	struct mctp_hdr hdr;

	skb_orphan(skb);
	if (skb->pkt_type == PACKET_OUTGOING)
		skb->pkt_type = PACKET_LOOPBACK;
	/* There is no message without a type. */
	if (!pskb_may_pull(skb, MC_HDR_LEN + 1))
		return mc_drop(skb, MC_DROP_HEADER);
	hdr = *mctp_hdr(skb);
	__skb_pull(skb, MC_HDR_LEN);

	if (!(hdr.flags_seq_tag & MCTP_HDR_FLAG_SOM))
		return next(mn, link, skb, &hdr);
	if (!(hdr.flags_seq_tag & MCTP_HDR_FLAG_EOM))
		return first(mn, link, skb, &hdr);
	return whole(mn, skb, &hdr);
}

/**
 * mc_deliver() - as mc_deliver_bh(), for a local sender
 * @mn: namespace
 * @link: link whose EID he used
 * @skb: packet, its data at the MCTP header; is consumed
 *
 * Context: process
 * Return: 0 or an error, which he gets
 */
int mc_deliver(struct mc_net *mn, struct mc_link *link, struct sk_buff *skb)
{
	int ret;

	local_bh_disable();
	rcu_read_lock();
	ret = mc_deliver_bh(mn, link, skb);
	rcu_read_unlock();
	local_bh_enable();
	return ret;
}
