/* SPDX-License-Identifier: GPL-2.0 */
/* AF_MCTP datagram sockets. */
#ifndef TOOLS_MSOCK_H
#define TOOLS_MSOCK_H

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "uapi.h"

/* Longest message an AF_MCTP core takes, its type byte not counted. */
#define MSOCK_MAX 65535

int msock_open(void);
void msock_bind(int fd, uint8_t type);
void msock_set_rcvbuf(int fd, uint32_t bytes);
int msock_send(int fd, uint32_t net, uint8_t eid, uint8_t type, uint8_t tag,
	       const void *data, size_t len);
int msock_send_null_eid(int fd, int ifindex, uint8_t type, const void *data,
			size_t len);
ssize_t msock_recv(int fd, struct sockaddr_mctp *from, void *data, size_t size);
int msock_alloc_tag(int fd, uint8_t eid, uint8_t *tag);
void msock_drop_tag(int fd, uint8_t eid, uint8_t tag);

#endif /* TOOLS_MSOCK_H */
