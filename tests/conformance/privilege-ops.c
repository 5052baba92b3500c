// SPDX-License-Identifier: GPL-2.0
/* The operations of the topic "privilege". */
#include <arpa/inet.h>
#include <sched.h>
#include <stdio.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>
#include <linux/ethtool.h>
#include <linux/sockios.h>

#include "conform.h"
#include "privilege.h"

/* --- sockets --- */
static int op_socket(const struct place *p)
{
	return rc_of(socket(AF_MCTP, SOCK_DGRAM, 0));
}

static int op_bind(const struct place *p)
{
	return sk_bind(msock_open(), MCTP_NET_ANY, ANY, 1);
}

static int op_bind_eid(const struct place *p)
{
	return sk_bind(msock_open(), 1, 8, 2);
}

static int op_bind_peer(const struct place *p)
{
	int fd = msock_open();

	return sk_connect(fd, 1, 9, 3) ?: sk_bind(fd, 1, 8, 3);
}

static int op_bind_old_socket(const struct place *p)
{
	return sk_bind(p->old_socket, MCTP_NET_ANY, ANY, 4);
}

static int op_connect(const struct place *p)
{
	return sk_connect(msock_open(), 1, 9, 1);
}

static int op_request(const struct place *p)
{
	return sk_request(msock_open(), 1, 9, 3);
}

static int op_request_old_socket(const struct place *p)
{
	return sk_request(p->old_socket, 1, 9, 3);
}

static int op_request_to_self(const struct place *p)
{
	return sk_request(msock_open(), 1, 8, 3);
}

static int op_response(const struct place *p)
{
	return msock_send(msock_open(), 1, 9, TYPE, 1, "abc", 3);
}

static int op_preallocated(const struct place *p)
{
	int fd = msock_open();
	__u8 tag;

	return msock_alloc_tag(fd, 10, &tag) ?:
	       msock_send(fd, 1, 10, TYPE, tag, "abc", 3);
}

static int op_extended(const struct place *p)
{
	return sk_send_ext(msock_open(), p->t.ifindex, 9, TO, 3);
}

static int op_null_eid(const struct place *p)
{
	return sk_send_ext(msock_open(), p->t.ifindex, 0, TO, 3);
}

static int op_alloc_tag(const struct place *p)
{
	__u8 tag;

	return msock_alloc_tag(msock_open(), 13, &tag);
}

static int op_alloc_tag2(const struct place *p)
{
	struct tag_ctl2 ctl = { .net = 1, .peer_addr = 13 };

	return rc_of(ioctl(msock_open(), ALLOC2, &ctl));
}

static int op_drop_tag(const struct place *p)
{
	struct mctp_ioc_tag_ctl ctl = { .peer_addr = 14 };
	int fd = msock_open();

	if (ioctl(fd, SIOCMCTPALLOCTAG, &ctl))
		return -errno;
	return rc_of(ioctl(fd, SIOCMCTPDROPTAG, &ctl));
}

static int op_drop_foreign_tag(const struct place *p)
{
	struct mctp_ioc_tag_ctl ctl = { .peer_addr = 12, .tag = p->foreign_tag };

	return rc_of(ioctl(msock_open(), SIOCMCTPDROPTAG, &ctl));
}

static int set_int(int level, int option, int value)
{
	return rc_of(setsockopt(msock_open(), level, option, &value, sizeof(value)));
}

static int op_addr_ext(const struct place *p)
{
	return set_int(SOL_MCTP, MCTP_OPT_ADDR_EXT, 1);
}

static int op_rcvbuf(const struct place *p)
{
	return set_int(SOL_SOCKET, SO_RCVBUF, 1 << 16);
}

static int op_rcvbuf_force(const struct place *p)
{
	return set_int(SOL_SOCKET, SO_RCVBUFFORCE, 1 << 24);
}

/* --- sniffing --- */
static int op_packet_raw(const struct place *p)
{
	return rc_of(socket(AF_PACKET, SOCK_RAW, htons(ETH_P_MCTP)));
}

static int op_packet_dgram(const struct place *p)
{
	return rc_of(socket(AF_PACKET, SOCK_DGRAM, htons(ETH_P_ALL)));
}

/* --- netlink --- */
static int op_addr_new(const struct place *p)
{
	return addr_add(p->t.ifindex, 20);
}

static int op_addr_del(const struct place *p)
{
	return addr_del(p->t.ifindex, 11);
}

static int op_addr_dump(const struct place *p)
{
	return addr_dump(0)->count ? 0 : -ENODATA;
}

static int op_route_new(const struct place *p)
{
	return route_add(50, 0, p->t.ifindex, 0);
}

static int op_route_new_gateway(const struct place *p)
{
	return gw_add(52, 0, 1, 9);
}

static int op_route_del(const struct place *p)
{
	return route_del(51, 0, p->t.ifindex);
}

static int op_route_dump(const struct place *p)
{
	return route_dump()->count ? 0 : -ENODATA;
}

static int op_neigh_new(const struct place *p)
{
	return neigh_change(RTM_NEWNEIGH, lo_index(), 60, "123456", 6);
}

static int op_neigh_del(const struct place *p)
{
	return neigh_change(RTM_DELNEIGH, lo_index(), 61, NULL, -1);
}

static int op_neigh_dump(const struct place *p)
{
	return neigh_dump(0)->rc;
}

static int op_addr_monitor(const struct place *p)
{
	return nl_join(&nl, RTNLGRP_MCTP_IFADDR);
}

