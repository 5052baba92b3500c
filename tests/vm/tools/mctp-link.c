// SPDX-License-Identifier: GPL-2.0
/* MCTP link management for the tests, in the words of the `mctp` tool. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "mctp-link.h"
#include "need.h"
#include "uapi.h"
#include "util.h"

noreturn void usage_exit(void)
{
	fputs("usage: mctp-link [link [show [-v] [DEV]]]\n"
	      "       mctp-link link set DEV [up|down] [mtu N] [network N]\n"
	      "       mctp-link link wait DEV present|absent|carrier|no-carrier SECONDS\n"
	      "       mctp-link addr [show|add EID dev DEV|del EID dev DEV]\n"
	      "       mctp-link route [show|add EID[-EID] via DEV [mtu N]|del EID[-EID] via DEV]\n"
	      "       mctp-link monitor [SECONDS]\n"
	      "\n"
	      "Without a core for MCTP in the kernel only links are shown, with net none.\n",
	      stderr);
	exit(2);
}

/* Physical medium of DSP0239, as the core numbers it. */
static const char *binding_name(int binding)
{
	switch (binding) {
	case 0x01:
		return "SMBus";
	case 0x02:
		return "PCIe-VDM";
	case 0x03:
		return "USB";
	case 0x06:
		return "I3C";
	default:
		return "other";
	}
}

static void print_address(const struct link *link)
{
	unsigned int i;

	if (!link->addr_len)
		printf("none");
	for (i = 0; i < link->addr_len; i++)
		printf("%s%02x", i ? ":" : "", link->addr[i]);
}

/* One line as `mctp link` has it; what -v adds stands behind that. */
void link_print(const struct link *link, bool verbose)
{
	printf("dev %s index %d address ", link->name, link->index);
	print_address(link);
	if (link->mctp)
		printf(" net %u", link->net);
	else
		printf(" net none");
	printf(" mtu %u %s", link->mtu, link->flags & IFF_UP ? "up" : "down");
	if (verbose) {
		if (link->phys_binding < 0)
			printf(" binding unknown");
		else
			printf(" binding %d (%s)", link->phys_binding,
			       binding_name(link->phys_binding));
		printf(" type %u flags 0x%x mtu-range %u-%u", link->type,
		       link->flags, link->min_mtu, link->max_mtu);
		printf(" carrier %d carrier_up_count %u carrier_down_count %u",
		       link->carrier, link->carrier_ups, link->carrier_downs);
	}
	putchar('\n');
}

static int show_cb(const struct nlmsghdr *nlh, void *data)
{
	struct link link;

	if (!link_parse(nlh, &link) && link_is_mctp(&link))
		link_print(&link, *(bool *)data);
	return 0;
}

static void cmd_show(struct nl *nl, char **args)
{
	bool verbose = false;
	struct link link;
	int rc;

	if (*args && !strcmp(*args, "-v")) {
		verbose = true;
		args++;
	}
	if (!*args) {
		rc = link_dump(nl, show_cb, &verbose);
		if (rc)
			nl_die(nl, "links", rc);
		return;
	}
	if (args[1])
		usage_exit();
	link_need(nl, *args, &link);
	if (!link_is_mctp(&link))
		die("%s: not an MCTP link", *args);
	link_print(&link, verbose);
}

static void cmd_set(struct nl *nl, char **args)
{
	struct link_change change = { 0 };
	const char *dev = *args++;
	struct link link;
	int rc;

	if (!dev || !*args)
		usage_exit();
	for (; *args; args++) {
		if (!strcmp(*args, "up") || !strcmp(*args, "down"))
			change.up_or_down = *args;
		else if (!args[1])
			usage_exit();
		else if (!strcmp(*args, "mtu"))
			change.mtu = need_u32("mtu", *++args, 1, UINT32_MAX);
		else if (!strcmp(*args, "network") || !strcmp(*args, "net"))
			change.net = need_u32("network", *++args, 1, UINT32_MAX);
		else
			usage_exit();
	}
	link_need(nl, dev, &link);
	if (!link_is_mctp(&link))
		die("%s: not an MCTP link", dev);
	rc = link_change(nl, link.index, &change);
	if (rc)
		nl_die(nl, dev, rc);
}

static void cmd_link(struct nl *nl, char **args)
{
	if (!*args)
		cmd_show(nl, args);
	else if (!strcmp(*args, "show"))
		cmd_show(nl, args + 1);
	else if (!strcmp(*args, "set"))
		cmd_set(nl, args + 1);
	else if (!strcmp(*args, "wait"))
		cmd_wait(nl, args + 1);
	else
		usage_exit();
}

int main(int argc, char **argv)
{
	struct nl nl;

	progname = "mctp-link";
	nl_open(&nl);
	if (argc < 2)
		cmd_link(&nl, argv + argc);
	else if (!strcmp(argv[1], "link"))
		cmd_link(&nl, argv + 2);
	else if (!strcmp(argv[1], "addr") || !strcmp(argv[1], "address"))
		cmd_addr(&nl, argv + 2);
	else if (!strcmp(argv[1], "route"))
		cmd_route(&nl, argv + 2);
	else if (!strcmp(argv[1], "monitor"))
		cmd_monitor(&nl, argv + 2);
	else
		usage_exit();
	nl_close(&nl);
	return 0;
}
