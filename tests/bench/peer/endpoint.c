// SPDX-License-Identifier: GPL-2.0
/*
 * The bench's endpoint: counts what comes, turns it round, makes messages.
 *
 * Frames are read and written by the driver's own code. That is no circle: what
 * that code does is tested elsewhere, and here it only has to cost little.
 */
#include <linux/errno.h>
#include <linux/ktime.h>
#include <linux/minmax.h>
#include <linux/mm.h>
#include <linux/string.h>

#include "endpoint.h"

#define HOST_EID	8
#define OWN_EID		9
#define MESSAGE_TYPE	0x7e
#define FLAG_SOM	0x80
#define FLAG_EOM	0x40
#define SEQ_SHIFT	4
#define FLAG_TO		0x08
#define HDR_LEN		4
#define MESSAGE_MAX	65536

struct bench_counters bench_counters;

static struct mctp_framing framing;
static struct mctp_deframer deframer;

/**
 * struct source - messages to send, all of them alike
 * @stream: one message as frames
 * @len: its length
 * @pos: what is sent next
 * @left: bytes to send, of all messages
 * @pack: most packets of a transfer, 0: what fits
 */
static struct source {
	u8 *stream;
	unsigned int len;
	unsigned int pos;
	u64 left;
	unsigned int pack;
} source;

/**
 * bench_endpoint_init() - start with nothing
 * @spanning: DSP0283 1.1, else 1.0
 *
 * Return: 0 or an error
 */
int bench_endpoint_init(bool spanning)
{
	/* The longest message, in the shortest packets */
	source.stream = kvmalloc(MESSAGE_MAX / 64 * 72 + 72, GFP_KERNEL);
	if (!source.stream)
		return -ENOMEM;
	mctp_framing_init(&framing, spanning, 512, 512);
	mctp_deframe_init(&deframer, &framing);
	return 0;
}

/**
 * bench_endpoint_exit() - undo that
 */
void bench_endpoint_exit(void)
{
	kvfree(source.stream);
}

/* Send a packet back where it came from, as the answer. */
static void turn_round(u8 *hdr)
{
	hdr[1] = HOST_EID;
	hdr[2] = OWN_EID;
	hdr[3] &= ~FLAG_TO;
}

/**
 * bench_receive() - count a transfer
 * @data: its bytes
 * @len: how many
 * @answer: turn its packets round, in place
 */
void bench_receive(u8 *data, unsigned int len, bool answer)
{
	struct mctp_frame_part part;
	enum mctp_frame_what what;

	bench_counters.transfers++;
	bench_counters.last_ns = ktime_get_ns();
	mctp_deframe_begin(&deframer, data, len);
	while ((what = mctp_deframe_next(&deframer, &part)) != MCTP_FRAME_NONE) {
		/* No driver cuts headers on the way out, so this one need not cope. */
		if (what != MCTP_FRAME_DATA ||
		    (!part.offset && part.len < HDR_LEN)) {
			bench_counters.bad++;
			continue;
		}
		if (!part.offset && answer)
			turn_round((u8 *)part.data);
		if (part.offset + part.len == part.total) {
			bench_counters.packets++;
			bench_counters.payload += part.total - HDR_LEN;
		}
	}
}

/* Append a packet with the next @len bytes of a message. */
static void add_packet(unsigned int len, u8 flags_and_seq)
{
	unsigned int fill = 0;
	u8 *to;

	to = mctp_frame_pack(&framing, source.stream + source.len, &fill,
			     HDR_LEN + len);
	source.len += fill;
	*to++ = 1;
	*to++ = HOST_EID;
	*to++ = OWN_EID;
	*to++ = FLAG_TO | flags_and_seq;
	memset(to, 0x5a, len);
	if (flags_and_seq & FLAG_SOM)
		*to = MESSAGE_TYPE;
}

/**
 * bench_source_start() - have messages to send
 * @count: how many
 * @size: bytes of each, its type byte included
 * @mtu: longest packet
 * @pack: most packets of a transfer in 1.0, 0: what fits
 *
 * Return: 0 or -EINVAL
 */
int bench_source_start(unsigned int count, unsigned int size, unsigned int mtu,
		       unsigned int pack)
{
	unsigned int at, len;
	u8 flags, seq = 0;

	if (!size || size > MESSAGE_MAX || mtu < MCTP_PACKET_BTU ||
	    mtu > framing.packet_max)
		return -EINVAL;
	source.len = 0;
	for (at = 0; at < size; at += len) {
		len = min(size - at, mtu - HDR_LEN);
		flags = seq++ % 4 << SEQ_SHIFT;
		if (!at)
			flags |= FLAG_SOM;
		if (at + len == size)
			flags |= FLAG_EOM;
		add_packet(len, flags);
	}
	source.pos = 0;
	source.left = (u64)count * source.len;
	source.pack = pack;
	bench_counters.sent = 0;
	return 0;
}

/* Bytes of the stream that may be sent together: a frame, or any in 1.1 */
static unsigned int piece(unsigned int room)
{
	const u8 *hdr = source.stream + source.pos;
	unsigned int frame = (hdr[2] << 8 | hdr[3]) & framing.len_mask;
	unsigned int rest = source.len - source.pos;

	if (framing.border == MCTP_FRAME_BORDER_NONE)
		return min(rest, room);
	return frame <= room ? frame : 0;
}

/**
 * bench_source_fill() - make a transfer
 * @buf: for its bytes
 * @size: room there
 * @last: set to whether it is the last one
 *
 * Return: its length, 0 when there is nothing to send
 */
unsigned int bench_source_fill(u8 *buf, unsigned int size, bool *last)
{
	unsigned int fill = 0, pieces = 0, len;

	while (source.left && !(source.pack && pieces == source.pack)) {
		len = piece(size - fill);
		if (!len)
			break;
		memcpy(buf + fill, source.stream + source.pos, len);
		fill += len;
		pieces++;
		source.left -= len;
		source.pos += len;
		if (source.pos == source.len)
			source.pos = 0;
	}
	*last = !source.left;
	bench_counters.sent += !!fill;
	return fill;
}
