// SPDX-License-Identifier: GPL-2.0
/* One MCTP interface: its life, and what comes from the host. */
#include <string.h>

#include "port.h"

const char *const port_stat_names[PORT_STATS] = {
	[STAT_OUT_TRANSFERS] = "out_transfers",
	[STAT_OUT_ZLPS] = "out_zlps",
	[STAT_OUT_PACKETS] = "out_packets",
	[STAT_OUT_BYTES] = "out_bytes",
	[STAT_OUT_BAD_ID] = "out_bad_id",
	[STAT_OUT_BAD_LEN] = "out_bad_len",
	[STAT_OUT_SHORT_HDR] = "out_short_hdr",
	[STAT_OUT_TRUNC] = "out_trunc",
	[STAT_OUT_PAD] = "out_pad",
	[STAT_IN_TRANSFERS] = "in_transfers",
	[STAT_IN_ZLPS] = "in_zlps",
	[STAT_IN_PACKETS] = "in_packets",
	[STAT_IN_BYTES] = "in_bytes",
	[STAT_IN_FAILED] = "in_failed",
	[STAT_IN_LOST] = "in_lost",
	[STAT_STALLS] = "stalls",
	[STAT_CLEAR_HALTS] = "clear_halts",
};

static void send_packet(void *link, const u8 *packet, size_t len)
{
	port_send(link, packet, len);
}

void port_init(struct port *port, unsigned int index)
{
	*port = (struct port){ .index = index, .pack = true };
	port->in.tail = &port->in.head;
	port->ep.send = send_packet;
	port->ep.link = port;
}

void port_free(struct port *port)
{
	port_reset(port);
	endpoint_free(&port->ep);
	bytes_free(&port->record);
}

/* As after a power cycle: nothing waits, nothing is held, no EID. */
void port_reset(struct port *port)
{
	port_purge(port);
	mctp_deframe_drop(&port->deframer);
	endpoint_reset(&port->ep);
}

/* The host has configured the interface: begin with nothing held. */
void port_start(struct port *port, bool spanning, unsigned int in_maxp,
		unsigned int out_maxp)
{
	/*
	 * Packet sizes that USB does not know are there to be refused by the
	 * host; should it take them we go on as if they were usual ones.
	 */
	if (mctp_framing_init(&port->framing, spanning, out_maxp, in_maxp)) {
		in_maxp = 512;
		out_maxp = 512;
		mctp_framing_init(&port->framing, spanning, 512, 512);
	}
	port->spanning = spanning;
	port->in_maxp = in_maxp;
	port->out_maxp = out_maxp;
	port_reset(port);
	mctp_deframe_init(&port->deframer, &port->framing);
	port->ep.unit_max = port->framing.packet_max - PACKET_HDR_LEN;
	port->live = true;
}

/* Unplugged, reset or no longer configured. */
void port_stop(struct port *port)
{
	port->live = false;
	port_reset(port);
}

/* Is the host's next OUT transfer welcome? If not it is to be NAKed. */
bool port_takes_out(const struct port *port)
{
	return port->live && !port->silent_out &&
	       port->in.bytes < IN_BYTES_MAX;
}

static void record(struct port *port, const u8 *data, size_t len)
{
	if (!port->recording)
		return;
	if (len)
		hex_print(&port->record, data, len);
	else
		bytes_add(&port->record, "-", 1);
	bytes_add(&port->record, "\n", 1);
}

static void count_bad(struct port *port, enum mctp_frame_what what)
{
	static const enum port_stat stat[MCTP_FRAME_KINDS] = {
		[MCTP_FRAME_BAD_ID] = STAT_OUT_BAD_ID,
		[MCTP_FRAME_BAD_LEN] = STAT_OUT_BAD_LEN,
		[MCTP_FRAME_SHORT_HDR] = STAT_OUT_SHORT_HDR,
		[MCTP_FRAME_TRUNC] = STAT_OUT_TRUNC,
		[MCTP_FRAME_PAD] = STAT_OUT_PAD,
	};

	port->stat[stat[what]]++;
}

static void deframe(struct port *port, const u8 *data, size_t len)
{
	struct mctp_frame_part part;
	enum mctp_frame_what what;

	mctp_deframe_begin(&port->deframer, data, len);
	for (;;) {
		what = mctp_deframe_next(&port->deframer, &part);
		if (what == MCTP_FRAME_NONE)
			return;
		if (what != MCTP_FRAME_DATA) {
			count_bad(port, what);
			continue;
		}
		memcpy(port->packet + part.offset, part.data, part.len);
		if (part.offset + part.len < part.total)
			continue;
		port->stat[STAT_OUT_PACKETS]++;
		endpoint_packet(&port->ep, port->packet, part.total);
	}
}

/* Take one OUT transfer from the host. */
void port_out(struct port *port, const u8 *data, size_t len)
{
	size_t at = 0;

	record(port, data, len);
	port->stat[STAT_OUT_TRANSFERS]++;
	port->stat[STAT_OUT_BYTES] += len;
	if (!len)
		port->stat[STAT_OUT_ZLPS]++;

	/* The deframer wants pieces as a device's buffers would hold them. */
	do {
		size_t part = len - at < port->framing.in_size ?
			      len - at : port->framing.in_size;

		deframe(port, data + at, part);
		at += part;
	} while (at < len);
}
