// SPDX-License-Identifier: GPL-2.0
/* Where a link is, in sysfs. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <net/if.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>
#include <linux/usbdevice_fs.h>

#include "where.h"

int write_file(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC);
	int rc = 0;

	if (fd < 0 || write(fd, text, strlen(text)) < 0)
		rc = -errno;
	if (fd >= 0)
		close(fd);
	return rc;
}

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

/* An attribute of a USB device or interface; -1 if there is none */
long usb_number(const char *of, const char *name)
{
	char path[160], text[16] = "";
	int fd;
	ssize_t n;

	snprintf(path, sizeof(path), "/sys/bus/usb/devices/%s/%s", of, name);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	n = fd < 0 ? 0 : read(fd, text, sizeof(text) - 1);
	if (fd >= 0)
		close(fd);
	return n > 0 ? strtol(text, NULL, 10) : -1;
}

bool reset_device(const struct where *w)
{
	char path[64];
	bool good;
	int fd;

	snprintf(path, sizeof(path), "/dev/bus/usb/%03ld/%03ld",
		 usb_number(w->device, "busnum"), usb_number(w->device, "devnum"));
	fd = open(path, O_WRONLY | O_CLOEXEC);
	good = fd >= 0 && !ioctl(fd, USBDEVFS_RESET, 0);
	if (fd >= 0)
		close(fd);
	return good;
}
