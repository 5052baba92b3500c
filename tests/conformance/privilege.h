/* SPDX-License-Identifier: GPL-2.0 */
/* Operations and credentials of the topics "privilege" and "limits". */
#ifndef PRIVILEGE_H
#define PRIVILEGE_H

#include "conform.h"

/* What operations find, set up by who owns the network namespace; lo has the neighbour 61 */
struct place {
	struct tun t;		/* EIDs 8 and 11; 9..30 and 51 behind it */
	struct tun net, mtu, down, move;
	int other_ns;
	int old_socket;
	__u8 foreign_tag;	/* of old_socket, for EID 12 */
};

struct priv_op {
	const char *name;
	int (*run)(const struct place *p);	/* 0.., or a negative errno */
	const char *want;	/* "ok" or an errno's name for each in whos[] */
};

extern const struct priv_op priv_ops[];
extern const size_t priv_op_count;

void keep_caps(__u32 caps);
void become_user(void);
bool become_own_root(void);

#endif /* PRIVILEGE_H */
