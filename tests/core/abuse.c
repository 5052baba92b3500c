// SPDX-License-Identifier: GPL-2.0
/*
 * Reassembly abuse: a device sends fragments that start and never end, that
 * belong to nothing, twice, or out of order, from all EIDs it likes. Memory has
 * to stay flat, and what others send has to arrive. Results are KTAP lines.
 *
 * usage: mctp-abuse [PACKETS]
 */
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "conform.h"

#define OUR_EID		8
#define GOOD_EID	100
#define GOOD_PARTS	6
#define PART_LEN	64
#define EVERY		1000

/*
 * What the core may hold for one link, for the tags of its messages, and in one
 * socket's queue is some 1.5 MiB. The rest is for whatever else the kernel does.
 */
#define HELD_MAX	4096	/* KiB */
/* What a message may live that is never finished, and some */
#define LIFETIME	8	/* seconds */
#define LEFT_MAX	1024	/* KiB */

/* KASAN keeps freed memory back, kmemleak has notes of all: nothing to measure. */
#define DEBUG_KERNEL	(!access("/sys/kernel/debug/kmemleak", F_OK))
#define SKIP		(DEBUG_KERNEL ? " # SKIP debug kernel" : "")

static struct tun bad, good;
static int server;
static unsigned long delivered, expected, foreign;

/* Take all there is; count those messages that good ones look like. */
static void drain(unsigned int salt)
{
	static __u8 buf[70000], want[GOOD_PARTS * PART_LEN];
	struct sockaddr_mctp from;
	socklen_t len;
	ssize_t n;

	fill(want, 0, sizeof(want), salt);
	for (;;) {
		len = sizeof(from);
		n = recvfrom(server, buf, sizeof(buf), MSG_DONTWAIT,
			     (void *)&from, &len);
		if (n < 0)
			return;
		if (from.smctp_addr.s_addr != GOOD_EID)
			foreign++;
		else if (n != sizeof(want) - 1 || memcmp(buf, want + 1, n))
			die("a good message has arrived damaged");
		else
			delivered++;
	}
}

static unsigned int bad_eid(void)
{
	unsigned int eid = 9 + random() % 246;

	return eid == GOOD_EID ? OUR_EID + 1 : eid;
}

static void bad_packet(void)
{
	static unsigned int src, flags, len;

	/* one in ten once more as it was */
	if (random() % 10) {
		src = bad_eid();
		len = 1 + random() % (random() % 4 ? 64 : 1400);
		flags = random() % 8 | SEQ(random());
		flags |= random() % 8 ? TO : 0;
		switch (random() % 8) {
		case 0 ... 3:
			flags |= SOM;
			break;
		case 4:
			flags |= EOM;
			break;
		}
	}
	inject(&bad, OUR_EID, src, flags, 0, 0, len);
}

/* A good message from the other link, with bad packets in between. */
static void good_message(unsigned int salt)
{
	int n, i;

	for (n = 0; n < GOOD_PARTS; n++) {
		inject(&good, OUR_EID, GOOD_EID, TO | salt % 8 | SEQ(n) |
		       (n ? 0 : SOM) | (n == GOOD_PARTS - 1 ? EOM : 0), salt,
		       n * PART_LEN, PART_LEN);
		for (i = 0; i < 8; i++)
			bad_packet();
	}
	expected++;
}

static int failed;

[[gnu::format(printf, 2, 3)]]
static void result(bool good, const char *fmt, ...)
{
	static int n;
	va_list ap;

	printf("%sok %d - ", good ? "" : "not ", ++n);
	va_start(ap, fmt);
	vprintf(fmt, ap);
	va_end(ap);
	putchar('\n');
	if (!good)
		failed = 1;
}

int main(int argc, char **argv)
{
	unsigned long packets = argc > 1 ? strtoul(argv[1], NULL, 0) : 1000000;
	long before, now, most = 0;
	unsigned long i;

	nl_open(&nl);
	tun_open(&bad, "bad");
	tun_open(&good, "good");
	if (addr_add(bad.ifindex, OUR_EID))
		die("no address");
	server = sk_server(TYPE);
	before = kernel_memory();

	for (i = 0; i < packets; i++) {
		bad_packet();
		if (i % EVERY)
			continue;
		good_message(i / EVERY);
		drain(i / EVERY);
		now = kernel_memory() - before;
		if (now > most)
			most = now;
	}
	result(DEBUG_KERNEL || most <= HELD_MAX,
	       "%lu bad packets: kernel memory at most +%ld KiB%s", packets,
	       most, SKIP);
	result(delivered == expected,
	       "%lu of %lu good messages between them arrived", delivered,
	       expected);
	sleep(LIFETIME);
	now = kernel_memory() - before;
	result(DEBUG_KERNEL || now <= LEFT_MAX, "%d s later: %+ld KiB%s",
	       LIFETIME, now, SKIP);
	printf("# %lu messages that the bad link completed by chance\n",
	       foreign);
	return failed;
}
