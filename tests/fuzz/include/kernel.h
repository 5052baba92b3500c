/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the core's tags, reassembly and delivery take from the kernel, for user
 * space. Whatever the kernel would warn of, or survive by luck, ends the program.
 */
#ifndef FUZZ_KERNEL_H
#define FUZZ_KERNEL_H

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <linux/bitops.h>
#include <linux/bits.h>
#include <linux/build_bug.h>
#include <linux/hash.h>
#include <linux/hashtable.h>
#include <linux/kernel.h>
#include <linux/list.h>
#include <linux/types.h>
#include <asm-generic/bitsperlong.h>

#define must(holds)							\
	do {								\
		if (!(holds)) {						\
			fprintf(stderr, "%s:%d: %s\n", __FILE__, __LINE__, #holds); \
			abort();					\
		}							\
	} while (0)

/* ----------------------------------------------------------------- memory */

#define GFP_KERNEL		1
#define GFP_KERNEL_ACCOUNT	1
#define GFP_ATOMIC		2
#define __GFP_NOWARN		4
#define PAGE_SIZE		4096UL

static struct {
	int objects, skbs;
	/* the allocation that fails, counted from now: 1 is the next, 0 none */
	unsigned int fail_in;
	bool failed;
} memory;

static inline bool memory_fails(void)
{
	if (!memory.fail_in || --memory.fail_in)
		return false;
	memory.failed = true;
	return true;
}

static inline void *get_memory(size_t size)
{
	return memory_fails() ? NULL : calloc(1, size);
}

static inline void *kzalloc(size_t size, int gfp)
{
	void *object = get_memory(size);

	memory.objects += !!object;
	return object;
}

static inline void kfree(void *object)
{
	memory.objects -= !!object;
	free(object);
}

struct page {
	u8 bytes[PAGE_SIZE];
};

static inline struct page *alloc_page(int gfp)
{
	return get_memory(sizeof(struct page));
}

#define __free_page(page)	free(page)
#define page_address(page)	((void *)(page)->bytes)

/* ------------------------------------------------------------ time, locks */

#define HZ		8
static unsigned long jiffies;
#define time_after(a, b)	((long)((b) - (a)) < 0)

struct timer_list {
	void (*function)(struct timer_list *timer);
	bool pending;
	unsigned long expires;
};

#define timer_pending(timer)		((timer)->pending)
#define timer_delete_sync(timer)	((timer)->pending = false)

static inline void timer_setup(struct timer_list *timer,
			       void (*function)(struct timer_list *timer),
			       unsigned int flags)
{
	timer->function = function;
}

static inline void mod_timer(struct timer_list *timer, unsigned long expires)
{
	timer->pending = true;
	timer->expires = expires;
}

struct fuzz_lock {
	bool held;
};

#define spinlock_t	struct fuzz_lock

struct mutex {
	bool held;
};

static inline void take(spinlock_t *lock)
{
	must(!lock->held);
	lock->held = true;
}

static inline void give_back(spinlock_t *lock)
{
	must(lock->held);
	lock->held = false;
}

#undef spin_lock_init
#undef spin_lock
#undef spin_unlock
#define spin_lock_init(lock)		((lock)->held = false)
#define spin_lock(lock)			take(lock)
#define spin_unlock(lock)		give_back(lock)
#define spin_lock_bh(lock)		take(lock)
#define spin_unlock_bh(lock)		give_back(lock)
#define lockdep_assert_held(lock)	must((lock)->held)

static bool bh_off;

#define local_bh_disable()		(bh_off = true)
#define local_bh_enable()		(bh_off = false)
#define rcu_read_lock()
#define rcu_read_unlock()

struct rcu_head {
	int unused;
};

#define refcount_t	int

/* ------------------------------------------------------------------ names */

#define TRACE_EVENT(...)
#define TRACE_DEFINE_ENUM(name)

struct user_namespace {
	/* of whoever is at it */
	bool net_raw;
};

#define CAP_NET_RAW			13
#define ns_capable_noaudit(ns, cap)	((cap) == CAP_NET_RAW && (ns)->net_raw)

static struct user_namespace init_user_ns;

struct netlink_ext_ack;
struct socket;

struct net {
	void *ours;
};

struct net_device {
	int ifindex;
	unsigned int mtu;
	struct net *net;
};

struct sock {
	struct net *net;
	int sk_rcvbuf;
};

#define dev_net(dev)		((dev)->net)
#define sock_net(sk)		((sk)->net)

static inline void *net_generic(const struct net *net, unsigned int id)
{
	return net->ours;
}

#define MAX_ADDR_LEN	32
#define NEED_MCTP_UAPI
#define __kernel_sa_family_t	u16
#define SIOCPROTOPRIVATE	0x89e0
#include "../../../include/compat/linux/mctp.h"

#define MCTP_INITIAL_DEFAULT_NET	1
#define MCTP_HDR_FLAG_SOM		0x80
#define MCTP_HDR_FLAG_EOM		0x40
#define MCTP_HDR_SEQ_SHIFT		4
#define MCTP_HDR_SEQ_MASK		0x03
#define MCTP_HDR_FLAG_TO		0x08
#define MCTP_HDR_TAG_MASK		0x07

enum mctp_phys_binding { MCTP_PHYS_BINDING_USB = 3 };

struct mctp_hdr {
	u8 ver;
	u8 dest;
	u8 src;
	u8 flags_seq_tag;
};

#include "rhashtable.h"
#include "sk_buff.h"

struct mctp_skb_cb {
	unsigned int net;
};

#define mctp_cb(skb)	((struct mctp_skb_cb *)(skb)->cb)

static inline struct mctp_hdr *mctp_hdr(const struct sk_buff *skb)
{
	return (struct mctp_hdr *)(skb->head + skb->network_header);
}

#endif /* FUZZ_KERNEL_H */
