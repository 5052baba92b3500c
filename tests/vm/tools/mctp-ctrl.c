// SPDX-License-Identifier: GPL-2.0
/* One exchange of the MCTP control protocol (DSP0236), decoded in one line. */
#include <errno.h>
#include <net/if.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "msock.h"
#include "util.h"

#define CTRL_TYPE	0x00
#define CTRL_RQ		0x80
#define CTRL_IID_MASK	0x1f

enum {
	CTRL_SET_EID = 0x01,
	CTRL_GET_EID = 0x02,
	CTRL_GET_UUID = 0x03,
	CTRL_GET_VERSION = 0x04,
	CTRL_GET_TYPES = 0x05,
};

/* An answer from the byte behind the completion code on. */
struct answer {
	const uint8_t *data;
	size_t len;
};

struct target {
	const char *dev;
	uint32_t eid;
	uint32_t net;
	uint64_t timeout_us;
};

struct command {
	const char *name;
	uint8_t code;
	uint8_t arg_min, arg_max;
	size_t need;		/* fewest bytes of an answer */
	void (*print)(const struct answer *a, uint32_t arg);
};

static noreturn void usage_exit(void)
{
	fputs("usage: mctp-ctrl [--timeout S] DEV COMMAND\n"
	      "       mctp-ctrl [--timeout S] --eid N [--net N] COMMAND\n"
	      "\n"
	      "COMMAND: get-eid | set-eid EID | get-uuid | get-version [TYPE] | get-types\n"
	      "With DEV the other end of that link is asked, whatever its EID;\n"
	      "with --eid the request takes the route to that EID.\n",
	      stderr);
	exit(2);
}

static void print_set_eid(const struct answer *a, uint32_t arg)
{
	static const char * const status[] = {
		"accepted", "rejected", "reserved", "reserved"
	};

	(void)arg;
	printf("set-eid: %s, eid %u, pool size %u\n",
	       status[a->data[0] >> 4 & 3], a->data[1], a->data[2]);
}

static void print_get_eid(const struct answer *a, uint32_t arg)
{
	static const char * const endpoint[] = {
		"simple", "bridge", "reserved", "reserved"
	};
	static const char * const id[] = {
		"dynamic", "static", "static-match", "static-differs"
	};

	(void)arg;
	printf("get-eid: eid %u, endpoint %s, id %s, medium 0x%02x\n",
	       a->data[0], endpoint[a->data[1] >> 4 & 3], id[a->data[1] & 3],
	       a->data[2]);
}

static void print_uuid(const struct answer *a, uint32_t arg)
{
	unsigned int i;

	(void)arg;
	printf("get-uuid: ");
	for (i = 0; i < 16; i++)
		printf("%s%02x", i == 4 || i == 6 || i == 8 || i == 10 ? "-" : "",
		       a->data[i]);
	putchar('\n');
}

/* A byte 0xFN is the BCD digit N alone; 0xFF is an absent update number. */
static void print_bcd(const char *before, uint8_t byte)
{
	if (byte == 0xff)
		return;
	printf("%s", before);
	if (byte >> 4 != 0xf)
		printf("%x", byte >> 4);
	printf("%x", byte & 0xf);
}

static void print_version(const struct answer *a, uint32_t arg)
{
	const uint8_t *v = a->data + 1;
	unsigned int i;

	if (a->len < 1 + 4u * a->data[0])
		die("get-version: %u versions do not fit in %zu bytes",
		    a->data[0], a->len);
	printf("get-version: type 0x%02x:", arg);
	for (i = 0; i < a->data[0]; i++, v += 4) {
		print_bcd(" ", v[0]);
		print_bcd(".", v[1]);
		print_bcd(".", v[2]);
		if (v[3])
			printf("%c", v[3]);
	}
	putchar('\n');
}

static void print_types(const struct answer *a, uint32_t arg)
{
	unsigned int i;

	(void)arg;
	if (a->len < 1u + a->data[0])
		die("get-types: %u types do not fit in %zu bytes", a->data[0],
		    a->len);
	printf("get-types:");
	for (i = 0; i < a->data[0]; i++)
		printf(" 0x%02x", a->data[1 + i]);
	putchar('\n');
}

static const struct command commands[] = {
	{ "get-eid", CTRL_GET_EID, 0, 0, 3, print_get_eid },
	{ "set-eid", CTRL_SET_EID, 1, 1, 3, print_set_eid },
	{ "get-uuid", CTRL_GET_UUID, 0, 0, 16, print_uuid },
	{ "get-version", CTRL_GET_VERSION, 0, 1, 1, print_version },
	{ "get-types", CTRL_GET_TYPES, 0, 0, 1, print_types },
};

