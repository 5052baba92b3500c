/* SPDX-License-Identifier: GPL-2.0 */
/* Who has called: the chain of return addresses. */
#ifndef CHAIN_H
#define CHAIN_H

#include <linux/types.h>

struct pt_regs;

#define CHAIN_MAX 32

/**
 * struct chain - who has called a function, the innermost first
 * @count: how many
 * @ours: how many there are up to the outermost one of the modules under test
 * @at: return addresses
 */
struct chain {
	unsigned int count;
	unsigned int ours;
	unsigned long at[CHAIN_MAX];
};

void chain_get(struct chain *chain, const struct pt_regs *regs);
u32 chain_hash(const struct chain *chain, unsigned int count);
bool chain_is_exempt(const struct chain *chain);
bool chain_add_text(unsigned long start, unsigned long size);
void chain_no_text(void);

#endif /* CHAIN_H */
