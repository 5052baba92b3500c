// SPDX-License-Identifier: GPL-2.0
/* What stops the link and starts it again: reset, sleep, the module. */
#include <fcntl.h>
#include <stdio.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>
#include <sys/utsname.h>
#include <unistd.h>
#include <linux/usbdevice_fs.h>

#include "usb-link.h"

static int node = -1;

void need_node(void)
{
	node = usb_node(device());
	if (node < 0)
		die("no node of %s: %s", device(), strerror(errno));
}

/* As users and other drivers may do it */
int run_reset(void)
{
	return rc_of(ioctl(node, USBDEVFS_RESET, 0));
}

void close_node(int rc)
{
	close(node);
}

void unloaded(void)
{
	if (syscall(SYS_delete_module, "mctp_usb", 0) && errno != ENOENT)
		die("the module does not unload: %s", strerror(errno));
}

int run_load(void)
{
	struct utsname system;
	char path[200];
	int fd, rc;

	uname(&system);
	snprintf(path, sizeof(path), "/lib/modules/%s/updates/mctp-usb.ko", system.release);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	rc = rc_of(syscall(SYS_finit_module, fd, "", 0));
	close(fd);
	return rc;
}

bool works_loaded(void)
{
	if (access("/sys/module/mctp_usb", F_OK) && run_load())
		return false;
	return works();
}

/* All devices go through suspend and resume; the processor stays on. */
int run_suspend(void)
{
	write_file("/sys/module/suspend/parameters/pm_test_delay", "0");
	if (write_file("/sys/power/pm_test", "devices"))
		die("/sys/power/pm_test: %s", strerror(errno));
	return write_file("/sys/power/state", "mem");
}

static void set_power(const char *name, const char *text)
{
	char path[100];

	snprintf(path, sizeof(path), USB_DEVICES "%s/power/%s", device(), name);
	write_file(path, text);
}

/* A closed link lets its device sleep, when the user does. */
void asleep(void)
{
	__u64 end = now_us() + 10000000;
	char path[100];

	set_up(false);
	set_power("autosuspend_delay_ms", "0");
	set_power("control", "auto");
	snprintf(path, sizeof(path), USB_DEVICES "%s/power/runtime_status", device());
	while (!file_is(path, "suspended")) {
		if (now_us() > end)
			die("the device does not sleep");
		usleep(5000);
	}
	new_netlink();
}

int run_wake(void)
{
	return link_up(attr("ifindex"), true);
}

void awake(int rc)
{
	set_power("control", "on");
}
