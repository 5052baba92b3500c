// SPDX-License-Identifier: GPL-2.0
/* The counters: their names, a copy of them, and what netdev users see. */
#include <kunit/test.h>
#include <linux/module.h>

#include "../src/usb/stats.c"

#define RX(stat)	MCTP_USB_RX_##stat
#define TX(stat)	(MCTP_USB_RX_STATS + MCTP_USB_TX_##stat)
#define LINK(stat)	(MCTP_USB_RX_STATS + MCTP_USB_TX_STATS + MCTP_USB_##stat)

/* The fields of rtnl_link_stats64 that a link fills in, as a set. */
#define IN(field)	BIT_ULL(offsetof(struct rtnl_link_stats64, field) / sizeof(u64))

/* Users have scripts with these names, so they are said once more here. */
static const struct meaning {
	unsigned int stat;
	const char *name;
	u64 counts_in;
} meanings[] = {
	{ RX(PACKETS), "rx_packets", IN(rx_packets) },
	{ RX(BYTES), "rx_bytes", IN(rx_bytes) },
	{ RX(TRANSFERS), "rx_transfers" },
	{ RX(PACKED), "rx_packed_transfers" },
	{ RX(ZLP), "rx_zlp" },
	{ RX(BAD_ID), "rx_bad_id", IN(rx_errors) | IN(rx_frame_errors) },
	{ RX(BAD_LEN), "rx_bad_len", IN(rx_errors) | IN(rx_length_errors) },
	{ RX(SHORT_HDR), "rx_short_hdr", IN(rx_errors) | IN(rx_length_errors) },
	{ RX(TRUNC), "rx_trunc", IN(rx_errors) | IN(rx_length_errors) },
	{ RX(PAD), "rx_pad" },
	{ RX(ABORT), "rx_abort", IN(rx_errors) },
	{ RX(URB), "rx_urb", IN(rx_errors) },
	{ RX(STALE), "rx_stale", IN(rx_errors) },
	{ RX(RESYNC), "rx_resyncs" },
	{ RX(NO_MEMORY), "rx_no_memory", IN(rx_dropped) },
	{ TX(PACKETS), "tx_packets", IN(tx_packets) },
	{ TX(BYTES), "tx_bytes", IN(tx_bytes) },
	{ TX(TRANSFERS), "tx_transfers" },
	{ TX(PACKED), "tx_packed_transfers" },
	{ TX(URB), "tx_urb" },
	{ TX(LOST), "tx_lost_packets", IN(tx_errors) },
	{ TX(BAD_PROTOCOL), "tx_bad_protocol", IN(tx_dropped) },
	{ TX(BAD_LEN), "tx_bad_len", IN(tx_dropped) },
	{ TX(DROPPED), "tx_dropped_packets", IN(tx_dropped) },
	{ LINK(RX_HALTS), "rx_halts" },
	{ LINK(TX_HALTS), "tx_halts" },
	{ LINK(RX_RETRIES), "rx_retries" },
	{ LINK(TX_RETRIES), "tx_retries" },
	{ LINK(TX_STALLS), "tx_stalls" },
	{ LINK(RESETS), "resets" },
	{ LINK(RESET_REQUESTS), "reset_requests" },
	{ LINK(SUSPENDS), "suspends" },
};

static_assert(ARRAY_SIZE(meanings) == MCTP_USB_STATS_NUM);

static void describe(const struct meaning *m, char *text)
{
	strscpy(text, m->name, KUNIT_PARAM_DESC_SIZE);
}

KUNIT_ARRAY_PARAM(meaning, meanings, describe);

/* The counter @stat of a flat numbering of all. */
static u64 *counter(struct mctp_usb_counts *counts, unsigned int stat)
{
	if (stat < MCTP_USB_RX_STATS)
		return &counts->rx[stat];
	stat -= MCTP_USB_RX_STATS;
	if (stat < MCTP_USB_TX_STATS)
		return &counts->tx[stat];
	return &counts->link[stat - MCTP_USB_TX_STATS];
}

static void name_is_the_one_users_know(struct kunit *test)
{
	const struct meaning *m = test->param_value;

	KUNIT_ASSERT_NOT_NULL(test, mctp_usb_stat_names[m->stat]);
	KUNIT_EXPECT_STREQ(test, mctp_usb_stat_names[m->stat], m->name);
}

static void names_are_unique_and_fit_ethtool(struct kunit *test)
{
	unsigned int i, j;

	for (i = 0; i < MCTP_USB_STATS_NUM; i++) {
		KUNIT_ASSERT_NOT_NULL(test, mctp_usb_stat_names[i]);
		/* ETH_GSTRING_LEN with its terminator */
		KUNIT_EXPECT_LT(test, strlen(mctp_usb_stat_names[i]), (size_t)32);
		for (j = 0; j < i; j++)
			KUNIT_EXPECT_NE_MSG(test, strcmp(mctp_usb_stat_names[i],
							 mctp_usb_stat_names[j]), 0,
					    "%s", mctp_usb_stat_names[i]);
	}
}

