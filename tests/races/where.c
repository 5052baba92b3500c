// SPDX-License-Identifier: GPL-2.0
/* Where a link is, in sysfs. */
#include <dirent.h>
#include <net/if.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "where.h"

/* Whatever the link is called: names change where two meet in a namespace. */
bool find_link(struct where *w)
{
	DIR *dir = opendir("/sys/class/net");
	char path[300], to[256], *slash;
	struct dirent *entry;
	bool found = false;
	ssize_t n;

	while (dir && !found && (entry = readdir(dir))) {
		snprintf(path, sizeof(path), "/sys/class/net/%s/device", entry->d_name);
		n = readlink(path, to, sizeof(to) - 1);
		if (n < 0)
			continue;
		to[n] = '\0';
		slash = strrchr(to, '/');
		if (!slash || !strchr(slash, ':'))
			continue;
		snprintf(w->interface, sizeof(w->interface), "%.31s", slash + 1);
		snprintf(w->device, sizeof(w->device), "%.*s",
			 (int)strcspn(w->interface, ":"), w->interface);
		snprintf(w->name, sizeof(w->name), "%.15s", entry->d_name);
		w->ifindex = if_nametoindex(w->name);
		found = w->ifindex;
	}
	if (dir)
		closedir(dir);
	return found;
}
