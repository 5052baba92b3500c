// SPDX-License-Identifier: GPL-2.0
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <sys/syscall.h>
#include <linux/openat2.h>

#include "files.h"
#include "util.h"

/* Longer files are cut; none that is read here is. */
#define FILE_MAX	(64u << 20)

static int root_fd = -1;	/* -1: this machine */

void files_root(const char *dir)
{
	root_fd = open(dir, O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (root_fd < 0)
		die("%s: %s", dir, strerror(errno));
}

/* Is it this machine that is looked at? */
bool files_live(void)
{
	return root_fd < 0;
}

int file_open(const char *path, int flags)
{
	struct open_how how = {
		.flags = flags | O_CLOEXEC,
		.resolve = RESOLVE_IN_ROOT,
	};

	if (files_live())
		return open(path, flags | O_CLOEXEC);
	return syscall(SYS_openat2, root_fd, path, &how, sizeof(how));
}

/*
 * All of a file with a zero behind it, to be freed, or NULL. Files of proc and
 * sysfs do not tell their length ahead.
 */
char *file_read(const char *path, size_t *len)
{
	int fd = file_open(path, O_RDONLY);
	size_t room = 4096, have = 0;
	char *text = NULL;
	ssize_t got;

	if (fd < 0)
		return NULL;
	do {
		if (!text || have + 1 >= room) {
			room *= text ? 2 : 1;
			text = must_realloc(text, room);
		}
		got = read(fd, text + have, room - have - 1);
		if (got > 0)
			have += got;
	} while ((got > 0 && have < FILE_MAX) || (got < 0 && errno == EINTR));
	close(fd);
	if (got < 0) {
		free(text);
		return NULL;
	}
	text[have] = '\0';
	if (len)
		*len = have;
	return text;
}

/* The first line without its end, to be freed, or NULL. */
char *file_read_line(const char *path)
{
	char *text = file_read(path, NULL);

	if (text)
		text[strcspn(text, "\n")] = '\0';
	return text;
}

/* What a link points to, to be freed, or NULL. */
char *file_link(const char *path)
{
	int fd = file_open(path, O_PATH | O_NOFOLLOW);
	char target[PATH_MAX];
	ssize_t len;

	if (fd < 0)
		return NULL;
	len = readlinkat(fd, "", target, sizeof(target) - 1);
	close(fd);
	return len < 0 ? NULL : must_printf("%.*s", (int)len, target);
}

/* The last name of that, to be freed, or NULL. */
char *file_link_name(const char *path)
{
	char *target = file_link(path), *name = NULL;
	const char *slash;

	if (target) {
		slash = strrchr(target, '/');
		name = must_printf("%s", slash ? slash + 1 : target);
	}
	free(target);
	return name;
}

bool file_exists(const char *path)
{
	int fd = file_open(path, O_PATH);

	if (fd < 0)
		return false;
	close(fd);
	return true;
}

static int by_name(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

/* One that cannot be read is empty. */
void dir_read(const char *path, struct names *names)
{
	int fd = file_open(path, O_RDONLY | O_DIRECTORY);
	DIR *dir = fd < 0 ? NULL : fdopendir(fd);
	struct dirent *entry;

	*names = (struct names){ 0 };
	if (!dir) {
		if (fd >= 0)
			close(fd);
		return;
	}
	while ((entry = readdir(dir))) {
		if (!strcmp(entry->d_name, ".") || !strcmp(entry->d_name, ".."))
			continue;
		names->names = must_realloc(names->names, (names->count + 1) *
							  sizeof(*names->names));
		names->names[names->count++] = must_printf("%s", entry->d_name);
	}
	closedir(dir);
	if (names->count)
		qsort(names->names, names->count, sizeof(*names->names), by_name);
}

void names_free(struct names *names)
{
	while (names->count)
		free(names->names[--names->count]);
	free(names->names);
	names->names = NULL;
}
