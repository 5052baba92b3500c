// SPDX-License-Identifier: GPL-2.0
/*
 * Links: which net_devices speak MCTP, and the addresses they have.
 *
 * The kernel's net_device has no room for us here, so links are in a hash table
 * by the device's address. A link holds its device, so that address cannot come
 * to mean another device as long as the link is in the table.
 *
 * Devices come and go by the notifier alone, which also tells about those that
 * were there before this module, and about the old and the new namespace when
 * one moves. What a driver says in mctp_register_netdev() is kept in a list beside
 * that, where the notifier finds it each time.
 *
 * Locks: writers of links, addresses and bindings need RTNL; lookups of links run
 * under RTNL or RCU.
 */
#include <linux/bitmap.h>
#include <linux/hash.h>
#include <linux/if_arp.h>
#include <linux/netdevice.h>
#include <linux/rtnetlink.h>
#include <linux/slab.h>

#include "core/core.h"

#define LINK_BITS	8

static DEFINE_HASHTABLE(links, LINK_BITS);

/* What a driver said of a device that it registered with us */
struct binding {
	struct list_head list;
	const struct net_device *dev;
	enum mctp_phys_binding binding;
};

static LIST_HEAD(bindings);

static struct binding *find_binding(const struct net_device *dev)
{
	struct binding *b;

	list_for_each_entry(b, &bindings, list)
		if (b->dev == dev)
			return b;
	return NULL;
}

static void forget_binding(const struct net_device *dev)
{
	struct binding *b = find_binding(dev);

	if (b) {
		list_del(&b->list);
		kfree(b);
	}
}

static struct mc_link *find_link(const struct net_device *dev)
{
	struct mc_link *link;

	hash_for_each_possible_rcu(links, link, node, (unsigned long)dev,
				   lockdep_rtnl_is_held())
		if (link->dev == dev)
			return link;
	return NULL;
}

/**
 * mc_link_rcu() - find a device's link
 * @dev: device
 *
 * Context: RCU
 * Return: the link, good for the RCU section, or NULL
 */
struct mc_link *mc_link_rcu(const struct net_device *dev)
{
	return find_link(dev);
}

/**
 * mc_link_rtnl() - find a device's link
 * @dev: device
 *
 * Context: RTNL
 * Return: the link, good for as long as RTNL is held, or NULL
 */
struct mc_link *mc_link_rtnl(const struct net_device *dev)
{
	ASSERT_RTNL();
	return find_link(dev);
}

/**
 * mc_link_tryget() - take a reference to a link, to use it beyond RCU
 * @link: link
 *
 * Return: false if it is on its way out
 */
bool mc_link_tryget(struct mc_link *link)
{
	return refcount_inc_not_zero(&link->refs);
}

/**
 * mc_link_put() - drop a reference to a link
 * @link: link
 */
void mc_link_put(struct mc_link *link)
{
	if (!refcount_dec_and_test(&link->refs))
		return;
	dev_put(link->dev);
	kfree_rcu(link, rcu);
}

/* Sorted, so that a dump that goes on later knows where it was. */
static void add_sorted(struct mc_link *link, struct list_head *list)
{
	struct mc_link *pos;

	/* New devices have the highest index, as a rule. */
	list_for_each_entry_reverse(pos, list, list)
		if (pos->dev->ifindex < link->dev->ifindex)
			break;
	list_add(&link->list, &pos->list);
}

static bool speaks_mctp(const struct net_device *dev)
{
	/* ARPHRD_NONE: tun devices */
	return dev->type == ARPHRD_MCTP || dev->type == ARPHRD_LOOPBACK ||
	       dev->type == ARPHRD_NONE;
}

static int add_link(struct net_device *dev)
{
	struct mc_net *mn = mc_net(dev_net(dev));
	struct binding *b = find_binding(dev);
	struct mc_link *link;

	if (find_link(dev) || (!b && !speaks_mctp(dev)))
		return 0;
	link = kzalloc_obj(*link, GFP_KERNEL);
	if (!link)
		return -ENOMEM;

	dev_hold(dev);
	link->dev = dev;
	link->netid = mn->default_net;
	link->binding = b ? b->binding : MCTP_PHYS_BINDING_UNSPEC;
	INIT_LIST_HEAD(&link->partials);
	refcount_set(&link->refs, 1);
	add_sorted(link, &mn->links);
	hash_add_rcu(links, &link->node, (unsigned long)dev);
	return 0;
}

static u8 *find_addr(const struct mc_link *link, u8 eid)
{
	return memchr(link->addrs, eid, link->addr_count);
}

/**
 * mc_links_take_over() - receive for EIDs whose routes may have gone
 * @mn: namespace
 * @netid: network
 * @min: first EID
 * @max: last EID
 *
 * For an EID in that range that is an address of a link, and for which alone there
 * is no route, that link receives from now on. Without memory nobody does.
 *
 * Context: RTNL
 */
void mc_links_take_over(struct mc_net *mn, unsigned int netid, u8 min, u8 max)
{
	DECLARE_BITMAP(seen, MC_EIDS) = {};
	struct mc_link *link;
	int i;
	u8 eid;

	ASSERT_RTNL();

	list_for_each_entry(link, &mn->links, list) {
		if (link->netid != netid)
			continue;
		for (i = 0; i < link->addr_count; i++) {
			eid = link->addrs[i];
			if (eid >= min && eid <= max &&
			    !__test_and_set_bit(eid, seen))
				mc_routes_add_local(link, eid);
		}
	}
}

