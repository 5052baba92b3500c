// SPDX-License-Identifier: GPL-2.0
/* bind() and connect(), and which socket then gets a message. */
#include <sys/socket.h>
#include <unistd.h>

#include "conform.h"

static long raw_bind(int fd, struct sockaddr_mctp_ext *addr, socklen_t len)
{
	return rc_of(bind(fd, (void *)addr, len));
}

static void check_bind_address(void)
{
	struct sockaddr_mctp_ext a = { 0 };
	struct sockaddr_mctp *base = &a.smctp_base;
	int fd = msock_open();

	*base = sk_addr(0, ANY, TYPE, TO);
	is_rc(raw_bind(fd, &a, 0), -EINVAL, "length-zero");
	is_rc(raw_bind(fd, &a, sizeof(*base) - 1), -EINVAL, "length-short");
	base->smctp_family = AF_INET;
	is_rc(raw_bind(fd, &a, sizeof(*base)), -EAFNOSUPPORT, "family");
	is_rc(raw_bind(fd, &a, sizeof(*base) - 1), -EINVAL,
	      "length-before-family");
	base->smctp_family = AF_MCTP;
	base->__smctp_pad0 = 1;
	is_rc(raw_bind(fd, &a, sizeof(*base)), -EINVAL, "first-padding");
	base->__smctp_pad0 = 0;
	base->__smctp_pad1 = 1;
	is_rc(raw_bind(fd, &a, sizeof(*base)), -EINVAL, "last-padding");
	base->__smctp_pad1 = 0;
	is_rc(raw_bind(fd, &a, sizeof(a)), 0, "length-extended");
	is_rc(raw_bind(msock_open(), &a, 200), -EINVAL, "length-huge");
}

static void check_bind_conflicts(void)
{
	int any = sk_server(TYPE), fd;

	is_rc(sk_bind(any, 0, ANY, TYPE + 1), -EADDRINUSE, "same-socket-twice");
	fd = msock_open();
	is_rc(sk_bind(fd, 0, ANY, TYPE), -EADDRINUSE, "duplicate");
	is_rc(sk_bind(fd, 0, ANY, TYPE | 0x80), -EADDRINUSE,
	      "duplicate-integrity-bit");
	is_rc(sk_bind(fd, 0, ANY, TYPE + 1), 0, "after-failure");
	is_rc(sk_bind(msock_open(), 1, ANY, TYPE), 0, "net-beside-any");
	is_rc(sk_bind(msock_open(), 1, ANY, TYPE), -EADDRINUSE, "net-duplicate");
	is_rc(sk_bind(msock_open(), 2, ANY, TYPE), 0, "other-net");
	is_rc(sk_bind(msock_open(), 0, 8, TYPE), 0, "eid-beside-any");
	is_rc(sk_bind(msock_open(), 1, 8, TYPE), -EADDRINUSE,
	      "eid-without-net-is-default-net");
	is_rc(sk_bind(msock_open(), 2, 8, TYPE), 0, "eid-other-net");
	is_rc(sk_bind(msock_open(), 0, 9, TYPE), 0, "eid-other");
	is_rc(sk_bind(msock_open(), 0, MCTP_ADDR_NULL, TYPE), 0, "eid-null");
	close(any);
	is_rc(sk_bind(msock_open(), 0, ANY, TYPE), 0, "free-after-close");
}

static void check_bind_values(void)
{
	struct sockaddr_mctp a = sk_addr(0, ANY, 1, 0xff);
	int fd = msock_open();

	is_rc(rc_of(bind(fd, (void *)&a, sizeof(a))), 0, "tag-ignored");
	is_rc(sk_bind(msock_open(), 0, ANY, 0), 0, "type-zero");
	is_rc(sk_bind(msock_open(), 0, ANY, 0x7f), 0, "type-last");
	is_rc(sk_bind(msock_open(), 99, ANY, 2), 0, "net-without-links");
	is_rc(sk_bind(msock_open(), 0, 77, 2), 0, "eid-not-local");
	is_rc(sk_bind(msock_open(), 0, 3, 2), 0, "eid-reserved");
}

