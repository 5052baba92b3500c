/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Reading the machine's files, or those of another tree that stands in for it
 * (--root). Paths start with '/'; links are followed inside of that tree.
 */
#ifndef DIAG_FILES_H
#define DIAG_FILES_H

#include <stdbool.h>
#include <stddef.h>

void files_root(const char *dir);
bool files_live(void);

int file_open(const char *path, int flags);
char *file_read(const char *path, size_t *len);
char *file_read_line(const char *path);
char *file_link(const char *path);
char *file_link_name(const char *path);
bool file_exists(const char *path);

/* Names in a directory, sorted. */
struct names {
	char **names;
	size_t count;
};

void dir_read(const char *path, struct names *names);
void names_free(struct names *names);

#endif /* DIAG_FILES_H */
