// SPDX-License-Identifier: GPL-2.0
/*
 * Bulk pipes of a device.
 *
 * A request is a whole transfer of the host's. IN requests wait here until there
 * is data, which is what NAK is on a bus, and are filled as a bus would do it: USB
 * packet by USB packet, until the request is full or a packet is short.
 */
#include <stdlib.h>
#include <string.h>

#include "device.h"

void pipe_add(struct pipe *pipe, struct request *q)
{
	*pipe->tail = q;
	pipe->tail = &q->next;
}

struct request *pipe_shift(struct pipe *pipe)
{
	struct request *q = pipe->head;

	pipe->head = q->next;
	if (!pipe->head)
		pipe->tail = &pipe->head;
	return q;
}

/* Answer the request, which is off its pipe, and free it. */
void pipe_answer(struct device *dev, const struct pipe *pipe,
		 struct request *q, enum usb_answer how)
{
	dev->bus->answer(dev, pipe, q, how);
	free(q);
}

static void failed(struct device *dev, struct pipe *pipe, enum usb_answer how)
{
	pipe_answer(dev, pipe, pipe_shift(pipe), how);
	if (dev->bus->failed)
		dev->bus->failed(pipe);
}

/* Lay out the pipes of the device that is about to be plugged in. */
void pipes_start(struct device *dev)
{
	const struct descriptors *d = &dev->emu->descriptors;
	unsigned int i;

	for (i = 0; i < PORTS_MAX; i++) {
		dev->in[i] = (struct pipe){
			.port = &dev->emu->port[i],
			.address = descriptors_in_address(d, i),
		};
		dev->in[i].tail = &dev->in[i].head;
		dev->out[i] = (struct pipe){
			.port = &dev->emu->port[i],
			.address = descriptors_out_address(d, i),
		};
		dev->out[i].tail = &dev->out[i].head;
	}
}

static void stop_pipe(struct device *dev, struct pipe *pipe, bool answer)
{
	while (pipe->head) {
		struct request *q = pipe_shift(pipe);

		q->fill = 0;
		if (answer)
			pipe_answer(dev, pipe, q, ANSWER_CANCELLED);
		else
			free(q);
	}
	pipe->halted = false;
	pipe->stall_again = 0;
	pipe->hold_end = 0;
}

/* Reset, unplugged, no longer configured. */
void pipes_stop(struct device *dev, bool answer)
{
	unsigned int i;

	for (i = 0; i < PORTS_MAX; i++) {
		if (dev->in[i].moving)
			port_lost(&dev->emu->port[i], dev->in[i].moving);
		dev->in[i].moving = NULL;
		stop_pipe(dev, &dev->in[i], answer);
		stop_pipe(dev, &dev->out[i], answer);
	}
}

/*
 * The bulk pipe with that address, or NULL. One whose descriptor was given an address
 * of the other direction cannot be talked to.
 */
struct pipe *pipe_find(struct device *dev, u8 address)
{
	struct pipe *pipes = address & USB_DIR_IN ? dev->in : dev->out;
	unsigned int i;

	for (i = 0; i < dev->emu->ports; i++) {
		if (pipes[i].address == address)
			return &pipes[i];
	}
	return NULL;
}

/* Set or clear a pipe's halt. */
bool pipe_halt(struct device *dev, u8 address, bool halt)
{
	struct pipe *pipe = pipe_find(dev, address);
	struct port *port;

	if (!pipe)
		return false;
	port = pipe->port;
	port->stat[halt ? STAT_STALLS : STAT_CLEAR_HALTS]++;
	if (pipe->halted != halt)
		pipe->stall_again = 0;
	pipe->halted = halt;
	if (halt)
		dev->bus->serve_halted(dev, pipe);
	return true;
}

/* Halt the IN or the OUT pipe of a port. */
void port_halt(struct device *dev, const struct port *port, bool in)
{
	const struct pipe *pipes = in ? dev->in : dev->out;

	pipe_halt(dev, pipes[port->index].address, true);
}

