// SPDX-License-Identifier: GPL-2.0
/* The receive engine while all goes well: ring, order, budget, packets. */
#include <linux/module.h>

#include "fake-rx.h"
#include "seeded.h"

static void start_queues_all_slots_in_order(struct kunit *test)
{
	unsigned int i;

	rx_begin(test, false, 512, 4);
	KUNIT_ASSERT_EQ(test, fake_usb.flying, 4);
	KUNIT_EXPECT_EQ(test, fake_pipe.starts, 1);
	for (i = 0; i < 4; i++) {
		struct urb *urb = fix->rx.ring.slots[i].urb;

		KUNIT_EXPECT_PTR_EQ(test, fake_usb.flight[i], urb);
		KUNIT_EXPECT_PTR_EQ(test, urb->dev, fix->udev);
		KUNIT_EXPECT_EQ(test, urb->pipe, (unsigned int)FAKE_IN_PIPE);
		KUNIT_EXPECT_PTR_EQ(test, urb->transfer_buffer,
				    (void *)fix->rx.ring.slots[i].buf);
		KUNIT_EXPECT_EQ(test, urb->transfer_buffer_length, 512);
	}
}

static void completion_asks_for_napi(struct kunit *test)
{
	rx_begin(test, false, 512, 2);
	KUNIT_EXPECT_EQ(test, fake_usb.scheduled, 0);
	send_packets(1, 68);
	KUNIT_EXPECT_EQ(test, fake_usb.scheduled, 1);
	expect_no_packet(test);
}

static void ring_is_full_after_each_poll_and_packets_in_order(struct kunit *test)
{
	unsigned int round, done, expected = 0, n;
	struct rnd_state rnd;

	seeded_start(&rnd);
	rx_begin(test, false, 512, 8);
	for (round = 0; round < 200; round++) {
		n = seeded_below(&rnd, 9);
		for (done = 0; done < n; done++)
			send_packets(seeded_from(&rnd, 0, 7), 64);
		rx_poll(NAPI_POLL_WEIGHT);
		KUNIT_ASSERT_EQ_MSG(test, fake_usb.flying, 8, "round %u" SEEDED,
				    round, seed);
		while (expected < fix->sent)
			expect_packet(test, expected++, 64);
		expect_no_packet(test);
	}
}

static void no_more_than_the_depth_is_queued(struct kunit *test)
{
	unsigned int i;

	rx_make(test, false, 512, 8);
	fix->rx.depth = 2;
	KUNIT_ASSERT_EQ(test, mctp_usb_rx_start(&fix->rx), 0);
	KUNIT_EXPECT_EQ(test, fake_usb.flying, 2);

	fix->rx.depth = 5;
	rx_poll(NAPI_POLL_WEIGHT);
	KUNIT_EXPECT_EQ(test, fake_usb.flying, 5);

	/* what is out already stays there until it is done */
	fix->rx.depth = 3;
	for (i = 0; i < 4; i++) {
		send_packets(1, 68);
		rx_poll(NAPI_POLL_WEIGHT);
		expect_packet(test, i, 68);
		KUNIT_EXPECT_EQ(test, fake_usb.flying, max(4 - i, 3U));
	}
}

static void slot_that_is_done_early_waits_for_those_before_it(struct kunit *test)
{
	struct urb *first;

	rx_begin(test, false, 512, 4);
	first = fake_usb.flight[0];
	memmove(fake_usb.flight, fake_usb.flight + 1, 3 * sizeof(first));
	fake_usb.flight[3] = first;
	send_packets(1, 10);
	KUNIT_EXPECT_EQ(test, rx_poll(64), 0);
	expect_no_packet(test);
	KUNIT_EXPECT_EQ(test, fake_usb.flying, 3);

	put_packet(fix->buf, 20);
	memcpy(first->transfer_buffer, fix->buf, 24);
	fake_usb_give_back(first, 0, 24);
	KUNIT_EXPECT_EQ(test, rx_poll(64), 2);
	expect_packet(test, 1, 20);
	expect_packet(test, 0, 10);
	KUNIT_EXPECT_EQ(test, fake_usb.flying, 4);
}

