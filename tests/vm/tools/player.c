// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <net/if.h>
#include <sys/socket.h>

#include "hex.h"
#include "need.h"
#include "player.h"
#include "util.h"

#define COMMAND_TIMEOUT_US	20000000
#define CARRIER_TIMEOUT_US	10000000
#define LOOK_US			20000	/* between looks at the counters */
#define QUIET_LOOKS		4	/* that many without a change: settled */
#define SETTLE_TIMEOUT_US	5000000

static void wait_running(struct player *p)
{
	uint64_t end = now_us() + CARRIER_TIMEOUT_US;
	struct link link;

	/* A queue behind a link without carrier drops packets in silence. */
	for (;;) {
		link_need(&p->nl, p->dev, &link);
		if (link.flags & IFF_RUNNING)
			return;
		if (now_us() >= end)
			die("%s: no carrier", p->dev);
		usleep(LOOK_US);
	}
}

static void set_state(struct player *p, const char *up_or_down)
{
	struct link_change change = { .up_or_down = up_or_down };
	int rc = link_change(&p->nl, p->ifindex, &change);

	if (rc)
		nl_die(&p->nl, p->dev, rc);
}

/* The longest MTU, else the core would refuse packets the driver should see. */
static void prepare_link(struct player *p)
{
	struct link_change change = { .up_or_down = "up" };
	struct link link;
	int rc;

	link_need(&p->nl, p->dev, &link);
	p->ifindex = link.index;
	change.mtu = link.max_mtu;
	rc = link_change(&p->nl, link.index, &change);
	if (rc)
		nl_die(&p->nl, p->dev, rc);
	wait_running(p);
}

void player_open(struct player *p, const char *dev, const char *control)
{
	p->dev = dev;
	p->buf = xrealloc(NULL, PKT_MAX);
	nl_open(&p->nl);
	prepare_link(p);
	pkt_open(&p->pkt, dev, SOCK_DGRAM, PKT_SEND_RECV);
	counters_open(&p->src, &p->nl, dev);
	emu_open(&p->emu, control);
}

void player_close(struct player *p)
{
	emu_close(&p->emu);
	counters_close(&p->src);
	pkt_close(&p->pkt);
	nl_close(&p->nl);
	free(p->buf);
}

void player_log(struct player *p, const char *fmt, ...)
{
	va_list args;

	fputs("# ", p->log_file);
	va_start(args, fmt);
	vfprintf(p->log_file, fmt, args);
	va_end(args);
	fputc('\n', p->log_file);
}

/* Take what has come in since. */
void player_capture(struct player *p)
{
	struct vec_bytes *b;
	ssize_t len;

	for (;;) {
		len = pkt_recv(&p->pkt, p->buf, PKT_MAX);
		if (len == -EAGAIN)
			return;
		if (len < 0)
			die("%s: receive: %s", p->dev, strerror(-len));
		p->got = xrealloc(p->got, (p->n_got + 1) * sizeof(*p->got));
		b = &p->got[p->n_got++];
		b->data = memcpy(xrealloc(NULL, len + 1), p->buf, len);
		b->len = len;
	}
}

static void forget_packets(struct player *p)
{
	size_t i;

	for (i = 0; i < p->n_got; i++)
		free(p->got[i].data);
	free(p->got);
	p->got = NULL;
	p->n_got = 0;
}

/* Start a vector with nothing captured and nothing logged. */
void player_begin(struct player *p)
{
	p->log_file = open_memstream(&p->log, &p->log_len);
	if (!p->log_file)
		die("out of memory");
	player_capture(p);
	forget_packets(p);
}

/* Print why the vector failed, if it did. */
void player_end(struct player *p)
{
	fclose(p->log_file);
	p->log_file = NULL;
	fputs(p->log, stdout);
	free(p->log);
	p->log = NULL;
	forget_packets(p);
}

/* Down and up again: a fresh receiver. */
void player_bounce(struct player *p)
{
	set_state(p, "down");
	set_state(p, "up");
	wait_running(p);
}

/* Read the counters once they have stood still for a while. */
void player_settle(struct player *p, struct counters *c)
{
	uint64_t end = now_us() + SETTLE_TIMEOUT_US;
	unsigned int quiet = 0;
	uint64_t digest;

	counters_read(&p->src, c);
	while (quiet < QUIET_LOOKS && now_us() < end) {
		digest = c->digest;
		usleep(LOOK_US);
		counters_read(&p->src, c);
		quiet = c->digest == digest ? quiet + 1 : 0;
	}
	player_capture(p);
}

/* Every counter has to have risen by what is expected, no less and no more. */
bool player_compare(struct player *p, const char *when,
		    const struct counters *before, const struct counters *after,
		    const struct counters *expect)
{
	bool ok = true;
	int i;

	for (i = 0; i < CNT_NUM; i++) {
		if (after->n[i] - before->n[i] == expect->n[i])
			continue;
		player_log(p, "%s: %s: expected +%llu, got %+lld", when,
			   counter_names[i], (unsigned long long)expect->n[i],
			   (long long)(after->n[i] - before->n[i]));
		ok = false;
	}
	return ok;
}

bool player_command(struct player *p, const char *command)
{
	int rc = emu_command(&p->emu, command, COMMAND_TIMEOUT_US);

	if (rc)
		player_log(p, "emulator: '%.60s': %s", command,
			   emu_why(&p->emu, rc));
	return !rc;
}
