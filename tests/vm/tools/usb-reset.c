// SPDX-License-Identifier: GPL-2.0
/* usb-reset DEVICE - reset a USB device, as 1-1, as users and other drivers may do */
#include <stdio.h>
#include <string.h>

#include "sysfs.h"

int main(int argc, char **argv)
{
	int rc;

	if (argc != 2) {
		fprintf(stderr, "usage: usb-reset DEVICE\n");
		return 2;
	}
	rc = usb_reset(argv[1]);
	if (rc)
		fprintf(stderr, "usb-reset: %s: %s\n", argv[1], strerror(-rc));
	return rc != 0;
}
