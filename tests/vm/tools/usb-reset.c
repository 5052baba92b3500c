// SPDX-License-Identifier: GPL-2.0
/* usb-reset NODE - reset a USB device, as users and other drivers may do */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <linux/usbdevice_fs.h>

int main(int argc, char **argv)
{
	int fd;

	if (argc != 2) {
		fprintf(stderr, "usage: usb-reset /dev/bus/usb/BUS/DEVICE\n");
		return 2;
	}
	fd = open(argv[1], O_WRONLY | O_CLOEXEC);
	if (fd < 0 || ioctl(fd, USBDEVFS_RESET, 0)) {
		fprintf(stderr, "usb-reset: %s: %s\n", argv[1], strerror(errno));
		return 1;
	}
	close(fd);
	return 0;
}
