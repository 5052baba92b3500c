// SPDX-License-Identifier: GPL-2.0
/*
 * What may happen to a link. Any of these may fail, as another one has just
 * taken away what it is about; each ends with the link where it was, as far
 * as the others let it.
 */
#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>
#include <linux/ethtool.h>
#include <linux/sockios.h>

#include "conform.h"
#include "races.h"

static int write_at(const char *dir, const char *name, const char *file, const char *text)
{
	char path[160];

	snprintf(path, sizeof(path), "%s%s/%s", dir, name, file);
	return write_file(path, text);
}

static bool op_unplug(void)
{
	bool good;

	endpoint_hold(true);
	good = endpoint("disconnect");
	pause_us(30000);
	endpoint(dice(2) ? "spec 1.0" : "spec 1.1");
	good &= endpoint("connect");
	endpoint_hold(false);
	return good;
}

static bool op_rmmod(void)
{
	bool gone = !syscall(SYS_delete_module, "mctp_usb", O_NONBLOCK);

	pause_us(10000);
	return load_driver() && gone;
}

static bool op_updown(void)
{
	struct where w;
	bool good;

	if (!find_link(&w))
		return false;
	good = !link_up(w.ifindex, false);
	pause_us(5000);
	return !link_up(w.ifindex, true) && good;
}

static bool op_mtu(void)
{
	struct where w;

	return find_link(&w) && !mtu_set(w.ifindex, 68 + dice(251 - 68 + 1));
}

static bool op_ring(void)
{
	struct ethtool_ringparam ring = {
		.cmd = ETHTOOL_SRINGPARAM,
		.rx_pending = 1u << dice(7), .tx_pending = 1u << dice(7),
	};
	struct ifreq ifr = { .ifr_data = (void *)&ring };
	struct where w;
	int fd = socket(AF_UNIX, SOCK_DGRAM, 0);
	bool good;

	if (!find_link(&w))
		return false;
	memcpy(ifr.ifr_name, w.name, sizeof(w.name));
	good = !ioctl(fd, SIOCETHTOOL, &ifr);
	close(fd);
	return good;
}

/* In a namespace of its own; the link comes back by itself when that goes. */
static void away(int ifindex, int home)
{
	int fd = msock_open(), n;

	nl_close(&nl);
	nl_open(&nl);
	link_up(ifindex, true);
	addr_add(ifindex, 8);
	route_add(9, 0, ifindex, 0);
	for (n = dice(20); n; n--)
		sk_request(fd, 1, 9, dice(500));
	close(fd);
	if (dice(2))
		link_move(ifindex, home);
}

static bool op_netns(void)
{
	int home = open("/proc/self/ns/net", O_RDONLY | O_CLOEXEC), there;
	struct where w;
	bool good;

	if (!find_link(&w) || unshare(CLONE_NEWNET)) {
		close(home);
		return false;
	}
	there = open("/proc/self/ns/net", O_RDONLY | O_CLOEXEC);
	if (setns(home, CLONE_NEWNET))
		die("setns: %s", strerror(errno));
	good = !link_move(w.ifindex, there);
	if (good && !setns(there, CLONE_NEWNET)) {
		away(w.ifindex, home);
		nl_close(&nl);
		if (setns(home, CLONE_NEWNET))
			die("setns: %s", strerror(errno));
		nl_open(&nl);
	}
	close(there);
	close(home);
	return good;
}

static bool op_autosuspend(void)
{
	struct where w;
	bool good;

	if (!find_link(&w))
		return false;
	write_at(USB_DEVICES, w.device, "power/autosuspend_delay_ms", "0");
	link_up(w.ifindex, false);
	good = !write_at(USB_DEVICES, w.device, "power/control", "auto");
	pause_us(20000);
	link_up(w.ifindex, true);
	write_at(USB_DEVICES, w.device, "power/control", "on");
	return good;
}

/* Devices alone, as not every machine wakes up by itself */
static bool op_suspend(void)
{
	bool good;

	/* the endpoint's control channel sleeps, too */
	endpoint_hold(true);
	good = !write_file("/sys/power/pm_test", "devices") &&
	       !write_file("/sys/power/state", "mem");
	write_file("/sys/power/pm_test", "none");
	endpoint_hold(false);
	return good;
}

static bool op_reset(void)
{
	struct where w;

	return find_link(&w) && !usb_reset(w.device);
}

static bool op_rebind(void)
{
	struct where w;
	bool good;

	if (!find_link(&w))
		return false;
	good = !write_file(DRIVER "unbind", w.interface);
	pause_us(10000);
	return !write_file(DRIVER "bind", w.interface) && good;
}

static bool op_configure(void)
{
	unsigned int tries;
	struct where w;
	bool good;

	if (!find_link(&w))
		return false;
	good = !write_at(USB_DEVICES, w.device, "bConfigurationValue", "0");
	pause_us(10000);
	/* Refused while the device sleeps or is reset; without one there is no link. */
	for (tries = 0; tries < 50; tries++) {
		if (!write_at(USB_DEVICES, w.device, "bConfigurationValue", "1"))
			return good;
		pause_us(20000);
	}
	return false;
}

static bool op_core(void)
{
	struct where w;
	bool good;

	if (!find_link(&w))
		return false;
	good = !route_del(9, 0, w.ifindex);
	good &= !addr_del(w.ifindex, 8);
	net_set(w.ifindex, 2);
	pause_us(2000);
	net_set(w.ifindex, 1);
	addr_add(w.ifindex, 8);
	route_add(9, 0, w.ifindex, 0);
	return good;
}

const struct race_op race_ops[] = {
	{ "unplug", op_unplug },
	{ "rmmod", op_rmmod },
	{ "updown", op_updown },
	{ "mtu", op_mtu },
	{ "ring", op_ring },
	{ "netns", op_netns },
	{ "autosuspend", op_autosuspend },
	{ "suspend", op_suspend },
	{ "reset", op_reset },
	{ "rebind", op_rebind },
	{ "configure", op_configure },
	{ "core", op_core },
};

const size_t race_op_count = ARRAY_SIZE(race_ops);
