// SPDX-License-Identifier: GPL-2.0
/* What users ask of an AF_MCTP core, and what links bring it. */
#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>
#include <arpa/inet.h>
#include <linux/if_tun.h>

#include "fail.h"

#define LONG 3000

static struct bed bed;
static struct tun other;
static int fd = -1;
static int home;

/* A request out, and its answer; then a request in, whole and in pieces */
static bool works(void)
{
	static struct packet p;
	struct sockaddr_mctp to = sk_addr(1, 9, TYPE, TO);
	__u8 data[8] = { 0 };

	/* what an operation has left there */
	sk_drain(bed.server);
	sk_drain(bed.client);
	while (!tun_silent(&bed.t))
		;
	if (sendto(bed.client, data, sizeof(data), 0, (void *)&to, sizeof(to)) != sizeof(data))
		return false;
	if (tun_read(&bed.t, &p) != HDR + 1 + (ssize_t)sizeof(data))
		return false;
	inject(&bed.t, 8, 9, SOM | EOM | (p.flags & 7), 1, 0, 20);
	if (!sk_got(bed.client, 1, 20))
		return false;
	inject(&bed.t, 8, 9, SOM | TO | 1, 2, 0, 64);
	inject(&bed.t, 8, 9, EOM | SEQ(1) | TO | 1, 2, 64, 10);
	return sk_got(bed.server, 2, 74);
}

static void need_socket(void)
{
	fd = msock_open();
}

static void close_it(int rc)
{
	if (fd >= 0)
		close(fd);
	fd = -1;
}

static int run_socket(void)
{
	fd = socket(AF_MCTP, SOCK_DGRAM, 0);
	return rc_of(fd);
}

static void finish_socket(int rc)
{
	close_it(rc);
}

static int run_bind(void)
{
	return sk_bind(fd, 1, ANY, TYPE + 1);
}

static int run_connect(void)
{
	return sk_connect(fd, 1, 9, TYPE);
}

static int run_alloctag(void)
{
	struct mctp_ioc_tag_ctl ctl = { .peer_addr = 9 };

	return rc_of(ioctl(fd, SIOCMCTPALLOCTAG, &ctl));
}

static int send_to(__u8 eid, size_t len)
{
	static __u8 data[LONG];
	struct sockaddr_mctp to = sk_addr(1, eid, TYPE, TO);
	ssize_t n = sendto(fd, data, len, 0, (void *)&to, sizeof(to));

	return n < 0 ? -errno : (size_t)n == len ? 0 : -EIO;
}

static int run_send(void) { return send_to(9, 8); }
static int run_send_long(void) { return send_to(9, LONG); }
static int run_send_self(void) { return send_to(8, 8); }
static int run_send_self_long(void) { return send_to(8, LONG); }

static int run_recv(void)
{
	__u8 data[64];

	return rc_of(recv(bed.server, data, sizeof(data), MSG_DONTWAIT)) < 0 ? -errno : 0;
}

static void need_message(void)
{
	inject(&bed.t, 8, 9, SOM | EOM | TO, 1, 0, 20);
}

/* Unlike inject() this one may fail. */
static int input(__u8 flags, size_t len)
{
	struct {
		struct tun_pi pi;
		__u8 header[HDR];
		__u8 data[2000];
	} p = { { .proto = htons(0x00fa) }, { 1, 8, 9, flags }, { TYPE } };
	ssize_t n = write(bed.t.fd, &p, sizeof(p.pi) + HDR + len);

	return n < 0 ? -errno : 0;
}

static int run_input(void) { return input(SOM | EOM | TO, 20); }

static int run_reassembly(void)
{
	int rc = input(SOM | TO | 2, 1400);

	rc = rc ?: input(SEQ(1) | TO | 2, 1400);
	return rc ?: input(EOM | SEQ(2) | TO | 2, 1400);
}

static void new_netlink(void)
{
	nl_close(&nl);
	nl_open(&nl);
}

/* An error may have come behind the change; what is there is taken away again. */
static int run_addr(void) { return addr_add(bed.t.ifindex, 40); }
static void finish_addr(int rc) { new_netlink(); addr_del(bed.t.ifindex, 40); }
static void need_addr(void) { new_netlink(); addr_add(bed.t.ifindex, 40); }
static int run_addr_del(void) { return addr_del(bed.t.ifindex, 40); }
static int run_route(void) { return route_add(100, 3, bed.t.ifindex, 100); }
static void finish_route(int rc) { new_netlink(); route_del(100, 3, bed.t.ifindex); }
static void need_route(void) { new_netlink(); route_add(100, 3, bed.t.ifindex, 100); }
static int run_route_del(void) { return route_del(100, 3, bed.t.ifindex); }
static int run_gateway(void) { return gw_add(120, 2, 0, 9); }

