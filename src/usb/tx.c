// SPDX-License-Identifier: GPL-2.0
/*
 * The transmit engine.
 *
 * A packet that finds the pipe idle, or nearly so, leaves at once. While
 * KEEP_BUSY transfers are under way the bus has work, and further packets gather
 * in the open slot; that one leaves when it is full or when the bus runs out of
 * work. So load makes full transfers, and no packet waits for company that may
 * not come.
 *
 * A packet that is not the last one of its message waits for the next one, which
 * the core is about to send, even if the bus has no work: alone it is of no use
 * to the far end. If nothing follows, as when it was forwarded from a slow link,
 * a timer lets it go. (netdev_xmit_more() cannot do it: the stack bulk-dequeues only for
 * drivers with byte queue limits, and those limits settle too low for USB.)
 *
 * Packets are copied into the slot's buffer and freed, so that what is in
 * flight is bounded by the ring and sockets get their buffer space back.
 *
 * Completion only marks the slot and schedules NAPI, which reaps in order.
 * Transfers that the driver takes back unsent (to clear a halt, to suspend)
 * stay in the ring and leave later, in order.
 */
#include <linux/if_ether.h>
#include <linux/netdevice.h>
#include <linux/skbuff.h>
#include <linux/timer.h>

#include "usb/tx.h"

#define KEEP_BUSY	2
/* At least one whole tick */
#define HOLD_JIFFIES	2

static struct mctp_usb_slot *slot_at(struct mctp_usb_tx *tx, unsigned int i)
{
	return mctp_usb_ring_slot(&tx->ring, i);
}

static struct netdev_queue *queue_of(struct mctp_usb_tx *tx)
{
	return netdev_get_tx_queue(tx->netdev, 0);
}

static bool have_open_slot(const struct mctp_usb_tx *tx)
{
	return tx->open - tx->head < tx->ring.size;
}

static bool have_next_slot(const struct mctp_usb_tx *tx)
{
	return tx->open - tx->head + 1 < tx->ring.size;
}

/* Is there room for a packet of any size that the MTU allows? */
static bool have_room(struct mctp_usb_tx *tx)
{
	struct mctp_usb_slot *slot = slot_at(tx, tx->open);

	if (have_next_slot(tx))
		return true;
	if (!have_open_slot(tx))
		return false;
	return !slot->packets ||
	       (READ_ONCE(tx->packing) &&
		mctp_frame_fits(tx->framing, slot->fill,
				READ_ONCE(tx->netdev->mtu)));
}

static void empty_slot(struct mctp_usb_slot *slot)
{
	slot->fill = 0;
	slot->packets = 0;
}

static void submit_closed(struct mctp_usb_tx *tx)
{
	while (tx->next != tx->open && tx->running &&
	       mctp_usb_pipe_open(&tx->pipe)) {
		struct mctp_usb_slot *slot = slot_at(tx, tx->next);
		int err;

		slot->urb->transfer_buffer_length = slot->fill;
		/*
		 * Ahead of the submission: the transfer may complete before
		 * that returns, and the poll that follows has to see it.
		 */
		WRITE_ONCE(tx->next, tx->next + 1);
		err = mctp_usb_slot_submit(slot);
		if (err) {
			WRITE_ONCE(tx->next, tx->next - 1);
			mctp_usb_pipe_fail(&tx->pipe, err);
			return;
		}
	}
}

/* Close the open slot if it should not wait for further packets. */
static void flush(struct mctp_usb_tx *tx)
{
	if (!tx->more && tx->open - tx->head < KEEP_BUSY &&
	    have_open_slot(tx) && slot_at(tx, tx->open)->packets)
		tx->open++;
	if (tx->next != tx->open)
		submit_closed(tx);
}

/* See to it that the packet at the end of the open slot does not wait for ever. */
static void limit_wait(struct mctp_usb_tx *tx)
{
	tx->waits_in = tx->open;
	mod_timer(&tx->timer, jiffies + HOLD_JIFFIES);
}

