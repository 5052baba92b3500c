// SPDX-License-Identifier: GPL-2.0
/* Which link a message takes, local delivery, MTUs of routes, networks. */
#include <sys/socket.h>
#include <unistd.h>

#include "conform.h"

/* Whether a request to eid comes out of t. */
static bool comes_out(const struct tun *t, int fd, __u32 net, __u8 eid)
{
	static struct packet p;

	return !sk_request(fd, net, eid, 3) && tun_read(t, &p) > 0 &&
	       p.dest == eid;
}

static void check_local(void)
{
	static struct message m;
	int server = sk_server(TYPE), client = msock_open();
	const struct sockaddr_mctp *from = &m.from.smctp_base;
	int lo = lo_index();

	link_up(lo, true);
	is_rc(sk_request(client, 1, 8, 3), -EHOSTUNREACH, "local-none");
	addr_add(lo, 8);
	addr_add(lo, 20);
	is_rc(sk_request(client, 1, 20, 30), 0, "local-request");
	sk_recv(server, &m);
	is(m.len, 30, "local-length");
	is(from->smctp_addr.s_addr, 8, "local-source");
	is(from->smctp_network, 1, "local-net");
	is(from->smctp_tag, TO, "local-tag");
	msock_send(server, 1, 8, TYPE, 0, m.data, m.len);
	ok(sk_silent(client), "local-response-from-first-address");
	sk_request(client, 1, 8, 30);
	sk_recv(server, &m);
	is(from->smctp_tag, TO, "local-next-peer-own-tags");
	msock_send(server, 1, 8, TYPE, 0, m.data, m.len);
	ok(sk_got(client, 0, 31), "local-response");
	is_rc(sk_request(client, 1, 8, 65535), 0, "local-longest");
	ok(sk_got(server, 0, 65536), "local-longest-arrives");
	is_rc(sk_request(client, 1, 8, 65536), -EINVAL, "local-too-long");
	ok(sk_silent(server), "local-too-long-lost");
}

/* Who sends to his own host is told what became of it. */
static void check_local_errors(void)
{
	int client = msock_open(), server, small = 1, i, rc;

	link_up(lo_index(), true);
	addr_add(lo_index(), 8);
	is_rc(sk_request(client, 1, 8, 3), -ENOENT, "local-nobody");
	is_rc(msock_send(client, 1, 8, TYPE, 5, "x", 1), -ENOENT,
	      "local-response-nobody-waits-for");
	is_rc(sk_request(client, 1, 8, 65535), -ENOENT, "local-fragments-nobody");
	server = sk_server(TYPE);
	setsockopt(server, SOL_SOCKET, SO_RCVBUF, &small, sizeof(small));
	for (i = 0, rc = 0; i < 8 && !rc; i++)
		rc = sk_request(client, 1, 8, 900);
	is_rc(rc, -ENOMEM, "local-queue-full");
}

static void check_local_fragments(void)
{
	struct bed b;

	bed_open(&b);
	mtu_set(b.t.ifindex, 68);
	is_rc(sk_request(b.client, 1, 8, 4000), 0, "local-fragments");
	ok(sk_got(b.server, 0, 4001), "local-fragments-joined");
	link_up(b.t.ifindex, false);
	is_rc(sk_request(b.client, 1, 8, 30), 0, "local-link-down");
	ok(sk_got(b.server, 0, 31), "local-link-down-arrives");
}

static void check_ranges(void)
{
	struct tun t1, t2;
	struct bed b;

	bed_open(&b);
	tun_open(&t1, "t1");
	tun_open(&t2, "t2");
	route_add(100, 10, t1.ifindex, 0);
	is_rc(sk_request(b.client, 1, 99, 3), -EHOSTUNREACH, "range-before");
	ok(comes_out(&t1, b.client, 1, 100), "range-first");
	ok(comes_out(&t1, b.client, 1, 110), "range-last");
	is_rc(sk_request(b.client, 1, 111, 3), -EHOSTUNREACH, "range-after");
	route_add(105, 0, t2.ifindex, 0);
	ok(comes_out(&t2, b.client, 1, 105), "newer-narrow-wins");
	ok(comes_out(&t1, b.client, 1, 106), "newer-narrow-is-narrow");
	route_del(105, 0, t2.ifindex);
	ok(comes_out(&t1, b.client, 1, 105), "narrow-gone");
	route_add(90, 30, t2.ifindex, 0);
	ok(comes_out(&t2, b.client, 1, 105), "newer-wide-wins");
	route_add(8, 0, t2.ifindex, 0);
	is_rc(sk_request(b.client, 1, 8, 3), 0, "route-not-beside-address");
	ok(sk_got(b.server, 0, 4), "address-first");
	route_add(8, 1, t2.ifindex, 0);
	ok(comes_out(&t2, b.client, 1, 8), "newer-range-hides-address");
}

