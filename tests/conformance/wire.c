// SPDX-License-Identifier: GPL-2.0
/* The other ends of tun devices: raw MCTP packets. */
#include <fcntl.h>
#include <net/if.h>
#include <stdio.h>
#include <sys/ioctl.h>
#include <unistd.h>
#include <arpa/inet.h>
#include <linux/if_tun.h>

#include "conform.h"

#ifndef ETH_P_MCTP
#define ETH_P_MCTP 0x00fa
#endif

/* The core works without delay; this is for a slow and busy machine. */
#define WAIT_US 3000000
#define SILENCE_US 20000

static void tun_create(struct tun *t, const char *name, short flags)
{
	struct ifreq ifr = { .ifr_flags = flags };

	t->fd = open("/dev/net/tun", O_RDWR | O_NONBLOCK | O_CLOEXEC);
	if (t->fd < 0)
		die("/dev/net/tun: %s", strerror(errno));
	snprintf(ifr.ifr_name, sizeof(ifr.ifr_name), "%s", name);
	if (ioctl(t->fd, TUNSETIFF, &ifr))
		die("TUNSETIFF: %s", strerror(errno));
	snprintf(t->name, sizeof(t->name), "%s", ifr.ifr_name);
	t->ifindex = if_nametoindex(t->name);
	if (!t->ifindex)
		die("%s: %s", t->name, strerror(errno));
}

/*
 * A link without a hardware address, up, MTU 1500. With the packet information
 * in front of each packet, as without it tun takes nothing but IP.
 */
void tun_open(struct tun *t, const char *name)
{
	tun_create(t, name, IFF_TUN);
	if (link_up(t->ifindex, true))
		die("%s does not go up", t->name);
}

/* An Ethernet device: no MCTP link. */
void tap_open(struct tun *t, const char *name)
{
	tun_create(t, name, IFF_TAP);
}

void tun_close(struct tun *t)
{
	close(t->fd);
	t->fd = -1;
}

/* Another hardware type changes the address length; the core keeps the link. */
void tun_set_type(struct tun *t, int arphrd)
{
	if (link_up(t->ifindex, false) || ioctl(t->fd, TUNSETLINK, arphrd) ||
	    link_up(t->ifindex, true))
		die("TUNSETLINK: %s", strerror(errno));
}

void tun_write(const struct tun *t, const void *packet, size_t len)
{
	struct tun_pi pi = { .proto = htons(ETH_P_MCTP) };
	__u8 buf[sizeof(pi) + 65540];

	memcpy(buf, &pi, sizeof(pi));
	memcpy(buf + sizeof(pi), packet, len);
	if (write(t->fd, buf, sizeof(pi) + len) != (ssize_t)(sizeof(pi) + len))
		die("%s: write: %s", t->name, strerror(errno));
}

static ssize_t read_mctp(const struct tun *t, struct packet *p, __u64 deadline)
{
	static __u8 buf[sizeof(struct tun_pi) + sizeof(p->raw)];
	const struct tun_pi *pi = (const void *)buf;
	ssize_t len;

	for (;;) {
		if (!wait_readable(t->fd, deadline))
			return -EAGAIN;
		len = read(t->fd, buf, sizeof(buf));
		if (len < 0 && errno == EAGAIN)
			continue;
		if (len < (ssize_t)sizeof(*pi))
			die("%s: read: %s", t->name, strerror(errno));
		/* IPv6 makes itself heard on every new link */
		if (pi->proto == htons(ETH_P_MCTP))
			break;
	}
	p->len = len - sizeof(*pi);
	memcpy(p->raw, buf + sizeof(*pi), p->len);
	return p->len;
}

/* Next packet the core sent: its length, or -EAGAIN if there is none. */
ssize_t tun_read(const struct tun *t, struct packet *p)
{
	p->len = 0;
	return read_mctp(t, p, now_us() + WAIT_US);
}

bool tun_silent(const struct tun *t)
{
	static struct packet p;

	return read_mctp(t, &p, now_us() + SILENCE_US) == -EAGAIN;
}

/* Part of a test message: type byte, then a pattern. */
void fill(__u8 *data, size_t pos, size_t len, unsigned int salt)
{
	size_t i;

	for (i = 0; i < len; i++)
		data[i] = pos + i ? test_byte(pos + i, salt) : TYPE;
}

/* Receive a packet with bytes pos.. of the test message salt. */
void inject(const struct tun *t, __u8 dest, __u8 src, __u8 flags,
	    unsigned int salt, size_t pos, size_t len)
{
	static struct packet p;

	p.ver = 1;
	p.dest = dest;
	p.src = src;
	p.flags = flags;
	fill(p.payload, pos, len, salt);
	tun_write(t, p.raw, HDR + len);
}
