// SPDX-License-Identifier: GPL-2.0
/*
 * The usb-redir front end: bulk packets.
 *
 * A bulk packet of usb-redir is a whole transfer of the guest's. IN packets
 * wait here until there is data, which is what NAK is on a bus, and are filled
 * as a bus would do it: USB packet by USB packet, until the request is full or
 * a packet is short.
 *
 * When QEMU sees a packet fail, or stops an endpoint, it takes back all packets
 * of that pipe. What is given to such a packet is lost, which no bus would do. So
 * after a failure, or a cancel, the packets that are here are doomed: they wait for
 * their own cancel. Where the news may be of packets that are not here yet, or not
 * any more, the pipe is held for a moment. (What is given to a packet between
 * QEMU's stop and the first cancel is lost all the same.)
 */
#include <linux/usb/ch9.h>
#include <stdlib.h>
#include <string.h>

#include "redir.h"

#define HOLD_MS		100	/* for packets sent before QEMU knew */
#define STALL_AGAIN_MS	5000	/* longer than hosts need to clear a halt */

static struct redir_packet *shift(struct redir_pipe *pipe)
{
	struct redir_packet *p = pipe->head;

	pipe->head = p->next;
	if (!pipe->head)
		pipe->tail = &pipe->head;
	return p;
}

/* Answer the packet, which is off its pipe, and free it. */
static void reply(struct redir *r, const struct redir_pipe *pipe,
		  struct redir_packet *p, u8 status)
{
	bool in = pipe->address & USB_DIR_IN;
	size_t len = in ? p->fill : status == usb_redir_success ? p->len : 0;
	struct usb_redir_bulk_packet_header header = {
		.endpoint = pipe->address,
		.status = status,
		.length = len & 0xffff,
		.length_high = len >> 16,
		.stream_id = p->stream,
	};

	usbredirparser_send_bulk_packet(r->parser, p->id, &header,
					in && len ? p->data : NULL,
					in ? len : 0);
	free(p->data);
	free(p);
}

/* Lay out the pipes of the device that is about to be plugged in. */
void redir_bulk_start(struct redir *r)
{
	const struct descriptors *d = &r->emu->descriptors;
	unsigned int i;

	for (i = 0; i < PORTS_MAX; i++) {
		r->in[i] = (struct redir_pipe){
			.address = descriptors_in_address(d, i),
		};
		r->in[i].tail = &r->in[i].head;
		r->out[i] = (struct redir_pipe){
			.address = descriptors_out_address(d, i),
		};
		r->out[i].tail = &r->out[i].head;
	}
}

static void stop_pipe(struct redir *r, struct redir_pipe *pipe, bool answer)
{
	while (pipe->head) {
		struct redir_packet *p = shift(pipe);

		if (answer) {
			p->fill = 0;
			reply(r, pipe, p, usb_redir_cancelled);
		} else {
			free(p->data);
			free(p);
		}
	}
	pipe->halted = false;
	pipe->stall_again = 0;
	pipe->hold_end = 0;
}

/* Reset, unplugged, no longer configured. */
void redir_bulk_stop(struct redir *r, bool answer)
{
	unsigned int i;

	for (i = 0; i < PORTS_MAX; i++) {
		if (r->in[i].moving)
			port_lost(&r->emu->port[i], r->in[i].moving);
		r->in[i].moving = NULL;
		stop_pipe(r, &r->in[i], answer);
		stop_pipe(r, &r->out[i], answer);
	}
}

static struct port *pipe_port(struct redir *r, const struct redir_pipe *pipe)
{
	size_t i = pipe->address & USB_DIR_IN ? pipe - r->in : pipe - r->out;

	return &r->emu->port[i];
}

/* The bulk pipe with that address, or NULL. */
struct redir_pipe *redir_pipe(struct redir *r, u8 address)
{
	unsigned int i;

	for (i = 0; i < r->emu->ports; i++) {
		if (r->in[i].address == address)
			return &r->in[i];
		if (r->out[i].address == address)
			return &r->out[i];
	}
	return NULL;
}

/* QEMU takes back the packets that are here. */
static void doom(struct redir_pipe *pipe)
{
	struct redir_packet *p;

	for (p = pipe->head; p; p = p->next)
		p->doomed = true;
}

static void doom_after_failure(struct redir_pipe *pipe)
{
	doom(pipe);
	pipe->hold_end = now_ms() + HOLD_MS;
}

