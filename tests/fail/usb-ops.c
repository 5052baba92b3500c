// SPDX-License-Identifier: GPL-2.0
/* The life of a USB link, with the emulated endpoint at its other end. */
#include <stdio.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>
#include <linux/ethtool.h>
#include <linux/sockios.h>

#include "usb-link.h"

#define LONGEST_1_1 8187

static int control = -1;
static int ifindex;

static void unbound(void)
{
	if (present())
		unbind_driver();
}

static void open_one(void)
{
	new_netlink();
	ifindex = attr("ifindex");
}

static void closed_one(void)
{
	set_up(false);
	open_one();
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

/* What was taken has to get there, sooner or later, or be counted as lost. */
static long sent_before;

static long sent(void)
{
	return attr("statistics/tx_packets") + attr("statistics/tx_errors") +
	       attr("statistics/tx_dropped");
}

static void note_sent(void)
{
	sent_before = sent();
}

static int run_send(void)
{
	__u64 end = now_us() + LADDER_US;
	int rc = send_packet(60);

	while (!rc && sent() <= sent_before) {
		if (now_us() > end)
			die("a packet that was taken was neither sent nor counted as lost");
		usleep(1000);
	}
	return rc;
}

static int run_receive(void)
{
	return receive_packet(LONGEST);
}

/* The pipe is halted, and what goes over it next arrives once it is not any more. */
static int run_halt_in(void)
{
	return endpoint("stall in") ? receive_packet(60) : -EIO;
}

static int run_halt_out(void)
{
	return endpoint("stall out") ? run_send() : -EIO;
}

static void plug_in_1_1(void)
{
	static bool done;

	if (done)
		return;
	done = true;
	if (!endpoint("disconnect") || !endpoint("spec 1.1"))
		die("no endpoint");
	while (present())
		usleep(10000);
	if (!endpoint("connect") || !works_anew())
		die("no 1.1 device");
}

static int run_receive_long(void)
{
	return receive_packet(LONGEST_1_1);
}

/* Whatever comes behind 1.1 has it, too. */
const struct fail_op usb_ops[] = {
	{ "probe", unbound, bind_driver, NULL, works },
	{ "disconnect", NULL, unbind_driver, NULL, works },
	{ "open", closed_one, run_open, NULL, works },
	{ "close", open_one, run_close, NULL, works },
	{ "set the MTU", small_mtu, run_mtu, NULL, works },
	{ "resize the rings", ring_of_8, run_resize, NULL, works },
	{ "read the counters", NULL, run_stats, NULL, works },
	{ "send", note_sent, run_send, NULL, works },
	{ "receive", NULL, run_receive, NULL, works },
	{ "halt of the IN pipe", NULL, run_halt_in, NULL, works },
	{ "halt of the OUT pipe", note_sent, run_halt_out, NULL, works },
	{ "suspend and resume", NULL, run_suspend, NULL, works_anew },
	{ "open while the device sleeps", asleep, run_wake, awake, works_anew,
	  .fragile = true },
	{ "reset", need_node, run_reset, close_node, works_anew,
	  .whole = true, .fragile = true, .lengthy = true },
	{ "load the module", unloaded, run_load, NULL, works_loaded,
	  .whole = true, .lengthy = true },
	{ "receive, 1.1", plug_in_1_1, run_receive_long, NULL, works },
};

const size_t usb_op_count = ARRAY_SIZE(usb_ops);

void usb_start(void)
{
	control = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	link_start();
}
