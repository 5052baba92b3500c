// SPDX-License-Identifier: GPL-2.0
/*
 * Neighbours: link addresses of EIDs, on links that have such.
 *
 * Locks: writers need RTNL, lookups RCU. A neighbour needs no reference to its
 * link, as it goes before the link does.
 */
#include <linux/hash.h>
#include <linux/netdevice.h>
#include <linux/rtnetlink.h>
#include <linux/slab.h>

#include "core/core.h"

static unsigned long neigh_hash(const struct mc_link *link, u8 eid)
{
	return hash_ptr(link, 32) + eid;
}

static struct mc_neigh *find(struct mc_net *mn, const struct mc_link *link,
			     u8 eid)
{
	struct mc_neigh *neigh;

	hash_for_each_possible_rcu(mn->neighs, neigh, node,
				   neigh_hash(link, eid),
				   lockdep_rtnl_is_held())
		if (neigh->link == link && neigh->eid == eid)
			return neigh;
	return NULL;
}

static void free_neigh(struct mc_net *mn, struct mc_neigh *neigh)
{
	hash_del_rcu(&neigh->node);
	list_del(&neigh->list);
	mc_net_changed(mn);
	kfree_rcu(neigh, rcu);
}

/**
 * mc_neigh_add() - add a neighbour
 * @link: link it is on
 * @eid: its EID
 * @haddr: its link address
 * @halen: length of that
 *
 * Context: RTNL
 * Return: 0, -EEXIST, -EINVAL, -ENOMEM
 */
int mc_neigh_add(struct mc_link *link, u8 eid, const u8 *haddr, size_t halen)
{
	struct mc_net *mn = mc_net_of_link(link);
	struct mc_neigh *neigh;

	ASSERT_RTNL();

	if (find(mn, link, eid))
		return -EEXIST;
	if (halen > sizeof(neigh->haddr))
		return -EINVAL;
	neigh = kzalloc_obj(*neigh, GFP_KERNEL_ACCOUNT);
	if (!neigh)
		return -ENOMEM;

	neigh->link = link;
	neigh->eid = eid;
	memcpy(neigh->haddr, haddr, halen);
	hash_add_rcu(mn->neighs, &neigh->node, neigh_hash(link, eid));
	list_add(&neigh->list, &mn->neigh_list);
	mc_net_changed(mn);
	return 0;
}

/**
 * mc_neigh_del() - delete a neighbour
 * @link: link it is on
 * @eid: its EID
 *
 * Context: RTNL
 * Return: 0 or -ENOENT
 */
int mc_neigh_del(struct mc_link *link, u8 eid)
{
	struct mc_net *mn = mc_net_of_link(link);
	struct mc_neigh *neigh;

	ASSERT_RTNL();

	neigh = find(mn, link, eid);
	if (!neigh)
		return -ENOENT;
	free_neigh(mn, neigh);
	return 0;
}

/**
 * mc_neigh_del_link() - delete all neighbours on a link
 * @link: link
 *
 * Context: RTNL
 */
void mc_neigh_del_link(struct mc_link *link)
{
	struct mc_net *mn = mc_net_of_link(link);
	struct mc_neigh *neigh, *next;

	ASSERT_RTNL();

	list_for_each_entry_safe(neigh, next, &mn->neigh_list, list)
		if (neigh->link == link)
			free_neigh(mn, neigh);
}

/**
 * mc_neigh_find() - find the link address of an EID
 * @mn: namespace
 * @link: link it is on
 * @eid: the EID
 * @haddr: result, MAX_ADDR_LEN bytes
 *
 * Context: RCU
 * Return: true if there is one
 */
bool mc_neigh_find(struct mc_net *mn, const struct mc_link *link, u8 eid,
		   u8 *haddr)
{
	struct mc_neigh *neigh = find(mn, link, eid);

	if (neigh)
		memcpy(haddr, neigh->haddr, sizeof(neigh->haddr));
	return neigh;
}
