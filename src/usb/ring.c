// SPDX-License-Identifier: GPL-2.0
/*
 * A ring of URBs with their buffers.
 *
 * Completion only marks the slot and schedules NAPI; the engines, which poll,
 * know in which order the slots were submitted and look at them in that order.
 */
#include <linux/slab.h>
#include <linux/usb.h>

#include "usb/ring.h"

static void ring_complete(struct urb *urb)
{
	struct mctp_usb_slot *slot = urb->context;

	/* Pairs with the acquire in mctp_usb_slot_done(). */
	smp_store_release(&slot->done, true);
	napi_schedule(slot->napi);
}

static int alloc_slot(struct mctp_usb_slot *slot, unsigned int bytes)
{
	slot->urb = usb_alloc_urb(0, GFP_NOIO);
	slot->buf = kmalloc(bytes, GFP_NOIO);
	return slot->urb && slot->buf ? 0 : -ENOMEM;
}

/**
 * mctp_usb_ring_alloc() - allocate the slots of a ring
 * @ring: ring without
 * @size: how many, a power of two
 * @udev: USB device
 * @pipe: bulk pipe, in or out
 * @bytes: of a buffer
 * @napi: what a transfer's end schedules
 *
 * The device may have a disk as well, for whose reset the caller's lock is
 * wanted: no memory is to be waited for that has to be written there.
 *
 * Context: process
 * Return: 0, or -ENOMEM and a ring without slots
 */
int mctp_usb_ring_alloc(struct mctp_usb_ring *ring, unsigned int size,
			struct usb_device *udev, unsigned int pipe,
			unsigned int bytes, struct napi_struct *napi)
{
	unsigned int i;

	ring->size = size;
	ring->slots = kcalloc(size, sizeof(*ring->slots), GFP_NOIO);
	if (!ring->slots)
		return -ENOMEM;
	for (i = 0; i < size; i++) {
		struct mctp_usb_slot *slot = &ring->slots[i];

		slot->napi = napi;
		if (alloc_slot(slot, bytes)) {
			mctp_usb_ring_free(ring);
			return -ENOMEM;
		}
		usb_fill_bulk_urb(slot->urb, udev, pipe, slot->buf, bytes,
				  ring_complete, slot);
		/*
		 * A transfer of full packets only has no end that the peer could
		 * see. In 1.0 over packets of 512 bytes none gets that long.
		 */
		if (usb_pipeout(pipe))
			slot->urb->transfer_flags |= URB_ZERO_PACKET;
	}
	return 0;
}

/**
 * mctp_usb_ring_free() - free the slots of a ring
 * @ring: ring that no engine uses any more, with or without slots
 */
void mctp_usb_ring_free(struct mctp_usb_ring *ring)
{
	unsigned int i;

	for (i = 0; ring->slots && i < ring->size; i++) {
		usb_free_urb(ring->slots[i].urb);
		kfree(ring->slots[i].buf);
	}
	kfree(ring->slots);
	ring->slots = NULL;
}

/**
 * mctp_usb_ring_kill() - take back all URBs and wait for them
 * @ring: ring
 * @oldest: number of the slot that was submitted first of those that may be out
 *
 * Context: process. Nobody may submit.
 */
void mctp_usb_ring_kill(struct mctp_usb_ring *ring, unsigned int oldest)
{
	unsigned int i;

	/*
	 * The newest first, or an old one's end would let the next one start;
	 * and all before any is waited for: xHCI stops the endpoint for each
	 * that it is asked for alone, and runs it on between two.
	 */
	for (i = ring->size; i--;)
		usb_unlink_urb(mctp_usb_ring_slot(ring, oldest + i)->urb);
	for (i = ring->size; i--;)
		usb_kill_urb(mctp_usb_ring_slot(ring, oldest + i)->urb);
}
