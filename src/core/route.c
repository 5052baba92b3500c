// SPDX-License-Identifier: GPL-2.0
/*
 * The routing table: ranges of EIDs, looked up by an index.
 *
 * An EID is one byte, so each network that has a route has an array with the
 * route of every EID. A list has all routes, newest first; where ranges overlap
 * the newest wins, and the arrays are brought up to date from that list. Only
 * adding can fail: deleting allocates nothing.
 *
 * Locks: none here. Writers are serialised by their caller (RTNL), lookups run
 * under RCU beside them.
 */
#include <linux/bitmap.h>
#include <linux/hash.h>
#include <linux/rculist.h>
#include <linux/slab.h>

#include "core/core.h"

/* Routes of one network, by EID */
struct mc_rnet {
	struct hlist_node node;
	unsigned int netid;
	unsigned int count;
	struct rcu_head rcu;
	struct mc_route __rcu *eid[MC_EIDS];
};

static struct mc_rnet *find_net(struct mc_rtable *table, unsigned int netid)
{
	struct mc_rnet *rnet;

	hash_for_each_possible_rcu(table->nets, rnet, node, netid, true)
		if (rnet->netid == netid)
			return rnet;
	return NULL;
}

/*
 * Point the EIDs of a network that are in @eids to the newest route of each. One
 * pass over the routes for all of them, as there may be many; and one write for
 * each EID, so that a lookup beside this never misses a route that stays.
 */
static void refresh(struct mc_rtable *table, struct mc_rnet *rnet,
		    const unsigned long *eids)
{
	DECLARE_BITMAP(left, MC_EIDS);
	struct mc_route *rt;
	unsigned int eid;

	bitmap_copy(left, eids, MC_EIDS);
	list_for_each_entry(rt, &table->routes, list) {
		if (rt->netid != rnet->netid)
			continue;
		eid = rt->min;
		for_each_set_bit_from(eid, left, rt->max + 1) {
			rcu_assign_pointer(rnet->eid[eid], rt);
			__clear_bit(eid, left);
		}
	}
	for_each_set_bit(eid, left, MC_EIDS)
		RCU_INIT_POINTER(rnet->eid[eid], NULL);
}

static void free_net(struct mc_rnet *rnet)
{
	hash_del_rcu(&rnet->node);
	kfree_rcu(rnet, rcu);
}

/* Take routes that had these EIDs, and are in the list no more, out of the index. */
static void unindex(struct mc_rtable *table, struct mc_rnet *rnet,
		    const unsigned long *eids)
{
	if (rnet->count)
		refresh(table, rnet, eids);
	else
		free_net(rnet);
}

static void set_range(unsigned long *eids, const struct mc_route *rt)
{
	bitmap_set(eids, rt->min, rt->max - rt->min + 1);
}

/**
 * mc_rtable_init() - prepare a table
 * @table: the table
 */
void mc_rtable_init(struct mc_rtable *table)
{
	INIT_LIST_HEAD(&table->routes);
	hash_init(table->nets);
}

static void free_routes(struct list_head *routes)
{
	struct mc_route *rt, *next;

	list_for_each_entry_safe(rt, next, routes, list) {
		list_del(&rt->list);
		kfree_rcu(rt, rcu);
	}
}

/**
 * mc_rtable_clear() - delete and free all routes
 * @table: the table
 */
void mc_rtable_clear(struct mc_rtable *table)
{
	struct hlist_node *tmp;
	struct mc_rnet *rnet;
	int i;

	hash_for_each_safe(table->nets, i, tmp, rnet, node)
		free_net(rnet);
	free_routes(&table->routes);
}

/* Return: a network's array, made if there is none, or NULL without memory */
static struct mc_rnet *need_net(struct mc_rtable *table, unsigned int netid)
{
	struct mc_rnet *rnet = find_net(table, netid);

	if (rnet)
		return rnet;
	rnet = kzalloc_obj(*rnet, GFP_KERNEL_ACCOUNT);
	if (rnet) {
		rnet->netid = netid;
		hash_add_rcu(table->nets, &rnet->node, netid);
	}
	return rnet;
}

