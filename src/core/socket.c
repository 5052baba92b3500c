// SPDX-License-Identifier: GPL-2.0
/*
 * AF_MCTP sockets.
 *
 * Locks: the socket lock around what bind() and connect() set; a bound socket's
 * addresses do not change any more, so lookups read them without it.
 */
#include <linux/mctp.h>
#include <linux/module.h>
#include <linux/net.h>
#include <linux/netdevice.h>
#include <linux/skbuff.h>
#include <linux/uio.h>
#include <net/sock.h>

#include "core/core.h"

/*
 * Longer messages are put into pages, which are easier to get: all that a receiver
 * would take. There may be sent still longer ones, which an skb has no room for there.
 */
#define LINEAR_MAX	SKB_MAX_ORDER(0, 1)
#define PAGED_MAX	(MAX_SKB_FRAGS * PAGE_SIZE)

static bool pads_clear(const struct sockaddr_mctp *addr)
{
	return !addr->__smctp_pad0 && !addr->__smctp_pad1;
}

static bool ext_pads_clear(const struct sockaddr_mctp_ext *addr)
{
	return !memchr_inv(addr->__smctp_pad0, 0, sizeof(addr->__smctp_pad0));
}

/* Network that a user's number means */
static unsigned int named_net(struct sock *sk, unsigned int netid)
{
	return netid == MCTP_NET_ANY ? mc_net(sock_net(sk))->default_net :
				       netid;
}

static int bind_locked(struct mc_sock *msk, const struct sockaddr_mctp *addr)
{
	u8 type = addr->smctp_type & 0x7f;
	unsigned int netid = addr->smctp_network;

	if (sk_hashed(&msk->sk))
		return -EADDRINUSE;
	/* An EID means something in a network only. */
	if (addr->smctp_addr.s_addr != MCTP_ADDR_ANY)
		netid = named_net(&msk->sk, netid);
	if (msk->connected) {
		if (netid == MCTP_NET_ANY)
			netid = msk->peer_netid;
		if (type != msk->type || netid != msk->peer_netid)
			return -EINVAL;
	}
	msk->type = type;
	msk->local = addr->smctp_addr.s_addr;
	msk->netid = netid;
	return mc_bind_insert(msk);
}

static int mc_bind(struct socket *sock, struct sockaddr_unsized *uaddr, int len)
{
	const struct sockaddr_mctp *addr = (const struct sockaddr_mctp *)uaddr;
	struct sock *sk = sock->sk;
	int err;

	if (len < (int)sizeof(*addr))
		return -EINVAL;
	if (addr->smctp_family != AF_MCTP)
		return -EAFNOSUPPORT;
	if (!capable(CAP_NET_BIND_SERVICE))
		return -EACCES;
	if (!pads_clear(addr))
		return -EINVAL;

	lock_sock(sk);
	err = bind_locked(mc_sock_of(sk), addr);
	release_sock(sk);
	return err;
}

/* Sets whom bind() is to accept messages from; senders name a peer each time. */
static int mc_connect(struct socket *sock, struct sockaddr_unsized *uaddr,
		      int len, int flags)
{
	const struct sockaddr_mctp *addr = (const struct sockaddr_mctp *)uaddr;
	struct sock *sk = sock->sk;
	struct mc_sock *msk = mc_sock_of(sk);
	int err = 0;

	if (len != sizeof(*addr))
		return -EINVAL;
	if (addr->smctp_family != AF_MCTP)
		return -EAFNOSUPPORT;
	if (!pads_clear(addr) || addr->smctp_tag || addr->smctp_type & 0x80)
		return -EINVAL;

	lock_sock(sk);
	if (sk_hashed(sk) || msk->connected) {
		err = -EADDRINUSE;
	} else {
		msk->connected = true;
		msk->peer = addr->smctp_addr.s_addr;
		msk->type = addr->smctp_type;
		msk->peer_netid = named_net(sk, addr->smctp_network);
	}
	release_sock(sk);
	return err;
}