static void check_nets(void)
{
	struct tun t1;
	struct bed b;
	int net2;

	bed_open(&b);
	tun_open(&t1, "t1");
	net_set(t1.ifindex, 2);
	addr_add(t1.ifindex, 8);
	route_add(9, 0, t1.ifindex, 0);
	net2 = sk_bound(2, ANY, TYPE);
	ok(comes_out(&b.t, b.client, 1, 9), "net-first");
	ok(comes_out(&t1, b.client, 2, 9), "net-second");
	ok(comes_out(&b.t, b.client, 0, 9), "net-default");
	is_rc(sk_request(b.client, 2, 10, 3), -EHOSTUNREACH, "net-own-routes");
	is_rc(sk_request(b.client, 2, 8, 3), 0, "net-own-address");
	ok(sk_got(net2, 0, 4), "net-own-socket");
	sk_request(b.client, 1, 8, 3);
	ok(sk_silent(net2), "net-not-other-socket");
	ok(sk_got(b.server, 0, 4), "net-any-socket");
}

/* Length of the first packet of 300 bytes; the rest is taken too. */
static int first_length(const struct tun *t, int fd, __u8 eid)
{
	static struct packet p;
	int rc = sk_request(fd, 1, eid, 300), len;

	if (rc)
		return rc;
	len = tun_read(t, &p);
	while (!(p.flags & EOM))
		if (tun_read(t, &p) < 0)
			return -EAGAIN;
	return len;
}

static void check_mtu(void)
{
	static struct packet p;
	struct bed b;
	int i, n;

	bed_open(&b);
	route_add(100, 0, b.t.ifindex, 100);
	route_add(101, 0, b.t.ifindex, 4000);
	route_add(102, 0, b.t.ifindex, 4);
	route_add(103, 0, b.t.ifindex, 5);
	is_rc(first_length(&b.t, b.client, 9), HDR + 301, "mtu-none");
	is_rc(first_length(&b.t, b.client, 100), 100, "mtu-route");
	is_rc(sk_request(b.client, 1, 102, 3), -EMSGSIZE, "mtu-no-room");
	mtu_set(b.t.ifindex, 200);
	is_rc(first_length(&b.t, b.client, 9), 200, "mtu-link");
	is_rc(first_length(&b.t, b.client, 101), 200, "mtu-link-smaller");
	is_rc(first_length(&b.t, b.client, 100), 100, "mtu-route-smaller");
	is_rc(sk_request(b.client, 1, 103, 3), 0, "mtu-one-byte");
	for (i = 0, n = 0; i < 4; i++)
		n += tun_read(&b.t, &p) == 5;
	is(n, 4, "mtu-one-byte-packets");
	ok(tun_silent(&b.t), "mtu-one-byte-no-more");
}

static const struct check_case routing_cases[] = {
	{ "local", check_local },
	{ "local-errors", check_local_errors },
	{ "local-fragments", check_local_fragments },
	{ "ranges", check_ranges },
	{ "nets", check_nets },
	{ "mtu", check_mtu },
};

TOPIC(routing, "routing");

#define ONE (SOM | EOM | TO)

/* A packet with these header bytes arrives; does the server get a message? */
static bool taken(struct bed *b, __u8 ver, __u8 dest, __u8 src)
{
	__u8 packet[HDR + 10] = { ver, dest, src, ONE };

	fill(packet + HDR, 0, 10, 0);
	tun_write(&b->t, packet, sizeof(packet));
	return !sk_silent(b->server) && sk_got(b->server, 0, 10);
}

