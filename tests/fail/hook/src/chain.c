// SPDX-License-Identifier: GPL-2.0
/* Walks frame pointers, which the debug kernels are built with. */
#include <linux/jhash.h>
#include <linux/kallsyms.h>
#include <linux/kernel.h>
#include <linux/ptrace.h>
#include <linux/string.h>
#include <linux/thread_info.h>

#include "chain.h"

#define TEXTS 4

static struct {
	unsigned long start, end;
} texts[TEXTS];
static unsigned int text_count;

/**
 * chain_add_text() - code of a module under test is there
 * @start: address
 * @size: bytes
 *
 * Return: false if there is no room for more
 */
bool chain_add_text(unsigned long start, unsigned long size)
{
	if (text_count == TEXTS)
		return false;
	texts[text_count].start = start;
	texts[text_count].end = start + size;
	text_count++;
	return true;
}

/**
 * chain_no_text() - forget what chain_add_text() was told
 */
void chain_no_text(void)
{
	text_count = 0;
}

static bool is_ours(unsigned long address)
{
	unsigned int i;

	for (i = 0; i < text_count; i++)
		if (address >= texts[i].start && address < texts[i].end)
			return true;
	return false;
}

static void add(struct chain *chain, unsigned long address)
{
	chain->at[chain->count++] = address;
	if (is_ours(address))
		chain->ours = chain->count;
}

/**
 * chain_get() - who has called
 * @chain: to be filled in
 * @regs: at the first instruction of the function
 *
 * Ends at the border of the stack: what interrupted whom does not matter.
 */
void chain_get(struct chain *chain, const struct pt_regs *regs)
{
	unsigned long end = (regs->sp & ~(THREAD_SIZE - 1)) + THREAD_SIZE;
	unsigned long frame = regs->bp, last = regs->sp;

	chain->count = 0;
	chain->ours = 0;
	add(chain, *(unsigned long *)regs->sp);
	while (chain->count < CHAIN_MAX && frame > last && frame < end - 16 &&
	       IS_ALIGNED(frame, sizeof(long))) {
		add(chain, ((unsigned long *)frame)[1]);
		last = frame;
		frame = *(unsigned long *)frame;
	}
}

/**
 * chain_hash() - a number that another chain hardly has
 * @chain: chain
 * @count: how much of it matters
 */
u32 chain_hash(const struct chain *chain, unsigned int count)
{
	return jhash(chain->at, count * sizeof(*chain->at), count);
}

/**
 * chain_is_exempt() - is it none of those that are to fail?
 * @chain: chain
 *
 * Without memory the kernel's debugging would give up, and find nothing any
 * more; and sysctl and vmalloc dump their stacks, which looks like a complaint.
 */
bool chain_is_exempt(const struct chain *chain)
{
	static const char *const names[] = {
		"create_object", "mem_pool_alloc", "kmemleak", "fill_pool",
		"debug_object", "stack_depot", "kasan", "ref_tracker",
		"register_sysctl_table", "vmalloc",
	};
	unsigned int i, n;
	char name[KSYM_SYMBOL_LEN];

	for (i = 0; i < chain->count; i++) {
		const char *bare = name;

		snprintf(name, sizeof(name), "%ps", (void *)chain->at[i]);
		while (*bare == '_')
			bare++;
		for (n = 0; n < ARRAY_SIZE(names); n++)
			if (str_has_prefix(bare, names[n]))
				return true;
	}
	return false;
}
