/* SPDX-License-Identifier: GPL-2.0 */
/* rtnetlink requests over libmnl, with the kernel's own words on an error. */
#ifndef TOOLS_NL_H
#define TOOLS_NL_H

#include <stdint.h>
#include <libmnl/libmnl.h>

struct nl {
	struct mnl_socket *sock;
	uint32_t seq;
	char extack[256];	/* kernel's explanation of the last error */
	char buf[32768];
};

/* Returns a negative errno to end the walk. */
typedef int (*nl_cb)(const struct nlmsghdr *nlh, void *data);

int nl_connect(struct nl *nl);
void nl_close(struct nl *nl);
struct nlmsghdr *nl_start(char *buf, uint16_t type, uint16_t flags);
int nl_request(struct nl *nl, struct nlmsghdr *req, nl_cb cb, void *data);
int nl_join(struct nl *nl, unsigned int group);
int nl_events(struct nl *nl, nl_cb cb, void *data);
int nl_fd(const struct nl *nl);

#endif /* TOOLS_NL_H */
