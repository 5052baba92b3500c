/* SPDX-License-Identifier: GPL-2.0 */
/*
 * DSP0283 framing: MCTP packets to and from the bytes of USB transfers.
 *
 * Pure logic over byte buffers. Nothing here knows an URB, an skb or a netdev,
 * takes a lock or allocates, so that the driver, the KUnit suites, the fuzzer
 * and the emulated endpoint all run the same code. A caller that is not a
 * kernel provides <linux/types.h> and <linux/minmax.h> (see tools/include).
 */
#ifndef MCTP_USB_FRAME_H
#define MCTP_USB_FRAME_H

#include <linux/types.h>

#define MCTP_FRAME_HDR_LEN	4	/* DSP0283: id (2), reserved, length */
#define MCTP_FRAME_ID0		0x1a	/* DMTF's vendor id, big endian */
#define MCTP_FRAME_ID1		0xb4
#define MCTP_PACKET_MIN		4	/* DSP0236: the MCTP header alone */
#define MCTP_PACKET_BTU		68	/* DSP0236: header + 64 bytes, for all */
#define MCTP_PACKET_MAX_1_0	251	/* 8-bit length less the USB header */
#define MCTP_PACKET_MAX_1_1	8187	/* 13-bit length less the USB header */

/**
 * enum mctp_frame_border - where a frame has to end at the latest
 * @MCTP_FRAME_BORDER_EVERY: at the end of each completion; one completion is
 *	one transfer (1.0 with packets of 512 bytes and more)
 * @MCTP_FRAME_BORDER_SHORT: at the end of a completion that did not fill its
 *	buffer; a full one may go on in the next (1.0 with small USB packets,
 *	where a transfer takes several buffers)
 * @MCTP_FRAME_BORDER_NONE: nowhere; transfers are a byte stream (1.1 spanning)
 */
enum mctp_frame_border {
	MCTP_FRAME_BORDER_EVERY,
	MCTP_FRAME_BORDER_SHORT,
	MCTP_FRAME_BORDER_NONE,
};

/**
 * struct mctp_framing - what the edition and the packet sizes of a link imply
 * @border: where frames must end on receive
 * @len_mask: bits of the header's last two bytes that are the length
 * @packet_max: longest MCTP packet in bytes, MCTP header included: largest MTU
 * @in_size: bytes of one IN buffer
 * @out_size: most bytes of one OUT transfer
 */
struct mctp_framing {
	enum mctp_frame_border border;
	u16 len_mask;
	u16 packet_max;
	u16 in_size;
	u16 out_size;
};

/**
 * enum mctp_frame_what - what mctp_deframe_next() met
 * @MCTP_FRAME_NONE: the completion is used up
 * @MCTP_FRAME_DATA: bytes of a packet
 * @MCTP_FRAME_BAD_ID: no id bytes where a header should be
 * @MCTP_FRAME_BAD_LEN: a length below the two headers
 * @MCTP_FRAME_SHORT_HDR: a transfer ended inside a USB header
 * @MCTP_FRAME_TRUNC: a transfer ended before its frame did
 * @MCTP_FRAME_PAD: zero padding after good frames; not an error
 * @MCTP_FRAME_KINDS: how many there are
 */
enum mctp_frame_what {
	MCTP_FRAME_NONE,
	MCTP_FRAME_DATA,
	MCTP_FRAME_BAD_ID,
	MCTP_FRAME_BAD_LEN,
	MCTP_FRAME_SHORT_HDR,
	MCTP_FRAME_TRUNC,
	MCTP_FRAME_PAD,
	MCTP_FRAME_KINDS,
};

/**
 * struct mctp_frame_part - consecutive bytes of one MCTP packet
 * @data: the bytes, inside the completion at hand
 * @len: how many, at least 1
 * @offset: their place in the packet; 0 starts a new packet
 * @total: length of the whole packet; @offset + @len == @total completes it
 */
struct mctp_frame_part {
	const u8 *data;
	u16 len;
	u16 offset;
	u16 total;
};