/* Alone, and of a value that needs all of its 64 bits. */
static void counter_shows_where_it_should_and_nowhere_else(struct kunit *test)
{
	const u64 n = 0x8000000100000003;
	const struct meaning *m = test->param_value;
	struct rtnl_link_stats64 *out;
	struct mctp_usb_counts *counts;
	const u64 *field;
	unsigned int i;

	counts = kunit_kzalloc(test, sizeof(*counts), GFP_KERNEL);
	out = kunit_kzalloc(test, sizeof(*out), GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, counts);
	KUNIT_ASSERT_NOT_NULL(test, out);
	*counter(counts, m->stat) = n;

	mctp_usb_stats_map(counts, out);
	field = (const u64 *)out;
	for (i = 0; i < sizeof(*out) / sizeof(u64); i++)
		KUNIT_EXPECT_EQ_MSG(test, field[i],
				    m->counts_in & BIT_ULL(i) ? n : 0,
				    "field %u of rtnl_link_stats64", i);
}

static void sums_are_of_all_that_belongs_together(struct kunit *test)
{
	struct rtnl_link_stats64 *out;
	struct mctp_usb_counts *counts;
	unsigned int i;

	counts = kunit_kzalloc(test, sizeof(*counts), GFP_KERNEL);
	out = kunit_kzalloc(test, sizeof(*out), GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, counts);
	KUNIT_ASSERT_NOT_NULL(test, out);
	for (i = 0; i < MCTP_USB_STATS_NUM; i++)
		*counter(counts, i) = 1;

	mctp_usb_stats_map(counts, out);
	KUNIT_EXPECT_EQ(test, out->rx_length_errors, 3);
	KUNIT_EXPECT_EQ(test, out->rx_frame_errors, 1);
	KUNIT_EXPECT_EQ(test, out->rx_errors, 7);
	KUNIT_EXPECT_EQ(test, out->rx_dropped, 1);
	KUNIT_EXPECT_EQ(test, out->tx_errors, 1);
	KUNIT_EXPECT_EQ(test, out->tx_dropped, 3);
}

static void copy_is_of_all_counters(struct kunit *test)
{
	struct mctp_usb_counts *counts;
	struct mctp_usb_stats *stats;
	unsigned int i, j;

	counts = kunit_kzalloc(test, sizeof(*counts), GFP_KERNEL);
	stats = kunit_kzalloc(test, sizeof(*stats), GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, counts);
	KUNIT_ASSERT_NOT_NULL(test, stats);
	mctp_usb_stats_init(stats);

	/* The writers' own functions, as often as the counter's number says. */
	local_bh_disable();
	for (i = 0; i < MCTP_USB_RX_STATS; i++)
		for (j = 0; j < 100 + i; j++)
			mctp_usb_rx_count(&stats->rx, i);
	for (i = 0; i < MCTP_USB_TX_STATS; i++)
		mctp_usb_tx_count(&stats->tx, i, 200 + i);
	local_bh_enable();
	for (i = 0; i < MCTP_USB_LINK_STATS; i++)
		atomic_set(&stats->link[i], 300 + i);

	memset(counts, 0xff, sizeof(*counts));
	mctp_usb_stats_read(stats, counts);
	for (i = 0; i < MCTP_USB_RX_STATS; i++)
		KUNIT_EXPECT_EQ(test, counts->rx[i], 100 + i);
	for (i = 0; i < MCTP_USB_TX_STATS; i++)
		KUNIT_EXPECT_EQ(test, counts->tx[i], 200 + i);
	for (i = 0; i < MCTP_USB_LINK_STATS; i++)
		KUNIT_EXPECT_EQ(test, counts->link[i], 300 + i);
}

static struct kunit_case stats_cases[] = {
	KUNIT_CASE_PARAM(name_is_the_one_users_know, meaning_gen_params),
	KUNIT_CASE(names_are_unique_and_fit_ethtool),
	KUNIT_CASE_PARAM(counter_shows_where_it_should_and_nowhere_else,
			 meaning_gen_params),
	KUNIT_CASE(sums_are_of_all_that_belongs_together),
	KUNIT_CASE(copy_is_of_all_counters),
	{}
};

static struct kunit_suite stats_suite = {
	.name = "mctp_usb_stats",
	.test_cases = stats_cases,
};

kunit_test_suite(stats_suite);

MODULE_DESCRIPTION("KUnit: counters of mctp-usb");
MODULE_LICENSE("GPL");