static void fail(struct device *dev, struct pipe *pipe, struct transfer *t)
{
	struct port *port = pipe->port;
	bool last = !--t->repeat;

	switch (t->fail) {
	case FAIL_EPIPE:
		pipe_halt(dev, pipe->address, true);
		break;
	case FAIL_EPROTO:
		failed(dev, pipe, ANSWER_ERROR);
		break;
	case FAIL_EOVERFLOW:
		failed(dev, pipe, ANSWER_BABBLE);
		break;
	}
	if (!last)
		return;
	pipe->moving = NULL;
	port_taken(port, t);
}

/* Move bytes of the transfer at hand into the request at the head. */
static void move(struct device *dev, struct pipe *pipe, struct transfer *t)
{
	struct request *q = pipe->head;
	struct port *port = pipe->port;
	size_t want = q->len - q->fill;
	size_t left = t->len - t->pos;
	size_t part = left < want ? left : want;
	bool ends, full, babble;

	/* What is behind the request's last whole packet does not fit in. */
	babble = left > want && want % port->in_maxp;
	memcpy(q->data + q->fill, t->data + t->pos, part);
	q->fill += part;
	t->pos += part;
	ends = t->pos == t->len && (!t->len || t->len % port->in_maxp);
	full = q->fill == q->len;

	if (babble) {
		failed(dev, pipe, ANSWER_BABBLE);
		pipe->moving = NULL;
		port_lost(port, t);
		return;
	}
	if (t->pos == t->len) {
		pipe->moving = NULL;
		port_taken(port, t);
	}
	if (ends || full)
		pipe_answer(dev, pipe, pipe_shift(pipe), ANSWER_GOOD);
}

static void serve_in(struct device *dev, struct pipe *pipe)
{
	struct port *port = pipe->port;

	while (dev->bus->ready(dev, pipe) && !pipe->halted) {
		if (!pipe->moving)
			pipe->moving = port_take(port);
		else if (port->silent_in)
			return;
		if (!pipe->moving)
			return;
		if (pipe->moving->kind == TRANSFER_FAIL)
			fail(dev, pipe, pipe->moving);
		else
			move(dev, pipe, pipe->moving);
	}
}

static void serve_out(struct device *dev, struct pipe *pipe)
{
	struct port *port = pipe->port;

	while (dev->bus->ready(dev, pipe) && !pipe->halted &&
	       port_takes_out(port)) {
		struct request *q = pipe_shift(pipe);

		port_out(port, q->data, q->len);
		if (q->zlp && q->len && q->len % port->out_maxp == 0)
			port_out(port, q->data, 0);
		pipe_answer(dev, pipe, q, ANSWER_GOOD);
	}
}

/* Move what can be moved. */
void pipes_kick(struct device *dev)
{
	unsigned int i;

	for (i = 0; i < dev->emu->ports; i++) {
		serve_out(dev, &dev->out[i]);
		serve_in(dev, &dev->in[i]);
		if (dev->out[i].halted)
			dev->bus->serve_halted(dev, &dev->out[i]);
		if (dev->in[i].halted)
			dev->bus->serve_halted(dev, &dev->in[i]);
	}
}

/* Take the request with that id off its pipe. */
static struct request *take_off(struct pipe *pipe, __u64 id)
{
	struct request **at, *q;

	for (at = &pipe->head; *at; at = &(*at)->next) {
		if ((*at)->id == id)
			break;
	}
	q = *at;
	if (!q)
		return NULL;
	*at = q->next;
	if (!q->next)
		pipe->tail = at;
	return q;
}

/*
 * The host takes a request back; what it already holds has gone to the host and
 * is lost. Returns the request, the caller's to free, and its pipe in @pipe; or
 * NULL if it is not here.
 */
struct request *pipes_take_back(struct device *dev, __u64 id, struct pipe **pipe)
{
	struct request *q = NULL;
	unsigned int i;

	for (i = 0; !q && i < 2 * dev->emu->ports; i++) {
		*pipe = i % 2 ? &dev->out[i / 2] : &dev->in[i / 2];
		q = take_off(*pipe, id);
	}
	if (q)
		dev->emu->stat[STAT_CANCELS]++;
	return q;
}
