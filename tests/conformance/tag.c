// SPDX-License-Identifier: GPL-2.0
/* Tags that sendto() allocates, and which responses they let in. */
#include <sys/socket.h>
#include <unistd.h>

#include "conform.h"

/* Tag of the next request on the wire, -1 if it is none. */
static int wire_tag(const struct tun *t)
{
	static struct packet p;

	if (tun_read(t, &p) < 0 || (p.flags & ~7) != (SOM | EOM | TO))
		return -1;
	return p.flags & 7;
}

/* Send a request; its tag, or a negative errno. */
static int request_tag(const struct tun *t, int fd, __u32 net, __u8 eid)
{
	int rc = sk_request(fd, net, eid, 3);

	return rc ?: wire_tag(t);
}

/* All eight tags of a peer. Returns how many there were. */
static int exhaust(const struct tun *t, int fd, __u8 eid)
{
	int i;

	for (i = 0; i < 9; i++)
		if (request_tag(t, fd, 1, eid) < 0)
			break;
	return i;
}

static void check_allocation(void)
{
	int other = msock_open(), i, good = 0;
	struct bed b;

	bed_open(&b);
	for (i = 0; i < 8; i++)
		good += request_tag(&b.t, b.client, 1, 9) == i;
	is(good, 8, "lowest-free-first");
	is_rc(sk_request(b.client, 1, 9, 3), -EBUSY, "exhausted");
	is_rc(sk_request(other, 1, 9, 3), -EBUSY, "exhausted-for-all");
	ok(tun_silent(&b.t), "exhausted-sends-nothing");
	is_rc(request_tag(&b.t, b.client, 1, 10), 0, "per-peer");
	inject(&b.t, 8, 9, SOM | EOM | 3, 0, 0, 10);
	ok(sk_got(b.client, 0, 10), "response");
	is_rc(request_tag(&b.t, other, 1, 9), 3, "response-frees");
	close(b.client);
	is_rc(request_tag(&b.t, other, 1, 9), 0, "close-frees");
	is_rc(request_tag(&b.t, other, 1, 9), 1, "close-frees-all");
}

static void check_not_for_responses(void)
{
	int i, good = 0;
	__u8 tag;
	struct bed b;

	bed_open(&b);
	for (i = 0; i < 20; i++)
		good += !msock_send(b.client, 1, 9, TYPE, 5, "abc", 3);
	is(good, 20, "responses-take-none");
	is_rc(msock_alloc_tag(b.client, 9, &tag), 0, "responses-left-all");
	is(tag & 7, 0, "responses-left-first");
}

static void check_nets(void)
{
	struct tun other;
	struct bed b;

	bed_open(&b);
	tun_open(&other, "t1");
	net_set(other.ifindex, 2);
	addr_add(other.ifindex, 8);
	route_add(9, 0, other.ifindex, 0);
	exhaust(&b.t, b.client, 9);
	is_rc(request_tag(&other, b.client, 2, 9), 0, "per-net");
	inject(&other, 8, 9, SOM | EOM | 5, 0, 0, 10);
	ok(sk_silent(b.client), "response-of-other-net");
	inject(&other, 8, 9, SOM | EOM, 0, 0, 10);
	ok(sk_got(b.client, 0, 10), "response-of-its-net");
}

/* The tag of a request is taken for one source address only. */
static void check_sources(void)
{
	struct tun other;
	struct bed b;
	int i;

	bed_open(&b);
	tun_open(&other, "t1");
	addr_add(other.ifindex, 40);
	for (i = 0; i < 8; i++)
		sk_send_ext(b.client, b.t.ifindex, 9, TO, 3);
	is_rc(sk_send_ext(b.client, b.t.ifindex, 9, TO, 3), -EBUSY,
	      "exhausted-extended");
	is_rc(sk_send_ext(b.client, other.ifindex, 9, TO, 3), 0,
	      "per-local-address");
	is(wire_tag(&other), 0, "per-local-address-first");
}

static void check_response_match(void)
{
	struct bed b;

	bed_open(&b);
	addr_add(b.t.ifindex, 40);
	request_tag(&b.t, b.client, 1, 9);
	inject(&b.t, 8, 9, SOM | EOM | 1, 0, 0, 10);
	ok(sk_silent(b.client), "wrong-tag");
	inject(&b.t, 8, 10, SOM | EOM, 0, 0, 10);
	ok(sk_silent(b.client), "wrong-source");
	inject(&b.t, 40, 9, SOM | EOM, 0, 0, 10);
	ok(sk_silent(b.client), "wrong-destination");
	inject(&b.t, 8, 9, SOM | EOM | TO, 0, 0, 10);
	ok(sk_silent(b.client), "owner-bit-set");
	ok(sk_got(b.server, 0, 10), "owner-bit-set-is-a-request");
	inject(&b.t, 8, 9, SOM | EOM, 5, 0, 10);
	ok(sk_got(b.client, 5, 10), "right");
	ok(sk_silent(b.server), "not-to-bound-socket");
	inject(&b.t, 8, 9, SOM | EOM, 0, 0, 10);
	ok(sk_silent(b.client), "second-response");
}

