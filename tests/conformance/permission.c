// SPDX-License-Identifier: GPL-2.0
/*
 * What needs which capability: each in a process that has only those named.
 * The capabilities count in the initial user namespace, except for netlink.
 */
#include <linux/capability.h>
#include <sched.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "conform.h"
#include "privilege.h"

#define CAP(name) (1u << (name))

static struct bed bed;

static int unprivileged(void *arg)
{
	struct sockaddr_mctp a = sk_addr(1, 9, TYPE, 0x20);
	int fd, len = sizeof(a);
	__u8 tag;

	keep_caps(0);
	fd = socket(AF_MCTP, SOCK_DGRAM, 0);
	if (!ok(fd >= 0, "none-socket"))
		return 1;
	is_rc(sk_bind(fd, 0, ANY, 1), -EACCES, "none-bind");
	is_rc(sk_request(fd, 1, 9, 3), -EACCES, "none-send");
	is_rc(sk_request(bed.client, 1, 9, 3), -EACCES, "none-send-old-socket");
	is_rc(sk_request(fd, 1, 99, 3), -EACCES, "none-send-before-route");
	is_rc(rc_of(sendto(fd, "a", 1, 0, (void *)&a, len)), -EINVAL,
	      "none-send-after-tag-check");
	is_rc(rc_of(bind(fd, (void *)&a, len - 1)), -EINVAL,
	      "none-bind-after-length-check");
	a.smctp_family = AF_INET;
	is_rc(rc_of(bind(fd, (void *)&a, len)), -EAFNOSUPPORT,
	      "none-bind-after-family-check");
	a.smctp_family = AF_MCTP;
	a.__smctp_pad0 = 1;
	is_rc(rc_of(bind(fd, (void *)&a, len)), -EACCES,
	      "none-bind-before-padding-check");
	is_rc(sk_connect(fd, 1, 9, 1), 0, "none-connect");
	is_rc(msock_alloc_tag(fd, 9, &tag), 0, "none-alloc-tag");
	sk_ext(fd);
	inject(&bed.t, 8, 9, SOM | EOM | TO, 1, 0, 10);
	ok(sk_got(bed.server, 1, 10), "none-receive");
	return 0;
}

/* Who may not send takes all tags that he can get, of EID 10 and of any. */
static int hog_tags(void *arg)
{
	const int *hog = arg;
	__u8 tag;

	keep_caps(0);
	while (!msock_alloc_tag(hog[0], 10, &tag))
		;
	while (!msock_alloc_tag(hog[1], 0, &tag))
		;
	return 0;
}

static void check_hog(void)
{
	int hog[] = { msock_open(), msock_open() }, left = 0;

	bed_open(&bed);
	if (in_child(hog_tags, hog))
		die("a process without capabilities failed");
	while (!sk_request(bed.client, 1, 10, 3))
		left++;
	ok(left, "none-alloc-leaves-tags");
	left = 0;
	while (!sk_send_ext(bed.client, bed.t.ifindex, 0, TO, 3))
		left++;
	/* those for any peer have to be free with all of them */
	is(left, 0, "none-alloc-and-requests-take-all");
	close(hog[0]);
	close(hog[1]);
	while (!sk_request(bed.client, 1, 10, 3))
		left++;
	ok(left, "none-alloc-close-frees");
}

static int unprivileged_netlink(void *arg)
{
	struct nl monitor;
	int i = bed.t.ifindex, lo = lo_index();

	keep_caps(0);
	is_rc(addr_add(i, 20), -EPERM, "none-addr-new-old-socket");
	nl_open(&nl);
	is_rc(addr_add(i, 20), -EPERM, "none-addr-new");
	is_rc(addr_del(i, 8), -EPERM, "none-addr-del");
	is_rc(route_add(50, 0, i, 0), -EPERM, "none-route-new");
	is_rc(gw_add(50, 0, 1, 9), -EPERM, "none-route-new-gateway");
	is_rc(route_del(9, 21, i), -EPERM, "none-route-del");
	is_rc(neigh_change(RTM_NEWNEIGH, lo, 9, "123456", 6), -EPERM,
	      "none-neigh-new");
	is_rc(neigh_change(RTM_DELNEIGH, lo, 9, NULL, -1), -EPERM,
	      "none-neigh-del");
	is_rc(net_set(i, 9), -EPERM, "none-link-net");
	is(addr_dump(0)->count, 1, "none-addr-dump");
	is(route_dump()->count, 2, "none-route-dump");
	is_rc(neigh_dump(0)->rc, 0, "none-neigh-dump");
	is(net_of("t0"), 1, "none-link-get");
	nl_open(&monitor);
	is_rc(nl_join(&monitor, RTNLGRP_MCTP_IFADDR), 0, "none-monitor");
	return 0;
}

