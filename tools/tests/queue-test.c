// SPDX-License-Identifier: GPL-2.0
/* The IN queue: packing, zero-length packets, faults, what is given back. */
#include <stdlib.h>
#include <string.h>

#include "test.h"

static void send_many(struct host *h, unsigned int n, size_t len)
{
	u8 *packet = must_alloc(len);

	memcpy(packet, "\x01\x08\x09\xc8", 4);
	while (n--)
		port_send(&h->port, packet, len);
	free(packet);
}

static void test_packing(void)
{
	struct host h;

	host_start(&h, false, 512);
	send_many(&h, 14, 68);
	host_in(&h);
	check(h.n_packets == 14 && h.transfers == 2 && h.longest == 504 && !h.bad,
	      "1.0: seven packets of 68 bytes a transfer");

	host_forget(&h);
	h.port.pack = false;
	send_many(&h, 14, 68);
	host_in(&h);
	check(h.n_packets == 14 && h.transfers == 14, "packing off: one each");
	host_stop(&h);

	host_start(&h, true, 512);
	send_many(&h, 200, 252);
	host_in(&h);
	check(h.n_packets == 200 && h.transfers <= 13 + 12 && !h.bad &&
	      h.transfers - h.zlps == 7, "1.1: transfers of up to 8191 bytes");

	host_forget(&h);
	send_many(&h, 1, 508);
	host_in(&h);
	check(h.n_packets == 1 && h.transfers == 2 && h.zlps == 1,
	      "1.1: a transfer of whole packets ends by a zero-length one");

	host_forget(&h);
	h.port.cut = 5;
	send_many(&h, 3, 68);
	host_in(&h);
	check(h.n_packets == 3 && h.transfers == 44 && h.longest == 5 && !h.bad,
	      "1.1: frames cut up at every fifth byte");
	host_stop(&h);
}

static void test_limits(void)
{
	u8 packet[MCTP_PACKET_MAX_1_1 + 1] = { 1, 8, 9, 0xc8 };
	struct host h;

	host_start(&h, false, 512);
	check(port_send(&h.port, packet, 251) && !port_send(&h.port, packet, 252) &&
	      !port_send(&h.port, packet, 3), "1.0: packets of 4 to 251 bytes");
	host_stop(&h);
	host_start(&h, true, 512);
	check(port_send(&h.port, packet, 8187) &&
	      !port_send(&h.port, packet, 8188), "1.1: packets of up to 8187 bytes");
	port_stop(&h.port);
	check(!port_send(&h.port, packet, 8), "nothing is sent unplugged");
	host_stop(&h);
}

static bool next_is(struct host *h, size_t len)
{
	struct transfer *t = port_take(&h->port);
	bool good = t && t->kind == TRANSFER_DATA && t->len == len;

	if (t)
		port_taken(&h->port, t);
	return good;
}

static void test_play(void)
{
	u8 data[1024] = { 0 };
	struct transfer *t;
	struct host h;

	host_start(&h, true, 512);
	port_play(&h.port, data, 512, true);
	port_play(&h.port, data, 512, false);
	port_play(&h.port, NULL, 0, false);
	port_fail(&h.port, FAIL_EPIPE, 1);
	port_play(&h.port, data, 3, true);
	check(next_is(&h, 512) && next_is(&h, 0) && next_is(&h, 512) &&
	      next_is(&h, 0), "played transfers, with and without their end");
	t = port_take(&h.port);
	check(t && t->kind == TRANSFER_FAIL && t->fail == FAIL_EPIPE,
	      "a failure in its place");
	port_taken(&h.port, t);
	check(h.port.in.playing == 1 && next_is(&h, 3) && !h.port.in.playing,
	      "and what was behind it");

	port_play(&h.port, data, 1, true);
	port_fail(&h.port, FAIL_EPIPE, 1);
	t = port_take(&h.port);
	check(t && !port_take(&h.port), "a failure waits for what is before it");
	port_purge(&h.port);
	port_taken(&h.port, t);
	check(!h.port.in.playing && h.port.in.play_lost && !port_take(&h.port),
	      "a purge leaves nothing, and says that");
	host_stop(&h);
}

static void test_given_back(void)
{
	struct transfer *first, *second;
	u8 data[2] = { 0 };
	struct host h;

	host_start(&h, false, 512);
	port_play(&h.port, data, 1, true);
	port_play(&h.port, data, 2, true);
	first = port_take(&h.port);
	second = port_take(&h.port);
	port_untaken(&h.port, second);
	port_untaken(&h.port, first);
	check(next_is(&h, 1) && next_is(&h, 2),
	      "transfers given back go out again in order");

	port_play(&h.port, data, 1, true);
	first = port_take(&h.port);
	port_reset(&h.port);
	port_untaken(&h.port, first);
	check(!port_take(&h.port), "but not those from before a reset");

	h.port.silent_in = true;
	port_play(&h.port, data, 1, true);
	check(!port_take(&h.port), "silent: nothing goes out");
	h.port.silent_in = false;
	check(next_is(&h, 1), "until it speaks again");

	check(port_takes_out(&h.port), "OUT is welcome");
	h.port.silent_out = true;
	check(!port_takes_out(&h.port), "silent: OUT is not");
	host_stop(&h);
}

static void test_out(void)
{
	struct host h;

	host_start(&h, false, 512);
	h.port.recording = true;
	host_out(&h, "1AB40009010008C85A1AB40009010008C97E00");
	host_out(&h, "");
	host_out(&h, "1BB40009010008C85A");
	host_out(&h, "1AB40007010008C8");
	host_out(&h, "1AB40010010008C8");
	check(h.port.stat[STAT_OUT_PACKETS] == 2 &&
	      h.port.stat[STAT_OUT_PAD] == 1 &&
	      h.port.stat[STAT_OUT_BAD_ID] == 1 &&
	      h.port.stat[STAT_OUT_BAD_LEN] == 1 &&
	      h.port.stat[STAT_OUT_TRUNC] == 1 &&
	      h.port.stat[STAT_OUT_ZLPS] == 1, "what is wrong with OUT is counted");
	bytes_add(&h.port.record, "", 1);
	check(strstr((char *)h.port.record.data,
		     "7E00\n-\n1BB40009010008C85A\n"), "and it is recorded");
	host_stop(&h);
}

void test_queue(void)
{
	test_packing();
	test_limits();
	test_play();
	test_given_back();
	test_out();
}
