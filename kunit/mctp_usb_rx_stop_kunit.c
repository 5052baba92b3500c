// SPDX-License-Identifier: GPL-2.0
/* The receive engine's ends: of a partial packet that is stale, and its own. */
#include <linux/module.h>

#include "fake-rx.h"

static u64 transfers(void)
{
	return u64_stats_read(&fix->stats.n[MCTP_USB_RX_TRANSFERS]);
}

/* A packet of 100 bytes, the first 30 of its frame. */
static void begin_with_a_partial_packet(struct kunit *test)
{
	rx_begin(test, true, 512, 4);
	put_packet(fix->buf, 100);
	fake_usb_send(fix->buf, 30);
	KUNIT_EXPECT_EQ(test, rx_poll(64), 0);
	KUNIT_EXPECT_EQ(test, mctp_deframe_held(&fix->rx.deframer), 30);
}

static void stale_partial_packet_is_dropped(struct kunit *test)
{
	unsigned int scheduled;

	begin_with_a_partial_packet(test);
	scheduled = fake_usb.scheduled;
	mctp_usb_rx_expire(&fix->rx, transfers());
	KUNIT_EXPECT_EQ(test, fake_usb.scheduled, scheduled + 1);
	KUNIT_EXPECT_EQ(test, rx_poll(64), 0);
	KUNIT_EXPECT_PTR_EQ(test, fix->rx.skb, NULL);
	EXPECT_COUNTS(test, [MCTP_USB_RX_TRANSFERS] = 1, [MCTP_USB_RX_STALE] = 1);

	send_packets(1, 68);
	KUNIT_EXPECT_EQ(test, rx_poll(64), 1);
	expect_packet(test, 1, 68);
}

static void transfer_without_bytes_keeps_no_partial_packet(struct kunit *test)
{
	begin_with_a_partial_packet(test);
	mctp_usb_rx_expire(&fix->rx, transfers());
	fake_usb_send(NULL, 0);
	rx_poll(64);
	KUNIT_EXPECT_PTR_EQ(test, fix->rx.skb, NULL);
	EXPECT_COUNTS(test, [MCTP_USB_RX_TRANSFERS] = 1, [MCTP_USB_RX_ZLP] = 1,
		      [MCTP_USB_RX_STALE] = 1);
}

static void partial_packet_that_went_on_is_not_stale(struct kunit *test)
{
	u64 seen;

	begin_with_a_partial_packet(test);
	seen = transfers();
	fake_usb_send(fix->buf + 30, 10);
	rx_poll(64);
	mctp_usb_rx_expire(&fix->rx, seen);
	rx_poll(64);
	fake_usb_send(fix->buf + 40, 64);
	KUNIT_EXPECT_EQ(test, rx_poll(64), 1);
	expect_packet(test, 0, 100);
	EXPECT_COUNTS(test, [MCTP_USB_RX_PACKETS] = 1, [MCTP_USB_RX_BYTES] = 100,
		      [MCTP_USB_RX_TRANSFERS] = 3);
}

static void expiry_without_a_partial_packet_is_nothing(struct kunit *test)
{
	rx_begin(test, true, 512, 4);
	send_packets(1, 68);
	rx_poll(64);
	mctp_usb_rx_expire(&fix->rx, transfers());
	rx_poll(64);
	EXPECT_COUNTS(test, [MCTP_USB_RX_PACKETS] = 1, [MCTP_USB_RX_BYTES] = 68,
		      [MCTP_USB_RX_TRANSFERS] = 1);
}

static void expiry_is_for_one_look_only(struct kunit *test)
{
	rx_begin(test, true, 512, 4);
	mctp_usb_rx_expire(&fix->rx, 1);
	rx_poll(64);
	put_packet(fix->buf, 100);
	fake_usb_send(fix->buf, 30);
	rx_poll(64);
	rx_poll(64);
	fake_usb_send(fix->buf + 30, 74);
	KUNIT_EXPECT_EQ(test, rx_poll(64), 1);
	expect_packet(test, 0, 100);
}

