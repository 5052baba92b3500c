// SPDX-License-Identifier: GPL-2.0
/* The kernel's failslab, as far as one task is concerned. */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "fail.h"

static void put(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC);

	if (fd < 0 || write(fd, text, strlen(text)) < 0)
		die("%s: %s", path, strerror(errno));
	close(fd);
}

void nth_open(void)
{
	static const char *const settings[][2] = {
		{ "ignore-gfp-wait", "N" },
		/* a trace for each, whenever it comes */
		{ "verbose", "2" },
		{ "verbose_ratelimit_interval_ms", "0" },
	};
	char path[64];
	size_t i;

	for (i = 0; i < ARRAY_SIZE(settings); i++) {
		snprintf(path, sizeof(path), "/sys/kernel/debug/failslab/%s",
			 settings[i][0]);
		put(path, settings[i][1]);
	}
}

static void task_path(pid_t task, char *path, size_t size)
{
	if (task)
		snprintf(path, size, "/proc/%d/fail-nth", (int)task);
	else
		snprintf(path, size, "/proc/thread-self/fail-nth");
}

/* The file is opened ahead: to open it would need memory, too. */
static int fd = -1;

/* From the next allocation on, the @n th of @task fails. */
void nth_set(pid_t task, unsigned int n)
{
	char path[64], text[16];

	task_path(task, path, sizeof(path));
	fd = open(path, O_RDWR | O_CLOEXEC);
	if (fd < 0)
		die("%s: %s", path, strerror(errno));
	snprintf(text, sizeof(text), "%u", n);
	if (write(fd, text, strlen(text)) < 0)
		die("%s: %s", path, strerror(errno));
}

/* No more failures. Return: 0 if there was one, else what was left to it */
unsigned int nth_end(pid_t task)
{
	char text[16] = "";

	if (pread(fd, text, sizeof(text) - 1, 0) < 0 || pwrite(fd, "0", 1, 0) < 0)
		die("fail-nth: %s", strerror(errno));
	close(fd);
	return strtoul(text, NULL, 10);
}