static void give_back_at_once(struct urb *urb)
{
	if (fake_usb.submits <= 10)
		fake_usb_give_back(urb, 0, 0);
}

static void completion_inside_of_submission_is_not_lost(struct kunit *test)
{
	fake_usb.on_submit = give_back_at_once;
	rx_begin(test, false, 512, 4);
	KUNIT_EXPECT_EQ(test, rx_poll(64), 0);
	KUNIT_EXPECT_EQ(test, fake_usb.flying, 4);
	EXPECT_COUNTS(test, [MCTP_USB_RX_ZLP] = 10);
}

static void give_back_for_long(struct urb *urb)
{
	if (fake_usb.submits <= 1000)
		fake_usb_give_back(urb, 0, 0);
}

/* Completions may run on another processor, as fast as the poll. */
static void budget_ends_a_poll_of_transfers_without_packets(struct kunit *test)
{
	fake_usb.on_submit = give_back_for_long;
	rx_begin(test, false, 512, 4);
	KUNIT_EXPECT_EQ(test, rx_poll(64), 64);
	EXPECT_COUNTS(test, [MCTP_USB_RX_ZLP] = 64);
	while (rx_poll(64) == 64)
		;
	EXPECT_COUNTS(test, [MCTP_USB_RX_ZLP] = 1000);
	KUNIT_EXPECT_EQ(test, fake_usb.flying, 4);
}

static void budget_ends_a_poll_inside_of_a_transfer(struct kunit *test)
{
	unsigned int i;

	rx_begin(test, false, 512, 4);
	send_packets(5, 68);
	KUNIT_EXPECT_EQ(test, rx_poll(2), 2);
	KUNIT_EXPECT_EQ(test, skb_queue_len(&fake_net.up), 2);
	/* its bytes are still needed */
	KUNIT_EXPECT_EQ(test, fake_usb.flying, 3);
	KUNIT_EXPECT_EQ(test, rx_poll(2), 2);
	KUNIT_EXPECT_EQ(test, fake_usb.flying, 3);
	KUNIT_EXPECT_EQ(test, rx_poll(2), 1);
	KUNIT_EXPECT_EQ(test, fake_usb.flying, 4);
	for (i = 0; i < 5; i++)
		expect_packet(test, i, 68);
	EXPECT_COUNTS(test, [MCTP_USB_RX_PACKETS] = 5, [MCTP_USB_RX_BYTES] = 340,
		      [MCTP_USB_RX_TRANSFERS] = 1, [MCTP_USB_RX_PACKED] = 1);
}

static void budget_used_up_exactly_asks_for_another_poll(struct kunit *test)
{
	rx_begin(test, false, 512, 4);
	send_packets(3, 68);
	KUNIT_EXPECT_EQ(test, rx_poll(3), 3);
	KUNIT_EXPECT_EQ(test, rx_poll(3), 0);
	KUNIT_EXPECT_EQ(test, fake_usb.flying, 4);
	KUNIT_EXPECT_EQ(test, skb_queue_len(&fake_net.up), 3);
}

static void budget_is_for_all_transfers_of_a_poll(struct kunit *test)
{
	unsigned int i;

	rx_begin(test, false, 512, 4);
	for (i = 0; i < 4; i++)
		send_packets(2, 68);
	KUNIT_EXPECT_EQ(test, rx_poll(3), 3);
	KUNIT_EXPECT_EQ(test, fake_usb.flying, 1);
	KUNIT_EXPECT_EQ(test, rx_poll(64), 5);
	KUNIT_EXPECT_EQ(test, fake_usb.flying, 4);
	for (i = 0; i < 8; i++)
		expect_packet(test, i, 68);
	EXPECT_COUNTS(test, [MCTP_USB_RX_PACKETS] = 8, [MCTP_USB_RX_BYTES] = 544,
		      [MCTP_USB_RX_TRANSFERS] = 4, [MCTP_USB_RX_PACKED] = 4);
}