static void check_response_address(void)
{
	static struct message m;
	__u8 packet[] = { 1, 8, 9, SOM | EOM, 0x33, 7 };
	struct bed b;

	bed_open(&b);
	request_tag(&b.t, b.client, 1, 10);
	request_tag(&b.t, b.client, 1, 9);
	tun_write(&b.t, packet, sizeof(packet));
	sk_recv(b.client, &m);
	is(m.len, 1, "response-other-type");
	is(m.from.smctp_base.smctp_type, 0x33, "response-type-shown");
	is(m.from.smctp_base.smctp_tag, 0, "response-tag");
	is(m.from.smctp_base.smctp_addr.s_addr, 9, "response-source");
}

/* Nobody can know yet from which EID an answer to EID 0 comes. */
static void check_null_eid(void)
{
	static struct message m;
	struct bed b;

	bed_open(&b);
	is_rc(sk_send_ext(b.client, b.t.ifindex, 0, TO, 3), 0, "null-request");
	is(wire_tag(&b.t), 0, "null-tag");
	inject(&b.t, 8, 17, SOM | EOM, 0, 0, 10);
	sk_recv(b.client, &m);
	is(m.len, 9, "null-answered-by-any");
	is(m.from.smctp_base.smctp_addr.s_addr, 17, "null-answer-source");
	inject(&b.t, 8, 18, SOM | EOM, 0, 0, 10);
	ok(sk_silent(b.client), "null-answered-once");
	sk_send_ext(b.client, b.t.ifindex, 0, TO, 3);
	wire_tag(&b.t);
	inject(&b.t, 8, 0, SOM | EOM, 0, 0, 10);
	ok(sk_got(b.client, 0, 10), "null-answered-by-null");
	addr_del(b.t.ifindex, 8);
	is_rc(sk_send_ext(b.client, b.t.ifindex, 0, TO, 3), 0,
	      "null-from-null-request");
	wire_tag(&b.t);
	inject(&b.t, 0, 9, SOM | EOM, 0, 0, 10);
	ok(sk_got(b.client, 0, 10), "null-from-null-answer");
}

static void check_broadcast(void)
{
	struct bed b;

	bed_open(&b);
	is_rc(sk_send_ext(b.client, b.t.ifindex, 255, TO, 3), 0,
	      "broadcast-request");
	wire_tag(&b.t);
	inject(&b.t, 8, 12, SOM | EOM, 0, 0, 10);
	ok(sk_got(b.client, 0, 10), "broadcast-answered");
	inject(&b.t, 8, 13, SOM | EOM, 0, 0, 10);
	ok(sk_silent(b.client), "broadcast-answered-once");
}

/* What may be answered by anyone conflicts with what one peer may answer. */
static void check_wildcard_conflicts(void)
{
	struct bed b;
	int i, tag;

	bed_open(&b);
	request_tag(&b.t, b.client, 1, 9);
	request_tag(&b.t, b.client, 1, 10);
	request_tag(&b.t, b.client, 1, 10);
	sk_send_ext(b.client, b.t.ifindex, 0, TO, 3);
	tag = wire_tag(&b.t);
	is(tag, 2, "any-peer-avoids-all");
	is_rc(request_tag(&b.t, b.client, 1, 11), 0, "peer-below-any-peer");
	for (i = 0; i < 5; i++)
		sk_send_ext(b.client, b.t.ifindex, 0, TO, 3);
	is_rc(sk_send_ext(b.client, b.t.ifindex, 0, TO, 3), -EBUSY,
	      "any-peer-exhausted");
	for (i = 0; i < 5; i++)
		wire_tag(&b.t);
	is_rc(request_tag(&b.t, b.client, 1, 9), 1, "peer-avoids-any-peer");
	is_rc(sk_request(b.client, 1, 9, 3), -EBUSY, "peer-exhausted-by-any");
}

static const struct check_case tag_cases[] = {
	{ "allocation", check_allocation },
	{ "not-for-responses", check_not_for_responses },
	{ "nets", check_nets },
	{ "sources", check_sources },
	{ "response-match", check_response_match },
	{ "response-address", check_response_address },
	{ "null-eid", check_null_eid },
	{ "broadcast", check_broadcast },
	{ "wildcard-conflicts", check_wildcard_conflicts },
};

TOPIC(tag, "tag");
