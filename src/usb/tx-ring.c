// SPDX-License-Identifier: GPL-2.0
/* The transmit ring's memory: an URB and a buffer for each slot. */
#include <linux/slab.h>
#include <linux/usb.h>

#include "usb/tx.h"

static int alloc_slot(struct mctp_usb_tx *tx, struct mctp_usb_tx_slot *slot)
{
	slot->napi = tx->napi;
	slot->urb = usb_alloc_urb(0, GFP_KERNEL);
	slot->buf = kmalloc(tx->framing->out_size, GFP_KERNEL);
	if (!slot->urb || !slot->buf)
		return -ENOMEM;
	usb_fill_bulk_urb(slot->urb, tx->udev, tx->pipe.pipe, slot->buf, 0,
			  mctp_usb_tx_complete, slot);
	/*
	 * A transfer of full packets only has no end that the peer could see.
	 * In 1.0 over packets of 512 bytes none gets that long.
	 */
	slot->urb->transfer_flags |= URB_ZERO_PACKET;
	return 0;
}

/**
 * mctp_usb_tx_alloc() - allocate a ring
 * @tx: engine, running or not
 * @size: slots, a power of two
 *
 * Context: process
 * Return: the ring, or NULL
 */
struct mctp_usb_tx_slot *mctp_usb_tx_alloc(struct mctp_usb_tx *tx,
					   unsigned int size)
{
	struct mctp_usb_tx_slot *ring;
	unsigned int i;

	ring = kcalloc(size, sizeof(*ring), GFP_KERNEL);
	if (!ring)
		return NULL;
	for (i = 0; i < size; i++) {
		if (alloc_slot(tx, &ring[i])) {
			mctp_usb_tx_free(ring, size);
			return NULL;
		}
	}
	return ring;
}

/**
 * mctp_usb_tx_free() - free a ring
 * @ring: ring that no engine uses any more, or NULL
 * @size: slots
 */
void mctp_usb_tx_free(struct mctp_usb_tx_slot *ring, unsigned int size)
{
	unsigned int i;

	if (!ring)
		return;
	for (i = 0; i < size; i++) {
		usb_free_urb(ring[i].urb);
		kfree(ring[i].buf);
	}
	kfree(ring);
}
