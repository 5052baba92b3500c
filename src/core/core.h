/* SPDX-License-Identifier: GPL-2.0 */
/*
 * AF_MCTP protocol core: what its files share.
 *
 * The names of the kernel's own headers (mctp_dev, mctp_route, ...) are taken even
 * where CONFIG_MCTP is off, in shapes that differ between releases; hence the
 * prefix mc_.
 *
 * Locks, from the outside to the inside:
 *   RTNL                writers of links, addresses, routes and neighbours
 *   mc_net.bind_lock    writers of the table of bound sockets (mutex)
 *   mc_net.keys_lock    tags and keys, and all reassembly (spinlock, BH)
 * Readers of links, routes, neighbours and bound sockets are under RCU.
 */
#ifndef MCTP_CORE_CORE_H
#define MCTP_CORE_CORE_H

#include <linux/hashtable.h>
#include <linux/list.h>
#include <linux/mctp.h>
#include <linux/mutex.h>
#include <linux/netdevice.h>
#include <linux/refcount.h>
#include <linux/rhashtable-types.h>
#include <linux/spinlock.h>
#include <linux/timer.h>
#include <net/mctp.h>
#include <net/net_namespace.h>
#include <net/netns/generic.h>
#include <net/sock.h>

#include "core/mctp-core.h"

#define MC_EIDS			256
#define MC_UNICAST_FIRST	8
#define MC_UNICAST_LAST		254
#define MC_UNICAST_EIDS		(MC_UNICAST_LAST - MC_UNICAST_FIRST + 1)

#define MC_HDR_LEN		((unsigned int)sizeof(struct mctp_hdr))
#define MC_TAG_BITS		(MCTP_HDR_TAG_MASK | MCTP_HDR_FLAG_TO)

/* A request's tag, and a message under reassembly, live that long. */
#define MC_KEY_LIFETIME		(6 * HZ)

/* Longest message that is put together from packets, type byte included. */
#define MC_MESSAGE_MAX		65536

/*
 * What a link may hold of unfinished messages; beyond that its oldest one is
 * dropped. A link has no way to make others pay, as every bound is its own. With
 * a socket's bound (the receive buffer plus one message) this limits what any
 * number of hostile devices can pin.
 */
#define MC_LINK_PARTIALS	256
#define MC_LINK_PARTIAL_BYTES	(1024 * 1024)

/* Tags a socket may hold: all eight of every EID. */
#define MC_SOCK_TAGS		(8 * MC_EIDS)

static inline bool mc_eid_unicast(u8 eid)
{
	return eid >= MC_UNICAST_FIRST && eid <= MC_UNICAST_LAST;
}

/* ------------------------------------------------------------------ links */

/**
 * struct mc_link - MCTP's side of a net_device
 * @node: in the table of all links, by device
 * @list: in mc_net.links, by interface index
 * @dev: held for as long as the link lives
 * @refs: one for the table, one for each sender that may sleep
 * @netid: MCTP network; written under RTNL
 * @binding: physical binding as in DSP0239
 * @saddr: first address, or none: read by senders without a lock
 * @addr_count: number of addresses; RTNL
 * @addrs: in the order they were added; RTNL
 * @dead: on its way out; written under keys_lock, which is for all that follows
 * @partials: keys with an unfinished message from this link, oldest first
 * @partial_count: length of that list
 * @partial_bytes: memory of these messages
 * @latest: the one among them that last grew, or NULL
 * @rcu: for the delayed release
 */
struct mc_link {
	struct hlist_node node;
	struct list_head list;
	struct net_device *dev;
	refcount_t refs;
	unsigned int netid;
	u8 binding;
	u8 saddr;
	u8 addr_count;
	u8 addrs[MC_UNICAST_EIDS];

	bool dead;
	struct list_head partials;
	unsigned int partial_count;
	size_t partial_bytes;
	struct mc_key *latest;

	struct rcu_head rcu;
};

struct mc_net;

struct mc_link *mc_link_rcu(const struct net_device *dev);
struct mc_link *mc_link_rtnl(const struct net_device *dev);
bool mc_link_tryget(struct mc_link *link);
void mc_link_put(struct mc_link *link);
int mc_link_set_net(struct mc_link *link, unsigned int netid);
bool mc_link_has_addr(const struct mc_link *link, u8 eid);
int mc_link_add_addr(struct mc_link *link, u8 eid);
int mc_link_del_addr(struct mc_link *link, u8 eid);
void mc_links_take_over(struct mc_net *mn, unsigned int netid, u8 min, u8 max);
int mc_device_init(void);
void mc_device_exit(void);

