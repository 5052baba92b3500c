// SPDX-License-Identifier: GPL-2.0
/*
 * src/core/path.c on its table of routes: which way a packet goes.
 */
#include "fake-core.h"

#include "../src/core/route.c"

#define NET	1

/* The one link that there is by its device, if any */
static struct mc_link *known;
static int known_ifindex;

struct mc_link *mc_link_rcu(const struct net_device *dev)
{
	return known && known->dev == dev ? known : NULL;
}

static struct net_device *eth;

static struct net_device *fake_dev_get(struct net *net, int ifindex)
{
	if (eth && eth->ifindex == ifindex)
		return eth;
	return known && ifindex == known_ifindex ? known->dev : NULL;
}

#define dev_get_by_index_rcu	fake_dev_get

#include "../src/core/path.c"

static struct mc_route *add(struct kunit *test, u8 min, u8 max,
			    struct mc_link *link, u8 gateway, unsigned int mtu)
{
	struct mc_route *rt = fake_route(test, NET, min, max);

	rt->mtu = mtu;
	rt->link = link;
	rt->gateway.net = NET;
	rt->gateway.eid = gateway;
	KUNIT_ASSERT_EQ(test, mc_rtable_add(&fake.mn.table, rt), 0);
	return rt;
}

static int path_in(unsigned int netid, u8 eid, struct mc_path *path)
{
	int err;

	memset(path, 0x55, sizeof(*path));
	rcu_read_lock();
	err = mc_path_to_eid(&fake.mn, netid, eid, path);
	rcu_read_unlock();
	return err;
}

static int path_to(u8 eid, struct mc_path *path)
{
	return path_in(NET, eid, path);
}

static bool has_route(unsigned int netid, u8 eid)
{
	bool has;

	rcu_read_lock();
	has = mc_rtable_find(&fake.mn.table, netid, eid);
	rcu_read_unlock();
	return has;
}

static bool is_local(unsigned int netid, u8 eid)
{
	bool local;

	rcu_read_lock();
	local = mc_path_is_local(&fake.mn, netid, eid);
	rcu_read_unlock();
	return local;
}

static int add_local(struct mc_link *link, u8 eid)
{
	int err;

	rtnl_lock();
	err = mc_routes_add_local(link, eid);
	rtnl_unlock();
	return err;
}

static void a_direct_route_is_the_path(struct kunit *test)
{
	struct mc_link *link = fake_link(test, 1, NET);
	struct mc_path path;

	link->saddr = OURS;
	link->dev->mtu = 251;
	add(test, 20, 30, link, 0, 0);
	KUNIT_ASSERT_EQ(test, path_to(25, &path), 0);
	KUNIT_EXPECT_PTR_EQ(test, path.mn, &fake.mn);
	KUNIT_EXPECT_PTR_EQ(test, path.link, link);
	KUNIT_EXPECT_FALSE(test, path.local);
	KUNIT_EXPECT_EQ(test, path.mtu, 251U);
	KUNIT_EXPECT_EQ(test, (int)path.nexthop, 25);
	KUNIT_EXPECT_EQ(test, (int)path.saddr, OURS);
	KUNIT_EXPECT_EQ(test, (int)path.halen, 0);
	/* Who has no EID yet may talk to neighbours. */
	link->saddr = MCTP_ADDR_NULL;
	KUNIT_ASSERT_EQ(test, path_to(25, &path), 0);
	KUNIT_EXPECT_EQ(test, (int)path.saddr, 0);

	KUNIT_EXPECT_EQ(test, path_to(31, &path), -EHOSTUNREACH);
	KUNIT_EXPECT_EQ(test, path_to(MCTP_ADDR_NULL, &path), -EHOSTUNREACH);
	KUNIT_EXPECT_EQ(test, path_to(MCTP_ADDR_ANY, &path), -EHOSTUNREACH);
	KUNIT_EXPECT_EQ(test, path_in(2, 25, &path), -EHOSTUNREACH);
}

static void an_address_of_ours_is_local(struct kunit *test)
{
	struct mc_link *link = fake_link(test, 1, NET);
	struct mc_path path;

	KUNIT_ASSERT_EQ(test, add_local(link, OURS), 0);
	KUNIT_ASSERT_EQ(test, path_to(OURS, &path), 0);
	KUNIT_EXPECT_TRUE(test, path.local);
	KUNIT_EXPECT_PTR_EQ(test, path.link, link);
	KUNIT_EXPECT_TRUE(test, is_local(NET, OURS));
	KUNIT_EXPECT_FALSE(test, is_local(NET + 1, OURS));
	KUNIT_EXPECT_FALSE(test, is_local(NET, OURS + 1));
	add(test, 20, 30, link, 0, 0);
	KUNIT_EXPECT_FALSE(test, is_local(NET, 25));
	KUNIT_EXPECT_EQ(test, path_to(OURS + 1, &path), -EHOSTUNREACH);
}

