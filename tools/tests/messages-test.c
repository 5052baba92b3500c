// SPDX-License-Identifier: GPL-2.0
/* Reassembly, fragmentation and the test messages. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "test.h"

static u8 *pattern(size_t len)
{
	u8 *message = must_alloc(len);
	size_t i;

	for (i = 0; i < len; i++)
		message[i] = 7 * i + 13 * (i >> 8);
	message[0] = MESSAGE_TYPE_TEST;
	if (len > 1)
		message[1] = TEST_ECHO_REQUEST;
	return message;
}

/* Do sequence numbers, flags, tags and sizes of the packets fit? */
static bool packets_right(const struct host *h, u8 tag, size_t unit)
{
	unsigned int i;

	for (i = 0; i < h->n_packets; i++) {
		bool last = i + 1 == h->n_packets;
		u8 flags = (i ? 0 : 0x80) | (last ? 0x40 : 0) | i % 4 << 4 | tag;
		const struct bytes *p = &h->packets[i];

		if (p->data[0] != 1 || p->data[1] != 8 || p->data[2] != 9 ||
		    p->data[3] != flags)
			return false;
		if (last ? p->len - 4 > unit : p->len - 4 != unit)
			return false;
	}
	return true;
}

static void echo(bool spanning, size_t len, unsigned int unit)
{
	u8 *message = pattern(len);
	struct bytes reply = { 0 };
	char name[80];
	struct host h;

	snprintf(name, sizeof(name), "%s: %zu bytes by %u come back",
		 spanning ? "1.1" : "1.0", len, unit);
	host_start(&h, spanning, 512);
	h.port.ep.eid = 9;
	host_message(&h, 0x0b, message, len, unit);
	host_in(&h);
	host_reassemble(&h, &reply);
	if (len > 1)
		message[1] = TEST_ECHO_REPLY;
	check(reply.len == len && !memcmp(reply.data, message, len) && !h.bad &&
	      packets_right(&h, 3, unit < UNIT_MIN ? UNIT_MIN : unit), name);
	bytes_free(&reply);
	host_stop(&h);
	free(message);
}

static void test_echo(void)
{
	static const size_t sizes[] = { 1, 2, 63, 64, 65, 247, 248, 4000, 65535 };
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(sizes); i++) {
		echo(false, sizes[i], 64);
		echo(false, sizes[i], 247);
		echo(true, sizes[i], 8183);
	}
}

/* Packets that DSP0236 has dropped must not bring an answer. */
static void refused(const char *name, const char *const *packets)
{
	struct host h;

	host_start(&h, false, 512);
	h.port.ep.eid = 9;
	while (*packets)
		host_packet(&h, *packets++);
	host_in(&h);
	check(!h.n_packets && h.port.ep.stat[STAT_DROPPED_PACKETS], name);
	/* And the next message finds all as it should be. */
	host_packet(&h, "010908C85A");
	host_in(&h);
	check(host_got(&h, 0, "010809C05A"), "  then all is well again");
	host_stop(&h);
}

static void test_drops(void)
{
	refused("an end without a start", (const char *const []){
		"010908485A", NULL });
	refused("a gap in the sequence", (const char *const []){
		"010908885A00", "010908685A5A", NULL });
	refused("the same sequence number twice", (const char *const []){
		"010908885A00", "010908085A5A", "010908585A5A", NULL });
	refused("a middle shorter than the start", (const char *const []){
		"010908885A00", "010908185A", "010908685A", NULL });
	refused("an end longer than the start", (const char *const []){
		"010908885A00", "010908585A5A5A", NULL });
	refused("an end with another tag", (const char *const []){
		"010908885A00", "010908595A", NULL });
	refused("an end from another EID", (const char *const []){
		"010908885A00", "01090A585A", NULL });
	refused("from the broadcast EID", (const char *const []){
		"0109FFC85A", NULL });
}

static void test_interleaved(void)
{
	struct host h;

	host_start(&h, false, 512);
	h.port.ep.eid = 9;
	host_packet(&h, "010908885A00");
	host_packet(&h, "01090A895A00");
	host_packet(&h, "0109085811");
	host_packet(&h, "01090A5922");
	host_in(&h);
	check(host_got(&h, 0, "010809C05A0111") &&
	      host_got(&h, 1, "010A09C15A0122"),
	      "two messages at a time are told apart");

	host_forget(&h);
	host_packet(&h, "010908885A00");
	host_packet(&h, "010908885A00");
	host_packet(&h, "0109085833");
	host_in(&h);
	check(h.n_packets == 1 && host_got(&h, 0, "010809C05A0133"),
	      "a second start ends the first message");

	host_forget(&h);
	host_packet(&h, "010908F85A0044");
	host_in(&h);
	check(host_got(&h, 0, "010809C05A0144"),
	      "a message may start with any sequence number");
	host_stop(&h);
}

static void test_source(void)
{
	struct host h;

	host_start(&h, false, 512);
	h.port.ep.eid = 9;
	host_packet(&h, "010908C85A03000300000008");
	host_in(&h);
	check(h.n_packets == 3 &&
	      host_got(&h, 0, "010809C85A0400001C232A31") &&
	      host_got(&h, 1, "010809C95A0400011D242B32") &&
	      host_got(&h, 2, "010809CA5A0400021E252C33"),
	      "a source sends what was asked for");

	host_forget(&h);
	host_packet(&h, "010908C85A03000100200000");
	host_in(&h);
	check(!h.n_packets, "a source refuses more than it can");

	host_forget(&h);
	host_packet(&h, "010908C85A021122");
	host_packet(&h, "010908C87E021122");
	host_in(&h);
	check(!h.n_packets && h.port.ep.stat[STAT_SINKS] == 1 &&
	      h.port.ep.stat[STAT_UNKNOWN] == 2,
	      "the sink and unknown types are counted, not answered");
	host_stop(&h);
}

void test_messages(void)
{
	test_echo();
	test_drops();
	test_interleaved();
	test_source();
}
