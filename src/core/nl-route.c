// SPDX-License-Identifier: GPL-2.0
/*
 * rtnetlink: routes.
 *
 * rtm_dst_len is not a prefix here, but the number of EIDs that follow the first.
 *
 * Locks: requests and dumps come with RTNL held.
 */
#include <linux/rtnetlink.h>
#include <linux/slab.h>
#include <net/netlink.h>
#include <net/rtnetlink.h>
#include <net/sock.h>

#include "core/core.h"

static const struct nla_policy route_policy[RTA_MAX + 1] = {
	[RTA_DST] = { .type = NLA_U8 },
	[RTA_OIF] = { .type = NLA_U32 },
	[RTA_METRICS] = { .type = NLA_NESTED },
	[RTA_GATEWAY] = NLA_POLICY_EXACT_LEN(sizeof(struct mctp_fq_addr)),
};

static const struct nla_policy metrics_policy[RTAX_MAX + 1] = {
	[RTAX_MTU] = { .type = NLA_U32 },
};

static int parse_gateway(struct net *net, const struct mctp_fq_addr *gateway,
			 struct mc_route *rt, struct netlink_ext_ack *extack)
{
	if (!mc_eid_unicast(gateway->eid)) {
		NL_SET_ERR_MSG(extack, "the gateway's EID is not a unicast one");
		return -EINVAL;
	}
	rt->gateway.eid = gateway->eid;
	rt->gateway.net = gateway->net;
	if (rt->gateway.net == MCTP_NET_ANY)
		rt->gateway.net = mc_net(net)->default_net;
	rt->netid = rt->gateway.net;
	return 0;
}

static int parse_output(struct net *net, struct nlattr **tb,
			struct mc_route *rt, struct netlink_ext_ack *extack)
{
	int ifindex = tb[RTA_OIF] ? nla_get_u32(tb[RTA_OIF]) : 0;

	if (ifindex && tb[RTA_GATEWAY]) {
		NL_SET_ERR_MSG(extack, "either an interface or a gateway, not both");
		return -EINVAL;
	}
	if (ifindex) {
		rt->link = mc_nl_link(net, ifindex, extack);
		if (!rt->link)
			return -ENODEV;
		rt->netid = rt->link->netid;
		return 0;
	}
	if (tb[RTA_GATEWAY])
		return parse_gateway(net, nla_data(tb[RTA_GATEWAY]), rt, extack);
	NL_SET_ERR_MSG(extack, "a route needs an interface or a gateway");
	return -EINVAL;
}

/* What RTM_NEWROUTE and RTM_DELROUTE have in common: all but the metrics */
static int parse(struct net *net, struct nlmsghdr *nlh, struct nlattr **tb,
		 struct mc_route *rt, struct netlink_ext_ack *extack)
{
	const struct rtmsg *rtm;
	unsigned int first, last;
	int err;

	err = nlmsg_parse(nlh, sizeof(*rtm), tb, RTA_MAX, route_policy, extack);
	if (err < 0)
		return err;
	if (!tb[RTA_DST]) {
		NL_SET_ERR_MSG(extack, "RTA_DST, the first EID, is missing");
		return -EINVAL;
	}
	err = parse_output(net, tb, rt, extack);
	if (err)
		return err;

	rtm = nlmsg_data(nlh);
	if (rtm->rtm_family != AF_MCTP) {
		NL_SET_ERR_MSG(extack, "rtm_family has to be AF_MCTP");
		return -EINVAL;
	}
	if (rtm->rtm_type != RTN_UNICAST) {
		NL_SET_ERR_MSG(extack, "rtm_type has to be RTN_UNICAST");
		return -EINVAL;
	}
	first = nla_get_u8(tb[RTA_DST]);
	last = first + rtm->rtm_dst_len;
	if (last > MC_UNICAST_LAST) {
		NL_SET_ERR_MSG(extack, "the last EID is 254");
		return -EINVAL;
	}
	rt->type = RTN_UNICAST;
	rt->min = first;
	rt->max = last;
	return 0;
}

static int parse_metrics(struct nlattr *attr, struct mc_route *rt,
			 struct netlink_ext_ack *extack)
{
	struct nlattr *tb[RTAX_MAX + 1];
	int err;

	if (!attr)
		return 0;
	err = nla_parse_nested(tb, RTAX_MAX, attr, metrics_policy, extack);
	if (err < 0)
		return err;
	if (tb[RTAX_MTU])
		rt->mtu = nla_get_u32(tb[RTAX_MTU]);
	return 0;
}

static int parse_new(struct net *net, struct nlmsghdr *nlh,
		     struct mc_route *rt, struct netlink_ext_ack *extack)
{
	struct nlattr *tb[RTA_MAX + 1];
	int err;

	err = parse(net, nlh, tb, rt, extack);
	if (err)
		return err;
	err = parse_metrics(tb[RTA_METRICS], rt, extack);
	if (err)
		return err;
	if (rt->link && rt->link->dev->flags & IFF_LOOPBACK) {
		NL_SET_ERR_MSG(extack, "the loopback interface takes no routes");
		return -EINVAL;
	}
	return 0;
}

