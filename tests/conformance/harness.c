// SPDX-License-Identifier: GPL-2.0
/*
 * mctp-conform [--fast] [TOPIC..]: run the AF_MCTP conformance suite, KTAP on
 * stdout. Needs root and the tun driver. --fast leaves out what has to wait
 * for time-outs. Exit status 0 if all is ok, 1 if not.
 */
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "conform.h"

#define MAX_CHECKS 2000

/* Shared with the processes of the cases. */
struct results {
	unsigned int count, bad, skipped;
	char ids[MAX_CHECKS][64];
};

static struct results *results;
static const char *topic_now;

static const struct topic *const topics[] = {
	&topic_socket, &topic_bind, &topic_connect, &topic_deliver,
	&topic_send, &topic_recv, &topic_tag, &topic_tagctl,
	&topic_link, &topic_addr, &topic_route, &topic_gateway,
	&topic_neigh, &topic_routing, &topic_input, &topic_bridge,
	&topic_fragment, &topic_reassembly, &topic_timeout,
	&topic_netns, &topic_permission, &topic_privilege, &topic_limits,
};

static void report(const char *verdict, const char *id, const char *more)
{
	char full[64];
	unsigned int i;

	snprintf(full, sizeof(full), "%s.%s", topic_now, id);
	if (results->count == MAX_CHECKS)
		die("more than %d checks", MAX_CHECKS);
	for (i = 0; i < results->count; i++)
		if (!strcmp(results->ids[i], full))
			die("two checks have the name %s", full);
	memcpy(results->ids[results->count++], full, sizeof(full));
	printf("%s %u - %s%s\n", verdict, results->count, full, more);
	fflush(stdout);
}

bool ok(bool good, const char *id)
{
	if (!good)
		results->bad++;
	report(good ? "ok" : "not ok", id, "");
	return good;
}

/* got must be want */
bool is(long got, long want, const char *id)
{
	if (ok(got == want, id))
		return true;
	printf("# got %ld, expected %ld\n", got, want);
	fflush(stdout);
	return false;
}

static const char *rc_name(long rc, char *buf, size_t size)
{
	const char *name = rc < 0 ? strerrorname_np(-rc) : NULL;

	if (name)
		return name;
	snprintf(buf, size, "%ld", rc);
	return buf;
}

/* The same for the result of a call, 0.. or a negative errno. */
bool is_rc(long got, long want, const char *id)
{
	char g[24], w[24];

	if (ok(got == want, id))
		return true;
	printf("# got %s, expected %s\n", rc_name(got, g, sizeof(g)),
	       rc_name(want, w, sizeof(w)));
	fflush(stdout);
	return false;
}

void skip(const char *id, const char *why)
{
	char more[100];

	results->skipped++;
	snprintf(more, sizeof(more), " # SKIP %s", why);
	report("ok", id, more);
}

/*
 * Run fn in a process of its own. Returns what it returned, 0..99; a signal
 * that ended it plus 100.
 */
int in_child(int (*fn)(void *arg), void *arg)
{
	int status;
	pid_t pid;

	fflush(stdout);
	pid = fork();
	if (pid < 0)
		die("fork: %s", strerror(errno));
	if (!pid) {
		status = fn(arg);
		fflush(stdout);
		_exit(status);
	}
	if (waitpid(pid, &status, 0) != pid)
		die("waitpid: %s", strerror(errno));
	return WIFSIGNALED(status) ? 100 + WTERMSIG(status) : WEXITSTATUS(status);
}

static int run_case(void *arg)
{
	const struct check_case *c = arg;

	/* a hanging case must not take the rest along */
	alarm(120);
	if (unshare(CLONE_NEWNET))
		die("network namespace: %s", strerror(errno));
	nl_open(&nl);
	c->run();
	return 0;
}

static void run_topic(const struct topic *topic, bool fast)
{
	char id[64];
	size_t i;
	int rc;

	topic_now = topic->name;
	for (i = 0; i < topic->count; i++) {
		const struct check_case *c = &topic->cases[i];

		if (c->slow && fast)
			continue;
		rc = in_child(run_case, (void *)c);
		if (!rc)
			continue;
		/* no stable name: it must not happen at all */
		snprintf(id, sizeof(id), "%s.aborted", c->name);
		ok(false, id);
		printf("# status %d\n", rc);
	}
}

static bool wanted(const char *name, char **names)
{
	if (!*names)
		return true;
	for (; *names; names++)
		if (!strcmp(*names, name))
			return true;
	return false;
}

int main(int argc, char **argv)
{
	bool fast = false;
	size_t i;

	progname = argv[0];
	argv++;
	if (argc > 1 && !strcmp(*argv, "--fast")) {
		fast = true;
		argv++;
	}
	results = mmap(NULL, sizeof(*results), PROT_READ | PROT_WRITE,
		       MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (results == MAP_FAILED)
		die("no memory");
	printf("KTAP version 1\n");
	for (i = 0; i < ARRAY_SIZE(topics); i++)
		if (wanted(topics[i]->name, argv))
			run_topic(topics[i], fast);
	printf("1..%u\n# %u checks, %u not ok, %u skipped\n", results->count,
	       results->count, results->bad, results->skipped);
	return results->bad || !results->count ? 1 : 0;
}