/*
 * Linux makes no-ops of transfers that it takes back, and QEMU sends them here
 * as packets of no length. They are nothing to the device, and nobody in the
 * guest waits for them: one that failed would halt the pipe, and nobody knew.
 */
static void serve_no_ops(struct redir *r, struct redir_pipe *pipe)
{
	while (pipe->head && !pipe->head->len && !pipe->head->doomed)
		reply(r, pipe, shift(pipe), usb_redir_success);
}

/*
 * One packet of a halted pipe meets a STALL; those behind it wait until they are
 * taken back, or the halt is cleared. QEMU would take another STALL for another
 * halt, and tell Linux of it when Linux has cleared the first one. But a host
 * that has not understood meets it again, after a while.
 */
static void serve_halted(struct redir *r, struct redir_pipe *pipe)
{
	serve_no_ops(r, pipe);
	if (!pipe->head || pipe->head->doomed || now_ms() < pipe->stall_again)
		return;
	pipe->stall_again = now_ms() + STALL_AGAIN_MS;
	pipe->stall_id = pipe->head->id;
	reply(r, pipe, shift(pipe), usb_redir_stall);
	doom_after_failure(pipe);
}

/* Set or clear a pipe's halt. */
bool redir_halt(struct redir *r, u8 address, bool halt)
{
	struct redir_pipe *pipe = redir_pipe(r, address);
	struct port *port;

	if (!pipe)
		return false;
	port = pipe_port(r, pipe);
	port->stat[halt ? STAT_STALLS : STAT_CLEAR_HALTS]++;
	if (pipe->halted != halt)
		pipe->stall_again = 0;
	pipe->halted = halt;
	if (halt)
		serve_halted(r, pipe);
	return true;
}

static void fail(struct redir *r, struct redir_pipe *pipe, struct transfer *t)
{
	struct port *port = pipe_port(r, pipe);
	bool last = !--t->repeat;

	switch (t->fail) {
	case FAIL_EPIPE:
		redir_halt(r, pipe->address, true);
		break;
	case FAIL_EPROTO:
		reply(r, pipe, shift(pipe), usb_redir_ioerror);
		doom_after_failure(pipe);
		break;
	case FAIL_EOVERFLOW:
		reply(r, pipe, shift(pipe), usb_redir_babble);
		doom_after_failure(pipe);
		break;
	}
	if (!last)
		return;
	pipe->moving = NULL;
	port_taken(port, t);
}

/*
 * Move bytes of the transfer at hand into the request at the head. Returns
 * whether the request was answered.
 */
static bool move(struct redir *r, struct redir_pipe *pipe, struct transfer *t)
{
	struct redir_packet *p = pipe->head;
	struct port *port = pipe_port(r, pipe);
	size_t want = p->len - p->fill;
	size_t left = t->len - t->pos;
	size_t part = left < want ? left : want;
	bool ends, full, babble;

	/* What is behind the request's last whole packet does not fit in. */
	babble = left > want && want % port->in_maxp;
	memcpy(p->data + p->fill, t->data + t->pos, part);
	p->fill += part;
	t->pos += part;
	ends = t->pos == t->len && (!t->len || t->len % port->in_maxp);
	full = p->fill == p->len;

	if (babble) {
		reply(r, pipe, shift(pipe), usb_redir_babble);
		doom_after_failure(pipe);
		pipe->moving = NULL;
		port_lost(port, t);
		return true;
	}
	if (t->pos == t->len) {
		pipe->moving = NULL;
		port_taken(port, t);
	}
	if (ends || full)
		reply(r, pipe, shift(pipe), usb_redir_success);
	return ends || full;
}

static bool held(struct redir_pipe *pipe)
{
	if (pipe->head && pipe->head->doomed)
		return true;
	if (now_ms() < pipe->hold_end)
		return true;
	pipe->hold_end = 0;
	return false;
}

static void serve_in(struct redir *r, struct redir_pipe *pipe)
{
	struct port *port = pipe_port(r, pipe);

	serve_no_ops(r, pipe);
	while (pipe->head && !pipe->halted && !held(pipe)) {
		if (!pipe->moving)
			pipe->moving = port_take(port);
		else if (port->silent_in)
			return;
		if (!pipe->moving)
			return;
		if (pipe->moving->kind == TRANSFER_FAIL)
			fail(r, pipe, pipe->moving);
		else
			move(r, pipe, pipe->moving);
		serve_no_ops(r, pipe);
	}
}