static void take_over_all(struct mc_net *mn, unsigned int netid)
{
	mc_links_take_over(mn, netid, MC_UNICAST_FIRST, MC_UNICAST_LAST);
}

static void del_link(struct net_device *dev)
{
	struct mc_link *link = find_link(dev);
	struct mc_net *mn = mc_net(dev_net(dev));

	if (!link)
		return;
	hash_del_rcu(&link->node);
	list_del(&link->list);
	mc_net_changed(mn);
	mc_routes_del_link(link);
	take_over_all(mn, link->netid);
	mc_neigh_del_link(link);
	mc_partials_del_link(link);
	mc_link_put(link);
}

/**
 * mc_link_set_net() - move a link to another network
 * @link: link
 * @netid: network
 *
 * Context: RTNL
 * Return: 0 or -ENOMEM
 */
int mc_link_set_net(struct mc_link *link, unsigned int netid)
{
	struct mc_net *mn = mc_net_of_link(link);
	unsigned int old = link->netid;
	int err;

	ASSERT_RTNL();

	if (netid == old)
		return 0;
	err = mc_routes_move_link(link, netid);
	if (err)
		return err;
	WRITE_ONCE(link->netid, netid);
	/* Another link may have received for its addresses where it was. */
	take_over_all(mn, netid);
	take_over_all(mn, old);
	return 0;
}

/**
 * mc_link_has_addr() - does a link have an address?
 * @link: link
 * @eid: address
 *
 * Context: RTNL
 */
bool mc_link_has_addr(const struct mc_link *link, u8 eid)
{
	return find_addr(link, eid);
}

/**
 * mc_link_add_addr() - give a link an address
 * @link: link
 * @eid: address
 *
 * Several links of a network may have the same address, or there may be a route
 * for it alone: then what comes for it goes where it went before. If that link or
 * that route goes, or the link loses the address, another one that has it receives
 * for it.
 *
 * Context: RTNL
 * Return: 0, -EINVAL if it is not unicast, -EEXIST, -ENOMEM
 */
int mc_link_add_addr(struct mc_link *link, u8 eid)
{
	int err;

	ASSERT_RTNL();

	if (!mc_eid_unicast(eid))
		return -EINVAL;
	if (find_addr(link, eid))
		return -EEXIST;
	err = mc_routes_add_local(link, eid);
	if (err && err != -EEXIST)
		return err;

	link->addrs[link->addr_count++] = eid;
	mc_net_changed(mc_net_of_link(link));
	WRITE_ONCE(link->saddr, link->addrs[0]);
	return 0;
}

/**
 * mc_link_del_addr() - take an address from a link
 * @link: link
 * @eid: address
 *
 * Context: RTNL
 * Return: 0 or -ENOENT
 */
int mc_link_del_addr(struct mc_link *link, u8 eid)
{
	struct mc_net *mn = mc_net_of_link(link);
	u8 *pos = find_addr(link, eid);
	u8 *end = link->addrs + link->addr_count;

	ASSERT_RTNL();

	if (!pos)
		return -ENOENT;
	memmove(pos, pos + 1, end - pos - 1);
	link->addr_count--;
	mc_net_changed(mn);
	WRITE_ONCE(link->saddr,
		   link->addr_count ? link->addrs[0] : MCTP_ADDR_NULL);
	mc_routes_del_local(link, eid);
	mc_links_take_over(mn, link->netid, eid, eid);
	return 0;
}

/**
 * mctp_register_netdev() - register a net_device that speaks MCTP
 * @dev: device
 * @ops: as in the kernel's own core; never called, because without room in the
 *	skb extensions no flow can be told to the driver
 * @binding: physical binding, told to userspace
 *
 * Context: process, takes RTNL
 * Return: 0 or an error of register_netdevice()
 */
int mctp_register_netdev(struct net_device *dev,
			 const struct mctp_netdev_ops *ops,
			 enum mctp_phys_binding binding)
{
	struct binding *b = kzalloc_obj(*b, GFP_KERNEL);
	int err;

	if (!b)
		return -ENOMEM;
	b->dev = dev;
	b->binding = binding;

	rtnl_lock();
	list_add(&b->list, &bindings);
	err = register_netdevice(dev);
	/* A failure after the notifier's call has undone it the same way. */
	if (err)
		forget_binding(dev);
	rtnl_unlock();
	return err;
}
EXPORT_SYMBOL_GPL(mctp_register_netdev);

/**
 * mctp_unregister_netdev() - undo mctp_register_netdev()
 * @dev: device
 *
 * Context: process, takes RTNL
 */
void mctp_unregister_netdev(struct net_device *dev)
{
	unregister_netdev(dev);
}
EXPORT_SYMBOL_GPL(mctp_unregister_netdev);

static int device_event(struct notifier_block *nb, unsigned long event,
			void *info)
{
	struct net_device *dev = netdev_notifier_info_to_dev(info);

	switch (event) {
	case NETDEV_REGISTER:
		return notifier_from_errno(add_link(dev));
	case NETDEV_UNREGISTER:
		del_link(dev);
		/* Else it moves, or this module goes. */
		if (dev->reg_state != NETREG_REGISTERED)
			forget_binding(dev);
		break;
	}
	return NOTIFY_DONE;
}

static struct notifier_block device_notifier = {
	.notifier_call = device_event,
};

/**
 * mc_device_init() - take up devices, those that exist and those to come
 *
 * Return: 0 or an error
 */
int mc_device_init(void)
{
	return register_netdevice_notifier(&device_notifier);
}

/**
 * mc_device_exit() - drop all links
 */
void mc_device_exit(void)
{
	unregister_netdevice_notifier(&device_notifier);
}
