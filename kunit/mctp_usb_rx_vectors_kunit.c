// SPDX-License-Identifier: GPL-2.0
/* The DSP0283 vectors once more, through the engine and into its counters. */
#include <linux/module.h>

#include "fake-rx.h"
#include "vector-table.h"

static const u8 counter_of_event[VECTOR_EVENTS] = {
	[VECTOR_BAD_ID] = MCTP_USB_RX_BAD_ID,
	[VECTOR_BAD_LEN] = MCTP_USB_RX_BAD_LEN,
	[VECTOR_SHORT_HDR] = MCTP_USB_RX_SHORT_HDR,
	[VECTOR_TRUNC] = MCTP_USB_RX_TRUNC,
	[VECTOR_PAD] = MCTP_USB_RX_PAD,
	[VECTOR_ABORT] = MCTP_USB_RX_ABORT,
	[VECTOR_URB] = MCTP_USB_RX_URB,
	[VECTOR_STALE] = MCTP_USB_RX_STALE,
};

static void describe(const struct vector_rx *v, char *text)
{
	strscpy(text, v->id, KUNIT_PARAM_DESC_SIZE);
}

KUNIT_ARRAY_PARAM(receive, vector_receive, describe);

static void take_step(struct kunit *test, const struct vector_step *step)
{
	struct mctp_usb_rx *rx = &fix->rx;

	switch (step->kind) {
	case VECTOR_TRANSFER:
		fake_usb_send(vector_bytes + step->bytes.at, step->bytes.len);
		break;
	case VECTOR_ERROR:
		fake_usb_fail(-EPROTO);
		rx_poll(64);
		mctp_usb_rx_resume(rx);
		break;
	case VECTOR_RESET:
		mctp_usb_rx_stop(rx);
		KUNIT_ASSERT_EQ(test, mctp_usb_rx_start(rx), 0);
		break;
	case VECTOR_TIMER:
		mctp_usb_rx_expire(rx, u64_stats_read(&rx->stats->n[MCTP_USB_RX_TRANSFERS]));
		break;
	}
	while (rx_poll(2) == 2)
		;
}

static void expect_delivered(struct kunit *test, const struct vector_rx *v)
{
	struct sk_buff *skb;
	unsigned int i, at;
	u8 byte;

	KUNIT_ASSERT_EQ_MSG(test, skb_queue_len(&fake_net.up), v->packets.len,
			    "%s", v->note);
	for (i = 0; i < v->packets.len; i++) {
		const struct vector_span *p = &vector_packets[v->packets.at + i];

		skb = __skb_dequeue(&fake_net.up);
		KUNIT_EXPECT_EQ_MSG(test, skb->len, p->len, "%s", v->note);
		for (at = 0; at < min(skb->len, p->len); at++) {
			if (skb_copy_bits(skb, at, &byte, 1) ||
			    byte != vector_bytes[p->at + at])
				break;
		}
		KUNIT_EXPECT_EQ_MSG(test, at, p->len, "packet %u: %s", i, v->note);
		kfree_skb(skb);
	}
}

static void vector(struct kunit *test)
{
	const struct vector_rx *v = test->param_value;
	u64 counts[VECTOR_EVENTS] = {};
	unsigned int i;

	rx_begin(test, v->spanning, 512, 4);
	for (i = 0; i < v->steps.len; i++)
		take_step(test, &vector_steps[v->steps.at + i]);

	expect_delivered(test, v);
	KUNIT_EXPECT_EQ_MSG(test, mctp_deframe_held(&fix->rx.deframer), v->held,
			    "%s", v->note);
	for (i = 0; i < v->events.len; i++)
		counts[vector_events[v->events.at + i]]++;
	for (i = 0; i < VECTOR_EVENTS; i++)
		KUNIT_EXPECT_EQ_MSG(test, counts[i],
				    u64_stats_read(&fix->stats.n[counter_of_event[i]]),
				    "event %u: %s", i, v->note);
	KUNIT_EXPECT_EQ(test, u64_stats_read(&fix->stats.n[MCTP_USB_RX_PACKETS]),
			v->packets.len);
}

static struct kunit_case rx_vectors_cases[] = {
	KUNIT_CASE_PARAM(vector, receive_gen_params),
	{}
};

static struct kunit_suite rx_vectors_suite = {
	.name = "mctp_usb_rx_vectors",
	.init = rx_set_up,
	.exit = rx_tear_down,
	.test_cases = rx_vectors_cases,
};

kunit_test_suite(rx_vectors_suite);

MODULE_DESCRIPTION("KUnit: receive engine of mctp-usb, DSP0283 vectors");
MODULE_LICENSE("GPL");
