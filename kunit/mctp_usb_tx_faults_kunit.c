// SPDX-License-Identifier: GPL-2.0
/* The transmit engine when packets, the device or the bus let it down. */
#include <linux/module.h>

#include "fake-tx.h"

#define FULL	7	/* packets of the MTU of 68 in a 1.0 transfer */

static void packet_of_another_protocol_is_dropped(struct kunit *test)
{
	struct sk_buff *skb;

	tx_begin(test, false, 4);
	skb = make_packet(test, 68);
	skb->protocol = htons(ETH_P_IP);
	KUNIT_EXPECT_EQ(test, (int)give_packet(skb), (int)NETDEV_TX_OK);
	KUNIT_EXPECT_EQ(test, fix->freed, 1);
	KUNIT_EXPECT_EQ(test, fake_usb.flying, 0);
	EXPECT_COUNTS(test, [MCTP_USB_TX_BAD_PROTOCOL] = 1);

	/* raw sockets need not name one */
	skb = make_packet(test, 68);
	skb->protocol = 0;
	KUNIT_EXPECT_EQ(test, (int)give_packet(skb), (int)NETDEV_TX_OK);
	KUNIT_EXPECT_EQ(test, fake_usb.flying, 1);
	EXPECT_COUNTS(test, [MCTP_USB_TX_BAD_PROTOCOL] = 1);
}

static void packet_of_no_legal_length_is_dropped(struct kunit *test)
{
	tx_begin(test, false, 4);
	send_packets(test, 1, 3);
	send_packets(test, 1, 69);
	KUNIT_EXPECT_EQ(test, fix->freed, 2);
	KUNIT_EXPECT_EQ(test, fake_usb.flying, 0);
	EXPECT_COUNTS(test, [MCTP_USB_TX_BAD_LEN] = 2);
	send_packets(test, 1, 4);
	send_packets(test, 1, 68);
	KUNIT_EXPECT_EQ(test, fake_usb.flying, 2);
	EXPECT_COUNTS(test, [MCTP_USB_TX_BAD_LEN] = 2);
}

/* Nothing keeps an MTU from being too large but the netdev's limit. */
static void packet_that_no_frame_takes_is_dropped(struct kunit *test)
{
	tx_begin(test, false, 4);
	fix->tx.netdev->mtu = 400;
	send_packets(test, 1, 252);
	EXPECT_COUNTS(test, [MCTP_USB_TX_BAD_LEN] = 1);
	send_packets(test, 1, 251);
	KUNIT_ASSERT_EQ(test, fake_usb.flying, 1);
	expect_transfer(test, 0, 1, 251, 1);
}

static void packet_that_cannot_be_read_leaves_no_trace(struct kunit *test)
{
	tx_begin(test, false, 4);
	send_packets(test, 2 + 1, 68);
	fake_queue.copies_left = 0;
	KUNIT_EXPECT_EQ(test, (int)give_packet(make_paged_packet(test, 50)),
			(int)NETDEV_TX_OK);
	fake_queue.copies_left = FAKE_NEVER;
	EXPECT_COUNTS(test, [MCTP_USB_TX_DROPPED] = 1);
	KUNIT_EXPECT_EQ(test, fix->freed, 4);

	/* the number of the one that was dropped is used once more */
	fix->made--;
	fix->freed--;
	send_packets(test, 1, 68);
	transfer_is_sent();
	KUNIT_ASSERT_EQ(test, fake_usb.flying, 2);
	expect_transfer(test, 1, 2, 68, 2);
}

static void engine_that_does_not_run_drops(struct kunit *test)
{
	tx_begin(test, false, 4);
	mctp_usb_tx_stop(&fix->tx);
	KUNIT_EXPECT_EQ(test, fake_pipe.stops, 1);
	send_packets(test, 1, 68);
	KUNIT_EXPECT_EQ(test, fake_usb.flying, 0);
	KUNIT_EXPECT_EQ(test, fix->freed, 1);
	EXPECT_COUNTS(test, [MCTP_USB_TX_DROPPED] = 1);
}

static const int failures[] = {
	-EPROTO, -EILSEQ, -ETIME, -EPIPE, -ENODEV, -ESHUTDOWN,
};

