// SPDX-License-Identifier: GPL-2.0
/*
 * Putting a message together from packets, as DSP0236 has it.
 *
 * The packets' payload is copied into an skb of our own, first into its linear
 * part, then into pages. So the memory of an unfinished message is that of its
 * bytes, at most MC_MESSAGE_MAX and what the last page leaves free, however
 * small the packets are and whatever their skbs weigh.
 *
 * Locks: none here; the caller has the message to himself.
 */
#include <linux/mm.h>
#include <linux/skbuff.h>

#include "core/core.h"

/* Linear part: messages of a few baseline packets need no page. */
#define LINEAR_SIZE	256

static u8 packet_seq(struct sk_buff *skb)
{
	return mctp_hdr(skb)->flags_seq_tag >> MCTP_HDR_SEQ_SHIFT &
	       MCTP_HDR_SEQ_MASK;
}

static int add_page(struct mc_asm *as)
{
	int n = skb_shinfo(as->skb)->nr_frags;
	struct page *page;

	if (n == MAX_SKB_FRAGS)
		return -EMSGSIZE;
	page = alloc_page(GFP_ATOMIC | __GFP_NOWARN);
	if (!page)
		return -ENOMEM;
	/* Charged for as a whole, filled bit by bit */
	skb_add_rx_frag(as->skb, n, page, 0, 0, PAGE_SIZE);
	as->tail = page_address(page);
	as->room = PAGE_SIZE;
	return 0;
}

/* Take what was copied to the tail into the message. */
static void advance(struct mc_asm *as, unsigned int len)
{
	struct sk_buff *skb = as->skb;
	int n = skb_shinfo(skb)->nr_frags;

	as->tail += len;
	as->room -= len;
	if (!n) {
		__skb_put(skb, len);
		return;
	}
	skb_frag_size_add(&skb_shinfo(skb)->frags[n - 1], len);
	skb->len += len;
	skb->data_len += len;
}

/* Copy all of @from's data behind the message's. */
static int append(struct mc_asm *as, struct sk_buff *from)
{
	unsigned int done, len;
	int err;

	for (done = 0; done < from->len; done += len) {
		if (unlikely(!as->room)) {
			err = add_page(as);
			if (err)
				return err;
		}
		len = min(from->len - done, as->room);
		if (likely(done + len <= skb_headlen(from)))
			memcpy(as->tail, from->data + done, len);
		else if (skb_copy_bits(from, done, as->tail, len))
			return -EFAULT;
		advance(as, len);
	}
	return 0;
}

/* An skb for a whole message, which is to look as if it came as one. */
static struct sk_buff *like_first(struct sk_buff *first)
{
	struct sk_buff *skb = alloc_skb(LINEAR_SIZE, GFP_ATOMIC | __GFP_NOWARN);

	if (!skb)
		return NULL;
	memcpy(skb->cb, first->cb, sizeof(skb->cb));
	skb->tstamp = first->tstamp;
	skb->mark = first->mark;
	skb->protocol = first->protocol;
	skb->pkt_type = first->pkt_type;
	*skb_hwtstamps(skb) = *skb_hwtstamps(first);

	skb_reset_mac_header(skb);
	skb_reset_network_header(skb);
	skb_put_data(skb, mctp_hdr(first), MC_HDR_LEN);
	skb_pull(skb, MC_HDR_LEN);
	skb_reset_transport_header(skb);
	return skb;
}

/**
 * mc_asm_start() - start a message
 * @as: state, with no message in it
 * @skb: first packet, its data without the header; stays the caller's
 *
 * Return: 0, -EMSGSIZE, -ENOMEM
 */
int mc_asm_start(struct mc_asm *as, struct sk_buff *skb)
{
	struct sk_buff *own;
	int err;

	if (skb->len > MC_MESSAGE_MAX)
		return -EMSGSIZE;
	own = like_first(skb);
	if (!own)
		return -ENOMEM;
	as->skb = own;
	as->seq = packet_seq(skb);
	as->tail = skb_tail_pointer(own);
	as->room = skb_tailroom(own);
	err = append(as, skb);
	if (err)
		kfree_skb(mc_asm_take(as));
	return err;
}

/**
 * mc_asm_add() - add the next packet
 * @as: state, with a message in it
 * @skb: packet, its data without the header; stays the caller's
 *
 * After an error there is nothing to be made of the message any more.
 *
 * Return: 0, -EINVAL out of sequence, -EMSGSIZE too long, -ENOMEM
 */
int mc_asm_add(struct mc_asm *as, struct sk_buff *skb)
{
	u8 seq = packet_seq(skb);

	if (seq != ((as->seq + 1) & MCTP_HDR_SEQ_MASK))
		return -EINVAL;
	if (as->skb->len + skb->len > MC_MESSAGE_MAX)
		return -EMSGSIZE;
	as->seq = seq;
	return append(as, skb);
}

/**
 * mc_asm_take() - take the message out
 * @as: state
 *
 * Return: what there is of it, or NULL
 */
struct sk_buff *mc_asm_take(struct mc_asm *as)
{
	struct sk_buff *skb = as->skb;

	as->skb = NULL;
	return skb;
}
