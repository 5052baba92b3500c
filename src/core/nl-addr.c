// SPDX-License-Identifier: GPL-2.0
/*
 * rtnetlink: addresses.
 *
 * Locks: requests and dumps come with RTNL held.
 */
#include <linux/if_addr.h>
#include <linux/rtnetlink.h>
#include <net/netlink.h>
#include <net/rtnetlink.h>
#include <net/sock.h>

#include "core/core.h"

static const struct nla_policy addr_policy[IFA_MAX + 1] = {
	[IFA_ADDRESS] = { .type = NLA_U8 },
	[IFA_LOCAL] = { .type = NLA_U8 },
};

static size_t message_size(void)
{
	return NLMSG_ALIGN(sizeof(struct ifaddrmsg)) +
	       nla_total_size(sizeof(u8)) +	/* IFA_LOCAL */
	       nla_total_size(sizeof(u8));	/* IFA_ADDRESS */
}

static int put_addr(struct sk_buff *skb, const struct mc_link *link, u8 eid,
		    int type, u32 portid, u32 seq, int flags)
{
	struct nlmsghdr *nlh;
	struct ifaddrmsg *ifa;

	nlh = nlmsg_put(skb, portid, seq, type, sizeof(*ifa), flags);
	if (!nlh)
		return -EMSGSIZE;
	ifa = nlmsg_data(nlh);
	memset(ifa, 0, sizeof(*ifa));
	ifa->ifa_family = AF_MCTP;
	ifa->ifa_index = link->dev->ifindex;
	if (nla_put_u8(skb, IFA_LOCAL, eid) ||
	    nla_put_u8(skb, IFA_ADDRESS, eid)) {
		nlmsg_cancel(skb, nlh);
		return -EMSGSIZE;
	}
	nlmsg_end(skb, nlh);
	return 0;
}

static void notify(const struct mc_link *link, u8 eid, int type,
		   const struct sk_buff *req, struct nlmsghdr *nlh)
{
	struct net *net = dev_net(link->dev);
	u32 portid = NETLINK_CB(req).portid;
	struct sk_buff *skb;
	int err = -ENOBUFS;

	skb = nlmsg_new(message_size(), GFP_KERNEL);
	if (skb)
		err = put_addr(skb, link, eid, type, portid, nlh->nlmsg_seq, 0);
	if (err) {
		kfree_skb(skb);
		rtnl_set_sk_err(net, RTNLGRP_MCTP_IFADDR, err);
		return;
	}
	rtnl_notify(skb, net, portid, RTNLGRP_MCTP_IFADDR, nlh, GFP_KERNEL);
}

/* Which EID of which link? */
static int parse(struct net *net, struct nlmsghdr *nlh, struct mc_link **link,
		 u8 *eid, struct netlink_ext_ack *extack)
{
	struct nlattr *tb[IFA_MAX + 1];
	const struct ifaddrmsg *ifa;
	int err;

	err = nlmsg_parse(nlh, sizeof(*ifa), tb, IFA_MAX, addr_policy, extack);
	if (err < 0)
		return err;
	if (!tb[IFA_LOCAL])
		tb[IFA_LOCAL] = tb[IFA_ADDRESS];
	if (!tb[IFA_LOCAL]) {
		NL_SET_ERR_MSG(extack, "IFA_LOCAL, the EID, is missing");
		return -EINVAL;
	}
	*eid = nla_get_u8(tb[IFA_LOCAL]);

	ifa = nlmsg_data(nlh);
	*link = mc_nl_link(net, ifa->ifa_index, extack);
	return *link ? 0 : -ENODEV;
}

/* RTM_NEWADDR and RTM_DELADDR */
static int change_addr(struct sk_buff *skb, struct nlmsghdr *nlh,
		       struct netlink_ext_ack *extack)
{
	struct mc_link *link;
	int err;
	u8 eid;

	err = parse(sock_net(skb->sk), nlh, &link, &eid, extack);
	if (err)
		return err;
	if (nlh->nlmsg_type == RTM_NEWADDR)
		err = mc_link_add_addr(link, eid);
	else
		err = mc_link_del_addr(link, eid);
	if (err == -EINVAL)
		NL_SET_ERR_MSG(extack, "not a unicast EID, which is 8 to 254");
	else if (!err)
		notify(link, eid, nlh->nlmsg_type, skb, nlh);
	return err;
}

static int dump_link(struct sk_buff *skb, struct netlink_callback *cb,
		     const struct mc_link *link, struct mc_dump *dump)
{
	struct nlmsghdr *nlh;
	int err;

	for (; dump->inner < link->addr_count; dump->inner++) {
		nlh = (struct nlmsghdr *)skb_tail_pointer(skb);
		err = put_addr(skb, link, link->addrs[dump->inner], RTM_NEWADDR,
			       NETLINK_CB(cb->skb).portid, cb->nlh->nlmsg_seq,
			       NLM_F_MULTI);
		if (err)
			return err;
		nl_dump_check_consistent(cb, nlh);
	}
	return 0;
}

static int dump_addrs(struct sk_buff *skb, struct netlink_callback *cb)
{
	struct mc_net *mn = mc_net(sock_net(skb->sk));
	struct mc_dump *dump = (struct mc_dump *)cb->ctx;
	const struct ifaddrmsg *ifa = nlmsg_data(cb->nlh);
	unsigned int wanted = 0, ifindex;
	struct mc_link *link;

	if (nlmsg_len(cb->nlh) >= (int)sizeof(*ifa)) {
		wanted = ifa->ifa_index;
	} else if (cb->strict_check) {
		NL_SET_ERR_MSG(cb->extack, "the request has no struct ifaddrmsg");
		return -EINVAL;
	}

	cb->seq = mn->generation;
	list_for_each_entry(link, &mn->links, list) {
		ifindex = link->dev->ifindex;
		if (ifindex < dump->where || (wanted && ifindex != wanted))
			continue;
		if (ifindex > dump->where) {
			dump->where = ifindex;
			dump->inner = 0;
		}
		if (dump_link(skb, cb, link, dump))
			return skb->len;
	}
	dump->where = ULONG_MAX;
	return skb->len;
}

static const struct rtnl_msg_handler handlers[] = {
	{ .owner = THIS_MODULE, .protocol = PF_MCTP, .msgtype = RTM_NEWADDR,
	  .doit = change_addr },
	{ .owner = THIS_MODULE, .protocol = PF_MCTP, .msgtype = RTM_DELADDR,
	  .doit = change_addr },
	{ .owner = THIS_MODULE, .protocol = PF_MCTP, .msgtype = RTM_GETADDR,
	  .dumpit = dump_addrs },
};

/**
 * mc_nl_addr_init() - take requests for addresses
 *
 * Return: 0 or an error
 */
int mc_nl_addr_init(void)
{
	BUILD_BUG_ON(sizeof(struct mc_dump) >
		     sizeof_field(struct netlink_callback, ctx));

	return rtnl_register_many(handlers);
}

/**
 * mc_nl_addr_exit() - undo mc_nl_addr_init()
 */
void mc_nl_addr_exit(void)
{
	rtnl_unregister_many(handlers);
}
