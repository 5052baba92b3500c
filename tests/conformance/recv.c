// SPDX-License-Identifier: GPL-2.0
/* recvmsg(): addresses, flags, truncation, order, limits. */
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/uio.h>
#include <unistd.h>

#include "conform.h"

#define ONE (SOM | EOM | TO)

static void check_from(void)
{
	static struct message m;
	const struct sockaddr_mctp *a = &m.from.smctp_base;
	struct bed b;

	bed_open(&b);
	inject(&b.t, 8, 9, ONE | 3, 0, 0, 20);
	sk_recv(b.server, &m);
	is(m.len, 19, "length-without-type");
	is(m.fromlen, sizeof(*a), "address-length");
	is(a->smctp_family, AF_MCTP, "family");
	is(a->smctp_network, 1, "net");
	is(a->smctp_addr.s_addr, 9, "source");
	is(a->smctp_type, TYPE, "type");
	is(a->smctp_tag, TO | 3, "tag");
	ok(!a->__smctp_pad0 && !a->__smctp_pad1, "padding-zero");
	is(m.flags, 0, "flags");
	net_set(b.t.ifindex, 6);
	inject(&b.t, 8, 9, ONE, 0, 0, 20);
	sk_recv(b.server, &m);
	is(a->smctp_network, 6, "net-of-link");
}

static void check_from_ext(void)
{
	static const __u8 zero[32];
	static struct message m;
	struct bed b;

	bed_open(&b);
	sk_ext(b.server);
	inject(&b.t, 8, 9, ONE, 0, 0, 20);
	sk_recv(b.server, &m);
	is(m.fromlen, sizeof(m.from), "ext-address-length");
	is(m.from.smctp_ifindex, b.t.ifindex, "ext-link");
	is(m.from.smctp_halen, 0, "ext-hardware-length");
	ok(!memcmp(m.from.smctp_haddr, zero, sizeof(zero)),
	   "ext-hardware-address-zero");
	ok(!memcmp(m.from.__smctp_pad0, zero, 3), "ext-padding-zero");
	is(m.from.smctp_base.smctp_addr.s_addr, 9, "ext-source");
}

/* What a process of the same host sends comes over no link. */
static void check_from_ext_local(void)
{
	static struct message m;
	struct bed b;

	bed_open(&b);
	sk_ext(b.server);
	sk_request(b.client, 1, 8, 30);
	sk_recv(b.server, &m);
	is(m.len, 30, "ext-local");
	is(m.from.smctp_ifindex, 0, "ext-local-link");
	is(m.from.smctp_halen, 0, "ext-local-hardware-length");
	is(m.from.smctp_base.smctp_network, 1, "ext-local-net");
}

/* A message that cannot be copied to its receiver is gone. */
static void check_fault(void)
{
	struct bed b;

	bed_open(&b);
	inject(&b.t, 8, 9, ONE, 0, 0, 20);
	is_rc(rc_of(recv(b.server, (void *)8, 30, MSG_PEEK)), -EFAULT,
	      "fault-peek");
	is_rc(rc_of(recv(b.server, (void *)8, 30, 0)), -EFAULT, "fault");
	ok(sk_silent(b.server), "fault-takes-it");
}

static void check_address_buffer(void)
{
	struct sockaddr_mctp a = { .smctp_type = 0x77 };
	socklen_t len = 4;
	char buf[64];
	struct bed b;

	bed_open(&b);
	inject(&b.t, 8, 9, ONE, 0, 0, 20);
	is_rc(rc_of(recvfrom(b.server, buf, sizeof(buf), 0, (void *)&a, &len)), 19,
	      "short-address-buffer");
	is(len, sizeof(a), "short-address-full-length");
	is(a.smctp_type, 0x77, "short-address-not-overrun");
	inject(&b.t, 8, 9, ONE, 0, 0, 20);
	is_rc(rc_of(read(b.server, buf, sizeof(buf))), 19, "read");
}

static void check_truncation(void)
{
	struct iovec iov = { .iov_len = 5 };
	struct msghdr msg = { .msg_iov = &iov, .msg_iovlen = 1 };
	__u8 buf[64], want[20];
	struct bed b;

	bed_open(&b);
	iov.iov_base = buf;
	inject(&b.t, 8, 9, ONE, 4, 0, 20);
	is_rc(rc_of(recvmsg(b.server, &msg, 0)), 5, "short-buffer");
	is(msg.msg_flags, MSG_TRUNC, "short-buffer-flag");
	fill(want, 0, 20, 4);
	ok(!memcmp(buf, want + 1, 5), "short-buffer-data");
	is_rc(rc_of(recv(b.server, buf, 64, MSG_DONTWAIT)), -EAGAIN,
	      "rest-is-lost");
	inject(&b.t, 8, 9, ONE, 4, 0, 20);
	is_rc(rc_of(recv(b.server, buf, 5, MSG_TRUNC)), 19, "trunc-full-length");
	inject(&b.t, 8, 9, ONE, 4, 0, 20);
	is_rc(rc_of(recv(b.server, buf, 5, MSG_PEEK)), 5, "peek-short");
	is_rc(rc_of(recv(b.server, NULL, 0, MSG_PEEK | MSG_TRUNC)), 19,
	      "peek-trunc-length");
	is_rc(rc_of(recv(b.server, buf, 64, 0)), 19, "peek-leaves-all");
	is_rc(rc_of(recv(b.server, buf, 64, MSG_DONTWAIT)), -EAGAIN,
	      "peek-leaves-one");
}

