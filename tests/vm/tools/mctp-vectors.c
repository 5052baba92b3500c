// SPDX-License-Identifier: GPL-2.0
/* Play the DSP0283 vectors against a link and the emulated endpoint behind it. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "player.h"
#include "util.h"

static noreturn void usage_exit(void)
{
	fputs("usage: mctp-vectors [-v] FILE DEV CONTROL 10|11 gadget|redir [ID...]\n"
	      "       mctp-vectors --list FILE [10|11]\n"
	      "\n"
	      "CONTROL is the emulator's control channel: a tty, unix:PATH, or fd:IN,OUT\n"
	      "for what the caller has open. With IDs only those vectors are played.\n"
	      "-v also tells how long each one took.\n",
	      stderr);
	exit(2);
}

static void need_vectors(struct vectors *set, const char *path)
{
	if (vectors_load(set, path))
		die("%s: %s", path, set->error);
}

static void list_receive(const struct vector *v)
{
	size_t transfers = 0, errors = 0, resets = 0, timeouts = 0, i;
	struct counters expect;
	int c;

	for (i = 0; i < v->n_steps; i++) {
		transfers += v->steps[i].kind == VEC_TRANSFER;
		errors += v->steps[i].kind == VEC_ERROR;
		resets += v->steps[i].kind == VEC_RESET;
		timeouts += v->steps[i].kind == VEC_TIMEOUT;
	}
	printf("%s rx mode %d: %zu transfers", v->id, v->mode, transfers);
	if (errors)
		printf(", %zu errors", errors);
	if (resets)
		printf(", %zu link resets", resets);
	if (timeouts)
		printf(", %zu stale timers", timeouts);
	printf(" ->");
	vector_expect(v, &expect);
	for (c = 0; c < CNT_NUM; c++)
		if (expect.n[c])
			printf(" %s +%llu", counter_names[c],
			       (unsigned long long)expect.n[c]);
	if (v->held)
		printf(", %u bytes held", v->held);
	printf(" # %s\n", v->note);
}

static void list_transmit(const struct vector *v)
{
	printf("%s tx mode %d: packet of %zu bytes -> ", v->id, v->mode,
	       v->packet.len);
	if (v->refused)
		printf("refused");
	else
		printf("transfer of %zu bytes%s", v->frame.len,
		       v->zlp ? " and a zero-length packet" : "");
	printf(" # %s\n", v->note);
}

static int list(const char *path, uint32_t mode)
{
	struct vectors set;
	size_t i, shown = 0;

	need_vectors(&set, path);
	for (i = 0; i < set.n; i++) {
		if (mode && (uint32_t)set.v[i].mode != mode)
			continue;
		shown++;
		if (set.v[i].tx)
			list_transmit(&set.v[i]);
		else
			list_receive(&set.v[i]);
	}
	printf("# %zu vectors\n", shown);
	vectors_free(&set);
	return !shown;
}

static bool wanted(const struct vector *v, uint32_t mode, char **ids)
{
	if ((uint32_t)v->mode != mode)
		return false;
	if (!*ids)
		return true;
	for (; *ids; ids++)
		if (!strcmp(*ids, v->id))
			return true;
	return false;
}

static bool play(struct player *p, const struct vector *v, unsigned int number,
		 bool verbose)
{
	uint64_t start = now_us();
	bool ok = v->tx ? play_transmit(p, v) : play_receive(p, v);

	printf("%s %u - %s %s\n", ok ? "ok" : "not ok", number, v->id,
	       v->note);
	if (verbose)
		printf("# %.2f s\n", (now_us() - start) / 1e6);
	player_end(p);
	fflush(stdout);
	return ok;
}

/* args: FILE DEV CONTROL MODE FRONTEND [ID...] */
static int run(char **args, bool verbose)
{
	struct player p = { 0 };
	unsigned int plan = 0, number = 0, failed = 0;
	struct vectors set;
	uint32_t mode;
	size_t i;

	mode = need_u32("mode", args[3], 10, 11);
	p.gadget = !strcmp(args[4], "gadget");
	if (!p.gadget && strcmp(args[4], "redir"))
		usage_exit();
	need_vectors(&set, args[0]);
	for (i = 0; i < set.n; i++)
		plan += wanted(&set.v[i], mode, args + 5);
	if (!plan)
		die("no such vector");
	player_open(&p, args[1], args[2]);
	printf("KTAP version 1\n1..%u\n", plan);
	for (i = 0; i < set.n; i++)
		if (wanted(&set.v[i], mode, args + 5))
			failed += !play(&p, &set.v[i], ++number, verbose);
	printf("# vectors mode %u %s: %u passed, %u failed\n", mode, args[4],
	       number - failed, failed);
	player_close(&p);
	vectors_free(&set);
	return failed != 0;
}

int main(int argc, char **argv)
{
	uint32_t mode = 0;
	bool verbose;

	progname = "mctp-vectors";
	if (argc >= 3 && argc <= 4 && !strcmp(argv[1], "--list")) {
		if (argc == 4)
			mode = need_u32("mode", argv[3], 10, 11);
		return list(argv[2], mode);
	}
	verbose = argc > 1 && !strcmp(argv[1], "-v");
	if (argc < 6 + verbose)
		usage_exit();
	return run(argv + 1 + verbose, verbose);
}
