// SPDX-License-Identifier: GPL-2.0
/*
 * A plugin for QEMU's TCG: how many instructions of which address does the
 * machine execute between two marks (marks.h)?
 *
 * Writes, at each stop mark, a line "measured" and one "ADDRESS COUNT" for every
 * translated block that ran, to the file that its argument names (out=FILE).
 *
 * For one processor.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "marks.h"
#include "qemu-plugin.h"

#define PUBLIC __attribute__((visibility("default")))

PUBLIC int qemu_plugin_version = 1;

/* One for each translation; a block that is translated again has another. */
struct block {
	struct block *next;
	uint64_t address;
	uint64_t count;
};

static struct block *blocks;
static FILE *out;

static void start(unsigned int cpu, void *data)
{
	struct block *b;

	(void)cpu;
	(void)data;
	for (b = blocks; b; b = b->next)
		b->count = 0;
}

static void stop(unsigned int cpu, void *data)
{
	struct block *b;

	(void)cpu;
	(void)data;
	fputs("measured\n", out);
	for (b = blocks; b; b = b->next)
		if (b->count)
			fprintf(out, "%016llx %llu\n",
				(unsigned long long)b->address,
				(unsigned long long)b->count);
	fflush(out);
}

static void look_for_marks(struct qemu_plugin_insn *insn)
{
	static const unsigned char start_mark[] = MARK_START;
	static const unsigned char stop_mark[] = MARK_STOP;
	const void *bytes = qemu_plugin_insn_data(insn);

	if (qemu_plugin_insn_size(insn) != MARK_LEN)
		return;
	if (!memcmp(bytes, start_mark, MARK_LEN))
		qemu_plugin_register_vcpu_insn_exec_cb(insn, start, 0, NULL);
	else if (!memcmp(bytes, stop_mark, MARK_LEN))
		qemu_plugin_register_vcpu_insn_exec_cb(insn, stop, 0, NULL);
}

static void translated(plugin_id id, struct qemu_plugin_tb *tb)
{
	size_t i, n = qemu_plugin_tb_n_insns(tb);
	struct block *b = calloc(1, sizeof(*b));

	(void)id;
	if (!b)
		abort();
	b->address = qemu_plugin_tb_vaddr(tb);
	b->next = blocks;
	blocks = b;
	qemu_plugin_register_vcpu_tb_exec_inline(tb, 0, &b->count, n);
	for (i = 0; i < n; i++)
		look_for_marks(qemu_plugin_tb_get_insn(tb, i));
}

PUBLIC int qemu_plugin_install(plugin_id id, const void *info, int argc,
			       char **argv)
{
	(void)info;
	if (argc != 1 || strncmp(argv[0], "out=", 4))
		return -1;
	out = fopen(argv[0] + 4, "w");
	if (!out)
		return -1;
	qemu_plugin_register_vcpu_tb_trans_cb(id, translated);
	return 0;
}
