// SPDX-License-Identifier: GPL-2.0
/* Splitting messages, read bit by bit on the wire. */
#include <stdio.h>
#include <unistd.h>

#include "conform.h"

struct frags {
	int count, tag;
	size_t bytes;		/* type byte included */
	bool lengths, bits, seq, tags, eids, data;
};

/*
 * Take one message of len bytes with its type from the wire and check each
 * fragment: all of them full but the last, its bits, its part of the data.
 */
static struct frags take(const struct tun *t, size_t len, size_t mtu, __u8 dest)
{
	static struct packet p;
	static __u8 want[65536];
	size_t room = mtu - HDR, part;
	struct frags f = { 0, -1, 0, true, true, true, true, true, true };

	do {
		if (tun_read(t, &p) < HDR)
			break;
		part = len - f.bytes < room ? len - f.bytes : room;
		f.lengths &= p.len == (int)(HDR + part);
		f.bits &= !(p.flags & SOM) == !!f.count;
		f.bits &= !(p.flags & EOM) == (f.bytes + part < len);
		f.seq &= (p.flags & SEQ(3)) == SEQ(f.count);
		if (f.tag < 0)
			f.tag = p.flags & (TO | 7);
		f.tags &= f.tag == (p.flags & (TO | 7));
		f.eids &= p.ver == 1 && p.src == 8 && p.dest == dest;
		fill(want, f.bytes, p.len - HDR, 0);
		f.data &= !memcmp(want, p.payload, p.len - HDR);
		f.bytes += p.len - HDR;
		f.count++;
	} while (!(p.flags & EOM) && f.bytes < len);
	return f;
}

static bool all_good(const struct frags *f)
{
	return f->lengths && f->bits && f->seq && f->tags && f->eids && f->data;
}

/* Message of len bytes with its type: that many fragments, all as they must be. */
static void size(struct bed *b, __u8 dest, size_t mtu, size_t len, int count)
{
	struct frags f;
	char id[64];

	snprintf(id, sizeof(id), "mtu-%zu-bytes-%zu", mtu, len);
	if (sk_request(b->client, 1, dest, len - 1)) {
		ok(false, id);
		return;
	}
	f = take(&b->t, len, mtu, dest);
	is(all_good(&f) ? f.count : -f.count, count, id);
}

static void check_sizes(void)
{
	struct bed b;

	bed_open(&b);
	route_add(100, 20, b.t.ifindex, 68);
	size(&b, 100, 68, 1, 1);
	size(&b, 101, 68, 63, 1);
	size(&b, 102, 68, 64, 1);
	size(&b, 103, 68, 65, 2);
	size(&b, 104, 68, 127, 2);
	size(&b, 105, 68, 128, 2);
	size(&b, 106, 68, 129, 3);
	size(&b, 107, 68, 256, 4);
	size(&b, 108, 68, 257, 5);
	size(&b, 109, 68, 4096, 64);
	route_add(140, 20, b.t.ifindex, 251);
	size(&b, 140, 251, 247, 1);
	size(&b, 141, 251, 248, 2);
	size(&b, 142, 251, 494, 2);
	size(&b, 143, 251, 495, 3);
	size(&b, 9, 1500, 1496, 1);
	size(&b, 10, 1500, 1497, 2);
	size(&b, 11, 1500, 65536, 44);
	ok(tun_silent(&b.t), "nothing-more");
}

static void check_bits(void)
{
	static const __u8 body[300];
	struct frags f;
	struct bed b;

	bed_open(&b);
	route_add(100, 20, b.t.ifindex, 68);
	sk_request(b.client, 1, 100, 639);
	f = take(&b.t, 640, 68, 100);
	is(f.count, 10, "count");
	ok(f.lengths, "all-but-last-full");
	ok(f.bits, "start-and-end-bits");
	ok(f.seq, "sequence-wraps");
	ok(f.tags, "one-tag");
	is(f.tag, TO, "owner-bit-in-all");
	ok(f.eids, "addresses-in-all");
	ok(f.data, "type-in-first-only");
	sk_request(b.client, 1, 100, 639);
	f = take(&b.t, 640, 68, 100);
	ok(f.seq, "sequence-starts-at-zero");
	is(f.tag, TO | 1, "next-tag");
	msock_send(b.client, 1, 100, TYPE, 6, body, sizeof(body));
	f = take(&b.t, sizeof(body) + 1, 68, 100);
	is(f.tag, 6, "response-tag");
	is(f.count, 5, "response-count");
}

/* Odd fragment sizes must come out right as well. */
static void check_odd_mtus(void)
{
	struct bed b;

	bed_open(&b);
	route_add(100, 0, b.t.ifindex, 5);
	route_add(101, 0, b.t.ifindex, 6);
	route_add(102, 0, b.t.ifindex, 69);
	size(&b, 100, 5, 9, 9);
	size(&b, 101, 6, 9, 5);
	size(&b, 102, 69, 130, 2);
	size(&b, 102, 69, 131, 3);
}

static const struct check_case fragment_cases[] = {
	{ "sizes", check_sizes },
	{ "bits", check_bits },
	{ "odd-mtus", check_odd_mtus },
};

TOPIC(fragment, "fragment");
