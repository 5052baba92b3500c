// SPDX-License-Identifier: GPL-2.0
/* The MCTP endpoint: reassembly, fragmentation and test messages. */
#include <stdlib.h>
#include <string.h>

#include "endpoint.h"

#define HEADER_VERSION		1

#define FLAG_SOM		0x80
#define FLAG_EOM		0x40
#define FLAG_OWNER		0x08
#define SEQ_SHIFT		4
#define SEQ_MASK		3
#define TAG_MASK		7

const char *const endpoint_stat_names[ENDPOINT_STATS] = {
	[STAT_MESSAGES] = "messages",
	[STAT_MESSAGE_BYTES] = "message_bytes",
	[STAT_DROPPED_PACKETS] = "dropped_packets",
	[STAT_DROPPED_MESSAGES] = "dropped_messages",
	[STAT_CONTROL_REQUESTS] = "control_requests",
	[STAT_ECHOES] = "echoes",
	[STAT_SINKS] = "sinks",
	[STAT_SOURCED] = "sourced",
	[STAT_UNKNOWN] = "unknown_messages",
};

static void forget(struct reassembly *r)
{
	r->busy = false;
	r->message.len = 0;
}

/* As after a power cycle; counters stay. */
void endpoint_reset(struct endpoint *ep)
{
	unsigned int i;

	ep->eid = ep->first_eid;
	ep->sources = 0;
	for (i = 0; i < REASSEMBLIES; i++)
		forget(&ep->reassembly[i]);
}

void endpoint_free(struct endpoint *ep)
{
	unsigned int i;

	for (i = 0; i < REASSEMBLIES; i++)
		bytes_free(&ep->reassembly[i].message);
}

/* Fragment a message. @unit is the payload of each packet but the last. */
static void send_message(struct endpoint *ep, u8 to, u8 tag, bool owner,
			 unsigned int unit, const u8 *message, size_t len)
{
	u8 packet[PACKET_HDR_LEN + unit];
	size_t at = 0;
	u8 seq = 0;

	do {
		size_t part = len - at < unit ? len - at : unit;

		packet[0] = HEADER_VERSION;
		packet[1] = to;
		packet[2] = ep->eid;
		packet[3] = (at ? 0 : FLAG_SOM) |
			    (at + part == len ? FLAG_EOM : 0) |
			    seq << SEQ_SHIFT | (owner ? FLAG_OWNER : 0) | tag;
		memcpy(packet + PACKET_HDR_LEN, message + at, part);
		ep->send(ep->link, packet, PACKET_HDR_LEN + part);
		at += part;
		seq = (seq + 1) & SEQ_MASK;
	} while (at < len);
}

static unsigned int sane_unit(const struct endpoint *ep, unsigned int unit)
{
	if (unit > ep->unit_max)
		unit = ep->unit_max;
	return unit < UNIT_MIN ? UNIT_MIN : unit;
}

/* Send the response to a message: its tag, our side not being the owner. */
void endpoint_answer(struct endpoint *ep, const struct message_from *from,
		     const u8 *message, size_t len)
{
	send_message(ep, from->eid, from->tag, false, sane_unit(ep, from->unit),
		     message, len);
}

/* Ask for @count messages of @size bytes; endpoint_source_some() sends them. */
bool endpoint_source(struct endpoint *ep, unsigned long count, size_t size,
		     u8 to, unsigned int unit)
{
	if (ep->sources == SOURCES || !size || size > MESSAGE_MAX)
		return false;
	if (!count)
		return true;
	ep->source[ep->sources++] = (struct source){
		.left = count, .size = size, .to = to,
		.unit = sane_unit(ep, unit),
	};
	return true;
}

/*
 * Byte @pos of a source's message: type, op, the message's number (big endian)
 * and a pattern that shows bytes out of place.
 */
static u8 source_byte(const struct source *s, size_t pos)
{
	switch (pos) {
	case 0:
		return MESSAGE_TYPE_TEST;
	case 1:
		return TEST_SOURCE_DATA;
	case 2:
		return s->number >> 8;
	case 3:
		return s->number;
	default:
		return 7 * pos + 13 * (pos >> 8) + s->number;
	}
}

/*
 * Send the next message of the oldest source. One a call, so that a source
 * fills the IN queue only as fast as the host empties it.
 */
bool endpoint_source_some(struct endpoint *ep)
{
	struct source *s = &ep->source[0];
	u8 *message;
	size_t i;

	if (!ep->sources)
		return false;

	message = must_alloc(s->size);
	for (i = 0; i < s->size; i++)
		message[i] = source_byte(s, i);
	s->number++;
	ep->stat[STAT_SOURCED]++;
	send_message(ep, s->to, ep->next_tag++ & TAG_MASK, true, s->unit,
		     message, s->size);
	free(message);

	if (s->left != FOR_EVER && !--s->left)
		memmove(s, s + 1, --ep->sources * sizeof(*s));
	return true;
}

