// SPDX-License-Identifier: GPL-2.0
/*
 * Memory: the difference between what /proc/allocinfo says before and after,
 * line of the kernel's source by line, in bytes of the objects that the
 * allocator gave for what was asked. For that the kernel has
 * CONFIG_MEM_ALLOC_PROFILING.
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/sock_diag.h>
#include <net/if.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "memory.h"
#include "peer.h"
#include "util.h"

/* Until no list, timer or RCU callback has anything left to free */
#define SETTLE_US	100000

/* Long enough for a few packets, if the device takes them */
#define TAKEN_US	2000
#define FEW		16
/* More than there are in the cache of heads */
#define CACHE_MAX	128

/* Room for all lines; it is there before anything is measured. */
struct snapshot {
	char text[4 << 20];
};

static struct snapshot before, after;

static void take(struct snapshot *s)
{
	int fd = open("/proc/allocinfo", O_RDONLY);
	size_t len = 0;
	ssize_t n;

	if (fd < 0)
		die("/proc/allocinfo: %s", strerror(errno));
	while ((n = read(fd, s->text + len, sizeof(s->text) - 1 - len)) > 0)
		len += n;
	if (n < 0 || len == sizeof(s->text) - 1)
		die("/proc/allocinfo: too long, or %s", strerror(errno));
	close(fd);
	s->text[len] = '\0';
}

static void prepare(void)
{
	memset(&before, 1, sizeof(before));
	memset(&after, 1, sizeof(after));
	take(&before);
	take(&after);
}

/*
 * What processes, files, IP, the allocator itself (its pages are counted as the
 * objects in them already) and the emulated bus take is not the link's. But the
 * pages that small packets are cut out of are counted nowhere else.
 */
static bool counts(const char *site)
{
	static const char fragments[] = "mm/page_frag_cache.c:";
	static const char * const others[] = {
		"mm/", "fs/", "kernel/", "lib/", "arch/", "net/ipv4/",
	};
	size_t i;

	if (!strncmp(site, fragments, strlen(fragments)))
		return true;
	for (i = 0; i < sizeof(others) / sizeof(*others); i++)
		if (!strncmp(site, others[i], strlen(others[i])))
			return false;
	return !strstr(site, "[dummy_hcd]") &&
	       !strstr(site, "[mctp_usb_bench_peer]");
}

/* A line before, and after: what counts of the difference */
static long long site_grown(const char *a, const char *b)
{
	long long bytes_a, bytes_b, calls_a, calls_b;
	int at_a, at_b;

	/* The heading has no figures. */
	if (sscanf(a, "%lld %lld %n", &bytes_a, &calls_a, &at_a) != 2)
		return 0;
	if (sscanf(b, "%lld %lld %n", &bytes_b, &calls_b, &at_b) != 2 ||
	    strcmp(a + at_a, b + at_b))
		die("/proc/allocinfo has got other lines");
	if (bytes_a == bytes_b)
		return 0;
	printf("site %s %lld bytes, %lld objects: %s\n",
	       counts(a + at_a) ? "counts" : "is not counted",
	       bytes_b - bytes_a, calls_b - calls_a, a + at_a);
	return counts(a + at_a) ? bytes_b - bytes_a : 0;
}

/* Print where there is more or less than before; return how much in all. */
static long long grown(void)
{
	char *a, *b, *rest_a = NULL, *rest_b = NULL;
	long long sum = 0;

	a = strtok_r(before.text, "\n", &rest_a);
	b = strtok_r(after.text, "\n", &rest_b);
	while (a && b) {
		sum += site_grown(a, b);
		a = strtok_r(NULL, "\n", &rest_a);
		b = strtok_r(NULL, "\n", &rest_b);
	}
	if (a || b)
		die("/proc/allocinfo has got other lines");
	return sum;
}

/*
 * The processor keeps heads of packets that were freed for the next ones. Use them
 * up, so that those of what is measured are counted; they stay until the end.
 */
static void empty_cache(void)
{
	int fds[2], i;

	if (socketpair(AF_UNIX, SOCK_STREAM, 0, fds))
		die("socketpair: %s", strerror(errno));
	for (i = 0; i < CACHE_MAX; i++)
		if (write(fds[0], "", 1) != 1)
			die("socketpair, write: %s", strerror(errno));
}

/* What the socket is charged for, as SK_MEMINFO_... says */
static uint32_t charged(int fd, int what)
{
	uint32_t info[SK_MEMINFO_VARS];
	socklen_t len = sizeof(info);

	if (getsockopt(fd, SOL_SOCKET, SO_MEMINFO, info, &len))
		die("SO_MEMINFO: %s", strerror(errno));
	return info[what];
}