/* ----------------------------------------------------------------- routes */

/**
 * struct mc_route - where packets for a range of EIDs go
 * @list: in mc_rtable.routes, newest first
 * @netid: network the range belongs to
 * @min: first EID
 * @max: last EID
 * @type: RTN_LOCAL or RTN_UNICAST
 * @mtu: largest packet, 0 for no limit of its own
 * @link: where to, for a direct route; else NULL
 * @gateway: EID to ask about instead
 * @rcu: for the delayed release
 */
struct mc_route {
	struct list_head list;
	unsigned int netid;
	u8 min;
	u8 max;
	u8 type;
	unsigned int mtu;
	struct mc_link *link;
	struct mctp_fq_addr gateway;
	struct rcu_head rcu;
};

#define MC_RTABLE_BITS	4

/**
 * struct mc_rtable - routes of a network namespace
 * @routes: all of them, newest first
 * @nets: an EID-indexed array for each network that has a route
 */
struct mc_rtable {
	struct list_head routes;
	DECLARE_HASHTABLE(nets, MC_RTABLE_BITS);
};

void mc_rtable_init(struct mc_rtable *table);
void mc_rtable_clear(struct mc_rtable *table);
int mc_rtable_add(struct mc_rtable *table, struct mc_route *rt);
void mc_rtable_del(struct mc_rtable *table, struct list_head *gone);
int mc_rtable_move(struct mc_rtable *table, const struct mc_link *link,
		   unsigned int netid);
struct mc_route *mc_rtable_exact(struct mc_rtable *table, unsigned int netid,
				 u8 min, u8 max);
struct mc_route *mc_rtable_find(struct mc_rtable *table, unsigned int netid,
				u8 eid);

/**
 * struct mc_path - how to get a packet out: what routing came to
 * @mn: namespace
 * @link: the link
 * @local: to ourselves
 * @mtu: largest packet
 * @nexthop: EID of the next hop
 * @saddr: our EID there, or none
 * @halen: length of @haddr if the sender gave a link address, else 0
 * @haddr: link address
 *
 * Lives on the stack. @link is good for the RCU section, or for as long as the
 * reference that a sender takes to it.
 */
struct mc_path {
	struct mc_net *mn;
	struct mc_link *link;
	bool local;
	unsigned int mtu;
	u8 nexthop;
	u8 saddr;
	u8 halen;
	u8 haddr[MAX_ADDR_LEN];
};

int mc_path_to_eid(struct mc_net *mn, unsigned int netid, u8 eid,
		   struct mc_path *path);
bool mc_path_is_local(struct mc_net *mn, unsigned int netid, u8 eid);
int mc_path_to_haddr(struct net *net, int ifindex, u8 halen, const u8 *haddr,
		     struct mc_path *path);
int mc_routes_add_local(struct mc_link *link, u8 eid);
void mc_routes_del_local(struct mc_link *link, u8 eid);
void mc_routes_del_link(struct mc_link *link);
int mc_routes_move_link(struct mc_link *link, unsigned int netid);
int mc_routes_del(struct mc_net *mn, unsigned int netid, u8 min, u8 max);

/* ------------------------------------------------------------- neighbours */

/**
 * struct mc_neigh - link address of an EID
 * @node: in mc_net.neighs, by link and EID
 * @list: in mc_net.neigh_list; RTNL
 * @link: link it is on
 * @eid: the EID
 * @haddr: link address, as long as the device's
 * @rcu: for the delayed release
 */
struct mc_neigh {
	struct hlist_node node;
	struct list_head list;
	struct mc_link *link;
	u8 eid;
	u8 haddr[MAX_ADDR_LEN];
	struct rcu_head rcu;
};

#define MC_NEIGH_BITS	6

int mc_neigh_add(struct mc_link *link, u8 eid, const u8 *haddr, size_t halen);
int mc_neigh_del(struct mc_link *link, u8 eid);
void mc_neigh_del_link(struct mc_link *link);
bool mc_neigh_find(struct mc_net *mn, const struct mc_link *link, u8 eid,
		   u8 *haddr);

/* ------------------------------------------------------------- reassembly */

/**
 * struct mc_asm - a message under reassembly
 * @skb: what there is of it, our own copy; NULL if there is none
 * @seq: number of the last packet
 * @room: bytes that still fit where @tail is
 * @tail: where the next byte goes
 */
struct mc_asm {
	struct sk_buff *skb;
	u8 seq;
	unsigned int room;
	void *tail;
};

int mc_asm_start(struct mc_asm *as, struct sk_buff *skb);
int mc_asm_add(struct mc_asm *as, struct sk_buff *skb);
struct sk_buff *mc_asm_take(struct mc_asm *as);

