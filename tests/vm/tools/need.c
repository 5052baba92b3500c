// SPDX-License-Identifier: GPL-2.0
#include <string.h>

#include "need.h"
#include "util.h"

void nl_open(struct nl *nl)
{
	int rc = nl_connect(nl);

	if (rc)
		die("netlink: %s", strerror(-rc));
}

noreturn void nl_die(const struct nl *nl, const char *who, int err)
{
	if (nl->extack[0])
		die("%s: %s (kernel: %s)", who, strerror(-err), nl->extack);
	die("%s: %s", who, strerror(-err));
}

void link_need(struct nl *nl, const char *name, struct link *link)
{
	int rc = link_get(nl, name, link);

	if (rc)
		nl_die(nl, name, rc);
}
