// SPDX-License-Identifier: GPL-2.0
/*
 * The receive engine.
 *
 * Slots of the ring are queued with the USB core, as many as the link says, so
 * that the bus does not wait for software. The poll drains slots in ring order,
 * which is bus order, and submits as many again at once; it is the only place
 * that touches engine state, so there is no lock.
 *
 * Packets are copied into skbs of their own size: a packet that pinned its
 * transfer's buffer would be charged to the receiving socket at many times its
 * length. If there is no memory for one it is dropped and counted; the ring
 * itself needs none.
 */
#include <linux/if_ether.h>
#include <linux/netdevice.h>
#include <linux/skbuff.h>
#include <net/mctp.h>

#include "usb/rx.h"

/* Longer packets get pages, so that no allocation is more than one page. */
#define LINEAR_MAX	(SKB_WITH_OVERHEAD(PAGE_SIZE) - NET_SKB_PAD - NET_IP_ALIGN)
/* What of those is linear: room for the headers that the core looks at. */
#define LINEAR_HEAD	64

/* Submit whatever is free. Return: 0, or why one could not be submitted. */
static int fill_ring(struct mctp_usb_rx *rx)
{
	while (rx->tail - rx->head < rx->depth &&
	       mctp_usb_pipe_open(&rx->pipe)) {
		int err;

		err = mctp_usb_slot_submit(mctp_usb_ring_slot(&rx->ring, rx->tail));
		if (err) {
			mctp_usb_pipe_fail(&rx->pipe, err);
			return err;
		}
		rx->tail++;
	}
	return 0;
}

static noinline struct sk_buff *alloc_long(struct mctp_usb_rx *rx, unsigned int len)
{
	struct sk_buff *skb;
	int err;

	skb = alloc_skb_with_frags(NET_SKB_PAD + LINEAR_HEAD, len - LINEAR_HEAD,
				   0, &err, GFP_ATOMIC | __GFP_NOWARN);
	if (!skb)
		return NULL;
	skb_reserve(skb, NET_SKB_PAD);
	skb_put(skb, LINEAR_HEAD);
	skb->data_len = len - LINEAR_HEAD;
	skb->len = len;
	skb->dev = rx->netdev;
	return skb;
}

/* Inline, as are others here: that is what receiving a packet costs. */
static __always_inline struct sk_buff *alloc_packet(struct mctp_usb_rx *rx,
						    unsigned int len)
{
	struct sk_buff *skb;

	if (unlikely(len > LINEAR_MAX))
		return alloc_long(rx, len);
	skb = napi_alloc_skb(rx->napi, len);
	if (likely(skb))
		__skb_put(skb, len);
	return skb;
}

static __always_inline void deliver(struct mctp_usb_rx *rx, struct sk_buff *skb,
				    const u8 *packet)
{
	if (unlikely(rx->resync)) {
		rx->resync = false;
		mctp_usb_rx_count(rx->stats, MCTP_USB_RX_RESYNC);
	}
	if (mctp_packet_is_last(packet))
		rx->messages++;

	skb->protocol = htons(ETH_P_MCTP);
	/* The stack sets the network header. */
	skb_reset_mac_header(skb);
	mctp_usb_cb_init(skb);
	netif_receive_skb(skb);
}

/* Return: bytes of the packet that was delivered, or 0. */
static unsigned int take_part(struct mctp_usb_rx *rx,
			      const struct mctp_frame_part *part)
{
	struct sk_buff *skb = rx->skb;

	if (!part->offset) {
		skb = alloc_packet(rx, part->total);
		if (!skb)
			mctp_usb_rx_count(rx->stats, MCTP_USB_RX_NO_MEMORY);
		rx->skb = skb;
	}
	if (!skb)
		return 0;

	skb_store_bits(skb, part->offset, part->data, part->len);
	if (part->offset + part->len < part->total)
		return 0;

	rx->skb = NULL;
	deliver(rx, skb, skb->data);
	return part->total;
}

/* A packet that is all there. Return: as take_part(). */
static unsigned int take_whole(struct mctp_usb_rx *rx, const u8 *packet,
			       unsigned int len)
{
	struct sk_buff *skb = alloc_packet(rx, len);

	if (unlikely(!skb)) {
		mctp_usb_rx_count(rx->stats, MCTP_USB_RX_NO_MEMORY);
		return 0;
	}
	if (unlikely(skb_is_nonlinear(skb)))
		skb_store_bits(skb, 0, packet, len);
	else
		skb_copy_to_linear_data(skb, packet, len);
	deliver(rx, skb, packet);
	return len;
}

/* The packet at hand, if any, will not be completed. */
static bool drop_partial(struct mctp_usb_rx *rx)
{
	bool held = mctp_deframe_drop(&rx->deframer);

	kfree_skb(rx->skb);
	rx->skb = NULL;
	return held;
}

