// SPDX-License-Identifier: GPL-2.0
/*
 * src/core/route.c: the table of routes.
 */
#include "fake-core.h"
#include "fake-core-random.h"

#include "../src/core/route.c"

#define NET	1

static struct mc_rtable *const table = &fake.mn.table;

static struct mc_route *new_route(struct kunit *test, unsigned int netid,
				  u8 min, u8 max)
{
	struct mc_route *rt = fake_route(test, netid, min, max);

	/* One that only it is on, so that it can move alone */
	rt->link = (struct mc_link *)rt;
	return rt;
}

/* Add a route that there is no reason to refuse. */
static struct mc_route *add(struct kunit *test, unsigned int netid, u8 min,
			    u8 max)
{
	struct mc_route *rt = new_route(test, netid, min, max);

	KUNIT_ASSERT_EQ(test, mc_rtable_add(table, rt), 0);
	return rt;
}

static void del(struct mc_route *rt)
{
	LIST_HEAD(gone);

	list_move(&rt->list, &gone);
	mc_rtable_del(table, &gone);
}

static int move(struct mc_route *rt, unsigned int netid)
{
	return mc_rtable_move(table, rt->link, netid);
}

static struct mc_route *find(unsigned int netid, u8 eid)
{
	struct mc_route *rt;

	rcu_read_lock();
	rt = mc_rtable_find(table, netid, eid);
	rcu_read_unlock();
	return rt;
}

struct eid_range {
	u8 min;
	u8 max;
	bool good;
};

static const struct eid_range ranges[] = {
	{ 8, 254, true }, { 8, 8, true }, { 254, 254, true }, { 9, 10, true },
	{ 7, 8, false }, { 7, 7, false }, { 0, 0, false }, { 0, 254, false },
	{ 254, 255, false }, { 255, 255, false }, { 8, 255, false },
	{ 10, 9, false }, { 254, 8, false },
};

static void describe_range(const struct eid_range *range, char *desc)
{
	snprintf(desc, KUNIT_PARAM_DESC_SIZE, "%u to %u", range->min,
		 range->max);
}

KUNIT_ARRAY_PARAM(ranges, ranges, describe_range);

static void a_route_is_for_the_unicast_eids_of_its_range(struct kunit *test)
{
	const struct eid_range *range = test->param_value;
	struct mc_route *rt = new_route(test, NET, range->min, range->max);
	unsigned int eid;

	KUNIT_EXPECT_EQ(test, mc_rtable_add(table, rt),
			range->good ? 0 : -EINVAL);
	for (eid = 0; eid <= 255; eid++)
		KUNIT_EXPECT_EQ_MSG(test, find(NET, eid) == rt,
				    range->good && eid >= range->min &&
				    eid <= range->max, "EID %u", eid);
	if (range->good) {
		del(rt);
		KUNIT_EXPECT_FALSE(test, find(NET, range->min));
	} else {
		KUNIT_EXPECT_EQ(test, fake.objects, 1);
		KUNIT_EXPECT_TRUE(test, list_empty(&table->routes));
		kfree(rt);
	}
}

static void the_newest_route_wins(struct kunit *test)
{
	struct mc_route *wide = add(test, NET, 20, 100);
	struct mc_route *narrow = add(test, NET, 50, 60);
	struct mc_route *across = add(test, NET, 55, 120);

	KUNIT_EXPECT_PTR_EQ(test, find(NET, 49), wide);
	KUNIT_EXPECT_PTR_EQ(test, find(NET, 50), narrow);
	KUNIT_EXPECT_PTR_EQ(test, find(NET, 54), narrow);
	KUNIT_EXPECT_PTR_EQ(test, find(NET, 55), across);
	KUNIT_EXPECT_PTR_EQ(test, find(NET, 120), across);
	KUNIT_EXPECT_FALSE(test, find(NET, 121));
	/* A wider one is newer all the same. */
	del(wide);
	wide = add(test, NET, 8, 254);
	KUNIT_EXPECT_PTR_EQ(test, find(NET, 52), wide);
	KUNIT_EXPECT_PTR_EQ(test, find(NET, 57), wide);
	mc_rtable_clear(table);
}

static void deletion_brings_back_what_was_below(struct kunit *test)
{
	struct mc_route *lowest = add(test, NET, 10, 30);
	struct mc_route *middle = add(test, NET, 20, 40);
	struct mc_route *top = add(test, NET, 25, 25);

	del(middle);
	KUNIT_EXPECT_PTR_EQ(test, find(NET, 20), lowest);
	KUNIT_EXPECT_PTR_EQ(test, find(NET, 25), top);
	KUNIT_EXPECT_FALSE(test, find(NET, 31));
	del(top);
	KUNIT_EXPECT_PTR_EQ(test, find(NET, 25), lowest);
	del(lowest);
	KUNIT_EXPECT_FALSE(test, find(NET, 25));
	/* The network's array has gone with its last route. */
	KUNIT_EXPECT_EQ(test, fake.objects, 0);
}

