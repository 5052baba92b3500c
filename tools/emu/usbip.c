// SPDX-License-Identifier: GPL-2.0
/*
 * The USB/IP front end: a device of this machine's own virtual host controller,
 * vhci_hcd, with this program at the other end of the connection.
 *
 * The kernel tells of each URB, and of those that it takes back. It keeps the
 * address to itself, and a bus reset; a device knows of that one by being
 * configured again.
 */
#include <endian.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "device.h"
#include "usbip.h"

#define READ_BYTES	65536
#define DATA_MAX	(4 * 1024 * 1024)
#define ISO_LEN		16	/* of the descriptor of an isochronous packet */
#define ISO_MAX		1024

struct usbip {
	struct device dev;
	int fd;			/* our end, or -1 */
	struct bytes in, out;	/* what is not yet complete, or not yet taken */
};

static void put(struct usbip *u, const struct usbip_message *m,
		const void *data, size_t len)
{
	bytes_add(&u->out, m, sizeof(*m));
	bytes_add(&u->out, data, len);
}

static int linux_status(enum usb_answer how)
{
	static const int status[USB_ANSWERS] = {
		[ANSWER_STALL] = -EPIPE,
		[ANSWER_ERROR] = -EPROTO,
		[ANSWER_BABBLE] = -EOVERFLOW,
		[ANSWER_CANCELLED] = -ESHUTDOWN,
	};

	return status[how];
}

/* @len: of what was moved; @data: NULL if it was moved from the host */
static void submitted(struct usbip *u, u32 seqnum, enum usb_answer how,
		      const void *data, size_t len)
{
	struct usbip_message m = {
		.basic.command = htobe32(USBIP_RET_SUBMIT),
		.basic.seqnum = htobe32(seqnum),
		.submitted.status = htobe32(linux_status(how)),
		.submitted.length = htobe32(len),
	};

	put(u, &m, data, data ? len : 0);
}

static void answer_request(struct device *dev, const struct pipe *pipe,
			   const struct request *q, enum usb_answer how)
{
	struct usbip *u = dev->emu->fe_data;

	if (pipe->address & USB_DIR_IN)
		submitted(u, q->id, how, q->data, q->fill);
	else
		submitted(u, q->id, how, NULL, how == ANSWER_GOOD ? q->len : 0);
}

static bool ready(struct device *dev, struct pipe *pipe)
{
	(void)dev;
	return pipe->head;
}

/* Each meets the halt for itself. */
static void serve_halted(struct device *dev, struct pipe *pipe)
{
	while (pipe->head)
		pipe_answer(dev, pipe, pipe_shift(pipe), ANSWER_STALL);
}

static const struct bus usbip_bus = {
	.answer = answer_request,
	.ready = ready,
	.serve_halted = serve_halted,
};

static void hang_up(struct usbip *u)
{
	if (u->fd < 0)
		return;
	u->dev.configuration = 0;
	pipes_stop(&u->dev, false);
	emu_deconfigured(u->dev.emu);
	close(u->fd);
	u->fd = -1;
	u->in.len = 0;
	u->out.len = 0;
	u->dev.emu->connected = false;
	u->dev.emu->stat[STAT_DISCONNECTS]++;
	debug("unplugged");
}

static void control(struct usbip *u, const struct usbip_message *m, size_t len)
{
	struct usb_ctrlrequest setup;
	struct bytes out = { 0 };
	enum usb_answer how;
	bool silent, in;

	memcpy(&setup, m->submit.setup, sizeof(setup));
	in = setup.bRequestType & USB_DIR_IN;
	how = device_control(&u->dev, &setup, &out, &silent);
	if (out.len > len)
		out.len = len;
	if (silent)
		debug("a request has no answer");
	else if (how != ANSWER_GOOD)
		submitted(u, be32toh(m->basic.seqnum), how, NULL, 0);
	else if (in)
		submitted(u, be32toh(m->basic.seqnum), how, out.data, out.len);
	else
		submitted(u, be32toh(m->basic.seqnum), how, NULL, len);
	bytes_free(&out);
}

/* A transfer; @data: what the host sends, NULL if it is to receive */
static void submit(struct usbip *u, const struct usbip_message *m,
		   const u8 *data, size_t len)
{
	bool in = be32toh(m->basic.direction) == USBIP_DIR_IN;
	u8 ep = be32toh(m->basic.ep) & USB_ENDPOINT_NUMBER_MASK;
	struct pipe *pipe = pipe_find(&u->dev, ep | (in ? USB_DIR_IN : 0));
	struct request *q;

	if (!ep) {
		control(u, m, len);
		return;
	}
	/* Extra endpoints and those of no configuration have nothing to say. */
	if (!pipe || !u->dev.emu->configured || be32toh(m->submit.packets) - 1 < ISO_MAX) {
		submitted(u, be32toh(m->basic.seqnum), ANSWER_STALL, NULL, 0);
		return;
	}
	q = must_alloc(sizeof(*q) + len);
	q->id = be32toh(m->basic.seqnum);
	q->len = len;
	q->zlp = be32toh(m->submit.flags) & USBIP_ZERO_PACKET;
	if (data)
		memcpy(q->data, data, len);
	pipe_add(pipe, q);
}

/*
 * The host takes a transfer back. If it is not here it was answered and the host
 * does not look at this, or it never will be answered.
 */