static void describe(const int *status, char *text)
{
	snprintf(text, KUNIT_PARAM_DESC_SIZE, "%d", *status);
}

KUNIT_ARRAY_PARAM(failure, failures, describe);

static void failed_transfer_is_lost_and_told(struct kunit *test)
{
	const int *status = test->param_value;

	tx_begin(test, false, 4);
	send_packets(test, 2 + 3, 68);
	transfer_is_sent();
	transfer_is_sent();
	KUNIT_ASSERT_EQ(test, fake_usb.flying, 1);
	end_transfer(*status, 0);
	tx_reap();
	EXPECT_COUNTS(test, [MCTP_USB_TX_PACKETS] = 2, [MCTP_USB_TX_BYTES] = 136,
		      [MCTP_USB_TX_TRANSFERS] = 2, [MCTP_USB_TX_URB] = 1,
		      [MCTP_USB_TX_LOST] = 3);
	KUNIT_EXPECT_EQ(test, fake_pipe.failures, 1);
	KUNIT_EXPECT_EQ(test, fake_pipe.status, *status);

	/* nothing goes out until the policy says so */
	send_packets(test, 2, 68);
	KUNIT_EXPECT_EQ(test, fake_usb.flying, 0);
	mctp_usb_tx_resume(&fix->tx);
	KUNIT_ASSERT_EQ(test, fake_usb.flying, 2);
	expect_transfer(test, 0, 1, 68, 5);
	expect_transfer(test, 1, 1, 68, 6);
	KUNIT_EXPECT_EQ(test, fake_pipe.recoveries, 0);
	transfer_is_sent();
	KUNIT_EXPECT_EQ(test, fake_pipe.recoveries, 1);
}

static void begin_with_three_transfers(struct kunit *test)
{
	tx_begin(test, false, 4);
	send_packets(test, 2 + FULL, 68);
	KUNIT_ASSERT_EQ(test, fake_usb.flying, 3);
}

static void halt_costs_the_transfer_that_met_it_alone(struct kunit *test)
{
	begin_with_three_transfers(test);
	send_packets(test, 1, 68);
	end_transfer(-EPIPE, 0);
	end_transfer(-EPIPE, 0);
	end_transfer(-EPIPE, 0);
	tx_reap();
	KUNIT_EXPECT_EQ(test, fake_usb.flying, 0);
	EXPECT_COUNTS(test, [MCTP_USB_TX_URB] = 1, [MCTP_USB_TX_LOST] = 1);
	KUNIT_EXPECT_EQ(test, fake_pipe.failures, 1);

	mctp_usb_tx_kill(&fix->tx);
	mctp_usb_tx_resume(&fix->tx);
	KUNIT_ASSERT_EQ(test, fake_usb.flying, 2);
	expect_transfer(test, 0, 1, 68, 1);
	expect_transfer(test, 1, FULL, 68, 2);
	transfer_is_sent();
	KUNIT_ASSERT_EQ(test, fake_usb.flying, 2);
	expect_transfer(test, 1, 1, 68, 2 + FULL);
	EXPECT_COUNTS(test, [MCTP_USB_TX_URB] = 1, [MCTP_USB_TX_LOST] = 1,
		      [MCTP_USB_TX_PACKETS] = 1, [MCTP_USB_TX_BYTES] = 68,
		      [MCTP_USB_TX_TRANSFERS] = 1);
}

static void halt_inside_of_a_later_transfer_costs_that_too(struct kunit *test)
{
	begin_with_three_transfers(test);
	end_transfer(-EPIPE, 0);
	end_transfer(-EPIPE, 10);
	end_transfer(-EPIPE, 0);
	tx_reap();
	EXPECT_COUNTS(test, [MCTP_USB_TX_URB] = 2, [MCTP_USB_TX_LOST] = 2);
	mctp_usb_tx_resume(&fix->tx);
	KUNIT_ASSERT_EQ(test, fake_usb.flying, 1);
	expect_transfer(test, 0, FULL, 68, 2);
}

