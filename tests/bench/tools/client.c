// SPDX-License-Identifier: GPL-2.0
/*
 * The host's side of the bench, in the machine: sends, receives, waits for
 * echoes, and prints what that took.
 *
 *	client tx SIZE COUNT
 *	client rx SIZE COUNT MTU PACK	PACK: most packets of a transfer, 0: what fits
 *	client echo SIZE COUNT
 *
 * SIZE is that of the message with its type byte. The clock stands still while
 * nothing happens, so that sleeping costs nothing.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "marks.h"
#include "msock.h"
#include "util.h"

#define PEER_EID	9
#define TYPE		0x7e
#define PARAMETERS	"/sys/module/mctp_usb_bench_peer/parameters/"
#define NS		1000000000ull
/* When nothing comes for that long, nothing will. */
#define PATIENCE_NS	(NS / 2)

static uint8_t buf[MSOCK_MAX + 1];

/* In the order of the peer's counters */
struct counters {
	unsigned long long packets, payload, transfers, bad, last_ns, sent;
};

static uint64_t now_ns(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * NS + t.tv_nsec;
}

static void nap(void)
{
	usleep(500);
}

static void peer_do(const char *command)
{
	int fd = open(PARAMETERS "command", O_WRONLY);

	if (fd < 0 || write(fd, command, strlen(command)) < 0)
		die("peer, %s: %s", command, strerror(errno));
	close(fd);
}

static struct counters peer_counters(void)
{
	int fd = open(PARAMETERS "counters", O_RDONLY);
	struct counters c;
	char text[256];
	ssize_t n;

	n = fd < 0 ? -1 : read(fd, text, sizeof(text) - 1);
	if (n < 0)
		die("peer's counters: %s", strerror(errno));
	close(fd);
	text[n] = '\0';
	if (sscanf(text, "%llu %llu %llu %llu %llu %llu", &c.packets, &c.payload,
		   &c.transfers, &c.bad, &c.last_ns, &c.sent) != 6)
		die("peer's counters: %s", text);
	return c;
}

/* The queue may be full; how much of the message has gone is not known then. */
static void send_one(int fd, uint32_t size, unsigned int *failed)
{
	int err = msock_send(fd, MCTP_NET_ANY, PEER_EID, TYPE, 0, buf, size - 1);

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
	char command[64];
	ssize_t len;

	msock_bind(fd, TYPE);
	snprintf(command, sizeof(command), "source %u %u %u %u", count, size,
		 mtu, pack);
	marks_start();
	start = now_ns();
	last = start;
	peer_do(command);
	while (got < count) {
		len = msock_recv(fd, &from, buf, sizeof(buf));
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
			       buf, size - 1))
			die("send: %s", strerror(errno));
		if (poll(&pfd, 1, PATIENCE_NS / 1000000) <= 0)
			continue;
		if (msock_recv(fd, &from, buf, sizeof(buf)) == size - 1)
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

int main(int argc, char **argv)
{
	uint32_t n[4] = { 0 };
	int i;

	progname = "client";
	if (argc < 4 || argc > 6)
		die("see the head of its source");
	for (i = 2; i < argc; i++)
		n[i - 2] = need_u32("number", argv[i], 0, UINT32_MAX);
	memset(buf, 0x5a, sizeof(buf));
	if (!strcmp(argv[1], "tx") && argc == 4)
		transmit(n[0], n[1]);
	else if (!strcmp(argv[1], "rx") && argc == 6)
		receive(n[0], n[1], n[2], n[3]);
	else if (!strcmp(argv[1], "echo") && argc == 4)
		echo(n[0], n[1]);
	else
		die("see the head of its source");
	return 0;
}
