// SPDX-License-Identifier: GPL-2.0
/* The module that lets things fail, see hook/src/hook.c. */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "fail.h"

#define HOOK "/sys/kernel/debug/mctp-fail"
#define NAME_MAX 64

static int fd;

static void tell(const char *command)
{
	if (write(fd, command, strlen(command)) < 0)
		die(HOOK ": %s: %s", command, strerror(errno));
}

void hook_open(void)
{
	fd = open(HOOK, O_RDWR | O_CLOEXEC);
	if (fd < 0)
		die(HOOK ": %s", strerror(errno));
}

/* Every call chain is new again. */
void hook_forget(void)
{
	tell("forget");
}

/* Where our modules are; an operation may have loaded them anew. */
static void tell_texts(void)
{
	char line[256], name[64], command[80];
	unsigned long long start;
	unsigned long size;
	FILE *f = fopen("/proc/modules", "re");

	if (!f)
		die("/proc/modules: %s", strerror(errno));
	tell("no-text");
	while (fgets(line, sizeof(line), f)) {
		if (sscanf(line, "%63s %lu %*s %*s %*s %llx", name, &size, &start) != 3)
			continue;
		if (strcmp(name, "mctp") && strcmp(name, "mctp_usb"))
			continue;
		snprintf(command, sizeof(command), "text %llx %lu", start, size);
		tell(command);
	}
	fclose(f);
}

/* From the @nth request on some fail; 0: the first of a new call chain. */
void hook_arm(const struct fail_way *way, unsigned int nth, bool whole)
{
	char command[80];

	tell_texts();
	snprintf(command, sizeof(command), "arm %s %d %u %u %d", way->what,
		 whole ? getpid() : 0, nth, way->times, way->error);
	tell(command);
}

/* What is called for memory says nothing about who wanted it. */
static bool is_allocator(const char *name)
{
	static const char *const allocators[] = {
		"slab", "kmem_cache_alloc", "kmalloc", "kvmalloc", "kzalloc", "krealloc",
		"kcalloc", "kmemdup", "kstrdup", "alloc_skb", "netdev_alloc_skb",
		"napi_alloc_skb", "build_skb", "alloc_pages", "get_free_pages", "page_frag",
		"alloc_page", "vmalloc", "vzalloc", "do_kmalloc", "do_slab", "new_slab",
		"should_fail", "alloc_from", "get_page_from", "allocate_slab",
		"prepare_alloc", "folio", "kmalloc_reserve", "pskb_expand", "get_partial",
	};
	size_t i;

	while (*name == '_')
		name++;
	for (i = 0; i < ARRAY_SIZE(allocators); i++)
		if (!strncmp(name, allocators[i], strlen(allocators[i])))
			return true;
	return false;
}

/* A line is "name" or "name [module]": who asked first, and the first of ours */
static void add_frame(const char *line, char *first, char *ours)
{
	int n = strcspn(line, "\n ");

	if (!*first && !is_allocator(line))
		snprintf(first, NAME_MAX, "%.*s", n, line);
	if (!*ours && !strncmp(line + n, " [mctp", 6))
		snprintf(ours, NAME_MAX, "%.*s", n, line);
}

/*
 * No more failures. Return: how many there were; @site is who asked first, and the
 * function of ours that this was for.
 */
unsigned int hook_end(char *site)
{
	char text[8192], first[NAME_MAX] = "", ours[NAME_MAX] = "";
	const char *line;
	ssize_t n;

	tell("off");
	n = pread(fd, text, sizeof(text) - 1, 0);
	if (n < 0)
		die(HOOK ": %s", strerror(errno));
	text[n] = '\0';
	for (line = strchr(text, '\n'); line && *++line; line = strchr(line, '\n'))
		add_frame(line, first, ours);
	if (*ours && strcmp(first, ours))
		snprintf(site, SITE_MAX, "%s < %s", first, ours);
	else
		snprintf(site, SITE_MAX, "%s", first);
	return strtoul(text, NULL, 10);
}