static void second_halt_costs_its_transfer(struct kunit *test)
{
	begin_with_three_transfers(test);
	end_transfer(-EPIPE, 0);
	end_transfer(-EPIPE, 0);
	end_transfer(-EPIPE, 0);
	tx_reap();
	mctp_usb_tx_resume(&fix->tx);
	end_transfer(-EPIPE, 0);
	end_transfer(-EPIPE, 0);
	tx_reap();
	EXPECT_COUNTS(test, [MCTP_USB_TX_URB] = 2, [MCTP_USB_TX_LOST] = 2);
	KUNIT_EXPECT_EQ(test, fake_pipe.failures, 2);
	mctp_usb_tx_resume(&fix->tx);
	KUNIT_ASSERT_EQ(test, fake_usb.flying, 1);
	expect_transfer(test, 0, FULL, 68, 2);
}

static void transfers_behind_a_failed_one_are_sent_or_kept(struct kunit *test)
{
	begin_with_three_transfers(test);
	end_transfer(-EPROTO, 0);
	end_transfer(0, 72);
	tx_reap();
	EXPECT_COUNTS(test, [MCTP_USB_TX_URB] = 1, [MCTP_USB_TX_LOST] = 1,
		      [MCTP_USB_TX_PACKETS] = 1, [MCTP_USB_TX_BYTES] = 68,
		      [MCTP_USB_TX_TRANSFERS] = 1);
	mctp_usb_tx_kill(&fix->tx);
	KUNIT_EXPECT_EQ(test, fake_usb.flying, 0);
	mctp_usb_tx_resume(&fix->tx);
	KUNIT_ASSERT_EQ(test, fake_usb.flying, 1);
	expect_transfer(test, 0, FULL, 68, 2);
}

/* A retry takes nothing back: what is in flight stays there. */
static void resume_leaves_alone_what_is_in_flight(struct kunit *test)
{
	begin_with_three_transfers(test);
	end_transfer(-EPROTO, 0);
	tx_reap();
	mctp_usb_tx_resume(&fix->tx);
	KUNIT_ASSERT_EQ(test, fake_usb.flying, 2);
	expect_transfer(test, 0, 1, 68, 1);
	expect_transfer(test, 1, FULL, 68, 2);
	transfer_is_sent();
	transfer_is_sent();
	EXPECT_COUNTS(test, [MCTP_USB_TX_URB] = 1, [MCTP_USB_TX_LOST] = 1,
		      [MCTP_USB_TX_PACKETS] = 8, [MCTP_USB_TX_BYTES] = 8 * 68,
		      [MCTP_USB_TX_TRANSFERS] = 2, [MCTP_USB_TX_PACKED] = 1);
}

/*
 * A device that is halted for a moment only: transfers behind the one that came
 * back are with the USB core still, or went out.
 */
static void transfer_in_flight_is_not_submitted_again(struct kunit *test)
{
	begin_with_three_transfers(test);
	end_transfer(-EPROTO, 0);
	end_transfer(-EPIPE, 0);
	tx_reap();
	mctp_usb_tx_resume(&fix->tx);
	KUNIT_ASSERT_EQ(test, fake_usb.flying, 1);
	expect_transfer(test, 0, FULL, 68, 2);
	EXPECT_COUNTS(test, [MCTP_USB_TX_URB] = 2, [MCTP_USB_TX_LOST] = 2);
	transfer_is_sent();
	KUNIT_EXPECT_EQ(test, fake_usb.flying, 0);
}

static void transfer_that_was_sent_is_not_sent_again(struct kunit *test)
{
	begin_with_three_transfers(test);
	end_transfer(-EPIPE, 0);
	end_transfer(-EPIPE, 0);
	end_transfer(0, FULL * 72);
	tx_reap();
	mctp_usb_tx_kill(&fix->tx);
	mctp_usb_tx_resume(&fix->tx);
	KUNIT_EXPECT_EQ(test, fake_usb.flying, 0);
	EXPECT_COUNTS(test, [MCTP_USB_TX_URB] = 2, [MCTP_USB_TX_LOST] = 2,
		      [MCTP_USB_TX_PACKETS] = FULL, [MCTP_USB_TX_BYTES] = FULL * 68,
		      [MCTP_USB_TX_TRANSFERS] = 1, [MCTP_USB_TX_PACKED] = 1);
}

