// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "peer.h"
#include "util.h"

#define PARAMETERS	"/sys/module/mctp_usb_bench_peer/parameters/"

/* What is sent, and where is received */
uint8_t peer_message[MSOCK_MAX + 1];

void peer_do(const char *command)
{
	int fd = open(PARAMETERS "command", O_WRONLY);

	if (fd < 0 || write(fd, command, strlen(command)) < 0)
		die("peer, %s: %s", command, strerror(errno));
	close(fd);
}

void peer_source(uint32_t count, uint32_t size, uint32_t mtu, uint32_t pack)
{
	char command[64];

	snprintf(command, sizeof(command), "source %u %u %u %u", count, size,
		 mtu, pack);
	peer_do(command);
}

struct counters peer_counters(void)
{
	int fd = open(PARAMETERS "counters", O_RDONLY);
	struct counters c;
	char text[256];
	ssize_t n;

	n = fd < 0 ? -1 : read(fd, text, sizeof(text) - 1);
	if (n < 0)
		die("peer's counters: %s", strerror(errno));
	close(fd);
	text[n] = '\0';
	if (sscanf(text, "%llu %llu %llu %llu %llu %llu", &c.packets, &c.payload,
		   &c.transfers, &c.bad, &c.last_ns, &c.sent) != 6)
		die("peer's counters: %s", text);
	return c;
}

uint64_t now_ns(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * NS + t.tv_nsec;
}

/* The clock stands still while nothing happens: this costs nothing. */
void nap(void)
{
	usleep(500);
}
