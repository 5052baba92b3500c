// SPDX-License-Identifier: GPL-2.0
/*
 * DSP0283 framing, see frame.h.
 *
 * The deframer never copies packet bytes: it hands out parts that point into
 * the completion, and remembers only the USB header and how far it got. What
 * it keeps between completions is therefore a few bytes whatever the peer does.
 */
#include <linux/errno.h>
#include <linux/minmax.h>
#include <linux/types.h>

#include "frame.h"

/* DSP0283 1.0: a transfer is one high-speed packet at most. */
#define TRANSFER_1_0		512
/*
 * A reader with a larger buffer (FunctionFS for one) sees the end of a transfer
 * only by a short packet, so a packed 1.0 transfer stops one byte earlier.
 */
#define PACKED_1_0		(TRANSFER_1_0 - 1)
/* The longest 1.1 frame, which is just short of 16 high-speed packets. */
#define FRAME_1_1		(MCTP_FRAME_HDR_LEN + MCTP_PACKET_MAX_1_1)

static bool maxp_is_sane(unsigned int maxp)
{
	/*
	 * USB 2.0 5.8.3 and USB 3.2 8.12.1.2: 8 to 64, 512 or 1024. Sizes
	 * between these are wrong, but do no harm.
	 */
	return maxp >= 8 && maxp <= 1024 && !(maxp & (maxp - 1));
}

/**
 * mctp_framing_init() - derive framing and sizes from the descriptors
 * @framing: filled in
 * @spanning: DSP0283 1.1 with spanning (subclass 2), else 1.0 (subclass 0)
 * @in_maxp: wMaxPacketSize of the bulk IN endpoint
 * @out_maxp: wMaxPacketSize of the bulk OUT endpoint
 *
 * An IN buffer is a multiple of the packet size, or a full last packet would
 * overrun it. In 1.0 it is just one transfer: in a larger one a transfer of
 * 512 bytes, which has no zero-length packet behind it, would not complete.
 * Below 512 bytes a packet (full speed) the same reason makes it one packet.
 *
 * Return: 0, or -EINVAL when a packet size is none that makes sense.
 */
int mctp_framing_init(struct mctp_framing *framing, bool spanning,
		      unsigned int in_maxp, unsigned int out_maxp)
{
	if (!maxp_is_sane(in_maxp) || !maxp_is_sane(out_maxp))
		return -EINVAL;

	if (spanning) {
		framing->border = MCTP_FRAME_BORDER_NONE;
		framing->len_mask = 0x1fff;
		framing->packet_max = MCTP_PACKET_MAX_1_1;
		framing->in_size = FRAME_1_1 + 1;
		framing->out_size = FRAME_1_1;
		return 0;
	}

	framing->border = in_maxp < TRANSFER_1_0 ? MCTP_FRAME_BORDER_SHORT :
						   MCTP_FRAME_BORDER_EVERY;
	framing->len_mask = 0x00ff;
	framing->packet_max = MCTP_PACKET_MAX_1_0;
	framing->in_size = in_maxp;
	framing->out_size = PACKED_1_0;
	return 0;
}

/**
 * mctp_deframe_init() - start with nothing held
 * @d: deframer
 * @framing: the link's framing, which must outlive @d
 */
void mctp_deframe_init(struct mctp_deframer *d,
		       const struct mctp_framing *framing)
{
	*d = (struct mctp_deframer){ .framing = framing };
}

/**
 * mctp_deframe_begin() - take the next IN completion
 * @d: deframer, done with the one before
 * @data: its bytes, to stay unchanged until mctp_deframe_next() has said
 *	MCTP_FRAME_NONE
 * @len: how many, at most the framing's @in_size
 *
 * Call mctp_deframe_next() until it returns MCTP_FRAME_NONE. Completions are to
 * be given in bus order.
 */
void mctp_deframe_begin(struct mctp_deframer *d, const u8 *data,
			unsigned int len)
{
	enum mctp_frame_border border = d->framing->border;

	/* Only where the transfer before this went on does its good frame count. */
	if (d->ends || border == MCTP_FRAME_BORDER_NONE)
		d->good = false;

	d->data = data;
	d->len = len;
	d->pos = 0;
	d->ends = border == MCTP_FRAME_BORDER_EVERY ||
		  (border == MCTP_FRAME_BORDER_SHORT &&
		   len < d->framing->in_size);
}

static void forget_frame(struct mctp_deframer *d)
{
	d->hdr_len = 0;
	d->total = 0;
	d->done = 0;
}

/* Refuse the frame at hand and, as no id is hunted for, all that follows it. */
static enum mctp_frame_what refuse(struct mctp_deframer *d,
				   enum mctp_frame_what why)
{
	forget_frame(d);
	d->pos = d->len;
	return why;
}

static bool rest_is_zero(const struct mctp_deframer *d)
{
	unsigned int i;

	for (i = d->pos; i < d->len; i++) {
		if (d->data[i])
			return false;
	}
	return true;
}

/*
 * The bytes at hand do not start a frame. Some peers fill a transfer up with
 * zeros; as no header starts with a zero that can be told from an error.
 */
