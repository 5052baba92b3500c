// SPDX-License-Identifier: GPL-2.0
/*
 * src/core/device.c: addresses of links, and the routes that those make.
 */
#include "fake-core-links.h"

static void an_address_is_unicast_and_there_once(struct kunit *test)
{
	struct mc_link *link = new_link(test, 1);
	unsigned int eid;

	for (eid = 0; eid <= 255; eid++)
		KUNIT_EXPECT_EQ_MSG(test, add_addr(link, eid),
				    eid >= 8 && eid <= 254 ? 0 : -EINVAL,
				    "EID %u", eid);
	KUNIT_EXPECT_EQ(test, (int)link->addr_count, 247);
	KUNIT_EXPECT_EQ(test, (int)link->saddr, 8);
	for (eid = 8; eid <= 254; eid++) {
		KUNIT_EXPECT_EQ(test, add_addr(link, eid), -EEXIST);
		KUNIT_EXPECT_TRUE(test, mc_link_has_addr(link, eid));
		KUNIT_EXPECT_EQ(test, del_addr(link, eid), 0);
		KUNIT_EXPECT_FALSE(test, mc_link_has_addr(link, eid));
		KUNIT_EXPECT_EQ(test, del_addr(link, eid), -ENOENT);
	}
	vanish(link->dev);
}

static void the_first_address_is_the_source(struct kunit *test)
{
	struct mc_link *link = new_link(test, 1);

	KUNIT_ASSERT_EQ(test, add_addr(link, 30), 0);
	KUNIT_ASSERT_EQ(test, add_addr(link, 10), 0);
	KUNIT_ASSERT_EQ(test, add_addr(link, 20), 0);
	KUNIT_EXPECT_EQ(test, (int)link->saddr, 30);
	KUNIT_EXPECT_EQ(test, del_addr(link, 10), 0);
	KUNIT_EXPECT_EQ(test, (int)link->saddr, 30);
	KUNIT_EXPECT_EQ(test, del_addr(link, 30), 0);
	KUNIT_EXPECT_EQ(test, (int)link->saddr, 20);
	KUNIT_EXPECT_EQ(test, del_addr(link, 20), 0);
	KUNIT_EXPECT_EQ(test, (int)link->saddr, MCTP_ADDR_NULL);
	vanish(link->dev);
}

static void an_address_has_a_local_route(struct kunit *test)
{
	struct mc_link *link = new_link(test, 1), *second = new_link(test, 2);

	KUNIT_ASSERT_EQ(test, add_addr(link, OURS), 0);
	KUNIT_ASSERT_TRUE(test, route_to(NET, OURS));
	KUNIT_EXPECT_EQ(test, (int)route_to(NET, OURS)->type, RTN_LOCAL);
	/* Another link may have it, too; it gets there the way it got. */
	KUNIT_EXPECT_EQ(test, add_addr(second, OURS), 0);
	KUNIT_EXPECT_PTR_EQ(test, route_to(NET, OURS)->link, link);
	KUNIT_EXPECT_EQ(test, del_addr(second, OURS), 0);
	KUNIT_ASSERT_TRUE(test, route_to(NET, OURS));
	KUNIT_EXPECT_PTR_EQ(test, route_to(NET, OURS)->link, link);
	KUNIT_EXPECT_EQ(test, del_addr(link, OURS), 0);
	KUNIT_EXPECT_FALSE(test, route_to(NET, OURS));

	fake.fail_in = 1;
	KUNIT_EXPECT_EQ(test, add_addr(link, OURS), -ENOMEM);
	KUNIT_EXPECT_FALSE(test, mc_link_has_addr(link, OURS));
	KUNIT_EXPECT_EQ(test, (int)link->saddr, MCTP_ADDR_NULL);
	vanish(link->dev);
	vanish(second->dev);
}

static void addresses_follow_to_another_network(struct kunit *test)
{
	struct mc_link *link = new_link(test, 1);

	KUNIT_ASSERT_EQ(test, add_addr(link, OURS), 0);
	fake.fail_in = 1;
	KUNIT_EXPECT_EQ(test, set_net(link, NET), 0);
	KUNIT_EXPECT_EQ(test, set_net(link, 9), -ENOMEM);
	KUNIT_EXPECT_EQ(test, link->netid, (unsigned int)NET);
	KUNIT_EXPECT_TRUE(test, route_to(NET, OURS));

	KUNIT_EXPECT_EQ(test, set_net(link, 9), 0);
	KUNIT_EXPECT_EQ(test, link->netid, 9U);
	KUNIT_EXPECT_TRUE(test, mc_link_has_addr(link, OURS));
	KUNIT_EXPECT_FALSE(test, route_to(NET, OURS));
	KUNIT_EXPECT_TRUE(test, route_to(9, OURS));
	KUNIT_EXPECT_EQ(test, del_addr(link, OURS), 0);
	KUNIT_EXPECT_FALSE(test, route_to(9, OURS));
	vanish(link->dev);
}

/* Two links of a network with one address, which only the first receives for */
static void two_links(struct kunit *test, struct mc_link **first,
		      struct mc_link **second)
{
	*first = new_link(test, 1);
	*second = new_link(test, 2);
	KUNIT_ASSERT_EQ(test, add_addr(*first, THEIRS), 0);
	KUNIT_ASSERT_EQ(test, add_addr(*first, OURS), 0);
	KUNIT_ASSERT_EQ(test, add_addr(*second, 20), 0);
	KUNIT_ASSERT_EQ(test, add_addr(*second, OURS), 0);
	KUNIT_ASSERT_PTR_EQ(test, route_to(NET, OURS)->link, *first);
}

