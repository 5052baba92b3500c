// SPDX-License-Identifier: GPL-2.0
/* What goes wrong. Times are those of the clock that stands still while somebody works. */
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "conform.h"
#include "silent.h"

#define SWALLOW_US 20000000

static unsigned int dice(unsigned int sides)
{
	return random() % sides;
}

static bool say(const char *command)
{
	return !emu_command(&emu, command, 60000000);
}

static bool stall_in(const struct where *w)
{
	return say("stall in");
}

static bool stall_out(const struct where *w)
{
	return say("stall out");
}

/* Takes what comes next for its own, where frames span transfers. Nobody waits for it. */
static __u64 cut_at;

static bool cut_short(const struct where *w)
{
	if (usb_number(w->interface, "bInterfaceSubClass") == 2)
		cut_at = now_us();
	return say("play 1AB40040010809C85A");
}

bool fault_swallows(void)
{
	return cut_at && now_us() - cut_at < SWALLOW_US;
}

static bool noise(const struct where *w)
{
	return say("play DEADBEEF1AB4000000000000");
}

/* Not so long that requests are given up meanwhile */
static bool silence(const struct where *w)
{
	bool good = say(dice(2) ? "silent on" : "silent out");

	usleep(dice(3000000));
	return say("silent off") && good;
}

static bool errors(const struct where *w)
{
	char text[16];

	snprintf(text, sizeof(text), "%u", 1 + dice(dice(4) ? 4 : 400));
	return !write_file("/sys/module/dummy_hcd/parameters/fails", text);
}

static bool unplug(const struct where *w)
{
	bool good = say("disconnect");

	usleep(dice(500000));
	return say("connect") && good;
}

static bool down_and_up(const struct where *w)
{
	bool good = !link_up(w->ifindex, false);

	usleep(dice(50000));
	return !link_up(w->ifindex, true) && good;
}

static bool reset(const struct where *w)
{
	return !usb_reset(w->device);
}

static struct kind {
	const char *name;
	bool (*run)(const struct where *w);
	unsigned int weight, tries, good;
} kinds[] = {
	{ "IN halted", stall_in, 4 },
	{ "OUT halted", stall_out, 4 },
	{ "cut short", cut_short, 4 },
	{ "noise", noise, 4 },
	{ "silence", silence, 3 },
	{ "transaction errors", errors, 4 },
	{ "down and up", down_and_up, 1 },
	{ "reset", reset, 1 },
	{ "unplugged", unplug, 1 },
};

bool fault(const struct where *w)
{
	unsigned int sum = 0, n;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(kinds); i++)
		sum += kinds[i].weight;
	n = dice(sum);
	for (i = 0; n >= kinds[i].weight; i++)
		n -= kinds[i].weight;
	kinds[i].tries++;
	if (!kinds[i].run(w))
		return false;
	kinds[i].good++;
	return true;
}

void faults_print(void)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(kinds); i++)
		printf("# fault: %s: %u of %u\n", kinds[i].name, kinds[i].good, kinds[i].tries);
}
