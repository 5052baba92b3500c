/* SPDX-License-Identifier: GPL-2.0 */
/*
 * src/core/device.c under test, with the routes that addresses make, and devices
 * that come and go as a case wants them to.
 */
#ifndef KUNIT_FAKE_CORE_LINKS_H
#define KUNIT_FAKE_CORE_LINKS_H

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

static inline void vanish(struct net_device *dev)
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

static inline struct net_device *new_device(struct kunit *test, int ifindex, u16 type)
{
	struct net_device *dev = kunit_kzalloc(test, sizeof(*dev), GFP_KERNEL);

	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, dev);
	dev->ifindex = ifindex;
	dev->type = type;
	dev->mtu = 68;
	return dev;
}

/* As if the kernel, not a driver of ours, said so */
static inline int appear(struct net_device *dev)
{
	int err;

	rtnl_lock();
	err = fake_register(dev);
	rtnl_unlock();
	return err;
}

static inline struct mc_link *link_of(const struct net_device *dev)
{
	struct mc_link *link;

	rcu_read_lock();
	link = mc_link_rcu(dev);
	rcu_read_unlock();
	return link;
}

static inline struct mc_link *new_link(struct kunit *test, int ifindex)
{
	struct net_device *dev = new_device(test, ifindex, ARPHRD_MCTP);

	KUNIT_ASSERT_EQ(test, appear(dev), 0);
	KUNIT_ASSERT_TRUE(test, link_of(dev));
	return link_of(dev);
}

static inline int add_addr(struct mc_link *link, u8 eid)
{
	int err;

	rtnl_lock();
	err = mc_link_add_addr(link, eid);
	rtnl_unlock();
	return err;
}

static inline int del_addr(struct mc_link *link, u8 eid)
{
	int err;

	rtnl_lock();
	err = mc_link_del_addr(link, eid);
	rtnl_unlock();
	return err;
}

static inline int set_net(struct mc_link *link, unsigned int netid)
{
	int err;

	rtnl_lock();
	err = mc_link_set_net(link, netid);
	rtnl_unlock();
	return err;
}

static inline struct mc_route *route_to(unsigned int netid, u8 eid)
{
	struct mc_route *rt;

	rcu_read_lock();
	rt = mc_rtable_find(&fake.mn.table, netid, eid);
	rcu_read_unlock();
	return rt;
}

static inline int links_init(struct kunit *test)
{
	fake_core_start();
	memset(&world, 0, sizeof(world));
	return 0;
}

#endif /* KUNIT_FAKE_CORE_LINKS_H */
