/* SPDX-License-Identifier: GPL-2.0 */
/* One MCTP link as the kernel tells of it, and what is to be said about it. */
#ifndef DIAG_LINKS_H
#define DIAG_LINKS_H

#include "../link/addr.h"
#include "../link/link.h"
#include "report.h"

struct link_view {
	struct link link;
	const char *port;	/* its USB interface; NULL: it is of another kind */
	uint8_t *eids;
	size_t n_eids;
	struct route *routes;	/* to others */
	size_t n_routes;
};

void link_judge(const struct link_view *view, struct report *report);

#endif /* DIAG_LINKS_H */
