// SPDX-License-Identifier: GPL-2.0
/* The command language. One line is one command; see mctp-usb-emu(1). */
#include <stdlib.h>
#include <string.h>

#include "emu.h"

/* A played transfer that no host has taken by then is given up. */
#define PLAY_LIMIT_MS	30000
#define WAIT_LIMIT_MS	60000

/*
 * Host controller drivers try a failed transaction again by themselves before
 * they tell anybody: Linux' xHCI driver this often in all, counting from the
 * last transfer that filled its buffer. Nobody tries again after a babble, so
 * that is what an unnamed failure is.
 */
#define EPROTO_REPEAT	5

const char *const emu_stat_names[EMU_STATS] = {
	[STAT_CONNECTS] = "connects",
	[STAT_DISCONNECTS] = "disconnects",
	[STAT_RESETS] = "resets",
	[STAT_CONFIGURATIONS] = "configurations",
	[STAT_DECONFIGURATIONS] = "deconfigurations",
	[STAT_SET_INTERFACES] = "set_interfaces",
	[STAT_SUSPENDS] = "suspends",
	[STAT_RESUMES] = "resumes",
	[STAT_USB_CONTROLS] = "usb_controls",
	[STAT_USB_CONTROL_STALLS] = "usb_control_stalls",
	[STAT_CANCELS] = "cancels",
};

struct command {
	const char *name;
	void (*run)(struct emu *emu, char **args);
};

static void done(struct emu *emu, const char *why)
{
	if (why)
		error(emu, "%s", why);
	else
		ok(emu);
}

static bool on_off(const char *word, bool *on)
{
	if (!word || (strcmp(word, "on") && strcmp(word, "off")))
		return false;
	*on = !strcmp(word, "on");
	return true;
}

static void start_wait(struct emu *emu, enum wait_kind kind, long long ms)
{
	emu->wait = (struct wait){
		.kind = kind, .port = emu->selected, .end = now_ms() + ms,
	};
}

/* "!EPROTO*7": how to fail, and how often. */
static bool play_fail(struct port *port, char *token)
{
	static const struct {
		const char *name;
		enum fail_kind kind;
		unsigned int repeat;
	} fails[] = {
		{ "!E", FAIL_EOVERFLOW, 1 },
		{ "!EPROTO", FAIL_EPROTO, EPROTO_REPEAT },
		{ "!EPIPE", FAIL_EPIPE, 1 },
		{ "!EOVERFLOW", FAIL_EOVERFLOW, 1 },
	};
	char *star = strchr(token, '*');
	unsigned long repeat = 0;
	unsigned int i;

	if (star && (!number_parse(star + 1, 1000, &repeat) || !repeat))
		return false;
	if (star)
		*star = '\0';
	for (i = 0; i < ARRAY_SIZE(fails); i++) {
		if (!strcmp(token, fails[i].name)) {
			port_fail(port, fails[i].kind,
				  star ? repeat : fails[i].repeat);
			return true;
		}
	}
	return false;
}

/* Queue one XFER token; "!P MS" takes two words. Returns how many, 0: bad. */
static unsigned int play_token(struct port *port, char **args)
{
	size_t len = strlen(args[0]);
	struct bytes data = { 0 };
	unsigned long ms;
	bool zlp, good;

	if (!strcmp(args[0], "!P")) {
		if (!args[1] || !number_parse(args[1], 600000, &ms))
			return 0;
		port_pause(port, ms);
		return 2;
	}
	if (args[0][0] == '!')
		return play_fail(port, args[0]);
	if (!strcmp(args[0], "-")) {
		port_play(port, NULL, 0, false);
		return 1;
	}
	zlp = args[0][len - 1] != '+';
	if (!zlp)
		args[0][len - 1] = '\0';
	good = hex_parse(args[0], &data) && data.len;
	if (good)
		port_play(port, data.data, data.len, zlp);
	bytes_free(&data);
	return good;
}

static void play(struct emu *emu, char **args)
{
	struct port *port = emu->selected;
	unsigned int n;

	if (!port->live) {
		error(emu, "no host has configured the interface");
		return;
	}
	port->in.play_lost = false;
	while (*args) {
		n = play_token(port, args);
		if (!n) {
			port_purge(port);
			error(emu, "bad transfer '%s'", *args);
			return;
		}
		args += n;
	}
	start_wait(emu, WAIT_PLAY, PLAY_LIMIT_MS);
}

static void send_packets(struct emu *emu, char **args)
{
	for (; *args; args++) {
		struct bytes packet = { 0 };
		bool good = hex_parse(*args, &packet) &&
			    port_send(emu->selected, packet.data, packet.len);

		bytes_free(&packet);
		if (!good) {
			error(emu, "cannot send '%s'", *args);
			return;
		}
	}
	ok(emu);
}

