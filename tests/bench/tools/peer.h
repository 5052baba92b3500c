/* SPDX-License-Identifier: GPL-2.0 */
/* The bench's peer, from the host's side. */
#ifndef BENCH_PEER_H
#define BENCH_PEER_H

#include <stdint.h>

#include "msock.h"

#define PEER_EID	9
/* Of what is measured */
#define TYPE		0x7e
#define NS		1000000000ull

/* In the order in which the peer has them */
struct counters {
	unsigned long long packets, payload, transfers, bad, last_ns, sent;
};

extern uint8_t peer_message[MSOCK_MAX + 1];

void peer_do(const char *command);
void peer_source(uint32_t count, uint32_t size, uint32_t mtu, uint32_t pack);
struct counters peer_counters(void);

uint64_t now_ns(void);
void nap(void);

#endif /* BENCH_PEER_H */
