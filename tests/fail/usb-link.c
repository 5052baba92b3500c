// SPDX-License-Identifier: GPL-2.0
/* The link to the emulated endpoint: what it is, and whether it works. */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "../vm/tools/emu.h"
#include "../vm/tools/pkt.h"
#include "usb-link.h"

#define WAIT_US 10000000
#define DRIVER "/sys/bus/usb/drivers/mctp-usb/"

static struct emu emu;
static char interface[32];
static struct pkt out;

static bool read_file(const char *path, char *text, size_t size)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t n = fd < 0 ? -1 : read(fd, text, size - 1);

	if (fd >= 0)
		close(fd);
	text[n < 0 ? 0 : n] = '\0';
	return n > 0;
}

bool file_is(const char *path, const char *text)
{
	char is[64];

	return read_file(path, is, sizeof(is)) && !strncmp(is, text, strlen(text));
}

/* A number among the link's attributes, -1 if there is none */
long attr(const char *name)
{
	char path[160], text[64];

	snprintf(path, sizeof(path), "/sys/class/net/" DEV "/%s", name);
	return read_file(path, text, sizeof(text)) ? strtol(text, NULL, 10) : -1;
}

bool present(void)
{
	return attr("ifindex") > 0;
}

/* Until it is at least @value, for ten seconds and as long as there is a link */
static bool reaches(const char *name, long value)
{
	__u64 end = now_us() + WAIT_US;

	while (attr(name) < value) {
		if (!present() || now_us() > end)
			return false;
		usleep(2000);
	}
	return true;
}

/* A failure may have cut an answer off. */
void new_netlink(void)
{
	nl_close(&nl);
	nl_open(&nl);
}

/* Return: 0, or an error if the link has gone meanwhile */
int set_up(bool up)
{
	new_netlink();
	return link_up(attr("ifindex"), up);
}

bool endpoint(const char *command)
{
	return !emu_command(&emu, command, WAIT_US);
}

int send_packet(size_t len)
{
	__u8 packet[LONGEST] = { 1, 9, 8, 0xc8, 0x5a, 2 };

	return pkt_send(&out, packet, len);
}

/* Received, or counted as lost for want of memory */
int receive_packet(size_t len)
{
	long before = attr("statistics/rx_packets") + attr("statistics/rx_dropped");
	__u64 end = now_us() + LADDER_US;
	char command[64];

	snprintf(command, sizeof(command), "send 010809C0(A5*%zu)", len - 4);
	if (!endpoint(command))
		return -EIO;
	while (attr("statistics/rx_packets") + attr("statistics/rx_dropped") <= before) {
		if (now_us() > end)
			return -ETIMEDOUT;
		usleep(1000);
	}
	/* its buffer is given back behind that */
	usleep(20000);
	return 0;
}

int bind_driver(void)
{
	return write_file(DRIVER "bind", interface);
}

int unbind_driver(void)
{
	return write_file(DRIVER "unbind", interface);
}

/* The link is up, and a packet goes each way. */
static bool traffic(void)
{
	long rx, tx;

	if (!reaches("carrier", 1))
		return false;
	rx = attr("statistics/rx_packets");
	tx = attr("statistics/tx_packets");
	if (send_packet(20) || !reaches("statistics/tx_packets", tx + 1))
		return false;
	return endpoint("send 010809C0A5A5A5A5") && reaches("statistics/rx_packets", rx + 1);
}

/* Open it, use it. */
static bool link_works(void)
{
	if (!present() || (attr("carrier") < 0 && set_up(true)))
		return false;
	if (attr("mtu") != LONGEST) {
		new_netlink();
		mtu_set(attr("ifindex"), LONGEST);
	}
	pkt_close(&out);
	pkt_open(&out, DEV, SOCK_DGRAM, PKT_SEND);
	return traffic();
}

/* The same link, bound again if it is not any more */
bool works(void)
{
	if (!present())
		bind_driver();
	return link_works();
}

/*
 * The same link; or another one, if the USB core could not do what it was asked for
 * and so looks at the device anew, for which it takes a moment, and without any help.
 */
bool works_anew(void)
{
	__u64 end = now_us() + WAIT_US;

	while (!link_works()) {
		if (now_us() > end)
			return false;
		usleep(100000);
	}
	return true;
}

/* The USB device's name */
const char *device(void)
{
	static char name[sizeof(interface)];

	snprintf(name, sizeof(name), "%.*s", (int)strcspn(interface, ":"), interface);
	return name;
}

void link_start(void)
{
	char path[256], *slash;
	ssize_t n = readlink("/sys/class/net/" DEV "/device", path, sizeof(path) - 1);

	if (n < 0)
		die(DEV ": %s", strerror(errno));
	path[n] = '\0';
	slash = strrchr(path, '/');
	snprintf(interface, sizeof(interface), "%.31s", slash ? slash + 1 : path);

	nl_open(&nl);
	emu_open(&emu, "/dev/ttyS2");
	if (set_up(true))
		die(DEV ": %s", nl.extack);
	pkt_open(&out, DEV, SOCK_DGRAM, PKT_SEND);
	if (!works())
		die("nothing works from the start");
}
