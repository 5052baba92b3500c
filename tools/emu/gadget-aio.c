// SPDX-License-Identifier: GPL-2.0
/*
 * The gadget front end: transfers by the kernel's own asynchronous I/O, so that
 * the controller always has several in each direction and this stays one thread.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "gadget.h"

#define EVENTS		(2 * PORTS_MAX * GADGET_DEPTH)
#define DRAIN_MS	2000

static void init_pipe(struct gadget *g, struct gadget_pipe *pipe,
		      struct port *port, bool in)
{
	unsigned int i;

	pipe->gadget = g;
	pipe->port = port;
	pipe->in = in;
	pipe->fd = -1;
	for (i = 0; i < GADGET_DEPTH; i++)
		pipe->slot[i].pipe = pipe;
}

const char *aio_start(struct gadget *g)
{
	unsigned int i;

	for (i = 0; i < PORTS_MAX; i++) {
		init_pipe(g, &g->in[i], &g->emu->port[i], true);
		init_pipe(g, &g->out[i], &g->emu->port[i], false);
	}
	g->event = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
	if (g->event < 0)
		return failed("eventfd");
	return syscall(SYS_io_setup, EVENTS, &g->aio) ? failed("io_setup") : NULL;
}

void aio_stop(struct gadget *g)
{
	unsigned int i, k;

	if (g->aio)
		syscall(SYS_io_destroy, g->aio);
	if (g->event >= 0)
		close(g->event);
	for (i = 0; i < PORTS_MAX; i++) {
		for (k = 0; k < GADGET_DEPTH; k++)
			bytes_free(&g->out[i].slot[k].buffer);
	}
}

/* Hand a transfer to the kernel. */
static bool submit(struct gadget_pipe *pipe, struct gadget_slot *slot,
		   void *data, size_t len)
{
	struct iocb *iocb = &slot->iocb;

	*iocb = (struct iocb){
		.aio_data = (uintptr_t)slot,
		.aio_lio_opcode = pipe->in ? IOCB_CMD_PWRITE : IOCB_CMD_PREAD,
		.aio_fildes = pipe->fd,
		.aio_buf = (uintptr_t)data,
		.aio_nbytes = len,
		.aio_flags = IOCB_FLAG_RESFD,
		.aio_resfd = pipe->gadget->event,
	};
	if (syscall(SYS_io_submit, pipe->gadget->aio, 1, &iocb) != 1)
		return false;
	slot->busy = true;
	slot->stale = false;
	pipe->next = (pipe->next + 1) % GADGET_DEPTH;
	return true;
}

static bool busy(const struct gadget_pipe *pipe)
{
	unsigned int i;

	for (i = 0; i < GADGET_DEPTH; i++) {
		if (pipe->slot[i].busy)
			return true;
	}
	return false;
}

/* Take back what is with the controller. It comes by aio_reap(). */
static void cancel(struct gadget_pipe *pipe)
{
	struct io_event unused;
	unsigned int i;

	for (i = 0; i < GADGET_DEPTH; i++) {
		if (pipe->slot[i].busy)
			syscall(SYS_io_cancel, pipe->gadget->aio,
				&pipe->slot[i].iocb, &unused);
	}
}

static void move_out(struct gadget_pipe *pipe)
{
	size_t len = pipe->port->framing.in_size;

	if (pipe->port->silent_out) {
		cancel(pipe);
		return;
	}
	while (port_takes_out(pipe->port)) {
		struct gadget_slot *slot = &pipe->slot[pipe->next];

		if (slot->busy)
			return;
		slot->buffer.len = 0;
		if (!submit(pipe, slot, bytes_grow(&slot->buffer, len), len))
			return;
	}
}

static void move_in(struct gadget_pipe *pipe)
{
	struct port *port = pipe->port;

	if (port->silent_in) {
		cancel(pipe);
		return;
	}
	for (;;) {
		struct gadget_slot *slot = &pipe->slot[pipe->next];
		struct transfer *t = slot->busy ? NULL : port_take(port);

		if (!t)
			return;
		if (t->kind == TRANSFER_FAIL) {
			/* There is nothing else that a gadget can do wrong. */
			aio_halt(pipe);
			port_taken(port, t);
			continue;
		}
		slot->transfer = t;
		if (!submit(pipe, slot, t->data, t->len)) {
			slot->transfer = NULL;
			port_untaken(port, t);
			return;
		}
	}
}

/* Keep the controller busy. */
void aio_move(struct gadget *g)
{
	unsigned int i;

	for (i = 0; i < g->emu->ports; i++) {
		if (!g->emu->port[i].live)
			continue;
		if (g->out[i].fd >= 0)
			move_out(&g->out[i]);
		if (g->in[i].fd >= 0)
			move_in(&g->in[i]);
	}
}

static void complete(struct gadget_slot *slot, long long result)
{
	struct gadget_pipe *pipe = slot->pipe;
	struct port *port = pipe->port;
	struct transfer *t = slot->transfer;

	slot->busy = false;
	slot->transfer = NULL;
	if (!pipe->in) {
		if (result >= 0 && !slot->stale && port->live)
			port_out(port, slot->buffer.data, result);
		return;
	}
	if (result == (long long)t->len)
		port_taken(port, t);
	else if (result == -ECONNRESET)
		port_untaken(port, t);
	else
		port_lost(port, t);
}

/* Look at what has been completed; @wait: for something to be. */
void aio_reap(struct gadget *g, bool wait)
{
	struct timespec timeout = { .tv_nsec = wait ? 50000000 : 0 };
	struct io_event events[EVENTS];
	__u64 count;
	long i, n;

	if (read(g->event, &count, sizeof(count)) < 0 && !wait)
		return;
	n = syscall(SYS_io_getevents, g->aio, wait ? 1L : 0L, (long)EVENTS,
		    events, &timeout);
	for (i = 0; i < n; i++)
		complete((struct gadget_slot *)(uintptr_t)events[i].data,
			 events[i].res);
}

/* Wait for the end of all that is with the kernel, after an unbind. */
void aio_drain(struct gadget *g)
{
	long long end = now_ms() + DRAIN_MS;
	unsigned int i;

	for (i = 0; i < PORTS_MAX; i++) {
		while ((busy(&g->in[i]) || busy(&g->out[i])) && now_ms() < end)
			aio_reap(g, true);
	}
}

/* The configuration is over: what is still to come belongs to no one. */
void aio_forget(struct gadget *g)
{
	unsigned int i, k;

	for (i = 0; i < PORTS_MAX; i++) {
		for (k = 0; k < GADGET_DEPTH; k++)
			g->out[i].slot[k].stale = true;
	}
}

/*
 * Halt the endpoint: FunctionFS does that on I/O in the wrong direction. An IN
 * endpoint must have nothing queued then; it is kept for after the halt.
 */
const char *aio_halt(struct gadget_pipe *pipe)
{
	long long end = now_ms() + DRAIN_MS;
	ssize_t rc;
	u8 byte = 0;

	if (pipe->fd < 0)
		return "there is no such endpoint";
	if (pipe->in)
		cancel(pipe);
	while (pipe->in && busy(pipe) && now_ms() < end)
		aio_reap(pipe->gadget, true);
	do {
		rc = pipe->in ? read(pipe->fd, &byte, 1) :
				write(pipe->fd, &byte, 1);
	} while (rc < 0 && errno == EAGAIN && now_ms() < end);
	if (rc >= 0 || errno != EBADMSG)
		return failed("halt");
	pipe->port->stat[STAT_STALLS]++;
	return NULL;
}
