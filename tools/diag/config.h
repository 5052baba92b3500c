/* SPDX-License-Identifier: GPL-2.0 */
/* The running kernel's options. */
#ifndef DIAG_CONFIG_H
#define DIAG_CONFIG_H

#include "diag.h"

struct config {
	char *text;
	char *source;		/* the file, or NULL: none found */
	bool complete;		/* options that are off are listed too */
};

void config_read(struct config *config, const char *release);
enum kernel_option config_get(const struct config *config, const char *name);
void config_free(struct config *config);

extern const char *const option_names[];

#endif /* DIAG_CONFIG_H */