static const char *completion_name(uint8_t code)
{
	static const char * const names[] = {
		"success", "error", "invalid data", "invalid length",
		"not ready", "unsupported command",
	};

	return code < sizeof(names) / sizeof(*names) ? names[code] : "specific";
}

static size_t build_request(uint8_t *req, const struct command *cmd,
			    uint32_t arg)
{
	/* Any number will do, as long as a late answer to the last differs. */
	req[0] = CTRL_RQ | ((getpid() + now_us()) & CTRL_IID_MASK);
	req[1] = cmd->code;
	switch (cmd->code) {
	case CTRL_SET_EID:
		req[2] = 0;	/* set, neither force nor reset */
		req[3] = arg;
		return 4;
	case CTRL_GET_VERSION:
		req[2] = arg;
		return 3;
	default:
		return 2;
	}
}

static void send_request(int fd, const struct target *t, const uint8_t *req,
			 size_t len)
{
	unsigned int ifindex;
	int rc;

	if (t->dev) {
		ifindex = if_nametoindex(t->dev);
		if (!ifindex)
			die("%s: %s", t->dev, strerror(errno));
		rc = msock_send_null_eid(fd, ifindex, CTRL_TYPE, req, len);
	} else {
		rc = msock_send(fd, t->net, t->eid, CTRL_TYPE, MCTP_TAG_OWNER,
				req, len);
	}
	if (rc)
		die("send: %s", strerror(-rc));
}

/* Wait for the answer to this request, passing over any other. */
static size_t take_answer(int fd, const struct target *t, const uint8_t *req,
			  uint8_t *resp, size_t size)
{
	uint64_t deadline = now_us() + t->timeout_us;
	struct sockaddr_mctp from;
	ssize_t len;

	for (;;) {
		if (!wait_readable(fd, deadline))
			die("no answer in %.1f s", t->timeout_us / 1e6);
		len = msock_recv(fd, &from, resp, size);
		if (len == -EAGAIN)
			continue;
		if (len < 0)
			die("receive: %s", strerror(-len));
		if (len < 2 || from.smctp_type != CTRL_TYPE ||
		    resp[0] != (req[0] & CTRL_IID_MASK) || resp[1] != req[1])
			continue;
		if ((size_t)len > size)
			die("answer of %zd bytes", len);
		return len;
	}
}

static void exchange(const struct target *t, const struct command *cmd,
		     uint32_t arg)
{
	uint8_t req[4], resp[256];
	struct answer answer;
	int fd = msock_open();
	size_t len;

	len = build_request(req, cmd, arg);
	send_request(fd, t, req, len);
	len = take_answer(fd, t, req, resp, sizeof(resp));
	close(fd);
	if (len < 3)
		die("%s: answer without completion code", cmd->name);
	if (resp[2])
		die("%s: completion code 0x%02x (%s)", cmd->name, resp[2],
		    completion_name(resp[2]));
	answer.data = resp + 3;
	answer.len = len - 3;
	if (answer.len < cmd->need)
		die("%s: answer of %zu bytes is too short", cmd->name, len);
	cmd->print(&answer, arg);
}

static const struct command *find_command(const char *name)
{
	size_t i;

	for (i = 0; name && i < sizeof(commands) / sizeof(*commands); i++)
		if (!strcmp(name, commands[i].name))
			return &commands[i];
	usage_exit();
}

int main(int argc, char **argv)
{
	struct target target = { .timeout_us = 2000000 };
	const struct command *cmd;
	uint32_t arg = 0xff;	/* get-version: the base protocol */
	char **args = argv + 1;

	progname = "mctp-ctrl";
	for (; *args && !strncmp(*args, "--", 2); args += 2) {
		if (!strcmp(*args, "--eid"))
			target.eid = need_u32(*args, args[1], 1, 254);
		else if (!strcmp(*args, "--net"))
			target.net = need_u32(*args, args[1], 1, UINT32_MAX);
		else if (!strcmp(*args, "--timeout"))
			target.timeout_us = need_seconds_us(*args, args[1]);
		else
			usage_exit();
	}
	if (!target.eid) {
		if (!*args || target.net)
			usage_exit();
		target.dev = *args++;
	}
	cmd = find_command(*args);
	argc -= ++args - argv;
	if (argc < cmd->arg_min || argc > cmd->arg_max)
		usage_exit();
	if (argc)
		arg = need_u32(cmd->name, args[0], 0, 255);
	exchange(&target, cmd, arg);
	return 0;
}