static int new_route(struct sk_buff *skb, struct nlmsghdr *nlh,
		     struct netlink_ext_ack *extack)
{
	struct net *net = sock_net(skb->sk);
	struct mc_net *mn = mc_net(net);
	struct mc_route *rt;
	int err;

	rt = kzalloc_obj(*rt, GFP_KERNEL_ACCOUNT);
	if (!rt)
		return -ENOMEM;
	err = parse_new(net, nlh, rt, extack);
	if (!err) {
		err = mc_rtable_add(&mn->table, rt);
		if (err == -EINVAL)
			NL_SET_ERR_MSG(extack, "unicast EIDs are 8 to 254");
		/* no message with -EEXIST: mctpd adds each route twice, and prints it */
	}
	if (err)
		kfree(rt);
	else
		mc_net_changed(mn);
	return err;
}

static int del_route(struct sk_buff *skb, struct nlmsghdr *nlh,
		     struct netlink_ext_ack *extack)
{
	struct net *net = sock_net(skb->sk);
	struct mc_net *mn = mc_net(net);
	struct nlattr *tb[RTA_MAX + 1];
	struct mc_route like = {};
	int err;

	err = parse(net, nlh, tb, &like, extack);
	if (err)
		return err;
	err = mc_routes_del(mn, like.netid, like.min, like.max);
	/* It may have kept a link from receiving for an address that it has. */
	if (!err && like.min == like.max)
		mc_links_take_over(mn, like.netid, like.min, like.max);
	return err;
}

static int put_metrics(struct sk_buff *skb, const struct mc_route *rt)
{
	struct nlattr *nest = nla_nest_start_noflag(skb, RTA_METRICS);

	if (!nest || (rt->mtu && nla_put_u32(skb, RTAX_MTU, rt->mtu)))
		return -EMSGSIZE;
	nla_nest_end(skb, nest);
	return 0;
}

static int put_output(struct sk_buff *skb, const struct mc_route *rt)
{
	if (rt->link)
		return nla_put_u32(skb, RTA_OIF, rt->link->dev->ifindex);
	return nla_put(skb, RTA_GATEWAY, sizeof(rt->gateway), &rt->gateway);
}

static int put_route(struct sk_buff *skb, struct netlink_callback *cb,
		     const struct mc_route *rt)
{
	struct nlmsghdr *nlh;
	struct rtmsg *rtm;

	nlh = nlmsg_put(skb, NETLINK_CB(cb->skb).portid, cb->nlh->nlmsg_seq,
			RTM_NEWROUTE, sizeof(*rtm), NLM_F_MULTI);
	if (!nlh)
		return -EMSGSIZE;
	rtm = nlmsg_data(nlh);
	memset(rtm, 0, sizeof(*rtm));
	rtm->rtm_family = AF_MCTP;
	rtm->rtm_dst_len = rt->max - rt->min;
	rtm->rtm_table = RT_TABLE_DEFAULT;
	rtm->rtm_protocol = RTPROT_STATIC;
	rtm->rtm_type = rt->type;
	rtm->rtm_scope = rt->link ? RT_SCOPE_LINK : RT_SCOPE_UNIVERSE;
	if (nla_put_u8(skb, RTA_DST, rt->min) || put_metrics(skb, rt) ||
	    put_output(skb, rt)) {
		nlmsg_cancel(skb, nlh);
		return -EMSGSIZE;
	}
	nl_dump_check_consistent(cb, nlh);
	nlmsg_end(skb, nlh);
	return 0;
}

static int dump_routes(struct sk_buff *skb, struct netlink_callback *cb)
{
	struct mc_net *mn = mc_net(sock_net(skb->sk));
	struct mc_dump *dump = (struct mc_dump *)cb->ctx;
	unsigned long at = 0;
	struct mc_route *rt;

	cb->seq = mn->generation;
	list_for_each_entry(rt, &mn->table.routes, list) {
		if (at++ < dump->where)
			continue;
		if (put_route(skb, cb, rt))
			break;
		dump->where = at;
	}
	return skb->len;
}

static const struct rtnl_msg_handler handlers[] = {
	{ .owner = THIS_MODULE, .protocol = PF_MCTP, .msgtype = RTM_NEWROUTE,
	  .doit = new_route },
	{ .owner = THIS_MODULE, .protocol = PF_MCTP, .msgtype = RTM_DELROUTE,
	  .doit = del_route },
	{ .owner = THIS_MODULE, .protocol = PF_MCTP, .msgtype = RTM_GETROUTE,
	  .dumpit = dump_routes },
};

/**
 * mc_nl_route_init() - take requests for routes
 *
 * Return: 0 or an error
 */
int mc_nl_route_init(void)
{
	return rtnl_register_many(handlers);
}

/**
 * mc_nl_route_exit() - undo mc_nl_route_init()
 */
void mc_nl_route_exit(void)
{
	rtnl_unregister_many(handlers);
}