static void stall(struct emu *emu, char **args)
{
	bool in = args[0] && !strcmp(args[0], "in");

	if (!in && (!args[0] || strcmp(args[0], "out"))) {
		error(emu, "say stall in or stall out");
		return;
	}
	if (!emu->configured) {
		error(emu, "no host has configured the interface");
		return;
	}
	done(emu, emu->fe->stall(emu, emu->selected, in));
}

/* silent on|off|in|out */
static void silent(struct emu *emu, char **args)
{
	struct port *port = emu->selected;
	bool in = false, out = false;

	if (on_off(args[0], &in)) {
		out = in;
	} else if (args[0]) {
		in = !strcmp(args[0], "in");
		out = !strcmp(args[0], "out");
	}
	if (!in && !out && (!args[0] || strcmp(args[0], "off"))) {
		error(emu, "say silent on, off, in or out");
		return;
	}
	port->silent_in = in;
	port->silent_out = out;
	ok(emu);
}

static void plug(struct emu *emu, char **args)
{
	(void)args;
	done(emu, emu->fe->connect(emu));
}

static void unplug(struct emu *emu, char **args)
{
	(void)args;
	done(emu, emu->fe->disconnect(emu));
}

static void reset(struct emu *emu, char **args)
{
	(void)args;
	port_reset(emu->selected);
	ok(emu);
}

static void set_pack(struct emu *emu, char **args)
{
	if (on_off(args[0], &emu->selected->pack))
		ok(emu);
	else
		error(emu, "say pack on or pack off");
}

static void set_cut(struct emu *emu, char **args)
{
	unsigned long bytes;

	if (!args[0] || !number_parse(args[0], 65536, &bytes)) {
		error(emu, "say cut and a number of bytes, 0 for none");
		return;
	}
	emu->selected->cut = bytes;
	ok(emu);
}

static void set_spec(struct emu *emu, char **args)
{
	if (!args[0] || (strcmp(args[0], "1.0") && strcmp(args[0], "1.1"))) {
		error(emu, "say spec 1.0 or spec 1.1");
		return;
	}
	emu->wanted.spanning = !strcmp(args[0], "1.1");
	ok(emu);
}

static void set_speed(struct emu *emu, char **args)
{
	unsigned int i;

	for (i = 0; args[0] && i < ARRAY_SIZE(usb_speed_names); i++) {
		if (!strcmp(args[0], usb_speed_names[i])) {
			emu->wanted.speed = i;
			ok(emu);
			return;
		}
	}
	error(emu, "say speed full, high or super");
}

static void set_descriptor(struct emu *emu, char **args)
{
	if (args[0] && !strcmp(args[0], "default")) {
		descriptors_reset(&emu->wanted);
		args++;
	}
	for (; *args; args++) {
		char *value = strchr(*args, '=');

		if (value)
			*value++ = '\0';
		if (!value || !descriptors_set(&emu->wanted, *args, value)) {
			error(emu, "bad descriptor setting '%s'", *args);
			return;
		}
	}
	ok(emu);
}

static void got(struct emu *emu, char **args)
{
	struct port *port = emu->selected;

	if (!args[0]) {
		answer_bytes(emu, &port->record);
	} else if (!strcmp(args[0], "clear")) {
		port->record.len = 0;
	} else if (!on_off(args[0], &port->recording)) {
		error(emu, "say got, got on, got off or got clear");
		return;
	}
	ok(emu);
}

static void stats(struct emu *emu, char **args)
{
	const struct port *port = emu->selected;
	unsigned int i;

	(void)args;
	for (i = 0; i < EMU_STATS; i++)
		answer(emu, "%s=%llu", emu_stat_names[i], emu->stat[i]);
	for (i = 0; i < PORT_STATS; i++)
		answer(emu, "%s=%llu", port_stat_names[i], port->stat[i]);
	for (i = 0; i < ENDPOINT_STATS; i++)
		answer(emu, "%s=%llu", endpoint_stat_names[i],
		       port->ep.stat[i]);
	answer(emu, "eid=%u", port->ep.eid);
	answer(emu, "waiting_bytes=%zu", port->in.bytes);
	ok(emu);
}

static void source(struct emu *emu, char **args)
{
	struct port *port = emu->selected;
	unsigned long count, size, to = EID_NULL;

	if (!args[0] || !number_parse(args[0], 0xffffffff, &count) ||
	    !args[1] || !number_parse(args[1], MESSAGE_MAX, &size) ||
	    (args[2] && !number_parse(args[2], 0xff, &to))) {
		error(emu, "say source COUNT SIZE [EID]");
		return;
	}
	if (!port->live)
		error(emu, "no host has configured the interface");
	else if (!endpoint_source(&port->ep, count, size, to, UNIT_MIN))
		error(emu, "too many sources, or no such size");
	else
		ok(emu);
}

