/* SPDX-License-Identifier: GPL-2.0 */
/* The bench's endpoint: what it does with transfers. */
#ifndef MCTP_USB_BENCH_ENDPOINT_H
#define MCTP_USB_BENCH_ENDPOINT_H

#include <linux/types.h>

#include "frame.h"

/**
 * struct bench_counters - what the endpoint has seen
 * @packets: packets received
 * @payload: their bytes without MCTP headers
 * @transfers: OUT transfers
 * @bad: framing errors, failed transfers
 * @last_ns: when the last transfer came
 * @sent: IN transfers of the source
 */
struct bench_counters {
	u64 packets;
	u64 payload;
	u64 transfers;
	u64 bad;
	u64 last_ns;
	u64 sent;
};

extern struct bench_counters bench_counters;

int bench_endpoint_init(bool spanning);
void bench_endpoint_exit(void);
void bench_receive(u8 *data, unsigned int len, bool answer);
int bench_source_start(unsigned int count, unsigned int size, unsigned int mtu,
		       unsigned int pack);
unsigned int bench_source_fill(u8 *buf, unsigned int size, bool *last);

#endif /* MCTP_USB_BENCH_ENDPOINT_H */
