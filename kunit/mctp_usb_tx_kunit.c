// SPDX-License-Identifier: GPL-2.0
/* The transmit engine while all goes well: packing, order, the queue. */
#include <linux/module.h>

#include "fake-tx.h"

/* At the MTU of 68 a 1.0 transfer takes seven packets. */
#define FULL	7

static void packets_on_an_idle_pipe_leave_at_once(struct kunit *test)
{
	struct urb *urb;

	tx_begin(test, false, 4);
	send_packets(test, 1, 68);
	KUNIT_ASSERT_EQ(test, fake_usb.flying, 1);
	send_packets(test, 1, 30);
	KUNIT_ASSERT_EQ(test, fake_usb.flying, 2);
	expect_transfer(test, 0, 1, 68, 0);
	expect_transfer(test, 1, 1, 30, 1);

	urb = fake_usb.flight[0];
	KUNIT_EXPECT_PTR_EQ(test, urb->dev, fix->udev);
	KUNIT_EXPECT_EQ(test, urb->pipe, (unsigned int)FAKE_OUT_PIPE);
	/* or a transfer of full packets only would have no end */
	KUNIT_EXPECT_TRUE(test, urb->transfer_flags & URB_ZERO_PACKET);
	/* the engine has copies, so that the senders' buffers are free again */
	KUNIT_EXPECT_EQ(test, fix->freed, 2);
}

static void packets_gather_while_the_bus_is_busy(struct kunit *test)
{
	tx_begin(test, false, 4);
	send_packets(test, 2 + 3, 68);
	KUNIT_EXPECT_EQ(test, fake_usb.flying, 2);

	transfer_is_sent();
	KUNIT_ASSERT_EQ(test, fake_usb.flying, 2);
	expect_transfer(test, 0, 1, 68, 1);
	expect_transfer(test, 1, 3, 68, 2);
	transfer_is_sent();
	transfer_is_sent();
	KUNIT_EXPECT_EQ(test, fake_usb.flying, 0);
}

static void full_transfer_leaves(struct kunit *test)
{
	tx_begin(test, false, 8);
	send_packets(test, 2 + FULL - 1, 68);
	KUNIT_EXPECT_EQ(test, fake_usb.flying, 2);
	send_packets(test, 1, 68);
	KUNIT_ASSERT_EQ(test, fake_usb.flying, 3);
	expect_transfer(test, 2, FULL, 68, 2);
	send_packets(test, FULL, 68);
	KUNIT_ASSERT_EQ(test, fake_usb.flying, 4);
	expect_transfer(test, 3, FULL, 68, 2 + FULL);
}

static void transfer_leaves_for_a_packet_that_does_not_fit(struct kunit *test)
{
	tx_begin(test, false, 8);
	fix->tx.netdev->mtu = 251;
	send_packets(test, 2 + 5, 68);
	KUNIT_EXPECT_EQ(test, fake_usb.flying, 2);
	send_packets(test, 1, 251);
	KUNIT_ASSERT_EQ(test, fake_usb.flying, 3);
	expect_transfer(test, 2, 5, 68, 2);
	/* another of that length would fit, so it waits for that */
	send_packets(test, 1, 251);
	KUNIT_ASSERT_EQ(test, fake_usb.flying, 4);
	expect_transfer(test, 3, 2, 251, 7);
}

static void spanning_packets_of_any_length_leave(struct kunit *test)
{
	tx_begin(test, true, 8);
	fix->tx.netdev->mtu = 8187;
	send_packets(test, 4, 8187);
	KUNIT_ASSERT_EQ(test, fake_usb.flying, 4);
	expect_transfer(test, 3, 1, 8187, 3);
	send_packets(test, 8191 / 72, 68);
	KUNIT_ASSERT_EQ(test, fake_usb.flying, 5);
	expect_transfer(test, 4, 8191 / 72, 68, 4);
}

static void without_packing_each_packet_has_its_transfer(struct kunit *test)
{
	unsigned int i;

	tx_begin(test, false, 8);
	fix->tx.packing = false;
	send_packets(test, 5, 68);
	KUNIT_ASSERT_EQ(test, fake_usb.flying, 5);
	for (i = 0; i < 5; i++)
		expect_transfer(test, i, 1, 68, i);
}