static void set_up(const char *name, bool up)
{
	int fd = socket(AF_UNIX, SOCK_DGRAM, 0);
	struct ifreq ifr = { 0 };

	snprintf(ifr.ifr_name, sizeof(ifr.ifr_name), "%s", name);
	if (ioctl(fd, SIOCGIFFLAGS, &ifr))
		die("%s: %s", name, strerror(errno));
	ifr.ifr_flags = up ? ifr.ifr_flags | IFF_UP : ifr.ifr_flags & ~IFF_UP;
	if (ioctl(fd, SIOCSIFFLAGS, &ifr))
		die("%s: %s", name, strerror(errno));
	close(fd);
	usleep(SETTLE_US);
}

/* A link that is up, over one that is down but was up before */
void memory_of_link(const char *name)
{
	prepare();
	set_up(name, false);
	set_up(name, true);
	set_up(name, false);
	take(&before);
	set_up(name, true);
	take(&after);
	printf("pinned=%lld charged=0 waiting=1\n", grown());
}

/* Have them in the socket's queue; returns what they are charged there. */
static uint32_t fill(int fd, uint32_t size, uint32_t count, uint32_t mtu,
		     uint32_t pack)
{
	uint32_t last, now = 0;

	peer_source(count, size, mtu, pack);
	do {
		last = now;
		usleep(SETTLE_US);
		now = charged(fd, SK_MEMINFO_RMEM_ALLOC);
	} while (now != last);
	return now;
}

static uint32_t drain(int fd)
{
	struct sockaddr_mctp from;
	uint32_t n = 0;

	while (msock_recv(fd, &from, peer_message, sizeof(peer_message)) >= 0)
		n++;
	usleep(SETTLE_US);
	return n;
}

/* Messages in a socket that nobody reads; the first time is to warm caches */
void memory_of_received(uint32_t size, uint32_t count, uint32_t mtu,
			uint32_t pack)
{
	uint32_t charge, got;
	int fd = msock_open();

	msock_bind(fd, TYPE);
	msock_set_rcvbuf(fd, 256 << 20);
	prepare();
	fill(fd, size, count, mtu, pack);
	drain(fd);
	empty_cache();
	take(&before);
	charge = fill(fd, size, count, mtu, pack);
	take(&after);
	got = drain(fd);
	if (got != count)
		die("%u messages of %u", got, count);
	printf("pinned=%lld charged=%u waiting=%u\n", grown(), charge, count);
}

static void send_all(int fd, uint32_t size, uint32_t count)
{
	uint32_t i;
	int err;

	for (i = 0; i < count; i++) {
		err = msock_send(fd, MCTP_NET_ANY, PEER_EID, TYPE, 0,
				 peer_message, size - 1);
		if (err)
			die("send: %s", strerror(-err));
	}
}

/* Give the device packets until it has no room; returns how many. */
static unsigned long long fill_device(int fd, uint32_t size)
{
	unsigned long long start = peer_counters().packets, sent = 0;

	peer_do("hold");
	do {
		send_all(fd, size, FEW);
		sent += FEW;
		usleep(TAKEN_US);
	} while (peer_counters().packets - start == sent);
	return sent;
}

/* Let what the peer did not take go. */
static void let_go(unsigned long long packets)
{
	uint64_t start = now_ns();

	peer_do("sink");
	while (peer_counters().packets < packets) {
		if (now_ns() - start > NS)
			die("what was queued does not come");
		nap();
	}
	usleep(SETTLE_US);
}

/*
 * Packets, one a message, that wait behind a device which takes no more, and
 * behind @ahead others; the first time is to warm caches
 */
void memory_of_queued(uint32_t size, uint32_t count, uint32_t ahead)
{
	int bytes = 128 << 20, fd = msock_open();
	unsigned long long start, sent;
	uint32_t charge = 0, round;

	if (setsockopt(fd, SOL_SOCKET, SO_SNDBUFFORCE, &bytes, sizeof(bytes)))
		die("SO_SNDBUF: %s", strerror(errno));
	prepare();
	for (round = 0; round < 2; round++) {
		start = peer_counters().packets;
		sent = fill_device(fd, size) + ahead;
		send_all(fd, size, ahead);
		usleep(SETTLE_US);
		charge = charged(fd, SK_MEMINFO_WMEM_ALLOC);
		empty_cache();
		take(&before);
		send_all(fd, size, count);
		usleep(SETTLE_US);
		take(&after);
		charge = charged(fd, SK_MEMINFO_WMEM_ALLOC) - charge;
		let_go(start + sent + count);
	}
	printf("pinned=%lld charged=%u waiting=%u\n", grown(), charge, count);
}
