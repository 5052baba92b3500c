// SPDX-License-Identifier: GPL-2.0
/*
 * The usb-redir front end: bulk packets.
 *
 * When QEMU sees a packet fail, or stops an endpoint, it takes back all packets
 * of that pipe. What is given to such a packet is lost, which no bus would do. So
 * after a failure, or a cancel, the packets that are here are doomed: they wait for
 * their own cancel. Where the news may be of packets that are not here yet, or not
 * any more, the pipe is held for a moment. (What is given to a packet between
 * QEMU's stop and the first cancel is lost all the same.)
 */
#include <stdlib.h>
#include <string.h>

#include "redir.h"

#define HOLD_MS		100	/* for packets sent before QEMU knew */
#define STALL_AGAIN_MS	5000	/* longer than hosts need to clear a halt */

u8 redir_status(enum usb_answer how)
{
	static const u8 status[USB_ANSWERS] = {
		[ANSWER_GOOD] = usb_redir_success,
		[ANSWER_STALL] = usb_redir_stall,
		[ANSWER_ERROR] = usb_redir_ioerror,
		[ANSWER_BABBLE] = usb_redir_babble,
		[ANSWER_CANCELLED] = usb_redir_cancelled,
	};

	return status[how];
}

static void answer_request(struct device *dev, const struct pipe *pipe,
			   const struct request *q, enum usb_answer how)
{
	struct redir *r = dev->emu->fe_data;
	bool in = pipe->address & USB_DIR_IN;
	size_t len = in ? q->fill : how == ANSWER_GOOD ? q->len : 0;
	struct usb_redir_bulk_packet_header header = {
		.endpoint = pipe->address,
		.status = redir_status(how),
		.length = len & 0xffff,
		.length_high = len >> 16,
		.stream_id = q->stream,
	};

	usbredirparser_send_bulk_packet(r->parser, q->id, &header,
					in && len ? (u8 *)q->data : NULL,
					in ? len : 0);
}

/* QEMU takes back the packets that are here. */
static void doom(struct pipe *pipe)
{
	struct request *q;

	for (q = pipe->head; q; q = q->next)
		q->doomed = true;
}

static void doom_after_failure(struct pipe *pipe)
{
	doom(pipe);
	pipe->hold_end = now_ms() + HOLD_MS;
}

/*
 * Linux makes no-ops of transfers that it takes back, and QEMU sends them here
 * as packets of no length. They are nothing to the device, and nobody in the
 * guest waits for them: one that failed would halt the pipe, and nobody knew.
 * One to an OUT pipe cannot be told from a transfer of no length.
 */
static void serve_no_ops(struct device *dev, struct pipe *pipe)
{
	while (pipe->head && !pipe->head->len && !pipe->head->doomed)
		pipe_answer(dev, pipe, pipe_shift(pipe), ANSWER_GOOD);
}

/*
 * One packet of a halted pipe meets a STALL; those behind it wait until they are
 * taken back, or the halt is cleared. QEMU would take another STALL for another
 * halt, and tell Linux of it when Linux has cleared the first one. But a host
 * that has not understood meets it again, after a while.
 */
static void serve_halted(struct device *dev, struct pipe *pipe)
{
	serve_no_ops(dev, pipe);
	if (!pipe->head || pipe->head->doomed || now_ms() < pipe->stall_again)
		return;
	pipe->stall_again = now_ms() + STALL_AGAIN_MS;
	pipe->stall_id = pipe->head->id;
	pipe_answer(dev, pipe, pipe_shift(pipe), ANSWER_STALL);
	doom_after_failure(pipe);
}

static bool ready(struct device *dev, struct pipe *pipe)
{
	if (pipe->address & USB_DIR_IN)
		serve_no_ops(dev, pipe);
	if (!pipe->head || pipe->head->doomed || now_ms() < pipe->hold_end)
		return false;
	pipe->hold_end = 0;
	return true;
}

const struct bus redir_bus = {
	.answer = answer_request,
	.ready = ready,
	.serve_halted = serve_halted,
	.failed = doom_after_failure,
};

/* When a held pipe is to be looked at again; 0: never. */
static long long pipe_deadline(const struct pipe *pipe)
{
	if (!pipe->head || pipe->head->doomed)
		return 0;
	return pipe->halted ? pipe->stall_again : pipe->hold_end;
}

long long redir_bulk_deadline(struct redir *r)
{
	struct device *dev = &r->dev;
	long long first = 0;
	unsigned int i;

	for (i = 0; i < 2 * dev->emu->ports; i++) {
		long long end = pipe_deadline(i % 2 ? &dev->in[i / 2] : &dev->out[i / 2]);

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
	struct pipe *pipe = pipe_find(&r->dev, header->endpoint);
	bool in = header->endpoint & USB_DIR_IN;
	size_t len = in ? header->length | (size_t)header->length_high << 16 :
			  (size_t)data_len;
	struct request *q = must_alloc(sizeof(*q) + len);
	struct pipe other = { .address = header->endpoint };

	q->id = id;
	q->stream = header->stream_id;
	q->len = len;
	if (!in && data_len)
		memcpy(q->data, data, data_len);
	usbredirparser_free_packet_data(r->parser, data);

	/* Extra endpoints and those of no configuration have nothing to say. */
	if (pipe && r->dev.emu->configured)
		pipe_add(pipe, q);
	else
		pipe_answer(&r->dev, pipe ? pipe : &other, q, ANSWER_STALL);
}

/*
 * QEMU takes back a packet that has been answered, and will not look at the
 * answer. If that was the pipe's STALL, the next packet meets it.
 */
static void cancel_answered(struct pipe *pipe, __u64 id)
{
	if (pipe->stall_id == id)
		pipe->stall_again = 0;
	pipe->hold_end = now_ms() + HOLD_MS;
}

static void on_cancel(void *priv, uint64_t id)
{
	struct redir *r = priv;
	struct pipe *pipe;
	struct request *q = pipes_take_back(&r->dev, id, &pipe);
	unsigned int i;

	/* Those that are here with it are next, and QEMU knows of any failure. */
	if (q) {
		pipe_answer(&r->dev, pipe, q, ANSWER_CANCELLED);
		doom(pipe);
		pipe->hold_end = 0;
		return;
	}
	for (i = 0; i < r->dev.emu->ports; i++) {
		cancel_answered(&r->dev.in[i], id);
		cancel_answered(&r->dev.out[i], id);
	}
}

/* We have not said that we know streams, but the parser hands on what asks for them. */
static void refuse_streams(struct redir *r, uint64_t id, uint32_t endpoints)
{
	struct usb_redir_bulk_streams_status_header status = {
		.endpoints = endpoints, .status = usb_redir_stall,
	};

	usbredirparser_send_bulk_streams_status(r->parser, id, &status);
}

static void on_alloc_streams(void *priv, uint64_t id,
			     struct usb_redir_alloc_bulk_streams_header *alloc)
{
	refuse_streams(priv, id, alloc->endpoints);
}

static void on_free_streams(void *priv, uint64_t id,
			    struct usb_redir_free_bulk_streams_header *streams)
{
	refuse_streams(priv, id, streams->endpoints);
}

void redir_bulk_callbacks(struct usbredirparser *parser)
{
	parser->bulk_packet_func = on_bulk;
	parser->cancel_data_packet_func = on_cancel;
	parser->alloc_bulk_streams_func = on_alloc_streams;
	parser->free_bulk_streams_func = on_free_streams;
}
