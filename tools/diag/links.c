// SPDX-License-Identifier: GPL-2.0
/* The MCTP links of this machine, read by netlink. */
#include <stdlib.h>
#include <string.h>

#include "../link/nl.h"
#include "../link/uapi.h"
#include "counters.h"
#include "diag.h"
#include "files.h"
#include "links.h"
#include "util.h"

struct links {
	struct link_view *views;
	size_t count;
};

static int take_link(const struct nlmsghdr *nlh, void *data)
{
	struct links *links = data;
	struct link_view *view;
	struct link link;

	/* the core knows lo as well */
	if (link_parse(nlh, &link) || link.type != ARPHRD_MCTP)
		return 0;
	links->views = must_realloc(links->views, (links->count + 1) * sizeof(*view));
	view = &links->views[links->count++];
	*view = (struct link_view){ .link = link };
	return 0;
}

static struct link_view *find(struct links *links, int index)
{
	size_t i;

	for (i = 0; i < links->count; i++)
		if (links->views[i].link.index == index)
			return &links->views[i];
	return NULL;
}

static int take_addr(const struct nlmsghdr *nlh, void *data)
{
	struct link_view *view;
	struct addr addr;

	if (!addr_parse(nlh, &addr))
		return 0;
	view = find(data, addr.index);
	if (!view)
		return 0;
	view->eids = must_realloc(view->eids, view->n_eids + 1);
	view->eids[view->n_eids++] = addr.eid;
	return 0;
}

static int take_route(const struct nlmsghdr *nlh, void *data)
{
	struct link_view *view;
	struct route route;

	if (!route_parse(nlh, &route) || route.local)
		return 0;
	view = find(data, route.index);
	if (!view)
		return 0;
	view->routes = must_realloc(view->routes, (view->n_routes + 1) * sizeof(route));
	view->routes[view->n_routes++] = route;
	return 0;
}

static int read_links(struct links *links)
{
	static struct nl nl;
	int rc = nl_connect(&nl);

	if (rc)
		return rc;
	rc = link_dump(&nl, take_link, links);
	if (!rc)
		rc = addr_dump(&nl, take_addr, links);
	if (!rc)
		rc = route_dump(&nl, take_route, links);
	nl_close(&nl);
	return rc;
}

static void find_port(const struct machine *machine, struct link_view *view)
{
	const struct port *port;

	for (port = machine->ports; port < machine->ports + machine->n_ports; port++)
		if (port->link && !strcmp(port->link, view->link.name))
			view->port = port->name;
}

static void report_links(const struct machine *machine, struct links *links,
			 struct report *report)
{
	struct link_view *view;

	for (view = links->views; view < links->views + links->count; view++) {
		find_port(machine, view);
		link_judge(view, report);
		if (view->port)
			counters_report(&view->link, report);
	}
	if (!links->count)
		report_add(report, LEVEL_NOTE, "links", "link-none", "there is no MCTP link");
}

void links_report(const struct machine *machine, struct report *report)
{
	struct links links = { 0 };
	struct link_view *view;
	int rc;

	if (!files_live()) {
		report_add(report, LEVEL_NOTE, "links", "link-unknown",
			   "links are this machine's, and not looked at with --root");
		return;
	}
	rc = read_links(&links);
	if (rc)
		report_add(report, LEVEL_NOTE, "links", "link-unknown",
			   "the kernel does not tell of its links: %s", strerror(-rc));
	else
		report_links(machine, &links, report);
	for (view = links.views; view < links.views + links.count; view++) {
		free(view->eids);
		free(view->routes);
	}
	free(links.views);
}
