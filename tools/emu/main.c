// SPDX-License-Identifier: GPL-2.0
/* mctp-usb-emu: an MCTP-over-USB endpoint in software. */
#include <errno.h>
#include <getopt.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include "emu.h"

static const char usage[] =
	"usage: mctp-usb-emu redir --connect unix:PATH [OPTIONS]\n"
	"       mctp-usb-emu redir --listen unix:PATH [OPTIONS]\n"
	"       mctp-usb-emu gadget [OPTIONS]\n"
	"       mctp-usb-emu usbip [OPTIONS]\n"
	"\n"
	"An emulated MCTP-over-USB (DSP0283) endpoint: for QEMU's usb-redir\n"
	"device, for a USB device controller by configfs and FunctionFS, or for\n"
	"this machine's virtual host controller (vhci-hcd) by USB/IP.\n"
	"\n"
	"  --connect unix:PATH  connect to QEMU's usb-redir socket; with usbip, to\n"
	"                       another one that speaks USB/IP for a host\n"
	"  --listen unix:PATH   wait for QEMU to connect\n"
	"  --udc NAME           device controller (the first one found)\n"
	"  --gadget NAME        name of the gadget in configfs (mctp-usb-emu)\n"
	"  --spec 1.0|1.1       edition; 1.1 is with spanning (1.0)\n"
	"  --speed full|high|super  (high)\n"
	"  --interfaces N       MCTP interfaces, 1 to 4 (1)\n"
	"  --pack on|off        several packets in an IN transfer (on)\n"
	"  --eid N              endpoint ID from the start (none)\n"
	"  --uuid UUID          answer to Get Endpoint UUID\n"
	"  --control stdio|unix:PATH|unix-connect:PATH|TTY\n"
	"                       take commands from there\n"
	"  --script FILE        run these commands first\n"
	"  --unplugged          wait for the command connect\n"
	"  -v, --verbose        say what happens\n"
	"  -h, --help           this text\n"
	"\n"
	"Commands and their answers are in the manual page mctp-usb-emu(1).\n";

struct settings {
	const char *spec, *speed, *pack, *eid, *uuid, *interfaces;
	bool unplugged;
};

/* The device is about to be plugged in: now changes of descriptors count. */
void emu_plugging(struct emu *emu)
{
	descriptors_copy(&emu->descriptors, &emu->wanted);
	emu->ports = descriptors_ports(&emu->descriptors);
	emu->stat[STAT_CONNECTS]++;
}

/* The host has configured the device; ports start to work. */
void emu_configured(struct emu *emu, enum usb_speed speed)
{
	const struct descriptors *d = &emu->descriptors;
	unsigned int i;

	emu->stat[STAT_CONFIGURATIONS]++;
	emu->configured = true;
	for (i = 0; i < emu->ports; i++)
		port_start(&emu->port[i], descriptors_span(d),
			   descriptors_in_maxp(d, speed),
			   descriptors_out_maxp(d, speed));
	debug("configured");
}

/* Reset, unplugged or configuration 0. */
void emu_deconfigured(struct emu *emu)
{
	unsigned int i;

	if (emu->configured) {
		emu->stat[STAT_DECONFIGURATIONS]++;
		debug("no longer configured");
	}
	emu->configured = false;
	for (i = 0; i < emu->ports; i++)
		port_stop(&emu->port[i]);
}

/* Something happened that a front end cannot go on from. */
void emu_fail(struct emu *emu, const char *format, ...)
{
	va_list args;

	fputs("mctp-usb-emu: ", stderr);
	va_start(args, format);
	vfprintf(stderr, format, args);
	va_end(args);
	fputc('\n', stderr);
	emu->quit = true;
	emu->status = 1;
}

[[gnu::noreturn]]
static void usage_error(const char *format, ...)
{
	va_list args;

	fputs("mctp-usb-emu: ", stderr);
	va_start(args, format);
	vfprintf(stderr, format, args);
	va_end(args);
	fputs("; see --help\n", stderr);
	exit(2);
}

static unsigned long number_option(const char *name, const char *text,
				   unsigned long min, unsigned long max)
{
	unsigned long value;

	if (!number_parse(text, max, &value) || value < min)
		usage_error("--%s takes a number from %lu to %lu", name, min, max);
	return value;
}

