/* SPDX-License-Identifier: GPL-2.0 */
/* What the tests cannot do without: there, or the program ends. */
#ifndef TOOLS_NEED_H
#define TOOLS_NEED_H

#include <stdnoreturn.h>

#include "link.h"
#include "nl.h"

void nl_open(struct nl *nl);
noreturn void nl_die(const struct nl *nl, const char *who, int err);
void link_need(struct nl *nl, const char *name, struct link *link);

#endif /* TOOLS_NEED_H */
