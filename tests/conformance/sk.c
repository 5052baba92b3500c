// SPDX-License-Identifier: GPL-2.0
/* AF_MCTP sockets of the suite. */
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

#include "conform.h"

#define WAIT_US 3000000
#define SILENCE_US 20000

struct sockaddr_mctp sk_addr(__u32 net, __u8 eid, __u8 type, __u8 tag)
{
	struct sockaddr_mctp addr = {
		.smctp_family = AF_MCTP,
		.smctp_network = net,
		.smctp_addr.s_addr = eid,
		.smctp_type = type,
		.smctp_tag = tag,
	};

	return addr;
}

int sk_bind(int fd, __u32 net, __u8 eid, __u8 type)
{
	struct sockaddr_mctp addr = sk_addr(net, eid, type, TO);

	return rc_of(bind(fd, (void *)&addr, sizeof(addr)));
}

int sk_connect(int fd, __u32 net, __u8 eid, __u8 type)
{
	struct sockaddr_mctp addr = sk_addr(net, eid, type, 0);

	return rc_of(connect(fd, (void *)&addr, sizeof(addr)));
}

/* A new socket, bound. */
int sk_bound(__u32 net, __u8 eid, __u8 type)
{
	int fd = msock_open();
	int rc = sk_bind(fd, net, eid, type);

	if (rc)
		die("bind: %s", strerror(-rc));
	return fd;
}

int sk_server(__u8 type)
{
	return sk_bound(MCTP_NET_ANY, ANY, type);
}

/* Send the test message 0 with len bytes after the type, as a request. */
int sk_request(int fd, __u32 net, __u8 eid, size_t len)
{
	static __u8 data[70000];

	fill(data, 0, len + 1, 0);
	return msock_send(fd, net, eid, TYPE, TO, data + 1, len);
}

void sk_ext(int fd)
{
	int on = 1;

	if (setsockopt(fd, SOL_MCTP, MCTP_OPT_ADDR_EXT, &on, sizeof(on)))
		die("MCTP_OPT_ADDR_EXT: %s", strerror(errno));
}

/* The same over a given link, past the routes. */
int sk_send_ext(int fd, int ifindex, __u8 eid, __u8 tag, size_t len)
{
	static __u8 data[70000];
	struct sockaddr_mctp_ext addr = {
		.smctp_base = sk_addr(1, eid, TYPE, tag),
		.smctp_ifindex = ifindex,
	};
	ssize_t rc;

	fill(data, 0, len + 1, 0);
	sk_ext(fd);
	rc = sendto(fd, data + 1, len, 0, (void *)&addr, sizeof(addr));
	if (rc < 0)
		return -errno;
	return (size_t)rc == len ? 0 : -EIO;
}

void sk_recv(int fd, struct message *m)
{
	struct iovec iov = { .iov_base = m->data, .iov_len = sizeof(m->data) };
	struct msghdr msg = {
		.msg_name = &m->from, .msg_namelen = sizeof(m->from),
		.msg_iov = &iov, .msg_iovlen = 1,
	};

	memset(&m->from, 0xee, sizeof(m->from));
	m->len = -EAGAIN;
	if (!wait_readable(fd, now_us() + WAIT_US))
		return;
	m->len = rc_of(recvmsg(fd, &msg, MSG_DONTWAIT));
	m->fromlen = msg.msg_namelen;
	m->flags = msg.msg_flags;
}

/* The next message is the test message salt, len bytes with its type. */
bool sk_got(int fd, unsigned int salt, size_t len)
{
	static struct message m;
	static __u8 want[70000];

	sk_recv(fd, &m);
	fill(want, 0, len, salt);
	return m.len == (ssize_t)len - 1 && m.from.smctp_base.smctp_type == TYPE &&
	       !memcmp(m.data, want + 1, len - 1);
}

bool sk_silent(int fd)
{
	return !wait_readable(fd, now_us() + SILENCE_US);
}

/* Throw away what is there, so that it is not taken for what comes next. */
void sk_drain(int fd)
{
	static struct message m;

	while (!sk_silent(fd))
		sk_recv(fd, &m);
}

void bed_open(struct bed *b)
{
	tun_open(&b->t, "t0");
	if (addr_add(b->t.ifindex, 8) || route_add(9, 21, b->t.ifindex, 0))
		die("the link cannot be set up: %s", nl.extack);
	b->server = sk_server(TYPE);
	b->client = msock_open();
}
