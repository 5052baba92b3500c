// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <linux/ethtool.h>
#include <linux/sockios.h>

#include "counters.h"
#include "link.h"
#include "util.h"

const char * const counter_names[CNT_NUM] = {
	[VEC_BAD_ID] = "rx_bad_id",
	[VEC_BAD_LEN] = "rx_bad_len",
	[VEC_SHORT_HDR] = "rx_short_hdr",
	[VEC_TRUNC] = "rx_trunc",
	[VEC_PAD] = "rx_pad",
	[VEC_ABORT] = "rx_abort",
	[VEC_URB] = "rx_urb",
	[VEC_STALE] = "rx_stale",
	[CNT_TX_BAD_LEN] = "tx_bad_len",
	[CNT_RX_PACKETS] = "rx_packets",
	[CNT_RX_ERRORS] = "rx_errors",
	[CNT_RX_LENGTH_ERRORS] = "rx_length_errors",
	[CNT_RX_FRAME_ERRORS] = "rx_frame_errors",
};

static void ethtool(struct counter_source *src, void *cmd, const char *what)
{
	struct ifreq ifr = { .ifr_data = cmd };

	memcpy(ifr.ifr_name, src->dev, sizeof(src->dev));
	if (ioctl(src->fd, SIOCETHTOOL, &ifr))
		die("%s: %s: %s", src->dev, what, strerror(errno));
}

static uint32_t count_stats(struct counter_source *src)
{
	struct {
		struct ethtool_sset_info info;
		uint32_t n;
	} cmd = {
		.info.cmd = ETHTOOL_GSSET_INFO,
		.info.sset_mask = 1ull << ETH_SS_STATS,
	};

	ethtool(src, &cmd, "number of counters");
	if (!cmd.info.sset_mask || !cmd.n)
		die("%s: no counters of its own", src->dev);
	return cmd.n;
}

static void find_places(struct counter_source *src)
{
	struct ethtool_gstrings *names;
	const char *name;
	uint32_t c, i;

	names = xrealloc(NULL, sizeof(*names) + src->n_stats * ETH_GSTRING_LEN);
	names->cmd = ETHTOOL_GSTRINGS;
	names->string_set = ETH_SS_STATS;
	names->len = src->n_stats;
	ethtool(src, names, "names of counters");
	for (c = 0; c < CNT_ETHTOOL; c++) {
		for (i = 0; i < src->n_stats; i++) {
			name = (char *)names->data + i * ETH_GSTRING_LEN;
			if (!strncmp(name, counter_names[c], ETH_GSTRING_LEN))
				break;
		}
		if (i == src->n_stats)
			die("%s: has no counter %s", src->dev, counter_names[c]);
		src->place[c] = i;
	}
	free(names);
}

void counters_open(struct counter_source *src, struct nl *nl, const char *dev)
{
	memset(src, 0, sizeof(*src));
	src->nl = nl;
	snprintf(src->dev, sizeof(src->dev), "%s", dev);
	src->fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	if (src->fd < 0)
		src->fd = socket(AF_PACKET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	if (src->fd < 0)
		die("socket: %s", strerror(errno));
	src->n_stats = count_stats(src);
	find_places(src);
}

void counters_close(struct counter_source *src)
{
	close(src->fd);
}

void counters_read(struct counter_source *src, struct counters *c)
{
	struct ethtool_stats *stats;
	struct link link;
	uint32_t i;

	stats = xrealloc(NULL, sizeof(*stats) + src->n_stats * sizeof(*stats->data));
	stats->cmd = ETHTOOL_GSTATS;
	stats->n_stats = src->n_stats;
	ethtool(src, stats, "counters");
	c->digest = 0;
	for (i = 0; i < src->n_stats; i++)
		c->digest = c->digest * 31 + stats->data[i];
	for (i = 0; i < CNT_ETHTOOL; i++)
		c->n[i] = stats->data[src->place[i]];
	free(stats);

	link_need(src->nl, src->dev, &link);
	if (!link.has_stats)
		die("%s: no statistics", src->dev);
	c->n[CNT_RX_PACKETS] = link.stats.rx_packets;
	c->n[CNT_RX_ERRORS] = link.stats.rx_errors;
	c->n[CNT_RX_LENGTH_ERRORS] = link.stats.rx_length_errors;
	c->n[CNT_RX_FRAME_ERRORS] = link.stats.rx_frame_errors;
}