static int check_destination(const struct sockaddr_mctp *addr, int len)
{
	const u8 known = MCTP_TAG_MASK | MCTP_TAG_OWNER | MCTP_TAG_PREALLOC;

	if (!addr)
		return -EDESTADDRREQ;
	if (len < (int)sizeof(*addr) || addr->smctp_family != AF_MCTP ||
	    !pads_clear(addr) || addr->smctp_tag & ~known)
		return -EINVAL;
	/* What an ioctl allocates are tags of ours. */
	if (addr->smctp_tag & MCTP_TAG_PREALLOC &&
	    !(addr->smctp_tag & MCTP_TAG_OWNER))
		return -EINVAL;
	if (!capable(CAP_NET_RAW))
		return -EACCES;
	return 0;
}

/* Find the path, which is good for the RCU section. */
static int find_path(struct mc_sock *msk, const struct msghdr *msg,
		     struct mc_path *path)
{
	const struct sockaddr_mctp_ext *ext = msg->msg_name;
	const struct sockaddr_mctp *addr = msg->msg_name;
	struct sock *sk = &msk->sk;

	if (!msk->addr_ext || msg->msg_namelen < (int)sizeof(*ext))
		return mc_path_to_eid(mc_net(sock_net(sk)),
				      named_net(sk, addr->smctp_network),
				      addr->smctp_addr.s_addr, path);
	if (!ext_pads_clear(ext))
		return -EINVAL;
	return mc_path_to_haddr(sock_net(sk), ext->smctp_ifindex,
				ext->smctp_halen, ext->smctp_haddr, path);
}

static unsigned int headroom_for(const struct mc_path *path)
{
	return LL_RESERVED_SPACE(path->link->dev) + MC_HDR_LEN;
}

/* Return: headroom for the way a message would go now, or why there is none */
static int headroom_now(struct mc_sock *msk, const struct msghdr *msg)
{
	struct mc_path path;
	int ret;

	rcu_read_lock();
	ret = find_path(msk, msg, &path);
	if (!ret)
		ret = headroom_for(&path);
	rcu_read_unlock();
	return ret;
}

/* Find the path, and hold its link beyond RCU. */
static int hold_path(struct mc_sock *msk, const struct msghdr *msg,
		     struct mc_path *path)
{
	int err;

	rcu_read_lock();
	err = find_path(msk, msg, path);
	if (!err && !mc_link_tryget(path->link))
		err = -EHOSTUNREACH;
	rcu_read_unlock();
	return err;
}

/* An skb with the message, and headroom; for which the caller may have to wait */
static struct sk_buff *message_skb(struct sock *sk, struct msghdr *msg,
				   size_t len, u8 type, size_t headroom,
				   int *err)
{
	size_t linear = headroom + 1 + len;
	struct sk_buff *skb;
	size_t paged = 0;

	if (linear > LINEAR_MAX && len <= PAGED_MAX) {
		paged = len;
		linear = headroom + 1;
	}
	skb = sock_alloc_send_pskb(sk, linear, paged,
				   msg->msg_flags & MSG_DONTWAIT, err,
				   PAGE_ALLOC_COSTLY_ORDER);
	if (!skb)
		return NULL;

	skb_reserve(skb, headroom);
	skb_put_u8(skb, type);
	if (paged) {
		skb->data_len = len;
		skb->len += len;
	} else {
		skb_put(skb, len);
	}
	*err = skb_copy_datagram_from_iter(skb, 1, &msg->msg_iter, len);
	if (*err) {
		kfree_skb(skb);
		return NULL;
	}
	return skb;
}

/* Send a message the way that is right by now: for its skb the caller may have waited. */
static int send_skb(struct mc_sock *msk, const struct msghdr *msg,
		    struct sk_buff *skb)
{
	const struct sockaddr_mctp *addr = msg->msg_name;
	struct mc_path path;
	int err;

	err = hold_path(msk, msg, &path);
	if (err) {
		kfree_skb(skb);
		return err;
	}
	if (skb_cow_head(skb, headroom_for(&path))) {
		kfree_skb(skb);
		err = -ENOMEM;
	} else {
		err = mc_send_message(msk, &path, skb, addr->smctp_addr.s_addr,
				      addr->smctp_tag);
	}
	mc_link_put(path.link);
	return err;
}

