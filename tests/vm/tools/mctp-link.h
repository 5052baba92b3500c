/* SPDX-License-Identifier: GPL-2.0 */
/* The parts of mctp-link. Each gets the words after its own name. */
#ifndef TOOLS_MCTP_LINK_H
#define TOOLS_MCTP_LINK_H

#include <stdnoreturn.h>

#include "link.h"
#include "nl.h"

void cmd_addr(struct nl *nl, char **args);
void cmd_route(struct nl *nl, char **args);
void cmd_monitor(struct nl *nl, char **args);
void cmd_wait(struct nl *nl, char **args);
void link_print(const struct link *link, bool verbose);

noreturn void usage_exit(void);

#endif /* TOOLS_MCTP_LINK_H */
