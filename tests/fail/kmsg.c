// SPDX-License-Identifier: GPL-2.0
/*
 * The kernel's log: which allocation failed, and whether anything else was said that
 * no test may provoke. The traces of failslab would look like that on the console.
 */
#include <ctype.h>
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

static bool complains(const char *line)
{
	static const char *const bad[] = {
		"BUG:", "WARNING:", "Oops", "KASAN", "UBSAN:", "ODEBUG:",
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

/* What allocates for others says nothing about who wanted it. */
static bool is_allocator(const char *name)
{
	static const char *const allocators[] = {
		"dump_stack", "should_fail", "kmem_cache_alloc", "kmalloc",
		"kvmalloc", "kzalloc", "krealloc", "kmemdup", "kstrdup", "__alloc_skb",
		"alloc_skb", "__netdev_alloc_skb", "__napi_alloc_skb", "sock_alloc_send",
		"slab_pre_alloc", "___slab", "__slab",
	};
	size_t i;

	while (*name == '_')
		name++;
	for (i = 0; i < ARRAY_SIZE(allocators); i++)
		if (!strncmp(name, allocators[i] + strspn(allocators[i], "_"),
			     strlen(allocators[i]) - strspn(allocators[i], "_")))
			return true;
	return false;
}

/* " name+0x12/0x34 [module]": take the name, and the module if it is ours */
static void add_frame(const char *line, char *site)
{
	const char *ours = strstr(line, "[mctp");
	char name[64];
	size_t n;

	while (isspace((unsigned char)*line))
		line++;
	n = strcspn(line, "+ ");
	if (line[n] != '+' || *line == '?' || n >= sizeof(name))
		return;
	memcpy(name, line, n);
	name[n] = '\0';
	if (!*site) {
		if (!is_allocator(name))
			snprintf(site, SITE_MAX, "%s", name);
	} else if (ours && !strchr(site, '<')) {
		n = strlen(site);
		snprintf(site + n, SITE_MAX - n, " < %s", name);
	}
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

/*
 * Who wanted the memory that failed, and on behalf of which function of ours, if
 * any. Return: false if the kernel has complained, with the line.
 */
bool kmsg_site(char *site, char *complaint)
{
	bool in_trace = false, good = true;
	char buf[8192], *line;

	*site = '\0';
	*said = '\0';
	while ((line = next_line(buf, sizeof(buf)))) {
		if (strstr(line, "FAULT_INJECTION: forcing a failure"))
			in_trace = true;
		if (in_trace && *line == ' ')
			add_frame(line, site);
		if (strstr(line, "</TASK>"))
			in_trace = false;
		if (good && complains(line)) {
			snprintf(complaint, SITE_MAX, "%.*s", SITE_MAX - 1, line);
			good = false;
		}
		if (!good)
			keep(line);
	}
	return good;
}
