// SPDX-License-Identifier: GPL-2.0
/* Socket types, calls that datagram sockets of MCTP do not have, options. */
#include <poll.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>
#include <net/if.h>

#include "conform.h"

static void check_create(void)
{
	is_rc(rc_of(socket(AF_MCTP, SOCK_STREAM, 0)), -ESOCKTNOSUPPORT, "stream");
	is_rc(rc_of(socket(AF_MCTP, SOCK_RAW, 0)), -ESOCKTNOSUPPORT, "raw");
	is_rc(rc_of(socket(AF_MCTP, SOCK_SEQPACKET, 0)), -ESOCKTNOSUPPORT,
	      "seqpacket");
	is_rc(rc_of(socket(AF_MCTP, SOCK_DGRAM, 1)), -EPROTONOSUPPORT,
	      "protocol");
	is_rc(rc_of(socket(AF_MCTP, SOCK_STREAM, 1)), -EPROTONOSUPPORT,
	      "protocol-before-type");
	ok(socket(AF_MCTP, SOCK_DGRAM, 0) >= 0, "dgram");
}

static int int_option(int fd, int name)
{
	socklen_t len = sizeof(int);
	int value;

	if (getsockopt(fd, SOL_SOCKET, name, &value, &len))
		return -errno;
	return value;
}

static void check_kind(void)
{
	int fd = msock_open();

	is(int_option(fd, SO_DOMAIN), AF_MCTP, "so-domain");
	is(int_option(fd, SO_TYPE), SOCK_DGRAM, "so-type");
	is(int_option(fd, SO_PROTOCOL), 0, "so-protocol");
	is(int_option(fd, SO_ACCEPTCONN), 0, "so-acceptconn");
}

static void check_calls(void)
{
	int fd = msock_open(), pair[2];
	struct sockaddr_storage addr;
	socklen_t len = sizeof(addr);
	void *map;

	is_rc(rc_of(socketpair(AF_MCTP, SOCK_DGRAM, 0, pair)), -EOPNOTSUPP,
	      "socketpair");
	is_rc(rc_of(listen(fd, 1)), -EOPNOTSUPP, "listen");
	is_rc(rc_of(accept(fd, NULL, NULL)), -EOPNOTSUPP, "accept");
	is_rc(rc_of(shutdown(fd, SHUT_RDWR)), -EOPNOTSUPP, "shutdown");
	is_rc(rc_of(getsockname(fd, (void *)&addr, &len)), -EOPNOTSUPP,
	      "getsockname");
	is_rc(rc_of(getpeername(fd, (void *)&addr, &len)), -EOPNOTSUPP,
	      "getpeername");
	map = mmap(NULL, 4096, PROT_READ, MAP_SHARED, fd, 0);
	is_rc(map == MAP_FAILED ? -errno : 0, -ENODEV, "mmap");
	is_rc(rc_of(write(fd, "x", 1)), -EDESTADDRREQ, "write");
}

static int events(int fd)
{
	struct pollfd pfd = { .fd = fd, .events = POLLIN | POLLOUT };

	poll(&pfd, 1, 0);
	return pfd.revents;
}

static void check_polling(void)
{
	struct message *m = xrealloc(NULL, sizeof(*m));
	struct bed b;

	bed_open(&b);
	is(events(b.server), POLLOUT, "poll-idle");
	inject(&b.t, 8, 9, SOM | EOM | TO, 0, 0, 5);
	is(events(b.server), POLLIN | POLLOUT, "poll-message");
	sk_recv(b.server, m);
	is(events(b.server), POLLOUT, "poll-taken");
}

static long get_ext(int fd)
{
	socklen_t len = sizeof(int);
	int value = -1;

	if (getsockopt(fd, SOL_MCTP, MCTP_OPT_ADDR_EXT, &value, &len))
		return -errno;
	return len == sizeof(int) ? value : -EPROTO;
}

static long set_ext(int fd, int value)
{
	return rc_of(setsockopt(fd, SOL_MCTP, MCTP_OPT_ADDR_EXT, &value,
				sizeof(value)));
}

