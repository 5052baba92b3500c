// SPDX-License-Identifier: GPL-2.0
/* mctp-echo: echo requests, one or several at a time, each answer verified. */
#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "mctp-echo.h"
#include "util.h"

#define SLOTS_MAX 8	/* an endpoint has 8 tags for its requester */

/* One request under way. Its socket owns the tag, so an answer finds home. */
struct slot {
	int fd;
	bool busy;
	size_t which;		/* index of the size */
	uint32_t seq;
	uint64_t sent_us;
};

struct tally {
	uint32_t sent, ok, failed;
	uint64_t sum_us, max_us;
};

struct echo {
	const struct echo_options *o;
	struct slot slots[SLOTS_MAX];
	unsigned int n_slots;
	struct tally *tallies;
	size_t which;		/* size to send next */
	uint32_t seq;
	uint64_t end_us;
	uint8_t *msg, *reply;
};

/* What byte pos of request seq with size bytes has to be. */
static uint8_t echo_byte(const struct slot *slot, uint32_t size, size_t pos)
{
	return test_byte(pos, size * 31 + slot->seq * 17);
}

static void print_tally(const struct echo *e, size_t which)
{
	const struct tally *t = &e->tallies[which];
	uint32_t size = e->o->sizes[which];

	if (t->failed)
		printf("echo %u bytes: FAILED %u of %u\n", size, t->failed, t->sent);
	else if (t->ok == 1)
		printf("echo %u bytes: ok (%.1f ms)\n", size, t->sum_us / 1e3);
	else if (t->ok)
		printf("echo %u bytes: %u ok (mean %.1f ms, longest %.1f ms)\n",
		       size, t->ok, t->sum_us / 1e3 / t->ok, t->max_us / 1e3);
}

static void slot_done(struct echo *e, struct slot *slot, bool ok)
{
	struct tally *t = &e->tallies[slot->which];
	uint64_t took = now_us() - slot->sent_us;

	slot->busy = false;
	if (ok) {
		t->ok++;
		t->sum_us += took;
		if (took > t->max_us)
			t->max_us = took;
	} else {
		t->failed++;
		/* A late answer must not meet the next request. */
		close(slot->fd);
		slot->fd = echo_socket(e->o);
	}
	if (!e->end_us && t->ok + t->failed == e->o->count)
		print_tally(e, slot->which);
}

static void slot_send(struct echo *e, struct slot *slot)
{
	uint32_t size = e->o->sizes[e->which];
	uint32_t pos;
	int rc;

	slot->busy = true;
	slot->which = e->which;
	slot->seq = e->seq++;
	slot->sent_us = now_us();
	e->msg[1] = OP_ECHO;
	for (pos = 2; pos < size; pos++)
		e->msg[pos] = echo_byte(slot, size, pos);
	e->tallies[e->which].sent++;
	rc = msock_send(slot->fd, e->o->net, e->o->eid, TEST_TYPE,
			MCTP_TAG_OWNER, e->msg + 1, size - 1);
	if (rc) {
		printf("# echo %u bytes: send: %s\n", size, strerror(-rc));
		slot_done(e, slot, false);
		/* No link or no route: a long run must not spin on that. */
		usleep(10000);
	}
}

/* The answer stands in e->reply from index 1 on, len bytes of it. */
static bool reply_right(const struct echo *e, const struct slot *slot,
			const struct sockaddr_mctp *from, size_t len)
{
	uint32_t size = e->o->sizes[slot->which];
	uint32_t pos;
	uint8_t want;

	if (from->smctp_type != TEST_TYPE || from->smctp_addr.s_addr != e->o->eid) {
		printf("# echo %u bytes: answer of type 0x%02x from EID %u\n",
		       size, from->smctp_type, from->smctp_addr.s_addr);
		return false;
	}
	if (len != size - 1) {
		printf("# echo %u bytes: answer of %zu bytes\n", size, len + 1);
		return false;
	}
	for (pos = 1; pos < size; pos++) {
		want = pos == 1 ? OP_ECHO_REPLY : echo_byte(slot, size, pos);
		if (e->reply[pos] == want)
			continue;
		printf("# echo %u bytes: byte %u is 0x%02x, not 0x%02x\n",
		       size, pos, e->reply[pos], want);
		return false;
	}
	return true;
}

