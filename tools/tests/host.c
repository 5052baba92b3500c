// SPDX-License-Identifier: GPL-2.0
/* The host side of a port. */
#include <stdlib.h>
#include <string.h>

#include "test.h"

void host_start(struct host *h, bool spanning, unsigned int maxp)
{
	*h = (struct host){ 0 };
	port_init(&h->port, 0);
	memcpy(h->port.ep.uuid, "0123456789abcdef", 16);
	port_start(&h->port, spanning, maxp, maxp);
	mctp_framing_init(&h->framing, spanning, maxp, maxp);
	mctp_deframe_init(&h->deframer, &h->framing);
}

void host_forget(struct host *h)
{
	unsigned int i;

	for (i = 0; i < h->n_packets; i++)
		bytes_free(&h->packets[i]);
	h->n_packets = 0;
	h->transfers = 0;
	h->zlps = 0;
	h->bad = 0;
	h->longest = 0;
}

void host_stop(struct host *h)
{
	host_forget(h);
	port_free(&h->port);
}

/* An OUT transfer as it is. */
void host_out(struct host *h, const char *hex)
{
	struct bytes data = { 0 };

	hex_parse(hex, &data);
	port_out(&h->port, data.data, data.len);
	bytes_free(&data);
}

static void send_packet(struct host *h, const u8 *packet, size_t len)
{
	u8 *transfer = must_alloc(h->framing.out_size);
	unsigned int fill = 0;
	u8 *at = mctp_frame_pack(&h->framing, transfer, &fill, len);

	memcpy(at, packet, len);
	port_out(&h->port, transfer, fill);
	free(transfer);
}

/* An MCTP packet in a transfer of its own. */
void host_packet(struct host *h, const char *hex)
{
	struct bytes packet = { 0 };

	hex_parse(hex, &packet);
	send_packet(h, packet.data, packet.len);
	bytes_free(&packet);
}

/* A whole message from EID 8 to EID 9 in fragments of @unit. */
void host_message(struct host *h, u8 owner_tag, const u8 *message, size_t len,
		  unsigned int unit)
{
	u8 packet[4 + unit];
	size_t at = 0;
	u8 seq = 0;

	while (at < len) {
		size_t part = len - at < unit ? len - at : unit;

		packet[0] = 1;
		packet[1] = 9;
		packet[2] = 8;
		packet[3] = (at ? 0 : 0x80) | (at + part == len ? 0x40 : 0) |
			    seq++ % 4 << 4 | owner_tag;
		memcpy(packet + 4, message + at, part);
		send_packet(h, packet, 4 + part);
		at += part;
	}
}

static void deframe(struct host *h, const u8 *data, size_t len)
{
	struct mctp_frame_part part;
	enum mctp_frame_what what;

	mctp_deframe_begin(&h->deframer, data, len);
	while ((what = mctp_deframe_next(&h->deframer, &part))) {
		if (what != MCTP_FRAME_DATA) {
			h->bad++;
			continue;
		}
		memcpy(h->packet + part.offset, part.data, part.len);
		if (part.offset + part.len == part.total &&
		    h->n_packets < HOST_PACKETS)
			bytes_add(&h->packets[h->n_packets++], h->packet,
				  part.total);
	}
}

/* Take all that the port has. */
void host_in(struct host *h)
{
	struct transfer *t;

	while ((t = port_take(&h->port))) {
		h->transfers++;
		h->zlps += !t->len;
		if (t->len > h->longest)
			h->longest = t->len;
		deframe(h, t->data, t->len);
		port_taken(&h->port, t);
	}
}

/* Was packet @n just this? */
bool host_got(const struct host *h, unsigned int n, const char *hex)
{
	struct bytes want = { 0 };
	bool same;

	hex_parse(hex, &want);
	same = n < h->n_packets && h->packets[n].len == want.len &&
	       !memcmp(h->packets[n].data, want.data, want.len);
	bytes_free(&want);
	return same;
}

/* Put the packets together, however they claim to belong. Returns the unit. */
size_t host_reassemble(const struct host *h, struct bytes *message)
{
	unsigned int i;

	for (i = 0; i < h->n_packets; i++)
		bytes_add(message, h->packets[i].data + 4,
			  h->packets[i].len - 4);
	return h->n_packets ? h->packets[0].len - 4 : 0;
}