/* A poll that ran out of budget stands inside of a transfer. */
static void transfer_at_hand_is_not_stale(struct kunit *test)
{
	u8 *end;

	rx_begin(test, true, 512, 4);
	end = put_packet(fix->buf, 68);
	put_packet(end, 100);
	fake_usb_send(fix->buf, end + 30 - fix->buf);
	KUNIT_EXPECT_EQ(test, rx_poll(1), 1);
	mctp_usb_rx_expire(&fix->rx, transfers());
	KUNIT_EXPECT_EQ(test, rx_poll(64), 0);
	fake_usb_send(end + 30, 74);
	KUNIT_EXPECT_EQ(test, rx_poll(64), 1);
	expect_packet(test, 0, 68);
	expect_packet(test, 1, 100);
	EXPECT_COUNTS(test, [MCTP_USB_RX_PACKETS] = 2, [MCTP_USB_RX_BYTES] = 168,
		      [MCTP_USB_RX_TRANSFERS] = 2);
}

static void stop_delivers_what_comes_while_it_takes_back(struct kunit *test)
{
	rx_begin(test, false, 512, 4);
	fake_usb.late = fix->buf;
	fake_usb.late_len = put_packet(fix->buf, 68) - fix->buf;
	mctp_usb_rx_stop(&fix->rx);
	expect_packet(test, 0, 68);
	KUNIT_EXPECT_EQ(test, fake_pipe.failures, 0);
	EXPECT_COUNTS(test, [MCTP_USB_RX_PACKETS] = 1, [MCTP_USB_RX_BYTES] = 68,
		      [MCTP_USB_RX_TRANSFERS] = 1);
}

static void stop_takes_the_newest_back_first(struct kunit *test)
{
	struct urb *flight[4];
	unsigned int i;

	rx_begin(test, false, 512, 4);
	/* so that the newest is not the last of the ring */
	send_packets(1, 68);
	send_packets(1, 68);
	send_packets(1, 68);
	rx_poll(64);
	KUNIT_ASSERT_EQ(test, fake_usb.flying, 4);
	memcpy(flight, fake_usb.flight, sizeof(flight));

	mctp_usb_rx_stop(&fix->rx);
	KUNIT_EXPECT_EQ(test, fake_pipe.stops, 1);
	KUNIT_EXPECT_EQ(test, fake_usb.flying, 0);
	KUNIT_ASSERT_EQ(test, fake_usb.kills, 4);
	for (i = 0; i < 4; i++)
		KUNIT_EXPECT_PTR_EQ(test, fake_usb.killed[i], flight[3 - i]);
	/* what was taken back is no failure */
	KUNIT_EXPECT_EQ(test, fake_pipe.failures, 0);
	EXPECT_COUNTS(test, [MCTP_USB_RX_PACKETS] = 3, [MCTP_USB_RX_BYTES] = 204,
		      [MCTP_USB_RX_TRANSFERS] = 3);
}

static void stop_delivers_what_came_in(struct kunit *test)
{
	unsigned int i;

	rx_begin(test, false, 512, 4);
	/* more than one poll takes: 63 packets of 8 bytes are a transfer */
	for (i = 0; i < 3; i++)
		send_packets(63, 4);
	mctp_usb_rx_stop(&fix->rx);
	KUNIT_EXPECT_EQ(test, fake_usb.flying, 0);
	for (i = 0; i < 3 * 63; i++)
		expect_packet(test, i, 4);
	expect_no_packet(test);
}

static void stop_finishes_the_transfer_at_hand(struct kunit *test)
{
	unsigned int i;

	rx_begin(test, false, 512, 4);
	send_packets(5, 68);
	KUNIT_EXPECT_EQ(test, rx_poll(2), 2);
	mctp_usb_rx_stop(&fix->rx);
	for (i = 0; i < 5; i++)
		expect_packet(test, i, 68);
	KUNIT_EXPECT_FALSE(test, fix->rx.draining);
}

