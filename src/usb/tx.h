/* SPDX-License-Identifier: GPL-2.0 */
/* The transmit engine: a ring of OUT URBs into which packets are packed. */
#ifndef MCTP_USB_TX_H
#define MCTP_USB_TX_H

#include <linux/netdevice.h>
#include <linux/timer.h>
#include <linux/usb.h>

#include "frame.h"
#include "usb/pipe.h"
#include "usb/ring.h"
#include "usb/stats.h"

/**
 * struct mctp_usb_tx - transmit engine of a link
 * @pipe: its pipe
 * @udev: USB device
 * @netdev: link
 * @napi: what runs mctp_usb_tx_reap()
 * @framing: the link's framing
 * @stats: counters
 * @ring: slots
 * @head: oldest slot with the USB core
 * @next: next slot to be submitted
 * @open: slot that packets gather in. Slots from @head up to @next are with the
 *	USB core or done, from @next up to @open are closed and wait for the
 *	pipe; @open is a slot at all while @open - @head < @ring.size
 * @running: whether packets are taken
 * @packing: whether a transfer may carry more than one packet
 * @more: the last packet taken waits for the next one of its message
 * @waits_in: slot that @timer is about
 * @timer: ends that wait
 *
 * Everything but @packing is written under the lock of the netdev's TX queue itself
 * (netif_tx_lock() would not do: it freezes the queue without holding it). @head and
 * @next are looked at without, too.
 */
struct mctp_usb_tx {
	struct mctp_usb_pipe pipe;
	struct usb_device *udev;
	struct net_device *netdev;
	struct napi_struct *napi;
	const struct mctp_framing *framing;
	struct mctp_usb_tx_stats *stats;

	struct mctp_usb_ring ring;
	unsigned int head;
	unsigned int next;
	unsigned int open;
	bool running;
	bool packing;
	bool more;
	unsigned int waits_in;
	struct timer_list timer;
};

int mctp_usb_tx_alloc(struct mctp_usb_tx *tx, struct mctp_usb_ring *ring,
		      unsigned int size);
void mctp_usb_tx_start(struct mctp_usb_tx *tx);
void mctp_usb_tx_stop(struct mctp_usb_tx *tx);
void mctp_usb_tx_purge(struct mctp_usb_tx *tx);
void mctp_usb_tx_kill(struct mctp_usb_tx *tx);
void mctp_usb_tx_resume(struct mctp_usb_tx *tx);
netdev_tx_t mctp_usb_tx_send(struct mctp_usb_tx *tx, struct sk_buff *skb);
void mctp_usb_tx_timeout(struct timer_list *timer);
void mctp_usb_tx_reap(struct mctp_usb_tx *tx);

#endif /* MCTP_USB_TX_H */
