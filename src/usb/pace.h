/* SPDX-License-Identifier: GPL-2.0 */
/* How fast receive goes: numbers, and nothing of USB or of the network stack. */
#ifndef MCTP_USB_PACE_H
#define MCTP_USB_PACE_H

#include <linux/types.h>

/**
 * struct mctp_usb_pace - pace of a link's receive side
 * @depth: transfers that are to be kept queued
 * @size: most of them
 * @most: most transfers that a poll found done of late
 * @polls: polls that this is about
 * @ended: when the last poll ended, and the rest after it, in ns
 * @worked: time that polls took since readers last had time enough, in ns
 * @packets: packets received since then
 * @messages: messages that ended with one of these
 */
struct mctp_usb_pace {
	unsigned int depth;
	unsigned int size;
	unsigned int most;
	unsigned int polls;
	u64 ended;
	u64 worked;
	unsigned int packets;
	unsigned int messages;
};

/**
 * struct mctp_usb_pace_poll - what a poll that received did
 * @started: when, in ns
 * @ended: when, in ns
 * @packets: packets delivered
 * @messages: messages that ended with one of these
 * @queued: transfers that were queued ahead of it
 * @transfers: transfers that it found done
 */
struct mctp_usb_pace_poll {
	u64 started;
	u64 ended;
	unsigned int packets;
	unsigned int messages;
	unsigned int queued;
	unsigned int transfers;
};

void mctp_usb_pace_start(struct mctp_usb_pace *pace, unsigned int size);
u64 mctp_usb_pace_poll(struct mctp_usb_pace *pace,
		       const struct mctp_usb_pace_poll *poll);

#endif /* MCTP_USB_PACE_H */
