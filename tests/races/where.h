/* SPDX-License-Identifier: GPL-2.0 */
/* Where a link is, in sysfs. */
#ifndef WHERE_H
#define WHERE_H

#include <stdbool.h>

/* Of a link in this network namespace */
struct where {
	char name[16];		/* of the netdev */
	int ifindex;
	char interface[32];	/* 1-1:1.0 */
	char device[32];	/* 1-1 */
};

bool find_link(struct where *w);

#endif /* WHERE_H */
