// SPDX-License-Identifier: GPL-2.0
/*
 * Packets on their way out: our own messages, and what we forward.
 *
 * Locks: RCU from the look at the link and the neighbour to the device's queue.
 */
#include <linux/if_ether.h>
#include <linux/netdevice.h>
#include <linux/skbuff.h>

#include "core/core.h"

/* Link address of the next hop, or NULL: then the device has to know. */
static const u8 *nexthop_haddr(const struct mc_path *path, u8 *buf)
{
	if (path->halen)
		return path->haddr;
	return mc_neigh_find(path->mn, path->link, path->nexthop, buf) ? buf :
									 NULL;
}

static int add_link_header(const struct mc_path *path, struct sk_buff *skb)
{
	struct net_device *dev = path->link->dev;
	u8 buf[MAX_ADDR_LEN];

	/* A link without addresses, such as USB, has none. */
	if (!dev->header_ops)
		return 0;
	return dev_hard_header(skb, dev, ETH_P_MCTP, nexthop_haddr(path, buf),
			       dev->dev_addr, skb->len);
}

static int send_rcu(const struct mc_path *path, struct sk_buff *skb)
{
	int ret;

	/* While the sender slept, the device may have got out of our hands, even
	 * into another namespace. That takes a grace period after this is set.
	 */
	if (READ_ONCE(path->link->dead))
		return mc_drop(skb, MC_DROP_NO_ROUTE);
	ret = add_link_header(path, skb);
	if (ret < 0)
		return mc_drop(skb, MC_DROP_LINK_HEADER);

	ret = dev_queue_xmit(skb);
	return ret ? net_xmit_errno(ret) : 0;
}

/**
 * mc_send_packet() - hand a packet to the link
 * @path: where to
 * @skb: packet for that link, with its MCTP header and headroom for the link's; is
 *	consumed
 *
 * Return: 0 or an error
 */
int mc_send_packet(const struct mc_path *path, struct sk_buff *skb)
{
	int ret;

	if (skb->len > path->mtu)
		return mc_drop(skb, MC_DROP_MTU);

	rcu_read_lock();
	ret = send_rcu(path, skb);
	rcu_read_unlock();
	return ret;
}

/**
 * mc_forward() - pass a packet on to another link
 * @path: where to
 * @skb: received packet, its data at the MCTP header; is consumed
 *
 * Return: 0 or an error
 */
int mc_forward(const struct mc_path *path, struct sk_buff *skb)
{
	/* It was received with what headroom the other link needs. */
	if (skb_cow_head(skb, LL_RESERVED_SPACE(path->link->dev)))
		return mc_drop(skb, MC_DROP_NO_MEMORY);
	skb->pkt_type = PACKET_OUTGOING;
	skb->dev = path->link->dev;
	skb->priority = 0;
	/* To a queueing discipline it would be the time to send it. */
	skb->tstamp = 0;
	return mc_send_packet(path, skb);
}

/**
 * mc_send_message() - send a socket's message
 * @msk: the socket
 * @path: where to
 * @skb: the message, type byte first, with headroom; is consumed
 * @daddr: destination
 * @tag: as in struct sockaddr_mctp, and valid
 *
 * Context: process
 * Return: 0 or an error
 */
int mc_send_message(struct mc_sock *msk, const struct mc_path *path,
		    struct sk_buff *skb, u8 daddr, u8 tag)
{
	unsigned int netid = READ_ONCE(path->link->netid);
	struct mctp_hdr hdr = {
		.ver = 1,
		.dest = daddr,
		.src = path->saddr,
		.flags_seq_tag = tag & MC_TAG_BITS,
	};
	int ret;

	if (tag & MCTP_TAG_PREALLOC) {
		if (!mc_tag_owned(msk, netid, daddr, tag & MCTP_TAG_MASK)) {
			kfree_skb(skb);
			return -ENOENT;
		}
	} else if (tag & MCTP_TAG_OWNER) {
		ret = mc_tag_alloc(msk, netid, path->saddr, daddr, false);
		if (ret < 0) {
			kfree_skb(skb);
			return ret;
		}
		hdr.flags_seq_tag = MCTP_HDR_FLAG_TO | ret;
	}
	skb->priority = 0;
	return mc_split(path, skb, &hdr);
}