struct mtus {
	unsigned int device;
	unsigned int route;
	unsigned int gateway;
	unsigned int path;
};

static const struct mtus mtus[] = {
	{ 255, 0, 0, 255 }, { 255, 100, 0, 100 }, { 255, 0, 90, 90 },
	{ 255, 100, 90, 90 }, { 255, 90, 100, 90 }, { 68, 100, 90, 68 },
	{ 68, 1000, 1000, 68 }, { 68, 68, 68, 68 },
};

static void describe_mtus(const struct mtus *m, char *desc)
{
	snprintf(desc, KUNIT_PARAM_DESC_SIZE,
		 "device %u, route %u, gateway's route %u", m->device,
		 m->gateway, m->route);
}

KUNIT_ARRAY_PARAM(mtus, mtus, describe_mtus);

static void the_smallest_mtu_on_the_way_counts(struct kunit *test)
{
	const struct mtus *mtus = test->param_value;
	struct mc_link *link = fake_link(test, 1, NET);
	struct mc_path path;

	link->saddr = OURS;
	link->dev->mtu = mtus->device;
	add(test, 20, 30, link, 0, mtus->route);
	add(test, 50, 60, NULL, 20, mtus->gateway);
	KUNIT_ASSERT_EQ(test, path_to(55, &path), 0);
	KUNIT_EXPECT_EQ(test, path.mtu, mtus->path);
}

static void a_gateway_is_the_next_hop(struct kunit *test)
{
	struct mc_link *link = fake_link(test, 1, NET);
	struct mc_path path;

	link->saddr = OURS;
	add(test, 20, 30, link, 0, 0);
	add(test, 50, 60, NULL, 21, 0);
	add(test, 70, 80, NULL, 55, 0);
	KUNIT_ASSERT_EQ(test, path_to(55, &path), 0);
	KUNIT_EXPECT_EQ(test, (int)path.nexthop, 21);
	KUNIT_EXPECT_PTR_EQ(test, path.link, link);
	/* behind the gateway's gateway */
	KUNIT_ASSERT_EQ(test, path_to(75, &path), 0);
	KUNIT_EXPECT_EQ(test, (int)path.nexthop, 21);

	/* From there nobody could answer an endpoint without an EID. */
	link->saddr = MCTP_ADDR_NULL;
	KUNIT_EXPECT_EQ(test, path_to(55, &path), -EHOSTUNREACH);
	KUNIT_EXPECT_EQ(test, path_to(21, &path), 0);
	/* a gateway that there is no way to */
	link->saddr = OURS;
	add(test, 90, 99, NULL, 200, 0);
	KUNIT_EXPECT_EQ(test, path_to(95, &path), -EHOSTUNREACH);
}

static void gateways_that_lead_in_circles_lead_nowhere(struct kunit *test)
{
	struct mc_path path;

	add(test, 20, 20, NULL, 20, 0);
	add(test, 30, 30, NULL, 31, 0);
	add(test, 31, 31, NULL, 32, 0);
	add(test, 32, 32, NULL, 30, 0);
	KUNIT_EXPECT_EQ(test, path_to(20, &path), -EHOSTUNREACH);
	KUNIT_EXPECT_EQ(test, path_to(31, &path), -EHOSTUNREACH);
}

static void a_chain_of_gateways_has_an_end(struct kunit *test)
{
	struct mc_link *link = fake_link(test, 1, NET);
	struct mc_path path;
	unsigned int i;

	link->saddr = OURS;
	add(test, 100, 100, link, 0, 0);
	for (i = 101; i < 140; i++)
		add(test, i, i, NULL, i - 1, 0);
	KUNIT_EXPECT_EQ(test, path_to(131, &path), 0);
	KUNIT_EXPECT_EQ(test, (int)path.nexthop, 100);
	KUNIT_EXPECT_EQ(test, path_to(132, &path), -EHOSTUNREACH);
	KUNIT_EXPECT_EQ(test, path_to(139, &path), -EHOSTUNREACH);
}

static int path_by_haddr(int ifindex, u8 halen, const u8 *haddr,
			 struct mc_path *path)
{
	int err;

	memset(path, 0x55, sizeof(*path));
	rcu_read_lock();
	err = mc_path_to_haddr(&init_net, ifindex, halen, haddr, path);
	rcu_read_unlock();
	return err;
}

