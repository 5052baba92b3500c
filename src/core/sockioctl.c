// SPDX-License-Identifier: GPL-2.0
/*
 * Socket ioctls: tags for more than one request.
 *
 * The first generation (SIOCMCTPALLOCTAG, SIOCMCTPDROPTAG) names no network and
 * means the default one.
 *
 * Locks: none here.
 */
#include <linux/compat.h>
#include <linux/mctp.h>
#include <linux/net.h>
#include <linux/uaccess.h>

#include "core/core.h"

static int get_ctl(void __user *arg, struct mctp_ioc_tag_ctl2 *ctl, bool v2)
{
	struct mctp_ioc_tag_ctl v1;

	if (v2) {
		if (copy_from_user(ctl, arg, sizeof(*ctl)))
			return -EFAULT;
	} else {
		if (copy_from_user(&v1, arg, sizeof(v1)))
			return -EFAULT;
		memset(ctl, 0, sizeof(*ctl));
		ctl->net = MCTP_INITIAL_DEFAULT_NET;
		ctl->peer_addr = v1.peer_addr;
		ctl->local_addr = MCTP_ADDR_ANY;
		ctl->flags = v1.flags;
		ctl->tag = v1.tag;
	}
	if (ctl->flags)
		return -EINVAL;
	if (ctl->local_addr != MCTP_ADDR_ANY &&
	    ctl->local_addr != MCTP_ADDR_NULL)
		return -EINVAL;
	return 0;
}

static int put_ctl(void __user *arg, const struct mctp_ioc_tag_ctl2 *ctl,
		   bool v2)
{
	const struct mctp_ioc_tag_ctl v1 = {
		.peer_addr = ctl->peer_addr,
		.tag = ctl->tag,
		.flags = ctl->flags,
	};

	if (v2)
		return copy_to_user(arg, ctl, sizeof(*ctl)) ? -EFAULT : 0;
	return copy_to_user(arg, &v1, sizeof(v1)) ? -EFAULT : 0;
}

static int alloc_tag(struct mc_sock *msk, void __user *arg, bool v2)
{
	struct mctp_ioc_tag_ctl2 ctl;
	int ret, tag;

	ret = get_ctl(arg, &ctl, v2);
	if (ret)
		return ret;
	if (ctl.tag)
		return -EINVAL;
	tag = mc_tag_alloc(msk, ctl.net, MCTP_ADDR_ANY, ctl.peer_addr, true);
	if (tag < 0)
		return tag;
	ctl.tag = tag | MCTP_TAG_OWNER | MCTP_TAG_PREALLOC;
	ret = put_ctl(arg, &ctl, v2);
	if (ret)
		mc_tag_drop(msk, ctl.net, ctl.peer_addr, tag);
	return ret;
}

static int drop_tag(struct mc_sock *msk, void __user *arg, bool v2)
{
	struct mctp_ioc_tag_ctl2 ctl;
	int ret;

	ret = get_ctl(arg, &ctl, v2);
	if (ret)
		return ret;
	if ((ctl.tag & ~MCTP_TAG_MASK) != (MCTP_TAG_OWNER | MCTP_TAG_PREALLOC))
		return -EINVAL;
	return mc_tag_drop(msk, ctl.net, ctl.peer_addr,
			   ctl.tag & MCTP_TAG_MASK);
}

static int tag_ioctl(struct mc_sock *msk, unsigned int cmd, void __user *arg)
{
	switch (cmd) {
	case SIOCMCTPALLOCTAG:
		return alloc_tag(msk, arg, false);
	case SIOCMCTPALLOCTAG2:
		return alloc_tag(msk, arg, true);
	case SIOCMCTPDROPTAG:
		return drop_tag(msk, arg, false);
	case SIOCMCTPDROPTAG2:
		return drop_tag(msk, arg, true);
	}
	return -ENOIOCTLCMD;
}

/**
 * mc_ioctl() - proto_ops.ioctl
 * @sock: socket
 * @cmd: command
 * @arg: user's argument
 *
 * Return: 0 or an error; -EINVAL for all of the network stack's other commands,
 * as in mainline
 */
int mc_ioctl(struct socket *sock, unsigned int cmd, unsigned long arg)
{
	int ret = tag_ioctl(mc_sock_of(sock->sk), cmd, (void __user *)arg);

	return ret == -ENOIOCTLCMD ? -EINVAL : ret;
}

#ifdef CONFIG_COMPAT
/**
 * mc_compat_ioctl() - proto_ops.compat_ioctl; the structures look the same
 * @sock: socket
 * @cmd: command
 * @arg: user's argument
 *
 * Return: 0 or an error
 */
int mc_compat_ioctl(struct socket *sock, unsigned int cmd, unsigned long arg)
{
	return tag_ioctl(mc_sock_of(sock->sk), cmd, compat_ptr(arg));
}
#endif
