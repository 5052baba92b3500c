// SPDX-License-Identifier: GPL-2.0
/* What a link has counted, in words. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "../link/ethtool.h"
#include "counters.h"
#include "util.h"

/* Those of our driver (src/usb/stats.c); without a meaning: traffic, which needs no words. */
static const struct meaning {
	const char *name;
	const char *words;
} meanings[] = {
	{ "rx_packets", NULL }, { "rx_bytes", NULL }, { "rx_transfers", NULL },
	{ "rx_packed_transfers", NULL }, { "rx_zlp", NULL },
	{ "tx_packets", NULL }, { "tx_bytes", NULL }, { "tx_transfers", NULL },
	{ "tx_packed_transfers", NULL }, { "suspends", NULL },
	{ "rx_bad_id",
	  "the device sent what does not start with the DMTF ID; the rest was dropped" },
	{ "rx_bad_len",
	  "the device sent frames of an impossible length; the rest was dropped" },
	{ "rx_short_hdr", "the device sent transfers that end inside a frame's header" },
	{ "rx_trunc", "the device sent frames that its transfer was too short for" },
	{ "rx_pad", "the device pads its transfers with zeros, which is harmless" },
	{ "rx_abort", "transfers from the device failed inside of a frame, which is lost" },
	{ "rx_urb", "transfers from the device failed, between frames" },
	{ "rx_stale", "the device began frames and sent nothing more of them for five seconds" },
	{ "rx_resyncs", "a good packet was found again after bad bytes" },
	{ "rx_no_memory", "packets from the device were dropped for want of memory" },
	{ "tx_urb", "transfers to the device failed" },
	{ "tx_lost_packets", "packets to the device were lost in transfers that failed" },
	{ "tx_bad_protocol", "somebody sent what is not MCTP to this link, such as IP; refused" },
	{ "tx_bad_len", "packets longer than the MTU, or shorter than a header, were refused" },
	{ "tx_dropped_packets", "packets were dropped by a reset, other rings, or the link's end" },
	{ "rx_halts", "the device halted its IN pipe, which was cleared" },
	{ "tx_halts", "the device halted its OUT pipe, which was cleared" },
	{ "rx_retries", "the IN pipe failed, and was tried again: cable, hub or device" },
	{ "tx_retries", "the OUT pipe failed, and was tried again: cable, hub or device" },
	{ "tx_stalls", "for ten seconds each time the device did not read its OUT endpoint" },
	{ "resets", "the device was reset, and has lost its EID each time" },
	{ "reset_requests", "the driver asked for a reset, for a pipe kept failing" },
	/* any link's, where the driver has none of its own */
	{ "rx_errors", "something was wrong with what the device sent, or transfers failed" },
	{ "rx_dropped", "packets from the device were dropped" },
	{ "tx_errors", "transfers to the device failed" },
	{ "tx_dropped", "packets to the device were dropped" },
};

static const struct meaning *find_meaning(const char *name)
{
	size_t i;

	for (i = 0; i < sizeof(meanings) / sizeof(*meanings); i++)
		if (!strcmp(meanings[i].name, name))
			return &meanings[i];
	return NULL;
}

bool counter_known(const char *name)
{
	return find_meaning(name);
}

/* Nothing is said of what counts traffic, nor of what is zero. */
void counter_judge(const char *link, const struct counter *counter, struct report *report)
{
	const struct meaning *meaning = find_meaning(counter->name);
	struct finding *f;

	if (!counter->value || (meaning && !meaning->words))
		return;
	f = report_add(report, LEVEL_NOTE, "counters", "counter", "%s: %s is %llu: %s", link,
		       counter->name, (unsigned long long)counter->value,
		       meaning ? meaning->words : "this program does not know that one");
	finding_text(f, "link", link);
	finding_text(f, "counter", counter->name);
	finding_number(f, "value", counter->value);
}

/* False if the driver has none, as the kernel's own. */
static bool report_drivers(const char *link, struct report *report)
{
	struct ethtool_gstrings *names = NULL;
	int fd = ethtool_socket();
	struct counter counter;
	uint64_t *values;
	uint32_t i;
	bool good;

	if (fd < 0)
		return false;
	if (ethtool_counter_names(fd, link, &names)) {
		close(fd);
		return false;
	}
	values = must_realloc(NULL, names->len * sizeof(*values));
	good = !ethtool_counter_values(fd, link, names->len, values);
	for (i = 0; good && i < names->len; i++) {
		snprintf(counter.name, sizeof(counter.name), "%s",
			 ethtool_counter_name(names, i));
		counter.value = values[i];
		counter_judge(link, &counter, report);
	}
	free(values);
	free(names);
	close(fd);
	return good;
}

static void report_links_own(const struct link *link, struct report *report)
{
	const struct counter counters[] = {
		{ "rx_errors", link->stats.rx_errors },
		{ "rx_dropped", link->stats.rx_dropped },
		{ "tx_errors", link->stats.tx_errors },
		{ "tx_dropped", link->stats.tx_dropped },
	};
	size_t i;

	for (i = 0; i < sizeof(counters) / sizeof(*counters); i++)
		counter_judge(link->name, &counters[i], report);
}

void counters_report(const struct link *link, struct report *report)
{
	struct finding *f;

	f = report_add(report, LEVEL_OK, "counters", "traffic",
		       "%s: %llu packets received, %llu sent", link->name,
		       (unsigned long long)link->stats.rx_packets,
		       (unsigned long long)link->stats.tx_packets);
	finding_text(f, "link", link->name);
	finding_number(f, "rx_packets", link->stats.rx_packets);
	finding_number(f, "rx_bytes", link->stats.rx_bytes);
	finding_number(f, "tx_packets", link->stats.tx_packets);
	finding_number(f, "tx_bytes", link->stats.tx_bytes);
	if (!report_drivers(link->name, report))
		report_links_own(link, report);
}
