// SPDX-License-Identifier: GPL-2.0
/* A host's side of USB/IP, for bus-fuzz.c: the kernel's part. */
#include <endian.h>
#include <errno.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "../emu/usbip.h"
#include "bus-fuzz.h"

const char *const bus_name = "usbip";

static uint64_t control_id, configuration_id;
static uint64_t unlinks[256];	/* what the CMD_UNLINK of that number is about */
static unsigned char got[65536];
static size_t have;

static void submit(uint64_t id, bool in, unsigned int ep, unsigned int len,
		   const void *setup)
{
	struct usbip_message m = {
		.basic.command = htobe32(USBIP_CMD_SUBMIT),
		.basic.seqnum = htobe32(id),
		.basic.direction = htobe32(in ? USBIP_DIR_IN : 0),
		.basic.ep = htobe32(ep),
		.submit.length = htobe32(len),
	};

	if (setup)
		memcpy(m.submit.setup, setup, sizeof(m.submit.setup));
	if (host.plugged && send(host.fd, &m, sizeof(m), MSG_NOSIGNAL) != sizeof(m) &&
	    errno != EPIPE)
		give_up("cannot send");
}

void bus_control(const struct setup *setup)
{
	unsigned char bytes[8] = {
		setup->type, setup->request, setup->value, setup->value >> 8,
		setup->index, setup->index >> 8, setup->len, setup->len >> 8,
	};

	control_id = ++host.next_id;
	submit(control_id, setup->type & 0x80, 0, setup->len, bytes);
}

void bus_configure(void)
{
	static const struct setup setup = { .request = 9, .value = 1 };

	bus_control(&setup);
	configuration_id = control_id;
}

void bus_request_in(uint64_t id)
{
	submit(id, true, IN_ADDRESS & 0x0f, IN_LEN, NULL);
}

/* A transfer of no bytes */
void bus_request_out(uint64_t id, unsigned int ep)
{
	submit(id, false, ep, 0, NULL);
}

void bus_cancel(uint64_t id)
{
	struct usbip_message m = {
		.basic.command = htobe32(USBIP_CMD_UNLINK),
		.basic.seqnum = htobe32(++host.next_id),
		.unlink.seqnum = htobe32(id),
	};

	unlinks[host.next_id % 256] = id;
	if (send(host.fd, &m, sizeof(m), MSG_NOSIGNAL) != sizeof(m))
		give_up("cannot send");
}

/* What is not here to be taken back, never was, and could not be */
void bus_odd(void)
{
	bus_cancel(0xfffffff0);
}

static void submitted(uint64_t id, int status, const unsigned char *data, int len)
{
	if (id == configuration_id)
		host.configured = !status;
	if (id == control_id)
		control_answer(status == -EPIPE, data, len);
	else if (id != configuration_id)
		in_answer(id, status);
}

/* One message. Return: its length, or 0 if it is not complete */
static size_t take(const unsigned char *at, size_t len)
{
	struct usbip_message m;
	uint32_t id, bytes;

	if (len < sizeof(m))
		return 0;
	memcpy(&m, at, sizeof(m));
	id = be32toh(m.basic.seqnum);
	if (m.basic.command == htobe32(USBIP_RET_UNLINK)) {
		in_answer(unlinks[id % 256], false);
		return sizeof(m);
	}
	if (m.basic.command != htobe32(USBIP_RET_SUBMIT))
		give_up("the emulator talks nonsense");
	bytes = be32toh(m.submitted.length);
	if (len < sizeof(m) + bytes)
		return 0;
	submitted(id, (int)be32toh(m.submitted.status), at + sizeof(m), bytes);
	return sizeof(m) + bytes;
}

static void hear(void)
{
	ssize_t n = recv(host.fd, got + have, sizeof(got) - have, MSG_DONTWAIT);
	size_t at = 0, len;

	if (n <= 0) {
		close(host.fd);
		host.fd = -1;
		have = 0;
		unplugged();
		return;
	}
	have += n;
	while ((len = take(got + at, have - at)))
		at += len;
	have -= at;
	memmove(got, got + at, have);
}

void bus_step(int ms)
{
	struct pollfd pfd = { host.plugged ? host.fd : host.listener, POLLIN, 0 };

	if (poll(&pfd, 1, ms) <= 0)
		return;
	if (host.plugged) {
		hear();
		return;
	}
	host.fd = accept(host.listener, NULL, NULL);
	host.plugged = host.fd >= 0;
}

/* Each connection is a device that is plugged in. */
void bus_start(void)
{
	host.fd = -1;
}
