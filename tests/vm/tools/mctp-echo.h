/* SPDX-License-Identifier: GPL-2.0 */
/* Test messages and what a run of mctp-echo is asked to do. */
#ifndef TOOLS_MCTP_ECHO_H
#define TOOLS_MCTP_ECHO_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "msock.h"

#define TEST_TYPE	0x5a
#define TEST_MAX	65535	/* bytes of a message, type byte included */

enum test_op {
	OP_ECHO = 0,
	OP_ECHO_REPLY = 1,
	OP_SINK = 2,
	OP_SOURCE = 3,
	OP_SOURCE_DATA = 4,
};

struct echo_options {
	uint32_t eid, net;
	const uint32_t *sizes;
	size_t n_sizes;
	uint32_t count;		/* messages of each size */
	uint64_t timeout_us;
	uint64_t duration_us;	/* 0: count decides */
	uint32_t rcvbuf;	/* 0: the system's default */
	bool parallel;
};

int echo_socket(const struct echo_options *o);
bool run_echo(const struct echo_options *o);
bool run_sink(const struct echo_options *o);
bool run_source(const struct echo_options *o, uint32_t messages);

#endif /* TOOLS_MCTP_ECHO_H */
