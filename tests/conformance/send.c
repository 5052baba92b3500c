// SPDX-License-Identifier: GPL-2.0
/* sendto(): checks of the address, what goes out, extended addresses. */
#include <sys/socket.h>
#include <unistd.h>

#include "conform.h"

static long raw_send(int fd, const void *addr, socklen_t len)
{
	return rc_of(sendto(fd, "abc", 3, 0, addr, len));
}

static void check_address(void)
{
	struct sockaddr_mctp a = sk_addr(1, 9, TYPE, TO);
	struct bed b;

	bed_open(&b);
	is_rc(raw_send(b.client, NULL, 0), -EDESTADDRREQ, "no-address");
	is_rc(raw_send(b.client, &a, 0), -EINVAL, "length-zero");
	is_rc(raw_send(b.client, &a, sizeof(a) - 1), -EINVAL, "length-short");
	a.smctp_family = AF_INET;
	is_rc(raw_send(b.client, &a, sizeof(a)), -EINVAL, "family");
	a.smctp_family = AF_MCTP;
	a.__smctp_pad0 = 1;
	is_rc(raw_send(b.client, &a, sizeof(a)), -EINVAL, "first-padding");
	a.__smctp_pad0 = 0;
	a.__smctp_pad1 = 1;
	is_rc(raw_send(b.client, &a, sizeof(a)), -EINVAL, "last-padding");
	a.__smctp_pad1 = 0;
	a.smctp_tag = 0x20;
	is_rc(raw_send(b.client, &a, sizeof(a)), -EINVAL, "tag-bits");
	a.smctp_tag = MCTP_TAG_PREALLOC | 1;
	is_rc(raw_send(b.client, &a, sizeof(a)), -EINVAL,
	      "preallocated-not-owned");
	ok(tun_silent(&b.t), "errors-send-nothing");
	a.smctp_tag = TO;
	is_rc(raw_send(b.client, &a, sizeof(a)), 3, "after-errors");
	is_rc(rc_of(sendto(b.client, (void *)8, 3, 0, (void *)&a, sizeof(a))),
	      -EFAULT, "fault");
}

static void check_unroutable(void)
{
	struct bed b;

	bed_open(&b);
	is_rc(sk_request(b.client, 1, 50, 3), -EHOSTUNREACH, "no-route");
	is_rc(sk_request(b.client, 7, 9, 3), -EHOSTUNREACH, "no-such-net");
	is_rc(sk_request(b.client, 1, 0, 3), -EHOSTUNREACH, "null-eid");
	is_rc(sk_request(b.client, 1, 255, 3), -EHOSTUNREACH, "broadcast");
	is_rc(sk_request(b.client, 1, 5, 3), -EHOSTUNREACH, "reserved-eid");
	is_rc(sk_request(b.client, 0, 9, 3), 0, "net-any-is-default");
}

static void check_header(void)
{
	static struct packet p;
	__u8 body[4] = { 1, 2, 3, 4 };
	struct bed b;

	bed_open(&b);
	is_rc(msock_send(b.client, 1, 9, TYPE, TO, body, 4), 0, "request");
	is(tun_read(&b.t, &p), HDR + 5, "wire-length");
	is(p.ver, 1, "wire-version");
	is(p.dest, 9, "wire-destination");
	is(p.src, 8, "wire-source");
	is(p.flags, SOM | EOM | TO, "wire-flags");
	is(p.payload[0], TYPE, "wire-type");
	ok(!memcmp(p.payload + 1, body, 4), "wire-body");
	msock_send(b.client, 1, 9, 0x80 | TYPE, 5, body, 4);
	tun_read(&b.t, &p);
	is(p.flags, SOM | EOM | 5, "wire-response-flags");
	is(p.payload[0], 0x80 | TYPE, "wire-integrity-bit");
	is_rc(msock_send(b.client, 1, 9, TYPE, TO, NULL, 0), 0, "empty");
	is(tun_read(&b.t, &p), HDR + 1, "wire-empty");
}

static void check_source(void)
{
	static struct packet p;
	struct bed b;

	bed_open(&b);
	addr_add(b.t.ifindex, 40);
	sk_request(b.client, 1, 9, 3);
	tun_read(&b.t, &p);
	is(p.src, 8, "source-first-address");
	addr_del(b.t.ifindex, 8);
	sk_request(b.client, 1, 9, 3);
	tun_read(&b.t, &p);
	is(p.src, 40, "source-next-address");
	addr_del(b.t.ifindex, 40);
	is_rc(sk_request(b.client, 1, 9, 3), 0, "no-address-left");
	tun_read(&b.t, &p);
	is(p.src, 0, "source-null");
}

static void check_sizes(void)
{
	struct bed b;

	bed_open(&b);
	is_rc(sk_request(b.client, 1, 9, 65535), 0, "longest-message");
	is_rc(sk_request(b.client, 1, 9, 65536), 0, "longer-than-a-message");
	is_rc(sk_request(b.client, 1, 9, 69990), 0, "longer-than-17-pages");
	link_up(b.t.ifindex, false);
	is_rc(sk_request(b.client, 1, 9, 3), 0, "link-down");
}

