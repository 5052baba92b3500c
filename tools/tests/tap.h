/* SPDX-License-Identifier: GPL-2.0 */
/* Results of a test program, as TAP. */
#ifndef TOOLS_TAP_H
#define TOOLS_TAP_H

#include <stdbool.h>

void check(bool good, const char *name);
int tap_end(void);

#endif /* TOOLS_TAP_H */