/* ------------------------------------------------------------------- keys */

struct mc_sock;

/**
 * struct mc_key - a tag that is in use: whom its packets are for
 * @node: in mc_net.keys, by @netid and @peer
 * @of_sock: in mc_sock.keys
 * @expiry: in mc_net.expiry, oldest first; not there if it does not expire
 * @expires: when it does
 * @netid: network
 * @peer: the other side's EID, MCTP_ADDR_ANY for any
 * @local: our EID, MCTP_ADDR_ANY for any
 * @tag: tag and TO bit as packets to us have them; with TO clear the tag is ours
 * @manual: allocated by ioctl; stays until it is dropped by ioctl
 * @msk: the socket
 * @as: unfinished message
 * @link: where that came from; NULL if there is none
 * @bytes: its memory, as charged to @link and @msk
 * @of_link: in mc_link.partials
 * @partial: in mc_sock.partials
 *
 * All of it is protected by mc_net.keys_lock; keys are never used outside.
 */
struct mc_key {
	struct rhlist_head node;
	struct hlist_node of_sock;
	struct list_head expiry;
	unsigned long expires;
	unsigned int netid;
	u8 peer;
	u8 local;
	u8 tag;
	bool manual;
	struct mc_sock *msk;

	struct mc_asm as;
	struct mc_link *link;
	size_t bytes;
	struct list_head of_link;
	struct list_head partial;
};

/* Values of the tracepoint mctp_key_release. */
enum mc_key_end {
	MC_KEY_TIMEOUT,
	MC_KEY_REPLIED,
	MC_KEY_INVALIDATED,
	MC_KEY_CLOSED,
	MC_KEY_DROPPED,
};

int mc_tag_alloc(struct mc_sock *msk, unsigned int netid, u8 local, u8 peer,
		 bool manual);
bool mc_tag_owned(struct mc_sock *msk, unsigned int netid, u8 peer, u8 tag);
int mc_tag_drop(struct mc_sock *msk, unsigned int netid, u8 peer, u8 tag);
void mc_tags_close(struct mc_sock *msk);
int mc_tags_net_init(struct mc_net *mn);
void mc_tags_net_exit(struct mc_net *mn);

struct mc_key *mc_key_find(struct mc_net *mn, unsigned int netid, u8 local,
			   u8 peer, u8 tag);
bool mc_key_is(const struct mc_key *key, unsigned int netid, u8 local, u8 peer,
	       u8 tag);
struct mc_key *mc_key_of_message(struct mc_net *mn, struct mc_sock *msk,
				 unsigned int netid, const struct mctp_hdr *hdr);
void mc_key_end(struct mc_key *key, enum mc_key_end why);
void mc_key_replied(struct mc_key *key);
void mc_key_expire_later(struct mc_key *key);

int mc_partial_start(struct mc_key *key, struct mc_link *link,
		     struct sk_buff *skb);
int mc_partial_add(struct mc_key *key, struct sk_buff *skb);
struct sk_buff *mc_partial_take(struct mc_key *key);
void mc_partial_drop(struct mc_key *key);
void mc_partial_abort(struct mc_key *key, enum mc_key_end why);
void mc_partials_del_link(struct mc_link *link);

/* ---------------------------------------------------------------- sockets */

/**
 * struct mc_sock - AF_MCTP socket
 * @sk: must be first
 * @addr_ext: MCTP_OPT_ADDR_EXT
 * @connected: @peer and @type are those of connect()
 * @type: message type it is bound or connected to
 * @local: EID it is bound to, or MCTP_ADDR_ANY
 * @peer: EID it is connected to, else MCTP_ADDR_ANY
 * @netid: network it is bound to, or MCTP_NET_ANY
 * @peer_netid: network it is connected to
 * @closed: takes no more keys; mc_net.keys_lock, as all that follows
 * @keys: its keys
 * @tag_count: how many of them it asked for
 * @partials: keys with an unfinished message, oldest first
 * @partial_bytes: memory of these messages
 */
struct mc_sock {
	struct sock sk;

	bool addr_ext;
	bool connected;
	u8 type;
	u8 local;
	u8 peer;
	unsigned int netid;
	unsigned int peer_netid;

	bool closed;
	struct hlist_head keys;
	unsigned int tag_count;
	struct list_head partials;
	size_t partial_bytes;
};

static inline struct mc_sock *mc_sock_of(struct sock *sk)
{
	return (struct mc_sock *)sk;
}

