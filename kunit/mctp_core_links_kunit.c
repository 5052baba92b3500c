// SPDX-License-Identifier: GPL-2.0
/*
 * src/core/device.c: which devices have links, and for how long.
 */
#include "fake-core-links.h"

static void devices_that_speak_mctp_have_links(struct kunit *test)
{
	static const struct {
		u16 type;
		bool speaks;
	} types[] = {
		{ ARPHRD_MCTP, true }, { ARPHRD_LOOPBACK, true },
		{ ARPHRD_NONE, true }, { ARPHRD_ETHER, false },
		{ ARPHRD_CAN, false },
	};
	struct net_device *dev;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(types); i++) {
		dev = new_device(test, 1, types[i].type);
		KUNIT_EXPECT_EQ(test, appear(dev), 0);
		KUNIT_EXPECT_EQ_MSG(test, !!link_of(dev), types[i].speaks,
				    "type %u", types[i].type);
		vanish(dev);
		KUNIT_EXPECT_FALSE(test, link_of(dev));
	}
	KUNIT_EXPECT_EQ(test, world.device_refs, 0);
}

static void a_new_link_has_nothing_yet(struct kunit *test)
{
	struct mc_link *link;

	fake.mn.default_net = 17;
	link = new_link(test, 1);
	KUNIT_EXPECT_EQ(test, link->netid, 17U);
	KUNIT_EXPECT_EQ(test, (int)link->binding, MCTP_PHYS_BINDING_UNSPEC);
	KUNIT_EXPECT_EQ(test, (int)link->saddr, MCTP_ADDR_NULL);
	KUNIT_EXPECT_EQ(test, (int)link->addr_count, 0);
	KUNIT_EXPECT_TRUE(test, list_empty(&link->partials));
	KUNIT_EXPECT_FALSE(test, mc_link_has_addr(link, 0));
	rtnl_lock();
	KUNIT_EXPECT_PTR_EQ(test, mc_link_rtnl(link->dev), link);
	/* Being told of it twice makes no second one. */
	KUNIT_EXPECT_EQ(test, event(NETDEV_REGISTER, link->dev), NOTIFY_OK);
	KUNIT_EXPECT_EQ(test, event(NETDEV_CHANGEMTU, link->dev), NOTIFY_DONE);
	rtnl_unlock();
	KUNIT_EXPECT_EQ(test, world.device_refs, 1);
	KUNIT_EXPECT_EQ(test, fake.objects, 1);
	vanish(link->dev);
}

static void a_link_takes_all_along_that_is_its(struct kunit *test)
{
	struct mc_link *link = new_link(test, 1), *other = new_link(test, 2);
	struct net_device *dev = link->dev;

	KUNIT_ASSERT_EQ(test, add_addr(link, OURS), 0);
	KUNIT_ASSERT_EQ(test, add_addr(other, THEIRS), 0);
	vanish(dev);
	KUNIT_EXPECT_FALSE(test, link_of(dev));
	KUNIT_EXPECT_FALSE(test, route_to(NET, OURS));
	KUNIT_EXPECT_TRUE(test, route_to(NET, THEIRS));
	KUNIT_EXPECT_EQ(test, world.neighs_gone, 1U);
	KUNIT_EXPECT_EQ(test, world.partials_gone, 1U);
	KUNIT_EXPECT_EQ(test, world.device_refs, 1);
	/* A device without a link may go as well. */
	vanish(dev);
	vanish(other->dev);
	KUNIT_EXPECT_TRUE(test, list_empty(&fake.mn.links));
}

static void a_sender_keeps_a_link_that_goes(struct kunit *test)
{
	struct mc_link *link = new_link(test, 1);

	KUNIT_EXPECT_TRUE(test, mc_link_tryget(link));
	KUNIT_EXPECT_TRUE(test, mc_link_tryget(link));
	vanish(link->dev);
	KUNIT_EXPECT_FALSE(test, link_of(link->dev));
	KUNIT_EXPECT_TRUE(test, link->dead);
	mc_link_put(link);
	KUNIT_EXPECT_EQ(test, world.device_refs, 1);
	KUNIT_EXPECT_EQ(test, fake.objects, 1);
	mc_link_put(link);
	KUNIT_EXPECT_EQ(test, world.device_refs, 0);
	KUNIT_EXPECT_EQ(test, fake.objects, 0);

	/* Found under RCU just as it went: too late. */
	link = fake_link(test, 2, NET);
	refcount_set(&link->refs, 0);
	KUNIT_EXPECT_FALSE(test, mc_link_tryget(link));
}