static void framing_error(struct mctp_usb_rx *rx, enum mctp_frame_what what)
{
	static const struct {
		enum mctp_usb_rx_stat stat;
		const char *text;
	} kinds[MCTP_FRAME_KINDS] = {
		[MCTP_FRAME_BAD_ID] = { MCTP_USB_RX_BAD_ID, "no frame id" },
		[MCTP_FRAME_BAD_LEN] = { MCTP_USB_RX_BAD_LEN, "bad length" },
		[MCTP_FRAME_SHORT_HDR] = { MCTP_USB_RX_SHORT_HDR,
					   "incomplete header" },
		[MCTP_FRAME_TRUNC] = { MCTP_USB_RX_TRUNC, "truncated frame" },
		[MCTP_FRAME_PAD] = { MCTP_USB_RX_PAD },
	};

	mctp_usb_rx_count(rx->stats, kinds[what].stat);
	if (!kinds[what].text)
		return;

	kfree_skb(rx->skb);
	rx->skb = NULL;
	rx->resync = true;
	if (__ratelimit(&rx->ratelimit))
		netdev_warn(rx->netdev,
			    "peer sent %s, rest of transfer dropped (ethtool -S counts these)\n",
			    kinds[what].text);
}

/*
 * Did the slot at head end because of another one's failure, or of a stop? A ring of
 * URBs that fails is one event, told by its first. The rest may be met when that is
 * over, as this poll rests now and then.
 */
static bool taken_back(const struct mctp_usb_rx *rx)
{
	return !mctp_usb_pipe_open(&rx->pipe) ||
	       READ_ONCE(rx->killed) - rx->head - 1 < rx->ring.size;
}

static void slot_failed(struct mctp_usb_rx *rx, int status)
{
	bool first = !taken_back(rx);

	if (drop_partial(rx))
		mctp_usb_rx_count(rx->stats, MCTP_USB_RX_ABORT);
	else if (first)
		mctp_usb_rx_count(rx->stats, MCTP_USB_RX_URB);
	if (first)
		mctp_usb_pipe_fail(&rx->pipe, mctp_usb_urb_error(status));
}

/* Taken back, but the device was faster: what is there came whole. */
static bool came_in(const struct mctp_usb_rx *rx, const struct urb *urb)
{
	return mctp_usb_answer_to(urb->status) == MCTP_USB_STOPPED &&
	       urb->actual_length && taken_back(rx);
}

/* Start on the slot at head. Return: whether it has bytes to deframe. */
static bool begin_slot(struct mctp_usb_rx *rx, struct urb *urb)
{
	struct mctp_usb_rx_stats *stats = rx->stats;

	if (unlikely(urb->status && !came_in(rx, urb))) {
		slot_failed(rx, urb->status);
		return false;
	}
	if (likely(!urb->status))
		mctp_usb_pipe_ok(&rx->pipe);
	mctp_usb_rx_count(stats, urb->actual_length ? MCTP_USB_RX_TRANSFERS :
						      MCTP_USB_RX_ZLP);
	rx->packets = 0;
	mctp_deframe_begin(&rx->deframer, urb->transfer_buffer,
			   urb->actual_length);
	return true;
}

static void count(struct mctp_usb_rx *rx, unsigned int packets,
		  unsigned int bytes)
{
	struct mctp_usb_rx_stats *stats = rx->stats;

	rx->packets += packets;
	u64_stats_update_begin(&stats->sync);
	u64_stats_add(&stats->n[MCTP_USB_RX_PACKETS], packets);
	u64_stats_add(&stats->n[MCTP_USB_RX_BYTES], bytes);
	if (!rx->draining && rx->packets > 1)
		u64_stats_inc(&stats->n[MCTP_USB_RX_PACKED]);
	u64_stats_update_end(&stats->sync);
}

/* Whatever is not a whole packet. Return: as take_part(). */
static noinline unsigned int take_special(struct mctp_usb_rx *rx)
{
	struct mctp_frame_part part;
	enum mctp_frame_what what = mctp_deframe_next(&rx->deframer, &part);

	if (what == MCTP_FRAME_DATA)
		return take_part(rx, &part);
	if (what != MCTP_FRAME_NONE)
		framing_error(rx, what);
	return 0;
}

/* Return: number of packets delivered; rx->draining if there are more. */
static int drain_slot(struct mctp_usb_rx *rx, int budget)
{
	unsigned int len, bytes = 0;
	const u8 *packet;
	int work = 0;

	while (work < budget) {
		if (likely(mctp_deframe_whole(&rx->deframer, &packet, &len)))
			len = take_whole(rx, packet, len);
		else if (!mctp_deframe_used_up(&rx->deframer))
			len = take_special(rx);
		else
			break;
		bytes += len;
		work += !!len;
	}
	rx->draining = !mctp_deframe_used_up(&rx->deframer);
	count(rx, work, bytes);
	return work;
}

/* At the end of a poll, which began between two transfers or in one */
static void drop_stale(struct mctp_usb_rx *rx, bool between)
{
	WRITE_ONCE(rx->stale_check, false);
	if (between && u64_stats_read(&rx->stats->n[MCTP_USB_RX_TRANSFERS]) ==
	    rx->stale_at && drop_partial(rx))
		mctp_usb_rx_count(rx->stats, MCTP_USB_RX_STALE);
}

