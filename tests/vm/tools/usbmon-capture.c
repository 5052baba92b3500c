// SPDX-License-Identifier: GPL-2.0
/*
 * usbmon-capture /dev/usbmonN FILE - what happens on a USB bus, as a pcap file
 *
 * For a machine that is too small for tshark. N is the bus, 0 all of them. It
 * ends at SIGTERM or SIGINT, with what has come in by then in the file; the exit
 * status is 1 if the kernel had no room for all of it.
 */
#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include "util.h"

#define LINKTYPE_USB_LINUX_MMAPPED	220
#define DATA_MAX			(64 * 1024)
#define RING_SIZE			(1024 * 1024)

/* From here to the ioctls: the kernel's usb/usbmon document. */
struct event {
	uint64_t id;
	uint8_t type;
	uint8_t transfer_type;
	uint8_t endpoint;
	uint8_t device;
	uint16_t bus;
	int8_t no_setup;
	int8_t no_data;
	int64_t seconds;
	int32_t microseconds;
	int32_t status;
	uint32_t length;
	uint32_t captured;
	uint8_t setup[8];
	int32_t interval;
	int32_t start_frame;
	uint32_t transfer_flags;
	uint32_t descriptors;
};

static_assert(sizeof(struct event) == 64, "part of the file format");

struct get_arg {
	struct event *event;
	void *data;
	size_t size;
};

struct stats {
	uint32_t queued;
	uint32_t dropped;
};

#define GET_STATS	_IOR(0x92, 3, struct stats)
#define SET_RING_SIZE	_IO(0x92, 4)
#define GET_EVENT	_IOW(0x92, 10, struct get_arg)

static void write_all(FILE *to, const void *bytes, size_t size)
{
	if (fwrite(bytes, 1, size, to) != size)
		die("write: %s", strerror(errno));
}

static void write_file_header(FILE *to)
{
	const struct {
		uint32_t magic;
		uint16_t major, minor;
		uint32_t zone, accuracy;
		uint32_t longest;
		uint32_t link_type;
	} header = {
		.magic = 0xa1b2c3d4,
		.major = 2,
		.minor = 4,
		.longest = sizeof(struct event) + DATA_MAX,
		.link_type = LINKTYPE_USB_LINUX_MMAPPED,
	};

	write_all(to, &header, sizeof(header));
}

static void write_event(FILE *to, const struct event *event, const void *data)
{
	const uint32_t header[] = {
		event->seconds,
		event->microseconds,
		sizeof(*event) + event->captured,
		sizeof(*event) + (event->no_data ? 0 : event->length),
	};

	write_all(to, header, sizeof(header));
	write_all(to, event, sizeof(*event));
	write_all(to, data, event->captured);
}

/* Write what there is now. */
static void drain(int fd, FILE *to)
{
	static char data[DATA_MAX];
	struct event event;
	struct get_arg arg = { &event, data, sizeof(data) };

	while (!ioctl(fd, GET_EVENT, &arg))
		write_event(to, &event, data);
	if (errno != EAGAIN && errno != EINTR)
		die("usbmon: %s", strerror(errno));
}

/* A descriptor that is readable when it is time to end. */
static int end_fd(void)
{
	sigset_t set;
	int fd;

	sigemptyset(&set);
	sigaddset(&set, SIGTERM);
	sigaddset(&set, SIGINT);
	sigprocmask(SIG_BLOCK, &set, NULL);
	fd = signalfd(-1, &set, SFD_CLOEXEC);
	if (fd < 0)
		die("signalfd: %s", strerror(errno));
	return fd;
}

static int open_bus(const char *path)
{
	int fd = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);

	if (fd < 0 || ioctl(fd, SET_RING_SIZE, RING_SIZE))
		die("%s: %s", path, strerror(errno));
	return fd;
}

int main(int argc, char **argv)
{
	struct pollfd fds[] = { { .events = POLLIN }, { .events = POLLIN } };
	struct pollfd *bus = &fds[0], *end = &fds[1];
	struct stats stats;
	uint32_t lost = 0;
	FILE *to;

	progname = "usbmon-capture";
	if (argc != 3) {
		fprintf(stderr, "usage: usbmon-capture /dev/usbmonN FILE\n");
		return 2;
	}
	end->fd = end_fd();
	bus->fd = open_bus(argv[1]);
	to = fopen(argv[2], "we");
	if (!to)
		die("%s: %s", argv[2], strerror(errno));
	write_file_header(to);

	do {
		poll(fds, 2, -1);
		drain(bus->fd, to);
		/* Reading the number of lost events sets it to zero. */
		if (ioctl(bus->fd, GET_STATS, &stats))
			die("usbmon: %s", strerror(errno));
		lost += stats.dropped;
	} while (!end->revents);

	if (fclose(to))
		die("%s: %s", argv[2], strerror(errno));
	if (lost)
		die("%u events were lost", lost);
	return 0;
}