static void links_are_in_the_order_of_their_index(struct kunit *test)
{
	static const int order[] = { 5, 1, 9, 3, 4, 12 };
	struct mc_link *link, *next;
	int last = 0;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(order); i++)
		new_link(test, order[i]);
	list_for_each_entry_safe(link, next, &fake.mn.links, list) {
		KUNIT_EXPECT_GT(test, link->dev->ifindex, last);
		last = link->dev->ifindex;
		vanish(link->dev);
	}
	KUNIT_EXPECT_EQ(test, last, 12);
}

/* Any type of device will do, if its driver says that it speaks MCTP. */
static void a_driver_tells_the_binding(struct kunit *test)
{
	struct net_device *dev = new_device(test, 1, ARPHRD_ETHER);

	KUNIT_ASSERT_EQ(test, mctp_register_netdev(dev, NULL,
						   MCTP_PHYS_BINDING_USB), 0);
	KUNIT_ASSERT_TRUE(test, link_of(dev));
	KUNIT_EXPECT_EQ(test, (int)link_of(dev)->binding,
			MCTP_PHYS_BINDING_USB);

	/* It goes to another namespace, where it is registered again. */
	rtnl_lock();
	event(NETDEV_UNREGISTER, dev);
	KUNIT_EXPECT_FALSE(test, mc_link_rtnl(dev));
	event(NETDEV_REGISTER, dev);
	rtnl_unlock();
	KUNIT_ASSERT_TRUE(test, link_of(dev));
	KUNIT_EXPECT_EQ(test, (int)link_of(dev)->binding,
			MCTP_PHYS_BINDING_USB);

	/* Its address may become another device's then. */
	mctp_unregister_netdev(dev);
	KUNIT_EXPECT_EQ(test, fake.objects, 0);
	KUNIT_EXPECT_EQ(test, appear(dev), 0);
	KUNIT_EXPECT_FALSE(test, link_of(dev));
}

static void a_failed_registration_leaves_nothing(struct kunit *test)
{
	struct net_device *dev = new_device(test, 1, ARPHRD_MCTP);
	unsigned int n;

	/* what is known of the driver, then the link */
	for (n = 1; n <= 2; n++) {
		fake.fail_in = n;
		KUNIT_EXPECT_EQ(test, mctp_register_netdev(dev, NULL, 3),
				-ENOMEM);
		KUNIT_EXPECT_EQ(test, fake.objects, 0);
		KUNIT_EXPECT_EQ(test, world.device_refs, 0);
	}
	world.register_err = -EEXIST;
	KUNIT_EXPECT_EQ(test, mctp_register_netdev(dev, NULL, 3), -EEXIST);
	KUNIT_EXPECT_EQ(test, fake.objects, 0);
}

static void the_kernel_is_asked_for_devices(struct kunit *test)
{
	KUNIT_EXPECT_EQ(test, mc_device_init(), 0);
	KUNIT_EXPECT_PTR_EQ(test, world.notifier, &device_notifier);
	mc_device_exit();
	KUNIT_EXPECT_FALSE(test, world.notifier);
}

static struct kunit_case links_cases[] = {
	KUNIT_CASE(devices_that_speak_mctp_have_links),
	KUNIT_CASE(a_new_link_has_nothing_yet),
	KUNIT_CASE(a_link_takes_all_along_that_is_its),
	KUNIT_CASE(a_sender_keeps_a_link_that_goes),
	KUNIT_CASE(links_are_in_the_order_of_their_index),
	KUNIT_CASE(a_driver_tells_the_binding),
	KUNIT_CASE(a_failed_registration_leaves_nothing),
	KUNIT_CASE(the_kernel_is_asked_for_devices),
	{}
};

static struct kunit_suite links_suite = {
	.name = "mctp_core_links",
	.init = links_init,
	.exit = fake_core_end,
	.test_cases = links_cases,
};

kunit_test_suite(links_suite);

MODULE_DESCRIPTION("KUnit: MCTP links");
MODULE_LICENSE("GPL");
