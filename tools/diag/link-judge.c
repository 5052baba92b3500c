// SPDX-License-Identifier: GPL-2.0
/* What is to be said about a link. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "links.h"
#include "util.h"

static bool is_up(const struct link *link)
{
	return link->flags & IFF_UP;
}

/* "8", "8, 9", or "none" */
static char *eid_words(const struct link_view *view)
{
	char *words = must_printf("%s", view->n_eids ? "" : "none"), *more;
	size_t i;

	for (i = 0; i < view->n_eids; i++) {
		more = must_printf("%s%s%u", words, i ? ", " : "", view->eids[i]);
		free(words);
		words = more;
	}
	return words;
}

/* "9, 10-20", or "none"; as JSON "[9, 9], [10, 20]" */
static char *route_words(const struct link_view *view, bool json)
{
	char *words = must_printf("%s", view->n_routes || json ? "" : "none"), *more;
	const struct route *r;
	size_t i;

	for (i = 0; i < view->n_routes; i++) {
		r = &view->routes[i];
		if (json)
			more = must_printf("%s%s[%u, %u]", words, i ? ", " : "", r->first, r->last);
		else if (r->last != r->first)
			more = must_printf("%s%s%u-%u", words, i ? ", " : "", r->first, r->last);
		else
			more = must_printf("%s%s%u", words, i ? ", " : "", r->first);
		free(words);
		words = more;
	}
	return words;
}

static void add_lists(struct finding *f, const struct link_view *view)
{
	char *eids = eid_words(view), *routes = route_words(view, true);
	char *json = must_printf("[%s]", view->n_eids ? eids : "");

	finding_json(f, "eids", json);
	free(json);
	json = must_printf("[%s]", routes);
	finding_json(f, "routes", json);
	free(json);
	free(routes);
	free(eids);
}

static void report_facts(const struct link_view *view, struct report *report)
{
	char *eids = eid_words(view), *routes = route_words(view, false);
	const struct link *link = &view->link;
	struct finding *f;

	f = report_add(report, LEVEL_OK, "links", "link",
		       "%s (%s): %s, carrier %s, MTU %u of %u to %u, net %u, EID %s, routes to %s",
		       link->name, view->port ? view->port : "not USB",
		       is_up(link) ? "up" : "down", link->carrier ? "on" : "off", link->mtu,
		       link->min_mtu, link->max_mtu, link->net, eids, routes);
	finding_text(f, "link", link->name);
	finding_text(f, "port", view->port);
	finding_flag(f, "up", is_up(link));
	finding_flag(f, "carrier", link->carrier);
	finding_flag(f, "core", link->mctp);
	finding_number(f, "mtu", link->mtu);
	finding_number(f, "min_mtu", link->min_mtu);
	finding_number(f, "max_mtu", link->max_mtu);
	finding_number(f, "net", link->net);
	finding_text(f, "queue", link->qdisc[0] ? link->qdisc : NULL);
	finding_number(f, "carrier_downs", link->carrier_downs);
	add_lists(f, view);
	free(eids);
	free(routes);
}

static void judge_usability(const struct link *link, struct report *report)
{
	struct finding *f = NULL;

	if (!link->mctp) {
		f = report_add(report, LEVEL_PROBLEM, "links", "link-no-core",
			       "%s is there, but no AF_MCTP core knows it", link->name);
		finding_fix(f, "modprobe mctp");
	} else if (!is_up(link)) {
		f = report_add(report, LEVEL_PROBLEM, "links", "link-down", "%s is down",
			       link->name);
		finding_fix(f, "mctp link set %s up", link->name);
	} else if (!link->carrier) {
		f = report_add(report, LEVEL_PROBLEM, "links", "link-no-carrier",
			       "%s is up and has no carrier: transfers to or from the device keep failing",
			       link->name);
		finding_fix(f, "After a reset it comes back. If not, plug the device out and in.\n"
			       "dmesg and the counters tell what fails.");
	}
	if (f)
		finding_text(f, "link", link->name);
}

static void judge_addresses(const struct link_view *view, struct report *report)
{
	const struct link *link = &view->link;
	struct finding *f;

	if (!link->mctp)
		return;
	if (!view->n_eids) {
		f = report_add(report, LEVEL_PROBLEM, "links", "link-no-eid",
			       "%s has no endpoint ID (EID), so this machine has no address there",
			       link->name);
		finding_fix(f, "mctp addr add 8 dev %s (an EID from 8 to 254 that is free)",
			    link->name);
		finding_text(f, "link", link->name);
	}
	if (!view->n_routes) {
		f = report_add(report, LEVEL_NOTE, "links", "link-no-route",
			       "%s has no route to a peer: mctpd makes them, or 'mctp route add EID via %s'",
			       link->name, link->name);
		finding_text(f, "link", link->name);
	}
}

static void judge_queue(const struct link *link, struct report *report)
{
	struct finding *f;

	if (strcmp(link->qdisc, "fq_codel"))
		return;
	f = report_add(report, LEVEL_NOTE, "links", "link-queue",
		       "%s: fq_codel drops what waits 100 ms; if large messages get lost: tc qdisc replace dev %s root pfifo",
		       link->name, link->name);
	finding_text(f, "link", link->name);
}

/* All links are shown; those of other kinds are none of this program's business. */
void link_judge(const struct link_view *view, struct report *report)
{
	report_facts(view, report);
	if (!view->port)
		return;
	judge_usability(&view->link, report);
	judge_addresses(view, report);
	judge_queue(&view->link, report);
}