/* Flags that other families know, as for urgent data */
static void check_flags(void)
{
	struct sockaddr_mctp a = sk_addr(1, 9, TYPE, TO);
	int flags = MSG_OOB | MSG_EOR | MSG_MORE | MSG_CONFIRM | MSG_DONTROUTE;
	static struct packet p;
	struct bed b;

	bed_open(&b);
	is_rc(rc_of(sendto(b.client, "abc", 3, flags, (void *)&a, sizeof(a))), 3,
	      "flags-ignored");
	is(tun_read(&b.t, &p), HDR + 4, "flags-ignored-sent");
}

static long ext_rc(int fd, int ifindex, unsigned int halen, __u8 pad,
		   socklen_t len)
{
	struct sockaddr_mctp_ext a = {
		.smctp_base = sk_addr(1, 9, TYPE, TO),
		.smctp_ifindex = ifindex,
		.smctp_halen = halen,
		.__smctp_pad0 = { 0, 0, pad },
	};

	return raw_send(fd, &a, len);
}

static void check_ext_errors(void)
{
	socklen_t full = sizeof(struct sockaddr_mctp_ext);
	struct tun tap;
	struct bed b;

	bed_open(&b);
	tap_open(&tap, "e0");
	is_rc(ext_rc(b.client, 999, 9, 9, full), 3, "ext-ignored-when-off");
	sk_ext(b.client);
	is_rc(ext_rc(b.client, 999, 0, 0, full), -ENOENT, "ext-no-link");
	is_rc(ext_rc(b.client, 0, 0, 0, full), -ENOENT, "ext-link-zero");
	is_rc(ext_rc(b.client, tap.ifindex, 6, 0, full), -ENOENT,
	      "ext-not-mctp");
	is_rc(ext_rc(b.client, b.t.ifindex, 1, 0, full), -EINVAL,
	      "ext-address-length");
	is_rc(ext_rc(b.client, b.t.ifindex, 33, 0, full), -EINVAL,
	      "ext-address-too-long");
	is_rc(ext_rc(b.client, b.t.ifindex, 0, 1, full), -EINVAL, "ext-padding");
	is_rc(ext_rc(b.client, 999, 0, 0, full - 1), 3, "ext-short-is-plain");
	is_rc(ext_rc(b.client, b.t.ifindex, 0, 0, full), 3, "ext-good");
}

static void check_ext_wire(void)
{
	static struct packet p;
	struct tun other;
	struct bed b;

	bed_open(&b);
	tun_open(&other, "t1");
	is_rc(sk_send_ext(b.client, b.t.ifindex, 0, TO, 3), 0, "ext-null-eid");
	tun_read(&b.t, &p);
	is(p.dest, 0, "ext-null-destination");
	is(p.src, 8, "ext-source");
	is_rc(sk_send_ext(b.client, other.ifindex, 9, TO, 3), 0, "ext-no-source");
	is(tun_read(&other, &p), HDR + 4, "ext-past-route");
	is(p.src, 0, "ext-source-null");
	ok(tun_silent(&b.t), "ext-only-there");
	is_rc(sk_send_ext(b.client, other.ifindex, 255, TO, 3), 0,
	      "ext-broadcast");
	tun_read(&other, &p);
	is(p.dest, 255, "ext-broadcast-destination");
	is_rc(sk_send_ext(b.client, other.ifindex, 8, TO, 3), 0, "ext-local-eid");
	tun_read(&other, &p);
	is(p.dest, 8, "ext-local-eid-goes-out");
	is_rc(sk_send_ext(b.client, other.ifindex, 3, 4, 3), 0,
	      "ext-reserved-eid");
	tun_read(&other, &p);
	is(p.flags, SOM | EOM | 4, "ext-response");
}

/* The route's MTU is for what is routed. */
static void check_ext_mtu(void)
{
	static struct packet p;
	struct bed b;

	bed_open(&b);
	route_add(60, 0, b.t.ifindex, 68);
	sk_send_ext(b.client, b.t.ifindex, 60, TO, 300);
	is(tun_read(&b.t, &p), HDR + 301, "ext-without-route-mtu");
	mtu_set(b.t.ifindex, 100);
	sk_send_ext(b.client, b.t.ifindex, 60, TO, 300);
	is(tun_read(&b.t, &p), 100, "ext-link-mtu");
}

static const struct check_case send_cases[] = {
	{ "address", check_address },
	{ "unroutable", check_unroutable },
	{ "header", check_header },
	{ "source", check_source },
	{ "sizes", check_sizes },
	{ "flags", check_flags },
	{ "ext-errors", check_ext_errors },
	{ "ext-wire", check_ext_wire },
	{ "ext-mtu", check_ext_mtu },
};

TOPIC(send, "send");
