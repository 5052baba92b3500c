// SPDX-License-Identifier: GPL-2.0
/* Joining fragments, in all the orders in which they should not come. */
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "conform.h"

#define LEN 64

/*
 * Part n of the test message salt from src, with these bits. Parts are LEN
 * bytes; the request bit is set.
 */
static void part_from(struct bed *b, __u8 src, int tag, unsigned int salt,
		      int n, __u8 bits)
{
	inject(&b->t, 8, src, bits | TO | tag | SEQ(n), salt, n * LEN, LEN);
}

static void part(struct bed *b, unsigned int salt, int n, __u8 bits)
{
	part_from(b, 9, 0, salt, n, bits);
}

static bool got(struct bed *b, unsigned int salt, int parts)
{
	return sk_got(b->server, salt, parts * LEN);
}

static void check_in_order(void)
{
	struct bed b;
	int i;

	bed_open(&b);
	part(&b, 1, 0, SOM);
	ok(sk_silent(b.server), "first-alone");
	part(&b, 1, 1, EOM);
	ok(got(&b, 1, 2), "two");
	for (i = 0; i < 9; i++)
		part(&b, 2, i, i == 0 ? SOM : i == 8 ? EOM : 0);
	ok(got(&b, 2, 9), "nine");
	for (i = 0; i < 5; i++)
		inject(&b.t, 8, 9, (i == 0 ? SOM : i == 4 ? EOM : 0) | TO |
		       SEQ(i + 2), 3, i * LEN, LEN);
	ok(got(&b, 3, 5), "sequence-from-two");
	inject(&b.t, 8, 9, SOM | TO, 4, 0, 1);
	inject(&b.t, 8, 9, EOM | TO | SEQ(1), 4, 1, 1);
	ok(sk_got(b.server, 4, 2), "one-byte-each");
}

static void check_lost(void)
{
	struct bed b;

	bed_open(&b);
	part(&b, 1, 0, SOM);
	part(&b, 1, 2, EOM);
	ok(sk_silent(b.server), "middle-missing");
	part(&b, 1, 1, 0);
	part(&b, 1, 2, EOM);
	ok(got(&b, 1, 3), "missing-repeated");
	part(&b, 2, 1, 0);
	part(&b, 2, 2, EOM);
	ok(sk_silent(b.server), "start-missing");
	part(&b, 3, 0, EOM);
	ok(sk_silent(b.server), "end-alone");
	part(&b, 4, 0, 0);
	ok(sk_silent(b.server), "middle-alone");
	part(&b, 5, 0, SOM);
	part(&b, 5, 1, EOM);
	ok(got(&b, 5, 2), "good-after-strays");
}

static void check_twice(void)
{
	struct bed b;

	bed_open(&b);
	part(&b, 1, 0, SOM);
	part(&b, 1, 1, 0);
	part(&b, 1, 1, 0);
	part(&b, 1, 2, EOM);
	ok(got(&b, 1, 3), "middle-twice");
	part(&b, 1, 2, EOM);
	ok(sk_silent(b.server), "end-twice");
	part(&b, 2, 0, SOM);
	part(&b, 2, 2, 0);
	part(&b, 2, 1, 0);
	part(&b, 2, 3, EOM);
	ok(sk_silent(b.server), "middle-swapped");
}

static void check_start_again(void)
{
	struct bed b;

	bed_open(&b);
	part(&b, 1, 0, SOM);
	part(&b, 2, 0, SOM);
	part(&b, 2, 1, EOM);
	ok(sk_silent(b.server), "second-start-drops-both");
	sk_drain(b.server);
	part(&b, 3, 0, SOM);
	part(&b, 3, 1, EOM);
	ok(got(&b, 3, 2), "good-after-second-start");
	part(&b, 4, 0, SOM);
	inject(&b.t, 8, 9, SOM | EOM | TO, 5, 0, 30);
	ok(sk_got(b.server, 5, 30), "single-in-between");
	part(&b, 4, 1, EOM);
	ok(sk_silent(b.server), "single-in-between-ends-other");
	sk_drain(b.server);
	part(&b, 6, 0, SOM);
	part(&b, 6, 1, EOM);
	ok(got(&b, 6, 2), "good-after-single");
}

static void check_strangers(void)
{
	struct bed b;

	bed_open(&b);
	addr_add(b.t.ifindex, 40);
	part(&b, 1, 0, SOM);
	part_from(&b, 9, 1, 2, 1, EOM);
	ok(sk_silent(b.server), "other-tag");
	part_from(&b, 10, 0, 2, 1, EOM);
	ok(sk_silent(b.server), "other-source");
	inject(&b.t, 40, 9, EOM | TO | SEQ(1), 2, LEN, LEN);
	ok(sk_silent(b.server), "other-destination");
	inject(&b.t, 8, 9, EOM | SEQ(1), 2, LEN, LEN);
	ok(sk_silent(b.server), "other-owner-bit");
	inject(&b.t, 8, 9, EOM | TO | SEQ(1), 2, 0, 0);
	ok(sk_silent(b.server), "header-alone");
	part(&b, 1, 1, EOM);
	ok(got(&b, 1, 2), "undisturbed");
}

