// SPDX-License-Identifier: GPL-2.0
/*
 * How much of what others need a user can take who may not send: tags, and
 * memory of the kernel, be it by packets that a peer sends for him.
 */
#include <stdio.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>
#include <linux/sock_diag.h>

#include "conform.h"
#include "privilege.h"

#define MANY_TAGS 5000
#define PEERS 100	/* EIDs from 9 on */
#define PART 30000
/* 22 MiB and more if nothing bounds them; pages that processors keep are not held */
#define HELD_KIB 8192
#define UNREAD 3000000

/* Tags of networks that need not even exist, as many as one socket gets */
static int take_tags_of_nets(void *arg)
{
	int *fd = arg, n;

	become_user();
	for (n = 0; n < MANY_TAGS; n++) {
		struct tag_ctl2 ctl = { .net = 1000 + n, .peer_addr = 9 };

		if (ioctl(*fd, ALLOC2, &ctl))
			break;
	}
	is_rc(n < MANY_TAGS ? -errno : 0, -EBUSY, "socket-tags-are-bounded");
	return 0;
}

static void check_tags_of_socket(void)
{
	int fd = msock_open();

	if (in_child(take_tags_of_nets, &fd))
		die("a process of a user failed");
}

/* All tags of a network of his own, which has the same number as ours */
static int take_tags_at_home(void *arg)
{
	__u8 tag;
	int fd, n = 0;

	if (!become_own_root()) {
		skip("own-net-tags", "no user namespaces");
		return 0;
	}
	fd = msock_open();
	while (!msock_alloc_tag(fd, 9, &tag))
		n++;
	ok(n, "own-net-tags");
	/* they stay taken meanwhile */
	is_rc(sk_request(((struct bed *)arg)->client, 1, 9, 3), -EACCES,
	      "own-net-send-outside");
	return 0;
}

static void check_tags_of_others(void)
{
	struct bed b;
	int n = 0;

	bed_open(&b);
	if (in_child(take_tags_at_home, &b))
		die("a process of a user failed");
	while (!sk_request(b.client, 1, 9, 3))
		n++;
	is(n, 8, "own-net-tags-are-not-ours");
}

static int take_tags_of_peers(void *arg)
{
	int *fd = arg, i, n = 0;
	__u8 tag;

	become_user();
	for (i = 0; i < PEERS; i++)
		while (!msock_alloc_tag(*fd, 9 + i, &tag))
			n++;
	return !n;
}

/*
 * Peers begin long responses to all these tags, and do not end them. Whichever
 * tags are not his cost nothing.
 */
static void check_unfinished(void)
{
	int fd = msock_open(), i, tag;
	struct bed b;
	long kib;

	bed_open(&b);
	if (in_child(take_tags_of_peers, &fd))
		die("a process of a user failed");
	kib = kernel_memory();
	for (i = 0; i < PEERS; i++) {
		for (tag = 0; tag < 8; tag++) {
			inject(&b.t, 8, 9 + i, SOM | tag, 1, 0, PART);
			inject(&b.t, 8, 9 + i, SEQ(1) | tag, 1, PART, PART);
		}
	}
	kib = kernel_memory() - kib;
	if (!ok(kib < HELD_KIB, "unfinished-messages-are-bounded"))
		printf("# %ld KiB are held for a receive buffer of 208\n", kib);
}

static int take_a_tag(void *arg)
{
	__u8 tag;

	become_user();
	return msock_alloc_tag(*(int *)arg, 9, &tag) ? -1 : tag & 7;
}

/* A tag of a user for peer 9, on that socket */
static int users_tag(int fd)
{
	int tag = in_child(take_a_tag, &fd);

	if (tag > 7)
		die("a process of a user failed");
	return tag;
}

/* The response to a request whose sender has given up is nobody's. */
static void check_late(void)
{
	static struct packet p;
	int fd = msock_open();
	struct bed b;

	bed_open(&b);
	if (sk_request(b.client, 1, 9, 3) || tun_read(&b.t, &p) < 0)
		die("no request");
	close(b.client);
	users_tag(fd);
	inject(&b.t, 8, 9, SOM | EOM | (p.flags & 7), 1, 0, 30);
	ok(sk_silent(fd), "late-response-is-not-for-others");
}

/* Responses of that length that nobody reads */
static void unread(const struct tun *t, int fd, int tag, size_t len,
		   const char *id)
{
	__u32 info[16] = { 0 };
	socklen_t size = sizeof(info);
	size_t pos, part;
	int i, seq;

	for (i = 0; i < UNREAD / (int)len; i++) {
		for (pos = 0, seq = 0; pos < len; pos += part, seq++) {
			part = len - pos < PART ? len - pos : PART;
			inject(t, 8, 9, tag | (pos ? 0 : SOM) | SEQ(seq) |
			       (pos + part == len ? EOM : 0), 1, pos, part);
		}
	}
	if (getsockopt(fd, SOL_SOCKET, SO_MEMINFO, info, &size))
		die("SO_MEMINFO: %s", strerror(errno));
	/* what arrives when there is still room for a byte is taken whole */
	ok(info[SK_MEMINFO_RMEM_ALLOC] > len &&
	   info[SK_MEMINFO_RMEM_ALLOC] <= info[SK_MEMINFO_RCVBUF] + 2 * len + 4096, id);
	printf("# %u of %u\n", info[SK_MEMINFO_RMEM_ALLOC], info[SK_MEMINFO_RCVBUF]);
}

static void check_unread(void)
{
	int fd = msock_open(), tag;
	struct bed b;

	bed_open(&b);
	tag = users_tag(fd);
	unread(&b.t, fd, tag, 1000, "unread-messages-are-bounded");
	sk_drain(fd);
	unread(&b.t, fd, tag, 60000, "unread-long-messages-are-bounded");
	sk_drain(fd);
	inject(&b.t, 8, 9, SOM | EOM | tag, 2, 0, 100);
	ok(sk_got(fd, 2, 100), "read-makes-room");
}

static const struct check_case limits_cases[] = {
	{ "tags-of-socket", check_tags_of_socket },
	{ "tags-of-others", check_tags_of_others },
	{ "unfinished", check_unfinished },
	{ "late", check_late },
	{ "unread", check_unread },
};

TOPIC(limits, "limits");