static void without_packing_the_last_slot_takes_one_packet(struct kunit *test)
{
	tx_begin(test, false, 4);
	fix->tx.packing = false;
	send_packets(test, 3, 4);
	KUNIT_EXPECT_FALSE(test, queue_is_stopped());
	send_packets(test, 1, 4);
	KUNIT_EXPECT_TRUE(test, queue_is_stopped());
	KUNIT_EXPECT_EQ(test, fake_usb.flying, 4);
}

static void packing_can_end_with_packets_gathered(struct kunit *test)
{
	tx_begin(test, false, 8);
	send_packets(test, 2 + 2, 68);
	fix->tx.packing = false;
	send_packets(test, 1, 68);
	KUNIT_ASSERT_EQ(test, fake_usb.flying, 4);
	expect_transfer(test, 2, 2, 68, 2);
	expect_transfer(test, 3, 1, 68, 4);
}

/* Nor is there room left then, in a last slot that has some by its bytes. */
static void packing_that_ends_leaves_no_room_in_the_last_slot(struct kunit *test)
{
	struct sk_buff *skb;

	tx_begin(test, false, 4);
	send_packets(test, 2 + FULL + 1, 68);
	KUNIT_EXPECT_FALSE(test, queue_is_stopped());
	fix->tx.packing = false;
	skb = make_packet(test, 68);
	KUNIT_EXPECT_EQ(test, (int)give_packet(skb), (int)NETDEV_TX_BUSY);
	KUNIT_EXPECT_TRUE(test, queue_is_stopped());
	transfer_is_sent();
	KUNIT_EXPECT_FALSE(test, queue_is_stopped());
	KUNIT_EXPECT_EQ(test, (int)give_packet(skb), (int)NETDEV_TX_OK);
	transfer_is_sent();
	transfer_is_sent();
	KUNIT_ASSERT_EQ(test, fake_usb.flying, 2);
	expect_transfer(test, 0, 1, 68, 2 + FULL);
	expect_transfer(test, 1, 1, 68, 2 + FULL + 1);
}

static void packets_are_counted_when_they_are_sent(struct kunit *test)
{
	tx_begin(test, false, 4);
	send_packets(test, 2 + 3, 68);
	EXPECT_COUNTS(test);
	transfer_is_sent();
	transfer_is_sent();
	EXPECT_COUNTS(test, [MCTP_USB_TX_PACKETS] = 2, [MCTP_USB_TX_BYTES] = 136,
		      [MCTP_USB_TX_TRANSFERS] = 2);
	transfer_is_sent();
	EXPECT_COUNTS(test, [MCTP_USB_TX_PACKETS] = 5, [MCTP_USB_TX_BYTES] = 340,
		      [MCTP_USB_TX_TRANSFERS] = 3, [MCTP_USB_TX_PACKED] = 1);
	KUNIT_EXPECT_EQ(test, fake_pipe.recoveries, 0);
}

static void transfer_that_is_done_early_waits_for_those_before_it(struct kunit *test)
{
	tx_begin(test, false, 4);
	send_packets(test, 2 + 3, 68);
	fake_usb_give_back(fake_usb.flight[1], 0, 72);
	tx_reap();
	EXPECT_COUNTS(test);
	KUNIT_EXPECT_EQ(test, fake_usb.flying, 1);
	transfer_is_sent();
	EXPECT_COUNTS(test, [MCTP_USB_TX_PACKETS] = 2, [MCTP_USB_TX_BYTES] = 136,
		      [MCTP_USB_TX_TRANSFERS] = 2);
	KUNIT_ASSERT_EQ(test, fake_usb.flying, 1);
	expect_transfer(test, 0, 3, 68, 2);
}

static void packet_of_pages_is_sent(struct kunit *test)
{
	tx_begin(test, false, 4);
	KUNIT_EXPECT_EQ(test, (int)give_packet(make_paged_packet(test, 68)),
			(int)NETDEV_TX_OK);
	KUNIT_ASSERT_EQ(test, fake_usb.flying, 1);
	expect_transfer(test, 0, 1, 68, 0);
}

