// SPDX-License-Identifier: GPL-2.0
/*
 * Packets from links: what they have to look like, and where they go.
 *
 * Locks: the packet handler runs under RCU, with BH off.
 */
#include <linux/if_arp.h>
#include <linux/if_ether.h>
#include <linux/netdevice.h>
#include <linux/skbuff.h>

#include "core/core.h"

#define CB_MAGIC	0x4d435450

static bool header_ok(const struct mctp_hdr *hdr)
{
	u8 ver = hdr->ver & MCTP_HDR_VER_MASK;

	if (ver < MCTP_VER_MIN || ver > MCTP_VER_MAX)
		return false;
	if (hdr->src != MCTP_ADDR_NULL && !mc_eid_unicast(hdr->src))
		return false;
	return hdr->dest == MCTP_ADDR_NULL || hdr->dest == MCTP_ADDR_ANY ||
	       mc_eid_unicast(hdr->dest);
}

/* The control block is what ADDR_EXT sockets are told about the sender. */
static void prepare_cb(struct sk_buff *skb, struct mc_link *link)
{
	struct mctp_skb_cb *cb = (struct mctp_skb_cb *)skb->cb;
	/* Drivers of MCTP links fill in the link address of the sender; GRO and
	 * ingress classifiers may have used the space since.
	 */
	bool filled = link->dev->type == ARPHRD_MCTP && cb->magic == CB_MAGIC &&
		      cb->halen <= sizeof(cb->haddr);

	cb = __mctp_cb(skb);
	if (!filled)
		cb->halen = 0;
	cb->net = READ_ONCE(link->netid);
	cb->ifindex = link->dev->ifindex;
}

/* Out of the way of what is for us: a path is large. */
static noinline int route(struct mc_net *mn, struct mc_link *link,
			  struct sk_buff *skb)
{
	struct mc_path path;

	if (mc_path_to_eid(mn, mctp_cb(skb)->net, mctp_hdr(skb)->dest, &path))
		return mc_drop(skb, MC_DROP_NO_ROUTE);
	if (path.local)
		return mc_deliver_bh(mn, link, skb);
	return mc_forward(&path, skb);
}

static bool is_for_us(struct mc_net *mn, struct sk_buff *skb)
{
	u8 dest = mctp_hdr(skb)->dest;

	/* An endpoint without an EID is spoken to by its link address. */
	if (dest == MCTP_ADDR_NULL && skb->pkt_type == PACKET_HOST)
		return true;
	return mc_path_is_local(mn, mctp_cb(skb)->net, dest);
}

static int receive(struct sk_buff *skb, struct net_device *dev,
		   struct packet_type *type, struct net_device *orig_dev)
{
	struct mc_link *link = mc_link_rcu(dev);
	struct mc_net *mn;
	int err;

	/* Packet sockets may have the same skb. */
	skb = skb_share_check(skb, GFP_ATOMIC);
	if (!skb)
		return NET_RX_DROP;
	if (!link) {
		mc_drop(skb, MC_DROP_NO_LINK);
		return NET_RX_DROP;
	}
	if (!pskb_may_pull(skb, MC_HDR_LEN))
		goto bad_header;
	skb_reset_network_header(skb);
	skb_reset_transport_header(skb);
	if (!header_ok(mctp_hdr(skb)))
		goto bad_header;

	prepare_cb(skb, link);
	mn = mc_net(dev_net(dev));
	if (likely(is_for_us(mn, skb)))
		err = mc_deliver_bh(mn, link, skb);
	else
		err = route(mn, link, skb);
	return err ? NET_RX_DROP : NET_RX_SUCCESS;

bad_header:
	mc_drop(skb, MC_DROP_HEADER);
	return NET_RX_DROP;
}

static struct packet_type packet_type = {
	.type = cpu_to_be16(ETH_P_MCTP),
	.func = receive,
};

/**
 * mc_input_init() - start to receive packets
 */
void mc_input_init(void)
{
	dev_add_pack(&packet_type);
}

/**
 * mc_input_exit() - stop to receive packets, and wait for those that are in here
 */
void mc_input_exit(void)
{
	dev_remove_pack(&packet_type);
}
