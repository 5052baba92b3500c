// SPDX-License-Identifier: GPL-2.0
/* The kernel's virtual host controller for USB/IP, by its files in sysfs. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "emu.h"
#include "usbip.h"

#define VHCI		"/sys/devices/platform/vhci_hcd.0"
#define PORT_FREE	4	/* VDEV_ST_NULL */
/* any will do: bus 1, device 2 of a host that there is not */
#define DEVID		0x10002

/*
 * The first free port of a hub of that speed behind the one taken last, or -1. If
 * a port is used again at once the hub does not notice that the device is another.
 */
static int free_port(FILE *status, enum usb_speed speed)
{
	static unsigned int last;
	const char *wanted = speed == SPEED_SUPER ? "ss" : "hs";
	unsigned int port, state;
	char line[256], hub[8];
	int first = -1;

	while (fgets(line, sizeof(line), status)) {
		if (sscanf(line, "%7s %u %u", hub, &port, &state) != 3 ||
		    strcmp(hub, wanted) || state != PORT_FREE)
			continue;
		if (port > last) {
			first = port;
			break;
		}
		if (first < 0)
			first = port;
	}
	if (first >= 0)
		last = first;
	return first;
}

/**
 * vhci_attach() - plug a device in
 * @speed: of the device
 * @fd: socket whose other end speaks USB/IP for the device
 *
 * Return: NULL or what is wrong
 */
const char *vhci_attach(unsigned int speed, int fd)
{
	/* enum usb_device_speed of the kernel */
	static const u8 speeds[] = {
		[SPEED_FULL] = 2, [SPEED_HIGH] = 3, [SPEED_SUPER] = 5,
	};
	char text[64];
	FILE *status;
	ssize_t n;
	int port, attach;

	status = fopen(VHCI "/status", "re");
	if (!status)
		return "there is no vhci_hcd; try modprobe vhci-hcd";
	port = free_port(status, speed);
	fclose(status);
	if (port < 0)
		return "no port of vhci_hcd is free";

	attach = open(VHCI "/attach", O_WRONLY | O_CLOEXEC);
	if (attach < 0)
		return strerror(errno);
	n = snprintf(text, sizeof(text), "%d %d %d %d", port, fd, DEVID,
		     speeds[speed]);
	n = write(attach, text, n);
	close(attach);
	return n < 0 ? strerror(errno) : NULL;
}
