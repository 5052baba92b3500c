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
		answer_error(emu, "%s", why);
	else
		answer_ok(emu);
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

static void run_play(struct emu *emu, char **args)
{
	struct port *port = emu->selected;
	unsigned int n;

	if (!port->live) {
		answer_error(emu, "no host has configured the interface");
		return;
	}
	port->in.play_lost = false;
	while (*args) {
		n = play_token(port, args);
		if (!n) {
			port_purge(port);
			answer_error(emu, "bad transfer '%s'", *args);
			return;
		}
		args += n;
	}
	start_wait(emu, WAIT_PLAY, PLAY_LIMIT_MS);
}

static void run_send(struct emu *emu, char **args)
{
	for (; *args; args++) {
		struct bytes packet = { 0 };
		bool good = hex_parse(*args, &packet) &&
			    port_send(emu->selected, packet.data, packet.len);

		bytes_free(&packet);
		if (!good) {
			answer_error(emu, "cannot send '%s'", *args);
			return;
		}
	}
	answer_ok(emu);
}

static void run_stall(struct emu *emu, char **args)
{
	bool in = args[0] && !strcmp(args[0], "in");

	if (!in && (!args[0] || strcmp(args[0], "out"))) {
		answer_error(emu, "say stall in or stall out");
		return;
	}
	if (!emu->configured) {
		answer_error(emu, "no host has configured the interface");
		return;
	}
	done(emu, emu->fe->stall(emu, emu->selected, in));
}

/* silent on|off|in|out */
static void run_silent(struct emu *emu, char **args)
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
		answer_error(emu, "say silent on, off, in or out");
		return;
	}
	port->silent_in = in;
	port->silent_out = out;
	answer_ok(emu);
}

static void run_connect(struct emu *emu, char **args)
{
	(void)args;
	done(emu, emu->fe->connect(emu));
}

static void run_disconnect(struct emu *emu, char **args)
{
	(void)args;
	done(emu, emu->fe->disconnect(emu));
}

static void run_reset(struct emu *emu, char **args)
{
	(void)args;
	port_reset(emu->selected);
	answer_ok(emu);
}

static void run_pack(struct emu *emu, char **args)
{
	if (on_off(args[0], &emu->selected->pack))
		answer_ok(emu);
	else
		answer_error(emu, "say pack on or pack off");
}

static void run_cut(struct emu *emu, char **args)
{
	unsigned long bytes;

	if (!args[0] || !number_parse(args[0], 65536, &bytes)) {
		answer_error(emu, "say cut and a number of bytes, 0 for none");
		return;
	}
	emu->selected->cut = bytes;
	answer_ok(emu);
}

static void run_spec(struct emu *emu, char **args)
{
	if (!args[0] || (strcmp(args[0], "1.0") && strcmp(args[0], "1.1"))) {
		answer_error(emu, "say spec 1.0 or spec 1.1");
		return;
	}
	emu->wanted.spanning = !strcmp(args[0], "1.1");
	answer_ok(emu);
}

static void run_speed(struct emu *emu, char **args)
{
	unsigned int i;

	for (i = 0; args[0] && i < ARRAY_SIZE(usb_speed_names); i++) {
		if (!strcmp(args[0], usb_speed_names[i])) {
			emu->wanted.speed = i;
			answer_ok(emu);
			return;
		}
	}
	answer_error(emu, "say speed full, high or super");
}

static void run_descriptor(struct emu *emu, char **args)
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
			answer_error(emu, "bad descriptor setting '%s'", *args);
			return;
		}
	}
	answer_ok(emu);
}

static void run_got(struct emu *emu, char **args)
{
	struct port *port = emu->selected;

	if (!args[0]) {
		answer_bytes(emu, &port->record);
	} else if (!strcmp(args[0], "clear")) {
		port->record.len = 0;
	} else if (!on_off(args[0], &port->recording)) {
		answer_error(emu, "say got, got on, got off or got clear");
		return;
	}
	answer_ok(emu);
}

static void run_stats(struct emu *emu, char **args)
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
	answer_ok(emu);
}

