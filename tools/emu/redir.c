// SPDX-License-Identifier: GPL-2.0
/* The usb-redir front end: the connection to QEMU, plugging in and out. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "redir.h"

/* QEMU may be starting while we are. */
#define CONNECT_MS	15000
#define RETRY_MS	50

static void log_message(void *priv, int level, const char *text)
{
	(void)priv;
	if (level <= usbredirparser_warning)
		say("%s", text);
	else if (level == usbredirparser_info)
		debug("%s", text);
}

static int read_socket(void *priv, uint8_t *data, int count)
{
	struct redir *r = priv;
	ssize_t n = read(r->fd, data, count);

	if (n < 0 && (errno == EAGAIN || errno == EINTR))
		return 0;
	return n > 0 ? n : -1;
}

static int write_socket(void *priv, uint8_t *data, int count)
{
	struct redir *r = priv;
	ssize_t n = write(r->fd, data, count);

	if (n < 0 && (errno == EAGAIN || errno == EINTR))
		return 0;
	return n;
}

/* Tell QEMU the interfaces and endpoints, as they are when configured. */
void redir_send_endpoints(struct redir *r)
{
	const struct descriptors *d = &r->dev.emu->descriptors;
	struct usb_redir_interface_info_header interfaces = { 0 };
	struct usb_redir_ep_info_header endpoints = { 0 };
	struct endpoint_info info[2 * ENDPOINTS_MAX];
	unsigned int i, n;

	interfaces.interface_count = r->dev.emu->ports;
	for (i = 0; i < r->dev.emu->ports; i++) {
		interfaces.interface[i] = descriptors_interface(d, i);
		interfaces.interface_class[i] = d->class;
		interfaces.interface_subclass[i] = d->subclass == AUTO ? 0 :
						   d->subclass;
		interfaces.interface_protocol[i] = d->protocol;
	}

	memset(endpoints.type, usb_redir_type_invalid, sizeof(endpoints.type));
	endpoints.type[0] = usb_redir_type_control;
	endpoints.type[16] = usb_redir_type_control;
	n = descriptors_endpoints(d, info, ARRAY_SIZE(info));
	for (i = 0; i < n; i++) {
		unsigned int at = (info[i].address & 0x80) >> 3 |
				  (info[i].address & 0x0f);

		if (!(at & 0x0f))
			continue;
		endpoints.type[at] = info[i].type;
		/* QEMU does not take 0 for those that need one. */
		endpoints.interval[at] = info[i].interval;
		if (info[i].type != usb_redir_type_bulk && !info[i].interval)
			endpoints.interval[at] = 1;
		endpoints.interface[at] = info[i].interface;
		endpoints.max_packet_size[at] = info[i].maxp;
	}
	usbredirparser_send_ep_info(r->parser, &endpoints);
	usbredirparser_send_interface_info(r->parser, &interfaces);
}

/* Plug in, if wanted and possible now. */
static void attach(struct redir *r)
{
	static const u8 speeds[] = {
		[SPEED_FULL] = usb_redir_speed_full,
		[SPEED_HIGH] = usb_redir_speed_high,
		[SPEED_SUPER] = usb_redir_speed_super,
	};
	const struct descriptors *d = &r->dev.emu->descriptors;
	struct usb_redir_device_connect_header device = { 0 };

	if (!r->hello || r->attached || r->leaving || !r->dev.emu->connected)
		return;
	device_plug(&r->dev);
	device.speed = speeds[d->speed];
	device.device_class = d->device_class;
	device.device_subclass = d->device_subclass;
	device.device_protocol = d->device_protocol;
	device.vendor_id = d->vid;
	device.product_id = d->pid;
	device.device_version_bcd = d->bcd_device;
	redir_send_endpoints(r);
	usbredirparser_send_device_connect(r->parser, &device);
	r->attached = true;
	debug("plugged in");
}