static void transfers_are_counted_by_what_is_in_them(struct kunit *test)
{
	rx_begin(test, false, 512, 8);
	send_packets(1, 68);
	send_packets(0, 0);
	send_packets(2, 10);
	send_packets(1, 4);
	KUNIT_EXPECT_EQ(test, rx_poll(64), 4);
	EXPECT_COUNTS(test, [MCTP_USB_RX_PACKETS] = 4, [MCTP_USB_RX_BYTES] = 92,
		      [MCTP_USB_RX_TRANSFERS] = 3, [MCTP_USB_RX_PACKED] = 1,
		      [MCTP_USB_RX_ZLP] = 1);
}

static void packet_is_what_the_mctp_core_wants(struct kunit *test)
{
	const struct mctp_skb_cb *cb;
	struct sk_buff *skb;

	rx_begin(test, false, 512, 2);
	send_packets(1, 68);
	rx_poll(64);
	skb = skb_peek(&fake_net.up);
	KUNIT_ASSERT_NOT_NULL(test, skb);
	KUNIT_EXPECT_PTR_EQ(test, skb->dev, fix->rx.netdev);
	KUNIT_EXPECT_EQ(test, ntohs(skb->protocol), ETH_P_MCTP);
	KUNIT_EXPECT_TRUE(test, skb_mac_header_was_set(skb));
	/* The network header is set by the stack on its way up. */
	KUNIT_EXPECT_EQ(test, skb_mac_offset(skb), 0);
	cb = (struct mctp_skb_cb *)skb->cb;
	KUNIT_EXPECT_EQ(test, cb->magic, 0x4d435450);	/* "MCTP" */
	KUNIT_EXPECT_EQ(test, cb->halen, 0);
	/* its own memory, which is no larger than it need be */
	KUNIT_EXPECT_LE(test, skb_end_offset(skb), 68U + 512);
}

static void receive_one_of(struct kunit *test, unsigned int len, bool linear)
{
	struct sk_buff *skb;

	send_packets(1, len);
	KUNIT_EXPECT_EQ(test, rx_poll(64), 1);
	skb = skb_peek(&fake_net.up);
	KUNIT_ASSERT_NOT_NULL(test, skb);
	KUNIT_EXPECT_EQ_MSG(test, skb_is_nonlinear(skb), !linear, "%u bytes", len);
	KUNIT_EXPECT_PTR_EQ(test, skb->dev, fix->rx.netdev);
	/* the core looks at the headers without pulling them up */
	KUNIT_EXPECT_GE(test, skb_headlen(skb), min(len, 64U));
	expect_packet(test, fix->sent - 1, len);
}

static void long_packets_are_of_pages(struct kunit *test)
{
	unsigned int most = LINEAR_MAX;

	if (most >= MCTP_PACKET_MAX_1_1)
		kunit_skip(test, "pages are longer than packets");
	rx_begin(test, true, 512, 2);
	receive_one_of(test, most - 1, true);
	receive_one_of(test, most, true);
	receive_one_of(test, most + 1, false);
	receive_one_of(test, 8187, false);
}