static void what_was_stopped_is_sent_after_the_start(struct kunit *test)
{
	begin_with_three_transfers(test);
	send_packets(test, 2, 68);
	mctp_usb_tx_stop(&fix->tx);
	KUNIT_EXPECT_EQ(test, fake_usb.flying, 0);
	KUNIT_EXPECT_EQ(test, fake_pipe.failures, 0);
	EXPECT_COUNTS(test);

	mctp_usb_tx_start(&fix->tx);
	KUNIT_EXPECT_EQ(test, fake_pipe.starts, 2);
	KUNIT_ASSERT_EQ(test, fake_usb.flying, 3);
	expect_transfer(test, 0, 1, 68, 0);
	expect_transfer(test, 1, 1, 68, 1);
	expect_transfer(test, 2, FULL, 68, 2);
	transfer_is_sent();
	transfer_is_sent();
	KUNIT_ASSERT_EQ(test, fake_usb.flying, 2);
	expect_transfer(test, 1, 2, 68, 2 + FULL);
}

static void stop_counts_what_went_out_before_it(struct kunit *test)
{
	begin_with_three_transfers(test);
	end_transfer(0, 72);
	/* the device took a part of this one */
	fake_usb_give_back(fake_usb.flight[0], -ENOENT, 40);
	mctp_usb_tx_stop(&fix->tx);
	EXPECT_COUNTS(test, [MCTP_USB_TX_PACKETS] = 1, [MCTP_USB_TX_BYTES] = 68,
		      [MCTP_USB_TX_TRANSFERS] = 1, [MCTP_USB_TX_URB] = 1,
		      [MCTP_USB_TX_LOST] = 1);
	KUNIT_EXPECT_EQ(test, fake_pipe.failures, 0);
	mctp_usb_tx_start(&fix->tx);
	KUNIT_ASSERT_EQ(test, fake_usb.flying, 1);
	expect_transfer(test, 0, FULL, 68, 2);
}

static void stop_counts_what_goes_out_while_it_takes_back(struct kunit *test)
{
	tx_begin(test, false, 4);
	send_packets(test, 1, 68);
	KUNIT_ASSERT_EQ(test, fake_usb.flying, 1);
	fake_usb.late_len = 72;
	mctp_usb_tx_stop(&fix->tx);
	EXPECT_COUNTS(test, [MCTP_USB_TX_PACKETS] = 1, [MCTP_USB_TX_BYTES] = 68,
		      [MCTP_USB_TX_TRANSFERS] = 1);
	KUNIT_EXPECT_EQ(test, fake_pipe.failures, 0);
}

static void stop_takes_the_newest_back_first(struct kunit *test)
{
	struct urb *flight[3];
	unsigned int i;

	tx_begin(test, false, 4);
	/* so that the newest is not the last of the ring */
	for (i = 0; i < 3; i++) {
		send_packets(test, 1, 68);
		transfer_is_sent();
	}
	send_packets(test, 2 + FULL, 68);
	KUNIT_ASSERT_EQ(test, fake_usb.flying, 3);
	memcpy(flight, fake_usb.flight, sizeof(flight));

	mctp_usb_tx_stop(&fix->tx);
	KUNIT_ASSERT_EQ(test, fake_usb.kills, 4);
	for (i = 0; i < 3; i++)
		KUNIT_EXPECT_PTR_EQ(test, fake_usb.killed[i], flight[2 - i]);
}

/* Its answer to a failure may come just before the pipe is stopped. */
static void resume_inside_of_a_stop_does_nothing(struct kunit *test)
{
	tx_begin(test, false, 4);
	fake_usb.submits_left = 0;
	fake_usb.submit_err = -EPROTO;
	fix->tx.netdev->mtu = 251;
	send_packets(test, 2 + FULL + 4, 68);
	KUNIT_EXPECT_TRUE(test, queue_is_stopped());
	fake_usb.submits_left = FAKE_NEVER;
	/* there is room for this one, so that nothing but the stop forbids it */
	fix->tx.netdev->mtu = 68;
	fix->tx.running = false;
	mctp_usb_tx_resume(&fix->tx);
	KUNIT_EXPECT_EQ(test, fake_usb.flying, 0);
	KUNIT_EXPECT_TRUE(test, queue_is_stopped());
}