static void run_source(struct emu *emu, char **args)
{
	struct port *port = emu->selected;
	unsigned long count, size, to = EID_NULL;

	if (!args[0] || !number_parse(args[0], 0xffffffff, &count) ||
	    !args[1] || !number_parse(args[1], MESSAGE_MAX, &size) ||
	    (args[2] && !number_parse(args[2], 0xff, &to))) {
		answer_error(emu, "say source COUNT SIZE [EID]");
		return;
	}
	if (!port->live)
		answer_error(emu, "no host has configured the interface");
	else if (!endpoint_source(&port->ep, count, size, to, UNIT_MIN))
		answer_error(emu, "too many sources, or no such size");
	else
		answer_ok(emu);
}

/* flood on|off [SIZE [EID]]: a source that does not end */
static void run_flood(struct emu *emu, char **args)
{
	struct port *port = emu->selected;
	unsigned long size = UNIT_MIN, to = EID_NULL;
	bool on;

	if (!on_off(args[0], &on) ||
	    (args[1] && (!number_parse(args[1], MESSAGE_MAX, &size) || !size)) ||
	    (args[1] && args[2] && !number_parse(args[2], 0xff, &to))) {
		answer_error(emu, "say flood on [SIZE [EID]] or flood off");
		return;
	}
	port->ep.sources = 0;
	if (!on)
		answer_ok(emu);
	else if (!port->live)
		answer_error(emu, "no host has configured the interface");
	else
		done(emu, endpoint_source(&port->ep, FOR_EVER, size, to,
					  UNIT_MIN) ? NULL : "no such source");
}

static void run_interface(struct emu *emu, char **args)
{
	unsigned long n;

	if (!args[0] || !number_parse(args[0], PORTS_MAX, &n) || n >= emu->ports) {
		answer_error(emu, "say interface and a number below %u", emu->ports);
		return;
	}
	emu->selected = &emu->port[n];
	answer_ok(emu);
}

static void run_wait(struct emu *emu, char **args)
{
	unsigned long ms;

	if (!args[0] || !number_parse(args[0], 3600000, &ms))
		answer_error(emu, "say wait and a number of milliseconds");
	else
		start_wait(emu, WAIT_TIME, ms);
}

static void run_wait_configured(struct emu *emu, char **args)
{
	unsigned long ms = WAIT_LIMIT_MS;

	if (args[0] && !number_parse(args[0], 3600000, &ms))
		answer_error(emu, "say wait-configured [MILLISECONDS]");
	else
		start_wait(emu, WAIT_CONFIGURED, ms);
}

static void run_quit(struct emu *emu, char **args)
{
	(void)args;
	answer_ok(emu);
	emu->quit = true;
}

static const struct command commands[] = {
	{ "play", run_play },
	{ "send", run_send },
	{ "source", run_source },
	{ "flood", run_flood },
	{ "stall", run_stall },
	{ "silent", run_silent },
	{ "disconnect", run_disconnect },
	{ "connect", run_connect },
	{ "reset", run_reset },
	{ "pack", run_pack },
	{ "cut", run_cut },
	{ "spec", run_spec },
	{ "speed", run_speed },
	{ "descriptor", run_descriptor },
	{ "fuzz", run_fuzz },
	{ "got", run_got },
	{ "stats", run_stats },
	{ "interface", run_interface },
	{ "wait", run_wait },
	{ "wait-configured", run_wait_configured },
	{ "quit", run_quit },
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
			answer_error(emu, "no command '%s'", words[0]);
	}
	free(words);
}

static void poll_play(struct emu *emu, const struct port *port, bool late)
{
	if (port->in.play_lost) {
		emu->wait.kind = WAIT_NOTHING;
		answer_error(emu, "the host went away or reset the device");
	} else if (!port->in.playing) {
		emu->wait.kind = WAIT_NOTHING;
		answer_ok(emu);
	} else if (late) {
		emu->wait.kind = WAIT_NOTHING;
		answer_error(emu, "the host left %u transfers", port->in.playing);
		port_purge(emu->wait.port);
	}
}

/* Has what a command waits for come? Then answer it, and return true. */
bool command_poll(struct emu *emu)
{
	struct wait *wait = &emu->wait;
	bool waited = wait->kind != WAIT_NOTHING;
	bool late = now_ms() >= wait->end;

	switch (wait->kind) {
	case WAIT_NOTHING:
		break;
	case WAIT_TIME:
		if (late) {
			wait->kind = WAIT_NOTHING;
			answer_ok(emu);
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
	return waited && wait->kind == WAIT_NOTHING;
}
