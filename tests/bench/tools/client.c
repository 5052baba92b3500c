// SPDX-License-Identifier: GPL-2.0
/*
 * The host's side of the bench, in the machine: sends, receives, waits for
 * echoes, and prints what that took.
 *
 *	client tx SIZE COUNT
 *	client rx SIZE COUNT MTU PACK	PACK: most packets of a transfer, 0: what fits
 *	client echo SIZE COUNT
 *	client up DEV			memory of a link (memory.c)
 *	client received SIZE COUNT MTU PACK	of messages that nobody reads
 *	client queued SIZE COUNT AHEAD	of packets behind a device that takes none
 *	client sockets COUNT		bind to other types, and stay
 *
 * SIZE is that of the message with its type byte.
 */
#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "marks.h"
#include "memory.h"
#include "msock.h"
#include "peer.h"
#include "util.h"

/* When nothing comes for that long, nothing will. */
#define PATIENCE_NS	(NS / 2)

/* The queue may be full; how much of the message has gone is not known then. */
static void send_one(int fd, uint32_t size, unsigned int *failed)
{
	int err = msock_send(fd, MCTP_NET_ANY, PEER_EID, TYPE, 0, peer_message, size - 1);

	if (err == -ENOBUFS)
		++*failed;
	else if (err)
		die("send: %s", strerror(-err));
}

static void transmit(uint32_t size, uint32_t count)
{
	struct counters before, at;
	unsigned int failed = 0;
	uint64_t start, seen = 0, changed;
	int fd = msock_open();
	uint32_t i;

	peer_do("sink");
	before = peer_counters();
	marks_start();
	start = now_ns();
	for (i = 0; i < count; i++)
		send_one(fd, size, &failed);
	changed = now_ns();
	for (;;) {
		at = peer_counters();
		if (at.payload - before.payload >= (uint64_t)size * count)
			break;
		if (at.payload != seen)
			changed = now_ns();
		else if (now_ns() - changed > PATIENCE_NS)
			break;
		seen = at.payload;
		nap();
	}
	marks_stop();
	printf("ns=%llu bytes=%llu packets=%llu transfers=%llu lost=%lld failed=%u bad=%llu\n",
	       at.last_ns - start, at.payload - before.payload,
	       at.packets - before.packets, at.transfers - before.transfers,
	       (long long)((uint64_t)size * count - (at.payload - before.payload)) / size,
	       failed, at.bad - before.bad);
}

/* Packets of a message of that size */
static uint64_t packets_of(uint32_t size, uint32_t mtu)
{
	return (size + mtu - 5) / (mtu - 4);
}

static void receive(uint32_t size, uint32_t count, uint32_t mtu, uint32_t pack)
{
	uint64_t start, last, bytes = 0;
	struct sockaddr_mctp from;
	int fd = msock_open();
	uint32_t got = 0;
	ssize_t len;

	msock_bind(fd, TYPE);
	marks_start();
	start = now_ns();
	last = start;
	peer_source(count, size, mtu, pack);
	while (got < count) {
		len = msock_recv(fd, &from, peer_message, sizeof(peer_message));
		if (len >= 0) {
			if (len != size - 1)
				die("a message of %zd bytes", len);
			got++;
			bytes += size;
			last = now_ns();
		} else if (len != -EAGAIN) {
			die("recv: %s", strerror(-len));
		} else {
			struct pollfd pfd = { .fd = fd, .events = POLLIN };

			if (poll(&pfd, 1, PATIENCE_NS / 1000000) <= 0)
				break;
		}
	}
	marks_stop();
	printf("ns=%llu bytes=%llu packets=%llu transfers=%llu lost=%u\n",
	       (unsigned long long)(last - start), (unsigned long long)bytes,
	       (unsigned long long)(packets_of(size, mtu) * count),
	       peer_counters().sent, count - got);
}

static int by_value(const void *a, const void *b)
{
	const uint64_t *x = a, *y = b;

	return *x < *y ? -1 : *x > *y;
}

static void echo(uint32_t size, uint32_t count)
{
	uint64_t *ns = xrealloc(NULL, count * sizeof(*ns));
	struct sockaddr_mctp from;
	uint32_t i, got = 0;
	int fd = msock_open();

	peer_do("echo");
	marks_start();
	for (i = 0; i < count; i++) {
		struct pollfd pfd = { .fd = fd, .events = POLLIN };
		uint64_t start = now_ns();

		/* Takes a tag, which the answer gives back. */
		if (msock_send(fd, MCTP_NET_ANY, PEER_EID, TYPE, MCTP_TAG_OWNER,
			       peer_message, size - 1))
			die("send: %s", strerror(errno));
		if (poll(&pfd, 1, PATIENCE_NS / 1000000) <= 0)
			continue;
		if (msock_recv(fd, &from, peer_message, sizeof(peer_message)) == size - 1)
			ns[got++] = now_ns() - start;
	}
	marks_stop();
	if (!got)
		die("no answers");
	qsort(ns, got, sizeof(*ns), by_value);
	printf("median_ns=%llu p99_ns=%llu round_trips=%u lost=%u\n",
	       (unsigned long long)ns[got / 2],
	       (unsigned long long)ns[got * 99 / 100], got, count - got);
	free(ns);
}

/* Sockets that get nothing: other types, and other networks when these are used up. */
static void other_sockets(uint32_t count)
{
	struct sockaddr_mctp addr = {
		.smctp_family = AF_MCTP,
		.smctp_network = 1,
		.smctp_addr.s_addr = MCTP_ADDR_ANY,
	};
	uint32_t i;

	for (i = 0; i < count; i++) {
		if (bind(msock_open(), (void *)&addr, sizeof(addr)))
			die("bind: %s", strerror(errno));
		addr.smctp_type = (addr.smctp_type + 1) % TYPE;
		if (!addr.smctp_type)
			addr.smctp_network++;
	}
	if (daemon(0, 1))
		die("daemon: %s", strerror(errno));
	pause();
}

static void run(const char *what, int argc, char **argv)
{
	uint32_t n[4] = { 0 };
	int i;

	for (i = 0; i < argc && i < 4; i++)
		n[i] = need_u32("number", argv[i], 0, UINT32_MAX);
	if (!strcmp(what, "tx") && argc == 2)
		transmit(n[0], n[1]);
	else if (!strcmp(what, "rx") && argc == 4)
		receive(n[0], n[1], n[2], n[3]);
	else if (!strcmp(what, "echo") && argc == 2)
		echo(n[0], n[1]);
	else if (!strcmp(what, "received") && argc == 4)
		memory_of_received(n[0], n[1], n[2], n[3]);
	else if (!strcmp(what, "queued") && argc == 3)
		memory_of_queued(n[0], n[1], n[2]);
	else if (!strcmp(what, "sockets") && argc == 1)
		other_sockets(n[0]);
	else
		die("see the head of its source");
}

int main(int argc, char **argv)
{
	progname = "client";
	memset(peer_message, 0x5a, sizeof(peer_message));
	if (argc == 3 && !strcmp(argv[1], "up"))
		memory_of_link(argv[2]);
	else if (argc > 2)
		run(argv[1], argc - 2, argv + 2);
	else
		die("see the head of its source");
	return 0;
}
