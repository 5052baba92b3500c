// SPDX-License-Identifier: GPL-2.0
/*
 * The pace of receive, against devices that always have something to send, and
 * readers that take as long as receive itself.
 */
#include <kunit/test.h>
#include <linux/module.h>
#include <linux/time64.h>

#include "../src/usb/pace.c"

#define RING		64
#define PER_TRANSFER	7
#define MICROFRAME	(125 * NSEC_PER_USEC)

/**
 * struct machine - a processor and a bus
 * @pace: what is tested
 * @now: time, in ns
 * @transfer_cost: time to receive the packets of a transfer
 * @per_microframe: most transfers that the bus carries in one
 * @rests: how often receive rested
 * @packets: received so far
 * @free: time that was left
 * @worked: time that was not
 */
static struct machine {
	struct mctp_usb_pace pace;
	u64 now;
	u64 transfer_cost;
	unsigned int per_microframe;
	unsigned int rests;
	unsigned int packets;
	u64 free;
	u64 worked;
} m;

static void machine_start(u64 transfer_cost, unsigned int per_microframe)
{
	m = (struct machine){
		.now = 77ULL * NSEC_PER_SEC,
		.transfer_cost = transfer_cost,
		.per_microframe = per_microframe,
	};
	mctp_usb_pace_start(&m.pace, RING);
}

/* A poll that finds @transfers done, of as many as are queued. */
static void poll(unsigned int transfers)
{
	struct mctp_usb_pace_poll poll = {
		.started = m.now,
		.ended = m.now + transfers * m.transfer_cost,
		.packets = transfers * PER_TRANSFER,
		.queued = m.pace.depth,
		.transfers = transfers,
	};
	u64 rest = mctp_usb_pace_poll(&m.pace, &poll);

	m.now = poll.ended + rest;
	m.rests += !!rest;
	m.packets += poll.packets;
	m.worked += poll.ended - poll.started;
	m.free += rest;
}

/* Polls of a host controller that looks at what is queued once a microframe. */
static void run_microframes(unsigned int n)
{
	u64 next;

	while (n--) {
		poll(min(m.pace.depth, m.per_microframe));
		next = div_u64(m.now + MICROFRAME - 1, MICROFRAME) * MICROFRAME;
		m.free += next - m.now;
		m.now = next;
	}
}

static void depth_follows_a_device_that_fills_all(struct kunit *test)
{
	machine_start(0, RING);
	KUNIT_EXPECT_EQ(test, m.pace.depth, DEPTH_START);
	run_microframes(5);
	KUNIT_EXPECT_EQ(test, m.pace.depth, RING);
	run_microframes(1000);
	KUNIT_EXPECT_EQ(test, m.pace.depth, RING);
	KUNIT_EXPECT_EQ(test, m.rests, 0);
}

static void depth_is_what_the_bus_needs(struct kunit *test)
{
	machine_start(0, 13);
	run_microframes(1000);
	KUNIT_EXPECT_GT(test, m.pace.depth, 13);
	KUNIT_EXPECT_LE(test, m.pace.depth, 26);
}

static void depth_goes_back_when_one_at_a_time_is_enough(struct kunit *test)
{
	machine_start(0, RING);
	run_microframes(10);
	m.per_microframe = 1;
	run_microframes(2 * POLLS_TO_SHRINK);
	KUNIT_EXPECT_EQ(test, m.pace.depth, DEPTH_MIN);
}

static void depth_stays_small_if_answers_follow_requests(struct kunit *test)
{
	machine_start(2 * NSEC_PER_USEC, 1);
	run_microframes(1000);
	KUNIT_EXPECT_EQ(test, m.pace.depth, DEPTH_MIN);
	KUNIT_EXPECT_EQ(test, m.rests, 0);
}

/* At this cost the processor could take in 10 a microframe, if none read them. */
static void readers_get_their_time(struct kunit *test)
{
	machine_start(MICROFRAME / 10, 13);
	run_microframes(1000);
	KUNIT_EXPECT_GE(test, m.free * 4, m.worked * READERS_QUARTERS);
	/* and not all of it */
	KUNIT_EXPECT_GE(test, m.worked * 3, m.free);
}

