/* SPDX-License-Identifier: GPL-2.0 */
/* The control channel of the emulated endpoint: a tty, a Unix socket, pipes. */
#ifndef TOOLS_EMU_H
#define TOOLS_EMU_H

#include <stddef.h>
#include <stdint.h>

struct emu {
	int in, out;	/* file descriptors, perhaps the same */
	char *text;	/* what the last command answered, lines and all */
	size_t len;	/* of the text */
	size_t last;	/* where its last line starts */
};

void emu_open(struct emu *e, const char *path);
void emu_close(struct emu *e);
int emu_send(struct emu *e, const char *command);
int emu_answer(struct emu *e, uint64_t timeout_us);
int emu_command(struct emu *e, const char *command, uint64_t timeout_us);
const char *emu_why(const struct emu *e, int err);

#endif /* TOOLS_EMU_H */