/*
 * For room in the send buffer, and for the caller's memory, one may wait as long as one
 * likes. So no link is held meanwhile: it could not go.
 */
static int mc_sendmsg(struct socket *sock, struct msghdr *msg, size_t len)
{
	const struct sockaddr_mctp *addr = msg->msg_name;
	struct mc_sock *msk = mc_sock_of(sock->sk);
	struct sk_buff *skb;
	int headroom, err;

	err = check_destination(addr, msg->msg_namelen);
	if (err)
		return err;
	headroom = headroom_now(msk, msg);
	if (headroom < 0)
		return headroom;
	skb = message_skb(&msk->sk, msg, len, addr->smctp_type, headroom, &err);
	if (!skb)
		return err;

	__mctp_cb(skb)->net = named_net(&msk->sk, addr->smctp_network);
	err = send_skb(msk, msg, skb);
	return err ? err : len;
}

static void tell_sender(struct msghdr *msg, struct sk_buff *skb, u8 type,
			bool addr_ext)
{
	const struct mctp_skb_cb *cb = mctp_cb(skb);
	const struct mctp_hdr *hdr = mctp_hdr(skb);
	struct sockaddr_mctp_ext *ext = msg->msg_name;
	struct sockaddr_mctp *addr = msg->msg_name;

	memset(addr, 0, addr_ext ? sizeof(*ext) : sizeof(*addr));
	addr->smctp_family = AF_MCTP;
	addr->smctp_network = cb->net;
	addr->smctp_addr.s_addr = hdr->src;
	addr->smctp_type = type;
	addr->smctp_tag = hdr->flags_seq_tag & MC_TAG_BITS;
	msg->msg_namelen = sizeof(*addr);
	if (addr_ext) {
		ext->smctp_ifindex = cb->ifindex;
		ext->smctp_halen = cb->halen;
		memcpy(ext->smctp_haddr, cb->haddr, cb->halen);
		msg->msg_namelen = sizeof(*ext);
	}
}

static int mc_recvmsg(struct socket *sock, struct msghdr *msg, size_t size,
		      int flags)
{
	const int known = MSG_DONTWAIT | MSG_TRUNC | MSG_PEEK |
			  MSG_CMSG_COMPAT;
	struct sock *sk = sock->sk;
	struct sk_buff *skb;
	size_t len, copied;
	int off = 0;
	int ret;

	if (flags & ~known)
		return -EOPNOTSUPP;
	skb = __skb_recv_datagram(sk, &sk->sk_receive_queue, flags, &off, &ret);
	if (!skb)
		return ret;

	/* The type goes into the address, not into the data. */
	len = skb->len - 1;
	copied = min(size, len);
	if (copied < len)
		msg->msg_flags |= MSG_TRUNC;
	ret = skb_copy_datagram_msg(skb, 1, msg, copied);
	if (!ret) {
		sock_recv_cmsgs(msg, sk, skb);
		if (msg->msg_name)
			tell_sender(msg, skb, skb->data[0],
				    mc_sock_of(sk)->addr_ext);
		ret = flags & MSG_TRUNC ? len : copied;
	}
	skb_free_datagram(sk, skb);
	return ret;
}

static int mc_setsockopt(struct socket *sock, int level, int name,
			 sockptr_t optval, unsigned int optlen)
{
	int val;

	if (level != SOL_MCTP)
		return -EINVAL;
	if (name != MCTP_OPT_ADDR_EXT)
		return -ENOPROTOOPT;
	if (optlen != sizeof(val))
		return -EINVAL;
	if (copy_from_sockptr(&val, optval, sizeof(val)))
		return -EFAULT;
	mc_sock_of(sock->sk)->addr_ext = val;
	return 0;
}

static int mc_getsockopt(struct socket *sock, int level, int name,
			 char __user *optval, int __user *optlen)
{
	int val, len;

	if (get_user(len, optlen))
		return -EFAULT;
	if (len < 0 || level != SOL_MCTP)
		return -EINVAL;
	if (name != MCTP_OPT_ADDR_EXT)
		return -ENOPROTOOPT;
	if (len != sizeof(val))
		return -EINVAL;
	val = mc_sock_of(sock->sk)->addr_ext;
	return copy_to_user(optval, &val, sizeof(val)) ? -EFAULT : 0;
}

