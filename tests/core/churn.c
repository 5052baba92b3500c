// SPDX-License-Identifier: GPL-2.0
/*
 * Everything that comes and goes, at once and for some seconds: sockets with
 * requests and half messages, links with addresses and routes, namespaces, dumps.
 * Failures are expected (what one process uses another one takes away, and the
 * module may be unloaded below all of it); the kernel has to be quiet about it.
 *
 * usage: mctp-churn SECONDS
 */
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "conform.h"

static time_t end;

/* like msock_open(), but the core may be away */
static int open_socket(void)
{
	return socket(AF_MCTP, SOCK_DGRAM | SOCK_NONBLOCK, 0);
}

static int send_to(int fd, int eid, int tag, size_t len)
{
	struct sockaddr_mctp addr = sk_addr(MCTP_NET_ANY, eid, TYPE, tag);
	static __u8 data[70000];

	return sendto(fd, data, len, 0, (void *)&addr, sizeof(addr));
}

/* Requests and answers through an address of ours, if there is one */
static void talk(unsigned long *good)
{
	static __u8 buf[70000];
	struct sockaddr_mctp addr = sk_addr(MCTP_NET_ANY, ANY, TYPE, TO);
	int server = open_socket(), client = open_socket();
	socklen_t addrlen = sizeof(addr);
	int i, n;

	if (server >= 0 && !bind(server, (void *)&addr, sizeof(addr))) {
		for (i = 0; i < 20; i++) {
			send_to(client, 8, TO, random() % 60000);
			n = recvfrom(server, buf, sizeof(buf), 0,
				     (void *)&addr, &addrlen);
			if (n < 0)
				continue;
			addr.smctp_tag &= ~TO;
			sendto(server, buf, n, 0, (void *)&addr, sizeof(addr));
			*good += recv(client, buf, sizeof(buf), 0) == n;
		}
	}
	close(server);
	close(client);
	usleep(random() % 100000);
}

/* A link that goes away with all that it has */
static void plug(unsigned long *good)
{
	struct tun t;
	int i, fd = open_socket();

	tun_open(&t, "link%d");
	*good += !addr_add(t.ifindex, 20);
	route_add(21, 5, t.ifindex, 68);
	gw_add(40, 5, 0, 21);
	for (i = 0; i < 10; i++) {
		send_to(fd, 21 + random() % 6, TO, random() % 3000);
		inject(&t, random() % 2 ? 8 : 20, 30 + i, SOM | TO | i % 8, 0,
		       0, 64);
	}
	net_set(t.ifindex, 1 + random() % 3);
	close(fd);
	tun_close(&t);
	usleep(random() % 50000);
}

/* Tags of so many networks that the table of keys has to grow and to shrink */
static void tags(unsigned long *good)
{
	int i, fd = open_socket();

	for (i = 0; i < 1500; i++) {
		struct tag_ctl2 ctl = {
			.net = 1000 + random() % 1000000,
			.peer_addr = random(),
		};

		if (ioctl(fd, ALLOC2, &ctl))
			continue;
		++*good;
		if (i % 3 == 0)
			ioctl(fd, DROP2, &ctl);
	}
	close(fd);
	usleep(random() % 100000);
}

static void namespace(unsigned long *good)
{
	pid_t pid = fork();
	struct tun t;
	int fd;

	if (pid) {
		waitpid(pid, NULL, 0);
		++*good;
		return;
	}
	if (unshare(CLONE_NEWNET))
		_exit(1);
	nl_close(&nl);
	nl_open(&nl);
	link_up(lo_index(), true);
	addr_add(lo_index(), 8);
	tun_open(&t, "inner");
	route_add(9, 9, t.ifindex, 0);
	fd = open_socket();
	send_to(fd, 9, TO, 100);
	send_to(fd, 8, TO, 100);
	inject(&t, 8, 9, SOM, 0, 0, 64);
	_exit(0);
}

static void dump(unsigned long *good)
{
	addr_dump(0);
	route_dump();
	*good += neigh_dump(0)->rc == 0;
	net_of("lo");
	addr_add(lo_index(), 8);
	net_set(lo_index(), 1 + random() % 2);
	net_set(lo_index(), 1);
}

static pid_t start(const char *name, void (*round)(unsigned long *good))
{
	unsigned long rounds = 0, good = 0;
	pid_t pid = fork();

	if (pid)
		return pid;
	nl_open(&nl);
	srandom(getpid());
	while (time(NULL) < end) {
		round(&good);
		rounds++;
	}
	/* Where nothing works nothing was tested. */
	printf("# %s: %lu rounds, %lu good ones\n", name, rounds, good);
	exit(!good);
}

int main(int argc, char **argv)
{
	int status, failed = 0;

	if (argc != 2)
		die("usage: mctp-churn SECONDS");
	end = time(NULL) + atoi(argv[1]);
	start("talk", talk);
	start("talk", talk);
	start("plug", plug);
	start("tags", tags);
	start("tags", tags);
	start("namespace", namespace);
	start("dump", dump);
	while (wait(&status) > 0)
		failed += status != 0;
	return failed != 0;
}