/**
 * mc_rtable_exact() - find the route of exactly that range
 * @table: the table
 * @netid: network
 * @min: first EID
 * @max: last EID
 *
 * Context: as a writer
 * Return: the newest such route, or NULL
 */
struct mc_route *mc_rtable_exact(struct mc_rtable *table, unsigned int netid,
				 u8 min, u8 max)
{
	struct mc_rnet *rnet = find_net(table, netid);
	struct mc_route *rt;

	if (!rnet)
		return NULL;
	/* What the index has is the newest that it may be, and mostly tells. */
	rt = rcu_dereference_protected(rnet->eid[min], true);
	if (!rt || (rt->min == min && rt->max == max))
		return rt;
	list_for_each_entry(rt, &table->routes, list)
		if (rt->netid == netid && rt->min == min && rt->max == max)
			return rt;
	return NULL;
}

static void insert(struct mc_rtable *table, struct mc_rnet *rnet,
		   struct mc_route *rt)
{
	unsigned int eid;

	rnet->count++;
	list_add(&rt->list, &table->routes);
	for (eid = rt->min; eid <= rt->max; eid++)
		rcu_assign_pointer(rnet->eid[eid], rt);
}

/**
 * mc_rtable_add() - add a route
 * @table: the table
 * @rt: route, the table's if this succeeds
 *
 * Return: 0, -EINVAL if the range has EIDs that are not unicast, -EEXIST if
 * there is a route of that range, -ENOMEM
 */
int mc_rtable_add(struct mc_rtable *table, struct mc_route *rt)
{
	struct mc_rnet *rnet;

	if (!mc_eid_unicast(rt->min) || !mc_eid_unicast(rt->max) ||
	    rt->min > rt->max)
		return -EINVAL;
	if (mc_rtable_exact(table, rt->netid, rt->min, rt->max))
		return -EEXIST;
	rnet = need_net(table, rt->netid);
	if (!rnet)
		return -ENOMEM;
	insert(table, rnet, rt);
	return 0;
}

/**
 * mc_rtable_del() - delete and free routes of one network
 * @table: the table
 * @gone: list they were moved to from the table's, may be empty; becomes so
 */
void mc_rtable_del(struct mc_rtable *table, struct list_head *gone)
{
	DECLARE_BITMAP(eids, MC_EIDS) = {};
	struct mc_rnet *rnet = NULL;
	struct mc_route *rt;

	list_for_each_entry(rt, gone, list) {
		if (!rnet)
			rnet = find_net(table, rt->netid);
		rnet->count--;
		set_range(eids, rt);
	}
	if (!rnet)
		return;
	unindex(table, rnet, eids);
	free_routes(gone);
}

/**
 * mc_rtable_move() - move a link's routes to another network
 * @table: the table
 * @link: link, whose routes are all in one network
 * @netid: network they are to be in
 *
 * Return: 0 or -ENOMEM, with nothing changed
 */
int mc_rtable_move(struct mc_rtable *table, const struct mc_link *link,
		   unsigned int netid)
{
	DECLARE_BITMAP(eids, MC_EIDS) = {};
	struct mc_rnet *from, *to = NULL;
	struct mc_route *rt;

	list_for_each_entry(rt, &table->routes, list) {
		if (rt->link != link)
			continue;
		if (!to) {
			from = find_net(table, rt->netid);
			to = need_net(table, netid);
			if (!to)
				return -ENOMEM;
		}
		rt->netid = netid;
		from->count--;
		to->count++;
		set_range(eids, rt);
	}
	if (to) {
		refresh(table, to, eids);
		unindex(table, from, eids);
	}
	return 0;
}

/**
 * mc_rtable_find() - find the route of an EID
 * @table: the table
 * @netid: network
 * @eid: EID
 *
 * Context: RCU
 * Return: the route or NULL
 */
struct mc_route *mc_rtable_find(struct mc_rtable *table, unsigned int netid,
				u8 eid)
{
	struct mc_rnet *rnet = find_net(table, netid);

	return rnet ? rcu_dereference(rnet->eid[eid]) : NULL;
}
