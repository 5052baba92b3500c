// SPDX-License-Identifier: GPL-2.0
/*
 * src/core/device.c: links and their addresses, with the routes that those make.
 */
#include "fake-core.h"

#include "../src/core/route.c"
#include "../src/core/path.c"

#define NET	MCTP_INITIAL_DEFAULT_NET

static struct {
	int device_refs;
	unsigned int neighs_gone;
	unsigned int partials_gone;
	int register_err;
	const struct notifier_block *notifier;
} world;

void mc_neigh_del_link(struct mc_link *link)
{
	world.neighs_gone++;
}

void mc_partials_del_link(struct mc_link *link)
{
	world.partials_gone++;
	link->dead = true;
}

static void fake_hold(struct net_device *dev)
{
	world.device_refs++;
}

static void fake_put(struct net_device *dev)
{
	world.device_refs--;
}

static int event(unsigned long what, struct net_device *dev);

static int fake_register(struct net_device *dev)
{
	int err = world.register_err;

	if (!err)
		err = notifier_to_errno(event(NETDEV_REGISTER, dev));
	dev->reg_state = err ? NETREG_UNREGISTERED : NETREG_REGISTERED;
	return err;
}

static void vanish(struct net_device *dev)
{
	rtnl_lock();
	dev->reg_state = NETREG_UNREGISTERING;
	event(NETDEV_UNREGISTER, dev);
	rtnl_unlock();
}

static int fake_register_notifier(struct notifier_block *notifier)
{
	world.notifier = notifier;
	return 0;
}

static int fake_unregister_notifier(struct notifier_block *notifier)
{
	if (world.notifier == notifier)
		world.notifier = NULL;
	return 0;
}

#undef dev_hold
#undef dev_put
#undef EXPORT_SYMBOL_GPL
#define dev_hold			fake_hold
#define dev_put				fake_put
#define register_netdevice		fake_register
#define unregister_netdev		vanish
#define register_netdevice_notifier	fake_register_notifier
#define unregister_netdevice_notifier	fake_unregister_notifier
#define EXPORT_SYMBOL_GPL(symbol)

#include "../src/core/device.c"

static int event(unsigned long what, struct net_device *dev)
{
	struct netdev_notifier_info info = { .dev = dev };

	return device_event(&device_notifier, what, &info);
}

static struct net_device *new_device(struct kunit *test, int ifindex, u16 type)
{
	struct net_device *dev = kunit_kzalloc(test, sizeof(*dev), GFP_KERNEL);

	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, dev);
	dev->ifindex = ifindex;
	dev->type = type;
	dev->mtu = 68;
	return dev;
}

/* As if the kernel, not a driver of ours, said so */
static int appear(struct net_device *dev)
{
	int err;

	rtnl_lock();
	err = fake_register(dev);
	rtnl_unlock();
	return err;
}

static struct mc_link *link_of(const struct net_device *dev)
{
	struct mc_link *link;

	rcu_read_lock();
	link = mc_link_rcu(dev);
	rcu_read_unlock();
	return link;
}

static struct mc_link *new_link(struct kunit *test, int ifindex)
{
	struct net_device *dev = new_device(test, ifindex, ARPHRD_MCTP);

	KUNIT_ASSERT_EQ(test, appear(dev), 0);
	KUNIT_ASSERT_TRUE(test, link_of(dev));
	return link_of(dev);
}

static int add_addr(struct mc_link *link, u8 eid)
{
	int err;

	rtnl_lock();
	err = mc_link_add_addr(link, eid);
	rtnl_unlock();
	return err;
}

static int del_addr(struct mc_link *link, u8 eid)
{
	int err;

	rtnl_lock();
	err = mc_link_del_addr(link, eid);
	rtnl_unlock();
	return err;
}

static int set_net(struct mc_link *link, unsigned int netid)
{
	int err;

	rtnl_lock();
	err = mc_link_set_net(link, netid);
	rtnl_unlock();
	return err;
}

static struct mc_route *route_to(unsigned int netid, u8 eid)
{
	struct mc_route *rt;

	rcu_read_lock();
	rt = mc_rtable_find(&fake.mn.table, netid, eid);
	rcu_read_unlock();
	return rt;
}

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

static void the_kernel_is_asked_for_devices(struct kunit *test)
{
	KUNIT_EXPECT_EQ(test, mc_device_init(), 0);
	KUNIT_EXPECT_PTR_EQ(test, world.notifier, &device_notifier);
	mc_device_exit();
	KUNIT_EXPECT_FALSE(test, world.notifier);
}

static int links_init(struct kunit *test)
{
	fake_core_start();
	memset(&world, 0, sizeof(world));
	return 0;
}

static struct kunit_case links_cases[] = {
	KUNIT_CASE(devices_that_speak_mctp_have_links),
	KUNIT_CASE(a_new_link_has_nothing_yet),
	KUNIT_CASE(a_link_takes_all_along_that_is_its),
	KUNIT_CASE(a_sender_keeps_a_link_that_goes),
	KUNIT_CASE(links_are_in_the_order_of_their_index),
	KUNIT_CASE(a_driver_tells_the_binding),
	KUNIT_CASE(a_failed_registration_leaves_nothing),
	KUNIT_CASE(an_address_is_unicast_and_there_once),
	KUNIT_CASE(the_first_address_is_the_source),
	KUNIT_CASE(an_address_has_a_local_route),
	KUNIT_CASE(addresses_follow_to_another_network),
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

MODULE_DESCRIPTION("KUnit: MCTP links and their addresses");
MODULE_LICENSE("GPL");