/**
 * mctp_usb_tx_timeout() - let go what has waited long enough
 * @timer: the engine's
 *
 * Context: timer
 */
void mctp_usb_tx_timeout(struct timer_list *timer)
{
	struct mctp_usb_tx *tx = container_of(timer, struct mctp_usb_tx, timer);
	struct netdev_queue *queue = queue_of(tx);

	__netif_tx_lock(queue, smp_processor_id());
	if (tx->running && tx->more) {
		if (tx->open == tx->waits_in) {
			tx->more = false;
			flush(tx);
		} else {
			limit_wait(tx);
		}
	}
	__netif_tx_unlock(queue);
}

static netdev_tx_t drop(struct mctp_usb_tx *tx, struct sk_buff *skb,
			enum mctp_usb_tx_stat why)
{
	mctp_usb_tx_count(tx->stats, why, 1);
	dev_kfree_skb_any(skb);
	return NETDEV_TX_OK;
}

/*
 * To where the sender's next packets are taken from. Netpoll, which may send
 * with interrupts off, must not touch that.
 */
static void free_sent(struct sk_buff *skb)
{
	napi_consume_skb(skb, !irqs_disabled());
}

/**
 * mctp_usb_tx_send() - take a packet
 * @tx: engine
 * @skb: MCTP packet
 *
 * Context: ndo_start_xmit: TX queue locked, bottom halves off.
 * Return: NETDEV_TX_OK, or NETDEV_TX_BUSY when the MTU was raised, or packing
 * turned off, after the queue had been left running for less.
 */
netdev_tx_t mctp_usb_tx_send(struct mctp_usb_tx *tx, struct sk_buff *skb)
{
	struct mctp_usb_slot *slot;
	unsigned int len = skb->len;
	u8 *to;

	/* IP can be routed to any link; raw sockets may name no protocol. */
	if (unlikely(skb->protocol && skb->protocol != htons(ETH_P_MCTP)))
		return drop(tx, skb, MCTP_USB_TX_BAD_PROTOCOL);
	if (unlikely(len < MCTP_PACKET_MIN ||
		     len > READ_ONCE(tx->netdev->mtu)))
		return drop(tx, skb, MCTP_USB_TX_BAD_LEN);
	if (unlikely(!tx->running))
		return drop(tx, skb, MCTP_USB_TX_DROPPED);

	slot = slot_at(tx, tx->open);
	if (have_open_slot(tx) && slot->packets &&
	    !(READ_ONCE(tx->packing) && mctp_frame_fits(tx->framing, slot->fill, len))) {
		tx->open++;
		submit_closed(tx);
		slot = slot_at(tx, tx->open);
	}
	if (unlikely(!have_open_slot(tx))) {
		netif_stop_queue(tx->netdev);
		return NETDEV_TX_BUSY;
	}

	to = mctp_frame_pack(tx->framing, slot->buf, &slot->fill, len);
	if (unlikely(!to))
		return drop(tx, skb, MCTP_USB_TX_BAD_LEN);
	if (likely(!skb_is_nonlinear(skb))) {
		skb_copy_from_linear_data(skb, to, len);
	} else if (unlikely(skb_copy_bits(skb, 0, to, len))) {
		slot->fill -= MCTP_FRAME_HDR_LEN + len;
		return drop(tx, skb, MCTP_USB_TX_DROPPED);
	}
	slot->packets++;
	free_sent(skb);

	tx->more = !mctp_packet_is_last(to);

	/* The next packet is likely as long as this one; do not wait for it. */
	if (!READ_ONCE(tx->packing) || !mctp_frame_fits(tx->framing, slot->fill, len))
		tx->open++;
	else if (tx->more && !timer_pending(&tx->timer))
		limit_wait(tx);
	flush(tx);
	if (unlikely(!have_next_slot(tx) && !have_room(tx))) {
		netif_stop_queue(tx->netdev);
		/* Nothing to wait for, then. */
		tx->more = false;
		flush(tx);
	}
	return NETDEV_TX_OK;
}