/* flood on|off [SIZE [EID]]: a source that does not end */
static void flood(struct emu *emu, char **args)
{
	struct port *port = emu->selected;
	unsigned long size = UNIT_MIN, to = EID_NULL;
	bool on;

	if (!on_off(args[0], &on) ||
	    (args[1] && (!number_parse(args[1], MESSAGE_MAX, &size) || !size)) ||
	    (args[1] && args[2] && !number_parse(args[2], 0xff, &to))) {
		error(emu, "say flood on [SIZE [EID]] or flood off");
		return;
	}
	port->ep.sources = 0;
	if (!on)
		ok(emu);
	else if (!port->live)
		error(emu, "no host has configured the interface");
	else
		done(emu, endpoint_source(&port->ep, FOR_EVER, size, to,
					  UNIT_MIN) ? NULL : "no such source");
}

static void choose_interface(struct emu *emu, char **args)
{
	unsigned long n;

	if (!args[0] || !number_parse(args[0], emu->ports - 1, &n)) {
		error(emu, "say interface and a number below %u", emu->ports);
		return;
	}
	emu->selected = &emu->port[n];
	ok(emu);
}

static void wait_time(struct emu *emu, char **args)
{
	unsigned long ms;

	if (!args[0] || !number_parse(args[0], 3600000, &ms))
		error(emu, "say wait and a number of milliseconds");
	else
		start_wait(emu, WAIT_TIME, ms);
}

static void wait_configured(struct emu *emu, char **args)
{
	unsigned long ms = WAIT_LIMIT_MS;

	if (args[0] && !number_parse(args[0], 3600000, &ms))
		error(emu, "say wait-configured [MILLISECONDS]");
	else
		start_wait(emu, WAIT_CONFIGURED, ms);
}

static void quit(struct emu *emu, char **args)
{
	(void)args;
	ok(emu);
	emu->quit = true;
}

static const struct command commands[] = {
	{ "play", play },
	{ "send", send_packets },
	{ "source", source },
	{ "flood", flood },
	{ "stall", stall },
	{ "silent", silent },
	{ "disconnect", unplug },
	{ "connect", plug },
	{ "reset", reset },
	{ "pack", set_pack },
	{ "cut", set_cut },
	{ "spec", set_spec },
	{ "speed", set_speed },
	{ "descriptor", set_descriptor },
	{ "got", got },
	{ "stats", stats },
	{ "interface", choose_interface },
	{ "wait", wait_time },
	{ "wait-configured", wait_configured },
	{ "quit", quit },
};

/* Run one line, which is cut up. Blank lines and # comments do nothing. */
void command_run(struct emu *emu, char *line)
{
	size_t n = 0, room = strlen(line) / 2 + 2;
	char **words = must_alloc(room * sizeof(*words));
	char *save, *word;
	unsigned int i;

	for (word = strtok_r(line, " \t", &save); word && *word != '#';
	     word = strtok_r(NULL, " \t", &save))
		words[n++] = word;
	if (n) {
		for (i = 0; i < ARRAY_SIZE(commands); i++) {
			if (!strcmp(words[0], commands[i].name))
				break;
		}
		if (i < ARRAY_SIZE(commands))
			commands[i].run(emu, words + 1);
		else
			error(emu, "no command '%s'", words[0]);
	}
	free(words);
}

static void poll_play(struct emu *emu, struct port *port, bool late)
{
	if (port->in.play_lost) {
		emu->wait.kind = WAIT_NOTHING;
		error(emu, "the host went away or reset the device");
	} else if (!port->in.playing) {
		emu->wait.kind = WAIT_NOTHING;
		ok(emu);
	} else if (late) {
		emu->wait.kind = WAIT_NOTHING;
		error(emu, "the host left %u transfers", port->in.playing);
		port_purge(port);
	}
}

/* Has what a command waits for come? Then answer it. */
void command_poll(struct emu *emu)
{
	struct wait *wait = &emu->wait;
	bool late = now_ms() >= wait->end;

	switch (wait->kind) {
	case WAIT_NOTHING:
		break;
	case WAIT_TIME:
		if (late) {
			wait->kind = WAIT_NOTHING;
			ok(emu);
		}
		break;
	case WAIT_CONFIGURED:
		if (emu->configured || late) {
			wait->kind = WAIT_NOTHING;
			done(emu, emu->configured ? NULL : "not configured");
		}
		break;
	case WAIT_PLAY:
		poll_play(emu, wait->port, late);
		break;
	}
}
