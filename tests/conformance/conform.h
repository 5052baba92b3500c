/* SPDX-License-Identifier: GPL-2.0 */
/*
 * AF_MCTP conformance suite: harness and the helpers of all topics.
 *
 * Every case runs in a process and a network namespace of its own, as root.
 * Other endpoints are tun devices, which the core takes for MCTP links: what
 * it sends is read from them, what it receives is written to them, bit by bit.
 *
 * The reference for each expectation is what Linux 7.3's own core does.
 */
#ifndef CONFORM_H
#define CONFORM_H

#include <errno.h>
#include <stdbool.h>
#include <stddef.h>
#include <string.h>
#include <sys/types.h>
#include <linux/types.h>

#include "../../tools/link/link.h"
#include "../../tools/link/nl.h"
#include "../../tools/link/uapi.h"
#include "../vm/tools/msock.h"
#include "../vm/tools/need.h"
#include "../vm/tools/util.h"

#define ARRAY_SIZE(a) (sizeof(a) / sizeof((a)[0]))

/* harness.c: a check's name is "topic.id" and must never change */
struct check_case {
	const char *name;
	void (*run)(void);
	bool slow;		/* waits for a protocol time-out */
};

struct topic {
	const char *name;
	const struct check_case *cases;
	size_t count;
};

/* of the cases in the array of that name */
#define TOPIC(array, topic_name) \
	const struct topic topic_##array = { \
		.name = topic_name, \
		.cases = array##_cases, \
		.count = sizeof(array##_cases) / sizeof(struct check_case), \
	}

bool ok(bool good, const char *id);
bool is(long got, long want, const char *id);
bool is_rc(long got, long want, const char *id);
void skip(const char *id, const char *why);
int in_child(int (*fn)(void *arg), void *arg);

extern const struct topic topic_socket, topic_bind, topic_connect, topic_deliver;
extern const struct topic topic_send, topic_recv, topic_tag, topic_tagctl;
extern const struct topic topic_link, topic_addr, topic_route, topic_gateway;
extern const struct topic topic_neigh, topic_routing, topic_input, topic_bridge;
extern const struct topic topic_fragment, topic_reassembly, topic_timeout;
extern const struct topic topic_netns, topic_permission, topic_privilege, topic_limits;

/* what system calls return, as 0.. or a negative errno */
static inline long rc_of(long rc)
{
	return rc < 0 ? -errno : rc;
}

/* memory.c */
long kernel_memory(void);

/* rt.c: netlink. All return 0 or a negative errno. */
extern struct nl nl;

struct route_req {
	int dst;		/* -1: leave the attribute out */
	unsigned int extent;
	int oif;		/* 0: none */
	int gw;			/* 0: none */
	__u32 gw_net;
	__u32 mtu;		/* 0: none */
	int type;		/* 0: RTN_UNICAST */
};

struct route_entry {
	__u8 dst, extent, type, table, protocol, scope, gw;
	int oif;
	__u32 gw_net, mtu;
	bool has_gw, has_oif, has_metrics, has_mtu;
};

struct addr_entry {
	int ifindex;
	__u8 local, address, family, prefixlen;
};

struct neigh_entry {
	int ifindex;
	__u8 eid, family, type, lladdr_len, lladdr[32];
	__u16 state;
};

#define MAX_ENTRIES 600
struct dump {
	size_t count;
	int rc;
	union {
		struct route_entry route[MAX_ENTRIES];
		struct addr_entry addr[MAX_ENTRIES];
		struct neigh_entry neigh[MAX_ENTRIES];
	};
};

int addr_change(__u16 cmd, int ifindex, int eid);
int addr_add(int ifindex, int eid);
int addr_del(int ifindex, int eid);
int route_change(__u16 cmd, const struct route_req *req);
int route_add(int eid, unsigned int extent, int ifindex, __u32 mtu);
int route_del(int eid, unsigned int extent, int ifindex);
int gw_add(int eid, unsigned int extent, __u32 gw_net, int gw);
int neigh_change(__u16 cmd, int ifindex, int eid, const void *lladdr, int len);
int net_set(int ifindex, __u32 net);
int link_up(int ifindex, bool up);
int mtu_set(int ifindex, __u32 mtu);
int link_move(int ifindex, int netns_fd);

const struct dump *addr_dump(int ifindex);
const struct dump *route_dump(void);
const struct dump *neigh_dump(int ifindex);
bool dump_tells(__u16 type, size_t header, void (*change)(void));
bool addr_parse(const struct nlmsghdr *nlh, struct addr_entry *e);
bool has_addr(int ifindex, int eid);
const struct route_entry *find_route(int eid, unsigned int extent);
int lo_index(void);
__u32 net_of(const char *name);

/* wire.c: the other end of a tun device */
struct tun {
	int fd;
	int ifindex;
	char name[IFNAMSIZ];
};

struct packet {
	int len;
	union {
		struct {
			__u8 ver, dest, src, flags;
			__u8 payload[65536];
		};
		__u8 raw[65540];
	};
};

#define SOM 0x80
#define EOM 0x40
#define TO 0x08
#define SEQ(n) (((n) & 3) << 4)
#define HDR 4
/* a message type nobody else uses */
#define TYPE 0x5a

void tun_open(struct tun *t, const char *name);
void tap_open(struct tun *t, const char *name);
void tun_close(struct tun *t);
void tun_set_type(struct tun *t, int arphrd);
void tun_write(const struct tun *t, const void *packet, size_t len);
ssize_t tun_read(const struct tun *t, struct packet *p);
bool tun_silent(const struct tun *t);
void fill(__u8 *data, size_t pos, size_t len, unsigned int salt);
void inject(const struct tun *t, __u8 dest, __u8 src, __u8 flags,
	    unsigned int salt, size_t pos, size_t len);

/* sk.c: sockets */
struct message {
	ssize_t len;		/* or a negative errno */
	struct sockaddr_mctp_ext from;
	socklen_t fromlen;
	int flags;
	__u8 data[70000];
};

#define ANY MCTP_ADDR_ANY

struct sockaddr_mctp sk_addr(__u32 net, __u8 eid, __u8 type, __u8 tag);
int sk_bind(int fd, __u32 net, __u8 eid, __u8 type);
int sk_connect(int fd, __u32 net, __u8 eid, __u8 type);
int sk_server(__u8 type);
int sk_bound(__u32 net, __u8 eid, __u8 type);
int sk_request(int fd, __u32 net, __u8 eid, size_t len);
int sk_send_ext(int fd, int ifindex, __u8 eid, __u8 tag, size_t len);
void sk_ext(int fd);
void sk_recv(int fd, struct message *m);
bool sk_got(int fd, unsigned int salt, size_t len);
bool sk_silent(int fd);
void sk_drain(int fd);

/* The second generation of tag ioctls knows networks; from Linux 6.9. */
struct tag_ctl2 {
	unsigned int net;
	__u8 peer_addr, local_addr;
	__u16 flags;
	__u8 tag;
};

#define ALLOC2 (SIOCPROTOPRIVATE + 2)
#define DROP2 (SIOCPROTOPRIVATE + 3)

/* A link with the local EID 8 and the peers 9..30 behind it. */
struct bed {
	struct tun t;
	int server;		/* bound to TYPE, any address */
	int client;
};

void bed_open(struct bed *b);

#endif /* CONFORM_H */