static void unlink_submitted(struct usbip *u, const struct usbip_message *m)
{
	struct usbip_message answer = {
		.basic.command = htobe32(USBIP_RET_UNLINK),
		.basic.seqnum = m->basic.seqnum,
		.unlinked.status = htobe32(-ECONNRESET),
	};
	struct pipe *pipe;

	free(pipes_take_back(&u->dev, be32toh(m->unlink.seqnum), &pipe));
	put(u, &answer, NULL, 0);
}

/* One message. Returns its length, 0 if it is not complete, -1 if it is none. */
static ssize_t take(struct usbip *u, const u8 *at, size_t have)
{
	const size_t head = sizeof(struct usbip_message);
	u32 len, out, packets, iso;
	struct usbip_message m;

	if (have < head)
		return 0;
	memcpy(&m, at, head);
	if (m.basic.command == htobe32(USBIP_CMD_UNLINK)) {
		unlink_submitted(u, &m);
		return head;
	}
	len = be32toh(m.submit.length);
	if (m.basic.command != htobe32(USBIP_CMD_SUBMIT) || len > DATA_MAX)
		return -1;
	out = be32toh(m.basic.direction) == USBIP_DIR_IN ? 0 : len;
	packets = be32toh(m.submit.packets);
	iso = packets <= ISO_MAX ? packets * ISO_LEN : 0;
	if (have < head + out + iso)
		return 0;
	submit(u, &m, out ? at + head : NULL, len);
	return head + out + iso;
}

static void take_all(struct usbip *u)
{
	size_t at = 0;
	ssize_t n;

	while ((n = take(u, u->in.data + at, u->in.len - at)) > 0)
		at += n;
	bytes_drop(&u->in, at);
	if (n < 0) {
		say("the kernel says what is no USB/IP");
		hang_up(u);
	}
}

static void receive(struct usbip *u)
{
	size_t before;
	ssize_t n;

	do {
		before = u->in.len;
		n = read(u->fd, bytes_grow(&u->in, READ_BYTES), READ_BYTES);
		u->in.len = before + (n > 0 ? n : 0);
	} while (n == READ_BYTES || (n < 0 && errno == EINTR));
	if (n > 0 || (n < 0 && errno == EAGAIN))
		take_all(u);
	else
		hang_up(u);
}

static void flush(struct usbip *u)
{
	size_t at = 0;
	ssize_t n;

	while (at < u->out.len) {
		n = send(u->fd, u->out.data + at, u->out.len - at, MSG_NOSIGNAL);
		if (n > 0) {
			at += n;
			continue;
		}
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0 && errno == EAGAIN)
			break;
		hang_up(u);
		return;
	}
	bytes_drop(&u->out, at);
}

/* A socket to this machine's virtual host controller */
static const char *attach(struct usbip *u)
{
	const char *why;
	int fds[2];

	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, fds))
		return strerror(errno);
	why = vhci_attach(u->dev.speed, fds[1]);
	close(fds[1]);
	if (why) {
		close(fds[0]);
		return why;
	}
	set_nonblocking(fds[0]);
	u->fd = fds[0];
	return NULL;
}

static const char *plug(struct emu *emu)
{
	struct usbip *u = emu->fe_data;
	const char *why = NULL;

	if (u->fd >= 0)
		return NULL;
	device_plug(&u->dev);
	if (emu->options.connect) {
		u->fd = socket_connect(socket_path(emu->options.connect, "unix"));
		why = u->fd < 0 ? strerror(errno) : NULL;
	} else {
		why = attach(u);
	}
	emu->connected = !why;
	if (!why)
		debug("plugged in");
	return why;
}

static const char *unplug(struct emu *emu)
{
	hang_up(emu->fe_data);
	return NULL;
}

static const char *start(struct emu *emu)
{
	struct usbip *u = must_alloc(sizeof(*u));
	const char *connect = emu->options.connect;

	emu->fe_data = u;
	u->dev.emu = emu;
	u->dev.bus = &usbip_bus;
	u->fd = -1;
	pipes_start(&u->dev);
	if (connect && !socket_path(connect, "unix"))
		return "--connect takes unix:PATH";
	return emu->connected ? plug(emu) : NULL;
}

static void stop(struct emu *emu)
{
	struct usbip *u = emu->fe_data;

	hang_up(u);
	bytes_free(&u->in);
	bytes_free(&u->out);
	free(u);
	emu->fe_data = NULL;
}

static const char *stall(struct emu *emu, struct port *port, bool in)
{
	struct usbip *u = emu->fe_data;

	port_halt(&u->dev, port, in);
	return NULL;
}

static void kick(struct emu *emu)
{
	struct usbip *u = emu->fe_data;

	if (u->dev.unplug)
		hang_up(u);
	u->dev.unplug = false;
	if (u->fd < 0)
		return;
	pipes_kick(&u->dev);
	flush(u);
}

static unsigned int poll_add(struct emu *emu, struct pollfd *fds)
{
	struct usbip *u = emu->fe_data;

	if (u->fd < 0)
		return 0;
	fds[0] = (struct pollfd){ u->fd, POLLIN, 0 };
	if (u->out.len)
		fds[0].events |= POLLOUT;
	return 1;
}

static void poll_done(struct emu *emu, const struct pollfd *fds, unsigned int n)
{
	if (n && fds[0].revents & ~POLLOUT)
		receive(emu->fe_data);
}

const struct front_end usbip_front_end = {
	.name = "usbip",
	.start = start,
	.stop = stop,
	.connect = plug,
	.disconnect = unplug,
	.stall = stall,
	.kick = kick,
	.poll_add = poll_add,
	.poll_done = poll_done,
};
