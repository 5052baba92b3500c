// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <linux/sockios.h>

#include "ethtool.h"

static int ethtool(int fd, const char *dev, void *cmd)
{
	struct ifreq ifr = { .ifr_data = cmd };

	snprintf(ifr.ifr_name, sizeof(ifr.ifr_name), "%s", dev);
	return ioctl(fd, SIOCETHTOOL, &ifr) ? -errno : 0;
}

/* Any socket will do. Returns it, or a negative errno. */
int ethtool_socket(void)
{
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);

	if (fd < 0)
		fd = socket(AF_PACKET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	return fd < 0 ? -errno : fd;
}

static int count_counters(int fd, const char *dev, uint32_t *count)
{
	struct {
		struct ethtool_sset_info info;
		uint32_t n;
	} cmd = {
		.info.cmd = ETHTOOL_GSSET_INFO,
		.info.sset_mask = 1ull << ETH_SS_STATS,
	};
	int rc = ethtool(fd, dev, &cmd);

	if (rc)
		return rc;
	if (!cmd.info.sset_mask || !cmd.n)
		return -EOPNOTSUPP;
	*count = cmd.n;
	return 0;
}

/*
 * Returns 0 with the names, which are the caller's to free, or a negative
 * errno, -EOPNOTSUPP when the link has no counters of its own.
 */
int ethtool_counter_names(int fd, const char *dev, struct ethtool_gstrings **names)
{
	struct ethtool_gstrings *cmd;
	uint32_t count;
	int rc;

	rc = count_counters(fd, dev, &count);
	if (rc)
		return rc;
	cmd = calloc(1, sizeof(*cmd) + (size_t)count * ETH_GSTRING_LEN);
	if (!cmd)
		return -ENOMEM;
	cmd->cmd = ETHTOOL_GSTRINGS;
	cmd->string_set = ETH_SS_STATS;
	cmd->len = count;
	rc = ethtool(fd, dev, cmd);
	if (rc) {
		free(cmd);
		return rc;
	}
	/* The kernel may have fewer by now; names that fill their place have no end. */
	if (cmd->len > count)
		cmd->len = count;
	for (count = 0; count < cmd->len; count++)
		cmd->data[(count + 1) * ETH_GSTRING_LEN - 1] = '\0';
	*names = cmd;
	return 0;
}

const char *ethtool_counter_name(const struct ethtool_gstrings *names, uint32_t which)
{
	return (const char *)names->data + (size_t)which * ETH_GSTRING_LEN;
}

int ethtool_counter_values(int fd, const char *dev, uint32_t count, uint64_t *values)
{
	struct ethtool_stats *stats;
	int rc;

	stats = calloc(1, sizeof(*stats) + count * sizeof(*stats->data));
	if (!stats)
		return -ENOMEM;
	stats->cmd = ETHTOOL_GSTATS;
	stats->n_stats = count;
	rc = ethtool(fd, dev, stats);
	if (!rc)
		memcpy(values, stats->data, count * sizeof(*values));
	free(stats);
	return rc;
}
