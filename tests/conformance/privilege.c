// SPDX-License-Identifier: GPL-2.0
/*
 * Who may do what: each operation in a process with each set of credentials.
 * docs/privileges.md is made of the "# privilege" lines.
 */
#include <fcntl.h>
#include <linux/capability.h>
#include <sched.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "conform.h"
#include "privilege.h"

#define USER 1000

enum { OWN_USER_NS = 1, OWN_NET_NS = 2 };

/* in the order of the words in struct priv_op's want */
static const struct who {
	const char *name;
	bool user;
	int cap;
	int ns;
} whos[] = {
	{ "root", false, -1 },
	{ "user", true, -1 },
	{ "net-admin", true, CAP_NET_ADMIN },
	{ "net-raw", true, CAP_NET_RAW },
	{ "bind-service", true, CAP_NET_BIND_SERVICE },
	{ "user-ns", true, -1, OWN_USER_NS },
	{ "own-net", true, -1, OWN_USER_NS | OWN_NET_NS },
};

void keep_caps(__u32 caps)
{
	struct __user_cap_header_struct head = {
		.version = _LINUX_CAPABILITY_VERSION_3,
	};
	struct __user_cap_data_struct data[2] = {
		{ .effective = caps, .permitted = caps },
	};

	if (syscall(SYS_capset, &head, data))
		die("capset: %s", strerror(errno));
}

static void map_to_root(void)
{
	char map[32];
	int n = snprintf(map, sizeof(map), "0 %d 1", USER);
	int fd = open("/proc/self/uid_map", O_WRONLY | O_CLOEXEC);

	if (fd < 0 || write(fd, map, n) != n)
		die("uid_map: %s", strerror(errno));
	close(fd);
}

/* A user with one capability or none, and in namespaces of his own */
static bool become(int cap, int ns)
{
	prctl(PR_SET_KEEPCAPS, 1);
	if (setresgid(USER, USER, USER) || setresuid(USER, USER, USER))
		die("user %d: %s", USER, strerror(errno));
	keep_caps(cap < 0 ? 0 : 1u << cap);
	/* or his files in /proc were root's */
	prctl(PR_SET_DUMPABLE, 1);
	if (!(ns & OWN_USER_NS))
		return true;
	if (unshare(CLONE_NEWUSER))
		return false;
	map_to_root();
	if ((ns & OWN_NET_NS) && unshare(CLONE_NEWNET))
		die("network namespace: %s", strerror(errno));
	return true;
}

void become_user(void)
{
	become(-1, 0);
}

/* false if there are no user namespaces */
bool become_own_root(void)
{
	return become(-1, OWN_USER_NS | OWN_NET_NS);
}

static int net_ns(void)
{
	int fd = open("/proc/self/ns/net", O_RDONLY | O_CLOEXEC);

	if (fd < 0)
		die("/proc/self/ns/net: %s", strerror(errno));
	return fd;
}

static void fresh_nl(void)
{
	nl_close(&nl);
	nl_open(&nl);
}

/* All that the operations find: each takes or changes something of its own. */
static void prepare(struct place *p)
{
	int here = net_ns();

	if (unshare(CLONE_NEWNET))
		die("network namespace: %s", strerror(errno));
	p->other_ns = net_ns();
	if (setns(here, CLONE_NEWNET))
		die("setns: %s", strerror(errno));
	close(here);
	fresh_nl();
	tun_open(&p->t, "t0");
	tun_open(&p->net, "t1");
	tun_open(&p->mtu, "t2");
	tun_open(&p->down, "t3");
	tun_open(&p->move, "t4");
	if (addr_add(p->t.ifindex, 8) || addr_add(p->t.ifindex, 11) ||
	    route_add(9, 21, p->t.ifindex, 0) || route_add(51, 0, p->t.ifindex, 0) ||
	    neigh_change(RTM_NEWNEIGH, lo_index(), 61, "123456", 6))
		die("the links cannot be set up: %s", nl.extack);
	/* in namespaces of a user's own there is nobody who may be bound */
	sk_bind(msock_open(), MCTP_NET_ANY, 8, TYPE);
	p->old_socket = msock_open();
	if (msock_alloc_tag(p->old_socket, 12, &p->foreign_tag))
		die("no tag");
}

static const char *word(const char *words, size_t n, char *buf, size_t size)
{
	while (n--)
		words = strchr(words, ',') + 1;
	snprintf(buf, size, "%.*s", (int)strcspn(words, ","), words);
	return buf;
}

static const char *outcome(int rc)
{
	return rc < 0 ? strerrorname_np(-rc) : "ok";
}

struct attempt {
	const struct priv_op *op;
	const struct place *place;
	int *rc;
};

static int attempt(void *arg)
{
	const struct attempt *a = arg;

	fresh_nl();
	*a->rc = a->op->run(a->place);
	return 0;
}

static void try_op(const struct priv_op *op, const struct place *p, size_t who)
{
	static int *shared;
	struct attempt a = { .op = op, .place = p };
	char id[60], want[24];

	if (!shared)
		shared = mmap(NULL, sizeof(*shared), PROT_READ | PROT_WRITE,
			      MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (shared == MAP_FAILED)
		die("no memory");
	a.rc = shared;
	if (in_child(attempt, &a))
		die("%s failed as %s", op->name, whos[who].name);
	snprintf(id, sizeof(id), "%s.%s", whos[who].name, op->name);
	word(op->want, who, want, sizeof(want));
	if (!ok(!strcmp(outcome(*shared), want), id))
		printf("# got %s, expected %s\n", outcome(*shared), want);
	printf("# privilege %s %s %s\n", whos[who].name, op->name, outcome(*shared));
}

static void run_as(size_t who)
{
	const struct who *w = &whos[who];
	struct place p;
	size_t i;

	/* as udev has it; who has a network may make devices in it */
	if (chmod("/dev/net/tun", 0666))
		die("/dev/net/tun: %s", strerror(errno));
	if (!(w->ns & OWN_NET_NS))
		prepare(&p);
	if (w->user && !become(w->cap, w->ns)) {
		skip(w->name, "no user namespaces");
		return;
	}
	if (w->ns & OWN_NET_NS)
		prepare(&p);
	for (i = 0; i < priv_op_count; i++)
		try_op(&priv_ops[i], &p, who);
}

static void check_root(void) { run_as(0); }
static void check_user(void) { run_as(1); }
static void check_admin(void) { run_as(2); }
static void check_raw(void) { run_as(3); }
static void check_bind(void) { run_as(4); }
static void check_user_ns(void) { run_as(5); }
static void check_own_net(void) { run_as(6); }

static const struct check_case privilege_cases[] = {
	{ "root", check_root },
	{ "user", check_user },
	{ "net-admin", check_admin },
	{ "net-raw", check_raw },
	{ "bind-service", check_bind },
	{ "user-ns", check_user_ns },
	{ "own-net", check_own_net },
};

TOPIC(privilege, "privilege");
