// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <linux/usbdevice_fs.h>

#include "sysfs.h"

/* 0 or a negative errno */
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

/* An attribute of a USB device or interface; -1 if there is none */
long usb_number(const char *of, const char *name)
{
	char path[160], text[16] = "";
	int fd;
	ssize_t n;

	snprintf(path, sizeof(path), USB_DEVICES "%s/%s", of, name);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	n = fd < 0 ? 0 : read(fd, text, sizeof(text) - 1);
	if (fd >= 0)
		close(fd);
	return n > 0 ? strtol(text, NULL, 10) : -1;
}

/* A USB device's node, open for its ioctls; -1 if there is none */
int usb_node(const char *of)
{
	char path[64];

	snprintf(path, sizeof(path), "/dev/bus/usb/%03ld/%03ld",
		 usb_number(of, "busnum"), usb_number(of, "devnum"));
	return open(path, O_WRONLY | O_CLOEXEC);
}

/* As users and other drivers may do it. Return: 0 or a negative errno */
int usb_reset(const char *of)
{
	int fd = usb_node(of);
	int rc = 0;

	if (fd < 0 || ioctl(fd, USBDEVFS_RESET, 0))
		rc = -errno;
	if (fd >= 0)
		close(fd);
	return rc;
}