static void slot_receive(struct echo *e, struct slot *slot)
{
	uint32_t size = e->o->sizes[slot->which];
	struct sockaddr_mctp from;
	ssize_t len;

	len = msock_recv(slot->fd, &from, e->reply + 1, TEST_MAX);
	if (len == -EAGAIN)
		return;
	if (len < 0) {
		printf("# echo %u bytes: receive: %s\n", size, strerror(-len));
		slot_done(e, slot, false);
		return;
	}
	slot_done(e, slot, reply_right(e, slot, &from, len));
}

/* Is there something left to send? Chooses its size. */
static bool echo_next(struct echo *e)
{
	const struct echo_options *o = e->o;

	if (e->end_us) {
		e->which = e->seq % o->n_sizes;
		return now_us() < e->end_us;
	}
	if (e->which < o->n_sizes && e->tallies[e->which].sent == o->count)
		e->which++;
	return e->which < o->n_sizes;
}

/* Send on every free slot; returns how many requests are under way. */
static unsigned int echo_fill(struct echo *e)
{
	unsigned int i, busy = 0;

	for (i = 0; i < e->n_slots; i++) {
		while (!e->slots[i].busy && echo_next(e))
			slot_send(e, &e->slots[i]);
		busy += e->slots[i].busy;
	}
	return busy;
}

static void echo_wait(struct echo *e)
{
	struct pollfd pfd[SLOTS_MAX];
	uint64_t first = UINT64_MAX, now;
	struct slot *slot;
	unsigned int i;

	for (i = 0; i < e->n_slots; i++) {
		slot = &e->slots[i];
		pfd[i].fd = slot->busy ? slot->fd : -1;
		pfd[i].events = POLLIN;
		pfd[i].revents = 0;
		if (slot->busy && slot->sent_us < first)
			first = slot->sent_us;
	}
	now = now_us();
	first += e->o->timeout_us;
	if (poll(pfd, e->n_slots, first > now ? (first - now + 999) / 1000 : 0) < 0 &&
	    errno != EINTR)
		die("poll: %s", strerror(errno));
	now = now_us();
	for (i = 0; i < e->n_slots; i++) {
		slot = &e->slots[i];
		if (pfd[i].revents) {
			slot_receive(e, slot);
		} else if (slot->busy && now >= slot->sent_us + e->o->timeout_us) {
			printf("# echo %u bytes: no answer in %.1f s\n",
			       e->o->sizes[slot->which], e->o->timeout_us / 1e6);
			slot_done(e, slot, false);
		}
	}
}

/* Print what a run with a duration came to. */
static void print_totals(const struct echo *e, uint64_t took)
{
	uint64_t messages = 0, bytes = 0, failed = 0;
	size_t i;

	for (i = 0; i < e->o->n_sizes; i++) {
		print_tally(e, i);
		messages += e->tallies[i].ok;
		bytes += (uint64_t)e->tallies[i].ok * e->o->sizes[i];
		failed += e->tallies[i].failed;
	}
	printf("total: %llu echoes, %llu bytes each way, %llu failed in %.1f s\n",
	       (unsigned long long)messages, (unsigned long long)bytes,
	       (unsigned long long)failed, took / 1e6);
}

bool run_echo(const struct echo_options *o)
{
	struct echo e = { .o = o, .n_slots = o->parallel ? SLOTS_MAX : 1 };
	uint64_t start = now_us();
	unsigned int i;
	bool ok = true;
	size_t s;

	e.tallies = xrealloc(NULL, o->n_sizes * sizeof(*e.tallies));
	memset(e.tallies, 0, o->n_sizes * sizeof(*e.tallies));
	e.msg = xrealloc(NULL, TEST_MAX + 1);
	e.reply = xrealloc(NULL, TEST_MAX + 1);
	if (o->duration_us)
		e.end_us = start + o->duration_us;
	for (i = 0; i < e.n_slots; i++)
		e.slots[i].fd = echo_socket(o);
	while (echo_fill(&e))
		echo_wait(&e);
	for (i = 0; i < e.n_slots; i++)
		close(e.slots[i].fd);
	if (o->duration_us)
		print_totals(&e, now_us() - start);
	for (s = 0; s < o->n_sizes; s++)
		ok = ok && e.tallies[s].ok && !e.tallies[s].failed;
	free(e.tallies);
	free(e.msg);
	free(e.reply);
	return ok;
}