static void finish_gateway(int rc)
{
	struct route_req req = { .dst = 120, .extent = 2, .gw = 9 };

	new_netlink();
	route_change(RTM_DELROUTE, &req);
}

static int run_neigh(void)
{
	return neigh_change(RTM_NEWNEIGH, bed.t.ifindex, 9, "", 0);
}

static void finish_neigh(int rc)
{
	new_netlink();
	neigh_change(RTM_DELNEIGH, bed.t.ifindex, 9, NULL, -1);
}

static int run_net(void) { return net_set(other.ifindex, 7); }

static void need_other(void)
{
	new_netlink();
	tun_open(&other, "other");
	addr_add(other.ifindex, 50);
}

static void drop_other(int rc)
{
	new_netlink();
	tun_close(&other);
}

static int run_addr_dump(void) { return addr_dump(0)->rc; }
static int run_route_dump(void) { return route_dump()->rc; }
static int run_neigh_dump(void) { return neigh_dump(0)->rc; }
static void finish_dump(int rc) { new_netlink(); }

/* A link that comes; tun_open() would not survive the failures */
static int run_link(void)
{
	struct ifreq ifr = { .ifr_name = "other", .ifr_flags = IFF_TUN };

	return rc_of(ioctl(other.fd, TUNSETIFF, &ifr));
}

static void need_tun(void)
{
	other.fd = open("/dev/net/tun", O_RDWR | O_NONBLOCK | O_CLOEXEC);
}

static int run_link_gone(void)
{
	return rc_of(close(other.fd));
}

static int run_netns(void)
{
	return rc_of(unshare(CLONE_NEWNET));
}

static void go_home(int rc)
{
	if (setns(home, CLONE_NEWNET))
		die("setns: %s", strerror(errno));
}

static int run_close(void)
{
	int rc = rc_of(close(fd));

	fd = -1;
	return rc;
}

static void need_busy_socket(void)
{
	need_socket();
	run_alloctag();
	send_to(9, 8);
}

const struct fail_op core_ops[] = {
	{ "socket", NULL, run_socket, finish_socket, works },
	{ "bind", need_socket, run_bind, close_it, works },
	{ "connect", need_socket, run_connect, close_it, works },
	{ "allocate a tag", need_socket, run_alloctag, close_it, works },
	{ "close", need_busy_socket, run_close, NULL, works },
	{ "send", need_socket, run_send, close_it, works },
	{ "send, in fragments", need_socket, run_send_long, close_it, works },
	{ "send to oneself", need_socket, run_send_self, close_it, works },
	{ "send to oneself, in fragments", need_socket, run_send_self_long, close_it, works },
	{ "receive", need_message, run_recv, NULL, works },
	{ "packet from a link", NULL, run_input, NULL, works },
	{ "message in three packets from a link", NULL, run_reassembly, NULL, works },
	{ "add an address", new_netlink, run_addr, finish_addr, works },
	{ "delete an address", need_addr, run_addr_del, finish_addr, works },
	{ "add a route", new_netlink, run_route, finish_route, works },
	{ "delete a route", need_route, run_route_del, finish_route, works },
	{ "add a gateway route", new_netlink, run_gateway, finish_gateway, works },
	{ "add a neighbour", new_netlink, run_neigh, finish_neigh, works },
	{ "set a link's network", need_other, run_net, drop_other, works },
	{ "dump addresses", new_netlink, run_addr_dump, finish_dump, works },
	{ "dump routes", new_netlink, run_route_dump, finish_dump, works },
	{ "dump neighbours", new_netlink, run_neigh_dump, finish_dump, works },
	{ "a link comes", need_tun, run_link, drop_other, works },
	{ "a link goes", need_other, run_link_gone, NULL, works },
	{ "new network namespace", NULL, run_netns, go_home, works },
};

const size_t core_op_count = ARRAY_SIZE(core_ops);

void core_start(void)
{
	home = open("/proc/self/ns/net", O_RDONLY | O_CLOEXEC);
	nl_open(&nl);
	bed_open(&bed);
	if (!works())
		die("nothing works from the start");
}
