// SPDX-License-Identifier: GPL-2.0
/* Raw MCTP packets on a link, past any core for MCTP. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <sys/socket.h>
#include <linux/filter.h>

#include "hex.h"
#include "pkt.h"
#include "util.h"

static noreturn void usage_exit(void)
{
	fputs("usage: mctp-packet DEV recv [COUNT [SECONDS]]\n"
	      "       mctp-packet DEV send HEX...\n"
	      "       mctp-packet DEV flood SECONDS SIZE [COUNT]\n"
	      "       mctp-packet DEV offsets [COUNT [SECONDS]]\n"
	      "\n"
	      "recv     print incoming packets; 1 when fewer than COUNT came\n"
	      "send     HEX may have (HH*N) for byte HH N times; 1 when one is refused\n"
	      "flood    send test messages of the sink kind, SIZE bytes a packet, until the\n"
	      "         time is over or COUNT are sent\n"
	      "offsets  are the headers of incoming packets where the kernel expects\n"
	      "         them? Needs traffic from the other end meanwhile\n",
	      stderr);
	exit(2);
}

/* [COUNT [SECONDS]]; without them for ever */
static void parse_limits(char **args, uint32_t *count, uint64_t *end)
{
	if (args[0])
		*count = need_u32("COUNT", args[0], 1, UINT32_MAX);
	if (args[0] && args[1]) {
		*end = now_us() + need_seconds_us("SECONDS", args[1]);
		if (args[2])
			usage_exit();
	}
}

/* Next incoming packet; false when the time is over. */
static bool next_packet(struct pkt *p, uint8_t *buf, ssize_t *len, uint64_t end)
{
	for (;;) {
		*len = pkt_recv(p, buf, PKT_MAX);
		if (*len >= 0)
			return true;
		if (*len != -EAGAIN)
			die("receive: %s", strerror(-*len));
		if (!wait_readable(p->fd, end))
			return false;
	}
}

static int cmd_recv(const char *dev, char **args, uint8_t *buf)
{
	uint32_t count = UINT32_MAX, got;
	uint64_t end = UINT64_MAX;
	struct pkt p;
	ssize_t len;

	parse_limits(args, &count, &end);
	setvbuf(stdout, NULL, _IOLBF, 0);
	pkt_open(&p, dev, SOCK_DGRAM, PKT_SEND_RECV);
	/* A script that runs this in the background waits for this line. */
	fputs("listening\n", stderr);
	for (got = 0; got < count && next_packet(&p, buf, &len, end); got++) {
		hex_print(stdout, buf, len);
		putchar('\n');
	}
	return args[0] && got < count;
}

static int cmd_send(const char *dev, char **args, uint8_t *buf)
{
	struct pkt p;
	ssize_t len;
	int rc, status = 0;

	if (!*args)
		usage_exit();
	pkt_open(&p, dev, SOCK_DGRAM, PKT_SEND);
	for (; *args; args++) {
		len = hex_parse(*args, buf, PKT_MAX);
		if (len < 0)
			die("'%s' is not hex", *args);
		rc = pkt_send(&p, buf, len);
		if (!rc)
			continue;
		status = 1;
		fprintf(stderr, "%s: %zd bytes: %s\n", progname, len,
			strerror(-rc));
	}
	return status;
}