static void check_ext_values(void)
{
	int fd = msock_open();

	is_rc(get_ext(fd), 0, "ext-default");
	is_rc(set_ext(fd, 1), 0, "ext-set");
	is_rc(get_ext(fd), 1, "ext-get");
	set_ext(fd, 0);
	is_rc(get_ext(fd), 0, "ext-clear");
	set_ext(fd, 5);
	is_rc(get_ext(fd), 1, "ext-any-value-is-one");
	is_rc(get_ext(msock_open()), 0, "ext-per-socket");
}

static void check_setsockopt_errors(void)
{
	int fd = msock_open();
	__u64 on = 1;

	is_rc(rc_of(setsockopt(fd, SOL_MCTP, MCTP_OPT_ADDR_EXT, &on, 1)),
	      -EINVAL, "setsockopt-short");
	is_rc(rc_of(setsockopt(fd, SOL_MCTP, MCTP_OPT_ADDR_EXT, &on, 8)),
	      -EINVAL, "setsockopt-long");
	is_rc(rc_of(setsockopt(fd, SOL_MCTP, MCTP_OPT_ADDR_EXT, (void *)8, 4)),
	      -EFAULT, "setsockopt-fault");
	is_rc(rc_of(setsockopt(fd, SOL_MCTP, 2, &on, 4)), -ENOPROTOOPT,
	      "setsockopt-unknown");
	is_rc(rc_of(setsockopt(fd, SOL_RAW, 1, &on, 4)), -EINVAL,
	      "setsockopt-level");
	is_rc(get_ext(fd), 0, "setsockopt-errors-change-nothing");
}

static long getopt_rc(int fd, int level, int name, void *value, socklen_t len)
{
	return rc_of(getsockopt(fd, level, name, value, &len));
}

static void check_getsockopt_errors(void)
{
	int fd = msock_open();
	int value[4];

	is_rc(getopt_rc(fd, SOL_MCTP, MCTP_OPT_ADDR_EXT, value, 2), -EINVAL,
	      "getsockopt-short");
	is_rc(getopt_rc(fd, SOL_MCTP, MCTP_OPT_ADDR_EXT, value, 8), -EINVAL,
	      "getsockopt-long");
	is_rc(getopt_rc(fd, SOL_MCTP, MCTP_OPT_ADDR_EXT, (void *)8, 4), -EFAULT,
	      "getsockopt-fault");
	is_rc(getopt_rc(fd, SOL_MCTP, 2, value, 4), -ENOPROTOOPT,
	      "getsockopt-unknown");
	is_rc(getopt_rc(fd, SOL_RAW, 1, value, 4), -EINVAL, "getsockopt-level");
	is_rc(rc_of(getsockopt(fd, SOL_RAW, 1, value, (void *)8)), -EFAULT,
	      "getsockopt-length-fault-before-level");
	is_rc(getopt_rc(fd, SOL_MCTP, 2, value, -1), -EINVAL,
	      "getsockopt-length-before-name");
}

static void check_ioctls(void)
{
	int fd = msock_open(), value;
	struct ifreq ifr = { .ifr_name = "lo" };

	is_rc(rc_of(ioctl(fd, SIOCPROTOPRIVATE + 4, &value)), -EINVAL,
	      "ioctl-unknown");
	is_rc(rc_of(ioctl(fd, FIONREAD, &value)), -EINVAL, "ioctl-fionread");
	is_rc(rc_of(ioctl(fd, SIOCGIFINDEX, &ifr)), -EINVAL, "ioctl-of-devices");
}

static const struct check_case socket_cases[] = {
	{ "create", check_create },
	{ "kind", check_kind },
	{ "calls", check_calls },
	{ "polling", check_polling },
	{ "ext-values", check_ext_values },
	{ "setsockopt-errors", check_setsockopt_errors },
	{ "getsockopt-errors", check_getsockopt_errors },
	{ "ioctls", check_ioctls },
};

TOPIC(socket, "socket");