static void a_link_address_needs_no_route(struct kunit *test)
{
	static const u8 haddr[MAX_ADDR_LEN + 1] = { 0xaa, 0xbb, 0xcc };
	struct mc_path path;

	known = fake_link(test, 1, NET);
	known->saddr = OURS;
	known->dev->mtu = 100;
	known->dev->addr_len = 2;
	known_ifindex = 7;
	KUNIT_ASSERT_EQ(test, path_by_haddr(7, 2, haddr, &path), 0);
	KUNIT_EXPECT_PTR_EQ(test, path.mn, &fake.mn);
	KUNIT_EXPECT_PTR_EQ(test, path.link, known);
	KUNIT_EXPECT_FALSE(test, path.local);
	KUNIT_EXPECT_EQ(test, path.mtu, 100U);
	KUNIT_EXPECT_EQ(test, (int)path.nexthop, 0);
	KUNIT_EXPECT_EQ(test, (int)path.saddr, OURS);
	KUNIT_EXPECT_EQ(test, (int)path.halen, 2);
	KUNIT_EXPECT_FALSE(test, memcmp(path.haddr, "\xaa\xbb\x55", 3));

	KUNIT_EXPECT_EQ(test, path_by_haddr(7, 3, haddr, &path), -EINVAL);
	KUNIT_EXPECT_EQ(test, path_by_haddr(7, 0, haddr, &path), -EINVAL);
	KUNIT_EXPECT_EQ(test, path_by_haddr(8, 2, haddr, &path), -ENOENT);

	/* USB has no addresses. */
	known->dev->addr_len = 0;
	KUNIT_EXPECT_EQ(test, path_by_haddr(7, 0, haddr, &path), 0);
	KUNIT_EXPECT_EQ(test, (int)path.halen, 0);

	known->dev->addr_len = MAX_ADDR_LEN;
	KUNIT_EXPECT_EQ(test, path_by_haddr(7, MAX_ADDR_LEN, haddr, &path), 0);
	known->dev->addr_len = MAX_ADDR_LEN + 1;
	KUNIT_EXPECT_EQ(test, path_by_haddr(7, MAX_ADDR_LEN + 1, haddr, &path),
			-EINVAL);

	/* an interface, but none of MCTP's */
	eth = fake_link(test, 3, NET)->dev;
	eth->addr_len = 6;
	KUNIT_EXPECT_EQ(test, path_by_haddr(3, 6, haddr, &path), -ENOENT);
}

static void local_routes_come_and_go_with_addresses(struct kunit *test)
{
	struct mc_link *link = fake_link(test, 1, NET);
	struct mc_link *other = fake_link(test, 2, NET);

	KUNIT_EXPECT_EQ(test, add_local(link, OURS), 0);
	KUNIT_EXPECT_EQ(test, add_local(other, OURS), -EEXIST);
	KUNIT_EXPECT_EQ(test, add_local(link, 7), -EINVAL);
	fake.fail_in = 1;
	KUNIT_EXPECT_EQ(test, add_local(link, 10), -ENOMEM);
	KUNIT_EXPECT_EQ(test, fake.objects, 2);
	other->netid = 2;
	fake.fail_in = 2;
	KUNIT_EXPECT_EQ(test, add_local(other, OURS), -ENOMEM);
	KUNIT_EXPECT_EQ(test, fake.objects, 2);
	other->netid = NET;

	rtnl_lock();
	/* not what is another link's, nor what a user has set */
	mc_routes_del_local(other, OURS);
	KUNIT_EXPECT_TRUE(test, has_route(NET, OURS));
	add(test, 20, 20, link, 0, 0);
	mc_routes_del_local(link, 20);
	KUNIT_EXPECT_TRUE(test, has_route(NET, 20));
	mc_routes_del_local(link, OURS);
	KUNIT_EXPECT_FALSE(test, has_route(NET, OURS));
	rtnl_unlock();
}

static void a_user_deletes_the_route_that_he_names(struct kunit *test)
{
	struct mc_link *link = fake_link(test, 1, NET);

	add(test, 20, 30, link, 0, 0);
	add(test, 20, 20, NULL, 25, 0);
	KUNIT_ASSERT_EQ(test, add_local(link, OURS), 0);
	rtnl_lock();
	KUNIT_EXPECT_EQ(test, mc_routes_del(&fake.mn, NET, 20, 29), -ENOENT);
	KUNIT_EXPECT_EQ(test, mc_routes_del(&fake.mn, NET, 21, 30), -ENOENT);
	KUNIT_EXPECT_EQ(test, mc_routes_del(&fake.mn, 2, 20, 30), -ENOENT);
	KUNIT_EXPECT_EQ(test, mc_routes_del(&fake.mn, NET, OURS, OURS),
			-ENOENT);
	KUNIT_EXPECT_EQ(test, mc_routes_del(&fake.mn, NET, 20, 30), 0);
	KUNIT_EXPECT_EQ(test, mc_routes_del(&fake.mn, NET, 20, 30), -ENOENT);
	rtnl_unlock();
	KUNIT_EXPECT_FALSE(test, has_route(NET, 21));
	KUNIT_EXPECT_TRUE(test, has_route(NET, 20));
	KUNIT_EXPECT_TRUE(test, has_route(NET, OURS));
}