static void detach(struct redir *r)
{
	if (!r->attached)
		return;
	device_deconfigure(&r->dev);
	usbredirparser_send_device_disconnect(r->parser);
	r->leaving = usbredirparser_peer_has_cap(r->parser,
						 usb_redir_cap_device_disconnect_ack);
	r->attached = false;
	r->dev.emu->stat[STAT_DISCONNECTS]++;
	debug("unplugged");
}

static void on_hello(void *priv, struct usb_redir_hello_header *hello)
{
	struct redir *r = priv;

	debug("connected to %.64s", hello->version);
	r->hello = true;
	attach(r);
}

static void on_disconnect_ack(void *priv)
{
	struct redir *r = priv;

	r->leaving = false;
	attach(r);
}

static void on_filter_reject(void *priv)
{
	struct redir *r = priv;

	say("QEMU rejects the device");
	detach(r);
	r->dev.emu->connected = false;
}

static void on_filter_filter(void *priv, struct usbredirfilter_rule *rules,
			     int count)
{
	(void)priv;
	(void)count;
	free(rules);
}

static void new_parser(struct redir *r)
{
	struct usbredirparser *parser = usbredirparser_create();
	uint32_t caps[USB_REDIR_CAPS_SIZE] = { 0 };

	if (!parser) {
		say("out of memory");
		exit(1);
	}
	parser->priv = r;
	parser->log_func = log_message;
	parser->read_func = read_socket;
	parser->write_func = write_socket;
	parser->hello_func = on_hello;
	parser->device_disconnect_ack_func = on_disconnect_ack;
	parser->filter_reject_func = on_filter_reject;
	parser->filter_filter_func = on_filter_filter;
	redir_usb_callbacks(parser);
	redir_bulk_callbacks(parser);

	/* Without the last two QEMU would not queue IN packets ahead. */
	usbredirparser_caps_set_cap(caps, usb_redir_cap_connect_device_version);
	usbredirparser_caps_set_cap(caps, usb_redir_cap_filter);
	usbredirparser_caps_set_cap(caps, usb_redir_cap_device_disconnect_ack);
	usbredirparser_caps_set_cap(caps, usb_redir_cap_64bits_ids);
	usbredirparser_caps_set_cap(caps, usb_redir_cap_ep_info_max_packet_size);
	usbredirparser_caps_set_cap(caps, usb_redir_cap_32bits_bulk_length);
	r->parser = parser;
	usbredirparser_init(parser, "mctp-usb-emu", caps, USB_REDIR_CAPS_SIZE,
			    usbredirparser_fl_usb_host);
}

/* QEMU is gone, and with it the bus. */
static void hang_up(struct redir *r)
{
	pipes_stop(&r->dev, false);
	emu_deconfigured(r->dev.emu);
	if (r->attached)
		r->dev.emu->stat[STAT_DISCONNECTS]++;
	usbredirparser_destroy(r->parser);
	r->parser = NULL;
	close(r->fd);
	r->fd = -1;
	r->hello = false;
	r->attached = false;
	r->leaving = false;
	debug("the connection has ended");
	if (r->listener >= 0)
		return;
	/* unless it is our own end: a script that has not come to its end has failed */
	if (!r->dev.emu->quit && r->dev.emu->script.running)
		answer_error(r->dev.emu, "QEMU has closed the connection");
	r->dev.emu->quit = true;
}

static void try_connect(struct redir *r)
{
	const char *path = socket_path(r->dev.emu->options.connect, "unix");

	r->fd = socket_connect(path);
	if (r->fd >= 0) {
		new_parser(r);
		return;
	}
	if (now_ms() >= r->give_up)
		emu_fail(r->dev.emu, "%s: %s", path, strerror(errno));
	r->next_try = now_ms() + RETRY_MS;
}

