// SPDX-License-Identifier: GPL-2.0
/*
 * rtnetlink: neighbours.
 *
 * Locks: requests and dumps come with RTNL held.
 */
#include <linux/neighbour.h>
#include <linux/rtnetlink.h>
#include <net/neighbour.h>
#include <net/netlink.h>
#include <net/rtnetlink.h>
#include <net/sock.h>

#include "core/core.h"

static const struct nla_policy neigh_policy[NDA_MAX + 1] = {
	[NDA_DST] = { .type = NLA_U8 },
	[NDA_LLADDR] = { .type = NLA_BINARY, .len = MAX_ADDR_LEN },
};

static int parse(struct nlmsghdr *nlh, struct nlattr **tb,
		 struct netlink_ext_ack *extack)
{
	int err = nlmsg_parse(nlh, sizeof(struct ndmsg), tb, NDA_MAX,
			      neigh_policy, extack);

	if (err < 0)
		return err;
	if (!tb[NDA_DST]) {
		NL_SET_ERR_MSG(extack, "NDA_DST, the EID, is missing");
		return -EINVAL;
	}
	return 0;
}

static int new_neigh(struct sk_buff *skb, struct nlmsghdr *nlh,
		     struct netlink_ext_ack *extack)
{
	const struct ndmsg *ndm = nlmsg_data(nlh);
	struct nlattr *tb[NDA_MAX + 1];
	struct mc_link *link;
	int err;
	u8 eid;

	err = parse(nlh, tb, extack);
	if (err)
		return err;
	if (!tb[NDA_LLADDR]) {
		NL_SET_ERR_MSG(extack, "NDA_LLADDR, the link address, is missing");
		return -EINVAL;
	}
	eid = nla_get_u8(tb[NDA_DST]);
	if (!mc_eid_unicast(eid)) {
		NL_SET_ERR_MSG(extack, "not a unicast EID, which is 8 to 254");
		return -EINVAL;
	}
	link = mc_nl_link(sock_net(skb->sk), ndm->ndm_ifindex, extack);
	if (!link)
		return -ENODEV;
	if (nla_len(tb[NDA_LLADDR]) != link->dev->addr_len) {
		NL_SET_ERR_MSG(extack,
			       "the interface's addresses have another length");
		return -EINVAL;
	}
	return mc_neigh_add(link, eid, nla_data(tb[NDA_LLADDR]),
			    nla_len(tb[NDA_LLADDR]));
}

static int del_neigh(struct sk_buff *skb, struct nlmsghdr *nlh,
		     struct netlink_ext_ack *extack)
{
	const struct ndmsg *ndm = nlmsg_data(nlh);
	struct nlattr *tb[NDA_MAX + 1];
	struct mc_link *link;
	int err;

	err = parse(nlh, tb, extack);
	if (err)
		return err;
	link = mc_nl_link(sock_net(skb->sk), ndm->ndm_ifindex, extack);
	if (!link)
		return -ENODEV;
	return mc_neigh_del(link, nla_get_u8(tb[NDA_DST]));
}

static int put_neigh(struct sk_buff *skb, struct netlink_callback *cb,
		     const struct mc_neigh *neigh)
{
	const struct net_device *dev = neigh->link->dev;
	struct nlmsghdr *nlh;
	struct ndmsg *ndm;

	nlh = nlmsg_put(skb, NETLINK_CB(cb->skb).portid, cb->nlh->nlmsg_seq,
			RTM_NEWNEIGH, sizeof(*ndm), NLM_F_MULTI);
	if (!nlh)
		return -EMSGSIZE;
	ndm = nlmsg_data(nlh);
	memset(ndm, 0, sizeof(*ndm));
	ndm->ndm_family = AF_MCTP;
	ndm->ndm_ifindex = dev->ifindex;
	ndm->ndm_state = NUD_PERMANENT;
	ndm->ndm_type = RTN_UNICAST;
	if (nla_put_u8(skb, NDA_DST, neigh->eid) ||
	    nla_put(skb, NDA_LLADDR, dev->addr_len, neigh->haddr)) {
		nlmsg_cancel(skb, nlh);
		return -EMSGSIZE;
	}
	nl_dump_check_consistent(cb, nlh);
	nlmsg_end(skb, nlh);
	return 0;
}

static int dump_neighs(struct sk_buff *skb, struct netlink_callback *cb)
{
	struct mc_net *mn = mc_net(sock_net(skb->sk));
	struct mc_dump *dump = (struct mc_dump *)cb->ctx;
	const struct ndmsg *ndm = nlmsg_data(cb->nlh);
	unsigned long at = 0;
	struct mc_neigh *neigh;

	if (nlmsg_len(cb->nlh) < (int)sizeof(*ndm)) {
		NL_SET_ERR_MSG(cb->extack, "the request has no struct ndmsg");
		return -EINVAL;
	}

	cb->seq = mn->generation;
	list_for_each_entry(neigh, &mn->neigh_list, list) {
		if (at++ < dump->where)
			continue;
		if (ndm->ndm_ifindex &&
		    ndm->ndm_ifindex != neigh->link->dev->ifindex)
			continue;
		if (put_neigh(skb, cb, neigh))
			return skb->len;
		dump->where = at;
	}
	dump->where = at;
	return skb->len;
}

static const struct rtnl_msg_handler handlers[] = {
	{ .owner = THIS_MODULE, .protocol = PF_MCTP, .msgtype = RTM_NEWNEIGH,
	  .doit = new_neigh },
	{ .owner = THIS_MODULE, .protocol = PF_MCTP, .msgtype = RTM_DELNEIGH,
	  .doit = del_neigh },
	{ .owner = THIS_MODULE, .protocol = PF_MCTP, .msgtype = RTM_GETNEIGH,
	  .dumpit = dump_neighs },
};

/**
 * mc_nl_neigh_init() - take requests for neighbours
 *
 * Return: 0 or an error
 */
int mc_nl_neigh_init(void)
{
	return rtnl_register_many(handlers);
}

/**
 * mc_nl_neigh_exit() - undo mc_nl_neigh_init()
 */
void mc_nl_neigh_exit(void)
{
	rtnl_unregister_many(handlers);
}
