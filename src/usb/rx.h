/* SPDX-License-Identifier: GPL-2.0 */
/* The receive engine: a ring of IN URBs, drained by NAPI. */
#ifndef MCTP_USB_RX_H
#define MCTP_USB_RX_H

#include <linux/netdevice.h>
#include <linux/ratelimit.h>
#include <linux/usb.h>

#include "frame.h"
#include "usb/pipe.h"
#include "usb/ring.h"
#include "usb/stats.h"

/**
 * struct mctp_usb_rx - receive engine of a link
 * @pipe: its pipe
 * @udev: USB device
 * @netdev: link
 * @napi: what runs mctp_usb_rx_poll()
 * @framing: the link's framing
 * @stats: counters
 * @ratelimit: for messages on what the peer sends
 * @ring: slots
 * @depth: how many of them to keep queued
 * @head: next slot to be drained
 * @tail: next slot to be submitted. Slots from @head up to @tail are with the
 *	USB core or done; the numbers run freely, @tail - @head <= @ring.size
 * @killed: slots before it ended with the last kill at the latest
 * @draining: the deframer is inside the slot at @head
 * @resync: a framing error happened since the last good packet
 * @deframer: framing state
 * @skb: the packet whose parts are coming in, if there is memory for it
 * @packets: packets of the transfer at hand
 * @messages: messages whose last packet was delivered, for the link
 * @stale_at: value of the transfer counter at which a partial is stale
 * @stale_check: @stale_at is to be looked at
 *
 * All but @killed, @stale_at and @stale_check belongs to the one that polls: NAPI, and
 * start and stop while NAPI is off.
 */
struct mctp_usb_rx {
	struct mctp_usb_pipe pipe;
	struct usb_device *udev;
	struct net_device *netdev;
	struct napi_struct *napi;
	const struct mctp_framing *framing;
	struct mctp_usb_rx_stats *stats;
	struct ratelimit_state ratelimit;

	struct mctp_usb_ring ring;
	unsigned int depth;
	unsigned int head;
	unsigned int tail;
	unsigned int killed;
	bool draining;
	bool resync;

	struct mctp_deframer deframer;
	struct sk_buff *skb;
	unsigned int packets;
	unsigned int messages;

	u64 stale_at;
	bool stale_check;
};

int mctp_usb_rx_alloc(struct mctp_usb_rx *rx, struct mctp_usb_ring *ring,
		      unsigned int size);
int mctp_usb_rx_start(struct mctp_usb_rx *rx);
void mctp_usb_rx_stop(struct mctp_usb_rx *rx);
void mctp_usb_rx_kill(struct mctp_usb_rx *rx);
void mctp_usb_rx_resume(struct mctp_usb_rx *rx);
int mctp_usb_rx_poll(struct mctp_usb_rx *rx, int budget);
void mctp_usb_rx_expire(struct mctp_usb_rx *rx, u64 transfers);

#endif /* MCTP_USB_RX_H */
