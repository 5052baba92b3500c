// SPDX-License-Identifier: GPL-2.0
/*
 * Splitting a message into packets.
 *
 * Locks: none; the message and the path are the caller's.
 */
#include <linux/if_ether.h>
#include <linux/netdevice.h>
#include <linux/skbuff.h>

#include "core/core.h"

static int emit(const struct mc_path *path, struct sk_buff *skb)
{
	skb->protocol = htons(ETH_P_MCTP);
	skb->pkt_type = PACKET_OUTGOING;
	skb->dev = path->link->dev;
	if (path->local)
		return mc_deliver(path->mn, path->link, skb);
	return mc_send_packet(path, skb);
}

static void put_header(struct sk_buff *skb, const struct mctp_hdr *hdr,
		       u8 flags_and_seq)
{
	struct mctp_hdr *to;

	skb_reset_transport_header(skb);
	to = skb_push(skb, MC_HDR_LEN);
	skb_reset_network_header(skb);
	*to = *hdr;
	to->flags_seq_tag |= flags_and_seq;
}

/* One packet, with the @len bytes of the message that start at @pos */
static struct sk_buff *cut(struct sk_buff *skb, unsigned int pos,
			   unsigned int len)
{
	unsigned int headroom = skb_headroom(skb);
	struct sk_buff *part;

	part = alloc_skb(headroom + len, GFP_KERNEL);
	if (!part)
		return NULL;
	skb_reserve(part, headroom);
	/* The sender's buffer was checked for the whole message. */
	if (skb->sk)
		skb_set_owner_w(part, skb->sk);
	part->priority = skb->priority;
	memcpy(part->cb, skb->cb, sizeof(part->cb));
	if (skb_copy_bits(skb, pos, skb_put(part, len), len)) {
		kfree_skb(part);
		return NULL;
	}
	return part;
}

/**
 * mc_split() - send a message in packets that fit the path's MTU
 * @path: where to
 * @skb: message without a header, but with headroom for one and for the link's;
 *	is consumed
 * @hdr: header of its packets, with the tag but neither flags nor numbers
 *
 * Context: process
 * Return: 0 or the error of the first packet that could not be sent, which is
 * the last that was tried
 */
int mc_split(const struct mc_path *path, struct sk_buff *skb,
	     const struct mctp_hdr *hdr)
{
	unsigned int pos, len, room;
	struct sk_buff *part;
	u8 flags, seq = 0;
	int err = 0;

	if (path->mtu <= MC_HDR_LEN)
		return mc_drop(skb, MC_DROP_MTU);
	room = path->mtu - MC_HDR_LEN;
	if (skb->len <= room) {
		put_header(skb, hdr, MCTP_HDR_FLAG_SOM | MCTP_HDR_FLAG_EOM);
		return emit(path, skb);
	}

	for (pos = 0; !err && pos < skb->len; pos += len) {
		len = min(room, skb->len - pos);
		part = cut(skb, pos, len);
		if (!part) {
			err = -ENOMEM;
			break;
		}
		flags = seq++ % 4 << MCTP_HDR_SEQ_SHIFT;
		if (!pos)
			flags |= MCTP_HDR_FLAG_SOM;
		if (pos + len == skb->len)
			flags |= MCTP_HDR_FLAG_EOM;
		put_header(part, hdr, flags);
		err = emit(path, part);
	}
	consume_skb(skb);
	return err;
}