static void routes_go_with_their_link(struct kunit *test)
{
	struct mc_link *link = fake_link(test, 1, NET);
	struct mc_link *other = fake_link(test, 2, NET);

	add(test, 20, 30, link, 0, 0);
	add(test, 25, 35, other, 0, 0);
	add(test, 40, 50, NULL, 20, 0);
	KUNIT_ASSERT_EQ(test, add_local(link, OURS), 0);
	rtnl_lock();
	mc_routes_del_link(link);
	rtnl_unlock();
	KUNIT_EXPECT_FALSE(test, has_route(NET, 20));
	KUNIT_EXPECT_FALSE(test, has_route(NET, OURS));
	KUNIT_EXPECT_TRUE(test, has_route(NET, 25));
	/* It may find another way later. */
	KUNIT_EXPECT_TRUE(test, has_route(NET, 40));
}

static int move(struct mc_link *link, unsigned int netid)
{
	int err;

	rtnl_lock();
	err = mc_routes_move_link(link, netid);
	rtnl_unlock();
	return err;
}

static void routes_follow_their_link(struct kunit *test)
{
	struct mc_link *link = fake_link(test, 1, NET);
	struct mc_link *other = fake_link(test, 2, NET);

	/* nothing to move, nothing to need memory for */
	fake.fail_in = 1;
	KUNIT_EXPECT_EQ(test, move(link, 2), 0);
	fake.fail_in = 0;

	add(test, 20, 30, link, 0, 0);
	add(test, 60, 70, other, 0, 0);
	add(test, 40, 50, NULL, 20, 0);
	KUNIT_ASSERT_EQ(test, add_local(link, OURS), 0);
	fake.fail_in = 1;
	KUNIT_EXPECT_EQ(test, move(link, 2), -ENOMEM);
	KUNIT_EXPECT_TRUE(test, has_route(NET, 20));
	KUNIT_EXPECT_TRUE(test, has_route(NET, OURS));

	KUNIT_EXPECT_EQ(test, move(link, 2), 0);
	KUNIT_EXPECT_FALSE(test, has_route(NET, 20));
	KUNIT_EXPECT_FALSE(test, has_route(NET, OURS));
	KUNIT_EXPECT_TRUE(test, has_route(2, 20));
	KUNIT_EXPECT_TRUE(test, has_route(2, OURS));
	KUNIT_EXPECT_TRUE(test, has_route(NET, 60));
	KUNIT_EXPECT_TRUE(test, has_route(NET, 40));
}

static int paths_init(struct kunit *test)
{
	fake_core_start();
	known = NULL;
	eth = NULL;
	return 0;
}

static void paths_exit(struct kunit *test)
{
	fake.fail_in = 0;
	mc_rtable_clear(&fake.mn.table);
	fake_core_end(test);
}

static struct kunit_case paths_cases[] = {
	KUNIT_CASE(a_direct_route_is_the_path),
	KUNIT_CASE(an_address_of_ours_is_local),
	KUNIT_CASE_PARAM(the_smallest_mtu_on_the_way_counts, mtus_gen_params),
	KUNIT_CASE(a_gateway_is_the_next_hop),
	KUNIT_CASE(gateways_that_lead_in_circles_lead_nowhere),
	KUNIT_CASE(a_chain_of_gateways_has_an_end),
	KUNIT_CASE(a_link_address_needs_no_route),
	KUNIT_CASE(local_routes_come_and_go_with_addresses),
	KUNIT_CASE(a_user_deletes_the_route_that_he_names),
	KUNIT_CASE(routes_go_with_their_link),
	KUNIT_CASE(routes_follow_their_link),
	{}
};

static struct kunit_suite paths_suite = {
	.name = "mctp_core_paths",
	.init = paths_init,
	.exit = paths_exit,
	.test_cases = paths_cases,
};

kunit_test_suite(paths_suite);

MODULE_DESCRIPTION("KUnit: MCTP routing decisions");
MODULE_LICENSE("GPL");
