// SPDX-License-Identifier: GPL-2.0
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <zlib.h>

#include "config.h"
#include "files.h"
#include "util.h"

/* Of what a reader of the report sees, NULL where it is not known. */
const char *const option_names[] = {
	[OPTION_UNKNOWN] = NULL,
	[OPTION_ABSENT] = "absent",
	[OPTION_NO] = "n",
	[OPTION_MODULE] = "m",
	[OPTION_YES] = "y",
};

/* Where kernels and distributions keep it; %s is the release. */
static const struct place {
	const char *path;
	bool complete;
} places[] = {
	{ "/proc/config.gz", true },
	{ "/boot/config-%s", true },
	{ "/lib/modules/%s/config", true },
	{ "/lib/modules/%s/build/.config", true },
	{ "/lib/modules/%s/build/include/config/auto.conf", false },
};

/* All of a file, unpacked if it is a gzip file, or NULL. */
static char *read_gzip(const char *path)
{
	int fd = file_open(path, O_RDONLY);
	__auto_type gz = fd < 0 ? NULL : gzdopen(fd, "rb");
	size_t room = 1 << 18, have = 0;
	char *text;
	int got;

	if (!gz) {
		if (fd >= 0)
			close(fd);
		return NULL;
	}
	text = must_realloc(NULL, room);
	while ((got = gzread(gz, text + have, room - have - 1)) > 0) {
		have += got;
		if (have + 1 == room)
			text = must_realloc(text, room *= 2);
	}
	gzclose(gz);
	text[have] = '\0';
	/* damaged, or nothing in it */
	if (got < 0 || !have) {
		free(text);
		return NULL;
	}
	return text;
}

void config_read(struct config *config, const char *release)
{
	const struct place *place;
	char *path;
	size_t i;

	*config = (struct config){ 0 };
	for (i = 0; i < sizeof(places) / sizeof(*places) && !config->text; i++) {
		place = &places[i];
		path = must_printf(place->path, release);
		config->text = read_gzip(path);
		if (!config->text) {
			free(path);
			continue;
		}
		config->source = path;
		config->complete = place->complete;
	}
}

/* Where does a line start with these words? */
static const char *find_line(const char *text, const char *start)
{
	const char *at = text;

	while ((at = strstr(at, start))) {
		if (at == text || at[-1] == '\n')
			return at + strlen(start);
		at++;
	}
	return NULL;
}

enum kernel_option config_get(const struct config *config, const char *name)
{
	const char *value = NULL;
	char *line;

	if (!config->text)
		return OPTION_UNKNOWN;
	line = must_printf("%s=", name);
	value = find_line(config->text, line);
	free(line);
	if (value)
		return *value == 'm' ? OPTION_MODULE : OPTION_YES;
	if (!config->complete)
		return OPTION_NO;
	line = must_printf("# %s is not set", name);
	value = find_line(config->text, line);
	free(line);
	return value ? OPTION_NO : OPTION_ABSENT;
}

void config_free(struct config *config)
{
	free(config->text);
	free(config->source);
	*config = (struct config){ 0 };
}
