// SPDX-License-Identifier: GPL-2.0
/*
 * Links that go while somebody makes it hard: with more routes than anybody needs,
 * which any user can have in a namespace of his own, and below a sender who does not
 * get on. Nobody else may have to wait for that. Results are KTAP lines.
 */
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>
#include <linux/userfaultfd.h>

#include "conform.h"

/* So many first EIDs, each with so many last ones */
#define SIDE		80
/* For what takes no time, on a slow and busy machine */
#define AT_ONCE_US	4000000ULL
/* When a sender gets on */
#define PATIENCE	10	/* seconds */

static int failed;

static void result(bool good, int n, const char *what)
{
	printf("%sok %d - %s\n", good ? "" : "not ", n, what);
	if (!good)
		failed = 1;
}

static bool goes_at_once(struct tun *t)
{
	__u64 start = now_us(), took;

	tun_close(t);
	took = now_us() - start;
	printf("# %s is gone after %llu ms\n", t->name, took / 1000);
	return took < AT_ONCE_US;
}

static void many_routes(void)
{
	struct tun t;
	int i, j;

	tun_open(&t, "routes");
	for (i = 0; i < SIDE; i++)
		for (j = 0; j < SIDE; j++)
			if (route_add(8 + i, 246 - j - i, t.ifindex, 0))
				die("a route: %s", nl.extack);
	/* newer ones, in another network */
	for (i = 0; i < SIDE; i++)
		for (j = 0; j < SIDE; j++)
			if (gw_add(8 + i, 246 - j - i, 2, 8))
				die("a gateway's route: %s", nl.extack);
	result(goes_at_once(&t), 4, "a link with many routes goes at once");
}

/* Memory that nobody has filled yet: who reads there waits for that. */
struct slow {
	void *page;
	size_t len;
	int fd;
};

/* Return: false if this kernel has none */
static bool slow_open(struct slow *slow)
{
	struct uffdio_api api = { .api = UFFD_API };
	struct uffdio_register reg = { .mode = UFFDIO_REGISTER_MODE_MISSING };

	slow->len = sysconf(_SC_PAGESIZE);
	slow->page = mmap(NULL, slow->len, PROT_READ | PROT_WRITE,
			  MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	slow->fd = syscall(SYS_userfaultfd, O_CLOEXEC);
	if (slow->fd < 0)
		return false;
	if (slow->page == MAP_FAILED)
		die("mmap: %s", strerror(errno));
	reg.range.start = (uintptr_t)slow->page;
	reg.range.len = slow->len;
	if (ioctl(slow->fd, UFFDIO_API, &api) ||
	    ioctl(slow->fd, UFFDIO_REGISTER, &reg))
		die("userfaultfd: %s", strerror(errno));
	return true;
}

static void *fill_later(void *arg)
{
	struct slow *slow = arg;
	struct uffdio_zeropage zero = {
		.range.start = (uintptr_t)slow->page,
		.range.len = slow->len,
	};

	sleep(PATIENCE);
	if (ioctl(slow->fd, UFFDIO_ZEROPAGE, &zero))
		die("UFFDIO_ZEROPAGE: %s", strerror(errno));
	return NULL;
}

static void *send_slowly(void *arg)
{
	struct sockaddr_mctp addr = sk_addr(MCTP_NET_ANY, 9, TYPE, TO);
	struct slow *slow = arg;

	return (void *)rc_of(sendto(msock_open(), slow->page, 64, 0,
				    (void *)&addr, sizeof(addr)));
}

static void waiting_sender(void)
{
	static const char what[] = "a link goes below a sender who waits";
	pthread_t sender, filler;
	struct slow slow;
	struct pollfd p;
	struct tun t;
	void *sent;
	bool gone;

	if (!slow_open(&slow)) {
		printf("ok 5 - %s # SKIP no userfaultfd\n", what);
		return;
	}
	tun_open(&t, "slow");
	if (route_add(9, 0, t.ifindex, 0))
		die("no route: %s", nl.extack);
	p = (struct pollfd){ .fd = slow.fd, .events = POLLIN };
	if (pthread_create(&sender, NULL, send_slowly, &slow) ||
	    poll(&p, 1, 1000 * PATIENCE) != 1 ||
	    pthread_create(&filler, NULL, fill_later, &slow))
		die("no sender who waits");
	gone = goes_at_once(&t);
	pthread_join(filler, NULL);
	pthread_join(sender, &sent);
	printf("# its sender gets %ld\n", (long)sent);
	result(gone && (long)sent == -EHOSTUNREACH, 5, what);
}

int main(void)
{
	nl_open(&nl);
	many_routes();
	waiting_sender();
	return failed;
}