static void queue_of_unpacked_packets_sleeps_while_the_last_slot_is_used(struct kunit *test)
{
	tx_begin(test, false, 4);
	fix->tx.netdev->mtu = 251;
	send_packets(test, 2 + FULL + 4, 68);
	KUNIT_EXPECT_TRUE(test, queue_is_stopped());
	fix->tx.netdev->mtu = 68;
	fix->tx.packing = false;
	mctp_usb_tx_resume(&fix->tx);
	KUNIT_EXPECT_TRUE(test, queue_is_stopped());
	fix->tx.packing = true;
	mctp_usb_tx_resume(&fix->tx);
	KUNIT_EXPECT_FALSE(test, queue_is_stopped());
}

static void transfer_taken_back_in_its_middle_is_lost_and_no_failure(struct kunit *test)
{
	begin_with_three_transfers(test);
	fix->tx.pipe.fault = MCTP_USB_HALTED;
	end_transfer(-ECONNRESET, 10);
	tx_reap();
	EXPECT_COUNTS(test, [MCTP_USB_TX_URB] = 1, [MCTP_USB_TX_LOST] = 1);
	KUNIT_EXPECT_EQ(test, fake_pipe.failures, 0);
}

/* As r8a66597 reports a transaction error */
static void transfer_that_nobody_took_back_is_lost_and_a_failure(struct kunit *test)
{
	begin_with_three_transfers(test);
	end_transfer(-ECONNRESET, 0);
	tx_reap();
	EXPECT_COUNTS(test, [MCTP_USB_TX_URB] = 1, [MCTP_USB_TX_LOST] = 1);
	KUNIT_EXPECT_EQ(test, fake_pipe.failures, 1);
	KUNIT_EXPECT_EQ(test, fake_pipe.status, -EPROTO);
}

static void start_wakes_a_queue_that_was_stopped(struct kunit *test)
{
	tx_begin(test, false, 4);
	send_packets(test, 2 + 2 * FULL, 68);
	KUNIT_EXPECT_TRUE(test, queue_is_stopped());
	mctp_usb_tx_stop(&fix->tx);
	KUNIT_EXPECT_TRUE(test, queue_is_stopped());
	mctp_usb_tx_purge(&fix->tx);
	KUNIT_EXPECT_EQ(test, fake_queue.wakes, 0);
	mctp_usb_tx_start(&fix->tx);
	KUNIT_EXPECT_FALSE(test, queue_is_stopped());
}

static void purge_drops_what_a_stop_left(struct kunit *test)
{
	begin_with_three_transfers(test);
	send_packets(test, 2, 68);
	transfer_is_sent();
	mctp_usb_tx_stop(&fix->tx);
	mctp_usb_tx_purge(&fix->tx);
	EXPECT_COUNTS(test, [MCTP_USB_TX_PACKETS] = 1, [MCTP_USB_TX_BYTES] = 68,
		      [MCTP_USB_TX_TRANSFERS] = 1,
		      [MCTP_USB_TX_DROPPED] = 1 + FULL + 2);

	mctp_usb_tx_start(&fix->tx);
	KUNIT_EXPECT_EQ(test, fake_usb.flying, 0);
	send_packets(test, 2, 68);
	KUNIT_ASSERT_EQ(test, fake_usb.flying, 2);
	expect_transfer(test, 0, 1, 68, 2 + FULL + 2);
	expect_transfer(test, 1, 1, 68, 2 + FULL + 3);
	KUNIT_EXPECT_PTR_EQ(test, fake_usb.flight[0], fix->tx.ring.slots[0].urb);
}