int mc_ioctl(struct socket *sock, unsigned int cmd, unsigned long arg);
#ifdef CONFIG_COMPAT
int mc_compat_ioctl(struct socket *sock, unsigned int cmd, unsigned long arg);
#endif

int mc_bind_insert(struct mc_sock *msk);
void mc_bind_remove(struct mc_sock *msk);
struct mc_sock *mc_bind_find(struct mc_net *mn, unsigned int netid, u8 type,
			     u8 local, u8 peer);

int mc_socket_init(void);
void mc_socket_exit(void);
int mc_family_init(void);
void mc_family_exit(void);

/* ---------------------------------------------------------------- packets */

/* Why a packet got nowhere; the tracepoint mctp_drop tells. */
enum mc_drop {
	MC_DROP_NO_LINK,
	MC_DROP_HEADER,
	MC_DROP_NO_ROUTE,
	MC_DROP_MTU,
	MC_DROP_NO_SOCKET,
	MC_DROP_NO_KEY,
	MC_DROP_NOT_STARTED,
	MC_DROP_SEQUENCE,
	MC_DROP_TOO_LONG,
	MC_DROP_NO_MEMORY,
	MC_DROP_RCVBUF,
	MC_DROP_LINK_HEADER,
};

int mc_drop(struct sk_buff *skb, enum mc_drop why);
int mc_send_message(struct mc_sock *msk, const struct mc_path *path,
		    struct sk_buff *skb, u8 daddr, u8 tag);
int mc_send_packet(const struct mc_path *path, struct sk_buff *skb);
int mc_forward(const struct mc_path *path, struct sk_buff *skb);
int mc_split(const struct mc_path *path, struct sk_buff *skb,
	     const struct mctp_hdr *hdr);
int mc_deliver(struct mc_net *mn, struct mc_link *link, struct sk_buff *skb);
int mc_deliver_bh(struct mc_net *mn, struct mc_link *link, struct sk_buff *skb);
void mc_input_init(void);
void mc_input_exit(void);

/* ------------------------------------------------------------- namespaces */

#define MC_BIND_BITS	7

/**
 * struct mc_net - our part of a network namespace
 * @default_net: what MCTP_NET_ANY means to a sender
 * @links: by interface index; RTNL
 * @table: routes
 * @neighs: neighbours, by link and EID
 * @neigh_list: all of them, newest first; RTNL
 * @generation: another one after each change of what is dumped, never 0; RTNL
 * @bind_lock: for writers of @binds
 * @binds: bound sockets, by type and both EIDs
 * @keys_lock: for all that follows, see struct mc_key
 * @keys: by network and peer; grows with their number, as anybody may allocate tags
 * @any_peer_keys: how many have MCTP_ADDR_ANY for a peer
 * @expiry: keys that expire, oldest first
 * @timer: for the first one there
 */
struct mc_net {
	unsigned int default_net;
	struct list_head links;
	struct mc_rtable table;
	DECLARE_HASHTABLE(neighs, MC_NEIGH_BITS);
	struct list_head neigh_list;
	unsigned int generation;

	struct mutex bind_lock;		/* writers of @binds */
	DECLARE_HASHTABLE(binds, MC_BIND_BITS);

	spinlock_t keys_lock;		/* all of the rest */
	struct rhltable keys;
	unsigned int any_peer_keys;
	struct list_head expiry;
	struct timer_list timer;
};

extern unsigned int mc_net_id;

static inline struct mc_net *mc_net(const struct net *net)
{
	return net_generic(net, mc_net_id);
}

static inline struct mc_net *mc_net_of_link(const struct mc_link *link)
{
	return mc_net(dev_net(link->dev));
}

/* Who is in the middle of a dump will be told that it may have left something out. */
static inline void mc_net_changed(struct mc_net *mn)
{
	if (!++mn->generation)
		mn->generation = 1;
}

static inline struct mc_net *mc_net_of_sock(const struct mc_sock *msk)
{
	return mc_net(sock_net(&msk->sk));
}

/* ---------------------------------------------------------------- netlink */

struct netlink_ext_ack;

/* Where a dump of several messages goes on. */
struct mc_dump {
	unsigned long where;
	unsigned long inner;
};

struct mc_link *mc_nl_link(struct net *net, int ifindex,
			   struct netlink_ext_ack *extack);
int mc_nl_link_init(void);
void mc_nl_link_exit(void);
int mc_nl_addr_init(void);
void mc_nl_addr_exit(void);
int mc_nl_route_init(void);
void mc_nl_route_exit(void);
int mc_nl_neigh_init(void);
void mc_nl_neigh_exit(void);

#endif /* MCTP_CORE_CORE_H */
