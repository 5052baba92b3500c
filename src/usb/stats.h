/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The counters of a link. Each engine's set has one writer at a time, named below,
 * so that counting takes no lock; 32-bit readers are kept right by the seqcount.
 * Those of the link as such are atomic.
 */
#ifndef MCTP_USB_STATS_H
#define MCTP_USB_STATS_H

#include <linux/atomic.h>
#include <linux/if_link.h>
#include <linux/u64_stats_sync.h>

/* Written by whoever runs the RX engine: NAPI, or start and stop without it. */
enum mctp_usb_rx_stat {
	MCTP_USB_RX_PACKETS,
	MCTP_USB_RX_BYTES,
	MCTP_USB_RX_TRANSFERS,
	MCTP_USB_RX_PACKED,
	MCTP_USB_RX_ZLP,
	MCTP_USB_RX_BAD_ID,
	MCTP_USB_RX_BAD_LEN,
	MCTP_USB_RX_SHORT_HDR,
	MCTP_USB_RX_TRUNC,
	MCTP_USB_RX_PAD,
	MCTP_USB_RX_ABORT,
	MCTP_USB_RX_URB,
	MCTP_USB_RX_STALE,
	MCTP_USB_RX_RESYNC,
	MCTP_USB_RX_NO_MEMORY,
	MCTP_USB_RX_STATS,
};

/* Written under the TX queue's lock. */
enum mctp_usb_tx_stat {
	MCTP_USB_TX_PACKETS,
	MCTP_USB_TX_BYTES,
	MCTP_USB_TX_TRANSFERS,
	MCTP_USB_TX_PACKED,
	MCTP_USB_TX_URB,
	MCTP_USB_TX_LOST,
	MCTP_USB_TX_BAD_PROTOCOL,
	MCTP_USB_TX_BAD_LEN,
	MCTP_USB_TX_DROPPED,
	MCTP_USB_TX_STATS,
};

/* Rare, and written from many places. */
enum mctp_usb_link_stat {
	MCTP_USB_RX_HALTS,
	MCTP_USB_TX_HALTS,
	MCTP_USB_RX_RETRIES,
	MCTP_USB_TX_RETRIES,
	MCTP_USB_TX_STALLS,
	MCTP_USB_RESETS,
	MCTP_USB_RESET_REQUESTS,
	MCTP_USB_SUSPENDS,
	MCTP_USB_LINK_STATS,
};

struct mctp_usb_rx_stats {
	struct u64_stats_sync sync;
	u64_stats_t n[MCTP_USB_RX_STATS];
};

struct mctp_usb_tx_stats {
	struct u64_stats_sync sync;
	u64_stats_t n[MCTP_USB_TX_STATS];
};

struct mctp_usb_stats {
	struct mctp_usb_rx_stats rx;
	struct mctp_usb_tx_stats tx;
	atomic_t link[MCTP_USB_LINK_STATS];
};

/* All counters at one moment, in the order of the enums above. */
struct mctp_usb_counts {
	u64 rx[MCTP_USB_RX_STATS];
	u64 tx[MCTP_USB_TX_STATS];
	u64 link[MCTP_USB_LINK_STATS];
};

#define MCTP_USB_STATS_NUM \
	(MCTP_USB_RX_STATS + MCTP_USB_TX_STATS + MCTP_USB_LINK_STATS)

extern const char *const mctp_usb_stat_names[MCTP_USB_STATS_NUM];

static inline void mctp_usb_rx_count(struct mctp_usb_rx_stats *stats,
				     enum mctp_usb_rx_stat which)
{
	u64_stats_update_begin(&stats->sync);
	u64_stats_inc(&stats->n[which]);
	u64_stats_update_end(&stats->sync);
}

static inline void mctp_usb_tx_count(struct mctp_usb_tx_stats *stats,
				     enum mctp_usb_tx_stat which,
				     unsigned int n)
{
	u64_stats_update_begin(&stats->sync);
	u64_stats_add(&stats->n[which], n);
	u64_stats_update_end(&stats->sync);
}

void mctp_usb_stats_init(struct mctp_usb_stats *stats);
void mctp_usb_stats_read(struct mctp_usb_stats *stats,
			 struct mctp_usb_counts *counts);
void mctp_usb_stats_map(const struct mctp_usb_counts *counts,
			struct rtnl_link_stats64 *out);

#endif /* MCTP_USB_STATS_H */
