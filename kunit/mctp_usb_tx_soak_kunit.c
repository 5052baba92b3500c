// SPDX-License-Identifier: GPL-2.0
/*
 * The transmit engine under load, on a device that fails now and then in every
 * way there is: each packet has one end, and those sent are in order.
 */
#include <linux/module.h>

#include "fake-tx.h"
#include "seeded.h"

/**
 * struct soak - load, failures, stops and changes of mind
 * @rnd: what decides on them
 * @kept: packet that the stack is to offer again
 * @last: number of the last packet on the bus, plus one
 * @sent: packets on the bus
 */
struct soak {
	struct rnd_state rnd;
	struct sk_buff *kept;
	unsigned int last;
	unsigned int sent;
};

/* What went over the bus, by the numbers that the packets carry. */
static void watch_bus(struct kunit *test, struct soak *soak,
		      const struct urb *urb)
{
	const u8 *at = urb->transfer_buffer;
	const u8 *end = at + urb->transfer_buffer_length;

	for (; at < end; at += at[2] << 8 | at[3]) {
		unsigned int n = at[4] | at[5] << 8;

		KUNIT_ASSERT_GT_MSG(test, n + 1, soak->last,
				    "out of order" SEEDED, seed);
		soak->last = n + 1;
		soak->sent++;
	}
	KUNIT_EXPECT_PTR_EQ(test, at, end);
}

static void give_some_packets(struct kunit *test, struct soak *soak)
{
	unsigned int n = seeded_below(&soak->rnd, 6);
	struct sk_buff *skb;

	while (n-- && !queue_is_stopped()) {
		skb = soak->kept;
		if (!skb)
			skb = make_packet(test, seeded_from(&soak->rnd, 4, 251));
		soak->kept = give_packet(skb) == NETDEV_TX_OK ? NULL : skb;
	}
}

static void end_some_transfers(struct kunit *test, struct soak *soak)
{
	static const int status[] = { -EPROTO, -EPIPE };
	unsigned int n = seeded_below(&soak->rnd, 4);

	while (n-- && fake_usb.flying) {
		struct urb *urb = fake_usb.flight[0];

		if (seeded_once_in(&soak->rnd, 12)) {
			end_transfer(status[seeded_below(&soak->rnd, 2)], 0);
		} else {
			watch_bus(test, soak, urb);
			end_transfer(0, urb->transfer_buffer_length);
		}
		if (seeded_once_in(&soak->rnd, 2))
			tx_reap();
	}
	tx_reap();
}

static void change_something(struct soak *soak)
{
	struct mctp_usb_tx *tx = &fix->tx;

	if (!mctp_usb_pipe_open(&tx->pipe) && seeded_once_in(&soak->rnd, 2)) {
		if (tx->pipe.fault == MCTP_USB_HALTED)
			mctp_usb_tx_kill(tx);
		mctp_usb_tx_resume(tx);
	}
	if (seeded_once_in(&soak->rnd, 100)) {
		mctp_usb_tx_stop(tx);
		if (seeded_once_in(&soak->rnd, 2))
			mctp_usb_tx_purge(tx);
		mctp_usb_tx_start(tx);
	}
	if (seeded_once_in(&soak->rnd, 20))
		tx->packing = !tx->packing;
}

static void every_packet_is_sent_in_order_or_counted(struct kunit *test)
{
	struct soak soak = {};
	unsigned int round;
	u64 ends;

	seeded_start(&soak.rnd);
	tx_begin(test, false, 8);
	fix->tx.netdev->mtu = 251;
	for (round = 0; round < 3000; round++) {
		give_some_packets(test, &soak);
		end_some_transfers(test, &soak);
		change_something(&soak);
		KUNIT_ASSERT_PTR_EQ_MSG(test, fake_usb.wrong, NULL, "%s" SEEDED,
					fake_usb.wrong, seed);
	}
	mctp_usb_tx_resume(&fix->tx);
	while (fake_usb.flying) {
		watch_bus(test, &soak, fake_usb.flight[0]);
		transfer_is_sent();
	}
	KUNIT_EXPECT_FALSE_MSG(test, queue_is_stopped(), "asleep" SEEDED, seed);
	if (soak.kept)
		kfree_skb(soak.kept);
	KUNIT_EXPECT_EQ_MSG(test, u64_stats_read(&fix->stats.n[MCTP_USB_TX_PACKETS]),
			    soak.sent, "counted as sent" SEEDED, seed);
	ends = soak.sent + !!soak.kept;
	ends += u64_stats_read(&fix->stats.n[MCTP_USB_TX_LOST]);
	ends += u64_stats_read(&fix->stats.n[MCTP_USB_TX_DROPPED]);
	KUNIT_EXPECT_EQ_MSG(test, ends, fix->made, "all ends" SEEDED, seed);
	KUNIT_EXPECT_GT(test, soak.sent, 1000);
}

static struct kunit_case tx_soak_cases[] = {
	KUNIT_CASE(every_packet_is_sent_in_order_or_counted),
	{}
};

static struct kunit_suite tx_soak_suite = {
	.name = "mctp_usb_tx_soak",
	.init = tx_set_up,
	.exit = tx_tear_down,
	.test_cases = tx_soak_cases,
};

kunit_test_suite(tx_soak_suite);

MODULE_DESCRIPTION("KUnit: transmit engine of mctp-usb under load and failures");
MODULE_LICENSE("GPL");