/* Any packets, cut at any bytes, with polls of any budget. */
static void stream_comes_up_whole(struct kunit *test)
{
	unsigned int lens[40], i, pos, size, expected = 0;
	struct rnd_state rnd;
	u8 *stream, *end;

	stream = kunit_kzalloc(test, 40 * 8191, GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, stream);
	seeded_start(&rnd);
	rx_begin(test, true, 512, 4);
	end = stream;
	for (i = 0; i < ARRAY_SIZE(lens); i++) {
		lens[i] = seeded_from(&rnd, 4, seeded_once_in(&rnd, 3) ? 8187 : 80);
		end = put_packet(end, lens[i]);
	}
	for (pos = 0; stream + pos < end; pos += size) {
		size = seeded_below(&rnd, seeded_once_in(&rnd, 2) ? 8193 : 20);
		size = min_t(unsigned int, size, end - stream - pos);
		fake_usb_send(stream + pos, size);
		while (fake_usb.flying < 3)
			rx_poll(seeded_from(&rnd, 1, 4));
	}
	while (rx_poll(2) == 2)
		;
	for (expected = 0; expected < ARRAY_SIZE(lens); expected++)
		expect_packet(test, expected, lens[expected]);
	expect_no_packet(test);
	KUNIT_EXPECT_EQ(test, u64_stats_read(&fix->stats.n[MCTP_USB_RX_PACKETS]),
			ARRAY_SIZE(lens));
	KUNIT_EXPECT_EQ_MSG(test, fake_net.warnings, 0, "%s" SEEDED,
			    fake_net.warning, seed);
}

static void ring_without_memory_is_none_and_leaves_nothing(struct kunit *test)
{
	struct mctp_usb_ring *ring = &fix->rx.ring;
	unsigned int i;

	mctp_framing_init(&fix->framing, false, 512, 512);
	/* the ring itself, and an URB and a buffer for each slot */
	for (i = 0; i < 1 + 2 * 4; i++) {
		fake_usb.allocs_left = i;
		KUNIT_EXPECT_EQ_MSG(test, mctp_usb_rx_alloc(&fix->rx, ring, 4),
				    -ENOMEM, "allocation %u", i);
		KUNIT_EXPECT_EQ_MSG(test, fake_usb.alive, 0, "allocation %u", i);
		KUNIT_EXPECT_PTR_EQ(test, ring->slots, NULL);
	}
	fake_usb.allocs_left = i;
	KUNIT_EXPECT_EQ(test, mctp_usb_rx_alloc(&fix->rx, ring, 4), 0);
	KUNIT_EXPECT_EQ(test, fake_usb.allocs_left, 0);
	mctp_usb_ring_free(ring);
	/* as when a link goes down whose rings are gone already */
	mctp_usb_ring_free(ring);
	KUNIT_EXPECT_EQ(test, fake_usb.alive, 0);
}

static struct kunit_case rx_cases[] = {
	KUNIT_CASE(start_queues_all_slots_in_order),
	KUNIT_CASE(completion_asks_for_napi),
	KUNIT_CASE(ring_is_full_after_each_poll_and_packets_in_order),
	KUNIT_CASE(no_more_than_the_depth_is_queued),
	KUNIT_CASE(slot_that_is_done_early_waits_for_those_before_it),
	KUNIT_CASE(completion_inside_of_submission_is_not_lost),
	KUNIT_CASE(budget_ends_a_poll_of_transfers_without_packets),
	KUNIT_CASE(budget_ends_a_poll_inside_of_a_transfer),
	KUNIT_CASE(budget_used_up_exactly_asks_for_another_poll),
	KUNIT_CASE(budget_is_for_all_transfers_of_a_poll),
	KUNIT_CASE(transfers_are_counted_by_what_is_in_them),
	KUNIT_CASE(packet_is_what_the_mctp_core_wants),
	KUNIT_CASE(long_packets_are_of_pages),
	KUNIT_CASE(stream_comes_up_whole),
	KUNIT_CASE(ring_without_memory_is_none_and_leaves_nothing),
	{}
};

static struct kunit_suite rx_suite = {
	.name = "mctp_usb_rx",
	.init = rx_set_up,
	.exit = rx_tear_down,
	.test_cases = rx_cases,
};

kunit_test_suite(rx_suite);

MODULE_DESCRIPTION("KUnit: receive engine of mctp-usb");
MODULE_LICENSE("GPL");