static void expect_receiver(struct kunit *test, unsigned int netid, u8 eid,
			    const struct mc_link *link)
{
	const struct mc_route *rt = route_to(netid, eid);

	KUNIT_EXPECT_PTR_EQ(test, rt ? rt->link : NULL, link);
	if (rt)
		KUNIT_EXPECT_EQ(test, (int)rt->type, RTN_LOCAL);
}

static void another_link_takes_an_address_over(struct kunit *test)
{
	struct mc_link *first, *second;

	two_links(test, &first, &second);
	KUNIT_EXPECT_EQ(test, del_addr(first, OURS), 0);
	expect_receiver(test, NET, OURS, second);
	KUNIT_EXPECT_EQ(test, add_addr(first, OURS), 0);
	expect_receiver(test, NET, OURS, second);
	vanish(second->dev);
	expect_receiver(test, NET, OURS, first);
	expect_receiver(test, NET, THEIRS, first);
	expect_receiver(test, NET, 20, NULL);

	/* if there is memory for that */
	second = new_link(test, 2);
	KUNIT_ASSERT_EQ(test, add_addr(second, OURS), 0);
	fake.fail_in = 1;
	vanish(first->dev);
	expect_receiver(test, NET, OURS, NULL);
	KUNIT_EXPECT_TRUE(test, mc_link_has_addr(second, OURS));
	vanish(second->dev);
}

/* A route of the user's for an address alone, or for more EIDs */
static struct mc_route *add_route(struct kunit *test, struct mc_link *link,
				  u8 min, u8 max)
{
	struct mc_route *rt = fake_route(test, link->netid, min, max);

	rt->link = link;
	KUNIT_ASSERT_EQ(test, mc_rtable_add(&fake.mn.table, rt), 0);
	return rt;
}

/* Whatever takes the route away: the user, its link's end, or its move */
static void a_link_receives_when_a_route_goes(struct kunit *test)
{
	struct mc_link *first, *second;
	struct mc_route *rt;

	two_links(test, &first, &second);
	rt = add_route(test, first, 40, 40);
	KUNIT_EXPECT_EQ(test, add_addr(second, 40), 0);
	KUNIT_EXPECT_PTR_EQ(test, route_to(NET, 40), rt);
	KUNIT_EXPECT_EQ(test, set_net(first, 2), 0);
	KUNIT_EXPECT_PTR_EQ(test, route_to(2, 40), rt);
	expect_receiver(test, NET, 40, second);

	/* A route for more than the address does not matter. */
	KUNIT_EXPECT_EQ(test, set_net(second, 2), 0);
	add_route(test, first, 50, 50);
	add_route(test, first, 50, 60);
	KUNIT_EXPECT_EQ(test, add_addr(second, 50), 0);
	KUNIT_EXPECT_EQ(test, add_addr(second, 51), 0);
	KUNIT_EXPECT_EQ(test, (int)route_to(2, 50)->max, 60);
	expect_receiver(test, 2, 51, second);
	vanish(first->dev);
	expect_receiver(test, 2, 50, second);
	vanish(second->dev);
	KUNIT_EXPECT_FALSE(test, route_to(2, 50));
}

static void links_that_part_each_receive(struct kunit *test)
{
	struct mc_link *first, *second;

	two_links(test, &first, &second);
	KUNIT_ASSERT_EQ(test, set_net(first, 9), 0);
	expect_receiver(test, NET, OURS, second);
	expect_receiver(test, NET, THEIRS, NULL);
	expect_receiver(test, 9, OURS, first);
	expect_receiver(test, 9, THEIRS, first);
	vanish(first->dev);
	expect_receiver(test, 9, OURS, NULL);
	vanish(second->dev);

	/* the other one goes, which never received for it */
	two_links(test, &first, &second);
	KUNIT_ASSERT_EQ(test, set_net(second, 9), 0);
	expect_receiver(test, NET, OURS, first);
	expect_receiver(test, 9, OURS, second);
	expect_receiver(test, 9, 20, second);
	/* An address of another network is not what it loses. */
	KUNIT_EXPECT_EQ(test, del_addr(first, OURS), 0);
	expect_receiver(test, NET, OURS, NULL);
	vanish(first->dev);
	vanish(second->dev);
}

static struct kunit_case addrs_cases[] = {
	KUNIT_CASE(an_address_is_unicast_and_there_once),
	KUNIT_CASE(the_first_address_is_the_source),
	KUNIT_CASE(an_address_has_a_local_route),
	KUNIT_CASE(addresses_follow_to_another_network),
	KUNIT_CASE(another_link_takes_an_address_over),
	KUNIT_CASE(a_link_receives_when_a_route_goes),
	KUNIT_CASE(links_that_part_each_receive),
	{}
};

static struct kunit_suite addrs_suite = {
	.name = "mctp_core_addrs",
	.init = links_init,
	.exit = fake_core_end,
	.test_cases = addrs_cases,
};

kunit_test_suite(addrs_suite);

MODULE_DESCRIPTION("KUnit: addresses of MCTP links");
MODULE_LICENSE("GPL");
