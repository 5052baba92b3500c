/* SPDX-License-Identifier: GPL-2.0 */
/* The gadget front end: a device controller of this machine, by FunctionFS. */
#ifndef EMU_GADGET_H
#define EMU_GADGET_H

#include <linux/aio_abi.h>

#include "emu.h"

#define GADGET_DEPTH	4	/* transfers queued with the controller, a pipe */

struct gadget_pipe;

/* One transfer with the kernel. */
struct gadget_slot {
	struct iocb iocb;
	struct gadget_pipe *pipe;
	bool busy;
	bool stale;		/* of a configuration that is over */
	struct transfer *transfer;	/* IN */
	struct bytes buffer;		/* OUT */
};

struct gadget_pipe {
	struct gadget *gadget;
	struct port *port;
	int fd;			/* FunctionFS' file, or -1 */
	bool in;
	unsigned int next;	/* slot to use next, so that they stay in order */
	struct gadget_slot slot[GADGET_DEPTH];
};

struct gadget {
	struct emu *emu;
	char name[64];		/* of the gadget and the FunctionFS instance */
	char udc[64];
	char mount[64];
	bool mounted, bound;
	int ep0;
	aio_context_t aio;
	int event;		/* eventfd of completions */
	struct gadget_pipe in[PORTS_MAX], out[PORTS_MAX];
};

/* gadget-setup.c; functions give NULL or an error */
const char *gadget_build(struct gadget *g);
const char *gadget_bind(struct gadget *g);
void gadget_unbind(struct gadget *g);
void gadget_remove(struct gadget *g);
enum usb_speed gadget_speed(const struct gadget *g);
const char *failed(const char *what);

/* gadget-descriptors.c */
const char *gadget_write_descriptors(struct gadget *g);

/* gadget-aio.c */
const char *aio_start(struct gadget *g);
void aio_stop(struct gadget *g);
void aio_move(struct gadget *g);
void aio_reap(struct gadget *g, bool wait);
void aio_drain(struct gadget *g);
void aio_forget(struct gadget *g);
const char *aio_halt(struct gadget_pipe *pipe);

#endif /* EMU_GADGET_H */