static enum mctp_frame_what not_a_frame(struct mctp_deframer *d,
					enum mctp_frame_what why)
{
	if (d->good && !d->hdr_len && rest_is_zero(d))
		why = MCTP_FRAME_PAD;
	return refuse(d, why);
}

/* Collect the four header bytes; they may come one a completion. */
static enum mctp_frame_what take_header(struct mctp_deframer *d)
{
	static const u8 id[] = { MCTP_FRAME_ID0, MCTP_FRAME_ID1 };
	unsigned int frame_len;

	if (d->ends && d->hdr_len + d->len - d->pos < MCTP_FRAME_HDR_LEN)
		return not_a_frame(d, MCTP_FRAME_SHORT_HDR);

	while (d->hdr_len < MCTP_FRAME_HDR_LEN && d->pos < d->len) {
		u8 byte = d->data[d->pos];

		/*
		 * At once, not when the header is complete: a stray tail that
		 * was held would spoil the next transfer, which may be good.
		 */
		if (d->hdr_len < sizeof(id) && byte != id[d->hdr_len])
			return not_a_frame(d, MCTP_FRAME_BAD_ID);
		d->hdr[d->hdr_len++] = byte;
		d->pos++;
	}
	if (d->hdr_len < MCTP_FRAME_HDR_LEN)
		return MCTP_FRAME_NONE;

	frame_len = (d->hdr[2] << 8 | d->hdr[3]) & d->framing->len_mask;
	if (frame_len < MCTP_FRAME_HDR_LEN + MCTP_PACKET_MIN)
		return refuse(d, MCTP_FRAME_BAD_LEN);

	d->total = frame_len - MCTP_FRAME_HDR_LEN;
	/* Where the end is known to be missing no part is worth handing out. */
	if (d->ends && d->total > d->len - d->pos)
		return refuse(d, MCTP_FRAME_TRUNC);
	return MCTP_FRAME_NONE;
}

/**
 * mctp_deframe_next() - the next thing in the completion at hand
 * @d: deframer, after mctp_deframe_begin()
 * @part: filled in for MCTP_FRAME_DATA
 *
 * Each call but the last uses up at least one byte of the completion or ends a
 * held frame, so that a completion of n bytes takes n + 2 calls at the most.
 * Whatever is returned other than MCTP_FRAME_NONE and MCTP_FRAME_DATA ends the
 * packet whose parts were handed out so far: it will not be completed.
 *
 * Return: what was met. MCTP_FRAME_NONE asks for the next completion.
 */
enum mctp_frame_what mctp_deframe_next(struct mctp_deframer *d,
				       struct mctp_frame_part *part)
{
	enum mctp_frame_what what;

	if (!d->total && d->pos < d->len) {
		what = take_header(d);
		if (what != MCTP_FRAME_NONE)
			return what;
	}

	if (mctp_deframe_used_up(d))
		return MCTP_FRAME_NONE;
	if (d->pos == d->len)
		return refuse(d, d->total ? MCTP_FRAME_TRUNC :
					    MCTP_FRAME_SHORT_HDR);

	part->data = d->data + d->pos;
	part->offset = d->done;
	part->total = d->total;
	part->len = min_t(unsigned int, d->total - d->done, d->len - d->pos);

	d->pos += part->len;
	d->done += part->len;
	if (d->done == d->total) {
		forget_frame(d);
		d->good = true;
	}
	return MCTP_FRAME_DATA;
}

/**
 * mctp_deframe_drop() - forget an unfinished frame
 * @d: deframer
 *
 * For whatever breaks the byte stream: a failed or halted transfer, a reset, a
 * closed or resumed link, a peer that never sends the rest. What is left of the
 * completion at hand is forgotten too.
 *
 * Return: whether there was one.
 */
bool mctp_deframe_drop(struct mctp_deframer *d)
{
	bool held = mctp_deframe_held(d);

	refuse(d, MCTP_FRAME_NONE);
	d->ends = true;
	return held;
}

/**
 * mctp_frame_pack() - append a frame to an OUT transfer
 * @framing: the link's framing
 * @buf: the transfer's buffer, @framing->out_size bytes
 * @fill: bytes of it in use; advanced over the new frame
 * @packet_len: length of the MCTP packet in bytes
 *
 * Writes the USB header; the caller then stores the packet behind it.
 *
 * Return: where the packet's @packet_len bytes go, or NULL with nothing written
 * when the packet is no legal one for this edition or the transfer has no room.
 */
u8 *mctp_frame_pack(const struct mctp_framing *framing, u8 *buf,
		    unsigned int *fill, unsigned int packet_len)
{
	unsigned int frame_len = MCTP_FRAME_HDR_LEN + packet_len;
	u8 *hdr = buf + *fill;

	if (packet_len < MCTP_PACKET_MIN || packet_len > framing->packet_max ||
	    !mctp_frame_fits(framing, *fill, packet_len))
		return NULL;

	hdr[0] = MCTP_FRAME_ID0;
	hdr[1] = MCTP_FRAME_ID1;
	hdr[2] = frame_len >> 8;
	hdr[3] = frame_len & 0xff;
	*fill += frame_len;
	return hdr + MCTP_FRAME_HDR_LEN;
}
