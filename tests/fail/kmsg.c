// SPDX-License-Identifier: GPL-2.0
/* Whether the kernel has said anything that no test may provoke, and for which failure. */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "fail.h"

static int fd;

void kmsg_open(void)
{
	fd = open("/dev/kmsg", O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	if (fd < 0)
		die("/dev/kmsg: %s", strerror(errno));
	kmsg_skip();
}

void kmsg_skip(void)
{
	lseek(fd, 0, SEEK_END);
}

/* Text of the next line, without what is in front of it */
static char *next_line(char *buf, size_t size)
{
	ssize_t n;
	char *text;

	do {
		n = read(fd, buf, size - 1);
	} while (n < 0 && errno == EPIPE);
	if (n <= 0)
		return NULL;
	buf[n] = '\0';
	text = strchr(buf, ';');
	text = text ? text + 1 : buf;
	text[strcspn(text, "\n")] = '\0';
	return text;
}

/* tests/vm/run looks for the same in the console's log */
static bool complains(const char *line)
{
	static const char *const bad[] = {
		"BUG:", "WARNING:", "Oops", "KASAN", "UBSAN:", "ODEBUG:", "Call Trace:",
		"INFO: possible", "INFO: trying", "INFO: task", "INFO: rcu",
		"suspicious RCU", "general protection fault",
		"unregister_netdevice: waiting", "leaked reference", "refcount_t:",
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(bad); i++)
		if (strstr(line, bad[i]))
			return true;
	return false;
}

/* What the kernel has said from a complaint on, as far as there is room */
static char said[4096];

static void keep(const char *line)
{
	size_t n = strlen(said);

	if (n < sizeof(said))
		snprintf(said + n, sizeof(said) - n, "#   | %.200s\n", line);
}

const char *kmsg_said(void)
{
	return said;
}

/* Return: false if the kernel has complained since kmsg_skip(), with the line. */
bool kmsg_quiet(char *complaint)
{
	char buf[8192], *line;
	bool quiet = true;

	*said = '\0';
	while ((line = next_line(buf, sizeof(buf)))) {
		if (quiet && complains(line)) {
			snprintf(complaint, SITE_MAX, "%.*s", SITE_MAX - 1, line);
			quiet = false;
		}
		if (!quiet)
			keep(line);
	}
	return quiet;
}
