// SPDX-License-Identifier: GPL-2.0
/* The life of a USB link, with the emulated endpoint at its other end. */
#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>
#include <linux/ethtool.h>
#include <linux/sockios.h>

#include "../vm/tools/emu.h"
#include "../vm/tools/pkt.h"
#include "fail.h"

#define DEV "mctpusb0"
#define DRIVER "/sys/bus/usb/drivers/mctp-usb/"
#define LONGEST 251

static struct emu endpoint;
static char interface[32];
static struct pkt out;
static int control = -1;

static int write_file(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC);
	ssize_t n = fd < 0 ? -1 : write(fd, text, strlen(text));
	int rc = n < 0 ? -errno : 0;

	if (fd >= 0)
		close(fd);
	return rc;
}

static long read_number(const char *dir, const char *name)
{
	char path[160], text[64] = "";
	int fd;

	snprintf(path, sizeof(path), "%s/%s", dir, name);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return -1;
	if (read(fd, text, sizeof(text) - 1) < 0)
		text[0] = '\0';
	close(fd);
	return *text ? strtol(text, NULL, 10) : -1;
}

static long attr(const char *name)
{
	return read_number("/sys/class/net/" DEV, name);
}

/* Until @attribute is at least that, for ten seconds */
static bool reaches(const char *name, long value)
{
	__u64 end = now_us() + 10000000;

	while (attr(name) < value) {
		if (now_us() > end)
			return false;
		usleep(2000);
	}
	return true;
}

static bool present(void)
{
	return attr("ifindex") > 0;
}

static void set_up(bool up)
{
	nl_close(&nl);
	nl_open(&nl);
	if (link_up(attr("ifindex"), up))
		die(DEV ": %s", nl.extack);
}

static bool endpoint_sends(const char *what)
{
	char command[1200];

	snprintf(command, sizeof(command), "send %s", what);
	return !emu_command(&endpoint, command, 10000000);
}

static int send_packet(size_t len)
{
	__u8 packet[LONGEST] = { 1, 9, 8, 0xc8, 0x5a, 2 };

	return pkt_send(&out, packet, len);
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
	return endpoint_sends("010809C0A5A5A5A5") &&
	       reaches("statistics/rx_packets", rx + 1);
}

/* Whatever the operation left: bind it, open it, use it. */
static bool works(void)
{
	if (!present())
		write_file(DRIVER "bind", interface);
	if (!present())
		return false;
	if (attr("carrier") < 0)
		set_up(true);
	pkt_close(&out);
	pkt_open(&out, DEV, SOCK_DGRAM, PKT_SEND);
	return traffic();
}

static void unbind(void)
{
	if (present())
		write_file(DRIVER "unbind", interface);
}

static int run_probe(void)
{
	return write_file(DRIVER "bind", interface);
}

static int run_disconnect(void)
{
	return write_file(DRIVER "unbind", interface);
}

static void close_link(void)
{
	set_up(false);
}

static void new_netlink(void)
{
	nl_close(&nl);
	nl_open(&nl);
}

static int ifindex;

static void closed_link(void)
{
	close_link();
	ifindex = attr("ifindex");
}

static void open_one(void)
{
	new_netlink();
	ifindex = attr("ifindex");
}

static int run_open(void)
{
	return link_up(ifindex, true);
}

static int run_close(void)
{
	return link_up(ifindex, false);
}

static void small_mtu(void)
{
	open_one();
	mtu_set(ifindex, 68);
}

static int run_mtu(void)
{
	return mtu_set(ifindex, LONGEST);
}

static int ethtool(void *command)
{
	struct ifreq ifr = { .ifr_name = DEV, .ifr_data = command };

	return rc_of(ioctl(control, SIOCETHTOOL, &ifr));
}

static int resize(unsigned int size)
{
	struct ethtool_ringparam ring = {
		.cmd = ETHTOOL_SRINGPARAM,
		.rx_pending = size, .tx_pending = size,
	};

	return ethtool(&ring);
}

static void ring_of_8(void)
{
	resize(8);
}

static int run_resize(void)
{
	return resize(16);
}

static int run_stats(void)
{
	static struct {
		struct ethtool_stats head;
		__u64 n[256];
	} stats = { .head = { .cmd = ETHTOOL_GSTATS, .n_stats = 256 } };

	return ethtool(&stats);
}

/* What was taken has to get there, sooner or later. */
static int sent_before;

static void note_sent(void)
{
	sent_before = attr("statistics/tx_packets");
}

static int run_send(void)
{
	return send_packet(60);
}

static void finish_send(int rc)
{
	if (!rc && !reaches("statistics/tx_packets", sent_before + 1))
		die("a packet that was taken was never sent");
}

/* NAPI in a thread of its own is a task, whose allocations can fail. */
static pid_t napi_task(void)
{
	char path[300], comm[32];
	struct dirent *entry;
	DIR *dir = opendir("/proc");
	pid_t found = 0;
	int fd;
	ssize_t n;

	while (dir && !found && (entry = readdir(dir))) {
		snprintf(path, sizeof(path), "/proc/%s/comm", entry->d_name);
		fd = open(path, O_RDONLY | O_CLOEXEC);
		if (fd < 0)
			continue;
		n = read(fd, comm, sizeof(comm) - 1);
		close(fd);
		if (n > 0 && !strncmp(comm, "napi/" DEV, strlen("napi/" DEV)))
			found = atoi(entry->d_name);
	}
	if (dir)
		closedir(dir);
	if (!found)
		die("no thread for NAPI");
	return found;
}

static void threaded(void)
{
	if (write_file("/sys/class/net/" DEV "/threaded", "1"))
		die("NAPI cannot have a thread");
}

/* Received or counted as lost for want of memory */
static int run_receive(void)
{
	long before = attr("statistics/rx_packets") + attr("statistics/rx_dropped");
	__u64 end = now_us() + 3000000;
	char hex[40];

	snprintf(hex, sizeof(hex), "010809C0(A5*%d)", LONGEST - 4);
	if (!endpoint_sends(hex))
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

const struct fail_op usb_ops[] = {
	{ "probe", unbind, run_probe, NULL, works },
	{ "disconnect", NULL, run_disconnect, NULL, works },
	{ "open", closed_link, run_open, NULL, works },
	{ "close", open_one, run_close, NULL, works },
	{ "set the MTU", small_mtu, run_mtu, NULL, works },
	{ "resize the rings", ring_of_8, run_resize, NULL, works },
	{ "read the counters", NULL, run_stats, NULL, works },
	{ "send", note_sent, run_send, finish_send, works },
	{ "receive", threaded, run_receive, NULL, works, napi_task },
};

const size_t usb_op_count = ARRAY_SIZE(usb_ops);

static void find_device(void)
{
	char path[256], *slash;
	ssize_t n = readlink("/sys/class/net/" DEV "/device", path, sizeof(path) - 1);

	if (n < 0)
		die(DEV ": %s", strerror(errno));
	path[n] = '\0';
	slash = strrchr(path, '/');
	snprintf(interface, sizeof(interface), "%.31s", slash ? slash + 1 : path);
}

void usb_start(void)
{
	nl_open(&nl);
	emu_open(&endpoint, "/dev/ttyS2");
	control = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	find_device();
	set_up(true);
	pkt_open(&out, DEV, SOCK_DGRAM, PKT_SEND);
	if (mtu_set(attr("ifindex"), LONGEST) || !works())
		die("nothing works from the start");
}
