/* SPDX-License-Identifier: GPL-2.0 */
/* A driver's own counters, those of `ethtool -S`. */
#ifndef TOOLS_ETHTOOL_H
#define TOOLS_ETHTOOL_H

#include <stdint.h>
#include <net/if.h>
#include <linux/ethtool.h>

int ethtool_socket(void);
int ethtool_counter_names(int fd, const char *dev, struct ethtool_gstrings **names);
const char *ethtool_counter_name(const struct ethtool_gstrings *names, uint32_t which);
int ethtool_counter_values(int fd, const char *dev, uint32_t count, uint64_t *values);

#endif /* TOOLS_ETHTOOL_H */