static unsigned int choice(const char *name, const char *text,
			   const char *const *words, unsigned int n)
{
	unsigned int i;

	for (i = 0; i < n; i++) {
		if (!strcmp(text, words[i]))
			return i;
	}
	usage_error("--%s does not take '%s'", name, text);
	return 0;
}

/* 16 bytes of hex with any dashes left out. */
static void uuid_option(const char *text, u8 *uuid)
{
	struct bytes value = { 0 };
	char hex[64];
	size_t n = 0;

	for (; *text && n < sizeof(hex) - 1; text++) {
		if (*text != '-')
			hex[n++] = *text;
	}
	hex[n] = '\0';
	if (!hex_parse(hex, &value) || value.len != 16)
		usage_error("--uuid takes 32 hex digits");
	memcpy(uuid, value.data, 16);
	bytes_free(&value);
}

enum option_id {
	OPTION_CONNECT = 1, OPTION_LISTEN, OPTION_UDC, OPTION_GADGET,
	OPTION_SPEC, OPTION_SPEED, OPTION_INTERFACES, OPTION_PACK, OPTION_EID,
	OPTION_UUID, OPTION_CONTROL, OPTION_SCRIPT, OPTION_UNPLUGGED,
};

static const struct option options[] = {
	{ "connect", required_argument, NULL, OPTION_CONNECT },
	{ "listen", required_argument, NULL, OPTION_LISTEN },
	{ "udc", required_argument, NULL, OPTION_UDC },
	{ "gadget", required_argument, NULL, OPTION_GADGET },
	{ "spec", required_argument, NULL, OPTION_SPEC },
	{ "speed", required_argument, NULL, OPTION_SPEED },
	{ "interfaces", required_argument, NULL, OPTION_INTERFACES },
	{ "pack", required_argument, NULL, OPTION_PACK },
	{ "eid", required_argument, NULL, OPTION_EID },
	{ "uuid", required_argument, NULL, OPTION_UUID },
	{ "control", required_argument, NULL, OPTION_CONTROL },
	{ "script", required_argument, NULL, OPTION_SCRIPT },
	{ "unplugged", no_argument, NULL, OPTION_UNPLUGGED },
	{ "verbose", no_argument, NULL, 'v' },
	{ "help", no_argument, NULL, 'h' },
	{ 0 }
};

static void take_option(struct emu *emu, struct settings *s, int id)
{
	const char **const texts[] = {
		[OPTION_CONNECT] = &emu->options.connect,
		[OPTION_LISTEN] = &emu->options.listen,
		[OPTION_UDC] = &emu->options.udc,
		[OPTION_GADGET] = &emu->options.gadget,
		[OPTION_CONTROL] = &emu->options.control,
		[OPTION_SCRIPT] = &emu->options.script,
		[OPTION_SPEC] = &s->spec,
		[OPTION_SPEED] = &s->speed,
		[OPTION_INTERFACES] = &s->interfaces,
		[OPTION_PACK] = &s->pack,
		[OPTION_EID] = &s->eid,
		[OPTION_UUID] = &s->uuid,
	};

	switch (id) {
	case OPTION_UNPLUGGED:
		s->unplugged = true;
		break;
	case 'v':
		verbose = true;
		break;
	case 'h':
		fputs(usage, stdout);
		exit(0);
	case '?':
		exit(2);
	default:
		*texts[id] = optarg;
	}
}

static void set_up(struct emu *emu, const struct settings *s)
{
	static const char *const specs[] = { "1.0", "1.1" };
	static const char *const switches[] = { "off", "on" };
	u8 eid = number_option("eid", s->eid, 0, 0xfe);
	bool pack = choice("pack", s->pack, switches, 2);
	u8 uuid[16];
	unsigned int i;

	uuid_option(s->uuid, uuid);
	emu->ports = number_option("interfaces", s->interfaces, 1, PORTS_MAX);
	descriptors_init(&emu->wanted, choice("spec", s->spec, specs, 2),
			 choice("speed", s->speed, usb_speed_names, USB_SPEEDS));
	emu->wanted.interfaces = emu->ports;
	descriptors_copy(&emu->descriptors, &emu->wanted);
	for (i = 0; i < PORTS_MAX; i++) {
		struct port *port = &emu->port[i];

		port_init(port, i);
		port->pack = pack;
		port->ep.first_eid = eid;
		memcpy(port->ep.uuid, uuid, sizeof(uuid));
		/* Each interface is an endpoint of its own. */
		port->ep.uuid[15] += i;
		port_reset(port);
	}
	emu->selected = &emu->port[0];
}

