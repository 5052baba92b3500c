// SPDX-License-Identifier: GPL-2.0
/*
 * src/frame.c against a second receiver that is made to be obviously right
 * (kunit/frame-model.h): both are given the same transfers, then the same bytes
 * in other transfers, and have to agree. What the packer makes has to come back.
 *
 * The first byte of the input is the kind of link, the second how the bytes are cut
 * the second time; then come steps, see take_step().
 */
#include "frame.c"

#include "frame-model.h"
#include "frame-reader.h"
#include "program.h"

#define STREAM_MAX	32768	/* bytes */
#define STEPS_MAX	6000	/* bytes behind which no step begins */
#define TRANSFERS_MAX	250

/* The kinds of links */
static const struct {
	bool spanning;
	unsigned int maxp;
} links[] = {
	{ false, 8 }, { false, 64 }, { false, 512 }, { false, 1024 },
	{ true, 64 }, { true, 512 }, { true, 1024 },
};

enum { DROP = -1 };

/* What a device sends */
static struct {
	u8 bytes[STREAM_MAX];
	unsigned int len, room;
	/* bytes of each transfer, or DROP where the driver drops what it has */
	int transfer[TRANSFERS_MAX + 1];
	unsigned int transfers;
	unsigned int open;
} sent;

/* Does a transfer of whole packets end by an empty one? */
static bool zero_packets;

static struct frame_reader *reader, *again;
static struct frame_model *model;

static void put(u8 byte)
{
	if (sent.len == sent.room)
		return;
	sent.bytes[sent.len++] = byte;
	sent.open++;
}

static void put_many(unsigned int n, u8 byte)
{
	while (n--)
		put(byte);
}

static void end_transfer(void)
{
	if (sent.transfers < TRANSFERS_MAX)
		sent.transfer[sent.transfers++] = sent.open;
	else
		sent.len -= sent.open;
	sent.open = 0;
}

static void put_header(unsigned int id, unsigned int len)
{
	put(id >> 8);
	put(id & 0xff);
	put(len >> 8);
	put(len & 0xff);
}

/* A frame whose length is right, or off by @off, with @bits of the length that are reserved */
static void put_frame(unsigned int packet, int off, unsigned int bits)
{
	put_header(0x1ab4, ((packet + 4 + off) & 0x1fff) | bits);
	put_many(packet, 0x5a);
}

static void take_step(struct program *p)
{
	static const u8 header[] = { 0x1a, 0xb4, 0, 9 };
	unsigned int step = program_byte(p), i;

	switch (step & 0x0f) {
	case 0:
		end_transfer();
		break;
	case 1:
		end_transfer();
		if (sent.transfers < TRANSFERS_MAX)
			sent.transfer[sent.transfers++] = DROP;
		break;
	case 2:		/* any bytes */
		for (i = 0; i <= step >> 4; i++)
			put(program_byte(p));
		break;
	case 3:		/* padding */
		put_many(program_byte(p), 0);
		break;
	case 4:
		i = program_byte(p);
		put_many(i, program_byte(p));
		break;
	case 5:		/* part of a header */
		for (i = 0; i < step >> 4; i++)
			put(header[i % 4]);
		break;
	case 6:		/* any header */
		put_header(0x1ab4, program_word(p));
		break;
	case 7:		/* nearly an id */
		put_header(0x1ab4 ^ 1 << (step >> 4), 9);
		break;
	case 8:
		put_frame(4 + (step >> 4), (int)program_byte(p) - 128, 0);
		break;
	case 9:		/* the largest ones */
		put_frame(MCTP_PACKET_MAX_1_1 - (step >> 4), 0, 0);
		break;
	case 10:
		put_frame(MCTP_PACKET_MAX_1_0 + 2 - (step >> 4), 0, 0);
		break;
	case 11:	/* up to a border of packets */
		put_many(-sent.open & ((8 << (step >> 4 & 7)) - 1), 0x11);
		break;
	case 12:
		put_frame(program_word(p) & 0x1fff, 0, 0);
		break;
	case 13:
		i = program_byte(p);
		put_frame(i, 0, program_word(p) & 0xe000);
		break;
	default:	/* a good frame */
		put_frame(4 + program_byte(p), 0, 0);
		break;
	}
}

static void agree(struct frame_reader *r, const char *when)
{
	expect(!r->wrong, "%s: %s", when, r->wrong);
	expect(frame_log_same(&r->log, &model->log),
	       "%s: %u packets and %u events, should be %u and %u", when,
	       r->log.packets, r->log.events, model->log.packets,
	       model->log.events);
	expect(mctp_deframe_held(&r->deframer) == model->held,
	       "%s: %u bytes held, should be %u", when,
	       mctp_deframe_held(&r->deframer), model->held);
}