static void check_other_net(void)
{
	struct tun t1;
	struct bed b;

	bed_open(&b);
	tun_open(&t1, "t1");
	inject(&b.t, 8, 9, SOM | TO, 1, 0, LEN);
	inject(&t1, 8, 9, TO | SEQ(1), 1, LEN, LEN);
	net_set(t1.ifindex, 2);
	addr_add(t1.ifindex, 8);
	inject(&t1, 8, 9, EOM | TO | SEQ(2), 1, 2 * LEN, LEN);
	ok(sk_silent(b.server), "other-net");
	inject(&b.t, 8, 9, EOM | TO | SEQ(2), 1, 2 * LEN, LEN);
	ok(got(&b, 1, 3), "other-link-same-net");
}

static void check_uneven(void)
{
	struct bed b;

	bed_open(&b);
	inject(&b.t, 8, 9, SOM | TO, 1, 0, 64);
	inject(&b.t, 8, 9, TO | SEQ(1), 1, 64, 10);
	inject(&b.t, 8, 9, EOM | TO | SEQ(2), 1, 74, 20);
	ok(sk_got(b.server, 1, 94), "middle-shorter");
	inject(&b.t, 8, 9, SOM | TO, 2, 0, 64);
	inject(&b.t, 8, 9, TO | SEQ(1), 2, 64, 100);
	inject(&b.t, 8, 9, EOM | TO | SEQ(2), 2, 164, 5);
	ok(sk_got(b.server, 2, 169), "middle-longer");
	inject(&b.t, 8, 9, SOM | TO, 3, 0, 64);
	inject(&b.t, 8, 9, EOM | TO | SEQ(1), 3, 64, 200);
	ok(sk_got(b.server, 3, 264), "end-longer");
}

/* All at once: 8 tags of 4 peers, one part of each in turn. */
static void check_interleaved(void)
{
	int n, src, tag, good = 0;
	struct bed b;

	bed_open(&b);
	for (n = 0; n < 4; n++)
		for (src = 9; src < 13; src++)
			for (tag = 0; tag < 8; tag++)
				part_from(&b, src, tag, src * 8 + tag, n,
					  n == 0 ? SOM : n == 3 ? EOM : 0);
	for (src = 9; src < 13; src++)
		for (tag = 0; tag < 8; tag++)
			good += got(&b, src * 8 + tag, 4);
	is(good, 32, "interleaved");
}

/* A whole message in packets of 1024 bytes. */
static void long_message(struct bed *b, unsigned int salt, int tag, size_t len)
{
	size_t pos = 0, part;
	int n;

	for (n = 0; pos < len; n++, pos += part) {
		part = len - pos < 1024 ? len - pos : 1024;
		inject(&b->t, 8, 9, (n ? 0 : SOM) | (pos + part == len ? EOM : 0) |
		       TO | tag | SEQ(n), salt, pos, part);
	}
}

static void check_longest(void)
{
	int small = 1;
	struct bed b;

	bed_open(&b);
	long_message(&b, 1, 0, 65536);
	ok(sk_got(b.server, 1, 65536), "longest");
	long_message(&b, 2, 1, 65537);
	ok(sk_silent(b.server), "too-long");
	long_message(&b, 3, 2, 60000);
	ok(sk_got(b.server, 3, 60000), "good-after-too-long");
	setsockopt(b.server, SOL_SOCKET, SO_RCVBUF, &small, sizeof(small));
	long_message(&b, 4, 3, 16000);
	ok(sk_got(b.server, 4, 16000), "longer-than-rcvbuf");
}

static void check_sockets(void)
{
	struct bed b;

	bed_open(&b);
	part(&b, 1, 0, SOM);
	close(b.server);
	b.server = sk_server(TYPE);
	part(&b, 1, 1, EOM);
	ok(sk_silent(b.server), "closed-meanwhile");
	part(&b, 2, 0, SOM);
	part(&b, 2, 1, EOM);
	ok(got(&b, 2, 2), "good-after-close");
	close(b.server);
	part(&b, 3, 0, SOM);
	b.server = sk_server(TYPE);
	part(&b, 3, 1, EOM);
	ok(sk_silent(b.server), "bound-meanwhile");
}

/* The response to a request of the client, tag 0. */
static void answer(struct bed *b, unsigned int salt, int n, __u8 bits)
{
	inject(&b->t, 8, 9, bits | SEQ(n), salt, n * LEN, LEN);
}

static void check_responses(void)
{
	struct bed b;

	bed_open(&b);
	sk_request(b.client, 1, 9, 3);
	answer(&b, 1, 1, 0);
	answer(&b, 1, 1, EOM);
	ok(sk_silent(b.client), "response-start-missing");
	answer(&b, 1, 0, SOM);
	answer(&b, 1, 1, 0);
	answer(&b, 1, 2, EOM);
	ok(sk_got(b.client, 1, 3 * LEN), "response");
	answer(&b, 2, 0, SOM);
	answer(&b, 2, 1, EOM);
	ok(sk_silent(b.client), "response-second");
	sk_request(b.client, 1, 9, 3);
	answer(&b, 3, 0, SOM);
	answer(&b, 3, 0, SOM);
	answer(&b, 3, 0, SOM);
	answer(&b, 3, 1, EOM);
	ok(sk_silent(b.client), "response-start-twice-ends-request");
}

