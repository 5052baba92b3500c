// SPDX-License-Identifier: GPL-2.0
/* The receive engine when the device, the bus or memory lets it down. */
#include <linux/module.h>

#include "fake-rx.h"

static const struct fault {
	const char *name;
	int status;
	int told;	/* to the pipe, if that is another one */
} faults[] = {
	/* which nobody took back */
	{ "ENOENT", -ENOENT, -EPROTO },
	{ "ECONNRESET", -ECONNRESET, -EPROTO },
	{ "EPIPE", -EPIPE },
	{ "EPROTO", -EPROTO },
	{ "EILSEQ", -EILSEQ },
	{ "ETIME", -ETIME },
	{ "EOVERFLOW", -EOVERFLOW },
	{ "ENODEV", -ENODEV },
	{ "ESHUTDOWN", -ESHUTDOWN },
};

static void describe(const struct fault *f, char *text)
{
	strscpy(text, f->name, KUNIT_PARAM_DESC_SIZE);
}

KUNIT_ARRAY_PARAM(fault, faults, describe);

static void failed_transfer_is_counted_and_told_once(struct kunit *test)
{
	const struct fault *f = test->param_value;
	unsigned int i;

	rx_begin(test, true, 512, 4);
	for (i = 0; i < 4; i++)
		fake_usb_fail(f->status);
	KUNIT_EXPECT_EQ(test, rx_poll(64), 0);
	expect_no_packet(test);
	EXPECT_COUNTS(test, [MCTP_USB_RX_URB] = 1);
	KUNIT_EXPECT_EQ(test, fake_pipe.failures, 1);
	KUNIT_EXPECT_EQ(test, fake_pipe.status, f->told ?: f->status);
	/* a failing pipe is for its policy to restart */
	KUNIT_EXPECT_EQ(test, fake_usb.flying, 0);
}

static void failed_transfer_breaks_off_a_partial_packet(struct kunit *test)
{
	const struct fault *f = test->param_value;

	rx_begin(test, true, 512, 4);
	put_packet(fix->buf, 100);
	fake_usb_send(fix->buf, 30);
	fake_usb_fail(f->status);
	fake_usb_fail(f->status);
	/* the rest, which nobody waits for any more */
	fake_usb_send(fix->buf + 30, 74);
	KUNIT_EXPECT_EQ(test, rx_poll(64), 0);
	expect_no_packet(test);
	EXPECT_COUNTS(test, [MCTP_USB_RX_ABORT] = 1, [MCTP_USB_RX_TRANSFERS] = 2,
		      [MCTP_USB_RX_BAD_ID] = 1);
	KUNIT_EXPECT_EQ(test, fake_pipe.failures, 1);
}

static void what_came_before_and_behind_a_failure_is_delivered(struct kunit *test)
{
	rx_begin(test, false, 512, 4);
	send_packets(2, 68);
	fake_usb_fail(-EPROTO);
	send_packets(1, 40);
	KUNIT_EXPECT_EQ(test, rx_poll(64), 3);
	expect_packet(test, 0, 68);
	expect_packet(test, 1, 68);
	expect_packet(test, 2, 40);
	EXPECT_COUNTS(test, [MCTP_USB_RX_PACKETS] = 3, [MCTP_USB_RX_BYTES] = 176,
		      [MCTP_USB_RX_TRANSFERS] = 2, [MCTP_USB_RX_PACKED] = 1,
		      [MCTP_USB_RX_URB] = 1);
}

static void failing_pipe_is_submitted_to_after_its_resume(struct kunit *test)
{
	unsigned int scheduled, i;

	rx_begin(test, false, 512, 4);
	fake_usb_fail(-EPROTO);
	fake_usb_fail(-EPROTO);
	rx_poll(64);
	KUNIT_EXPECT_EQ(test, fake_usb.flying, 2);
	rx_poll(64);
	KUNIT_EXPECT_EQ(test, fake_usb.flying, 2);

	scheduled = fake_usb.scheduled;
	mctp_usb_rx_resume(&fix->rx);
	KUNIT_EXPECT_EQ(test, fake_usb.scheduled, scheduled + 1);
	KUNIT_EXPECT_EQ(test, rx_poll(64), 0);
	KUNIT_ASSERT_EQ(test, fake_usb.flying, 4);
	for (i = 0; i < 4; i++)
		KUNIT_EXPECT_PTR_EQ(test, fake_usb.flight[i],
				    fix->rx.ring.slots[(i + 2) % 4].urb);
}