static void queue_stops_with_the_ring_full_and_wakes_with_room(struct kunit *test)
{
	unsigned int i;

	tx_begin(test, false, 4);
	send_packets(test, 2 + 2 * FULL - 1, 68);
	KUNIT_EXPECT_FALSE(test, queue_is_stopped());
	send_packets(test, 1, 68);
	KUNIT_EXPECT_TRUE(test, queue_is_stopped());
	KUNIT_EXPECT_EQ(test, fake_usb.flying, 4);
	KUNIT_EXPECT_EQ(test, fake_queue.wakes, 0);

	for (i = 0; i < 4; i++) {
		transfer_is_sent();
		KUNIT_EXPECT_FALSE(test, queue_is_stopped());
		/* it is woken for what it waited for, not for each transfer */
		KUNIT_EXPECT_EQ(test, fake_queue.wakes, 1);
	}
}

static void queue_stops_while_no_packet_of_the_mtu_fits(struct kunit *test)
{
	tx_begin(test, false, 4);
	fix->tx.netdev->mtu = 251;
	send_packets(test, 2 + FULL + 3, 68);
	KUNIT_EXPECT_FALSE(test, queue_is_stopped());
	/* 4 * 72 in the last slot */
	send_packets(test, 1, 68);
	KUNIT_EXPECT_TRUE(test, queue_is_stopped());
	KUNIT_EXPECT_EQ(test, fake_usb.flying, 3);
	transfer_is_sent();
	KUNIT_EXPECT_FALSE(test, queue_is_stopped());
	KUNIT_EXPECT_EQ(test, fake_queue.wakes, 1);
}

static void packet_of_a_raised_mtu_is_kept_by_the_stack(struct kunit *test)
{
	struct sk_buff *skb;

	tx_begin(test, false, 4);
	send_packets(test, 2 + FULL + 4, 68);
	KUNIT_EXPECT_FALSE(test, queue_is_stopped());

	fix->tx.netdev->mtu = 251;
	skb = make_packet(test, 251);
	KUNIT_EXPECT_EQ(test, (int)give_packet(skb), (int)NETDEV_TX_BUSY);
	KUNIT_EXPECT_TRUE(test, queue_is_stopped());
	KUNIT_EXPECT_EQ(test, fix->freed, fix->made - 1);
	KUNIT_ASSERT_EQ(test, fake_usb.flying, 4);
	expect_transfer(test, 3, 4, 68, 2 + FULL);

	transfer_is_sent();
	KUNIT_EXPECT_FALSE(test, queue_is_stopped());
	KUNIT_EXPECT_EQ(test, (int)give_packet(skb), (int)NETDEV_TX_OK);
	transfer_is_sent();
	transfer_is_sent();
	KUNIT_ASSERT_EQ(test, fake_usb.flying, 2);
	expect_transfer(test, 1, 1, 251, 2 + FULL + 4);
}

static void ring_of_one_sends_in_order(struct kunit *test)
{
	unsigned int i;

	tx_begin(test, false, 1);
	for (i = 0; i < 5; i++) {
		send_packets(test, 1, 68);
		KUNIT_EXPECT_TRUE(test, queue_is_stopped());
		expect_transfer(test, 0, 1, 68, i);
		transfer_is_sent();
		KUNIT_EXPECT_FALSE(test, queue_is_stopped());
	}
}

/* Positions run freely, and over. */
static void positions_run_over(struct kunit *test)
{
	unsigned int i;

	tx_begin(test, false, 4);
	fix->tx.head = UINT_MAX - 5;
	fix->tx.next = UINT_MAX - 5;
	fix->tx.open = UINT_MAX - 5;
	for (i = 0; i < 20; i++) {
		send_packets(test, 4, 68);
		transfer_is_sent();
		transfer_is_sent();
		transfer_is_sent();
		KUNIT_ASSERT_EQ(test, fake_usb.flying, 0);
		KUNIT_ASSERT_FALSE(test, queue_is_stopped());
	}
	EXPECT_COUNTS(test, [MCTP_USB_TX_PACKETS] = 80, [MCTP_USB_TX_BYTES] = 5440,
		      [MCTP_USB_TX_TRANSFERS] = 60, [MCTP_USB_TX_PACKED] = 20);
}

