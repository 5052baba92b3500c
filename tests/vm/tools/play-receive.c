// SPDX-License-Identifier: GPL-2.0
/* Receive vectors: the endpoint gives transfers, the link gives packets. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "hex.h"
#include "player.h"
#include "util.h"

#define PACKETS_TIMEOUT_US	3000000
#define STALE_TIMEOUT_US	15000000	/* the driver's timer: some 6 s */
#define LOOK_US			10000

/* What the counters have to rise by; POLICY of the vector file. */
void vector_expect(const struct vector *v, struct counters *expect)
{
	int e;

	memset(expect, 0, sizeof(*expect));
	for (e = 0; e < VEC_EVENTS; e++) {
		expect->n[e] = v->events[e];
		if (e != VEC_PAD)
			expect->n[CNT_RX_ERRORS] += v->events[e];
	}
	expect->n[CNT_RX_PACKETS] = v->n_deliver;
	expect->n[CNT_RX_LENGTH_ERRORS] = v->events[VEC_BAD_LEN] +
		v->events[VEC_TRUNC] + v->events[VEC_SHORT_HDR];
	expect->n[CNT_RX_FRAME_ERRORS] = v->events[VEC_BAD_ID];
}

/*
 * On xHCI the host controller's driver retries a transfer that failed by a bus
 * error, a number of times that depends on what went before. It does not retry
 * babble, so only that gives one failed URB each time.
 */
static const char *step_text(const struct player *p, const struct vec_step *step)
{
	if (step->kind == VEC_ERROR && !p->gadget)
		return "!EOVERFLOW";
	return step->text;
}

/* Play steps first to end - 1, all of them transfers or errors. */
static bool play_part(struct player *p, const struct vector *v, size_t first,
		      size_t end)
{
	size_t size = 16, i;
	char *command;
	bool ok;

	if (first == end)
		return true;
	for (i = first; i < end; i++)
		size += strlen(step_text(p, &v->steps[i])) + 1;
	command = xrealloc(NULL, size);
	memcpy(command, "play", sizeof("play"));
	for (i = first; i < end; i++) {
		strcat(command, " ");
		strcat(command, step_text(p, &v->steps[i]));
	}
	ok = player_command(p, command);
	free(command);
	return ok;
}

static bool wait_stale(struct player *p, uint64_t before)
{
	uint64_t end = now_us() + STALE_TIMEOUT_US;
	struct counters c;

	for (;;) {
		counters_read(&p->src, &c);
		if (c.n[VEC_STALE] > before)
			return true;
		if (now_us() >= end)
			break;
		usleep(10 * LOOK_US);
	}
	player_log(p, "rx_stale did not rise in %u s", STALE_TIMEOUT_US / 1000000);
	return false;
}

static bool play_steps(struct player *p, const struct vector *v,
		       const struct counters *before)
{
	struct counters settled;
	size_t first = 0, i;

	for (i = 0; i < v->n_steps; i++) {
		if (v->steps[i].kind != VEC_RESET &&
		    v->steps[i].kind != VEC_TIMEOUT)
			continue;
		if (!play_part(p, v, first, i))
			return false;
		first = i + 1;
		/* What the link has taken it must have looked at, too. */
		player_settle(p, &settled);
		if (v->steps[i].kind == VEC_RESET)
			player_bounce(p);
		else if (!wait_stale(p, before->n[VEC_STALE]))
			return false;
	}
	return play_part(p, v, first, v->n_steps);
}

/* Until as many packets are there as should be, and no counter moves. */
static void collect(struct player *p, const struct vector *v,
		    struct counters *after)
{
	uint64_t end = now_us() + PACKETS_TIMEOUT_US;

	for (;;) {
		player_capture(p);
		if (p->n_got >= v->n_deliver || now_us() >= end)
			break;
		usleep(LOOK_US);
	}
	player_settle(p, after);
}

static void log_packet(struct player *p, const char *what, size_t number,
		       const struct vec_bytes *b)
{
	fprintf(p->log_file, "# packet %zu: %s ", number + 1, what);
	if (b)
		hex_print_short(p->log_file, b->data, b->len);
	else
		fputs("none", p->log_file);
	fputc('\n', p->log_file);
}

static bool compare_packets(struct player *p, const struct vector *v)
{
	size_t n = v->n_deliver > p->n_got ? v->n_deliver : p->n_got, i;
	const struct vec_bytes *want, *got;
	bool ok = true;

	for (i = 0; i < n; i++) {
		want = i < v->n_deliver ? &v->deliver[i] : NULL;
		got = i < p->n_got ? &p->got[i] : NULL;
		if (want && got && want->len == got->len &&
		    !memcmp(want->data, got->data, got->len))
			continue;
		log_packet(p, "expected", i, want);
		log_packet(p, "got", i, got);
		ok = false;
	}
	return ok;
}

/*
 * What a link holds cannot be seen, but closing it throws that away and counts
 * it once; and it leaves a fresh receiver for the next vector.
 */
static bool compare_held(struct player *p, const struct vector *v)
{
	struct counters before, after, expect = { 0 };

	expect.n[VEC_ABORT] = v->held > 0;
	expect.n[CNT_RX_ERRORS] = v->held > 0;
	player_settle(p, &before);
	player_bounce(p);
	player_settle(p, &after);
	return player_compare(p, v->held ? "link down, bytes held" :
			      "link down, nothing held", &before, &after,
			      &expect);
}

bool play_receive(struct player *p, const struct vector *v)
{
	struct counters before, after, expect;
	bool ok;

	vector_expect(v, &expect);
	player_settle(p, &before);
	player_begin(p);
	ok = play_steps(p, v, &before);
	collect(p, v, &after);
	ok = compare_packets(p, v) && ok;
	ok = player_compare(p, "vector", &before, &after, &expect) && ok;
	return compare_held(p, v) && ok;
}