static int mc_release(struct socket *sock)
{
	struct sock *sk = sock->sk;

	if (sk) {
		sock->sk = NULL;
		sk_common_release(sk);
	}
	return 0;
}

static const struct proto_ops socket_ops = {
	.family = PF_MCTP,
	/* Else ->release() could drop the last reference to its own text. */
	.owner = THIS_MODULE,
	.release = mc_release,
	.bind = mc_bind,
	.connect = mc_connect,
	.socketpair = sock_no_socketpair,
	.accept = sock_no_accept,
	.getname = sock_no_getname,
	.poll = datagram_poll,
	.ioctl = mc_ioctl,
#ifdef CONFIG_COMPAT
	.compat_ioctl = mc_compat_ioctl,
#endif
	.gettstamp = sock_gettstamp,
	.listen = sock_no_listen,
	.shutdown = sock_no_shutdown,
	.setsockopt = mc_setsockopt,
	.getsockopt = mc_getsockopt,
	.sendmsg = mc_sendmsg,
	.recvmsg = mc_recvmsg,
	.mmap = sock_no_mmap,
};

/* sk_common_release() calls this for every socket, bound or not. */
static void mc_unhash(struct sock *sk)
{
	mc_bind_remove(mc_sock_of(sk));
	mc_tags_close(mc_sock_of(sk));
}

static struct proto mc_proto = {
	.name = "MCTP",
	.owner = THIS_MODULE,
	.obj_size = sizeof(struct mc_sock),
	.unhash = mc_unhash,
};

static void mc_destruct(struct sock *sk)
{
	skb_queue_purge(&sk->sk_receive_queue);
	/* A queueing discipline may report to it (SO_TXTIME). */
	skb_queue_purge(&sk->sk_error_queue);
}

static int mc_create(struct net *net, struct socket *sock, int protocol,
		     int kern)
{
	struct mc_sock *msk;
	struct sock *sk;

	if (protocol)
		return -EPROTONOSUPPORT;
	if (sock->type != SOCK_DGRAM)
		return -ESOCKTNOSUPPORT;
	sk = sk_alloc(net, PF_MCTP, GFP_KERNEL, &mc_proto, kern);
	if (!sk)
		return -ENOMEM;

	sock->state = SS_UNCONNECTED;
	sock->ops = &socket_ops;
	sock_init_data(sock, sk);
	sk->sk_destruct = mc_destruct;
	/* Packets are queued under RCU, without a reference. */
	sock_set_flag(sk, SOCK_RCU_FREE);

	msk = mc_sock_of(sk);
	msk->local = MCTP_ADDR_ANY;
	msk->peer = MCTP_ADDR_ANY;
	INIT_HLIST_HEAD(&msk->keys);
	INIT_LIST_HEAD(&msk->partials);
	return 0;
}

static const struct net_proto_family mc_family = {
	.family = PF_MCTP,
	.create = mc_create,
	.owner = THIS_MODULE,
};

/**
 * mc_socket_init() - make sockets possible
 *
 * Return: 0 or an error
 */
int mc_socket_init(void)
{
	BUILD_BUG_ON(offsetof(struct mc_sock, sk));
	BUILD_BUG_ON(sizeof(struct sockaddr_mctp) != 12);
	BUILD_BUG_ON(sizeof(struct sockaddr_mctp_ext) != 52);
	BUILD_BUG_ON(MCTP_TAG_OWNER != MCTP_HDR_FLAG_TO);
	BUILD_BUG_ON(MCTP_TAG_MASK != MCTP_HDR_TAG_MASK);

	return proto_register(&mc_proto, 0);
}

/**
 * mc_socket_exit() - undo mc_socket_init()
 */
void mc_socket_exit(void)
{
	proto_unregister(&mc_proto);
}

/**
 * mc_family_init() - let everybody create sockets
 *
 * Return: 0, -EEXIST if another core has the address family
 */
int mc_family_init(void)
{
	return sock_register(&mc_family);
}

/**
 * mc_family_exit() - let nobody create sockets any more
 */
void mc_family_exit(void)
{
	sock_unregister(PF_MCTP);
}
