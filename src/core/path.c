// SPDX-License-Identifier: GPL-2.0
/*
 * Paths: routing decisions, and the routes that follow a link.
 *
 * Locks: decisions run under RCU; whatever changes routes needs RTNL. A route
 * needs no reference to its link, as it goes before the link does.
 */
#include <linux/netdevice.h>
#include <linux/rtnetlink.h>
#include <linux/slab.h>

#include "core/core.h"

/* Longer chains are taken for loops. It counts the last route too, a link's. */
#define MAX_HOPS	32

/* Return: the stricter of two limits, where 0 is none */
static unsigned int stricter(unsigned int a, unsigned int b)
{
	if (!a || !b)
		return a + b;
	return min(a, b);
}

/**
 * mc_path_to_eid() - find the way to an EID
 * @mn: namespace
 * @netid: network
 * @eid: destination
 * @path: result
 *
 * Context: RCU
 * Return: 0 or -EHOSTUNREACH
 */
int mc_path_to_eid(struct mc_net *mn, unsigned int netid, u8 eid,
		   struct mc_path *path)
{
	unsigned int hops, mtu = 0;
	struct mc_route *rt;

	for (hops = 0; hops < MAX_HOPS; hops++) {
		rt = mc_rtable_find(&mn->table, netid, eid);
		if (!rt)
			break;
		mtu = stricter(mtu, rt->mtu);
		if (!rt->link) {
			eid = rt->gateway.eid;
			continue;
		}

		path->mn = mn;
		path->link = rt->link;
		path->local = rt->type == RTN_LOCAL;
		path->mtu = stricter(READ_ONCE(rt->link->dev->mtu), mtu);
		path->nexthop = eid;
		path->saddr = READ_ONCE(rt->link->saddr);
		path->halen = 0;
		/* The far side of a bridge could not answer us. */
		if (hops && path->saddr == MCTP_ADDR_NULL)
			break;
		return 0;
	}
	return -EHOSTUNREACH;
}

/**
 * mc_path_is_local() - is an EID one of ours?
 * @mn: namespace
 * @netid: network
 * @eid: destination
 *
 * For most that is received, and without making a path of it.
 *
 * Context: RCU
 * Return: true only if mc_path_to_eid() would say that it is local; it has to be
 * asked if not, as a gateway's EID may be ours
 */
bool mc_path_is_local(struct mc_net *mn, unsigned int netid, u8 eid)
{
	struct mc_route *rt = mc_rtable_find(&mn->table, netid, eid);

	return rt && rt->type == RTN_LOCAL;
}

/**
 * mc_path_to_haddr() - the way to a link address, past all routes
 * @net: namespace
 * @ifindex: interface
 * @halen: length of the address, which must be the interface's
 * @haddr: address
 * @path: result
 *
 * Context: RCU
 * Return: 0, -EINVAL for a wrong length, -ENOENT if there is no such link
 */
int mc_path_to_haddr(struct net *net, int ifindex, u8 halen, const u8 *haddr,
		     struct mc_path *path)
{
	struct net_device *dev;
	struct mc_link *link;

	if (halen > sizeof(path->haddr))
		return -EINVAL;
	dev = dev_get_by_index_rcu(net, ifindex);
	if (!dev)
		return -ENOENT;
	if (dev->addr_len != halen)
		return -EINVAL;
	link = mc_link_rcu(dev);
	if (!link)
		return -ENOENT;

	path->mn = mc_net(net);
	path->link = link;
	path->local = false;
	path->mtu = READ_ONCE(dev->mtu);
	path->nexthop = MCTP_ADDR_NULL;
	path->saddr = READ_ONCE(link->saddr);
	path->halen = halen;
	memcpy(path->haddr, haddr, halen);
	return 0;
}

/**
 * mc_routes_add_local() - receive what comes for an EID
 * @link: link that has the address
 * @eid: address
 *
 * Context: RTNL
 * Return: 0, -EEXIST, -ENOMEM
 */
int mc_routes_add_local(struct mc_link *link, u8 eid)
{
	struct mc_route *rt = kzalloc(sizeof(*rt), GFP_KERNEL_ACCOUNT);
	struct mc_net *mn = mc_net_of_link(link);
	int err;

	ASSERT_RTNL();

	if (!rt)
		return -ENOMEM;
	rt->netid = link->netid;
	rt->min = eid;
	rt->max = eid;
	rt->type = RTN_LOCAL;
	rt->link = link;
	err = mc_rtable_add(&mn->table, rt);
	if (err)
		kfree(rt);
	else
		mc_net_changed(mn);
	return err;
}

/* Delete the routes that match all that is asked for: they are of one network. */
static int del_matching(struct mc_net *mn, const struct mc_link *link,
			const struct mc_route *like)
{
	struct mc_route *rt, *next;
	LIST_HEAD(gone);
	int found = 0;

	ASSERT_RTNL();

	list_for_each_entry_safe(rt, next, &mn->table.routes, list) {
		if (link && rt->link != link)
			continue;
		if (like && (rt->netid != like->netid || rt->min != like->min ||
			     rt->max != like->max || rt->type != like->type))
			continue;
		list_move_tail(&rt->list, &gone);
		found++;
	}
	mc_rtable_del(&mn->table, &gone);
	if (found)
		mc_net_changed(mn);
	return found;
}

/**
 * mc_routes_del_local() - undo mc_routes_add_local()
 * @link: link that had the address
 * @eid: address
 *
 * Context: RTNL
 */
void mc_routes_del_local(struct mc_link *link, u8 eid)
{
	const struct mc_route like = {
		.netid = link->netid,
		.min = eid,
		.max = eid,
		.type = RTN_LOCAL,
	};

	del_matching(mc_net_of_link(link), link, &like);
}

/**
 * mc_routes_del_link() - delete all routes over a link
 * @link: link
 *
 * Context: RTNL
 */
void mc_routes_del_link(struct mc_link *link)
{
	del_matching(mc_net_of_link(link), link, NULL);
}

/**
 * mc_routes_del() - delete a unicast route, as a user asks for it
 * @mn: namespace
 * @netid: network
 * @min: first EID
 * @max: last EID
 *
 * Context: RTNL
 * Return: 0 or -ENOENT
 */
int mc_routes_del(struct mc_net *mn, unsigned int netid, u8 min, u8 max)
{
	const struct mc_route like = {
		.netid = netid,
		.min = min,
		.max = max,
		.type = RTN_UNICAST,
	};

	return del_matching(mn, NULL, &like) ? 0 : -ENOENT;
}

/**
 * mc_routes_move_link() - let a link's routes follow it to another network
 * @link: link
 * @netid: network it goes to
 *
 * Context: RTNL
 * Return: 0 or -ENOMEM, with nothing changed
 */
int mc_routes_move_link(struct mc_link *link, unsigned int netid)
{
	ASSERT_RTNL();

	return mc_rtable_move(&mc_net_of_link(link)->table, link, netid);
}
