/* SPDX-License-Identifier: GPL-2.0 */
/* What the kernel's MCTP keeps in memory. */
#ifndef BENCH_MEMORY_H
#define BENCH_MEMORY_H

#include <stdint.h>

void memory_of_link(const char *name);
void memory_of_received(uint32_t size, uint32_t count, uint32_t mtu,
			uint32_t pack);
void memory_of_queued(uint32_t size, uint32_t count, uint32_t ahead);

#endif /* BENCH_MEMORY_H */
