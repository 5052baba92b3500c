// SPDX-License-Identifier: GPL-2.0
/* Tags preallocated by ioctl, in both generations, and sending with them. */
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>

#include "conform.h"

#define OWNED (MCTP_TAG_OWNER | MCTP_TAG_PREALLOC)

static long v1(int fd, unsigned long cmd, __u8 peer, int tag, int flags)
{
	struct mctp_ioc_tag_ctl ctl = {
		.peer_addr = peer, .tag = tag, .flags = flags,
	};

	if (ioctl(fd, cmd, &ctl))
		return -errno;
	return ctl.peer_addr == peer ? ctl.tag : -EPROTO;
}

static long v2(int fd, unsigned long cmd, __u32 net, __u8 peer, int tag)
{
	struct tag_ctl2 ctl = { .net = net, .peer_addr = peer, .tag = tag };

	if (ioctl(fd, cmd, &ctl))
		return -errno;
	return ctl.peer_addr == peer && ctl.net == net ? ctl.tag : -EPROTO;
}

static void check_alloc_v1(void)
{
	int fd = msock_open(), other = msock_open(), i;

	is_rc(v1(fd, SIOCMCTPALLOCTAG, 9, 0, 1), -EINVAL, "v1-alloc-flags");
	is_rc(v1(fd, SIOCMCTPALLOCTAG, 9, OWNED, 0), -EINVAL, "v1-alloc-tag");
	is_rc(rc_of(ioctl(fd, SIOCMCTPALLOCTAG, 8)), -EFAULT, "v1-alloc-fault");
	is_rc(v1(fd, SIOCMCTPALLOCTAG, 9, 0, 0), OWNED, "v1-alloc");
	is_rc(v1(fd, SIOCMCTPALLOCTAG, 9, 0, 0), OWNED | 1, "v1-alloc-second");
	is_rc(v1(other, SIOCMCTPALLOCTAG, 9, 0, 0), OWNED | 2,
	      "v1-alloc-other-socket");
	is_rc(v1(fd, SIOCMCTPALLOCTAG, 10, 0, 0), OWNED, "v1-alloc-other-peer");
	for (i = 0; i < 5; i++)
		v1(fd, SIOCMCTPALLOCTAG, 9, 0, 0);
	is_rc(v1(fd, SIOCMCTPALLOCTAG, 9, 0, 0), -EBUSY, "v1-alloc-exhausted");
	close(fd);
	is_rc(v1(other, SIOCMCTPALLOCTAG, 9, 0, 0), OWNED, "close-frees");
	is_rc(v1(other, SIOCMCTPALLOCTAG, 9, 0, 0), OWNED | 1,
	      "close-frees-own-only");
	is_rc(v1(other, SIOCMCTPALLOCTAG, 9, 0, 0), OWNED | 3,
	      "close-leaves-others");
	is_rc(v1(other, SIOCMCTPALLOCTAG, 3, 0, 0), OWNED, "v1-alloc-reserved-eid");
}

