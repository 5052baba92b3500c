// SPDX-License-Identifier: GPL-2.0
#include <stdio.h>
#include <string.h>

#include "../links.h"
#include "test.h"

/* A link where all is well: up, with an address and a route to a peer. */
static uint8_t eids[] = { 8 };
static struct route routes[] = { { .first = 9, .last = 9, .index = 3 } };

static const struct link_view good = {
	.link = {
		.index = 3, .name = "mctpusb0", .qdisc = "pfifo_fast", .flags = IFF_UP,
		.mtu = 68, .min_mtu = 68, .max_mtu = 251, .mctp = true, .net = 1, .carrier = 1,
	},
	.port = "1-2:1.0",
	.eids = eids, .n_eids = 1,
	.routes = routes, .n_routes = 1,
};

static bool has_datum(const struct finding *finding, const char *key, const char *json)
{
	size_t i;

	for (i = 0; i < finding->n_data; i++)
		if (!strcmp(finding->data[i].key, key))
			return !strcmp(finding->data[i].json, json);
	return false;
}

/* Is this, beside the facts, all that is found? NULL: nothing is. */
static bool only(const struct link_view *view, enum level level, const char *id)
{
	struct report report = { 0 };
	const struct finding *f;
	bool right;

	link_judge(view, &report);
	f = id ? found(&report, id) : NULL;
	right = found(&report, "link") && report.count == (id ? 2 : 1) &&
		(!id || (f && f->level == level && (level != LEVEL_PROBLEM || f->fix)));
	report_free(&report);
	return right;
}

static void test_facts(void)
{
	struct report report = { 0 };
	const struct finding *f;

	link_judge(&good, &report);
	f = found(&report, "link");
	check(f && strstr(f->text, "mctpusb0 (1-2:1.0): up, carrier on, MTU 68 of 68 to 251, ") &&
	      strstr(f->text, ", net 1, EID 8, routes to 9"),
	      "a link is one line");
	check(f && has_datum(f, "eids", "[8]") && has_datum(f, "routes", "[[9, 9]]") &&
	      has_datum(f, "link", "\"mctpusb0\"") && has_datum(f, "up", "true") &&
	      has_datum(f, "max_mtu", "251"), "and the same as data");
	report_free(&report);
}

static void test_many_addresses(void)
{
	uint8_t two[] = { 8, 200 };
	struct route ranges[] = { { .first = 9, .last = 9 }, { .first = 10, .last = 20 } };
	struct link_view view = good;
	struct report report = { 0 };
	const struct finding *f;

	view.eids = two;
	view.n_eids = 2;
	view.routes = ranges;
	view.n_routes = 2;
	link_judge(&view, &report);
	f = found(&report, "link");
	check(f && strstr(f->text, "EID 8, 200, routes to 9, 10-20") &&
	      has_datum(f, "eids", "[8, 200]") && has_datum(f, "routes", "[[9, 9], [10, 20]]"),
	      "several addresses, and a range of routes");
	report_free(&report);
}

void test_links(void)
{
	struct link_view view;

	test_facts();
	test_many_addresses();
	check(only(&good, LEVEL_OK, NULL), "a link where all is well: nothing else is said");
	view = good;
	view.link.flags = 0;
	view.link.carrier = 0;
	check(only(&view, LEVEL_PROBLEM, "link-down"),
	      "down; that there is no carrier then is no news");
	view = good;
	view.link.carrier = 0;
	check(only(&view, LEVEL_PROBLEM, "link-no-carrier"), "up, without a carrier");
	view = good;
	view.n_eids = 0;
	check(only(&view, LEVEL_PROBLEM, "link-no-eid"), "up, without an address");
	view = good;
	view.n_routes = 0;
	check(only(&view, LEVEL_NOTE, "link-no-route"), "no route: worth a note");
	view = good;
	view.link.mctp = false;
	view.n_eids = 0;
	view.n_routes = 0;
	check(only(&view, LEVEL_PROBLEM, "link-no-core"),
	      "no core knows it: that is why it has no address");
	view = good;
	snprintf(view.link.qdisc, sizeof(view.link.qdisc), "fq_codel");
	check(only(&view, LEVEL_NOTE, "link-queue"), "fq_codel: worth a note");
	view.port = NULL;
	view.link.flags = 0;
	view.n_eids = 0;
	check(only(&view, LEVEL_OK, NULL), "a link that is not USB is shown, not judged");
}
