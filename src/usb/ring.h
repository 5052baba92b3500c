/* SPDX-License-Identifier: GPL-2.0 */
/* A ring of URBs with their buffers, the same for both directions. */
#ifndef MCTP_USB_RING_H
#define MCTP_USB_RING_H

#include <linux/netdevice.h>
#include <linux/usb.h>

/**
 * struct mctp_usb_slot - one transfer
 * @urb: its URB
 * @buf: its buffer
 * @napi: what is scheduled when it is done
 * @done: set by the completion handler, cleared on submission
 * @fill: transmit: bytes of @buf in use
 * @packets: transmit: packets in it
 */
struct mctp_usb_slot {
	struct urb *urb;
	u8 *buf;
	struct napi_struct *napi;
	bool done;
	unsigned int fill;
	unsigned int packets;
};

/**
 * struct mctp_usb_ring - slots, which are submitted one after the other
 * @slots: the slots, or NULL
 * @size: how many, a power of two
 */
struct mctp_usb_ring {
	struct mctp_usb_slot *slots;
	unsigned int size;
};

/**
 * mctp_usb_ring_slot() - a slot by its number
 * @ring: ring
 * @i: number; these run freely
 */
static inline struct mctp_usb_slot *
mctp_usb_ring_slot(const struct mctp_usb_ring *ring, unsigned int i)
{
	return &ring->slots[i & (ring->size - 1)];
}

/**
 * mctp_usb_slot_done() - has the transfer ended?
 * @slot: slot that was submitted
 *
 * If so, the URB's status and data may be read.
 */
static inline bool mctp_usb_slot_done(const struct mctp_usb_slot *slot)
{
	/* Pairs with the release in the completion handler. */
	return smp_load_acquire(&slot->done);
}

/**
 * mctp_usb_slot_submit() - hand a slot to the USB core
 * @slot: slot that is not with it
 *
 * Context: any
 * Return: as usb_submit_urb()
 */
static inline int mctp_usb_slot_submit(struct mctp_usb_slot *slot)
{
	slot->done = false;
	return usb_submit_urb(slot->urb, GFP_ATOMIC);
}

int mctp_usb_ring_alloc(struct mctp_usb_ring *ring, unsigned int size,
			struct usb_device *udev, unsigned int pipe,
			unsigned int bytes, struct napi_struct *napi);
void mctp_usb_ring_free(struct mctp_usb_ring *ring);
void mctp_usb_ring_kill(struct mctp_usb_ring *ring, unsigned int oldest);

#endif /* MCTP_USB_RING_H */