static void check_headers(void)
{
	__u8 packet[HDR] = { 1, 8, 9, ONE };
	struct bed b;

	bed_open(&b);
	ok(taken(&b, 1, 8, 9), "good");
	ok(!taken(&b, 0, 8, 9), "version-zero");
	ok(!taken(&b, 2, 8, 9), "version-two");
	ok(taken(&b, 0xf1, 8, 9), "version-reserved-bits");
	ok(taken(&b, 1, 8, 0), "source-null");
	ok(!taken(&b, 1, 8, 1), "source-reserved-first");
	ok(!taken(&b, 1, 8, 7), "source-reserved-last");
	ok(!taken(&b, 1, 8, 255), "source-broadcast");
	ok(taken(&b, 1, 8, 8), "source-own-eid");
	ok(taken(&b, 1, 8, 200), "source-unrouted");
	ok(!taken(&b, 1, 1, 9), "destination-reserved");
	ok(!taken(&b, 1, 7, 9), "destination-reserved-last");
	ok(!taken(&b, 1, 255, 9), "destination-broadcast");
	ok(!taken(&b, 1, 200, 9), "destination-unknown");
	ok(taken(&b, 1, 0, 9), "destination-null");
	tun_write(&b.t, packet, sizeof(packet));
	ok(sk_silent(b.server), "header-alone");
	tun_write(&b.t, packet, 3);
	ok(sk_silent(b.server), "header-cut");
	ok(taken(&b, 1, 8, 9), "good-after-all");
}

static void check_null_destination(void)
{
	int bound_null, bound_eid;
	struct bed b;

	bed_open(&b);
	bound_null = sk_bound(1, MCTP_ADDR_NULL, TYPE);
	bound_eid = sk_bound(1, 8, TYPE);
	inject(&b.t, 0, 9, ONE, 0, 0, 10);
	ok(sk_got(bound_null, 0, 10), "null-to-bound-null");
	ok(sk_silent(bound_eid), "null-not-to-bound-eid");
	close(bound_null);
	inject(&b.t, 0, 9, ONE, 0, 0, 10);
	ok(sk_got(b.server, 0, 10), "null-to-any");
	addr_del(b.t.ifindex, 8);
	inject(&b.t, 0, 0, ONE, 0, 0, 10);
	ok(sk_got(b.server, 0, 10), "null-to-null-without-address");
	inject(&b.t, 0, 9, SOM | TO, 0, 0, 10);
	inject(&b.t, 0, 9, EOM | TO | SEQ(1), 0, 10, 10);
	ok(sk_got(b.server, 0, 20), "null-fragments");
}

/* An EID belongs to the host, not to one link; but not to two networks. */
static void check_other_link(void)
{
	struct tun t1;
	struct bed b;

	bed_open(&b);
	tun_open(&t1, "t1");
	inject(&t1, 8, 9, ONE, 0, 0, 10);
	ok(sk_got(b.server, 0, 10), "eid-of-other-link");
	net_set(t1.ifindex, 2);
	inject(&t1, 8, 9, ONE, 0, 0, 10);
	ok(sk_silent(b.server), "eid-of-other-net");
	addr_add(t1.ifindex, 8);
	inject(&t1, 8, 9, ONE, 0, 0, 10);
	ok(sk_got(b.server, 0, 10), "eid-of-this-net");
}

/*
 * lo has hardware addresses of 6 bytes. What goes out there does not come in
 * again: MCTP's protocol number is none that Ethernet's header can name.
 */
static int lo_send(int fd, int halen)
{
	struct sockaddr_mctp_ext a = {
		.smctp_base = sk_addr(1, 8, TYPE, TO),
		.smctp_ifindex = lo_index(),
		.smctp_halen = halen,
	};

	return rc_of(sendto(fd, "abc", 3, 0, (void *)&a, sizeof(a)));
}

static void check_hardware_address(void)
{
	int server = sk_server(TYPE), client = msock_open();

	link_up(lo_index(), true);
	addr_add(lo_index(), 8);
	sk_ext(client);
	is_rc(lo_send(client, 0), -EINVAL, "lo-without-hardware-address");
	is_rc(lo_send(client, 6), 3, "lo-with-hardware-address");
	ok(sk_silent(server), "lo-by-hardware-address-not-back");
}

static const struct check_case input_cases[] = {
	{ "headers", check_headers },
	{ "null-destination", check_null_destination },
	{ "other-link", check_other_link },
	{ "hardware-address", check_hardware_address },
};

TOPIC(input, "input");
