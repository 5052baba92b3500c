// SPDX-License-Identifier: GPL-2.0
/*
 * rtnetlink: what links say of themselves in IFLA_AF_SPEC, and the setting of
 * their network.
 *
 * Locks: RTNL for all but the size, which is asked for under RCU.
 */
#include <linux/if_link.h>
#include <linux/rtnetlink.h>
#include <net/netlink.h>
#include <net/rtnetlink.h>

#include "core/core.h"

/**
 * mc_nl_link() - the link that a request names
 * @net: namespace
 * @ifindex: interface
 * @extack: told what is wrong
 *
 * Context: RTNL
 * Return: the link; NULL where there is none, which is -ENODEV to the sender
 */
struct mc_link *mc_nl_link(struct net *net, int ifindex,
			   struct netlink_ext_ack *extack)
{
	struct net_device *dev = __dev_get_by_index(net, ifindex);
	struct mc_link *link;

	if (!dev) {
		NL_SET_ERR_MSG(extack, "no such interface");
		return NULL;
	}
	link = mc_link_rtnl(dev);
	if (!link)
		NL_SET_ERR_MSG(extack, "the interface does not speak MCTP");
	return link;
}

static int fill_link_af(struct sk_buff *skb, const struct net_device *dev,
			u32 filter_mask)
{
	struct mc_link *link = mc_link_rtnl(dev);

	if (!link)
		return -ENODATA;
	if (nla_put_u32(skb, IFLA_MCTP_NET, link->netid) ||
	    nla_put_u8(skb, IFLA_MCTP_PHYS_BINDING, link->binding))
		return -EMSGSIZE;
	return 0;
}

static size_t get_link_af_size(const struct net_device *dev, u32 filter_mask)
{
	if (!mc_link_rcu(dev))
		return 0;
	return nla_total_size(sizeof(u32)) + nla_total_size(sizeof(u8));
}

static const struct nla_policy link_policy[IFLA_MCTP_MAX + 1] = {
	[IFLA_MCTP_NET] = { .type = NLA_U32 },
};

static int set_link_af(struct net_device *dev, const struct nlattr *attr,
		       struct netlink_ext_ack *extack)
{
	struct nlattr *tb[IFLA_MCTP_MAX + 1];
	struct mc_link *link;
	int err;

	err = nla_parse_nested(tb, IFLA_MCTP_MAX, attr, link_policy, extack);
	if (err)
		return err;
	link = mc_link_rtnl(dev);
	if (!link || !tb[IFLA_MCTP_NET])
		return 0;
	return mc_link_set_net(link, nla_get_u32(tb[IFLA_MCTP_NET]));
}

/* Not const: the kernel links it into a list. */
static struct rtnl_af_ops link_af_ops = {
	.family = AF_MCTP,
	.fill_link_af = fill_link_af,
	.get_link_af_size = get_link_af_size,
	.set_link_af = set_link_af,
};

/**
 * mc_nl_link_init() - let links tell that they speak MCTP
 *
 * Return: 0 or an error
 */
int mc_nl_link_init(void)
{
	return rtnl_af_register(&link_af_ops);
}

/**
 * mc_nl_link_exit() - undo mc_nl_link_init()
 */
void mc_nl_link_exit(void)
{
	rtnl_af_unregister(&link_af_ops);
}
