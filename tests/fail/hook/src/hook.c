// SPDX-License-Identifier: GPL-2.0
/*
 * Lets what the modules under test ask for fail: memory from slabs, memory in
 * pages, submissions of URBs. Kprobes on the functions that the kernel has for
 * that, should_failslab() and should_fail_alloc_page(), and on usb_submit_urb();
 * nothing is printed, and it is known who would have got the memory.
 *
 * /sys/kernel/debug/mctp-fail takes one command at each write:
 *
 *	no-text			no module under test is known
 *	text START SIZE		the code of one is there
 *	forget			no call chain has failed yet
 *	arm WHAT PID NTH TIMES ERROR
 *				WHAT is slab, pages or urb; from the NTH on so many
 *				fail. NTH 0: the first whose call chain has not
 *				failed yet. Those count that have such code in
 *				their chain, or with a PID all of that task
 *	off
 *
 * To be read from it: how many failed, how many were asked for, and the call
 * chain of the first that failed.
 */
#include <linux/debugfs.h>
#include <linux/gfp.h>
#include <linux/kprobes.h>
#include <linux/module.h>
#include <linux/sched.h>
#include <linux/seq_file.h>
#include <linux/uaccess.h>

#include "chain.h"

#ifdef CONFIG_FUNCTION_TRACER
#error "ftrace's probes do not allow for another stack pointer"
#endif

#define KNOWN_MAX 1024

enum what { SLAB, PAGES, URB, NOTHING };

static const char *const names[] = {
	[SLAB] = "slab", [PAGES] = "pages", [URB] = "urb",
};

/* What is armed, and what came of it; under @lock */
static struct {
	enum what what;
	int pid;
	unsigned int nth;
	unsigned int times;
	int error;
	unsigned int seen;
	unsigned int failed;
	struct chain chain;
} armed = { .what = NOTHING };

static u32 known[KNOWN_MAX];
static unsigned int known_count;

static struct dentry *file;

/* Taken where interrupts are off and no lock of the kernel's is allowed */
static unsigned long lock;

static void take(void)
{
	while (test_and_set_bit_lock(0, &lock))
		cpu_relax();
}

static void give(void)
{
	clear_bit_unlock(0, &lock);
}

/* Return: whether it is new; it is known from now on */
static bool learn(u32 hash)
{
	unsigned int i;

	for (i = 0; i < known_count; i++)
		if (known[i] == hash)
			return false;
	if (known_count == KNOWN_MAX)
		return false;
	known[known_count++] = hash;
	return true;
}

static bool begins(const struct chain *chain)
{
	if (armed.nth)
		return armed.seen == armed.nth;
	return learn(chain_hash(chain, armed.pid ? chain->count : chain->ours));
}

/* Is this one to fail? */
static bool fails(const struct chain *chain)
{
	armed.seen++;
	if (!armed.failed) {
		if (!begins(chain))
			return false;
		armed.chain = *chain;
	} else if (armed.failed == armed.times) {
		return false;
	}
	armed.failed++;
	return true;
}

static bool counts(enum what what, struct chain *chain, struct pt_regs *regs)
{
	if (READ_ONCE(armed.what) != what)
		return false;
	if (armed.pid && armed.pid != current->pid)
		return false;
	chain_get(chain, regs);
	if (!armed.pid && !chain->ours)
		return false;
	return what == URB || !chain_is_exempt(chain);
}

/* Return: 1 if the function was made to return, 0 to go on in it */
static int decide(enum what what, struct pt_regs *regs, long error)
{
	struct chain chain;
	bool fail;

	if (!counts(what, &chain, regs))
		return 0;
	take();
	fail = armed.what == what && fails(&chain);
	give();
	if (!fail)
		return 0;
	regs->ax = error;
	regs->ip = *(unsigned long *)regs->sp;
	regs->sp += sizeof(long);
	return 1;
}

static int on_slab(struct kprobe *probe, struct pt_regs *regs)
{
	if (regs->si & __GFP_NOFAIL)
		return 0;
	return decide(SLAB, regs, -ENOMEM);
}