static void check_drop_v1(void)
{
	int fd = msock_open(), other = msock_open();
	struct bed b;

	bed_open(&b);
	v1(fd, SIOCMCTPALLOCTAG, 9, 0, 0);
	is_rc(v1(fd, SIOCMCTPDROPTAG, 9, 0, 0), -EINVAL, "v1-drop-no-bits");
	is_rc(v1(fd, SIOCMCTPDROPTAG, 9, MCTP_TAG_OWNER, 0), -EINVAL,
	      "v1-drop-not-preallocated");
	is_rc(v1(fd, SIOCMCTPDROPTAG, 9, MCTP_TAG_PREALLOC, 0), -EINVAL,
	      "v1-drop-not-owner");
	is_rc(v1(fd, SIOCMCTPDROPTAG, 9, OWNED | 0x20, 0), -EINVAL,
	      "v1-drop-extra-bit");
	is_rc(v1(fd, SIOCMCTPDROPTAG, 9, OWNED, 1), -EINVAL, "v1-drop-flags");
	is_rc(v1(fd, SIOCMCTPDROPTAG, 9, OWNED | 1, 0), -EINVAL,
	      "v1-drop-other-tag");
	is_rc(v1(fd, SIOCMCTPDROPTAG, 10, OWNED, 0), -EINVAL,
	      "v1-drop-other-peer");
	is_rc(v1(other, SIOCMCTPDROPTAG, 9, OWNED, 0), -EINVAL,
	      "v1-drop-other-socket");
	is_rc(rc_of(ioctl(fd, SIOCMCTPDROPTAG, 8)), -EFAULT, "v1-drop-fault");
	is_rc(v1(fd, SIOCMCTPDROPTAG, 9, OWNED, 0), OWNED, "v1-drop");
	is_rc(v1(fd, SIOCMCTPDROPTAG, 9, OWNED, 0), -EINVAL, "v1-drop-twice");
	is_rc(v1(fd, SIOCMCTPALLOCTAG, 9, 0, 0), OWNED, "v1-drop-frees");
	sk_request(b.client, 1, 10, 3);
	is_rc(v1(b.client, SIOCMCTPDROPTAG, 10, OWNED, 0), -EINVAL,
	      "drop-not-of-sendto");
	is_rc(v1(fd, SIOCMCTPALLOCTAG, 0, 0, 0), OWNED | 1, "null-peer-alloc");
	is_rc(v1(fd, SIOCMCTPDROPTAG, 255, OWNED | 1, 0), OWNED | 1,
	      "null-peer-is-any-peer");
}

static long v2_raw(int fd, __u8 local, int flags, int tag)
{
	struct tag_ctl2 ctl = {
		.net = 1, .peer_addr = 9, .local_addr = local,
		.flags = flags, .tag = tag,
	};

	return ioctl(fd, ALLOC2, &ctl) ? -errno : ctl.tag;
}

static void check_generation_2(void)
{
	int fd = msock_open();

	is_rc(v2_raw(fd, 8, 0, 0), -EINVAL, "v2-alloc-local-eid");
	is_rc(v2_raw(fd, 0, 1, 0), -EINVAL, "v2-alloc-flags");
	is_rc(v2_raw(fd, 0, 0, OWNED), -EINVAL, "v2-alloc-tag");
	is_rc(rc_of(ioctl(fd, ALLOC2, 8)), -EFAULT, "v2-alloc-fault");
	is_rc(v2_raw(fd, 0, 0, 0), OWNED, "v2-alloc-null-local");
	is_rc(v2_raw(fd, 255, 0, 0), OWNED | 1, "v2-alloc-any-local");
	is_rc(v2(fd, ALLOC2, 2, 9, 0), OWNED, "v2-alloc-other-net");
	is_rc(v2(fd, ALLOC2, 0, 9, 0), OWNED, "v2-alloc-net-any-is-a-net");
	is_rc(v1(fd, SIOCMCTPALLOCTAG, 9, 0, 0), OWNED | 2, "v1-is-default-net");
	is_rc(v2(fd, DROP2, 3, 9, OWNED), -EINVAL, "v2-drop-other-net");
	is_rc(v2(fd, DROP2, 2, 9, OWNED), OWNED, "v2-drop");
	is_rc(v2(fd, DROP2, 2, 9, OWNED), -EINVAL, "v2-drop-twice");
	is_rc(v1(fd, SIOCMCTPDROPTAG, 9, OWNED, 0), OWNED, "v1-drops-v2");
	is_rc(v2(fd, DROP2, 1, 9, OWNED | 2), OWNED | 2, "v2-drops-v1");
	is_rc(rc_of(ioctl(fd, DROP2, 8)), -EFAULT, "v2-drop-fault");
}

