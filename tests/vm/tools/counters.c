// SPDX-License-Identifier: GPL-2.0
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "counters.h"
#include "ethtool.h"
#include "need.h"
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

static void find_places(struct counter_source *src)
{
	struct ethtool_gstrings *names;
	uint32_t c, i;
	int rc;

	rc = ethtool_counter_names(src->fd, src->dev, &names);
	if (rc)
		die("%s: names of counters: %s", src->dev, strerror(-rc));
	src->n_stats = names->len;
	for (c = 0; c < CNT_ETHTOOL; c++) {
		for (i = 0; i < src->n_stats; i++)
			if (!strcmp(ethtool_counter_name(names, i), counter_names[c]))
				break;
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
	src->fd = ethtool_socket();
	if (src->fd < 0)
		die("socket: %s", strerror(-src->fd));
	find_places(src);
}

void counters_close(struct counter_source *src)
{
	close(src->fd);
}

void counters_read(struct counter_source *src, struct counters *c)
{
	struct link link;
	uint64_t *values;
	uint32_t i;
	int rc;

	values = xrealloc(NULL, src->n_stats * sizeof(*values));
	rc = ethtool_counter_values(src->fd, src->dev, src->n_stats, values);
	if (rc)
		die("%s: counters: %s", src->dev, strerror(-rc));
	c->digest = 0;
	for (i = 0; i < src->n_stats; i++)
		c->digest = c->digest * 31 + values[i];
	for (i = 0; i < CNT_ETHTOOL; i++)
		c->n[i] = values[src->place[i]];
	free(values);

	link_need(src->nl, src->dev, &link);
	if (!link.has_stats)
		die("%s: no statistics", src->dev);
	c->n[CNT_RX_PACKETS] = link.stats.rx_packets;
	c->n[CNT_RX_ERRORS] = link.stats.rx_errors;
	c->n[CNT_RX_LENGTH_ERRORS] = link.stats.rx_length_errors;
	c->n[CNT_RX_FRAME_ERRORS] = link.stats.rx_frame_errors;
}
