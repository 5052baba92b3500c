// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

#include "msock.h"
#include "util.h"

int msock_open(void)
{
	int fd = socket(AF_MCTP, SOCK_DGRAM | SOCK_CLOEXEC, 0);

	if (fd < 0)
		die("AF_MCTP socket: %s", strerror(errno));
	return fd;
}

/* Take the requests of one message type, from anywhere. */
void msock_bind(int fd, uint8_t type)
{
	struct sockaddr_mctp addr = {
		.smctp_family = AF_MCTP,
		.smctp_network = MCTP_NET_ANY,
		.smctp_addr.s_addr = MCTP_ADDR_ANY,
		.smctp_type = type,
		.smctp_tag = MCTP_TAG_OWNER,
	};

	if (bind(fd, (void *)&addr, sizeof(addr)))
		die("bind to message type 0x%02x: %s", type, strerror(errno));
}

/* Over the system's limit too: the tests run as root. */
void msock_set_rcvbuf(int fd, uint32_t bytes)
{
	int value = bytes / 2;	/* the kernel doubles it */

	if (setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &value, sizeof(value)))
		die("SO_RCVBUF: %s", strerror(errno));
}

/*
 * Send a message without its type byte, which the core writes. Returns 0 or a
 * negative errno.
 */
int msock_send(int fd, uint32_t net, uint8_t eid, uint8_t type, uint8_t tag,
	       const void *data, size_t len)
{
	struct sockaddr_mctp addr = {
		.smctp_family = AF_MCTP,
		.smctp_network = net,
		.smctp_addr.s_addr = eid,
		.smctp_type = type,
		.smctp_tag = tag,
	};
	ssize_t rc = sendto(fd, data, len, 0, (void *)&addr, sizeof(addr));

	if (rc < 0)
		return -errno;
	return (size_t)rc == len ? 0 : -EIO;
}

/* To whatever is at the other end of a link, before it has an endpoint ID. */
int msock_send_null_eid(int fd, int ifindex, uint8_t type, const void *data,
			size_t len)
{
	struct sockaddr_mctp_ext addr = {
		.smctp_base = {
			.smctp_family = AF_MCTP,
			.smctp_network = MCTP_NET_ANY,
			.smctp_addr.s_addr = MCTP_ADDR_NULL,
			.smctp_type = type,
			.smctp_tag = MCTP_TAG_OWNER,
		},
		.smctp_ifindex = ifindex,
		.smctp_halen = 0,
	};
	int on = 1;
	ssize_t rc;

	if (setsockopt(fd, SOL_MCTP, MCTP_OPT_ADDR_EXT, &on, sizeof(on)))
		return -errno;
	rc = sendto(fd, data, len, 0, (void *)&addr, sizeof(addr));
	if (rc < 0)
		return -errno;
	return (size_t)rc == len ? 0 : -EIO;
}

/*
 * Take one message without its type byte. Returns its full length, which may
 * be more than fitted, or a negative errno; -EAGAIN when there is none.
 */
ssize_t msock_recv(int fd, struct sockaddr_mctp *from, void *data, size_t size)
{
	struct sockaddr_mctp_ext addr = { 0 };
	socklen_t addrlen = sizeof(addr);
	ssize_t len;

	len = recvfrom(fd, data, size, MSG_TRUNC | MSG_DONTWAIT, (void *)&addr,
		       &addrlen);
	if (len < 0)
		return -errno;
	if (addrlen != sizeof(addr.smctp_base) && addrlen != sizeof(addr))
		die("the core gave an address of %u bytes", (unsigned int)addrlen);
	*from = addr.smctp_base;
	return len;
}

/*
 * A tag for any number of messages without answers; one that sendto() makes up
 * stays taken until its time-out. Returns 0 or a negative errno.
 */
int msock_alloc_tag(int fd, uint8_t eid, uint8_t *tag)
{
	struct mctp_ioc_tag_ctl ctl = { .peer_addr = eid };

	if (ioctl(fd, SIOCMCTPALLOCTAG, &ctl))
		return -errno;
	*tag = ctl.tag;
	return 0;
}

void msock_drop_tag(int fd, uint8_t eid, uint8_t tag)
{
	struct mctp_ioc_tag_ctl ctl = { .peer_addr = eid, .tag = tag };

	if (ioctl(fd, SIOCMCTPDROPTAG, &ctl))
		die("drop tag: %s", strerror(errno));
}
