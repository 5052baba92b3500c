// SPDX-License-Identifier: GPL-2.0
/*
 * The pace of receive.
 *
 * A device may send faster than this processor can take it in. Receive must not
 * keep it from those who read the messages then, as what they do not read in time
 * is lost, while USB makes a device wait without losing anything. So
 * receive rests after so many packets, unless there was time enough anyway.
 *
 * Kept queued is what comes in between two polls, and as much again: more once a
 * poll finds all of it done, less when it is not needed any more. Transfers that
 * wait cost time with host controllers that schedule in software.
 */
#include <linux/math64.h>
#include <linux/minmax.h>
#include <linux/time64.h>

#include "usb/pace.h"

/* One to be filled while the other is looked at */
#define DEPTH_MIN	2U
#define DEPTH_START	4U
/* Polls after which transfers that none of them needed are not queued any more */
#define POLLS_TO_SHRINK	64
/* As many as NAPI takes at a time. With twice as many a reader was seen to be late. */
#define PACKETS_TO_REST	64

/*
 * What readers need for the bytes, in quarters of the time that it took to receive
 * them. The kernel's core leaves it to them to free packets, our own has copied
 * those into the message and is done with them.
 */
#ifdef MCTP_USB_OWN_CORE
#define READERS_QUARTERS	2
#else
#define READERS_QUARTERS	3
#endif

/* What took longer was no work: a virtual machine stood still, say. */
#define REST_MAX	(10 * NSEC_PER_MSEC)

/**
 * mctp_usb_pace_start() - set out
 * @pace: to be initialised
 * @size: most transfers that can be queued
 */
void mctp_usb_pace_start(struct mctp_usb_pace *pace, unsigned int size)
{
	*pace = (struct mctp_usb_pace){
		.depth = min(DEPTH_START, size),
		.size = size,
	};
}

/*
 * Time that readers need for what @packets packets bring that took @worked to
 * receive, times @packets. It was measured: so much for the bytes, so much for
 * each message.
 */
static u64 readers_need(u64 worked, unsigned int packets, unsigned int messages)
{
	return worked * packets * READERS_QUARTERS / 4 + worked * messages;
}

static void adapt_depth(struct mctp_usb_pace *pace, unsigned int queued,
			unsigned int transfers)
{
	if (transfers >= queued)
		pace->depth = min(2 * pace->depth, pace->size);

	pace->most = max(pace->most, transfers);
	if (++pace->polls < POLLS_TO_SHRINK)
		return;
	pace->depth = clamp(2 * pace->most, min(DEPTH_MIN, pace->size),
			    pace->depth);
	pace->most = 0;
	pace->polls = 0;
}

static void begin_work(struct mctp_usb_pace *pace)
{
	pace->worked = 0;
	pace->packets = 0;
	pace->messages = 0;
}

/**
 * mctp_usb_pace_poll() - learn from a poll, and say how to go on
 * @pace: pace, its depth may change
 * @poll: what the poll did; it delivered a packet
 *
 * Return: time for which receive is to rest, in ns, or 0
 */
u64 mctp_usb_pace_poll(struct mctp_usb_pace *pace,
		       const struct mctp_usb_pace_poll *poll)
{
	/* A long time is not to be multiplied; a rest's end may be early. */
	u64 gap = clamp_t(s64, poll->started - pace->ended, 0, NSEC_PER_SEC);
	u64 rest;

	if (gap * pace->packets >= readers_need(pace->worked, pace->packets,
						pace->messages))
		begin_work(pace);
	adapt_depth(pace, poll->queued, poll->transfers);

	pace->ended = poll->ended;
	pace->worked += poll->ended - poll->started;
	pace->packets += poll->packets;
	pace->messages += poll->messages;
	if (pace->packets < PACKETS_TO_REST)
		return 0;

	rest = div_u64(readers_need(pace->worked, pace->packets, pace->messages),
		       pace->packets);
	rest = min_t(u64, rest, REST_MAX);
	pace->ended += rest;
	begin_work(pace);
	return rest;
}