static int bind_only(void *arg)
{
	int fd = msock_open();

	keep_caps(CAP(CAP_NET_BIND_SERVICE));
	is_rc(sk_bind(fd, 0, ANY, 1), 0, "bind-service-bind");
	is_rc(sk_request(fd, 1, 9, 3), -EACCES, "bind-service-send");
	nl_open(&nl);
	is_rc(addr_add(bed.t.ifindex, 20), -EPERM, "bind-service-addr");
	return 0;
}

static int raw_only(void *arg)
{
	int fd = msock_open();

	keep_caps(CAP(CAP_NET_RAW));
	is_rc(sk_bind(fd, 0, ANY, 1), -EACCES, "raw-bind");
	is_rc(sk_request(fd, 1, 9, 3), 0, "raw-send");
	is_rc(sk_send_ext(fd, bed.t.ifindex, 0, TO, 3), 0, "raw-send-extended");
	nl_open(&nl);
	is_rc(route_add(50, 0, bed.t.ifindex, 0), -EPERM, "raw-route");
	return 0;
}

static int admin_only(void *arg)
{
	int fd = msock_open();

	keep_caps(CAP(CAP_NET_ADMIN));
	nl_open(&nl);
	is_rc(sk_bind(fd, 0, ANY, 1), -EACCES, "admin-bind");
	is_rc(sk_request(fd, 1, 9, 3), -EACCES, "admin-send");
	is_rc(addr_add(bed.t.ifindex, 20), 0, "admin-addr");
	is_rc(route_add(50, 0, bed.t.ifindex, 0), 0, "admin-route");
	is_rc(neigh_change(RTM_NEWNEIGH, lo_index(), 9, "123456", 6), 0,
	      "admin-neigh");
	is_rc(net_set(bed.t.ifindex, 9), 0, "admin-net");
	return 0;
}

/* All capabilities, but in a user namespace of its own, with its network. */
static int user_namespace(void *arg)
{
	int fd;

	if (unshare(CLONE_NEWUSER)) {
		skip("user-ns", "no user namespaces");
		return 0;
	}
	nl_open(&nl);
	is_rc(addr_add(lo_index(), 20), -EPERM, "user-ns-addr-outside");
	is_rc(sk_request(bed.client, 1, 9, 3), -EACCES, "user-ns-send-outside");
	if (unshare(CLONE_NEWNET))
		die("network namespace: %s", strerror(errno));
	nl_open(&nl);
	fd = msock_open();
	is_rc(addr_add(lo_index(), 8), 0, "user-ns-addr");
	is_rc(gw_add(50, 0, 1, 9), 0, "user-ns-route");
	is_rc(net_set(lo_index(), 9), 0, "user-ns-link-net");
	is_rc(neigh_change(RTM_NEWNEIGH, lo_index(), 9, "123456", 6), 0,
	      "user-ns-neigh");
	is_rc(sk_bind(fd, 0, ANY, 1), -EACCES, "user-ns-bind");
	is_rc(sk_request(fd, 9, 8, 3), -EACCES, "user-ns-send");
	return 0;
}

static void check_all(void)
{
	static int (*const fns[])(void *) = {
		unprivileged, unprivileged_netlink, bind_only, raw_only,
		admin_only, user_namespace,
	};
	int rc = 0;
	size_t i;

	bed_open(&bed);
	for (i = 0; i < ARRAY_SIZE(fns); i++)
		rc += in_child(fns[i], NULL);
	if (rc)
		die("a process without capabilities failed");
}

static const struct check_case permission_cases[] = {
	{ "all", check_all },
	{ "hog", check_hog },
};

TOPIC(permission, "permission");
