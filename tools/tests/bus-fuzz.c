// SPDX-License-Identifier: GPL-2.0
/*
 * redir-fuzz EMULATOR, usbip-fuzz EMULATOR - what the emulator does to a host when it fuzzes.
 * A host of a few lines takes the place of QEMU or of the kernel. Results are TAP.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "bus-fuzz.h"
#include "tap.h"

#define DEVICES		300
#define BURST		2000

struct host host;

void give_up(const char *why)
{
	printf("Bail out! %s\n", why);
	exit(1);
}

static long long now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * 1000ll + t.tv_nsec / 1000000;
}

void control_answer(bool stalled, const void *data, int len)
{
	host.control_answers++;
	host.control_stalled = stalled;
	host.control_len = len;
	if (len > 0 && (size_t)len <= sizeof(host.control_data))
		memcpy(host.control_data, data, len);
}

void in_answer(uint64_t id, bool failed)
{
	unsigned int i;

	for (i = 0; i < host.in_flight && host.flying[i] != id; i++)
		;
	if (i < host.in_flight)
		host.flying[i] = host.flying[--host.in_flight];
	host.in++;
	host.in_failed += failed;
}

void unplugged(void)
{
	host.plugged = false;
	host.configured = false;
	host.in_flight = 0;
}

/* As hosts do: take back what waits behind a failure, and clear the halt */
static void recover(void)
{
	static const struct setup clear_halt = {
		.type = 2, .request = 1, .index = IN_ADDRESS,
	};
	unsigned int i;

	for (i = 0; i < host.in_flight; i++)
		bus_cancel(host.flying[i]);
	bus_control(&clear_halt);
}

static void want_more(void)
{
	while (host.configured && host.in_flight < BUFFERS) {
		host.flying[host.in_flight++] = ++host.next_id;
		bus_request_in(host.next_id);
	}
}

static void take_answers(void)
{
	static char text[65536];
	static size_t len;
	ssize_t n = read(host.answers, text + len, sizeof(text) - 1 - len);
	char *line, *end;

	if (n <= 0)
		return;
	len += n;
	text[len] = '\0';
	for (line = text; (end = strchr(line, '\n')); line = end + 1) {
		*end = '\0';
		if (strncmp(line, "ok", 2) && strncmp(line, "error", 5))
			continue;
		host.answered = true;
		host.good_answer = line[0] == 'o';
		if (!host.good_answer)
			printf("# %s\n", line);
	}
	len = strlen(line);
	memmove(text, line, len + 1);
}

static void step(void)
{
	struct pollfd answers = { host.answers, POLLIN, 0 };

	bus_step(10);
	if (poll(&answers, 1, 0) > 0)
		take_answers();
}

/* Return: whether it became true in time */
static bool becomes(const bool *flag, bool value, int ms)
{
	long long end = now() + ms;

	while (*flag != value && now() < end)
		step();
	return *flag == value;
}

static bool command(const char *text)
{
	host.answered = false;
	dprintf(host.commands, "%s\n", text);
	return becomes(&host.answered, true, PATIENCE_MS) && host.good_answer;
}

/* GET_DESCRIPTOR. Return: whether there was an answer */
static bool get_descriptor(unsigned int type, unsigned int len, int ms)
{
	struct setup setup = {
		.type = 0x80, .request = 6, .value = type << 8, .len = len,
	};
	unsigned int before = host.control_answers;
	long long end = now() + ms;

	bus_control(&setup);
	while (host.control_answers == before && host.plugged && now() < end)
		step();
	return host.control_answers != before;
}

static bool configure(void)
{
	bus_configure();
	return becomes(&host.configured, true, PATIENCE_MS);
}

static bool replug(const char *descriptors)
{
	return command("disconnect") && becomes(&host.plugged, false, PATIENCE_MS) &&
	       command(descriptors) && command("connect") &&
	       becomes(&host.plugged, true, PATIENCE_MS);
}

static void test_control(void)
{
	unsigned char right[18];
	bool good;

	good = get_descriptor(1, 18, PATIENCE_MS) && host.control_len == 18;
	memcpy(right, host.control_data, sizeof(right));
	check(good, "a device descriptor");
	check(command("fuzz control short 2") && get_descriptor(1, 18, PATIENCE_MS) &&
	      host.control_len == 18 && get_descriptor(1, 18, PATIENCE_MS) &&
	      host.control_len == 9, "the second answer is short");
	check(command("fuzz control noise 1") && get_descriptor(1, 18, PATIENCE_MS) &&
	      host.control_len == 18 && memcmp(right, host.control_data, 18),
	      "the next answer is noise");
	check(get_descriptor(1, 18, PATIENCE_MS) && !memcmp(right, host.control_data, 18),
	      "the one behind it is right");
	check(command("fuzz control stall 1") && get_descriptor(1, 18, PATIENCE_MS) &&
	      host.control_stalled, "the next one is a STALL");
	check(command("fuzz control silent 1") && !get_descriptor(1, 18, 200),
	      "the next one does not come");
	check(command("fuzz control unplug 1") && !get_descriptor(1, 18, PATIENCE_MS) &&
	      !host.plugged, "the device goes instead of the next one");
	check(command("connect") && becomes(&host.plugged, true, PATIENCE_MS) &&
	      get_descriptor(1, 18, PATIENCE_MS), "and comes back");
}

