/* SPDX-License-Identifier: GPL-2.0 */
/* The driver's counters that the vectors speak of. */
#ifndef TOOLS_COUNTERS_H
#define TOOLS_COUNTERS_H

#include <stddef.h>
#include <stdint.h>
#include <net/if.h>

#include "nl.h"
#include "vectors.h"

/* The events come first, numbered as in vectors.h. */
enum counter {
	CNT_TX_BAD_LEN = VEC_EVENTS,
	CNT_ETHTOOL,		/* those before are from ethtool -S */
	CNT_RX_PACKETS = CNT_ETHTOOL,
	CNT_RX_ERRORS,
	CNT_RX_LENGTH_ERRORS,
	CNT_RX_FRAME_ERRORS,
	CNT_NUM,
};

struct counters {
	uint64_t n[CNT_NUM];
	uint64_t digest;	/* changes when any counter of ethtool -S does */
};

struct counter_source {
	struct nl *nl;
	char dev[IFNAMSIZ];
	int fd;
	uint32_t n_stats;
	uint32_t place[CNT_ETHTOOL];	/* index in ethtool -S */
};

extern const char * const counter_names[CNT_NUM];

void counters_open(struct counter_source *src, struct nl *nl, const char *dev);
void counters_close(struct counter_source *src);
void counters_read(struct counter_source *src, struct counters *c);

#endif /* TOOLS_COUNTERS_H */