/* A transfer, as the host's buffers cut it */
static void feed(struct frame_reader *r, const u8 *bytes, unsigned int len)
{
	unsigned int size = r->framing.in_size, part;

	do {
		part = len < size ? len : size;
		frame_model_feed(model, bytes, part);
		frame_reader_feed(r, bytes, part);
		agree(r, "as sent");
		bytes += part;
		len -= part;
	} while (len || (part == size && zero_packets &&
			 r->framing.border == MCTP_FRAME_BORDER_SHORT));
}

static void start(struct frame_reader *r, unsigned int link)
{
	expect(!mctp_framing_init(&r->framing, links[link].spanning,
				  links[link].maxp, links[link].maxp),
	       "link %u was refused", link);
	/* DSP0283: 8 bits of length, 13 in 1.1 */
	expect(r->framing.len_mask == (links[link].spanning ? 0x1fff : 0xff) &&
	       r->framing.packet_max == r->framing.len_mask - 4,
	       "longest packet %u, mask 0x%x", r->framing.packet_max,
	       r->framing.len_mask);
	frame_reader_reset(r);
	frame_model_reset(model, &r->framing);
}

static void as_sent(unsigned int link)
{
	const u8 *at = sent.bytes;
	unsigned int i;

	start(reader, link);
	for (i = 0; i < sent.transfers; i++) {
		if (sent.transfer[i] == DROP) {
			expect(frame_reader_drop(reader) ==
			       frame_model_drop(model), "drop");
			continue;
		}
		feed(reader, at, sent.transfer[i]);
		at += sent.transfer[i];
	}
}

/* The same bytes in transfers of sizes that @cut begins */
static void cut_otherwise(unsigned int link, unsigned int cut)
{
	unsigned int pos = 0, len, transfers = 0;
	bool dropped = false;
	unsigned int i;

	start(again, link);
	while (pos < sent.len && transfers++ < TRANSFERS_MAX) {
		cut = cut * 37 + 11;
		len = cut >> 4 & (cut & 1 ? 0x1f : 0xfff);
		if (transfers == TRANSFERS_MAX || len > sent.len - pos)
			len = sent.len - pos;
		feed(again, sent.bytes + pos, len);
		pos += len;
	}

	/* In a stream no transfer has a meaning, as long as nothing is wrong in it. */
	for (i = 0; i < sent.transfers; i++)
		dropped |= sent.transfer[i] == DROP;
	if (!links[link].spanning || dropped || reader->log.events)
		return;
	expect(frame_log_same(&reader->log, &again->log),
	       "%u packets, cut otherwise %u", reader->log.packets,
	       again->log.packets);
}

/* A short stream in two and three transfers, cut at all places */
static void cut_everywhere(unsigned int link)
{
	unsigned int i, j;

	for (i = 0; i <= sent.len; i++) {
		for (j = i; j <= sent.len; j++) {
			start(again, link);
			feed(again, sent.bytes, i);
			feed(again, sent.bytes + i, j - i);
			feed(again, sent.bytes + j, sent.len - j);
		}
	}
}

/* What was received, packed anew, has to be received alike. */
static void pack(unsigned int link)
{
	const u8 *packet = reader->log.bytes;
	struct frame_reader *r = again;
	unsigned int fill = 0, i, len;
	u8 *transfer, *to;

	/* The driver asks for them. */
	zero_packets = true;
	start(r, link);
	transfer = malloc(r->framing.out_size);
	for (i = 0; i < reader->log.packets; i++) {
		len = reader->log.packet[i];
		to = mctp_frame_pack(&r->framing, transfer, &fill, len);
		if (!to) {
			expect(fill, "%u bytes fit no empty transfer", len);
			feed(r, transfer, fill);
			fill = 0;
			to = mctp_frame_pack(&r->framing, transfer, &fill, len);
			expect(to, "%u bytes were refused", len);
		}
		memcpy(to, packet, len);
		packet += len;
	}
	if (fill)
		feed(r, transfer, fill);
	free(transfer);
	expect(!r->log.events && !model->held, "packed frames are wrong");
	expect(r->log.packets == reader->log.packets && r->log.len == reader->log.len &&
	       !memcmp(r->log.bytes, reader->log.bytes, r->log.len),
	       "packets changed on their way");
}

int fuzz_one(const u8 *data, size_t size)
{
	struct program p = { data, data + size };
	unsigned int kind = program_byte(&p);
	unsigned int link = (kind & 0x7f) % (sizeof(links) / sizeof(*links));
	unsigned int cut = program_byte(&p);

	if (!reader) {
		reader = frame_reader_new(NULL);
		again = frame_reader_new(NULL);
		model = frame_model_new(NULL);
	}
	memset(&sent, 0, sizeof(sent));
	zero_packets = kind & 0x80;
	/* The logs have room for so much, at an event for each buffer. */
	sent.room = links[link].maxp == 8 ? STEPS_MAX : STREAM_MAX;
	while (!program_ends(&p) && sent.len < STEPS_MAX)
		take_step(&p);
	end_transfer();

	as_sent(link);
	cut_otherwise(link, cut);
	if (sent.len <= 40)
		cut_everywhere(link);
	pack(link);
	return 0;
}