static int on_pages(struct kprobe *probe, struct pt_regs *regs)
{
	if (regs->di & __GFP_NOFAIL)
		return 0;
	return decide(PAGES, regs, true);
}

static int on_urb(struct kprobe *probe, struct pt_regs *regs)
{
	return decide(URB, regs, armed.error);
}

/* With this one there are no jumps instead of breakpoints, which could not return. */
static void behind(struct kprobe *probe, struct pt_regs *regs, unsigned long flags)
{
}

static struct kprobe probes[] = {
	{ .symbol_name = "should_failslab", .pre_handler = on_slab,
	  .post_handler = behind },
	{ .symbol_name = "should_fail_alloc_page", .pre_handler = on_pages,
	  .post_handler = behind },
	{ .symbol_name = "usb_submit_urb", .pre_handler = on_urb,
	  .post_handler = behind },
};

static int arm(const char *args)
{
	unsigned int nth, times;
	int pid, error, what;
	char name[8];

	if (sscanf(args, "%7s %d %u %u %d", name, &pid, &nth, &times, &error) != 5)
		return -EINVAL;
	what = match_string(names, ARRAY_SIZE(names), name);
	if (what < 0)
		return what;
	armed.pid = pid;
	armed.nth = nth;
	armed.times = times;
	armed.error = error;
	armed.seen = 0;
	armed.failed = 0;
	WRITE_ONCE(armed.what, what);
	return 0;
}

static int command(const char *text)
{
	unsigned long start, size;

	WRITE_ONCE(armed.what, NOTHING);
	if (sysfs_streq(text, "off"))
		return 0;
	if (sysfs_streq(text, "no-text")) {
		chain_no_text();
		return 0;
	}
	if (sysfs_streq(text, "forget")) {
		known_count = 0;
		return 0;
	}
	if (sscanf(text, "text %lx %lu", &start, &size) == 2)
		return chain_add_text(start, size) ? 0 : -ENOSPC;
	if (str_has_prefix(text, "arm "))
		return arm(text + strlen("arm "));
	return -EINVAL;
}

static ssize_t hook_write(struct file *filp, const char __user *data, size_t size,
			  loff_t *pos)
{
	char text[80];
	int err;

	if (size >= sizeof(text))
		return -EINVAL;
	if (copy_from_user(text, data, size))
		return -EFAULT;
	text[size] = '\0';
	local_irq_disable();
	take();
	err = command(text);
	give();
	local_irq_enable();
	return err ?: size;
}

static int hook_show(struct seq_file *seq, void *unused)
{
	unsigned int i;

	seq_printf(seq, "%u %u\n", armed.failed, armed.seen);
	for (i = 0; armed.failed && i < armed.chain.count; i++)
		seq_printf(seq, "%ps\n", (void *)armed.chain.at[i]);
	return 0;
}

static int hook_open(struct inode *inode, struct file *filp)
{
	return single_open(filp, hook_show, NULL);
}

static const struct file_operations hook_fops = {
	.owner = THIS_MODULE,
	.open = hook_open,
	.read = seq_read,
	.write = hook_write,
	.llseek = seq_lseek,
	.release = single_release,
};

static int __init hook_init(void)
{
	int i, err;

	for (i = 0; i < ARRAY_SIZE(probes); i++) {
		err = register_kprobe(&probes[i]);
		if (err) {
			pr_err("mctp-fail-hook: no probe on %s: %d\n",
			       probes[i].symbol_name, err);
			while (i--)
				unregister_kprobe(&probes[i]);
			return err;
		}
	}
	file = debugfs_create_file("mctp-fail", 0600, NULL, NULL, &hook_fops);
	return 0;
}
module_init(hook_init);

static void __exit hook_exit(void)
{
	int i;

	debugfs_remove(file);
	for (i = 0; i < ARRAY_SIZE(probes); i++)
		unregister_kprobe(&probes[i]);
}
module_exit(hook_exit);

MODULE_DESCRIPTION("Lets allocations and URB submissions of the modules under test fail");
MODULE_LICENSE("GPL");
