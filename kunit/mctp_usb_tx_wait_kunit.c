// SPDX-License-Identifier: GPL-2.0
/* The transmit engine and messages of several packets: which wait, how long. */
#include <linux/module.h>

#include "fake-tx.h"

/* Packets of 68 bytes in a 1.0 transfer */
#define FULL	7

static void time_passes(struct kunit *test)
{
	struct timer_list *timer = fake_queue.timer;

	KUNIT_ASSERT_PTR_EQ(test, timer, &fix->tx.timer);
	fake_queue.timer = NULL;
	local_bh_disable();
	mctp_usb_tx_timeout(timer);
	local_bh_enable();
}

static void message_leaves_with_its_last_packet(struct kunit *test)
{
	tx_begin(test, false, 8);
	fix->go_on = 3;
	send_packets(test, 3, 68);
	KUNIT_EXPECT_EQ(test, fake_usb.flying, 0);
	send_packets(test, 1, 20);
	KUNIT_ASSERT_EQ(test, fake_usb.flying, 1);
	KUNIT_EXPECT_EQ(test, fake_usb.flight[0]->transfer_buffer_length,
			3 * 72 + 24);
}

static void long_message_fills_transfers(struct kunit *test)
{
	tx_begin(test, false, 8);
	fix->go_on = 2 * FULL + 1;
	send_packets(test, 2 * FULL + 1, 68);
	KUNIT_ASSERT_EQ(test, fake_usb.flying, 2);
	expect_transfer(test, 0, FULL, 68, 0);
	expect_transfer(test, 1, FULL, 68, FULL);
	/* nor does it help that the bus has nothing to do */
	transfer_is_sent();
	transfer_is_sent();
	KUNIT_EXPECT_EQ(test, fake_usb.flying, 0);
	send_packets(test, 1, 68);
	KUNIT_ASSERT_EQ(test, fake_usb.flying, 1);
	expect_transfer(test, 0, 2, 68, 2 * FULL);
}

static void spanning_message_leaves_whole(struct kunit *test)
{
	tx_begin(test, true, 8);
	fix->go_on = 16;
	send_packets(test, 17, 68);
	KUNIT_ASSERT_EQ(test, fake_usb.flying, 1);
	expect_transfer(test, 0, 17, 68, 0);
}

static void last_packet_of_another_message_takes_them_along(struct kunit *test)
{
	tx_begin(test, false, 8);
	fix->go_on = 2;
	send_packets(test, 2, 68);
	KUNIT_EXPECT_EQ(test, fake_usb.flying, 0);
	send_packets(test, 1, 68);
	KUNIT_ASSERT_EQ(test, fake_usb.flying, 1);
	expect_transfer(test, 0, 3, 68, 0);
}

static void packet_does_not_wait_for_ever(struct kunit *test)
{
	tx_begin(test, false, 8);
	fix->go_on = 2;
	send_packets(test, 2, 68);
	KUNIT_EXPECT_EQ(test, fake_usb.flying, 0);
	time_passes(test);
	KUNIT_ASSERT_EQ(test, fake_usb.flying, 1);
	expect_transfer(test, 0, 2, 68, 0);
}

static void each_transfer_has_its_time_to_wait(struct kunit *test)
{
	tx_begin(test, false, 8);
	fix->go_on = 2 * FULL;
	send_packets(test, FULL + 1, 68);
	KUNIT_EXPECT_EQ(test, fake_usb.flying, 1);
	/* the timer was for the first one */
	time_passes(test);
	KUNIT_EXPECT_EQ(test, fake_usb.flying, 1);
	time_passes(test);
	KUNIT_ASSERT_EQ(test, fake_usb.flying, 2);
	expect_transfer(test, 1, 1, 68, FULL);
}

static void time_is_up_for_nothing(struct kunit *test)
{
	tx_begin(test, false, 8);
	fix->go_on = 1;
	send_packets(test, 2, 68);
	KUNIT_EXPECT_EQ(test, fake_usb.flying, 1);
	time_passes(test);
	KUNIT_EXPECT_EQ(test, fake_usb.flying, 1);
	KUNIT_EXPECT_PTR_EQ(test, fake_queue.timer, NULL);
}

static void packets_that_waited_longest_gather_while_the_bus_is_busy(struct kunit *test)
{
	tx_begin(test, false, 8);
	fix->go_on = 1 + 2 * FULL;
	send_packets(test, 2 * FULL + 1, 68);
	KUNIT_EXPECT_EQ(test, fake_usb.flying, 2);
	time_passes(test);
	time_passes(test);
	KUNIT_EXPECT_EQ(test, fake_usb.flying, 2);
	transfer_is_sent();
	KUNIT_ASSERT_EQ(test, fake_usb.flying, 2);
	expect_transfer(test, 1, 1, 68, 2 * FULL);
}

static void without_packing_nothing_waits(struct kunit *test)
{
	tx_begin(test, false, 8);
	fix->tx.packing = false;
	fix->go_on = 3;
	send_packets(test, 3, 68);
	KUNIT_EXPECT_EQ(test, fake_usb.flying, 3);
	KUNIT_EXPECT_PTR_EQ(test, fake_queue.timer, NULL);
}

static void nothing_waits_when_the_queue_stops(struct kunit *test)
{
	tx_begin(test, false, 1);
	fix->tx.netdev->mtu = 251;
	fix->go_on = 2;
	send_packets(test, 2, 140);
	KUNIT_EXPECT_TRUE(test, queue_is_stopped());
	KUNIT_ASSERT_EQ(test, fake_usb.flying, 1);
	expect_transfer(test, 0, 2, 140, 0);
	transfer_is_sent();
	KUNIT_EXPECT_FALSE(test, queue_is_stopped());
}

static void what_waited_at_a_stop_leaves_at_the_start(struct kunit *test)
{
	tx_begin(test, false, 8);
	fix->go_on = 2;
	send_packets(test, 2, 68);
	mctp_usb_tx_stop(&fix->tx);
	KUNIT_EXPECT_PTR_EQ(test, fake_queue.timer, NULL);
	KUNIT_EXPECT_EQ(test, fake_usb.flying, 0);
	mctp_usb_tx_start(&fix->tx);
	KUNIT_ASSERT_EQ(test, fake_usb.flying, 1);
	expect_transfer(test, 0, 2, 68, 0);
}

static struct kunit_case wait_cases[] = {
	KUNIT_CASE(message_leaves_with_its_last_packet),
	KUNIT_CASE(long_message_fills_transfers),
	KUNIT_CASE(spanning_message_leaves_whole),
	KUNIT_CASE(last_packet_of_another_message_takes_them_along),
	KUNIT_CASE(packet_does_not_wait_for_ever),
	KUNIT_CASE(each_transfer_has_its_time_to_wait),
	KUNIT_CASE(time_is_up_for_nothing),
	KUNIT_CASE(packets_that_waited_longest_gather_while_the_bus_is_busy),
	KUNIT_CASE(without_packing_nothing_waits),
	KUNIT_CASE(nothing_waits_when_the_queue_stops),
	KUNIT_CASE(what_waited_at_a_stop_leaves_at_the_start),
	{}
};

static struct kunit_suite wait_suite = {
	.name = "mctp_usb_tx_wait",
	.init = tx_set_up,
	.exit = tx_tear_down,
	.test_cases = wait_cases,
};

kunit_test_suite(wait_suite);

MODULE_DESCRIPTION("KUnit: messages of several packets in mctp-usb's transmit engine");
MODULE_LICENSE("GPL");
