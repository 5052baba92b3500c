// SPDX-License-Identifier: GPL-2.0
/*
 * What both ends have counted as lost. Halts and retries are no losses: what the
 * driver loses by one it has to count besides.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "ethtool.h"
#include "silent.h"

static const char *const driver_losses[] = {
	"rx_bad_id", "rx_bad_len", "rx_short_hdr", "rx_trunc", "rx_abort",
	"rx_urb", "rx_stale", "rx_no_memory", "tx_urb", "tx_lost_packets",
	"tx_dropped_packets",
};

static const char *const endpoint_losses[] = {
	"out_bad_id", "out_bad_len", "out_short_hdr", "out_trunc", "in_failed",
	"in_lost", "dropped_packets", "dropped_messages", "disconnects",
};

static bool listed(const char *name, const char *const *list, size_t n)
{
	while (n--)
		if (!strcmp(name, list[n]))
			return true;
	return false;
}

static __u64 driver_lost(const char *dev)
{
	struct ethtool_gstrings *names;
	__u64 values[256], sum = 0;
	int fd = ethtool_socket();
	__u32 i;

	if (!ethtool_counter_names(fd, dev, &names)) {
		if (names->len > 256 ||
		    ethtool_counter_values(fd, dev, names->len, (void *)values))
			names->len = 0;
		for (i = 0; i < names->len; i++)
			if (listed(ethtool_counter_name(names, i), driver_losses,
				   sizeof(driver_losses) / sizeof(*driver_losses)))
				sum += values[i];
		free(names);
	}
	close(fd);
	return sum;
}

static __u64 endpoint_lost(void)
{
	__u64 sum = 0;
	char *line, *value;

	if (emu_command(&emu, "stats", 10000000))
		return 0;
	for (line = strtok(emu.text, "\n"); line; line = strtok(NULL, "\n")) {
		value = strchr(line, '=');
		if (!value)
			continue;
		*value++ = '\0';
		if (listed(line, endpoint_losses,
			   sizeof(endpoint_losses) / sizeof(*endpoint_losses)))
			sum += strtoull(value, NULL, 10);
	}
	return sum;
}

static long attribute(const char *dev, const char *name)
{
	char path[96], text[32] = "";
	FILE *f;

	snprintf(path, sizeof(path), "/sys/class/net/%s/%s", dev, name);
	f = fopen(path, "r");
	if (f) {
		if (!fgets(text, sizeof(text), f))
			text[0] = '\0';
		fclose(f);
	}
	return strtol(text, NULL, 10);
}

void losses_read(const struct where *w, struct losses *l)
{
	l->ifindex = w->ifindex;
	l->driver = driver_lost(w->name);
	l->endpoint = endpoint_lost();
	/* what waited while the carrier went off, and what was sent after that */
	l->queue = attribute(w->name, "statistics/tx_dropped");
	l->carrier = attribute(w->name, "carrier") == 1;
	l->carrier_downs = attribute(w->name, "carrier_down_count");
}

/* Who says so, NULL if nobody does */
const char *losses_tell(const struct losses *before, const struct losses *now)
{
	if (now->ifindex != before->ifindex)
		return "the link went away";
	if (now->driver != before->driver)
		return "counted by the driver";
	if (now->queue != before->queue)
		return "counted by the queue";
	if (now->endpoint != before->endpoint)
		return "counted by the endpoint";
	if (!before->carrier || now->carrier_downs != before->carrier_downs)
		return "the carrier was off";
	return NULL;
}
