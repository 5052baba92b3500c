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

static int append_linear(struct sk_buff *to, struct sk_buff *from,
			 unsigned int offset, unsigned int len)
{
	return skb_copy_bits(from, offset, skb_put(to, len), len);
}

/* Room in the last page, and where */
static unsigned int last_page_room(struct sk_buff *to, void **where)
{
	int n = skb_shinfo(to)->nr_frags;
	skb_frag_t *frag;
	unsigned int end;

	if (!n)
		return 0;
	frag = &skb_shinfo(to)->frags[n - 1];
	end = skb_frag_off(frag) + skb_frag_size(frag);
	*where = skb_frag_address(frag) + skb_frag_size(frag);
	return PAGE_SIZE - end;
}

/* Into the last page, which was charged for as a whole */
static int append_room(struct sk_buff *to, struct sk_buff *from,
		       unsigned int offset, unsigned int len, void *where)
{
	int n = skb_shinfo(to)->nr_frags;

	skb_frag_size_add(&skb_shinfo(to)->frags[n - 1], len);
	to->len += len;
	to->data_len += len;
	return skb_copy_bits(from, offset, where, len);
}

static int append_page(struct sk_buff *to, struct sk_buff *from,
		       unsigned int offset, unsigned int len)
{
	int n = skb_shinfo(to)->nr_frags;
	struct page *page;

	if (n == MAX_SKB_FRAGS)
		return -EMSGSIZE;
	page = alloc_page(GFP_ATOMIC | __GFP_NOWARN);
	if (!page)
		return -ENOMEM;
	if (skb_copy_bits(from, offset, page_address(page), len)) {
		__free_page(page);
		return -EFAULT;
	}
	skb_add_rx_frag(to, n, page, 0, len, PAGE_SIZE);
	return 0;
}

/* Copy all of @from's data behind @to's. */
static int append(struct sk_buff *to, struct sk_buff *from)
{
	unsigned int done, len, room;
	void *where;
	int err = 0;

	for (done = 0; !err && done < from->len; done += len) {
		len = from->len - done;
		room = last_page_room(to, &where);
		if (!skb_is_nonlinear(to) && skb_tailroom(to)) {
			len = min_t(unsigned int, len, skb_tailroom(to));
			err = append_linear(to, from, done, len);
		} else if (room) {
			len = min(len, room);
			err = append_room(to, from, done, len, where);
		} else {
			len = min_t(unsigned int, len, PAGE_SIZE);
			err = append_page(to, from, done, len);
		}
	}
	return err;
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
	err = append(own, skb);
	if (err) {
		kfree_skb(own);
		return err;
	}
	as->skb = own;
	as->seq = packet_seq(skb);
	return 0;
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
	return append(as->skb, skb);
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