static int cmd_flood(const char *dev, char **args, uint8_t *buf)
{
	/* Version 1, to EID 9 from 8, single packet, our tag; test type, sink */
	static const uint8_t head[] = { 0x01, 0x09, 0x08, 0xc8, 0x5a, 0x02 };
	uint64_t end, start = now_us(), sent = 0, full = 0;
	struct pkt p;
	uint32_t size, i, count = UINT32_MAX;
	int rc;

	if (!args[0] || !args[1] || (args[2] && args[3]))
		usage_exit();
	if (args[2])
		count = need_u32("COUNT", args[2], 1, UINT32_MAX);
	end = start + need_seconds_us("SECONDS", args[0]);
	size = need_u32("SIZE", args[1], sizeof(head), PKT_MAX);
	memcpy(buf, head, sizeof(head));
	for (i = sizeof(head); i < size; i++)
		buf[i] = test_byte(i, 0);
	pkt_open(&p, dev, SOCK_DGRAM, PKT_SEND);
	while (sent < count && now_us() < end) {
		rc = pkt_send(&p, buf, size);
		if (rc == -ENOBUFS) {
			full++;
			usleep(500);
		} else if (rc) {
			die("packet %llu: %s", (unsigned long long)sent,
			    strerror(-rc));
		} else {
			sent++;
		}
	}
	printf("flood: %llu packets of %u bytes in %.1f s, queue full %llu times\n",
	       (unsigned long long)sent, size, (now_us() - start) / 1e6,
	       (unsigned long long)full);
	return !sent;
}

/*
 * Let only packets in whose first word is the same at the start of the data, at
 * the link header and at the network header: there is no link header in MCTP,
 * so all three are one place. A header that was never set loads nothing, which
 * ends the filter with "drop".
 */
static void filter_offsets(struct pkt *p)
{
	struct sock_filter code[] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, SKF_LL_OFF),
		BPF_STMT(BPF_ST, 0),
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, SKF_NET_OFF),
		BPF_STMT(BPF_LDX | BPF_MEM, 0),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_X, 0, 0, 3),
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, 0),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_X, 0, 0, 1),
		BPF_STMT(BPF_RET | BPF_K, UINT32_MAX),
		BPF_STMT(BPF_RET | BPF_K, 0),
	};
	struct sock_fprog prog = {
		.len = sizeof(code) / sizeof(*code),
		.filter = code,
	};

	if (setsockopt(p->fd, SOL_SOCKET, SO_ATTACH_FILTER, &prog, sizeof(prog)))
		die("filter: %s", strerror(errno));
}

static int cmd_offsets(const char *dev, char **args, uint8_t *buf)
{
	uint8_t *raw_buf = xrealloc(NULL, PKT_MAX);
	uint32_t count = 1, i;
	uint64_t end = now_us() + 10000000;
	struct pkt cooked, raw;
	ssize_t len, raw_len;

	parse_limits(args, &count, &end);
	/* Filtered first: the other one must not have a packet it missed. */
	pkt_open(&raw, dev, SOCK_RAW, PKT_SEND_RECV);
	filter_offsets(&raw);
	pkt_open(&cooked, dev, SOCK_DGRAM, PKT_SEND_RECV);
	fputs("listening\n", stderr);
	for (i = 0; i < count; i++) {
		if (!next_packet(&cooked, buf, &len, end))
			die("%u of %u packets came", i, count);
		if (!next_packet(&raw, raw_buf, &raw_len, now_us() + 500000))
			die("packet %u: header offsets are not at its start", i);
		if (raw_len != len || memcmp(raw_buf, buf, len))
			die("packet %u: SOCK_RAW gives %zd bytes, SOCK_DGRAM %zd, or others",
			    i, raw_len, len);
	}
	printf("offsets: %u packets ok\n", count);
	free(raw_buf);
	return 0;
}

int main(int argc, char **argv)
{
	uint8_t *buf = xrealloc(NULL, PKT_MAX);
	int status;

	progname = "mctp-packet";
	if (argc < 3)
		usage_exit();
	if (!strcmp(argv[2], "recv"))
		status = cmd_recv(argv[1], argv + 3, buf);
	else if (!strcmp(argv[2], "send"))
		status = cmd_send(argv[1], argv + 3, buf);
	else if (!strcmp(argv[2], "flood"))
		status = cmd_flood(argv[1], argv + 3, buf);
	else if (!strcmp(argv[2], "offsets"))
		status = cmd_offsets(argv[1], argv + 3, buf);
	else
		usage_exit();
	free(buf);
	return status;
}
