/* SPDX-License-Identifier: GPL-2.0 */
/* MCTP packets by AF_PACKET: works without a core for MCTP in the kernel. */
#ifndef TOOLS_PKT_H
#define TOOLS_PKT_H

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#define PKT_MAX 65536

enum pkt_use {
	PKT_SEND,
	PKT_SEND_RECV,
};

struct pkt {
	int fd;
	int ifindex;
};

void pkt_open(struct pkt *p, const char *dev, int type, enum pkt_use use);
void pkt_close(struct pkt *p);
ssize_t pkt_recv(struct pkt *p, uint8_t *buf, size_t size);
int pkt_send(struct pkt *p, const uint8_t *data, size_t len);

#endif /* TOOLS_PKT_H */