static void refused_submission_is_told_and_made_again(struct kunit *test)
{
	tx_begin(test, false, 4);
	fake_usb.submits_left = 1;
	fake_usb.submit_err = -ENOMEM;
	send_packets(test, 2 + 3, 68);
	KUNIT_EXPECT_EQ(test, fake_usb.flying, 1);
	KUNIT_EXPECT_EQ(test, fake_pipe.failures, 1);
	KUNIT_EXPECT_EQ(test, fake_pipe.status, -ENOMEM);
	transfer_is_sent();
	KUNIT_EXPECT_EQ(test, fake_usb.flying, 0);

	fake_usb.submits_left = FAKE_NEVER;
	mctp_usb_tx_resume(&fix->tx);
	KUNIT_ASSERT_EQ(test, fake_usb.flying, 2);
	expect_transfer(test, 0, 1, 68, 1);
	expect_transfer(test, 1, 3, 68, 2);
	EXPECT_COUNTS(test, [MCTP_USB_TX_PACKETS] = 1, [MCTP_USB_TX_BYTES] = 68,
		      [MCTP_USB_TX_TRANSFERS] = 1);
}

static void ring_fills_up_behind_a_failing_pipe(struct kunit *test)
{
	tx_begin(test, false, 4);
	fake_usb.submits_left = 0;
	fake_usb.submit_err = -EPROTO;
	send_packets(test, 2 + 2 * FULL - 1, 68);
	KUNIT_EXPECT_FALSE(test, queue_is_stopped());
	send_packets(test, 1, 68);
	KUNIT_EXPECT_TRUE(test, queue_is_stopped());
	KUNIT_EXPECT_EQ(test, fake_usb.flying, 0);

	fake_usb.submits_left = FAKE_NEVER;
	mctp_usb_tx_resume(&fix->tx);
	KUNIT_ASSERT_EQ(test, fake_usb.flying, 4);
	KUNIT_EXPECT_TRUE(test, queue_is_stopped());
	expect_transfer(test, 0, 1, 68, 0);
	expect_transfer(test, 3, FULL, 68, 2 + FULL);
	transfer_is_sent();
	KUNIT_EXPECT_FALSE(test, queue_is_stopped());
}

static struct kunit_case tx_faults_cases[] = {
	KUNIT_CASE(packet_of_another_protocol_is_dropped),
	KUNIT_CASE(packet_of_no_legal_length_is_dropped),
	KUNIT_CASE(packet_that_no_frame_takes_is_dropped),
	KUNIT_CASE(packet_that_cannot_be_read_leaves_no_trace),
	KUNIT_CASE(engine_that_does_not_run_drops),
	KUNIT_CASE_PARAM(failed_transfer_is_lost_and_told, failure_gen_params),
	KUNIT_CASE(halt_costs_the_transfer_that_met_it_alone),
	KUNIT_CASE(halt_inside_of_a_later_transfer_costs_that_too),
	KUNIT_CASE(second_halt_costs_its_transfer),
	KUNIT_CASE(transfers_behind_a_failed_one_are_sent_or_kept),
	KUNIT_CASE(resume_leaves_alone_what_is_in_flight),
	KUNIT_CASE(transfer_in_flight_is_not_submitted_again),
	KUNIT_CASE(transfer_that_was_sent_is_not_sent_again),
	KUNIT_CASE(what_was_stopped_is_sent_after_the_start),
	KUNIT_CASE(stop_counts_what_went_out_before_it),
	KUNIT_CASE(stop_takes_the_newest_back_first),
	KUNIT_CASE(stop_counts_what_goes_out_while_it_takes_back),
	KUNIT_CASE(resume_inside_of_a_stop_does_nothing),
	KUNIT_CASE(queue_of_unpacked_packets_sleeps_while_the_last_slot_is_used),
	KUNIT_CASE(transfer_taken_back_in_its_middle_is_lost_and_no_failure),
	KUNIT_CASE(transfer_that_nobody_took_back_is_lost_and_a_failure),
	KUNIT_CASE(start_wakes_a_queue_that_was_stopped),
	KUNIT_CASE(purge_drops_what_a_stop_left),
	KUNIT_CASE(refused_submission_is_told_and_made_again),
	KUNIT_CASE(ring_fills_up_behind_a_failing_pipe),
	{}
};

static struct kunit_suite tx_faults_suite = {
	.name = "mctp_usb_tx_faults",
	.init = tx_set_up,
	.exit = tx_tear_down,
	.test_cases = tx_faults_cases,
};

kunit_test_suite(tx_faults_suite);

MODULE_DESCRIPTION("KUnit: transmit engine of mctp-usb, failures");
MODULE_LICENSE("GPL");
