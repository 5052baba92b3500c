// SPDX-License-Identifier: GPL-2.0
/* What a fuzzing device sends: the same for a seed, and of every kind. */
#include <string.h>

#include "../emu/fuzz.h"
#include "test.h"

#define BURST	2000
#define BURSTS	30
#define DEVICES	5000

struct kinds {
	unsigned int transfers, met[MCTP_FRAME_KINDS], failed, longest;
	unsigned long long sum;
};

static void look_at(struct host *h, const struct transfer *t, struct kinds *k)
{
	struct mctp_frame_part part;
	enum mctp_frame_what what;
	size_t i;

	k->transfers++;
	k->failed += t->kind == TRANSFER_FAIL;
	if (t->len > k->longest)
		k->longest = t->len;
	for (i = 0; i < t->len; i++)
		k->sum = k->sum * 31 + t->data[i];
	mctp_deframe_begin(&h->deframer, t->data, t->len);
	while ((what = mctp_deframe_next(&h->deframer, &part)))
		k->met[what]++;
}

static void burst(bool spanning, unsigned long seed, struct kinds *k)
{
	static struct host h;
	struct transfer *t;

	memset(k, 0, sizeof(*k));
	host_start(&h, spanning, 512);
	fuzz_transfers(&h.port, seed, BURST);
	/* There are pauses in it. */
	while (h.port.in.playing) {
		t = port_take(&h.port);
		if (!t)
			continue;
		look_at(&h, t, k);
		port_taken(&h.port, t);
	}
	host_stop(&h);
}

/* Most of it is good, and nothing that can be wrong is missing. */
static bool all_kinds(const struct kinds *k, bool spanning)
{
	enum mctp_frame_what what;

	for (what = MCTP_FRAME_DATA; what < MCTP_FRAME_KINDS; what++) {
		/* In a stream nothing ends too early. */
		if (spanning && (what == MCTP_FRAME_SHORT_HDR || what == MCTP_FRAME_TRUNC))
			continue;
		if (k->met[what] < 5)
			return false;
	}
	return k->met[MCTP_FRAME_DATA] > BURST / 2 && k->failed > 2 &&
	       k->longest > 8000;
}

static void test_transfers(bool spanning)
{
	const char *edition = spanning ? "1.1: a burst has all kinds of transfers" :
					 "1.0: a burst has all kinds of transfers";
	struct kinds one, same, other;

	burst(spanning, 1, &one);
	burst(spanning, 1, &same);
	burst(spanning, 2, &other);
	check(all_kinds(&one, spanning) && all_kinds(&other, spanning), edition);
	check(!memcmp(&one, &same, sizeof(one)) && one.sum != other.sum,
	      "a seed makes the same burst again, another one another");
}

/* Some bursts have transfers of the greatest length. */
static void test_many_bursts(void)
{
	unsigned int longest = 0;
	unsigned long seed;
	struct kinds k;

	for (seed = 0; seed < BURSTS; seed++) {
		burst(seed % 2, seed, &k);
		if (k.longest > longest)
			longest = k.longest;
	}
	check(longest > 3 * 8192 - 600 && longest <= 3 * 8192,
	      "the longest transfers are what they may be, and no longer");
}

/* How many of the devices look like MCTP at a glance, and how many are as they should be? */
static void test_descriptors_of(unsigned int *likely, unsigned int *right)
{
	static const u8 class[] = { 0x14 };
	struct bytes config = { 0 }, good = { 0 };
	struct descriptors d, plain;
	unsigned long seed;

	*likely = 0;
	*right = 0;
	for (seed = 0; seed < DEVICES; seed++) {
		descriptors_init(&d, false, SPEED_HIGH);
		fuzz_descriptors(&d, seed);
		descriptors_init(&plain, d.spanning, d.speed);
		plain.interfaces = d.interfaces;
		config.len = 0;
		good.len = 0;
		descriptors_put_config(&d, &config);
		descriptors_put_config(&plain, &good);
		*likely += config.len > 14 && memchr(config.data, class[0], config.len);
		*right += config.len == good.len && !memcmp(config.data, good.data, good.len);
		descriptors_free(&d);
		descriptors_free(&plain);
	}
	bytes_free(&config);
	bytes_free(&good);
}

void test_fuzz(void)
{
	unsigned int likely, right, again, right_again;

	test_transfers(false);
	test_transfers(true);
	test_many_bursts();
	test_descriptors_of(&likely, &right);
	test_descriptors_of(&again, &right_again);
	check(likely > DEVICES * 9 / 10 && right < DEVICES / 3 && right > DEVICES / 20,
	      "most devices have something wrong, and the MCTP class");
	check(likely == again && right == right_again, "and they come again");
}
