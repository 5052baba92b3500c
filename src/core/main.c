// SPDX-License-Identifier: GPL-2.0
/*
 * The module: what is set up, and in which order.
 *
 * A built-in core is there before anything can ask for it; this one meets a
 * running system. So everything that others can get in by comes after what it
 * uses: the namespaces before packets and netlink requests, sockets last, as
 * they are what can pin the module. Exit goes the other way round; it need not wait
 * for what is freed after a grace period, as a socket pins the module until it is
 * freed, and all else is freed by the kernel's own code.
 *
 * Locks: none here.
 */
#include <linux/module.h>
#include <net/net_namespace.h>

#include "core/core.h"
#include "version.h"

#ifdef CONFIG_MCTP
#error "this kernel has its own AF_MCTP core (CONFIG_MCTP=y)"
#endif

unsigned int mc_net_id __read_mostly;

static int __net_init net_init(struct net *net)
{
	struct mc_net *mn = mc_net(net);

	mn->default_net = MCTP_INITIAL_DEFAULT_NET;
	INIT_LIST_HEAD(&mn->links);
	mc_rtable_init(&mn->table);
	hash_init(mn->neighs);
	INIT_LIST_HEAD(&mn->neigh_list);
	mn->generation = 1;
	mutex_init(&mn->bind_lock);
	hash_init(mn->binds);
	return mc_tags_net_init(mn);
}

/* Links, with routes over them and neighbours, have gone with the devices. */
static void __net_exit net_exit(struct net *net)
{
	struct mc_net *mn = mc_net(net);

	mc_tags_net_exit(mn);
	mc_rtable_clear(&mn->table);
}

static struct pernet_operations net_ops = {
	.init = net_init,
	.exit = net_exit,
	.id = &mc_net_id,
	.size = sizeof(struct mc_net),
};

static int net_register(void)
{
	return register_pernet_subsys(&net_ops);
}

static void net_unregister(void)
{
	unregister_pernet_subsys(&net_ops);
}

static int input_init(void)
{
	mc_input_init();
	return 0;
}

static const struct {
	int (*init)(void);
	void (*exit)(void);
} parts[] = {
	{ mc_socket_init, mc_socket_exit },
	{ net_register, net_unregister },
	{ input_init, mc_input_exit },
	{ mc_device_init, mc_device_exit },
	{ mc_nl_route_init, mc_nl_route_exit },
	{ mc_nl_neigh_init, mc_nl_neigh_exit },
	{ mc_nl_addr_init, mc_nl_addr_exit },
	{ mc_nl_link_init, mc_nl_link_exit },
	{ mc_family_init, mc_family_exit },
};

static void exit_parts(size_t n)
{
	while (n--)
		parts[n].exit();
}

static int __init mctp_init(void)
{
	size_t i;
	int err;

	for (i = 0; i < ARRAY_SIZE(parts); i++) {
		err = parts[i].init();
		if (err) {
			exit_parts(i);
			if (err == -EEXIST)
				pr_err("mctp: another AF_MCTP core is active\n");
			return err;
		}
	}
	return 0;
}
module_init(mctp_init);

static void __exit mctp_exit(void)
{
	exit_parts(ARRAY_SIZE(parts));
}
module_exit(mctp_exit);

MODULE_DESCRIPTION("AF_MCTP protocol core for kernels without CONFIG_MCTP");
MODULE_LICENSE("GPL");
MODULE_VERSION(MCTP_USB_VERSION);
MODULE_ALIAS_NETPROTO(PF_MCTP);