static void a_range_has_one_route(struct kunit *test)
{
	struct mc_route *rt = add(test, NET, 20, 30);
	struct mc_route *again = new_route(test, NET, 20, 30);

	KUNIT_EXPECT_EQ(test, mc_rtable_add(table, again), -EEXIST);
	KUNIT_EXPECT_PTR_EQ(test, find(NET, 20), rt);
	add(test, NET, 20, 29);
	add(test, NET, 21, 30);
	add(test, 2, 20, 30);
	KUNIT_EXPECT_EQ(test, mc_rtable_add(table, again), -EEXIST);
	del(rt);
	KUNIT_EXPECT_EQ(test, mc_rtable_add(table, again), 0);
	mc_rtable_clear(table);
}

static void only_the_very_range_is_exact(struct kunit *test)
{
	struct mc_route *rt = add(test, NET, 20, 30);
	struct mc_route *inner = add(test, NET, 20, 25);

	KUNIT_EXPECT_PTR_EQ(test, mc_rtable_exact(table, NET, 20, 30), rt);
	KUNIT_EXPECT_PTR_EQ(test, mc_rtable_exact(table, NET, 20, 25), inner);
	KUNIT_EXPECT_FALSE(test, mc_rtable_exact(table, NET, 20, 29));
	KUNIT_EXPECT_FALSE(test, mc_rtable_exact(table, NET, 21, 30));
	KUNIT_EXPECT_FALSE(test, mc_rtable_exact(table, NET, 21, 22));
	KUNIT_EXPECT_FALSE(test, mc_rtable_exact(table, 2, 20, 30));
	mc_rtable_clear(table);
}

/* Many more networks than the table has chains */
static void networks_are_apart(struct kunit *test)
{
	struct mc_route *rt[64];
	unsigned int i;

	for (i = 0; i < 64; i++)
		rt[i] = add(test, 1 + i * 37, 8 + i, 100 + i);
	for (i = 0; i < 64; i++) {
		KUNIT_EXPECT_FALSE(test, find(1 + i * 37, 7 + i));
		KUNIT_EXPECT_PTR_EQ(test, find(1 + i * 37, 8 + i), rt[i]);
		KUNIT_EXPECT_PTR_EQ(test, find(1 + i * 37, 100 + i), rt[i]);
		KUNIT_EXPECT_FALSE(test, find(1 + i * 37, 101 + i));
	}
	for (i = 0; i < 64; i += 2)
		del(rt[i]);
	for (i = 0; i < 64; i++)
		KUNIT_EXPECT_EQ(test, !!find(1 + i * 37, 90), i % 2 == 1);
	KUNIT_EXPECT_FALSE(test, find(2, 90));
	KUNIT_EXPECT_FALSE(test, find(0, 90));
	mc_rtable_clear(table);
}

static void without_memory_nothing_is_added(struct kunit *test)
{
	struct mc_route *rt = new_route(test, NET, 20, 30);

	fake.fail_in = 1;
	KUNIT_EXPECT_EQ(test, mc_rtable_add(table, rt), -ENOMEM);
	KUNIT_EXPECT_FALSE(test, find(NET, 20));
	KUNIT_EXPECT_TRUE(test, list_empty(&table->routes));
	KUNIT_EXPECT_EQ(test, fake.objects, 1);
	KUNIT_EXPECT_EQ(test, mc_rtable_add(table, rt), 0);
	mc_rtable_clear(table);
}

static void without_memory_nothing_moves(struct kunit *test)
{
	struct mc_route *rt = add(test, NET, 20, 30);

	fake.fail_in = 1;
	KUNIT_EXPECT_EQ(test, move(rt, 2), -ENOMEM);
	KUNIT_EXPECT_EQ(test, rt->netid, (unsigned int)NET);
	KUNIT_EXPECT_PTR_EQ(test, find(NET, 20), rt);
	KUNIT_EXPECT_FALSE(test, find(2, 20));
	/* A network that is known needs none, and deleting never does. */
	add(test, 2, 40, 50);
	fake.fail_in = 1;
	KUNIT_EXPECT_EQ(test, move(rt, 2), 0);
	KUNIT_EXPECT_PTR_EQ(test, find(2, 20), rt);
	del(rt);
	KUNIT_EXPECT_EQ(test, fake.fail_in, 1U);
	mc_rtable_clear(table);
}

