// SPDX-License-Identifier: GPL-2.0
#include <arpa/inet.h>
#include <errno.h>
#include <net/if.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>
#include <linux/if_packet.h>

#include "pkt.h"
#include "uapi.h"
#include "util.h"

#define PKT_RCVBUF (8 << 20)	/* no vector fills that, small skbs included */

/*
 * type is SOCK_DGRAM or SOCK_RAW; the packets of MCTP look the same in both.
 *
 * Receiving asks for all protocols: those sockets are served before the core
 * for MCTP, which on some kernels takes the header off the skb it shares with
 * whoever comes after.
 */
void pkt_open(struct pkt *p, const char *dev, int type, enum pkt_use use)
{
	struct sockaddr_ll addr = {
		.sll_family = AF_PACKET,
		.sll_protocol = use == PKT_SEND ? 0 : htons(ETH_P_ALL),
	};
	int size = PKT_RCVBUF, on = 1;

	p->ifindex = if_nametoindex(dev);
	if (!p->ifindex)
		die("%s: %s", dev, strerror(errno));
	addr.sll_ifindex = p->ifindex;
	/* Protocol 0 until bound: nothing from other links gets in. */
	p->fd = socket(AF_PACKET, type | SOCK_CLOEXEC, 0);
	if (p->fd < 0)
		die("AF_PACKET socket: %s", strerror(errno));
	if (setsockopt(p->fd, SOL_SOCKET, SO_RCVBUFFORCE, &size, sizeof(size)))
		die("SO_RCVBUFFORCE: %s", strerror(errno));
	if (setsockopt(p->fd, SOL_PACKET, PACKET_IGNORE_OUTGOING, &on, sizeof(on)))
		die("PACKET_IGNORE_OUTGOING: %s", strerror(errno));
	if (bind(p->fd, (void *)&addr, sizeof(addr)))
		die("bind to %s: %s", dev, strerror(errno));
}

void pkt_close(struct pkt *p)
{
	close(p->fd);
	p->fd = -1;
}

/*
 * Take one incoming MCTP packet if there is one. Returns its full length, which may
 * be more than fitted, or -EAGAIN, or another negative errno.
 */
ssize_t pkt_recv(struct pkt *p, uint8_t *buf, size_t size)
{
	struct sockaddr_ll from;
	socklen_t fromlen;
	ssize_t len;

	for (;;) {
		fromlen = sizeof(from);
		len = recvfrom(p->fd, buf, size, MSG_TRUNC | MSG_DONTWAIT,
			       (void *)&from, &fromlen);
		/* The link went down in between; the socket outlives that. */
		if (len < 0 && (errno == ENETDOWN || errno == EINTR))
			continue;
		if (len < 0)
			return -errno;
		if (from.sll_pkttype != PACKET_OUTGOING &&
		    from.sll_protocol == htons(ETH_P_MCTP))
			return len;
	}
}

int pkt_send(struct pkt *p, const uint8_t *data, size_t len)
{
	struct sockaddr_ll to = {
		.sll_family = AF_PACKET,
		.sll_protocol = htons(ETH_P_MCTP),
		.sll_ifindex = p->ifindex,
	};

	if (sendto(p->fd, data, len, 0, (void *)&to, sizeof(to)) < 0)
		return -errno;
	return 0;
}
