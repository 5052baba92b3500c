// SPDX-License-Identifier: GPL-2.0
/*
 * mctp-races CONTROL MS SEED OP.. - all at once: traffic in both directions, readers, and each OP
 * again and again in a process of its own, for so many milliseconds.
 *
 * CONTROL is the emulated endpoint's channel, as emu_open() takes it. Prints how often each
 * happened. Whoever does not come to an end afterwards is a failure, and what it waits for is
 * printed. --list prints the names of all OPs, --choose SEED OP.. two to four of those.
 */
#include <fcntl.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "../vm/tools/emu.h"
#include "conform.h"
#include "races.h"

#define OPS_MAX 8
#define PATIENCE_US 240000000
#define EMU_PATIENCE_US 30000000

struct shared {
	atomic_bool over;
	atomic_flag endpoint_busy;
	atomic_uint traffic[TRAFFIC_KINDS];
	atomic_uint tries[OPS_MAX], good[OPS_MAX];
};

static struct shared *shared;
static struct emu emu;

static const struct {
	const char *name;
	void (*run)(void);
} traffic[] = {
	[PACKETS_SENT] = { "packets-sent", send_packets },
	[ECHOES] = { "echoes", exchange_messages },
	[CARES] = { "cares", keep_up },
	[PACKETS_SEEN] = { "packets-seen", look_around },
};

bool racing(void)
{
	return !shared->over;
}

void went_well(enum traffic what)
{
	shared->traffic[what]++;
}

unsigned int dice(unsigned int sides)
{
	return random() % sides;
}

void pause_us(unsigned int most)
{
	usleep(dice(most));
}

/* The endpoint does one thing at a time, and answers it. */
void endpoint_hold(bool hold)
{
	if (!hold)
		atomic_flag_clear(&shared->endpoint_busy);
	else
		while (atomic_flag_test_and_set(&shared->endpoint_busy))
			usleep(1000);
}

bool endpoint(const char *command)
{
	int rc = emu_command(&emu, command, EMU_PATIENCE_US);

	if (rc && rc != -EREMOTEIO)
		die("%s: %s", command, emu_why(&emu, rc));
	return !rc;
}

bool load_driver(void)
{
	return !system("modprobe -q mctp-usb");
}

static const struct race_op *op_named(const char *name)
{
	size_t i;

	for (i = 0; i < race_op_count; i++)
		if (!strcmp(race_ops[i].name, name))
			return &race_ops[i];
	die("no such operation: %s", name);
}

static void repeat(const struct race_op *op, int slot)
{
	while (racing()) {
		shared->tries[slot]++;
		if (op->run())
			shared->good[slot]++;
		pause_us(40000);
	}
}

static pid_t start(void (*run)(void), const struct race_op *op, int slot, unsigned int seed)
{
	pid_t pid = fork();

	if (pid < 0)
		die("fork: %s", strerror(errno));
	if (pid)
		return pid;
	srandom(seed);
	nl_close(&nl);
	nl_open(&nl);
	if (op)
		repeat(op, slot);
	else
		run();
	exit(0);
}

/* What those wait for who should have ended */
static void tell_who_hangs(const pid_t *pids, size_t count)
{
	char path[64], text[4096];
	ssize_t n;
	size_t i;
	int fd;

	for (i = 0; i < count; i++) {
		if (!pids[i])
			continue;
		printf("# process %zu hangs:\n", i);
		snprintf(path, sizeof(path), "/proc/%d/stack", pids[i]);
		fd = open(path, O_RDONLY | O_CLOEXEC);
		n = fd < 0 ? 0 : read(fd, text, sizeof(text));
		if (n > 0)
			printf("%.*s", (int)n, text);
	}
}

/* 0 if all ended well */
static int wait_for_all(pid_t *pids, size_t count)
{
	__u64 end = now_us() + PATIENCE_US;
	size_t i, left = count;
	int status, bad = 0;
	pid_t pid;

	while (left) {
		pid = waitpid(-1, &status, WNOHANG);
		if (pid <= 0) {
			if (now_us() > end) {
				tell_who_hangs(pids, count);
				return 1;
			}
			usleep(5000);
			continue;
		}
		for (i = 0; i < count && pids[i] != pid; i++)
			;
		if (i == count)
			continue;
		pids[i] = 0;
		left--;
		bad |= status;
	}
	return bad != 0;
}

static int race(const struct race_op **ops, int count, unsigned int ms, unsigned int seed)
{
	pid_t pids[OPS_MAX + ARRAY_SIZE(traffic)];
	size_t i, n = 0;
	int bad;

	for (i = 0; i < ARRAY_SIZE(traffic); i++)
		pids[n++] = start(traffic[i].run, NULL, 0, seed * 31 + i);
	for (i = 0; i < (size_t)count; i++)
		pids[n++] = start(NULL, ops[i], i, seed * 31 + 16 + i);
	usleep(ms * 1000);
	shared->over = true;
	bad = wait_for_all(pids, n);
	for (i = 0; i < ARRAY_SIZE(traffic); i++)
		printf("%s %u of %u\n", traffic[i].name, shared->traffic[i], shared->traffic[i]);
	for (i = 0; i < (size_t)count; i++)
		printf("%s %u of %u\n", ops[i]->name, shared->good[i], shared->tries[i]);
	return bad;
}

static int list(void)
{
	size_t i;

	for (i = 0; i < race_op_count; i++)
		puts(race_ops[i].name);
	return 0;
}

static int choose(unsigned int seed, char **names, int count)
{
	unsigned int n;

	srandom(seed);
	for (n = 2 + dice(3); n; n--)
		puts(names[dice(count)]);
	return 0;
}

int main(int argc, char **argv)
{
	const struct race_op *ops[OPS_MAX];
	int count;

	progname = argv[0];
	if (argc == 2 && !strcmp(argv[1], "--list"))
		return list();
	if (argc > 3 && !strcmp(argv[1], "--choose"))
		return choose(atoi(argv[2]), argv + 3, argc - 3);
	if (argc < 5 || argc > 4 + OPS_MAX)
		die("usage: mctp-races CONTROL MS SEED OP.., or --list, or --choose SEED OP..");
	for (count = 0; argv[4 + count]; count++)
		ops[count] = op_named(argv[4 + count]);
	shared = mmap(NULL, sizeof(*shared), PROT_READ | PROT_WRITE,
		      MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (shared == MAP_FAILED)
		die("no memory");
	emu_open(&emu, argv[1]);
	nl_open(&nl);
	return race(ops, count, atoi(argv[2]), atoi(argv[3]));
}