static void source_request(struct endpoint *ep, const struct message_from *from,
			   const u8 *m, size_t len)
{
	size_t size;

	if (len < 8) {
		ep->stat[STAT_UNKNOWN]++;
		return;
	}
	size = (size_t)m[4] << 24 | m[5] << 16 | m[6] << 8 | m[7];
	if (!endpoint_source(ep, m[2] << 8 | m[3], size, from->eid, from->unit))
		ep->stat[STAT_UNKNOWN]++;
}

static void test_message(struct endpoint *ep, const struct message_from *from,
			 u8 *message, size_t len)
{
	/* An answer to an answer would never end. */
	if (!from->owner) {
		ep->stat[STAT_SINKS]++;
		return;
	}
	if (len > 1 && message[1] == TEST_SOURCE_REQUEST) {
		source_request(ep, from, message, len);
		return;
	}
	if (len > 1 && message[1] != TEST_ECHO_REQUEST) {
		ep->stat[STAT_SINKS]++;
		return;
	}
	if (len > 1)
		message[1] = TEST_ECHO_REPLY;
	ep->stat[STAT_ECHOES]++;
	endpoint_answer(ep, from, message, len);
}

static void take_message(struct endpoint *ep, struct reassembly *r)
{
	u8 *message = r->message.data;
	size_t len = r->message.len;

	ep->stat[STAT_MESSAGES]++;
	ep->stat[STAT_MESSAGE_BYTES] += len;
	switch (message[0]) {
	case MESSAGE_TYPE_CONTROL:
		control_message(ep, &r->from, message, len);
		break;
	case MESSAGE_TYPE_TEST:
		test_message(ep, &r->from, message, len);
		break;
	default:
		ep->stat[STAT_UNKNOWN]++;
	}
	forget(r);
}

/* The reassembly with these terms, or NULL. */
static struct reassembly *find(struct endpoint *ep, const u8 *packet)
{
	unsigned int i;

	for (i = 0; i < REASSEMBLIES; i++) {
		struct reassembly *r = &ep->reassembly[i];

		if (r->busy && r->to == packet[1] && r->from.eid == packet[2] &&
		    r->from.tag == (packet[3] & TAG_MASK) &&
		    r->from.owner == !!(packet[3] & FLAG_OWNER))
			return r;
	}
	return NULL;
}

/* A free reassembly, or the one that has waited longest. */
static struct reassembly *oldest(struct endpoint *ep)
{
	struct reassembly *best = &ep->reassembly[0];
	unsigned int i;

	for (i = 0; i < REASSEMBLIES; i++) {
		struct reassembly *r = &ep->reassembly[i];

		if (!r->busy)
			return r;
		if (r->age < best->age)
			best = r;
	}
	return best;
}

static struct reassembly *start(struct endpoint *ep, const u8 *packet,
				size_t payload)
{
	struct reassembly *r = find(ep, packet);

	/* A second start with the same terms ends the first. */
	if (!r)
		r = oldest(ep);
	if (r->busy)
		ep->stat[STAT_DROPPED_MESSAGES]++;
	forget(r);
	r->busy = true;
	r->age = ep->clock++;
	r->to = packet[1];
	r->from.eid = packet[2];
	r->from.tag = packet[3] & TAG_MASK;
	r->from.owner = packet[3] & FLAG_OWNER;
	r->from.unit = payload;
	r->seq = packet[3] >> SEQ_SHIFT & SEQ_MASK;
	return r;
}

/* DSP0236 8.1.2: same size as the first but for the last, in sequence. */
static bool continues(const struct reassembly *r, const u8 *packet,
		      size_t payload)
{
	bool end = packet[3] & FLAG_EOM;

	return (packet[3] >> SEQ_SHIFT & SEQ_MASK) == r->seq &&
	       (end ? payload <= r->from.unit : payload == r->from.unit) &&
	       r->message.len + payload <= MESSAGE_MAX;
}

static bool for_us(const struct endpoint *ep, const u8 *packet)
{
	return (packet[0] & 0x0f) == HEADER_VERSION &&
	       (packet[1] == EID_NULL || packet[1] == EID_BROADCAST ||
		packet[1] == ep->eid) && packet[2] != EID_BROADCAST;
}

/* Take one MCTP packet from the peer. */
void endpoint_packet(struct endpoint *ep, const u8 *packet, size_t len)
{
	size_t payload = len - PACKET_HDR_LEN;
	struct reassembly *r;

	if (len <= PACKET_HDR_LEN || !for_us(ep, packet)) {
		ep->stat[STAT_DROPPED_PACKETS]++;
		return;
	}

	if (packet[3] & FLAG_SOM)
		r = start(ep, packet, payload);
	else
		r = find(ep, packet);
	if (!r) {
		ep->stat[STAT_DROPPED_PACKETS]++;
		return;
	}
	if (!continues(r, packet, payload)) {
		ep->stat[STAT_DROPPED_PACKETS]++;
		ep->stat[STAT_DROPPED_MESSAGES]++;
		forget(r);
		return;
	}

	bytes_add(&r->message, packet + PACKET_HDR_LEN, payload);
	r->seq = (r->seq + 1) & SEQ_MASK;
	if (packet[3] & FLAG_EOM)
		take_message(ep, r);
}
