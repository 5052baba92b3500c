// SPDX-License-Identifier: GPL-2.0
/*
 * Six seconds: the life of a tag, of a request and of a message that does not
 * get complete. The margins are for a slow machine.
 */
#include <sys/socket.h>
#include <unistd.h>

#include "conform.h"

/* Wait until so many milliseconds after start. */
static void until(__u64 start, unsigned int ms)
{
	__u64 now = now_us(), end = start + ms * 1000ull;

	if (now < end)
		usleep(end - now);
}

static void part(struct bed *b, __u8 src, int n, __u8 bits)
{
	inject(&b->t, 8, src, bits | TO | SEQ(n), src, n * 64, 64);
}

static void check_six_seconds(void)
{
	__u64 start;
	struct bed b;
	__u8 tag;
	int i;

	bed_open(&b);
	msock_alloc_tag(b.client, 10, &tag);
	start = now_us();
	for (i = 0; i < 8; i++)
		sk_request(b.client, 1, 9, 3);
	part(&b, 11, 0, SOM);
	part(&b, 12, 0, SOM);
	part(&b, 13, 0, SOM);

	until(start, 4500);
	is_rc(sk_request(b.client, 1, 9, 3), -EBUSY, "tags-kept");
	inject(&b.t, 8, 9, SOM | EOM | 2, 0, 0, 10);
	ok(sk_got(b.client, 0, 10), "late-response");
	part(&b, 11, 1, EOM);
	ok(sk_got(b.server, 11, 128), "late-end");
	part(&b, 12, 1, 0);
	part(&b, 14, 0, SOM);

	until(start, 7500);
	part(&b, 12, 2, EOM);
	ok(sk_silent(b.server), "middle-does-not-prolong");
	part(&b, 13, 1, EOM);
	ok(sk_silent(b.server), "end-after-timeout");
	part(&b, 14, 1, EOM);
	ok(sk_got(b.server, 14, 128), "each-its-own-time");
	inject(&b.t, 8, 9, SOM | EOM | 7, 0, 0, 10);
	ok(sk_silent(b.client), "response-after-timeout");
	is_rc(sk_request(b.client, 1, 9, 3), 0, "tags-freed");
	inject(&b.t, 8, 9, SOM | EOM, 5, 0, 10);
	ok(sk_got(b.client, 5, 10), "lowest-tag-again");
	inject(&b.t, 8, 10, SOM | EOM | (tag & 7), 6, 0, 10);
	ok(sk_got(b.client, 6, 10), "preallocated-stays");
	part(&b, 13, 0, SOM);
	part(&b, 13, 1, EOM);
	ok(sk_got(b.server, 13, 128), "good-after-timeout");
}

static const struct check_case timeout_cases[] = {
	{ "six-seconds", check_six_seconds, .slow = true },
};

TOPIC(timeout, "timeout");