static const char *start(struct emu *emu)
{
	struct redir *r = must_alloc(sizeof(*r));
	const char *path;

	emu->fe_data = r;
	r->dev.emu = emu;
	r->dev.bus = &redir_bus;
	r->fd = -1;
	r->listener = -1;
	pipes_start(&r->dev);
	if (emu->options.connect) {
		if (!socket_path(emu->options.connect, "unix"))
			return "--connect takes unix:PATH";
		r->give_up = now_ms() + CONNECT_MS;
		return NULL;
	}
	path = socket_path(emu->options.listen, "unix");
	if (!path)
		return "--listen takes unix:PATH";
	r->listener = socket_listen(path);
	return r->listener < 0 ? strerror(errno) : NULL;
}

static void flush(struct redir *r)
{
	while (r->parser && usbredirparser_has_data_to_write(r->parser)) {
		int before = usbredirparser_has_data_to_write(r->parser);

		if (usbredirparser_do_write(r->parser)) {
			hang_up(r);
			return;
		}
		if (usbredirparser_has_data_to_write(r->parser) == before)
			return;
	}
}

static void stop(struct emu *emu)
{
	struct redir *r = emu->fe_data;

	if (r->parser) {
		detach(r);
		flush(r);
	}
	if (r->parser)
		hang_up(r);
	if (r->listener >= 0) {
		close(r->listener);
		unlink(socket_path(emu->options.listen, "unix"));
	}
	free(r);
	emu->fe_data = NULL;
}

static const char *plug(struct emu *emu)
{
	struct redir *r = emu->fe_data;

	emu->connected = true;
	attach(r);
	return NULL;
}

static const char *unplug(struct emu *emu)
{
	struct redir *r = emu->fe_data;

	emu->connected = false;
	detach(r);
	return NULL;
}

static const char *stall(struct emu *emu, struct port *port, bool in)
{
	struct redir *r = emu->fe_data;

	port_halt(&r->dev, port, in);
	return NULL;
}

static void kick(struct emu *emu)
{
	struct redir *r = emu->fe_data;

	if (r->parser) {
		if (r->dev.unplug)
			unplug(emu);
		r->dev.unplug = false;
		pipes_kick(&r->dev);
		flush(r);
	}
}

static unsigned int poll_add(struct emu *emu, struct pollfd *fds)
{
	struct redir *r = emu->fe_data;

	if (r->fd < 0 && r->listener < 0 && now_ms() >= r->next_try)
		try_connect(r);
	if (r->fd >= 0) {
		fds[0] = (struct pollfd){ r->fd, POLLIN, 0 };
		if (usbredirparser_has_data_to_write(r->parser))
			fds[0].events |= POLLOUT;
		return 1;
	}
	if (r->listener < 0)
		return 0;
	fds[0] = (struct pollfd){ r->listener, POLLIN, 0 };
	return 1;
}

static void poll_done(struct emu *emu, const struct pollfd *fds, unsigned int n)
{
	struct redir *r = emu->fe_data;
	int rc;

	if (!n || !fds[0].revents)
		return;
	if (fds[0].fd == r->listener) {
		r->fd = accept4(r->listener, NULL, NULL,
				SOCK_NONBLOCK | SOCK_CLOEXEC);
		if (r->fd >= 0)
			new_parser(r);
		return;
	}
	if (!(fds[0].revents & ~POLLOUT))
		return;
	do {
		rc = usbredirparser_do_read(r->parser);
	} while (rc == usbredirparser_read_parse_error);
	if (rc == usbredirparser_read_io_error)
		hang_up(r);
}

static long long deadline(struct emu *emu)
{
	struct redir *r = emu->fe_data;

	if (r->fd < 0)
		return r->listener < 0 ? r->next_try : 0;
	return redir_bulk_deadline(r);
}

const struct front_end redir_front_end = {
	.name = "redir",
	.start = start,
	.stop = stop,
	.connect = plug,
	.disconnect = unplug,
	.stall = stall,
	.kick = kick,
	.poll_add = poll_add,
	.poll_done = poll_done,
	.deadline = deadline,
};