/* Taken back, but the device was faster. */
static bool went_out(const struct urb *urb)
{
	return mctp_usb_answer_to(urb->status) == MCTP_USB_STOPPED &&
	       urb->actual_length == urb->transfer_buffer_length;
}

static void account(struct mctp_usb_tx *tx, struct mctp_usb_slot *slot)
{
	struct mctp_usb_tx_stats *stats = tx->stats;
	int status = slot->urb->status;

	if (likely(!status || went_out(slot->urb))) {
		u64_stats_update_begin(&stats->sync);
		u64_stats_add(&stats->n[MCTP_USB_TX_PACKETS], slot->packets);
		u64_stats_add(&stats->n[MCTP_USB_TX_BYTES],
			      slot->fill - slot->packets * MCTP_FRAME_HDR_LEN);
		u64_stats_inc(&stats->n[MCTP_USB_TX_TRANSFERS]);
		if (slot->packets > 1)
			u64_stats_inc(&stats->n[MCTP_USB_TX_PACKED]);
		u64_stats_update_end(&stats->sync);
		if (likely(!status))
			mctp_usb_pipe_ok(&tx->pipe);
	} else {
		mctp_usb_tx_count(stats, MCTP_USB_TX_URB, 1);
		mctp_usb_tx_count(stats, MCTP_USB_TX_LOST, slot->packets);
		mctp_usb_pipe_fail(&tx->pipe, mctp_usb_urb_error(status));
	}
	empty_slot(slot);
}

/*
 * Nothing of it went out, and not through a fault of its own: taken back by the
 * driver, which does so while the pipe has another's fault, or returned because one
 * before it met a halt.
 */
static bool unsent(struct mctp_usb_tx *tx, const struct urb *urb)
{
	enum mctp_usb_answer answer = mctp_usb_answer_to(urb->status);

	return (answer == MCTP_USB_STOPPED || answer == MCTP_USB_HALTED) &&
	       !urb->actual_length && !mctp_usb_pipe_open(&tx->pipe);
}

static void reap_oldest(struct mctp_usb_tx *tx)
{
	account(tx, slot_at(tx, tx->head));
	WRITE_ONCE(tx->head, tx->head + 1);
}

static void reap_locked(struct mctp_usb_tx *tx)
{
	while (tx->head != tx->next) {
		struct mctp_usb_slot *slot = slot_at(tx, tx->head);

		if (!mctp_usb_slot_done(slot) || unsent(tx, slot->urb))
			break;
		reap_oldest(tx);
	}
}

static void flush_and_wake(struct mctp_usb_tx *tx)
{
	struct netdev_queue *queue = queue_of(tx);

	flush(tx);
	if (netif_tx_queue_stopped(queue) && tx->running && have_room(tx))
		netif_tx_wake_queue(queue);
}

/**
 * mctp_usb_tx_reap() - account for what went out, submit what has gathered
 * @tx: engine
 *
 * Context: NAPI poll
 */
void mctp_usb_tx_reap(struct mctp_usb_tx *tx)
{
	struct netdev_queue *queue = queue_of(tx);

	/* Unlocked look, as most polls are for receive; completion reschedules. */
	if (READ_ONCE(tx->head) == READ_ONCE(tx->next) ||
	    !READ_ONCE(slot_at(tx, READ_ONCE(tx->head))->done))
		return;

	__netif_tx_lock(queue, smp_processor_id());
	reap_locked(tx);
	flush_and_wake(tx);
	__netif_tx_unlock(queue);
}

/**
 * mctp_usb_tx_kill() - take back all URBs and wait for them
 * @tx: engine
 *
 * Context: process. Nobody may submit: the pipe has a fault or the engine is
 * not running.
 */
void mctp_usb_tx_kill(struct mctp_usb_tx *tx)
{
	mctp_usb_ring_kill(&tx->ring, tx->next);
}