static const struct check_case bind_cases[] = {
	{ "address", check_bind_address },
	{ "conflicts", check_bind_conflicts },
	{ "values", check_bind_values },
};

TOPIC(bind, "bind");

static void check_connect_address(void)
{
	struct sockaddr_mctp_ext a = { 0 };
	struct sockaddr_mctp *base = &a.smctp_base;
	int fd = msock_open();

	*base = sk_addr(0, 9, TYPE, 0);
	is_rc(rc_of(connect(fd, (void *)&a, sizeof(*base) - 1)), -EINVAL,
	      "length-short");
	is_rc(rc_of(connect(fd, (void *)&a, sizeof(a))), -EINVAL,
	      "length-extended");
	base->smctp_family = AF_UNSPEC;
	is_rc(rc_of(connect(fd, (void *)&a, sizeof(*base))), -EAFNOSUPPORT,
	      "family");
	base->smctp_family = AF_MCTP;
	base->__smctp_pad0 = 1;
	is_rc(rc_of(connect(fd, (void *)&a, sizeof(*base))), -EINVAL,
	      "first-padding");
	base->__smctp_pad0 = 0;
	base->__smctp_pad1 = 1;
	is_rc(rc_of(connect(fd, (void *)&a, sizeof(*base))), -EINVAL,
	      "last-padding");
	base->__smctp_pad1 = 0;
	base->smctp_tag = TO;
	is_rc(rc_of(connect(fd, (void *)&a, sizeof(*base))), -EINVAL, "tag");
	base->smctp_tag = 0;
	base->smctp_type = TYPE | 0x80;
	is_rc(rc_of(connect(fd, (void *)&a, sizeof(*base))), -EINVAL,
	      "integrity-bit");
	is_rc(sk_connect(fd, 0, 9, TYPE), 0, "after-failures");
}

/* A socket connected to (net, eid) and then bound. */
static long connect_and_bind(__u32 cnet, __u8 peer, __u32 bnet,
			     __u8 eid, __u8 type)
{
	int fd = msock_open();
	long rc = sk_connect(fd, cnet, peer, TYPE);

	return rc ?: sk_bind(fd, bnet, eid, type);
}

static void check_connect_states(void)
{
	int fd = msock_open();

	is_rc(sk_connect(fd, 0, 9, TYPE), 0, "first");
	is_rc(sk_connect(fd, 0, 9, TYPE), -EADDRINUSE, "twice");
	is_rc(rc_of(send(fd, "x", 1, 0)), -EDESTADDRREQ,
	      "no-default-destination");
	is_rc(sk_connect(sk_server(TYPE), 0, 9, TYPE), -EADDRINUSE, "after-bind");
	is_rc(connect_and_bind(0, 9, 0, ANY, TYPE + 1), -EINVAL,
	      "bind-other-type");
	is_rc(connect_and_bind(2, 9, 1, ANY, TYPE), -EINVAL, "bind-other-net");
	is_rc(connect_and_bind(0, 9, 2, ANY, TYPE), -EINVAL,
	      "bind-not-default-net");
	is_rc(connect_and_bind(0, 9, 0, ANY, TYPE), 0, "bind-any");
	is_rc(connect_and_bind(1, 9, 1, ANY, TYPE), -EADDRINUSE,
	      "bind-duplicate-peer");
	is_rc(connect_and_bind(1, 10, 1, ANY, TYPE), 0, "bind-other-peer");
	is_rc(connect_and_bind(2, 9, 0, ANY, TYPE), 0, "bind-takes-its-net");
	is_rc(connect_and_bind(2, 9, 2, ANY, TYPE), -EADDRINUSE,
	      "bind-took-its-net");
	is_rc(connect_and_bind(2, 9, 0, 8, TYPE), -EINVAL,
	      "bind-eid-is-default-net");
	is_rc(connect_and_bind(1, 9, 0, 8, TYPE | 0x80), 0, "bind-integrity-bit");
}