static void a_route_moves_to_another_network(struct kunit *test)
{
	struct mc_route *below = add(test, NET, 10, 100);
	struct mc_route *older_there = add(test, 2, 30, 40);
	struct mc_route *rt = add(test, NET, 20, 50);
	struct mc_route *newer_there = add(test, 2, 45, 60);

	KUNIT_EXPECT_EQ(test, move(rt, NET), 0);
	KUNIT_EXPECT_PTR_EQ(test, find(NET, 20), rt);

	KUNIT_EXPECT_EQ(test, move(rt, 2), 0);
	KUNIT_EXPECT_EQ(test, rt->netid, 2U);
	KUNIT_EXPECT_PTR_EQ(test, find(NET, 20), below);
	KUNIT_EXPECT_PTR_EQ(test, find(2, 20), rt);
	/* It is as old as it was. */
	KUNIT_EXPECT_PTR_EQ(test, find(2, 35), rt);
	KUNIT_EXPECT_PTR_EQ(test, find(2, 45), newer_there);
	KUNIT_EXPECT_PTR_EQ(test, mc_rtable_exact(table, 2, 20, 50), rt);
	KUNIT_EXPECT_FALSE(test, mc_rtable_exact(table, NET, 20, 50));

	del(rt);
	KUNIT_EXPECT_PTR_EQ(test, find(2, 35), older_there);
	KUNIT_EXPECT_FALSE(test, find(2, 20));
	/* The last one takes its network's array along. */
	KUNIT_EXPECT_EQ(test, move(below, 2), 0);
	KUNIT_EXPECT_FALSE(test, find(NET, 10));
	KUNIT_EXPECT_EQ(test, fake.objects, 3 + 1);
	mc_rtable_clear(table);
}

/* add() refuses that, but moving may bring it about. */
static void of_equal_ranges_the_newest_is_exact(struct kunit *test)
{
	struct mc_route *older = add(test, NET, 20, 30);
	struct mc_route *newer = add(test, 2, 20, 30);

	KUNIT_EXPECT_EQ(test, move(older, 2), 0);
	KUNIT_EXPECT_PTR_EQ(test, mc_rtable_exact(table, 2, 20, 30), newer);
	KUNIT_EXPECT_PTR_EQ(test, find(2, 25), newer);
	del(newer);
	KUNIT_EXPECT_PTR_EQ(test, mc_rtable_exact(table, 2, 20, 30), older);
	KUNIT_EXPECT_PTR_EQ(test, find(2, 25), older);
	mc_rtable_clear(table);
}

static void a_table_is_cleared(struct kunit *test)
{
	unsigned int i;

	for (i = 0; i < 10; i++)
		add(test, 1 + i / 2, 20 + i, 30 + i);
	mc_rtable_clear(table);
	KUNIT_EXPECT_EQ(test, fake.objects, 0);
	KUNIT_EXPECT_TRUE(test, list_empty(&table->routes));
	KUNIT_EXPECT_FALSE(test, find(1, 20));
	mc_rtable_init(table);
	KUNIT_EXPECT_TRUE(test, list_empty(&table->routes));
	KUNIT_EXPECT_TRUE(test, hash_empty(table->nets));
}

/* Without the look whether there is one, which takes its time for so many */
static void add_fast(struct kunit *test, u8 min, u8 max, struct mc_link *link)
{
	struct mc_rnet *rnet = need_net(table, NET);
	struct mc_route *rt = new_route(test, NET, min, max);

	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, rnet);
	rt->link = link;
	insert(table, rnet, rt);
}

/*
 * Anybody can have this in a namespace of his own, and then close the link. If for
 * each route of it and each EID there all the others are looked at, that takes
 * minutes.
 */
static void a_link_with_all_ranges_goes_at_once(struct kunit *test)
{
	struct mc_link *link = fake_link(test, 1, NET);
	unsigned int min, max, count = 0;
	struct mc_route *rt, *next;
	LIST_HEAD(gone);

	for (min = MC_UNICAST_FIRST; min <= MC_UNICAST_LAST; min++)
		for (max = min; max <= MC_UNICAST_LAST; max++, count++)
			add_fast(test, min, max, link);
	/* newer ones, which are passed by each time */
	while (count--)
		add_fast(test, 254, 254, NULL);

	KUNIT_EXPECT_EQ(test, mc_rtable_move(table, link, 2), 0);
	KUNIT_EXPECT_PTR_EQ(test, find(2, 100)->link, link);
	KUNIT_EXPECT_FALSE(test, find(NET, 100));
	KUNIT_EXPECT_FALSE(test, find(NET, 254)->link);
	list_for_each_entry_safe(rt, next, &table->routes, list)
		if (rt->link)
			list_move_tail(&rt->list, &gone);
	mc_rtable_del(table, &gone);
	KUNIT_EXPECT_FALSE(test, find(2, 100));
	KUNIT_EXPECT_TRUE(test, find(NET, 254));
	mc_rtable_clear(table);
}

