// SPDX-License-Identifier: GPL-2.0
/* Forwarding between links. */
#include <unistd.h>

#include "conform.h"

#define ONE (SOM | EOM | TO)

/* a has the peer 9, c has the peers 10 to 20; local EIDs 8 and 7 more. */
struct bridge {
	struct tun a, c;
	int server;
};

static void bridge_open(struct bridge *b)
{
	tun_open(&b->a, "t0");
	tun_open(&b->c, "t1");
	if (addr_add(b->a.ifindex, 8) || addr_add(b->c.ifindex, 40) ||
	    route_add(9, 0, b->a.ifindex, 0) || route_add(10, 10, b->c.ifindex, 0))
		die("the bridge cannot be set up: %s", nl.extack);
	b->server = sk_server(TYPE);
}

/* Length of what comes out of to, 0 if it is not these very bytes. */
static int passes(const struct tun *from, const struct tun *to,
		  const void *packet, int len)
{
	static struct packet p;

	tun_write(from, packet, len);
	if (tun_silent(from) && tun_read(to, &p) == len &&
	    !memcmp(p.raw, packet, len))
		return len;
	return 0;
}

static void check_unchanged(void)
{
	__u8 packet[300] = { 1, 10, 9, ONE };
	struct bridge b;

	bridge_open(&b);
	fill(packet + HDR, 0, sizeof(packet) - HDR, 0);
	is(passes(&b.a, &b.c, packet, 300), 300, "there");
	is(passes(&b.a, &b.c, packet, HDR + 1), HDR + 1, "type-alone");
	is(passes(&b.a, &b.c, packet, HDR), HDR, "header-alone");
	packet[1] = 20;
	is(passes(&b.a, &b.c, packet, 300), 300, "last-of-range");
	packet[3] = EOM | SEQ(3) | 5;
	is(passes(&b.a, &b.c, packet, 300), 300, "last-fragment-alone");
	packet[3] = TO | SEQ(2) | 7;
	is(passes(&b.a, &b.c, packet, 300), 300, "middle-fragment-alone");
	packet[0] = 0xf1;
	is(passes(&b.a, &b.c, packet, 300), 300, "reserved-bits");
	packet[2] = 0;
	is(passes(&b.a, &b.c, packet, 300), 300, "source-null");
	packet[1] = 9;
	packet[2] = 10;
	is(passes(&b.c, &b.a, packet, 300), 300, "back");
	ok(sk_silent(b.server), "not-delivered");
}

static bool stays(struct bridge *b, const __u8 *packet, int len)
{
	tun_write(&b->a, packet, len);
	return tun_silent(&b->c) && tun_silent(&b->a);
}

static void check_dropped(void)
{
	__u8 packet[20] = { 1, 10, 9, ONE, TYPE };
	struct bridge b;

	bridge_open(&b);
	packet[0] = 2;
	ok(stays(&b, packet, 20), "version");
	packet[0] = 1;
	packet[1] = 21;
	ok(stays(&b, packet, 20), "no-route");
	packet[1] = 0;
	ok(stays(&b, packet, 20), "destination-null");
	packet[1] = 255;
	ok(stays(&b, packet, 20), "destination-broadcast");
	packet[1] = 10;
	packet[2] = 255;
	ok(stays(&b, packet, 20), "source-broadcast");
	packet[2] = 3;
	ok(stays(&b, packet, 20), "source-reserved");
	packet[2] = 9;
	link_up(b.c.ifindex, false);
	ok(stays(&b, packet, 20), "link-down");
	link_up(b.c.ifindex, true);
	net_set(b.c.ifindex, 2);
	ok(stays(&b, packet, 20), "other-net");
	net_set(b.c.ifindex, 1);
	is(passes(&b.a, &b.c, packet, 20), 20, "after-all");
}

static void check_mtu(void)
{
	__u8 packet[200] = { 1, 10, 9, ONE, TYPE };
	struct bridge b;

	bridge_open(&b);
	mtu_set(b.c.ifindex, 100);
	is(passes(&b.a, &b.c, packet, 100), 100, "mtu-link-fits");
	ok(stays(&b, packet, 101), "mtu-link-too-long");
	route_add(15, 0, b.c.ifindex, 80);
	packet[1] = 15;
	is(passes(&b.a, &b.c, packet, 80), 80, "mtu-route-fits");
	ok(stays(&b, packet, 81), "mtu-route-too-long");
	mtu_set(b.a.ifindex, 70);
	packet[1] = 10;
	is(passes(&b.a, &b.c, packet, 90), 90, "mtu-of-input-no-limit");
}

static void check_same_link(void)
{
	__u8 packet[20] = { 1, 11, 10, ONE, TYPE };
	static struct packet p;
	struct bridge b;

	bridge_open(&b);
	tun_write(&b.c, packet, 20);
	is(tun_read(&b.c, &p), 20, "same-link");
	is(p.dest, 11, "same-link-destination");
}

static void check_gateway(void)
{
	__u8 packet[20] = { 1, 60, 9, ONE, TYPE };
	struct bridge b;

	bridge_open(&b);
	gw_add(60, 5, 1, 10);
	is(passes(&b.a, &b.c, packet, 20), 20, "gateway");
	packet[1] = 65;
	is(passes(&b.a, &b.c, packet, 20), 20, "gateway-last");
	packet[1] = 66;
	ok(stays(&b, packet, 20), "gateway-after-range");
	packet[1] = 60;
	addr_del(b.c.ifindex, 40);
	ok(stays(&b, packet, 20), "gateway-link-without-address");
	packet[1] = 10;
	is(passes(&b.a, &b.c, packet, 20), 20, "direct-link-without-address");
}

/* A request of the peer to this host and its answer, past the forwarding. */
static void check_own_traffic(void)
{
	static struct message m;
	static struct packet p;
	struct bridge b;

	bridge_open(&b);
	inject(&b.a, 40, 9, ONE | 2, 0, 0, 10);
	sk_recv(b.server, &m);
	is(m.len, 9, "own-address-of-other-link");
	msock_send(b.server, 1, 9, TYPE, 2, "x", 1);
	tun_read(&b.a, &p);
	is(p.src, 8, "own-answer-source");
	is(p.flags, SOM | EOM | 2, "own-answer-tag");
}

static void check_order(void)
{
	__u8 packet[100] = { 1, 10, 9 };
	static struct packet p;
	struct bridge b;
	int i, good = 0;

	bridge_open(&b);
	for (i = 0; i < 100; i++) {
		packet[3] = SEQ(i) | (i % 8);
		packet[4] = i;
		tun_write(&b.a, packet, 20 + i % 80);
	}
	for (i = 0; i < 100; i++)
		good += tun_read(&b.c, &p) == 20 + i % 80 && p.payload[0] == i;
	is(good, 100, "order");
}

static const struct check_case bridge_cases[] = {
	{ "unchanged", check_unchanged },
	{ "dropped", check_dropped },
	{ "mtu", check_mtu },
	{ "same-link", check_same_link },
	{ "gateway", check_gateway },
	{ "own-traffic", check_own_traffic },
	{ "order", check_order },
};

TOPIC(bridge, "bridge");