static void next_failure_after_a_resume_counts_again(struct kunit *test)
{
	unsigned int i;

	rx_begin(test, false, 512, 2);
	for (i = 1; i <= 3; i++) {
		fake_usb_fail(-EPIPE);
		fake_usb_fail(-EPIPE);
		rx_poll(64);
		mctp_usb_rx_resume(&fix->rx);
		rx_poll(64);
		KUNIT_EXPECT_EQ(test, fake_usb.flying, 2);
		EXPECT_COUNTS(test, [MCTP_USB_RX_URB] = i);
		KUNIT_EXPECT_EQ(test, fake_pipe.failures, i);
	}
}

/* The poll rested, say, while the pipe was dealt with. */
static void rest_of_a_failure_is_no_new_one(struct kunit *test)
{
	rx_begin(test, false, 512, 4);
	fake_usb_fail(-EPIPE);
	rx_poll(64);
	fake_usb_fail(-EPIPE);
	fake_usb_fail(-EPIPE);
	mctp_usb_rx_kill(&fix->rx);
	mctp_usb_rx_resume(&fix->rx);
	rx_poll(64);
	EXPECT_COUNTS(test, [MCTP_USB_RX_URB] = 1);
	KUNIT_EXPECT_EQ(test, fake_pipe.failures, 1);
	KUNIT_EXPECT_EQ(test, fake_usb.flying, 4);

	fake_usb_fail(-EPIPE);
	rx_poll(64);
	KUNIT_EXPECT_EQ(test, fake_pipe.failures, 2);
}

/* Some host controllers' drivers say so of a transfer that broke off. */
static void bytes_that_nobody_took_back_are_no_transfer(struct kunit *test)
{
	rx_begin(test, true, 512, 4);
	put_packet(fix->buf, 100);
	memcpy(fake_usb.flight[0]->transfer_buffer, fix->buf, 64);
	fake_usb_give_back(fake_usb.flight[0], -ECONNRESET, 64);
	rx_poll(64);
	EXPECT_COUNTS(test, [MCTP_USB_RX_URB] = 1);
	KUNIT_EXPECT_EQ(test, fake_pipe.failures, 1);
	KUNIT_EXPECT_EQ(test, fake_pipe.status, -EPROTO);
}

/* After 2^31 transfers without one */
static void failure_counts_however_long_ago_the_last_was(struct kunit *test)
{
	rx_begin(test, false, 512, 4);
	fix->rx.head += 1U << 31;
	fix->rx.tail += 1U << 31;
	fake_usb_fail(-EPIPE);
	rx_poll(64);
	KUNIT_EXPECT_EQ(test, fake_pipe.failures, 1);
	EXPECT_COUNTS(test, [MCTP_USB_RX_URB] = 1);
}

static void transfer_after_failures_tells_that_the_pipe_works(struct kunit *test)
{
	rx_begin(test, false, 512, 2);
	fake_usb_fail(-EPROTO);
	rx_poll(64);
	mctp_usb_rx_resume(&fix->rx);
	rx_poll(64);
	KUNIT_EXPECT_EQ(test, fake_pipe.recoveries, 0);
	/* one without bytes will do */
	send_packets(0, 0);
	send_packets(1, 8);
	rx_poll(64);
	KUNIT_EXPECT_EQ(test, fake_pipe.recoveries, 1);
}

static void start_fails_if_nothing_can_be_queued(struct kunit *test)
{
	rx_make(test, false, 512, 4);
	fake_usb.submits_left = 0;
	fake_usb.submit_err = -ENODEV;
	KUNIT_EXPECT_EQ(test, mctp_usb_rx_start(&fix->rx), -ENODEV);
	KUNIT_EXPECT_EQ(test, fake_pipe.failures, 1);
	KUNIT_EXPECT_EQ(test, fake_pipe.status, -ENODEV);
}

static void start_with_some_slots_is_a_start(struct kunit *test)
{
	rx_make(test, false, 512, 4);
	fake_usb.submits_left = 2;
	fake_usb.submit_err = -ENOMEM;
	KUNIT_EXPECT_EQ(test, mctp_usb_rx_start(&fix->rx), 0);
	KUNIT_EXPECT_EQ(test, fake_usb.flying, 2);
	KUNIT_EXPECT_EQ(test, fake_pipe.failures, 1);
	KUNIT_EXPECT_EQ(test, fake_pipe.status, -ENOMEM);

	/* what is queued is used, and the rest with the resume */
	send_packets(1, 68);
	KUNIT_EXPECT_EQ(test, rx_poll(64), 1);
	KUNIT_EXPECT_EQ(test, fake_usb.flying, 1);
	fake_usb.submits_left = FAKE_NEVER;
	mctp_usb_rx_resume(&fix->rx);
	rx_poll(64);
	KUNIT_EXPECT_EQ(test, fake_usb.flying, 4);
}

