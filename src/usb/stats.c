// SPDX-License-Identifier: GPL-2.0
/*
 * Reading the counters, and what they mean in the terms of other netdevs.
 *
 * The link counts by itself instead of leaving it to the networking core: which
 * of dev->stats, tstats and dstats a kernel adds up differs between versions
 * and backports, and a wrong guess reads as zero.
 */
#include <linux/string.h>

#include "usb/stats.h"

/* The rx_ names from bad_id to stale are the events of DSP0283 receivers. */
const char *const mctp_usb_stat_names[MCTP_USB_STATS_NUM] = {
#define RX(stat, name) \
	[MCTP_USB_RX_##stat] = name
	RX(PACKETS, "rx_packets"),
	RX(BYTES, "rx_bytes"),
	RX(TRANSFERS, "rx_transfers"),
	RX(PACKED, "rx_packed_transfers"),
	RX(ZLP, "rx_zlp"),
	RX(BAD_ID, "rx_bad_id"),
	RX(BAD_LEN, "rx_bad_len"),
	RX(SHORT_HDR, "rx_short_hdr"),
	RX(TRUNC, "rx_trunc"),
	RX(PAD, "rx_pad"),
	RX(ABORT, "rx_abort"),
	RX(URB, "rx_urb"),
	RX(STALE, "rx_stale"),
	RX(RESYNC, "rx_resyncs"),
	RX(NO_MEMORY, "rx_no_memory"),
#undef RX
#define TX(stat, name) \
	[MCTP_USB_RX_STATS + MCTP_USB_TX_##stat] = name
	TX(PACKETS, "tx_packets"),
	TX(BYTES, "tx_bytes"),
	TX(TRANSFERS, "tx_transfers"),
	TX(PACKED, "tx_packed_transfers"),
	TX(URB, "tx_urb"),
	TX(LOST, "tx_lost_packets"),
	TX(BAD_PROTOCOL, "tx_bad_protocol"),
	TX(BAD_LEN, "tx_bad_len"),
	TX(DROPPED, "tx_dropped_packets"),
#undef TX
#define LINK(stat, name) \
	[MCTP_USB_RX_STATS + MCTP_USB_TX_STATS + MCTP_USB_##stat] = name
	LINK(RX_HALTS, "rx_halts"),
	LINK(TX_HALTS, "tx_halts"),
	LINK(RX_RETRIES, "rx_retries"),
	LINK(TX_RETRIES, "tx_retries"),
	LINK(TX_STALLS, "tx_stalls"),
	LINK(RESETS, "resets"),
	LINK(RESET_REQUESTS, "reset_requests"),
	LINK(SUSPENDS, "suspends"),
#undef LINK
};

/**
 * mctp_usb_stats_init() - start counting
 * @stats: zeroed memory
 */
void mctp_usb_stats_init(struct mctp_usb_stats *stats)
{
	u64_stats_init(&stats->rx.sync);
	u64_stats_init(&stats->tx.sync);
}

/**
 * mctp_usb_stats_read() - a consistent copy of all counters
 * @stats: the link's
 * @counts: filled in
 *
 * Context: any but the writers' own.
 */
void mctp_usb_stats_read(struct mctp_usb_stats *stats,
			 struct mctp_usb_counts *counts)
{
	unsigned int start;
	int i;

	do {
		start = u64_stats_fetch_begin(&stats->rx.sync);
		for (i = 0; i < MCTP_USB_RX_STATS; i++)
			counts->rx[i] = u64_stats_read(&stats->rx.n[i]);
	} while (u64_stats_fetch_retry(&stats->rx.sync, start));

	do {
		start = u64_stats_fetch_begin(&stats->tx.sync);
		for (i = 0; i < MCTP_USB_TX_STATS; i++)
			counts->tx[i] = u64_stats_read(&stats->tx.n[i]);
	} while (u64_stats_fetch_retry(&stats->tx.sync, start));

	for (i = 0; i < MCTP_USB_LINK_STATS; i++)
		counts->link[i] = atomic_read(&stats->link[i]);
}

/**
 * mctp_usb_stats_map() - the link's counters as a netdev's
 * @counts: the link's
 * @out: filled in
 *
 * Bytes are those of MCTP packets, without USB headers, in both directions.
 * Zero padding is not an error.
 */
void mctp_usb_stats_map(const struct mctp_usb_counts *counts,
			struct rtnl_link_stats64 *out)
{
	const u64 *rx = counts->rx;
	const u64 *tx = counts->tx;

	out->rx_packets = rx[MCTP_USB_RX_PACKETS];
	out->rx_bytes = rx[MCTP_USB_RX_BYTES];
	out->rx_dropped = rx[MCTP_USB_RX_NO_MEMORY];
	out->rx_frame_errors = rx[MCTP_USB_RX_BAD_ID];
	out->rx_length_errors = rx[MCTP_USB_RX_BAD_LEN] +
				rx[MCTP_USB_RX_SHORT_HDR] +
				rx[MCTP_USB_RX_TRUNC];
	out->rx_errors = out->rx_frame_errors + out->rx_length_errors +
			 rx[MCTP_USB_RX_ABORT] + rx[MCTP_USB_RX_URB] +
			 rx[MCTP_USB_RX_STALE];

	out->tx_packets = tx[MCTP_USB_TX_PACKETS];
	out->tx_bytes = tx[MCTP_USB_TX_BYTES];
	out->tx_errors = tx[MCTP_USB_TX_LOST];
	out->tx_dropped = tx[MCTP_USB_TX_BAD_PROTOCOL] +
			  tx[MCTP_USB_TX_BAD_LEN] + tx[MCTP_USB_TX_DROPPED];
}
