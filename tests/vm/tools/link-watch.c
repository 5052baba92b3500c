// SPDX-License-Identifier: GPL-2.0
/* mctp-link: what changes, told by the kernel's notifications. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "addr.h"
#include "mctp-link.h"
#include "need.h"
#include "uapi.h"
#include "util.h"

static void monitor_addr(const struct nlmsghdr *nlh, const char *what)
{
	struct addr addr;

	if (addr_parse(nlh, &addr))
		printf("%s eid %u index %u\n", what, addr.eid, addr.index);
}

static void monitor_link(const struct nlmsghdr *nlh, const char *what)
{
	struct link link;

	if (link_parse(nlh, &link) || !link_is_mctp(&link))
		return;
	printf("%s ", what);
	link_print(&link, true);
}

static int monitor_cb(const struct nlmsghdr *nlh, void *data)
{
	(void)data;
	switch (nlh->nlmsg_type) {
	case RTM_NEWLINK:
		monitor_link(nlh, "RTM_NEWLINK");
		break;
	case RTM_DELLINK:
		monitor_link(nlh, "RTM_DELLINK");
		break;
	case RTM_NEWADDR:
		monitor_addr(nlh, "RTM_NEWADDR");
		break;
	case RTM_DELADDR:
		monitor_addr(nlh, "RTM_DELADDR");
		break;
	}
	return 0;
}

void cmd_monitor(struct nl *nl, char **args)
{
	uint64_t end = UINT64_MAX;
	int rc;

	if (*args) {
		end = now_us() + need_seconds_us("monitor", *args);
		if (args[1])
			usage_exit();
	}
	setvbuf(stdout, NULL, _IOLBF, 0);
	rc = nl_join(nl, RTNLGRP_LINK);
	if (rc)
		nl_die(nl, "link notifications", rc);
	/* A kernel that knows no such group has no MCTP addresses either. */
	if (nl_join(nl, RTNLGRP_MCTP_IFADDR))
		fprintf(stderr, "%s: no address notifications here\n", progname);
	/* A script that runs this in the background waits for this line. */
	puts("listening");
	while (end == UINT64_MAX || wait_readable(nl_fd(nl), end)) {
		rc = nl_events(nl, monitor_cb, NULL);
		if (rc == -ENOBUFS)
			puts("overrun: notifications were lost");
		else if (rc && rc != -EINTR)
			nl_die(nl, "monitor", rc);
	}
}

struct wait {
	const char *name;
	const char *state;
	bool met;
};

static bool wait_met(const struct wait *wait, const struct link *link)
{
	if (!strcmp(wait->state, "absent"))
		return !link;
	if (!link)
		return false;
	if (!strcmp(wait->state, "carrier"))
		return link->carrier;
	if (!strcmp(wait->state, "no-carrier"))
		return !link->carrier;
	return true;
}

static int wait_cb(const struct nlmsghdr *nlh, void *data)
{
	struct wait *wait = data;
	struct link link;

	if (link_parse(nlh, &link) || strcmp(link.name, wait->name))
		return 0;
	if (wait_met(wait, nlh->nlmsg_type == RTM_DELLINK ? NULL : &link))
		wait->met = true;
	return 0;
}

static void wait_look(struct wait *wait)
{
	struct nl nl;
	struct link link;
	int rc;

	nl_open(&nl);
	rc = link_get(&nl, wait->name, &link);
	if (rc && rc != -ENODEV)
		nl_die(&nl, wait->name, rc);
	if (wait_met(wait, rc ? NULL : &link))
		wait->met = true;
	nl_close(&nl);
}

void cmd_wait(struct nl *nl, char **args)
{
	static const char * const states[] = {
		"present", "absent", "carrier", "no-carrier"
	};
	struct wait wait = { 0 };
	uint64_t end;
	size_t i;
	int rc;

	if (!args[0] || !args[1] || !args[2] || args[3])
		usage_exit();
	wait.name = args[0];
	for (i = 0; i < sizeof(states) / sizeof(*states); i++)
		if (!strcmp(args[1], states[i]))
			wait.state = states[i];
	if (!wait.state)
		usage_exit();
	end = now_us() + need_seconds_us("wait", args[2]);

	/* Join first, look then: nothing can slip through in between. */
	rc = nl_join(nl, RTNLGRP_LINK);
	if (rc)
		nl_die(nl, "link notifications", rc);
	wait_look(&wait);
	while (!wait.met && wait_readable(nl_fd(nl), end)) {
		rc = nl_events(nl, wait_cb, &wait);
		if (rc == -ENOBUFS)
			wait_look(&wait);
		else if (rc && rc != -EINTR)
			nl_die(nl, "wait", rc);
	}
	/* The kernel tells of carrier changes only while a link is up. */
	if (!wait.met)
		wait_look(&wait);
	if (!wait.met)
		die("%s: not %s after %s s", wait.name, wait.state, args[2]);
}