static unsigned int polls_with_work;

/* On another CPU, while the one that submits has the queue's lock. */
static void poll_looks(void)
{
	struct mctp_usb_tx *tx = &fix->tx;

	if (tx->head != tx->next && slot_at(tx, tx->head)->done)
		polls_with_work++;
}

static void sent_at_once(struct urb *urb)
{
	fake_usb_give_back(urb, 0, urb->transfer_buffer_length);
}

static void completion_inside_of_submission_wakes_the_queue(struct kunit *test)
{
	unsigned int i;

	polls_with_work = 0;
	fake_usb.on_schedule = poll_looks;
	fake_usb.on_submit = sent_at_once;
	tx_begin(test, false, 1);
	for (i = 1; i <= 3; i++) {
		send_packets(test, 1, 68);
		/* the last poll there is has to find the transfer */
		KUNIT_EXPECT_EQ(test, polls_with_work, i);
		tx_reap();
		KUNIT_EXPECT_FALSE(test, queue_is_stopped());
		EXPECT_COUNTS(test, [MCTP_USB_TX_PACKETS] = i,
			      [MCTP_USB_TX_BYTES] = 68 * i,
			      [MCTP_USB_TX_TRANSFERS] = i);
	}
}

static void completion_asks_for_napi(struct kunit *test)
{
	tx_begin(test, false, 4);
	send_packets(test, 2, 68);
	KUNIT_EXPECT_EQ(test, fake_usb.scheduled, 0);
	end_transfer(0, 72);
	KUNIT_EXPECT_EQ(test, fake_usb.scheduled, 1);
	KUNIT_EXPECT_EQ(test, fix->tx.head, 0);
}

/* Or what is sent meanwhile would be dropped. */
static void stop_stops_the_queue(struct kunit *test)
{
	tx_begin(test, false, 4);
	KUNIT_EXPECT_FALSE(test, queue_is_stopped());
	mctp_usb_tx_stop(&fix->tx);
	KUNIT_EXPECT_TRUE(test, queue_is_stopped());
	mctp_usb_tx_start(&fix->tx);
	KUNIT_EXPECT_FALSE(test, queue_is_stopped());
}

static struct kunit_case tx_cases[] = {
	KUNIT_CASE(packets_on_an_idle_pipe_leave_at_once),
	KUNIT_CASE(packets_gather_while_the_bus_is_busy),
	KUNIT_CASE(full_transfer_leaves),
	KUNIT_CASE(transfer_leaves_for_a_packet_that_does_not_fit),
	KUNIT_CASE(spanning_packets_of_any_length_leave),
	KUNIT_CASE(without_packing_each_packet_has_its_transfer),
	KUNIT_CASE(without_packing_the_last_slot_takes_one_packet),
	KUNIT_CASE(packing_can_end_with_packets_gathered),
	KUNIT_CASE(packing_that_ends_leaves_no_room_in_the_last_slot),
	KUNIT_CASE(packets_are_counted_when_they_are_sent),
	KUNIT_CASE(transfer_that_is_done_early_waits_for_those_before_it),
	KUNIT_CASE(packet_of_pages_is_sent),
	KUNIT_CASE(queue_stops_with_the_ring_full_and_wakes_with_room),
	KUNIT_CASE(queue_stops_while_no_packet_of_the_mtu_fits),
	KUNIT_CASE(packet_of_a_raised_mtu_is_kept_by_the_stack),
	KUNIT_CASE(ring_of_one_sends_in_order),
	KUNIT_CASE(positions_run_over),
	KUNIT_CASE(completion_inside_of_submission_wakes_the_queue),
	KUNIT_CASE(completion_asks_for_napi),
	KUNIT_CASE(stop_stops_the_queue),
	{}
};

static struct kunit_suite tx_suite = {
	.name = "mctp_usb_tx",
	.init = tx_set_up,
	.exit = tx_tear_down,
	.test_cases = tx_cases,
};

kunit_test_suite(tx_suite);

MODULE_DESCRIPTION("KUnit: transmit engine of mctp-usb");
MODULE_LICENSE("GPL");