static const struct check_case connect_cases[] = {
	{ "address", check_connect_address },
	{ "states", check_connect_states },
};

TOPIC(connect, "connect");

/* Everything a message from 9 to 8 can match, from wide to narrow. */
struct receivers {
	int any, net, eid, peer, both;
};

static int peer_bound(__u8 peer, __u8 eid)
{
	int fd = msock_open();

	if (sk_connect(fd, 1, peer, TYPE) || sk_bind(fd, 1, eid, TYPE))
		die("cannot bind to a peer");
	return fd;
}

/* The one that gets the next message must be fd. */
static void goes_to(struct bed *b, int fd, const char *id)
{
	static unsigned int salt;

	inject(&b->t, 8, 9, SOM | EOM | TO, ++salt, 0, 20);
	ok(sk_got(fd, salt, 20), id);
	close(fd);
}

static void check_scope(void)
{
	struct receivers r;
	struct bed b;

	bed_open(&b);
	r.any = b.server;
	r.both = peer_bound(9, 8);
	r.peer = peer_bound(9, ANY);
	r.eid = sk_bound(1, 8, TYPE);
	r.net = sk_bound(1, ANY, TYPE);
	goes_to(&b, r.both, "peer-and-eid-first");
	goes_to(&b, r.peer, "peer-before-eid");
	goes_to(&b, r.eid, "eid-before-net");
	goes_to(&b, r.net, "net-before-any");
	goes_to(&b, r.any, "any-last");
}

static void check_mismatches(void)
{
	int net2, eid9, peer10, type;
	struct bed b;

	bed_open(&b);
	close(b.server);
	net2 = sk_bound(2, ANY, TYPE);
	eid9 = sk_bound(1, 9, TYPE);
	peer10 = peer_bound(10, 8);
	type = sk_server(TYPE + 1);
	inject(&b.t, 8, 9, SOM | EOM | TO, 0, 0, 20);
	ok(sk_silent(net2), "other-net");
	ok(sk_silent(eid9), "other-eid");
	ok(sk_silent(peer10), "other-peer");
	ok(sk_silent(type), "other-type");
	b.server = sk_server(TYPE);
	ok(sk_silent(b.server), "not-kept-for-later-bind");
	inject(&b.t, 8, 9, SOM | EOM, 0, 0, 20);
	ok(sk_silent(b.server), "response-not-to-bind");
}

static void check_integrity_bit(void)
{
	static struct message m;
	__u8 packet[] = { 1, 8, 9, SOM | EOM | TO, TYPE | 0x80, 7 };
	struct bed b;

	bed_open(&b);
	tun_write(&b.t, packet, sizeof(packet));
	sk_recv(b.server, &m);
	is(m.len, 1, "integrity-bit-delivered");
	is(m.from.smctp_base.smctp_type, TYPE | 0x80, "integrity-bit-shown");
}

static void check_unbound(void)
{
	struct bed b;
	int fd;

	bed_open(&b);
	close(b.server);
	fd = msock_open();
	inject(&b.t, 8, 9, SOM | EOM | TO, 0, 0, 20);
	ok(sk_silent(fd), "not-to-unbound");
	sk_connect(fd, 1, 9, TYPE);
	inject(&b.t, 8, 9, SOM | EOM | TO, 0, 0, 20);
	ok(sk_silent(fd), "not-to-connected-only");
}

static const struct check_case deliver_cases[] = {
	{ "scope", check_scope },
	{ "mismatches", check_mismatches },
	{ "integrity-bit", check_integrity_bit },
	{ "unbound", check_unbound },
};

TOPIC(deliver, "deliver");