static void check_preallocated(void)
{
	struct bed b;
	__u8 tag;

	bed_open(&b);
	msock_alloc_tag(b.client, 9, &tag);
	answer(&b, 1, 0, SOM);
	answer(&b, 1, 1, EOM);
	ok(sk_got(b.client, 1, 2 * LEN), "preallocated-unasked");
	answer(&b, 2, 0, SOM);
	answer(&b, 2, 0, SOM);
	answer(&b, 2, 1, EOM);
	ok(sk_silent(b.client), "preallocated-start-twice");
	sk_drain(b.client);
	answer(&b, 3, 0, SOM);
	answer(&b, 3, 1, EOM);
	ok(sk_got(b.client, 3, 2 * LEN), "preallocated-goes-on");
	answer(&b, 4, 0, SOM);
	msock_drop_tag(b.client, 9, tag);
	answer(&b, 4, 1, EOM);
	ok(sk_silent(b.client), "preallocated-dropped-meanwhile");
}

/* A tag for any peer: what comes from several is not made one message. */
static void check_any_peer(void)
{
	struct bed b;
	__u8 tag;

	bed_open(&b);
	msock_alloc_tag(b.client, 0, &tag);
	answer(&b, 1, 0, SOM);
	inject(&b.t, 8, 10, EOM | SEQ(1), 2, LEN, LEN);
	ok(sk_silent(b.client), "any-peer-end-of-another");
	answer(&b, 1, 1, EOM);
	ok(sk_got(b.client, 1, 2 * LEN), "any-peer-undisturbed");
	inject(&b.t, 8, 10, SOM, 2, 0, LEN);
	answer(&b, 3, 0, SOM);
	inject(&b.t, 8, 10, EOM | SEQ(1), 2, LEN, LEN);
	ok(sk_silent(b.client), "any-peer-one-at-a-time");
	sk_drain(b.client);
	answer(&b, 3, 1, EOM);
	ok(sk_got(b.client, 3, 2 * LEN), "any-peer-newest");
}

/* A packet of a message of that type, from 9 */
static void typed(struct bed *b, __u8 type, __u8 bits)
{
	static struct packet p = { .ver = 1, .dest = 8, .src = 9 };

	p.flags = bits | TO;
	p.payload[0] = type;
	tun_write(&b->t, p.raw, HDR + LEN);
}

static bool got_typed(int fd, __u8 type, ssize_t len)
{
	static struct message m;

	sk_recv(fd, &m);
	return m.len == len - 1 && m.from.smctp_base.smctp_type == type;
}

/* What replaces a message need not be for the same socket. */
static void check_other_type(void)
{
	int other = sk_server(TYPE + 1);
	struct bed b;

	bed_open(&b);
	typed(&b, TYPE, SOM);
	typed(&b, TYPE + 1, SOM | EOM);
	ok(got_typed(other, TYPE + 1, LEN), "single-of-other-type");
	typed(&b, TYPE, SOM);
	typed(&b, TYPE + 1, SOM);
	typed(&b, 0, EOM | SEQ(1));
	ok(got_typed(other, TYPE + 1, 2 * LEN), "start-of-other-type");
}

/* What a wild peer leaves behind must not hurt another one. */
static void check_abuse(void)
{
	int i, good = 0;
	struct bed b;

	bed_open(&b);
	for (i = 0; i < 3000; i++)
		part_from(&b, 9 + i % 5, i % 8, i, i * 7 % 11,
			  i % 3 == 0 ? SOM : i % 13 == 0 ? EOM : 0);
	for (i = 0; i < 20; i++) {
		part_from(&b, 20, 0, i, 0, SOM);
		part_from(&b, 9 + i % 5, i % 8, i, i * 3, i % 2 ? SOM : 0);
		part_from(&b, 20, 0, i, 1, EOM);
	}
	while (!sk_silent(b.server)) {
		static struct message m;

		sk_recv(b.server, &m);
		good += m.from.smctp_base.smctp_addr.s_addr == 20 &&
			m.len == 2 * LEN - 1;
	}
	is(good, 20, "others-undisturbed");
}

static const struct check_case reassembly_cases[] = {
	{ "in-order", check_in_order },
	{ "lost", check_lost },
	{ "twice", check_twice },
	{ "start-again", check_start_again },
	{ "strangers", check_strangers },
	{ "other-net", check_other_net },
	{ "uneven", check_uneven },
	{ "interleaved", check_interleaved },
	{ "longest", check_longest },
	{ "sockets", check_sockets },
	{ "responses", check_responses },
	{ "preallocated", check_preallocated },
	{ "any-peer", check_any_peer },
	{ "other-type", check_other_type },
	{ "abuse", check_abuse },
};

TOPIC(reassembly, "reassembly");