static void no_rest_where_the_bus_leaves_time(struct kunit *test)
{
	/* 20 % of the processor's time for receive, 15 % for readers */
	machine_start(MICROFRAME / 65, 13);
	run_microframes(10);
	m.packets = 0;
	run_microframes(1000);
	KUNIT_EXPECT_EQ(test, m.packets, 1000 * 13 * PER_TRANSFER);
}

static void device_faster_than_the_processor_waits(struct kunit *test)
{
	unsigned int i;

	/* what is queued again has come in before the poll has dealt with the rest */
	machine_start(50 * NSEC_PER_USEC, RING);
	for (i = 0; i < 1000; i++)
		poll(9);
	KUNIT_EXPECT_GE(test, m.rests, 480);
	KUNIT_EXPECT_GE(test, m.free * 100, m.worked * (25 * READERS_QUARTERS - 1));
}

static void messages_need_time_as_well_as_bytes(struct kunit *test)
{
	struct mctp_usb_pace_poll poll = {
		.started = 1000, .ended = 65000, .packets = 64,
		.queued = 4, .transfers = 4,
	};
	const u64 expected = 16000 * READERS_QUARTERS;
	struct mctp_usb_pace pace;
	u64 bytes, all;

	mctp_usb_pace_start(&pace, RING);
	bytes = mctp_usb_pace_poll(&pace, &poll);
	KUNIT_EXPECT_EQ(test, bytes, expected);
	poll.messages = 64;
	mctp_usb_pace_start(&pace, RING);
	all = mctp_usb_pace_poll(&pace, &poll);
	KUNIT_EXPECT_EQ(test, all, expected + 64000);
}

static void small_ring_is_never_exceeded(struct kunit *test)
{
	unsigned int i;

	machine_start(0, RING);
	mctp_usb_pace_start(&m.pace, 1);
	KUNIT_EXPECT_EQ(test, m.pace.depth, 1);
	for (i = 0; i < 200; i++) {
		m.transfer_cost = i < 100 ? 0 : MICROFRAME;
		run_microframes(1);
		KUNIT_ASSERT_EQ(test, m.pace.depth, 1);
	}
}

static void long_pause_is_time_enough(struct kunit *test)
{
	machine_start(10, 4);
	m.now = U64_MAX / 4;
	run_microframes(1);
	KUNIT_EXPECT_EQ(test, m.pace.depth, 2 * DEPTH_START);
	m.now += U64_MAX / 4;
	m.pace.depth = 4;
	run_microframes(1);
	KUNIT_EXPECT_EQ(test, m.pace.depth, 8);
	KUNIT_EXPECT_EQ(test, m.rests, 0);
}

static void machine_that_stood_still_rests_no_longer(struct kunit *test)
{
	struct mctp_usb_pace_poll poll = {
		.started = 1000, .ended = 3600ULL * NSEC_PER_SEC, .packets = 64,
		.queued = 4, .transfers = 4,
	};
	struct mctp_usb_pace pace;

	mctp_usb_pace_start(&pace, RING);
	KUNIT_EXPECT_EQ(test, mctp_usb_pace_poll(&pace, &poll), REST_MAX);
}

static struct kunit_case pace_cases[] = {
	KUNIT_CASE(depth_follows_a_device_that_fills_all),
	KUNIT_CASE(depth_is_what_the_bus_needs),
	KUNIT_CASE(depth_goes_back_when_one_at_a_time_is_enough),
	KUNIT_CASE(depth_stays_small_if_answers_follow_requests),
	KUNIT_CASE(readers_get_their_time),
	KUNIT_CASE(no_rest_where_the_bus_leaves_time),
	KUNIT_CASE(device_faster_than_the_processor_waits),
	KUNIT_CASE(messages_need_time_as_well_as_bytes),
	KUNIT_CASE(small_ring_is_never_exceeded),
	KUNIT_CASE(long_pause_is_time_enough),
	KUNIT_CASE(machine_that_stood_still_rests_no_longer),
	{ }
};

static struct kunit_suite pace_suite = {
	.name = "mctp_usb_pace",
	.test_cases = pace_cases,
};

kunit_test_suite(pace_suite);

MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("KUnit: the pace of receive");