#define NETS	3

/* Routes by age, as a list that is looked through from its end */
struct model {
	struct mc_route *rt[40];
	unsigned int count;
};

static struct mc_route *model_find(const struct model *model,
				   unsigned int netid, unsigned int eid)
{
	unsigned int i = model->count;
	struct mc_route *rt;

	while (i--) {
		rt = model->rt[i];
		if (rt->netid == netid && rt->min <= eid && eid <= rt->max)
			return rt;
	}
	return NULL;
}

static bool model_has(const struct model *model, const struct mc_route *like)
{
	unsigned int i;

	for (i = 0; i < model->count; i++)
		if (model->rt[i]->netid == like->netid &&
		    model->rt[i]->min == like->min &&
		    model->rt[i]->max == like->max)
			return true;
	return false;
}

static void model_step(struct kunit *test, struct model *model)
{
	unsigned int i = fake_below(ARRAY_SIZE(model->rt));
	unsigned int netid = fake_between(1, NETS);
	struct mc_route *rt;
	u8 min;

	if (i >= model->count) {
		/* few enough ranges to have some twice */
		min = fake_between(8, 40);
		rt = new_route(test, netid, min, min + fake_below(20));
		if (model_has(model, rt)) {
			KUNIT_EXPECT_EQ(test, mc_rtable_add(table, rt),
					-EEXIST);
			kfree(rt);
		} else {
			KUNIT_EXPECT_EQ(test, mc_rtable_add(table, rt), 0);
			model->rt[model->count++] = rt;
		}
	} else if (fake_below(2)) {
		KUNIT_ASSERT_EQ(test, move(model->rt[i], netid), 0);
	} else {
		del(model->rt[i]);
		model->count--;
		memmove(&model->rt[i], &model->rt[i + 1],
			(model->count - i) * sizeof(model->rt[0]));
	}
}

static void the_table_is_like_a_list(struct kunit *test)
{
	static struct model model;
	unsigned int step, netid, eid;

	model.count = 0;
	for (step = 0; step < 300; step++) {
		model_step(test, &model);
		for (netid = 1; netid <= NETS; netid++)
			for (eid = 0; eid < 70; eid++)
				if (find(netid, eid) !=
				    model_find(&model, netid, eid))
					KUNIT_FAIL(test,
						   "network %u, EID %u, step %u"
						   SEEDED, netid, eid, step,
						   seed);
	}
	while (model.count)
		del(model.rt[--model.count]);
	for (netid = 1; netid <= NETS; netid++)
		for (eid = 0; eid < 256; eid++)
			KUNIT_EXPECT_FALSE(test, find(netid, eid));
	mc_rtable_clear(table);
}

static int routes_init(struct kunit *test)
{
	fake_core_start();
	fake_random_start();
	return 0;
}

static struct kunit_case routes_cases[] = {
	KUNIT_CASE_PARAM(a_route_is_for_the_unicast_eids_of_its_range,
			 ranges_gen_params),
	KUNIT_CASE(the_newest_route_wins),
	KUNIT_CASE(deletion_brings_back_what_was_below),
	KUNIT_CASE(a_range_has_one_route),
	KUNIT_CASE(only_the_very_range_is_exact),
	KUNIT_CASE(networks_are_apart),
	KUNIT_CASE(without_memory_nothing_is_added),
	KUNIT_CASE(without_memory_nothing_moves),
	KUNIT_CASE(a_route_moves_to_another_network),
	KUNIT_CASE(of_equal_ranges_the_newest_is_exact),
	KUNIT_CASE(a_table_is_cleared),
	KUNIT_CASE(a_link_with_all_ranges_goes_at_once),
	KUNIT_CASE(the_table_is_like_a_list),
	{}
};

static struct kunit_suite routes_suite = {
	.name = "mctp_core_routes",
	.init = routes_init,
	.exit = fake_core_end,
	.test_cases = routes_cases,
};

kunit_test_suite(routes_suite);

MODULE_DESCRIPTION("KUnit: table of MCTP routes");
MODULE_LICENSE("GPL");
