// SPDX-License-Identifier: GPL-2.0
/*
 * mctpd's trap: sending over AF_MCTP takes CAP_NET_RAW, and a unit that runs it
 * as a user of its own and does not grant that has a daemon that starts well and
 * then fails at every request.
 */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "diag.h"
#include "files.h"
#include "util.h"

#define CAP_NET_RAW_BIT	13
#define CAPABILITY	"CAP_NET_RAW"
#define DROP_IN \
	"systemctl edit mctpd, and write:\n[Service]\nAmbientCapabilities=" CAPABILITY

/* What a unit and its drop-ins say in the end. */
struct unit {
	bool there;
	bool other_user;	/* than root */
	bool ambient;		/* grants the capability */
	bool bounded, bound;	/* limits capabilities; leaves this one */
};

/* One assignment of a list of capabilities: '~' takes away, an empty one starts anew. */
static void apply_list(const char *value, bool *limited, bool *has)
{
	bool invert = *value == '~';
	bool named = strstr(value, CAPABILITY);

	if (!*value) {
		*limited = true;
		*has = false;
		return;
	}
	if (invert) {
		if (!*limited)
			*has = true;
		if (named)
			*has = false;
	} else {
		*has = (*limited && *has) || named;
	}
	*limited = true;
}

static void unit_line(struct unit *unit, char *line)
{
	char *value = strchr(line, '=');
	bool limited = true;

	if (!value)
		return;
	*value++ = '\0';
	value += strspn(value, " \t");
	line[strcspn(line, " \t")] = '\0';
	if (!strcmp(line, "User"))
		unit->other_user = *value && strcmp(value, "root") && strcmp(value, "0");
	else if (!strcmp(line, "DynamicUser"))
		unit->other_user = unit->other_user || strchr("1yYtT", *value);
	else if (!strcmp(line, "AmbientCapabilities"))
		apply_list(value, &limited, &unit->ambient);
	else if (!strcmp(line, "CapabilityBoundingSet"))
		apply_list(value, &unit->bounded, &unit->bound);
}

static bool unit_file(struct unit *unit, const char *path)
{
	char *text = file_read(path, NULL), *rest = text, *line;

	while ((line = strsep(&rest, "\n")))
		unit_line(unit, line + strspn(line, " \t"));
	free(text);
	return text;
}

/* The first unit found counts, and all drop-ins, which sort by name wherever they are. */
static void unit_read(struct unit *unit)
{
	static const char *const dirs[] = {
		"/etc/systemd/system", "/run/systemd/system", "/usr/local/lib/systemd/system",
		"/usr/lib/systemd/system", "/lib/systemd/system",
	};
	struct names names;
	char *path;
	size_t i, n;

	*unit = (struct unit){ 0 };
	for (i = 0; i < sizeof(dirs) / sizeof(*dirs) && !unit->there; i++) {
		path = must_printf("%s/mctpd.service", dirs[i]);
		unit->there = unit_file(unit, path);
		free(path);
	}
	if (!unit->there)
		return;
	for (i = 0; i < sizeof(dirs) / sizeof(*dirs); i++) {
		path = must_printf("%s/mctpd.service.d", dirs[i]);
		dir_read(path, &names);
		free(path);
		for (n = 0; n < names.count; n++) {
			path = must_printf("%s/mctpd.service.d/%s", dirs[i], names.names[n]);
			if (ends_with(path, ".conf"))
				unit_file(unit, path);
			free(path);
		}
		names_free(&names);
	}
}

static bool unit_can_send(const struct unit *unit)
{
	if (unit->bounded && !unit->bound)
		return false;
	return !unit->other_user || unit->ambient;
}

enum running { NOT_RUNNING, CANNOT_SEND, CAN_SEND, RUNNING };

/* Has the process the capability in effect? */
static enum running process_state(const char *pid)
{
	char *path = must_printf("/proc/%s/status", pid);
	char *text = file_read(path, NULL), *line;
	enum running state = RUNNING;

	free(path);
	line = text ? strstr(text, "\nCapEff:") : NULL;
	if (line)
		state = strtoull(line + strlen("\nCapEff:"), NULL, 16) >> CAP_NET_RAW_BIT & 1 ?
			CAN_SEND : CANNOT_SEND;
	free(text);
	return state;
}

static enum running find_process(void)
{
	enum running state = NOT_RUNNING;
	struct names names;
	char *path, *name;
	size_t i;

	dir_read("/proc", &names);
	for (i = 0; i < names.count && state == NOT_RUNNING; i++) {
		if (!isdigit((unsigned char)names.names[i][0]))
			continue;
		path = must_printf("/proc/%s/comm", names.names[i]);
		name = file_read_line(path);
		if (name && !strcmp(name, "mctpd"))
			state = process_state(names.names[i]);
		free(name);
		free(path);
	}
	names_free(&names);
	return state;
}

static struct finding *report_trap(const struct unit *unit, enum running running,
				   struct report *report)
{
	struct finding *f;

	f = report_add(report, LEVEL_PROBLEM, "mctpd", "mctpd",
		       "mctpd %s without the capability " CAPABILITY ", so it cannot send",
		       running == CANNOT_SEND ? "runs" : "would be started");
	if (!unit->there)
		finding_fix(f, "Run mctpd as root, or give it " CAPABILITY ".");
	else if (unit_can_send(unit))
		finding_fix(f, "Its unit grants it now: systemctl restart mctpd");
	else
		finding_fix(f, DROP_IN "\n%sThen: systemctl restart mctpd",
			    unit->bounded ? "CapabilityBoundingSet=" CAPABILITY "\n" : "");
	return f;
}

void mctpd_report(struct report *report)
{
	enum running running = find_process();
	struct finding *f;
	struct unit unit;

	unit_read(&unit);
	if (running == CANNOT_SEND || (running != CAN_SEND && unit.there && !unit_can_send(&unit)))
		f = report_trap(&unit, running, report);
	else if (running != NOT_RUNNING)
		f = report_add(report, LEVEL_OK, "mctpd", "mctpd", "mctpd runs%s",
			       running == CAN_SEND ? ", and may send" : "");
	else if (unit.there)
		f = report_add(report, LEVEL_NOTE, "mctpd", "mctpd",
			       "mctpd is installed, and not running");
	else
		f = report_add(report, LEVEL_NOTE, "mctpd", "mctpd",
			       "mctpd is no service here: addresses and routes are made by hand");
	finding_flag(f, "running", running != NOT_RUNNING);
	finding_flag(f, "unit", unit.there);
	if (running == CAN_SEND || running == CANNOT_SEND)
		finding_flag(f, "may_send", running == CAN_SEND);
}