static void slot_that_was_refused_is_the_next_one_queued(struct kunit *test)
{
	unsigned int i;

	rx_begin(test, false, 512, 4);
	send_packets(1, 68);
	send_packets(1, 68);
	fake_usb.submits_left = 1;
	fake_usb.submit_err = -ESHUTDOWN;
	KUNIT_EXPECT_EQ(test, rx_poll(64), 2);
	KUNIT_EXPECT_EQ(test, fake_usb.flying, 3);
	KUNIT_EXPECT_EQ(test, fake_pipe.status, -ESHUTDOWN);
	EXPECT_COUNTS(test, [MCTP_USB_RX_PACKETS] = 2, [MCTP_USB_RX_BYTES] = 136,
		      [MCTP_USB_RX_TRANSFERS] = 2);

	fake_usb.submits_left = FAKE_NEVER;
	mctp_usb_rx_resume(&fix->rx);
	rx_poll(64);
	KUNIT_ASSERT_EQ(test, fake_usb.flying, 4);
	for (i = 0; i < 4; i++)
		KUNIT_EXPECT_PTR_EQ(test, fake_usb.flight[i],
				    fix->rx.ring.slots[(i + 2) % 4].urb);
}

static void packet_without_memory_is_the_only_one_lost(struct kunit *test)
{
	rx_begin(test, false, 512, 4);
	fake_net.skbs_left = 1;
	send_packets(2, 68);
	KUNIT_EXPECT_EQ(test, rx_poll(64), 1);
	KUNIT_EXPECT_EQ(test, fake_usb.flying, 4);
	fake_net.skbs_left = FAKE_NEVER;
	send_packets(2, 30);
	KUNIT_EXPECT_EQ(test, rx_poll(64), 2);
	expect_packet(test, 0, 68);
	expect_packet(test, 2, 30);
	expect_packet(test, 3, 30);
	EXPECT_COUNTS(test, [MCTP_USB_RX_PACKETS] = 3, [MCTP_USB_RX_BYTES] = 128,
		      [MCTP_USB_RX_TRANSFERS] = 2, [MCTP_USB_RX_PACKED] = 1,
		      [MCTP_USB_RX_NO_MEMORY] = 1);
}

static void spanning_packet_without_memory_is_lost_to_its_end(struct kunit *test)
{
	u8 *end;

	rx_begin(test, true, 512, 4);
	end = put_packet(fix->buf, 8187);
	fake_net.skbs_left = 0;
	fake_usb_send(fix->buf, 512);
	KUNIT_EXPECT_EQ(test, rx_poll(64), 0);
	/* memory that is there again does not make it whole */
	fake_net.skbs_left = FAKE_NEVER;
	fake_usb_send(fix->buf + 512, 512);
	fake_usb_send(fix->buf + 1024, end - fix->buf - 1024);
	KUNIT_EXPECT_EQ(test, rx_poll(64), 0);
	send_packets(1, 68);
	KUNIT_EXPECT_EQ(test, rx_poll(64), 1);
	expect_packet(test, 1, 68);
	EXPECT_COUNTS(test, [MCTP_USB_RX_PACKETS] = 1, [MCTP_USB_RX_BYTES] = 68,
		      [MCTP_USB_RX_TRANSFERS] = 4, [MCTP_USB_RX_NO_MEMORY] = 1);
}

static void framing_error_is_told_rarely_and_resync_counted(struct kunit *test)
{
	unsigned int i;

	rx_begin(test, false, 512, 8);
	for (i = 0; i < 5; i++)
		fake_usb_send("what?", 5);
	rx_poll(64);
	/* the limit of this engine is two */
	KUNIT_EXPECT_EQ(test, fake_net.warnings, 2);
	EXPECT_COUNTS(test, [MCTP_USB_RX_TRANSFERS] = 5, [MCTP_USB_RX_BAD_ID] = 5);

	send_packets(2, 10);
	KUNIT_EXPECT_EQ(test, rx_poll(64), 2);
	EXPECT_COUNTS(test, [MCTP_USB_RX_TRANSFERS] = 6, [MCTP_USB_RX_BAD_ID] = 5,
		      [MCTP_USB_RX_PACKETS] = 2, [MCTP_USB_RX_BYTES] = 20,
		      [MCTP_USB_RX_PACKED] = 1, [MCTP_USB_RX_RESYNC] = 1);
}

