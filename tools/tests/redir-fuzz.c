// SPDX-License-Identifier: GPL-2.0
/*
 * redir-fuzz EMULATOR - what the emulator does to a host by usb-redir when it fuzzes.
 * A host of a few lines takes QEMU's place. Results are TAP.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <usbredirparser.h>

#define PATIENCE_MS	5000
#define DEVICES		300
#define BURST		2000
#define IN_ADDRESS	0x81
#define BUFFERS		4	/* IN requests at a time */

/* What the device did */
static struct host {
	struct usbredirparser *parser;
	int fd, commands, answers;
	pid_t emulator;
	bool plugged, configured, answered, good_answer;
	unsigned int connects, control_answers, control_status, control_len;
	unsigned int in, in_failed, in_flight;
	unsigned char control_data[512];
	uint64_t next_id, flying[BUFFERS];
} host;

static unsigned int number, failures;

static void check(bool good, const char *name)
{
	failures += !good;
	printf("%sok %u - %s\n", good ? "" : "not ", ++number, name);
}

static void give_up(const char *why)
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

static void log_message(void *priv, int level, const char *text)
{
	(void)priv;
	if (level <= usbredirparser_warning)
		printf("# %s\n", text);
}

static int read_socket(void *priv, uint8_t *data, int count)
{
	ssize_t n = read(host.fd, data, count);

	(void)priv;
	return n < 0 && errno == EAGAIN ? 0 : n > 0 ? n : -1;
}

static int write_socket(void *priv, uint8_t *data, int count)
{
	ssize_t n = write(host.fd, data, count);

	(void)priv;
	return n < 0 && errno == EAGAIN ? 0 : n;
}

static void on_hello(void *priv, struct usb_redir_hello_header *h)
{
	(void)priv;
	(void)h;
}

static void on_connect(void *priv, struct usb_redir_device_connect_header *h)
{
	(void)priv;
	(void)h;
	host.plugged = true;
	host.configured = false;
	host.in_flight = 0;
	host.connects++;
}

static void on_disconnect(void *priv)
{
	(void)priv;
	host.plugged = false;
	host.configured = false;
}

static void on_interfaces(void *priv, struct usb_redir_interface_info_header *h)
{
	(void)priv;
	(void)h;
}

static void on_endpoints(void *priv, struct usb_redir_ep_info_header *h)
{
	(void)priv;
	(void)h;
}

static void on_configuration(void *priv, uint64_t id,
			     struct usb_redir_configuration_status_header *h)
{
	(void)priv;
	(void)id;
	host.configured = h->status == usb_redir_success && h->configuration == 1;
}

static void on_control(void *priv, uint64_t id,
		       struct usb_redir_control_packet_header *h, uint8_t *data,
		       int len)
{
	(void)priv;
	(void)id;
	host.control_answers++;
	host.control_status = h->status;
	host.control_len = len;
	if (len > 0 && (size_t)len <= sizeof(host.control_data))
		memcpy(host.control_data, data, len);
	usbredirparser_free_packet_data(host.parser, data);
}

static void on_bulk(void *priv, uint64_t id,
		    struct usb_redir_bulk_packet_header *h, uint8_t *data, int len)
{
	unsigned int i;

	(void)priv;
	(void)len;
	for (i = 0; i < host.in_flight && host.flying[i] != id; i++)
		;
	if (i < host.in_flight)
		host.flying[i] = host.flying[--host.in_flight];
	host.in++;
	host.in_failed += h->status != usb_redir_success &&
			  h->status != usb_redir_cancelled;
	usbredirparser_free_packet_data(host.parser, data);
}

/* As QEMU and its guest do: take back what waits behind a failure, and clear the halt */
static void recover(void)
{
	struct usb_redir_control_packet_header h = {
		.request = 1, .requesttype = 2, .index = IN_ADDRESS,
	};
	unsigned int i;

	for (i = 0; i < host.in_flight; i++)
		usbredirparser_send_cancel_data_packet(host.parser, host.flying[i]);
	usbredirparser_send_control_packet(host.parser, ++host.next_id, &h, NULL, 0);
}