/**
 * mctp_usb_rx_poll() - drain completed transfers
 * @rx: engine
 * @budget: most packets to deliver, and most transfers to look at: those without
 *	packets cost time, too, and may come faster than they are dealt with
 *
 * Context: NAPI poll, or with NAPI off and bottom halves disabled.
 * Return: packets delivered if nothing is left to do, else @budget.
 */
int mctp_usb_rx_poll(struct mctp_usb_rx *rx, int budget)
{
	bool between = !rx->draining;
	int work = 0, transfers = 0;

	while (work < budget) {
		struct mctp_usb_slot *slot = mctp_usb_ring_slot(&rx->ring, rx->head);

		if (!rx->draining) {
			if (rx->head == rx->tail || !mctp_usb_slot_done(slot))
				break;
			if (transfers++ == budget)
				return budget;
			rx->draining = begin_slot(rx, slot->urb);
		}
		if (rx->draining)
			work += drain_slot(rx, budget - work);
		if (rx->draining)
			break;
		rx->head++;
		fill_ring(rx);
	}
	/* A recovered pipe has an empty ring and nothing to drain. */
	fill_ring(rx);
	/* Pairs with the release in mctp_usb_rx_expire(). */
	if (unlikely(smp_load_acquire(&rx->stale_check)))
		drop_stale(rx, between);
	return work;
}

/**
 * mctp_usb_rx_expire() - drop a partial packet whose rest does not come
 * @rx: engine
 * @transfers: value of the transfer counter when it was last seen to change
 *
 * For 1.1: a peer that abandoned a frame (crashed, say) would have its next
 * frame taken for the rest of the old one. Nothing happens if a transfer
 * arrives meanwhile.
 *
 * Context: process
 */
void mctp_usb_rx_expire(struct mctp_usb_rx *rx, u64 transfers)
{
	local_bh_disable();
	rx->stale_at = transfers;
	/* Pairs with the acquire in mctp_usb_rx_poll(). */
	smp_store_release(&rx->stale_check, true);
	napi_schedule(rx->napi);
	local_bh_enable();
}

/**
 * mctp_usb_rx_start() - queue slots
 * @rx: engine, stopped, with a ring and a depth
 *
 * Context: process, NAPI off.
 * Return: 0, or why the first slot could not be queued.
 */
int mctp_usb_rx_start(struct mctp_usb_rx *rx)
{
	int err;

	rx->head = 0;
	rx->tail = 0;
	rx->killed = 0;
	mctp_deframe_init(&rx->deframer, rx->framing);
	mctp_usb_pipe_start(&rx->pipe);

	err = fill_ring(rx);
	return rx->tail ? 0 : err;
}

/**
 * mctp_usb_rx_kill() - take back all URBs and wait for them
 * @rx: engine
 *
 * Context: process. Nobody may submit: the pipe has a fault or NAPI is off.
 */
void mctp_usb_rx_kill(struct mctp_usb_rx *rx)
{
	mctp_usb_ring_kill(&rx->ring, rx->tail);
	WRITE_ONCE(rx->killed, rx->tail);
}

/**
 * mctp_usb_rx_resume() - go on after a failure
 * @rx: engine, its pipe at fault
 *
 * Context: process
 */
void mctp_usb_rx_resume(struct mctp_usb_rx *rx)
{
	/* Pairs with the acquire in mctp_usb_pipe_open(), in the poll. */
	smp_store_release(&rx->pipe.fault, MCTP_USB_OK);
	local_bh_disable();
	napi_schedule(rx->napi);
	local_bh_enable();
}

/**
 * mctp_usb_rx_stop() - take everything back
 * @rx: engine, started
 *
 * What came in before is delivered; a partial packet is dropped.
 *
 * Context: process, NAPI off
 */
void mctp_usb_rx_stop(struct mctp_usb_rx *rx)
{
	mctp_usb_pipe_stop(&rx->pipe);
	mctp_usb_rx_kill(rx);

	local_bh_disable();
	while (mctp_usb_rx_poll(rx, NAPI_POLL_WEIGHT) == NAPI_POLL_WEIGHT)
		;
	if (drop_partial(rx))
		mctp_usb_rx_count(rx->stats, MCTP_USB_RX_ABORT);
	local_bh_enable();
	rx->resync = false;
}

/**
 * mctp_usb_rx_alloc() - allocate a ring
 * @rx: engine, running or not
 * @ring: to be filled in; not the one in use
 * @size: slots, a power of two
 *
 * Context: process
 * Return: 0 or -ENOMEM
 */
int mctp_usb_rx_alloc(struct mctp_usb_rx *rx, struct mctp_usb_ring *ring,
		      unsigned int size)
{
	return mctp_usb_ring_alloc(ring, size, rx->udev, rx->pipe.pipe,
				   rx->framing->in_size, rx->napi);
}
