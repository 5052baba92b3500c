// SPDX-License-Identifier: GPL-2.0
/*
 * mctp-silent SECONDS SEED CONTROL - a day with an endpoint that has faults
 *
 * Requests of all sizes, whose echoes have to be what was sent; a fault every few seconds. Of each
 * message that does not come back sendto() has said so, or something that a user can look at:
 * a counter of either end, the carrier, another link. The same goes for a message with a hole:
 * where just 4, 8, 12 ... packets are lost the next one has the number that was to come, and MCTP
 * cannot tell.
 */
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "conform.h"
#include "silent.h"

#define BATCH_MAX 3
#define PATIENCE_US 8000000
#define LONGEST 60000
/* bytes of four packets, with numbers from 0 to 3 */
#define HOLE (4 * (68 - 4))
#define OP_ECHO 0
#define OP_REPLY 1

struct emu emu;

static struct tally {
	unsigned long messages, intact, refused, holes, damaged, unexplained, faults;
} tally;

static const char *const excuses[] = {
	"the link went away", "counted by the driver", "counted by the queue",
	"counted by the endpoint", "the carrier was off",
	"swallowed by a frame cut short",
};

static unsigned long excused[ARRAY_SIZE(excuses)];

static unsigned int dice(unsigned int sides)
{
	return random() % sides;
}

/* of its size, its number and its checksum */
struct request {
	int fd;
	size_t len;
	__u32 number;
};

static __u32 checksum(const __u8 *data, size_t len)
{
	__u32 sum = 0x811c9dc5;

	while (len--)
		sum = (sum ^ *data++) * 0x01000193;
	return sum;
}

/* Header of the endpoint's echo, number, checksum of the rest, the rest */
static size_t compose(struct request *r, __u8 *buf)
{
	__u32 sum;
	size_t i;

	r->len = 9 + dice(dice(8) ? 600 : dice(8) ? 5000 : LONGEST);
	r->number = tally.messages;
	for (i = 9; i < r->len; i++)
		buf[i] = test_byte(i, r->number);
	buf[0] = OP_ECHO;
	memcpy(buf + 1, &r->number, 4);
	sum = checksum(buf + 9, r->len - 9);
	memcpy(buf + 5, &sum, 4);
	return r->len;
}

static bool send_request(struct request *r)
{
	static __u8 buf[70000];
	struct sockaddr_mctp to = sk_addr(MCTP_NET_ANY, 9, TYPE, TO);
	struct timeval tv = { .tv_sec = 5 };
	size_t len = compose(r, buf);

	tally.messages++;
	r->fd = msock_open();
	setsockopt(r->fd, SOL_SOCKET, SO_SNDTIMEO, &tv, sizeof(tv));
	if (sendto(r->fd, buf, len, 0, (void *)&to, sizeof(to)) == (ssize_t)len)
		return true;
	tally.refused++;
	close(r->fd);
	return false;
}

/* false if it does not come */
static bool receive_echo(struct request *r, __u64 deadline, const struct losses *before,
			 const struct where *w)
{
	struct losses now;
	static __u8 buf[70000];
	__u32 number, sum;
	ssize_t n;

	if (!wait_readable(r->fd, deadline))
		return false;
	n = recv(r->fd, buf, sizeof(buf), MSG_DONTWAIT);
	memcpy(&number, buf + 1, 4);
	memcpy(&sum, buf + 5, 4);
	if (n == (ssize_t)r->len && buf[0] == OP_REPLY && number == r->number &&
	    sum == checksum(buf + 9, n - 9)) {
		tally.intact++;
		return true;
	}
	losses_read(w, &now);
	if (n > 9 && n < (ssize_t)r->len && (r->len - n) % HOLE == 0 &&
	    number == r->number && losses_tell(before, &now)) {
		tally.holes++;
	} else {
		tally.damaged++;
		printf("# message %u: %zd bytes for %zu, number %u\n", r->number, n,
		       r->len, number);
	}
	return true;
}

static void look_for_excuse(const struct losses *before, const struct where *w,
			    const struct request *r, bool faulty)
{
	struct losses now;
	const char *excuse;
	size_t i;

	losses_read(w, &now);
	excuse = losses_tell(before, &now);
	if (!excuse && fault_swallows())
		excuse = "swallowed by a frame cut short";
	for (i = 0; excuse && i < ARRAY_SIZE(excuses); i++)
		excused[i] += !strcmp(excuse, excuses[i]);
	if (excuse)
		return;
	tally.unexplained++;
	printf("# message %u of %zu bytes is lost, and nobody says so (fault: %d)\n",
	       r->number, r->len, faulty);
}

/* Whoever looks after the machine: links come back, and addresses to them */
static void wait_for_link(struct where *w)
{
	static struct where last;
	__u64 end = now_us() + 60000000;

	while (!find_link(w) || link_up(w->ifindex, true)) {
		if (now_us() > end)
			die("the link does not come back");
		usleep(20000);
	}
	addr_add(w->ifindex, 8);
	route_add(9, 0, w->ifindex, 0);
	if (w->ifindex != last.ifindex)
		usleep(200000);
	last = *w;
}

static void batch(void)
{
	struct request r[BATCH_MAX];
	unsigned int n = 1 + dice(BATCH_MAX), i, sent = 0;
	bool faulty = !dice(3);
	struct losses before;
	struct where w;
	__u64 deadline;

	wait_for_link(&w);
	losses_read(&w, &before);
	if (faulty && dice(2))
		tally.faults += fault(&w);
	for (i = 0; i < n; i++)
		sent += send_request(&r[sent]);
	if (faulty && dice(2)) {
		usleep(dice(3000));
		tally.faults += fault(&w);
	}
	deadline = now_us() + PATIENCE_US;
	for (i = 0; i < sent; i++) {
		if (!receive_echo(&r[i], deadline, &before, &w)) {
			wait_for_link(&w);
			look_for_excuse(&before, &w, &r[i], faulty);
		}
		close(r[i].fd);
	}
	usleep(dice(2000000));
}

int main(int argc, char **argv)
{
	__u64 start, end;
	size_t i;

	if (argc != 4)
		die("usage: mctp-silent SECONDS SEED CONTROL");
	progname = argv[0];
	srandom(atoi(argv[2]));
	emu_open(&emu, argv[3]);
	nl_open(&nl);
	start = now_us();
	end = start + strtoull(argv[1], NULL, 10) * 1000000;
	while (now_us() < end)
		batch();
	printf("# %llu s, %lu faults, %lu messages: %lu echoed intact, %lu refused,\n",
	       (now_us() - start) / 1000000, tally.faults, tally.messages, tally.intact,
	       tally.refused);
	printf("# %lu with a hole, counted; %lu damaged, %lu lost and nobody said so\n",
	       tally.holes, tally.damaged, tally.unexplained);
	for (i = 0; i < ARRAY_SIZE(excuses); i++)
		printf("# lost: %s: %lu\n", excuses[i], excused[i]);
	faults_print();
	return tally.damaged || tally.unexplained || !tally.intact || !tally.faults;
}