/**
 * struct mctp_deframer - receive state of one IN pipe
 * @framing: the link's framing
 * @data: the completion at hand
 * @len: its length
 * @pos: bytes of it that are used
 * @ends: no frame may go on behind this completion
 * @good: a frame ended in this transfer, so zeros behind it are padding
 * @hdr_len: bytes of the current frame's USB header seen so far
 * @hdr: those bytes
 * @total: length of the current packet, 0 while the header is incomplete
 * @done: bytes of the packet seen so far
 */
struct mctp_deframer {
	const struct mctp_framing *framing;
	const u8 *data;
	unsigned int len;
	unsigned int pos;
	bool ends;
	bool good;
	u8 hdr_len;
	u8 hdr[MCTP_FRAME_HDR_LEN];
	u16 total;
	u16 done;
};

int mctp_framing_init(struct mctp_framing *framing, bool spanning,
		      unsigned int in_maxp, unsigned int out_maxp);

void mctp_deframe_init(struct mctp_deframer *d,
		       const struct mctp_framing *framing);
void mctp_deframe_begin(struct mctp_deframer *d, const u8 *data,
			unsigned int len);
enum mctp_frame_what mctp_deframe_next(struct mctp_deframer *d,
				       struct mctp_frame_part *part);
bool mctp_deframe_drop(struct mctp_deframer *d);

/**
 * mctp_deframe_whole() - take a packet that is whole in the completion at hand
 * @d: deframer, after mctp_deframe_begin()
 * @packet: set to the packet
 * @len: set to its length
 *
 * For the usual case only, and inline, as that is what receiving costs most in.
 * Whatever is special is left to mctp_deframe_next(), which would have done the
 * same with this packet.
 *
 * Return: false with nothing done.
 */
static inline bool mctp_deframe_whole(struct mctp_deframer *d,
				      const u8 **packet, unsigned int *len)
{
	const u8 *hdr = d->data + d->pos;
	unsigned int left = d->len - d->pos;
	unsigned int frame_len;

	if (left < MCTP_FRAME_HDR_LEN + MCTP_PACKET_MIN || d->hdr_len)
		return false;
	if (hdr[0] != MCTP_FRAME_ID0 || hdr[1] != MCTP_FRAME_ID1)
		return false;
	frame_len = (hdr[2] << 8 | hdr[3]) & d->framing->len_mask;
	if (frame_len < MCTP_FRAME_HDR_LEN + MCTP_PACKET_MIN || frame_len > left)
		return false;
	d->pos += frame_len;
	d->good = true;
	*packet = hdr + MCTP_FRAME_HDR_LEN;
	*len = frame_len - MCTP_FRAME_HDR_LEN;
	return true;
}

/**
 * mctp_deframe_used_up() - is there nothing more to be had from the completion?
 * @d: deframer, after mctp_deframe_begin()
 *
 * Return: whether mctp_deframe_next() would say MCTP_FRAME_NONE
 */
static inline bool mctp_deframe_used_up(const struct mctp_deframer *d)
{
	return d->pos == d->len && !(d->ends && d->hdr_len);
}

/**
 * mctp_deframe_held() - bytes of an unfinished frame kept for the next transfer
 * @d: deframer
 *
 * Return: number of bytes, USB header included.
 */
static inline unsigned int mctp_deframe_held(const struct mctp_deframer *d)
{
	return d->hdr_len + d->done;
}

u8 *mctp_frame_pack(const struct mctp_framing *framing, u8 *buf,
		    unsigned int *fill, unsigned int packet_len);

/**
 * mctp_frame_fits() - is there room for one more frame in an OUT transfer?
 * @framing: the link's framing
 * @fill: bytes of the transfer in use
 * @packet_len: length of the MCTP packet in bytes
 */
static inline bool mctp_frame_fits(const struct mctp_framing *framing,
				   unsigned int fill, unsigned int packet_len)
{
	return fill + MCTP_FRAME_HDR_LEN + packet_len <= framing->out_size;
}

/**
 * mctp_packet_is_last() - does a packet end its message?
 * @packet: MCTP packet, at least its header
 *
 * All that senders and receivers of transfers need to know of packets: what is
 * behind it is of use without waiting for more.
 *
 * Source: DSP0236, EOM flag of the transport header.
 */
static inline bool mctp_packet_is_last(const u8 *packet)
{
	return packet[3] & 0x40;
}

#endif /* MCTP_USB_FRAME_H */