static void stop_drops_a_partial_packet(struct kunit *test)
{
	begin_with_a_partial_packet(test);
	mctp_usb_rx_stop(&fix->rx);
	KUNIT_EXPECT_PTR_EQ(test, fix->rx.skb, NULL);
	EXPECT_COUNTS(test, [MCTP_USB_RX_TRANSFERS] = 1, [MCTP_USB_RX_ABORT] = 1);

	KUNIT_ASSERT_EQ(test, mctp_usb_rx_start(&fix->rx), 0);
	send_packets(1, 68);
	KUNIT_EXPECT_EQ(test, rx_poll(64), 1);
	expect_packet(test, 1, 68);
}

/* With nothing in flight no end of an URB tells the deframer to drop it. */
static void stop_of_an_empty_ring_drops_a_partial_packet(struct kunit *test)
{
	unsigned int i;

	rx_begin(test, true, 512, 2);
	fake_usb.submits_left = 0;
	fake_usb.submit_err = -ENOMEM;
	put_packet(fix->buf, 100);
	for (i = 0; i < 2; i++)
		fake_usb_send(fix->buf + 30 * i, 30);
	rx_poll(64);
	KUNIT_EXPECT_EQ(test, fake_usb.flying, 0);

	mctp_usb_rx_stop(&fix->rx);
	KUNIT_EXPECT_PTR_EQ(test, fix->rx.skb, NULL);
	EXPECT_COUNTS(test, [MCTP_USB_RX_TRANSFERS] = 2, [MCTP_USB_RX_ABORT] = 1);
}

static void restart_begins_anew(struct kunit *test)
{
	unsigned int i;

	rx_begin(test, false, 512, 4);
	send_packets(1, 68);
	rx_poll(64);
	fake_usb_send("what?", 5);
	rx_poll(64);
	mctp_usb_rx_stop(&fix->rx);
	KUNIT_ASSERT_EQ(test, mctp_usb_rx_start(&fix->rx), 0);
	KUNIT_ASSERT_EQ(test, fake_usb.flying, 4);
	for (i = 0; i < 4; i++)
		KUNIT_EXPECT_PTR_EQ(test, fake_usb.flight[i], fix->rx.ring.slots[i].urb);

	/* the error was before, there is nothing to be in step with again */
	send_packets(1, 20);
	KUNIT_EXPECT_EQ(test, rx_poll(64), 1);
	EXPECT_COUNTS(test, [MCTP_USB_RX_PACKETS] = 2, [MCTP_USB_RX_BYTES] = 88,
		      [MCTP_USB_RX_TRANSFERS] = 3, [MCTP_USB_RX_BAD_ID] = 1);
}

static struct kunit_case rx_stop_cases[] = {
	KUNIT_CASE(stale_partial_packet_is_dropped),
	KUNIT_CASE(transfer_without_bytes_keeps_no_partial_packet),
	KUNIT_CASE(partial_packet_that_went_on_is_not_stale),
	KUNIT_CASE(expiry_without_a_partial_packet_is_nothing),
	KUNIT_CASE(expiry_is_for_one_look_only),
	KUNIT_CASE(transfer_at_hand_is_not_stale),
	KUNIT_CASE(stop_takes_the_newest_back_first),
	KUNIT_CASE(stop_delivers_what_comes_while_it_takes_back),
	KUNIT_CASE(stop_delivers_what_came_in),
	KUNIT_CASE(stop_finishes_the_transfer_at_hand),
	KUNIT_CASE(stop_drops_a_partial_packet),
	KUNIT_CASE(stop_of_an_empty_ring_drops_a_partial_packet),
	KUNIT_CASE(restart_begins_anew),
	{}
};

static struct kunit_suite rx_stop_suite = {
	.name = "mctp_usb_rx_stop",
	.init = rx_set_up,
	.exit = rx_tear_down,
	.test_cases = rx_stop_cases,
};

kunit_test_suite(rx_stop_suite);

MODULE_DESCRIPTION("KUnit: receive engine of mctp-usb, stop and expiry");
MODULE_LICENSE("GPL");
