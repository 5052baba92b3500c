// SPDX-License-Identifier: GPL-2.0
/* Send test messages to an endpoint and check what comes back. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/time.h>

#include "mctp-echo.h"
#include "util.h"

static noreturn void usage_exit(void)
{
	fputs("usage: mctp-echo EID SIZE... [OPTION...]\n"
	      "  --count N      messages of each size (1)\n"
	      "  --duration S   go round the sizes for S seconds instead\n"
	      "  --timeout S    for an answer (5)\n"
	      "  --parallel     up to 8 echoes at a time, a tag and socket for each\n"
	      "  --sink         send only; the endpoint throws the messages away\n"
	      "  --source N     the endpoint sends N messages of each size\n"
	      "  --net N        MCTP network of EID (the default one)\n"
	      "  --rcvbuf N     receive buffer of the sockets in bytes\n"
	      "SIZE is in bytes, from 1 to 65535, message type included.\n",
	      stderr);
	exit(2);
}

/* A socket whose sends give up on a link that takes nothing. */
int echo_socket(const struct echo_options *o)
{
	struct timeval tv = {
		.tv_sec = o->timeout_us / 1000000,
		.tv_usec = o->timeout_us % 1000000,
	};
	int fd = msock_open();

	if (o->timeout_us && setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &tv, sizeof(tv)))
		die("SO_SNDTIMEO: %s", strerror(errno));
	if (o->rcvbuf)
		msock_set_rcvbuf(fd, o->rcvbuf);
	return fd;
}

struct run {
	struct echo_options o;
	uint32_t *sizes;
	bool sink;
	uint32_t source;
};

/* Returns how many words an option took, 0 when it is none. */
static int parse_option(struct run *run, char **args)
{
	struct echo_options *o = &run->o;

	if (!strcmp(*args, "--parallel")) {
		o->parallel = true;
		return 1;
	}
	if (!strcmp(*args, "--sink")) {
		run->sink = true;
		return 1;
	}
	if (!strcmp(*args, "--count"))
		o->count = need_u32(*args, args[1], 1, UINT32_MAX);
	else if (!strcmp(*args, "--duration"))
		o->duration_us = need_seconds_us(*args, args[1]);
	else if (!strcmp(*args, "--timeout"))
		o->timeout_us = need_seconds_us(*args, args[1]);
	else if (!strcmp(*args, "--source"))
		run->source = need_u32(*args, args[1], 1, 65535);
	else if (!strcmp(*args, "--net"))
		o->net = need_u32(*args, args[1], 1, UINT32_MAX);
	else if (!strcmp(*args, "--rcvbuf"))
		o->rcvbuf = need_u32(*args, args[1], 1, 1u << 30);
	else
		return 0;
	return 2;
}

static void parse_args(struct run *run, char **args)
{
	struct echo_options *o = &run->o;
	int took;

	while (*args) {
		took = parse_option(run, args);
		if (took) {
			args += took;
			continue;
		}
		if (**args == '-')
			usage_exit();
		if (!o->eid) {
			o->eid = need_u32("EID", *args++, 1, 254);
			continue;
		}
		run->sizes[o->n_sizes++] = need_u32("SIZE", *args++, 1, TEST_MAX);
	}
	if (!o->n_sizes || (run->sink && run->source))
		usage_exit();
}

int main(int argc, char **argv)
{
	struct run run = { .o = { .count = 1, .timeout_us = 5000000 } };
	bool ok;

	progname = "mctp-echo";
	run.sizes = xrealloc(NULL, argc * sizeof(*run.sizes));
	run.o.sizes = run.sizes;
	setvbuf(stdout, NULL, _IOLBF, 0);
	parse_args(&run, argv + 1);
	if (run.sink)
		ok = run_sink(&run.o);
	else if (run.source)
		ok = run_source(&run.o, run.source);
	else
		ok = run_echo(&run.o);
	free(run.sizes);
	return !ok;
}