static void check_empty_message(void)
{
	static struct message m;
	struct bed b;

	bed_open(&b);
	inject(&b.t, 8, 9, ONE, 0, 0, 1);
	sk_recv(b.server, &m);
	is_rc(m.len, 0, "empty");
	is(m.from.smctp_base.smctp_addr.s_addr, 9, "empty-source");
	is(m.from.smctp_base.smctp_type, TYPE, "empty-type");
}

static void check_flags(void)
{
	char buf[8];
	struct bed b;
	struct timeval tv = { .tv_usec = 30000 };

	bed_open(&b);
	inject(&b.t, 8, 9, ONE, 0, 0, 5);
	is_rc(rc_of(recv(b.server, buf, 8, MSG_OOB)), -EOPNOTSUPP, "flag-oob");
	is_rc(rc_of(recv(b.server, buf, 8, MSG_WAITALL)), -EOPNOTSUPP,
	      "flag-waitall");
	is_rc(rc_of(recv(b.server, buf, 8, MSG_ERRQUEUE)), -EOPNOTSUPP,
	      "flag-errqueue");
	is_rc(rc_of(recv(b.server, buf, 8, MSG_CMSG_CLOEXEC)), -EOPNOTSUPP,
	      "flag-cmsg-cloexec");
	is_rc(rc_of(recv(b.server, buf, 8, MSG_DONTWAIT)), 4,
	      "bad-flags-take-nothing");
	is_rc(rc_of(recv(b.server, buf, 8, MSG_DONTWAIT)), -EAGAIN, "dontwait");
	setsockopt(b.server, SOL_SOCKET, SO_RCVTIMEO, &tv, sizeof(tv));
	is_rc(rc_of(recv(b.server, buf, 8, 0)), -EAGAIN, "rcvtimeo");
}

static void check_vectors(void)
{
	__u8 a[7], c[30], want[20];
	struct iovec iov[] = { { a, sizeof(a) }, { c, sizeof(c) } };
	union {
		char buf[256];
		struct cmsghdr align;
	} control;
	struct msghdr msg = {
		.msg_iov = iov, .msg_iovlen = 2,
		.msg_control = &control, .msg_controllen = sizeof(control),
	};
	const struct cmsghdr *cmsg;
	struct bed b;
	int on = 1;

	bed_open(&b);
	setsockopt(b.server, SOL_SOCKET, SO_TIMESTAMP, &on, sizeof(on));
	inject(&b.t, 8, 9, ONE, 2, 0, 20);
	is_rc(rc_of(recvmsg(b.server, &msg, 0)), 19, "scatter");
	fill(want, 0, 20, 2);
	ok(!memcmp(a, want + 1, 7) && !memcmp(c, want + 8, 12), "scatter-data");
	cmsg = CMSG_FIRSTHDR(&msg);
	ok(cmsg && cmsg->cmsg_type == SO_TIMESTAMP, "timestamp");
}

static void check_order(void)
{
	unsigned int i, good = 0;
	struct bed b;

	bed_open(&b);
	for (i = 0; i < 50; i++)
		inject(&b.t, 8, 9 + i % 3, ONE | i % 8, i, 0, 20 + i);
	for (i = 0; i < 50; i++)
		good += sk_got(b.server, i, 20 + i);
	is(good, 50, "order");
}

/* A full receive queue drops messages, and nothing else. */
static void check_overrun(void)
{
	unsigned int i, queued = 0;
	int small = 1;
	struct bed b;
	char buf[2000];

	bed_open(&b);
	setsockopt(b.server, SOL_SOCKET, SO_RCVBUF, &small, sizeof(small));
	for (i = 0; i < 300; i++)
		inject(&b.t, 8, 9, ONE, i, 0, 1000);
	ok(sk_got(b.server, 0, 1000), "overrun-keeps-first");
	while (recv(b.server, buf, sizeof(buf), MSG_DONTWAIT) == 999)
		queued++;
	ok(queued < 50, "overrun-bounded");
	inject(&b.t, 8, 9, ONE, 7, 0, 1000);
	ok(sk_got(b.server, 7, 1000), "overrun-recovers");
}

static const struct check_case recv_cases[] = {
	{ "from", check_from },
	{ "from-ext", check_from_ext },
	{ "from-ext-local", check_from_ext_local },
	{ "fault", check_fault },
	{ "address-buffer", check_address_buffer },
	{ "truncation", check_truncation },
	{ "empty-message", check_empty_message },
	{ "flags", check_flags },
	{ "vectors", check_vectors },
	{ "order", check_order },
	{ "overrun", check_overrun },
};

TOPIC(recv, "recv");
