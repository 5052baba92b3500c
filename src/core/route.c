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

static struct mc_route *newest(struct mc_rtable *table, unsigned int netid,
			       unsigned int eid)
{
	struct mc_route *rt;

	list_for_each_entry(rt, &table->routes, list)
		if (rt->netid == netid && rt->min <= eid && eid <= rt->max)
			return rt;
	return NULL;
}

static void refresh(struct mc_rtable *table, struct mc_rnet *rnet, u8 min,
		    u8 max)
{
	unsigned int eid;

	for (eid = min; eid <= max; eid++)
		rcu_assign_pointer(rnet->eid[eid],
				   newest(table, rnet->netid, eid));
}

static void free_net(struct mc_rnet *rnet)
{
	hash_del_rcu(&rnet->node);
	kfree_rcu(rnet, rcu);
}

/* Take a route, no longer in the list or with another netid, out of the index. */
static void unindex(struct mc_rtable *table, unsigned int netid, u8 min, u8 max)
{
	struct mc_rnet *rnet = find_net(table, netid);

	refresh(table, rnet, min, max);
	if (!--rnet->count)
		free_net(rnet);
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

/**
 * mc_rtable_clear() - delete and free all routes
 * @table: the table
 */
void mc_rtable_clear(struct mc_rtable *table)
{
	struct mc_route *rt, *next;
	struct hlist_node *tmp;
	struct mc_rnet *rnet;
	int i;

	list_for_each_entry_safe(rt, next, &table->routes, list) {
		mc_rtable_del(table, rt);
		kfree_rcu(rt, rcu);
	}
	/* Reserved, but never used. */
	hash_for_each_safe(table->nets, i, tmp, rnet, node)
		free_net(rnet);
}

/**
 * mc_rtable_reserve() - make sure that routes can be moved to a network
 * @table: the table
 * @netid: network
 *
 * Return: 0 or -ENOMEM
 */
int mc_rtable_reserve(struct mc_rtable *table, unsigned int netid)
{
	struct mc_rnet *rnet;

	if (find_net(table, netid))
		return 0;
	rnet = kzalloc_obj(*rnet, GFP_KERNEL_ACCOUNT);
	if (!rnet)
		return -ENOMEM;
	rnet->netid = netid;
	hash_add_rcu(table->nets, &rnet->node, netid);
	return 0;
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
	struct mc_route *rt;

	list_for_each_entry(rt, &table->routes, list)
		if (rt->netid == netid && rt->min == min && rt->max == max)
			return rt;
	return NULL;
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
	int err;

	if (!mc_eid_unicast(rt->min) || !mc_eid_unicast(rt->max) ||
	    rt->min > rt->max)
		return -EINVAL;
	if (mc_rtable_exact(table, rt->netid, rt->min, rt->max))
		return -EEXIST;
	err = mc_rtable_reserve(table, rt->netid);
	if (err)
		return err;

	rnet = find_net(table, rt->netid);
	rnet->count++;
	list_add(&rt->list, &table->routes);
	refresh(table, rnet, rt->min, rt->max);
	return 0;
}

/**
 * mc_rtable_del() - delete a route
 * @table: the table
 * @rt: route in it; the caller frees it after an RCU grace period
 */
void mc_rtable_del(struct mc_rtable *table, struct mc_route *rt)
{
	list_del(&rt->list);
	unindex(table, rt->netid, rt->min, rt->max);
}

/**
 * mc_rtable_move() - move a route to another network
 * @table: the table
 * @rt: route in it
 * @netid: network; mc_rtable_reserve() has succeeded for it
 */
void mc_rtable_move(struct mc_rtable *table, struct mc_route *rt,
		    unsigned int netid)
{
	struct mc_rnet *rnet = find_net(table, netid);
	unsigned int old = rt->netid;

	if (old == netid)
		return;
	rt->netid = netid;
	rnet->count++;
	refresh(table, rnet, rt->min, rt->max);
	unindex(table, old, rt->min, rt->max);
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
