// SPDX-License-Identifier: GPL-2.0
/*
 * Descriptors of a hostile device: right ones of either edition and any speed, in
 * which bytes are changed, descriptors are missing, doubled, swapped or cut, and
 * alternate settings and foreign descriptors are added.
 */
#include <linux/usb/ch9.h>
#include <string.h>

#include "fuzz.h"

#define PIECES_MAX	64
#define PIECE_MAX	32

const char *const control_fault_names[CONTROL_FAULTS] = {
	[CONTROL_FINE] = "fine",
	[CONTROL_UNPLUG] = "unplug",
	[CONTROL_STALL] = "stall",
	[CONTROL_SILENT] = "silent",
	[CONTROL_SHORT] = "short",
	[CONTROL_NOISE] = "noise",
};

/* A configuration, descriptor by descriptor */
struct pieces {
	struct piece {
		u8 data[PIECE_MAX];
		u8 len;
	} piece[PIECES_MAX];
	unsigned int n;
};

static void take_apart(struct pieces *pieces, const struct bytes *config)
{
	size_t at = 0;
	u8 len;

	pieces->n = 0;
	while (at + 1 < config->len && pieces->n < PIECES_MAX) {
		len = config->data[at];
		memcpy(pieces->piece[pieces->n].data, config->data + at, len);
		pieces->piece[pieces->n++].len = len;
		at += len;
	}
}

static void insert(struct pieces *pieces, unsigned int at, struct piece new)
{
	if (pieces->n == PIECES_MAX)
		return;
	memmove(&pieces->piece[at + 1], &pieces->piece[at],
		(pieces->n - at) * sizeof(new));
	pieces->piece[at] = new;
	pieces->n++;
}

static void drop(struct pieces *pieces, unsigned int at)
{
	memmove(&pieces->piece[at], &pieces->piece[at + 1],
		(pieces->n - at - 1) * sizeof(pieces->piece[0]));
	pieces->n--;
}

/* Which bytes are there to be changed, more often those that matter */
static void change_byte(struct chance *c, struct piece *p)
{
	static const u8 values[] = {
		0, 1, 2, 3, 0x14, 0x7f, 0x80, 0x81, 0x82, 0xff, 8, 0x40,
	};
	u8 *byte = &p->data[chance_below(c, p->len)];

	switch (chance_below(c, 4)) {
	case 0:
		*byte = chance_below(c, 256);
		break;
	case 1:
		*byte ^= 1 << chance_below(c, 8);
		break;
	case 2:
		*byte += chance_below(c, 2) ? 1 : -1;
		break;
	default:
		*byte = values[chance_below(c, ARRAY_SIZE(values))];
		break;
	}
}

/* The interface once more, as another alternate setting, with its endpoints */
static void add_setting(struct chance *c, struct pieces *pieces)
{
	struct pieces copy = *pieces;
	unsigned int i;
	u8 setting = 1 + chance_below(c, 3);

	for (i = 1; i < copy.n; i++) {
		if (copy.piece[i].data[1] == USB_DT_INTERFACE)
			copy.piece[i].data[3] = setting;
		if (chance_once_in(c, 6))
			change_byte(c, &copy.piece[i]);
		insert(pieces, pieces->n, copy.piece[i]);
	}
}

static void add_foreign(struct chance *c, struct pieces *pieces)
{
	struct piece new = { .len = 2 + chance_below(c, PIECE_MAX - 2) };
	unsigned int i;

	for (i = 0; i < new.len; i++)
		new.data[i] = chance_below(c, 256);
	/* one that says 0, or more than there is, ends a parser that believes it */
	if (!chance_once_in(c, 3))
		new.data[0] = new.len;
	insert(pieces, 1 + chance_below(c, pieces->n), new);
}

static void mutate(struct chance *c, struct pieces *pieces)
{
	unsigned int at = chance_below(c, pieces->n);

	switch (chance_below(c, 10)) {
	case 0:
		if (pieces->n > 2)
			drop(pieces, at);
		break;
	case 1:
		insert(pieces, at, pieces->piece[at]);
		break;
	case 2:
		add_setting(c, pieces);
		break;
	case 3:
		add_foreign(c, pieces);
		break;
	case 4:
		pieces->piece[at].len = 1 + chance_below(c, pieces->piece[at].len);
		break;
	default:
		change_byte(c, &pieces->piece[at]);
		break;
	}
}

static void fuzz_config(struct chance *c, struct descriptors *d)
{
	struct bytes config = { 0 };
	unsigned int i, times = 1 + chance_below(c, 4);
	struct pieces pieces;

	descriptors_put_config(d, &config);
	take_apart(&pieces, &config);
	while (times--)
		mutate(c, &pieces);

	config.len = 0;
	for (i = 0; i < pieces.n; i++)
		bytes_add(&config, pieces.piece[i].data, pieces.piece[i].len);
	if (config.len >= 4 && !chance_once_in(c, 8)) {
		config.data[2] = config.len & 0xff;
		config.data[3] = config.len >> 8;
	}
	bytes_add(&d->raw_config, config.data, config.len);
	bytes_free(&config);
}

static void fuzz_device(struct chance *c, struct descriptors *d)
{
	struct piece piece = { 0 };
	struct bytes device = { 0 };

	descriptors_put_device(d, &device);
	piece.len = device.len;
	memcpy(piece.data, device.data, device.len);
	change_byte(c, &piece);
	if (chance_once_in(c, 5))
		piece.len = 1 + chance_below(c, piece.len);
	bytes_add(&d->raw_device, piece.data, piece.len);
	bytes_free(&device);
}

/* Fields of which QEMU is told, too: what it believes and what the guest reads is one. */
static void fuzz_endpoints(struct chance *c, struct descriptors *d)
{
	static const long maxps[] = {
		0, 1, 7, 8, 9, 63, 64, 512, 513, 1023, 1024, 2047, 2048, 65535,
	};
	static const long types[] = {
		USB_ENDPOINT_XFER_BULK, USB_ENDPOINT_XFER_INT,
		USB_ENDPOINT_XFER_ISOC, NO_ENDPOINT,
	};
	long *const type[] = { &d->in_type, &d->out_type };
	long *const maxp[] = { &d->in_maxp, &d->out_maxp };
	unsigned int which = chance_below(c, 2);

	switch (chance_below(c, 4)) {
	case 0:
		*type[which] = types[chance_below(c, ARRAY_SIZE(types))];
		break;
	case 1:
		d->extra_endpoints = chance_below(c, 9);
		break;
	default:
		*maxp[which] = maxps[chance_below(c, ARRAY_SIZE(maxps))];
		break;
	}
}

/* Make other descriptors for the next connect. */
void fuzz_descriptors(struct descriptors *d, unsigned long seed)
{
	struct chance c;

	chance_seed(&c, seed);
	descriptors_reset(d);
	d->spanning = chance_below(&c, 2);
	d->speed = chance_below(&c, USB_SPEEDS);
	d->interfaces = chance_once_in(&c, 4) ? 1 + chance_below(&c, PORTS_MAX) : 1;
	if (chance_once_in(&c, 3))
		fuzz_endpoints(&c, d);
	if (!chance_once_in(&c, 4))
		fuzz_config(&c, d);
	if (chance_once_in(&c, 8))
		fuzz_device(&c, d);
}
