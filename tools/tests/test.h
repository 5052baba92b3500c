/* SPDX-License-Identifier: GPL-2.0 */
/* The emulator's engine without USB: a host of a few lines and checks. */
#ifndef TOOLS_TEST_H
#define TOOLS_TEST_H

#include "../emu/port.h"
#include "tap.h"

#define HOST_PACKETS	4096

/* What a host would see of a port, its IN transfers deframed. */
struct host {
	struct port port;
	struct mctp_framing framing;
	struct mctp_deframer deframer;
	u8 packet[MCTP_PACKET_MAX_1_1];
	struct bytes packets[HOST_PACKETS];
	unsigned int n_packets, transfers, zlps, bad;
	size_t longest;		/* transfer */
};

void host_start(struct host *h, bool spanning, unsigned int maxp);
void host_stop(struct host *h);
void host_out(struct host *h, const char *hex);
void host_packet(struct host *h, const char *hex);
void host_message(struct host *h, u8 flags_tag, const u8 *message, size_t len,
		  unsigned int unit);
void host_in(struct host *h);
void host_forget(struct host *h);
bool host_got(const struct host *h, unsigned int n, const char *hex);
size_t host_reassemble(const struct host *h, struct bytes *message);

void test_control(void);
void test_messages(void);
void test_queue(void);
void test_descriptors(void);
void test_fuzz(void);

#endif /* TOOLS_TEST_H */
