/* SPDX-License-Identifier: GPL-2.0 */
/*
 * For arch/um/kernel/stacktrace.c, ahead of all in it, in a kernel with KASAN and kmemleak, which
 * note the stack at each allocation. User Mode Linux takes for a return address whatever word on
 * the stack is within code, and asks so for each word of it, which under lockdep is most of what
 * such a kernel does. Here most words are told from an address in a module by what they are, and
 * for the others the last answer is remembered: an old one could do no harm but an odd line in a
 * stack trace.
 */
#include <linux/kernel.h>
#include <linux/sched.h>
#include <linux/sched/task_stack.h>
#include <linux/vmalloc.h>
#include <linux/pgtable.h>
#include <asm/sections.h>

#define STACK_WORDS	1024

static inline int stack_text_address(unsigned long addr)
{
	static unsigned long words[STACK_WORDS];
	static bool is_text[STACK_WORDS];
	unsigned long stack = (unsigned long)task_stack_page(current);
	unsigned int slot = (addr ^ addr >> 10) % STACK_WORDS;

	if (addr >= (unsigned long)_stext && addr < (unsigned long)_etext)
		return 1;
	if (addr < VMALLOC_START || addr >= VMALLOC_END)
		return 0;
	if (addr - stack < THREAD_SIZE)
		return 0;
	if (words[slot] != addr) {
		is_text[slot] = __kernel_text_address(addr);
		words[slot] = addr;
	}
	return is_text[slot];
}

#define __kernel_text_address stack_text_address

/*
 * Another processor than the first begins on a stack of the host's, whose end, where
 * memory may end as well, nobody knows. There is nothing there to be told of.
 */
static inline unsigned long stack_word(const unsigned long *sp)
{
	return (unsigned long)sp < TASK_SIZE ? __read_once_word_nocheck(sp) : 0;
}

#undef READ_ONCE_NOCHECK
#define READ_ONCE_NOCHECK(word) stack_word(&(word))
