// SPDX-License-Identifier: GPL-2.0
/* mctp-echo: messages in one direction only. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "mctp-echo.h"
#include "util.h"

static void print_rate(uint64_t messages, uint64_t bytes, uint64_t took)
{
	printf("%llu messages, %llu bytes in %.2f s, %.3f MB/s\n",
	       (unsigned long long)messages, (unsigned long long)bytes,
	       took / 1e6, took ? (double)bytes / took : 0.0);
}

/* Send one message; a full queue is waited for, that long at most. */
static bool sink_send(const struct echo_options *o, int fd, uint8_t tag,
		      const uint8_t *msg, uint32_t size, uint64_t *retries)
{
	uint64_t end = now_us() + o->timeout_us;
	int rc;

	for (;;) {
		rc = msock_send(fd, o->net, o->eid, TEST_TYPE, tag, msg + 1,
				size - 1);
		if (rc != -ENOBUFS || now_us() >= end)
			break;
		++*retries;
		usleep(500);
	}
	if (rc)
		printf("# sink %u bytes: send: %s\n", size, strerror(-rc));
	return !rc;
}

bool run_sink(const struct echo_options *o)
{
	uint64_t messages = 0, bytes = 0, retries = 0, start, end;
	uint64_t total = (uint64_t)o->count * o->n_sizes;
	uint8_t *msg = xrealloc(NULL, TEST_MAX + 1);
	int fd = echo_socket(o);
	bool ok = true;
	uint32_t size, pos;
	uint8_t tag;
	int rc;

	rc = msock_alloc_tag(fd, o->eid, &tag);
	if (rc)
		die("allocate a tag for EID %u: %s", o->eid, strerror(-rc));
	msg[1] = OP_SINK;
	for (pos = 2; pos <= TEST_MAX; pos++)
		msg[pos] = test_byte(pos, 0);
	start = now_us();
	end = start + o->duration_us;
	while (ok && (o->duration_us ? now_us() < end : messages < total)) {
		size = o->sizes[messages % o->n_sizes];
		ok = sink_send(o, fd, tag, msg, size, &retries);
		messages += ok;
		bytes += ok ? size : 0;
	}
	msock_drop_tag(fd, o->eid, tag);
	close(fd);
	free(msg);
	printf("sink: ");
	print_rate(messages, bytes, now_us() - start);
	if (retries)
		printf("# sink: the queue was full %llu times\n",
		       (unsigned long long)retries);
	return ok && messages;
}

struct source {
	uint32_t size;
	uint32_t asked, next;	/* next: sequence number to come */
	uint32_t good, lost, bad;
};

static void source_take(struct source *s, const uint8_t *msg, size_t len)
{
	uint32_t seq = s->next, pos;

	if (len != s->size || (len > 1 && msg[1] != OP_SOURCE_DATA)) {
		printf("# source %u bytes: got %zu bytes, op %u\n", s->size, len,
		       len > 1 ? msg[1] : 0);
		s->bad++;
		return;
	}
	if (len >= 4)
		seq = msg[2] << 8 | msg[3];
	if (seq < s->next || seq >= s->asked) {
		printf("# source %u bytes: number %u when %u was due\n", s->size,
		       seq, s->next);
		s->bad++;
		return;
	}
	s->lost += seq - s->next;
	s->next = seq + 1;
	for (pos = 4; pos < len; pos++) {
		if (msg[pos] == test_byte(pos, seq))
			continue;
		printf("# source %u bytes: number %u: byte %u is 0x%02x, not 0x%02x\n",
		       s->size, seq, pos, msg[pos], test_byte(pos, seq));
		s->bad++;
		return;
	}
	s->good++;
}

/* Take messages until all have come or none comes for the time-out. */
static void source_drain(const struct echo_options *o, int fd, struct source *s,
			 uint8_t *msg)
{
	uint64_t idle_end = now_us() + o->timeout_us;
	struct sockaddr_mctp from;
	ssize_t len;

	while (s->next < s->asked && wait_readable(fd, idle_end)) {
		len = msock_recv(fd, &from, msg + 1, TEST_MAX);
		if (len == -EAGAIN)
			continue;
		if (len < 0)
			die("receive: %s", strerror(-len));
		if (from.smctp_addr.s_addr != o->eid)
			continue;
		source_take(s, msg, len + 1);
		idle_end = now_us() + o->timeout_us;
	}
	s->lost += s->asked - s->next;
}

static bool source_one(const struct echo_options *o, uint32_t size,
		       uint32_t messages, uint8_t *msg)
{
	struct source s = { .size = size, .asked = messages };
	uint64_t start = now_us(), took;
	uint8_t req[7] = {
		OP_SOURCE, messages >> 8, messages,
		size >> 24, size >> 16, size >> 8, size,
	};
	int fd = echo_socket(o), rc;

	msock_bind(fd, TEST_TYPE);
	rc = msock_send(fd, o->net, o->eid, TEST_TYPE, MCTP_TAG_OWNER, req,
			sizeof(req));
	if (rc)
		die("ask for messages: %s", strerror(-rc));
	source_drain(o, fd, &s, msg);
	took = now_us() - start;
	close(fd);
	printf("source %u bytes: %u of %u good, %u lost, %u bad; ", size, s.good,
	       messages, s.lost, s.bad);
	print_rate(s.good, (uint64_t)s.good * size, took);
	return s.good == messages && !s.bad;
}

bool run_source(const struct echo_options *o, uint32_t messages)
{
	uint8_t *msg = xrealloc(NULL, TEST_MAX + 1);
	uint64_t end = now_us() + o->duration_us;
	bool ok = true;
	uint32_t round;
	size_t i;

	for (round = 0; o->duration_us ? now_us() < end : round < o->count; round++)
		for (i = 0; i < o->n_sizes; i++)
			ok = source_one(o, o->sizes[i], messages, msg) && ok;
	free(msg);
	return ok;
}