static int op_link_get(const struct place *p)
{
	return net_of("t0") ? 0 : -ENODATA;
}

static int op_link_net(const struct place *p)
{
	return net_set(p->net.ifindex, 9);
}

static int op_link_mtu(const struct place *p)
{
	return mtu_set(p->mtu.ifindex, 300);
}

static int op_link_down(const struct place *p)
{
	return link_up(p->down.ifindex, false);
}

static int op_link_move(const struct place *p)
{
	return link_move(p->move.ifindex, p->other_ns);
}

/* --- ioctls of links --- */
static int link_ioctl(unsigned long cmd, struct ifreq *ifr)
{
	/* those of AF_MCTP have no ioctls but their own */
	return rc_of(ioctl(socket(AF_UNIX, SOCK_DGRAM, 0), cmd, ifr));
}

static int op_ioctl_mtu(const struct place *p)
{
	struct ifreq ifr = { .ifr_name = "t2", .ifr_mtu = 400 };

	return link_ioctl(SIOCSIFMTU, &ifr);
}

static int op_ethtool_get(const struct place *p)
{
	struct ethtool_drvinfo info = { .cmd = ETHTOOL_GDRVINFO };
	struct ifreq ifr = { .ifr_name = "t2", .ifr_data = (void *)&info };

	return link_ioctl(SIOCETHTOOL, &ifr);
}

static int op_ethtool_set(const struct place *p)
{
	struct ethtool_value level = { .cmd = ETHTOOL_SMSGLVL };
	struct ifreq ifr = { .ifr_name = "t2", .ifr_data = (void *)&level };

	return link_ioctl(SIOCETHTOOL, &ifr);
}

/* --- namespaces --- */
static int op_net_ns_new(const struct place *p)
{
	return rc_of(unshare(CLONE_NEWNET));
}

static int op_net_ns_enter(const struct place *p)
{
	return rc_of(setns(p->other_ns, CLONE_NEWNET));
}

static const char anyone[] = "ok,ok,ok,ok,ok,ok,ok";
static const char admin[] = "ok,EPERM,ok,EPERM,EPERM,EPERM,ok";
static const char may_bind[] = "ok,EACCES,EACCES,EACCES,ok,EACCES,EACCES";
static const char may_send[] = "ok,EACCES,EACCES,ok,EACCES,EACCES,EACCES";
static const char may_sniff[] = "ok,EPERM,EPERM,ok,EPERM,EPERM,ok";

const struct priv_op priv_ops[] = {
	{ "socket", op_socket, anyone },
	{ "bind", op_bind, may_bind },
	{ "bind-to-eid", op_bind_eid, may_bind },
	{ "bind-to-peer", op_bind_peer, may_bind },
	{ "bind-inherited-socket", op_bind_old_socket, may_bind },
	{ "connect", op_connect, anyone },
	{ "send-request", op_request, may_send },
	{ "send-request-inherited-socket", op_request_old_socket, may_send },
	{ "send-request-to-self", op_request_to_self, may_send },
	{ "send-response", op_response, may_send },
	{ "send-with-own-tag", op_preallocated, may_send },
	{ "send-past-routes", op_extended, may_send },
	{ "send-to-null-eid", op_null_eid, may_send },
	{ "tag-alloc", op_alloc_tag, anyone },
	{ "tag-alloc-of-a-net", op_alloc_tag2, anyone },
	{ "tag-drop", op_drop_tag, anyone },
	{ "tag-drop-of-another-socket", op_drop_foreign_tag,
	  "EINVAL,EINVAL,EINVAL,EINVAL,EINVAL,EINVAL,EINVAL" },
	{ "set-extended-addresses", op_addr_ext, anyone },
	{ "set-rcvbuf", op_rcvbuf, anyone },
	{ "set-rcvbuf-over-limit", op_rcvbuf_force,
	  "ok,EPERM,ok,EPERM,EPERM,EPERM,EPERM" },
	{ "sniff-raw", op_packet_raw, may_sniff },
	{ "sniff-dgram", op_packet_dgram, may_sniff },
	{ "addr-new", op_addr_new, admin },
	{ "addr-del", op_addr_del, admin },
	{ "addr-dump", op_addr_dump, anyone },
	{ "addr-monitor", op_addr_monitor, anyone },
	{ "route-new", op_route_new, admin },
	{ "route-new-gateway", op_route_new_gateway, admin },
	{ "route-del", op_route_del, admin },
	{ "route-dump", op_route_dump, anyone },
	{ "neigh-new", op_neigh_new, admin },
	{ "neigh-del", op_neigh_del, admin },
	{ "neigh-dump", op_neigh_dump, anyone },
	{ "link-get", op_link_get, anyone },
	{ "link-set-net", op_link_net, admin },
	{ "link-set-mtu", op_link_mtu, admin },
	{ "link-down", op_link_down, admin },
	{ "link-move-to-other-net", op_link_move, admin },
	{ "link-ioctl-mtu", op_ioctl_mtu, admin },
	{ "ethtool-get", op_ethtool_get, anyone },
	{ "ethtool-set", op_ethtool_set, admin },
	{ "net-ns-new", op_net_ns_new, "ok,EPERM,EPERM,EPERM,EPERM,ok,ok" },
	{ "net-ns-enter", op_net_ns_enter, "ok,EPERM,EPERM,EPERM,EPERM,EPERM,ok" },
};

const size_t priv_op_count = ARRAY_SIZE(priv_ops);