static void test_odd_hosts(void)
{
	bus_odd();
	check(get_descriptor(1, 18, PATIENCE_MS), "what no host should say does no harm");
}

/* An IN endpoint whose address is of an OUT one; the host believes the address. */
static void test_crossed_endpoints(void)
{
	long long end = now() + PATIENCE_MS;

	if (!replug("descriptor in-address=2") || !configure())
		give_up("no device with crossed endpoints");
	host.in = 0;
	host.in_failed = 0;
	bus_request_out(++host.next_id, 2);
	while (!host.in && now() < end)
		step();
	check(host.in_failed == 1, "an IN endpoint with an OUT address takes nothing");
}

/* A host that configures a device which has just gone has not configured the next one. */
static void test_late_host(void)
{
	if (!command("disconnect") || !becomes(&host.plugged, false, PATIENCE_MS))
		give_up("the device does not go");
	bus_configure();
	bus_step(100);
	check(command("connect") && becomes(&host.plugged, true, PATIENCE_MS) &&
	      !command("wait-configured 100"),
	      "what comes too late for a device is not for the next");
}

static void test_no_interface(void)
{
	check(replug("descriptor default interfaces=0") && !command("interface 1") &&
	      !command("interface 99999999") && configure(), "a device without an interface");
}

static void test_burst(const char *edition)
{
	char descriptors[64], text[64];
	long long end = now() + 60000;
	unsigned int failed;

	snprintf(descriptors, sizeof(descriptors), "spec %s", edition);
	snprintf(text, sizeof(text), "fuzz transfers 7 %u", BURST);
	if (!replug("descriptor default interfaces=1") || !command(descriptors) ||
	    !replug("speed high") || !configure())
		give_up("no device to burst");
	host.in = 0;
	host.in_failed = 0;
	host.answered = false;
	dprintf(host.commands, "%s\n", text);
	while (!host.answered && now() < end) {
		failed = host.in_failed;
		want_more();
		step();
		if (host.in_failed != failed)
			recover();
	}
	printf("# %s: %u requests answered, %u of them failed\n", edition, host.in,
	       host.in_failed);
	check(host.answered && host.in > BURST / 2 && host.in_failed > 2,
	      "a burst comes, with failures, and comes to its end");
}

static void test_devices(void)
{
	unsigned int seed, configs = 0, configured = 0;
	char text[64];

	for (seed = 0; seed < DEVICES; seed++) {
		snprintf(text, sizeof(text), "fuzz descriptors %u", seed);
		if (!replug(text))
			give_up("a fuzzed device does not come");
		get_descriptor(1, 18, PATIENCE_MS);
		configs += get_descriptor(2, 512, PATIENCE_MS);
		configured += configure();
	}
	check(configs == DEVICES && configured == DEVICES,
	      "fuzzed devices come, say what they are, and can be configured");
}

static void run_tests(const char *program)
{
	struct sockaddr_un addr = { .sun_family = AF_UNIX };
	char where[160];
	int in[2], out[2];

	host.listener = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	snprintf(addr.sun_path, sizeof(addr.sun_path), P_tmpdir "/%s-fuzz.%d", bus_name,
		 (int)getpid());
	unlink(addr.sun_path);
	if (host.listener < 0 || bind(host.listener, (void *)&addr, sizeof(addr)) ||
	    listen(host.listener, 1) || pipe2(in, O_CLOEXEC) || pipe2(out, O_CLOEXEC))
		give_up(strerror(errno));
	snprintf(where, sizeof(where), "unix:%s", addr.sun_path);
	host.emulator = fork();
	if (!host.emulator) {
		dup2(in[0], 0);
		dup2(out[1], 1);
		execl(program, program, bus_name, "--connect", where, "--control", "stdio", NULL);
		_exit(127);
	}
	close(in[0]);
	close(out[1]);
	host.commands = in[1];
	host.answers = out[0];
	fcntl(host.answers, F_SETFL, O_NONBLOCK);
	bus_start();
	check(becomes(&host.plugged, true, PATIENCE_MS), "a device is plugged in");
	test_control();
	test_odd_hosts();
	test_crossed_endpoints();
	test_late_host();
	test_no_interface();
	test_burst("1.0");
	test_burst("1.1");
	test_devices();
	unlink(addr.sun_path);
}

int main(int argc, char **argv)
{
	int status = 1;

	if (argc != 2)
		give_up("say which emulator");
	setvbuf(stdout, NULL, _IOLBF, 0);
	run_tests(argv[1]);
	dprintf(host.commands, "quit\n");
	close(host.fd);
	waitpid(host.emulator, &status, 0);
	check(WIFEXITED(status), "the emulator ends by itself");
	return tap_end();
}
