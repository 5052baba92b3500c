// SPDX-License-Identifier: GPL-2.0
/* The gadget front end: descriptors and strings as FunctionFS wants them. */
#include <endian.h>
#include <linux/usb/functionfs.h>
#include <string.h>
#include <unistd.h>

#include "gadget.h"

static void put32(struct bytes *out, u32 value)
{
	value = htole32(value);
	bytes_add(out, &value, sizeof(value));
}

/* Write @all, whose second word is its length. */
static bool write_block(const struct gadget *g, struct bytes *all)
{
	u32 len = htole32(all->len);
	bool good;

	memcpy(all->data + 4, &len, sizeof(len));
	good = write(g->ep0, all->data, all->len) == (ssize_t)all->len;
	bytes_free(all);
	return good;
}

static bool write_interfaces(const struct gadget *g)
{
	const struct descriptors *d = &g->emu->descriptors;
	struct bytes all = { 0 }, each = { 0 };
	u32 count[USB_SPEEDS] = { 0 };
	unsigned int speed, port;

	for (speed = 0; speed < USB_SPEEDS; speed++) {
		for (port = 0; port < g->emu->ports; port++)
			count[speed] += descriptors_put_interface(d, port, speed,
								  1, &each);
	}
	put32(&all, FUNCTIONFS_DESCRIPTORS_MAGIC_V2);
	put32(&all, 0);
	put32(&all, FUNCTIONFS_HAS_FS_DESC | FUNCTIONFS_HAS_HS_DESC |
		    FUNCTIONFS_HAS_SS_DESC);
	for (speed = 0; speed < USB_SPEEDS; speed++)
		put32(&all, count[speed]);
	bytes_add(&all, each.data, each.len);
	bytes_free(&each);
	return write_block(g, &all);
}

static bool write_strings(const struct gadget *g)
{
	const char *text = g->emu->descriptors.interface;
	struct bytes all = { 0 };
	u16 language = htole16(0x0409);
	bool some = *text;

	put32(&all, FUNCTIONFS_STRINGS_MAGIC);
	put32(&all, 0);
	put32(&all, some);
	put32(&all, some);
	if (some) {
		bytes_add(&all, &language, sizeof(language));
		bytes_add(&all, text, strlen(text) + 1);
	}
	return write_block(g, &all);
}

/* What FunctionFS is not to be told it cannot be made to say. */
const char *gadget_write_descriptors(struct gadget *g)
{
	const struct descriptors *d = &g->emu->descriptors;

	if (d->raw_device.len || d->raw_config.len || d->truncated > 0)
		return "a gadget cannot have raw or truncated descriptors";
	/* The gadget core only notices, noisily, when the host configures us. */
	if (!d->in_maxp || !d->out_maxp)
		return "a gadget cannot have endpoints with packets of 0 bytes";
	if (!write_interfaces(g))
		return failed("FunctionFS does not take the descriptors");
	if (!write_strings(g))
		return failed("FunctionFS does not take the strings");
	return NULL;
}