/*
 * What came back unsent is to be submitted once more, from the oldest on. That
 * goes for the newest transfers only: one with another behind it that was sent,
 * or is with the USB core still, would come out of order and is lost.
 */
static void rewind(struct mctp_usb_tx *tx)
{
	unsigned int from;

	for (from = tx->next; from != tx->head; from--) {
		struct mctp_usb_slot *slot = slot_at(tx, from - 1);

		if (!mctp_usb_slot_done(slot) || !unsent(tx, slot->urb))
			break;
	}
	while (tx->head != from) {
		if (!mctp_usb_slot_done(slot_at(tx, tx->head)))
			return;
		reap_oldest(tx);
	}
	WRITE_ONCE(tx->next, from);
}

/**
 * mctp_usb_tx_resume() - go on after a failure
 * @tx: engine, its pipe at fault
 *
 * Context: process
 */
void mctp_usb_tx_resume(struct mctp_usb_tx *tx)
{
	__netif_tx_lock_bh(queue_of(tx));
	rewind(tx);
	/* Pairs with the acquire in mctp_usb_pipe_open(). */
	smp_store_release(&tx->pipe.fault, MCTP_USB_OK);
	flush_and_wake(tx);
	__netif_tx_unlock_bh(queue_of(tx));
}

/**
 * mctp_usb_tx_start() - take packets
 * @tx: engine, stopped, with a ring
 *
 * What an earlier stop left in the ring goes out first.
 *
 * Context: process
 */
void mctp_usb_tx_start(struct mctp_usb_tx *tx)
{
	__netif_tx_lock_bh(queue_of(tx));
	mctp_usb_pipe_start(&tx->pipe);
	tx->running = true;
	flush_and_wake(tx);
	__netif_tx_unlock_bh(queue_of(tx));
}

/**
 * mctp_usb_tx_stop() - take no packets, and all URBs back
 * @tx: engine
 *
 * Packets that are not sent stay in the ring.
 *
 * Context: process, NAPI off
 */
void mctp_usb_tx_stop(struct mctp_usb_tx *tx)
{
	__netif_tx_lock_bh(queue_of(tx));
	tx->running = false;
	tx->more = false;
	/* It may be awake: a detached link's too, if a poll came in between. */
	netif_tx_stop_queue(queue_of(tx));
	__netif_tx_unlock_bh(queue_of(tx));

	timer_delete_sync(&tx->timer);
	mctp_usb_pipe_stop(&tx->pipe);
	mctp_usb_tx_kill(tx);

	__netif_tx_lock_bh(queue_of(tx));
	rewind(tx);
	__netif_tx_unlock_bh(queue_of(tx));
}

/**
 * mctp_usb_tx_purge() - drop what a stop left in the ring
 * @tx: engine, stopped
 *
 * For when the far end has forgotten what came before, or nobody is left to
 * send to.
 *
 * Context: process
 */
void mctp_usb_tx_purge(struct mctp_usb_tx *tx)
{
	unsigned int i;

	__netif_tx_lock_bh(queue_of(tx));
	for (i = 0; i < tx->ring.size; i++) {
		mctp_usb_tx_count(tx->stats, MCTP_USB_TX_DROPPED,
				  tx->ring.slots[i].packets);
		empty_slot(&tx->ring.slots[i]);
	}
	tx->head = 0;
	tx->next = 0;
	tx->open = 0;
	__netif_tx_unlock_bh(queue_of(tx));
}

/**
 * mctp_usb_tx_alloc() - allocate a ring
 * @tx: engine, running or not
 * @ring: to be filled in; not the one in use
 * @size: slots, a power of two
 *
 * Context: process
 * Return: 0 or -ENOMEM
 */
int mctp_usb_tx_alloc(struct mctp_usb_tx *tx, struct mctp_usb_ring *ring,
		      unsigned int size)
{
	return mctp_usb_ring_alloc(ring, size, tx->udev, tx->pipe.pipe,
				   tx->framing->out_size, tx->napi);
}