static void want_more(void)
{
	struct usb_redir_bulk_packet_header h = {
		.endpoint = IN_ADDRESS, .length = 512,
	};

	while (host.configured && host.in_flight < BUFFERS) {
		host.flying[host.in_flight++] = ++host.next_id;
		usbredirparser_send_bulk_packet(host.parser, host.next_id, &h, NULL, 0);
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
	struct pollfd fds[] = {
		{ host.fd, POLLIN, 0 }, { host.answers, POLLIN, 0 },
	};

	while (usbredirparser_has_data_to_write(host.parser))
		if (usbredirparser_do_write(host.parser))
			give_up("the emulator is gone");
	poll(fds, 2, 20);
	if (fds[0].revents && usbredirparser_do_read(host.parser))
		give_up("the emulator is gone, or talks nonsense");
	if (fds[1].revents)
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
	struct usb_redir_control_packet_header h = {
		.endpoint = 0x80, .request = 6, .requesttype = 0x80,
		.value = type << 8, .length = len,
	};
	unsigned int before = host.control_answers;
	long long end = now() + ms;

	usbredirparser_send_control_packet(host.parser, ++host.next_id, &h, NULL, 0);
	while (host.control_answers == before && host.plugged && now() < end)
		step();
	return host.control_answers != before;
}

static bool configure(void)
{
	struct usb_redir_set_configuration_header h = { .configuration = 1 };

	usbredirparser_send_set_configuration(host.parser, ++host.next_id, &h);
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
	      host.control_status == usb_redir_stall, "the next one is a STALL");
	check(command("fuzz control silent 1") && !get_descriptor(1, 18, 200),
	      "the next one does not come");
	check(command("fuzz control unplug 1") && !get_descriptor(1, 18, PATIENCE_MS) &&
	      !host.plugged, "the device goes instead of the next one");
	check(command("connect") && becomes(&host.plugged, true, PATIENCE_MS) &&
	      get_descriptor(1, 18, PATIENCE_MS), "and comes back");
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

static void start_parser(void)
{
	uint32_t caps[USB_REDIR_CAPS_SIZE] = { 0 };
	struct usbredirparser *p = usbredirparser_create();

	p->log_func = log_message;
	p->read_func = read_socket;
	p->write_func = write_socket;
	p->hello_func = on_hello;
	p->device_connect_func = on_connect;
	p->device_disconnect_func = on_disconnect;
	p->interface_info_func = on_interfaces;
	p->ep_info_func = on_endpoints;
	p->configuration_status_func = on_configuration;
	p->control_packet_func = on_control;
	p->bulk_packet_func = on_bulk;
	usbredirparser_caps_set_cap(caps, usb_redir_cap_connect_device_version);
	usbredirparser_caps_set_cap(caps, usb_redir_cap_device_disconnect_ack);
	usbredirparser_caps_set_cap(caps, usb_redir_cap_ep_info_max_packet_size);
	usbredirparser_caps_set_cap(caps, usb_redir_cap_64bits_ids);
	usbredirparser_caps_set_cap(caps, usb_redir_cap_32bits_bulk_length);
	usbredirparser_init(p, "redir-fuzz", caps, USB_REDIR_CAPS_SIZE, 0);
	host.parser = p;
}

static void start_emulator(const char *program)
{
	struct sockaddr_un addr = { .sun_family = AF_UNIX };
	int listener = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	char where[160];
	int in[2], out[2];

	snprintf(addr.sun_path, sizeof(addr.sun_path), P_tmpdir "/redir-fuzz.%d", (int)getpid());
	unlink(addr.sun_path);
	if (listener < 0 || bind(listener, (void *)&addr, sizeof(addr)) ||
	    listen(listener, 1) || pipe2(in, O_CLOEXEC) || pipe2(out, O_CLOEXEC))
		give_up(strerror(errno));
	snprintf(where, sizeof(where), "unix:%s", addr.sun_path);
	host.emulator = fork();
	if (!host.emulator) {
		dup2(in[0], 0);
		dup2(out[1], 1);
		execl(program, program, "redir", "--connect", where, "--control", "stdio", NULL);
		_exit(127);
	}
	host.fd = accept4(listener, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);
	unlink(addr.sun_path);
	close(listener);
	close(in[0]);
	close(out[1]);
	host.commands = in[1];
	host.answers = out[0];
	fcntl(host.answers, F_SETFL, O_NONBLOCK);
}

int main(int argc, char **argv)
{
	int status = 1;

	if (argc != 2)
		give_up("usage: redir-fuzz EMULATOR");
	setvbuf(stdout, NULL, _IOLBF, 0);
	start_emulator(argv[1]);
	start_parser();
	check(becomes(&host.plugged, true, PATIENCE_MS), "a device is plugged in");
	test_control();
	test_burst("1.0");
	test_burst("1.1");
	test_devices();
	dprintf(host.commands, "quit\n");
	close(host.fd);
	waitpid(host.emulator, &status, 0);
	check(WIFEXITED(status), "the emulator ends by itself");
	printf("1..%u\n", number);
	return failures != 0;
}