/* Nothing stays allocated when the caller cannot be told. */
static void check_unwind(void)
{
	struct mctp_ioc_tag_ctl *ctl;
	int fd = msock_open();

	ctl = mmap(NULL, 4096, PROT_READ | PROT_WRITE,
		   MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	ctl->peer_addr = 9;
	mprotect(ctl, 4096, PROT_READ);
	is_rc(rc_of(ioctl(fd, SIOCMCTPALLOCTAG, ctl)), -EFAULT,
	      "alloc-to-read-only");
	is_rc(v1(fd, SIOCMCTPALLOCTAG, 9, 0, 0), OWNED, "alloc-unwound");
}

static int wire_flags(const struct tun *t)
{
	static struct packet p;

	return tun_read(t, &p) < 0 ? -1 : p.flags;
}

static void check_sending(void)
{
	int other = msock_open();
	struct bed b;

	bed_open(&b);
	v1(b.client, SIOCMCTPALLOCTAG, 9, 0, 0);
	v1(b.client, SIOCMCTPALLOCTAG, 9, 0, 0);
	is_rc(msock_send(b.client, 1, 9, TYPE, OWNED | 1, "a", 1), 0, "send");
	is(wire_flags(&b.t), SOM | EOM | TO | 1, "send-wire");
	is_rc(msock_send(b.client, 1, 9, TYPE, OWNED | 1, "a", 1), 0,
	      "send-again");
	is(wire_flags(&b.t), SOM | EOM | TO | 1, "send-again-wire");
	is_rc(msock_send(b.client, 1, 10, TYPE, OWNED | 1, "a", 1), -ENOENT,
	      "send-other-peer");
	is_rc(msock_send(b.client, 1, 9, TYPE, OWNED | 2, "a", 1), -ENOENT,
	      "send-other-tag");
	is_rc(msock_send(other, 1, 9, TYPE, OWNED | 1, "a", 1), -ENOENT,
	      "send-other-socket");
	sk_request(b.client, 1, 9, 3);
	is(wire_flags(&b.t), SOM | EOM | TO | 2, "sendto-avoids-preallocated");
	is_rc(msock_send(b.client, 1, 9, TYPE, OWNED | 2, "a", 1), -ENOENT,
	      "send-with-sendto-tag");
	inject(&b.t, 8, 9, SOM | EOM | 1, 1, 0, 10);
	inject(&b.t, 8, 9, SOM | EOM | 1, 2, 0, 10);
	ok(sk_got(b.client, 1, 10), "response");
	ok(sk_got(b.client, 2, 10), "responses-without-end");
	is_rc(msock_send(b.client, 1, 9, TYPE, OWNED | 1, "a", 1), 0,
	      "send-after-response");
	v1(b.client, SIOCMCTPDROPTAG, 9, OWNED | 1, 0);
	is_rc(msock_send(b.client, 1, 9, TYPE, OWNED | 1, "a", 1), -ENOENT,
	      "send-after-drop");
	inject(&b.t, 8, 9, SOM | EOM | 1, 1, 0, 10);
	ok(sk_silent(b.client), "response-after-drop");
}

static void check_sending_any(void)
{
	struct bed b;

	bed_open(&b);
	addr_add(b.t.ifindex, 40);
	v1(b.client, SIOCMCTPALLOCTAG, 0, 0, 0);
	is_rc(msock_send(b.client, 1, 9, TYPE, OWNED, "a", 1), 0, "any-peer-send");
	is_rc(msock_send(b.client, 1, 10, TYPE, OWNED, "a", 1), 0,
	      "any-peer-send-other");
	inject(&b.t, 8, 9, SOM | EOM, 1, 0, 10);
	inject(&b.t, 8, 10, SOM | EOM, 2, 0, 10);
	ok(sk_got(b.client, 1, 10), "any-peer-response");
	ok(sk_got(b.client, 2, 10), "any-peer-response-other");
	inject(&b.t, 40, 9, SOM | EOM, 3, 0, 10);
	ok(sk_got(b.client, 3, 10), "any-local-eid");
	v2(b.client, ALLOC2, 0, 9, 0);
	is_rc(msock_send(b.client, 1, 9, TYPE, OWNED | 1, "a", 1), -ENOENT,
	      "net-any-is-no-wildcard");
	v2(b.client, ALLOC2, 2, 9, 0);
	is_rc(msock_send(b.client, 1, 9, TYPE, OWNED | 1, "a", 1), -ENOENT,
	      "send-other-net");
}

static const struct check_case tagctl_cases[] = {
	{ "alloc-v1", check_alloc_v1 },
	{ "drop-v1", check_drop_v1 },
	{ "generation-2", check_generation_2 },
	{ "unwind", check_unwind },
	{ "sending", check_sending },
	{ "sending-any", check_sending_any },
};

TOPIC(tagctl, "tagctl");