/* A no-op cannot be told from a transfer of no length here. */
static void serve_out(struct redir *r, struct redir_pipe *pipe)
{
	struct port *port = pipe_port(r, pipe);

	while (pipe->head && !pipe->halted && !held(pipe) &&
	       port_takes_out(port)) {
		struct redir_packet *p = shift(pipe);

		port_out(port, p->data, p->len);
		reply(r, pipe, p, usb_redir_success);
	}
}

void redir_bulk_kick(struct redir *r)
{
	unsigned int i;

	for (i = 0; i < r->emu->ports; i++) {
		serve_out(r, &r->out[i]);
		serve_in(r, &r->in[i]);
		if (r->out[i].halted)
			serve_halted(r, &r->out[i]);
		if (r->in[i].halted)
			serve_halted(r, &r->in[i]);
	}
}

/* When a held pipe is to be looked at again; 0: never. */
static long long pipe_deadline(const struct redir_pipe *pipe)
{
	if (!pipe->head || pipe->head->doomed)
		return 0;
	return pipe->halted ? pipe->stall_again : pipe->hold_end;
}

long long redir_bulk_deadline(struct redir *r)
{
	long long first = 0;
	unsigned int i;

	for (i = 0; i < 2 * r->emu->ports; i++) {
		long long end = pipe_deadline(i % 2 ? &r->in[i / 2] : &r->out[i / 2]);

		if (end && (!first || end < first))
			first = end;
	}
	return first;
}

static void on_bulk(void *priv, uint64_t id,
		    struct usb_redir_bulk_packet_header *header,
		    uint8_t *data, int data_len)
{
	struct redir *r = priv;
	struct redir_pipe *pipe = redir_pipe(r, header->endpoint);
	struct redir_packet *p = must_alloc(sizeof(*p));
	bool in = header->endpoint & USB_DIR_IN;
	struct redir_pipe other = { .address = header->endpoint };

	p->id = id;
	p->stream = header->stream_id;
	p->len = in ? header->length | (size_t)header->length_high << 16 :
		      (size_t)data_len;
	p->data = must_alloc(p->len);
	if (!in && data_len)
		memcpy(p->data, data, data_len);
	usbredirparser_free_packet_data(r->parser, data);

	/* Extra endpoints and those of no configuration have nothing to say. */
	if (!pipe || !r->emu->configured) {
		reply(r, pipe ? pipe : &other, p, usb_redir_stall);
		return;
	}
	*pipe->tail = p;
	pipe->tail = &p->next;
}

/*
 * Take the packet back; what it already holds has gone to the host and is lost.
 * Those that are here with it are next, and QEMU knows of any failure.
 */
static bool cancel(struct redir *r, struct redir_pipe *pipe, __u64 id)
{
	struct redir_packet **at, *p;

	for (at = &pipe->head; *at; at = &(*at)->next) {
		if ((*at)->id == id)
			break;
	}
	p = *at;
	if (!p)
		return false;
	*at = p->next;
	if (!p->next)
		pipe->tail = at;
	reply(r, pipe, p, usb_redir_cancelled);
	doom(pipe);
	pipe->hold_end = 0;
	return true;
}

/*
 * QEMU takes back a packet that has been answered, and will not look at the
 * answer. If that was the pipe's STALL, the next packet meets it.
 */
static void cancel_answered(struct redir_pipe *pipe, __u64 id)
{
	if (pipe->stall_id == id)
		pipe->stall_again = 0;
	pipe->hold_end = now_ms() + HOLD_MS;
}

static void on_cancel(void *priv, uint64_t id)
{
	struct redir *r = priv;
	unsigned int i;

	for (i = 0; i < r->emu->ports; i++) {
		if (cancel(r, &r->in[i], id) || cancel(r, &r->out[i], id)) {
			r->emu->stat[STAT_CANCELS]++;
			return;
		}
	}
	for (i = 0; i < r->emu->ports; i++) {
		cancel_answered(&r->in[i], id);
		cancel_answered(&r->out[i], id);
	}
}

static void on_alloc_streams(void *priv, uint64_t id,
			     struct usb_redir_alloc_bulk_streams_header *alloc)
{
	struct usb_redir_bulk_streams_status_header status = {
		.endpoints = alloc->endpoints, .status = usb_redir_stall,
	};
	struct redir *r = priv;

	usbredirparser_send_bulk_streams_status(r->parser, id, &status);
}

void redir_bulk_callbacks(struct usbredirparser *parser)
{
	parser->bulk_packet_func = on_bulk;
	parser->cancel_data_packet_func = on_cancel;
	parser->alloc_bulk_streams_func = on_alloc_streams;
}
