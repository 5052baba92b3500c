// SPDX-License-Identifier: GPL-2.0
/* What goes over the link meanwhile, and who looks at it: each until the race is over. */
#include <arpa/inet.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>
#include <linux/ethtool.h>
#include <linux/if_packet.h>
#include <linux/sockios.h>

#include "conform.h"
#include "ethtool.h"
#include "races.h"

static int impatient(int domain)
{
	struct timeval tv = { .tv_usec = 50000 };
	int fd = socket(domain, SOCK_DGRAM | SOCK_CLOEXEC, 0);

	setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &tv, sizeof(tv));
	setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &tv, sizeof(tv));
	return fd;
}

/* As fast as the link takes them, and past the core */
void send_packets(void)
{
	struct sockaddr_ll to = {
		.sll_family = AF_PACKET, .sll_protocol = htons(ETH_P_MCTP),
	};
	__u8 packet[251] = { 1, 9, 8, 0xc8, TYPE, 2 };
	int fd = impatient(AF_PACKET);
	struct where w;

	while (racing()) {
		to.sll_ifindex = find_link(&w) ? w.ifindex : 0;
		while (racing() && to.sll_ifindex &&
		       sendto(fd, packet, 5 + dice(63), 0, (void *)&to, sizeof(to)) > 0)
			went_well(PACKETS_SENT);
		usleep(1000);
	}
}

/* Requests, whose echoes the endpoint sends back */
void exchange_messages(void)
{
	static __u8 buf[70000];
	int fd = impatient(AF_MCTP);

	while (racing()) {
		struct sockaddr_mctp to = sk_addr(MCTP_NET_ANY, 9, TYPE, TO);
		size_t len = 5 + dice(dice(4) ? 200 : 8000);

		buf[0] = 0;
		if (fd < 0 || sendto(fd, buf, len, 0, (void *)&to, sizeof(to)) < 0) {
			usleep(5000);
			if (fd < 0)
				fd = impatient(AF_MCTP);
			continue;
		}
		if (recv(fd, buf, sizeof(buf), 0) > 0)
			went_well(ECHOES);
		if (!dice(16)) {
			close(fd);
			fd = impatient(AF_MCTP);
		}
	}
}

/* What udev and mctpd would do with a link that appears */
void keep_up(void)
{
	struct where w;

	while (racing()) {
		if (find_link(&w)) {
			link_up(w.ifindex, true);
			addr_add(w.ifindex, 8);
			route_add(9, 0, w.ifindex, 0);
		}
		endpoint_hold(true);
		if (endpoint("flood on"))
			went_well(CARES);
		endpoint_hold(false);
		usleep(50000);
	}
}

/* Readers: of counters, of tables, and of every packet */
void look_around(void)
{
	int control = ethtool_socket(), sniffer = socket(AF_PACKET, SOCK_RAW, htons(ETH_P_ALL));
	struct ethtool_gstrings *names;
	static __u64 values[256];
	static __u8 buf[70000];
	struct where w;
	int i;

	while (racing()) {
		for (i = 0; i < 100 && recv(sniffer, buf, sizeof(buf), MSG_DONTWAIT) > 0; i++)
			went_well(PACKETS_SEEN);
		usleep(3000);
		if (!find_link(&w))
			continue;
		if (!ethtool_counter_names(control, w.name, &names)) {
			ethtool_counter_values(control, w.name, names->len, (void *)values);
			free(names);
		}
		addr_dump(0);
		route_dump();
	}
}