static void framing_error_is_told_by_name(struct kunit *test)
{
	static const struct {
		const char *bytes;
		unsigned int len;
		enum mctp_usb_rx_stat stat;
		const char *text;
	} errors[] = {
		{ "what?", 5, MCTP_USB_RX_BAD_ID, "no frame id" },
		{ "\x1a\xb4\0\4", 4, MCTP_USB_RX_BAD_LEN, "bad length" },
		{ "\x1a\xb4\0", 3, MCTP_USB_RX_SHORT_HDR, "incomplete header" },
		{ "\x1a\xb4\0\11wha", 7, MCTP_USB_RX_TRUNC, "truncated frame" },
	};
	unsigned int i;

	ratelimit_state_init(&fix->rx.ratelimit, HZ, 100);
	rx_begin(test, false, 512, 8);
	for (i = 0; i < ARRAY_SIZE(errors); i++) {
		fake_usb_send(errors[i].bytes, errors[i].len);
		rx_poll(64);
		KUNIT_EXPECT_EQ(test, u64_stats_read(&fix->stats.n[errors[i].stat]), 1);
		KUNIT_EXPECT_NOT_NULL_MSG(test, strstr(fake_net.warning,
						       errors[i].text),
					  "%s: %s", errors[i].text,
					  fake_net.warning);
	}
}

static void padding_is_no_error(struct kunit *test)
{
	u8 *end;

	rx_begin(test, false, 512, 2);
	end = put_packet(fix->buf, 68);
	memset(end, 0, 100);
	fake_usb_send(fix->buf, end + 100 - fix->buf);
	KUNIT_EXPECT_EQ(test, rx_poll(64), 1);
	send_packets(1, 8);
	KUNIT_EXPECT_EQ(test, rx_poll(64), 1);
	EXPECT_COUNTS(test, [MCTP_USB_RX_PACKETS] = 2, [MCTP_USB_RX_BYTES] = 76,
		      [MCTP_USB_RX_TRANSFERS] = 2, [MCTP_USB_RX_PAD] = 1);
	KUNIT_EXPECT_EQ(test, fake_net.warnings, 0);
}

/* Full speed, where parts are handed out before the end is known to be there. */
static void truncated_packet_is_not_completed_by_the_next(struct kunit *test)
{
	rx_begin(test, false, 64, 4);
	put_packet(fix->buf, 100);
	fake_usb_send(fix->buf, 64);
	fake_usb_send(fix->buf + 64, 10);
	KUNIT_EXPECT_EQ(test, rx_poll(64), 0);
	KUNIT_EXPECT_PTR_EQ(test, fix->rx.skb, NULL);
	send_packets(1, 20);
	KUNIT_EXPECT_EQ(test, rx_poll(64), 1);
	expect_packet(test, 1, 20);
	EXPECT_COUNTS(test, [MCTP_USB_RX_PACKETS] = 1, [MCTP_USB_RX_BYTES] = 20,
		      [MCTP_USB_RX_TRANSFERS] = 3, [MCTP_USB_RX_TRUNC] = 1,
		      [MCTP_USB_RX_RESYNC] = 1);
}

static struct kunit_case rx_faults_cases[] = {
	KUNIT_CASE_PARAM(failed_transfer_is_counted_and_told_once,
			 fault_gen_params),
	KUNIT_CASE_PARAM(failed_transfer_breaks_off_a_partial_packet,
			 fault_gen_params),
	KUNIT_CASE(what_came_before_and_behind_a_failure_is_delivered),
	KUNIT_CASE(failing_pipe_is_submitted_to_after_its_resume),
	KUNIT_CASE(next_failure_after_a_resume_counts_again),
	KUNIT_CASE(rest_of_a_failure_is_no_new_one),
	KUNIT_CASE(bytes_that_nobody_took_back_are_no_transfer),
	KUNIT_CASE(failure_counts_however_long_ago_the_last_was),
	KUNIT_CASE(transfer_after_failures_tells_that_the_pipe_works),
	KUNIT_CASE(start_fails_if_nothing_can_be_queued),
	KUNIT_CASE(start_with_some_slots_is_a_start),
	KUNIT_CASE(slot_that_was_refused_is_the_next_one_queued),
	KUNIT_CASE(packet_without_memory_is_the_only_one_lost),
	KUNIT_CASE(spanning_packet_without_memory_is_lost_to_its_end),
	KUNIT_CASE(framing_error_is_told_rarely_and_resync_counted),
	KUNIT_CASE(framing_error_is_told_by_name),
	KUNIT_CASE(padding_is_no_error),
	KUNIT_CASE(truncated_packet_is_not_completed_by_the_next),
	{}
};

static struct kunit_suite rx_faults_suite = {
	.name = "mctp_usb_rx_faults",
	.init = rx_set_up,
	.exit = rx_tear_down,
	.test_cases = rx_faults_cases,
};

kunit_test_suite(rx_faults_suite);

MODULE_DESCRIPTION("KUnit: receive engine of mctp-usb, failures");
MODULE_LICENSE("GPL");