static void parse(struct emu *emu, int argc, char **argv)
{
	struct settings s = {
		.spec = "1.0", .speed = "high", .pack = "on", .eid = "0",
		.interfaces = "1",
		.uuid = "6d637470-7573-4062-8e6d-7500000000e0",
	};
	static const struct front_end *const front_ends[] = {
		&redir_front_end, &gadget_front_end, &usbip_front_end,
	};
	const char *word;
	unsigned int i;
	int id;

	while ((id = getopt_long(argc, argv, "vh", options, NULL)) != -1)
		take_option(emu, &s, id);
	word = argv[optind];
	if (!word || argv[optind + 1])
		usage_error("say redir, gadget or usbip");
	for (i = 0; i < ARRAY_SIZE(front_ends); i++) {
		if (!strcmp(word, front_ends[i]->name))
			emu->fe = front_ends[i];
	}
	if (!emu->fe)
		usage_error("no front end '%s'", word);
	if (emu->fe == &redir_front_end &&
	    !emu->options.connect == !emu->options.listen)
		usage_error("redir takes one of --connect and --listen");
	set_up(emu, &s);
	emu->connected = !s.unplugged;
}

/* A descriptor that can be read when the program is to end, or -1. */
static int catch_signals(void)
{
	sigset_t stop;

	signal(SIGPIPE, SIG_IGN);
	sigemptyset(&stop);
	sigaddset(&stop, SIGINT);
	sigaddset(&stop, SIGTERM);
	sigaddset(&stop, SIGHUP);
	sigprocmask(SIG_BLOCK, &stop, NULL);
	return signalfd(-1, &stop, SFD_CLOEXEC);
}

static void earlier(long long *first, long long other)
{
	if (other && (!*first || other < *first))
		*first = other;
}

static long long next_deadline(struct emu *emu)
{
	long long first = 0;
	unsigned int i;

	if (emu->fe->deadline)
		earlier(&first, emu->fe->deadline(emu));
	earlier(&first, channel_deadline(emu));
	if (emu->wait.kind != WAIT_NOTHING)
		earlier(&first, emu->wait.end);
	for (i = 0; i < emu->ports; i++)
		earlier(&first, emu->port[i].in.pause_end);
	return first;
}

static void wait_and_handle(struct emu *emu, int stop)
{
	struct pollfd fds[POLLFDS_MAX] = { { stop, POLLIN, 0 } };
	unsigned int bus = emu->fe->poll_add(emu, fds + 1);
	unsigned int channel = channel_poll_add(emu, fds + 1 + bus);
	long long end = next_deadline(emu);
	long long ms = end - now_ms();

	if (ms < 0)
		ms = 0;
	if (poll(fds, 1 + bus + channel, end ? ms : -1) <= 0)
		return;
	if (fds[0].revents)
		emu->quit = true;
	emu->fe->poll_done(emu, fds + 1, bus);
	channel_poll_done(emu, fds + 1 + bus, channel);
}

static void run(struct emu *emu)
{
	int stop = catch_signals();
	const char *why;

	why = emu->fe->start(emu);
	if (why)
		emu_fail(emu, "%s: %s", emu->fe->name, why);
	while (!emu->quit) {
		emu->fe->kick(emu);
		command_poll(emu);
		lines_run(emu);
		if (emu->quit)
			break;
		emu->fe->kick(emu);
		/* If that was what a command waited for, the next one may run. */
		if (!command_poll(emu))
			wait_and_handle(emu, stop);
	}
	emu->fe->stop(emu);
	close(stop);
}

int main(int argc, char **argv)
{
	static struct emu emu;
	const char *why;
	unsigned int i;

	parse(&emu, argc, argv);
	why = script_open(&emu);
	if (why) {
		say("%s: %s", emu.options.script, why);
		return 1;
	}
	why = channel_open(&emu);
	if (why) {
		say("%s: %s", emu.options.control, why);
		return 1;
	}
	run(&emu);
	channel_close(&emu);
	descriptors_free(&emu.wanted);
	descriptors_free(&emu.descriptors);
	for (i = 0; i < PORTS_MAX; i++)
		port_free(&emu.port[i]);
	return emu.status;
}
