// SPDX-License-Identifier: GPL-2.0
/* A host's side of usb-redir, for bus-fuzz.c: QEMU's part. */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <usbredirparser.h>

#include "bus-fuzz.h"

const char *const bus_name = "redir";

static struct usbredirparser *parser;

static void log_message(void *priv, int level, const char *text)
{
	(void)priv;
	if (level <= usbredirparser_warning)
		printf("# %s\n", text);
}

static int read_socket(void *priv, uint8_t *data, int count)
{
	ssize_t n = read(host.fd, data, count);

	(void)priv;
	return n < 0 && errno == EAGAIN ? 0 : n > 0 ? n : -1;
}

static int write_socket(void *priv, uint8_t *data, int count)
{
	ssize_t n = write(host.fd, data, count);

	(void)priv;
	return n < 0 && errno == EAGAIN ? 0 : n;
}

static void on_hello(void *priv, struct usb_redir_hello_header *h)
{
	(void)priv;
	(void)h;
}

static void on_connect(void *priv, struct usb_redir_device_connect_header *h)
{
	(void)priv;
	(void)h;
	host.plugged = true;
	host.configured = false;
	host.in_flight = 0;
}

static void on_disconnect(void *priv)
{
	(void)priv;
	unplugged();
}

static void on_interfaces(void *priv, struct usb_redir_interface_info_header *h)
{
	(void)priv;
	(void)h;
}

static void on_endpoints(void *priv, struct usb_redir_ep_info_header *h)
{
	(void)priv;
	(void)h;
}

static void on_configuration(void *priv, uint64_t id,
			     struct usb_redir_configuration_status_header *h)
{
	(void)priv;
	(void)id;
	host.configured = h->status == usb_redir_success && h->configuration == 1;
}

static void on_control(void *priv, uint64_t id,
		       struct usb_redir_control_packet_header *h, uint8_t *data,
		       int len)
{
	(void)priv;
	(void)id;
	control_answer(h->status == usb_redir_stall, data, len);
	usbredirparser_free_packet_data(parser, data);
}

static void on_bulk(void *priv, uint64_t id,
		    struct usb_redir_bulk_packet_header *h, uint8_t *data, int len)
{
	(void)priv;
	(void)len;
	in_answer(id, h->status != usb_redir_success && h->status != usb_redir_cancelled);
	usbredirparser_free_packet_data(parser, data);
}

static void on_streams(void *priv, uint64_t id,
		       struct usb_redir_bulk_streams_status_header *h)
{
	(void)priv;
	(void)id;
	(void)h;
}

void bus_control(const struct setup *setup)
{
	struct usb_redir_control_packet_header h = {
		.endpoint = setup->type & 0x80, .request = setup->request,
		.requesttype = setup->type, .value = setup->value,
		.index = setup->index, .length = setup->len,
	};

	usbredirparser_send_control_packet(parser, ++host.next_id, &h, NULL, 0);
}

void bus_configure(void)
{
	struct usb_redir_set_configuration_header h = { .configuration = 1 };

	usbredirparser_send_set_configuration(parser, ++host.next_id, &h);
}

void bus_request_in(uint64_t id)
{
	struct usb_redir_bulk_packet_header h = {
		.endpoint = IN_ADDRESS, .length = IN_LEN,
	};

	usbredirparser_send_bulk_packet(parser, id, &h, NULL, 0);
}

/* A transfer of no bytes */
void bus_request_out(uint64_t id, unsigned int ep)
{
	struct usb_redir_bulk_packet_header h = { .endpoint = ep };

	usbredirparser_send_bulk_packet(parser, id, &h, NULL, 0);
}

void bus_cancel(uint64_t id)
{
	usbredirparser_send_cancel_data_packet(parser, id);
}

/* About streams, which the emulator has not said it knows: by hand, no parser sends that. */
void bus_odd(void)
{
	static const uint32_t types[] = {
		usb_redir_alloc_bulk_streams, usb_redir_free_bulk_streams,
	};
	unsigned char bytes[24];
	uint32_t len;
	unsigned int i;

	for (i = 0; i < 2; i++) {
		len = types[i] == usb_redir_alloc_bulk_streams ? 8 : 4;
		memset(bytes, 1, sizeof(bytes));
		memcpy(bytes, &types[i], 4);
		memcpy(bytes + 4, &len, 4);
		if (write(host.fd, bytes, 16 + len) != (ssize_t)(16 + len))
			give_up("cannot send");
	}
}

void bus_step(int ms)
{
	struct pollfd pfd = { host.fd, POLLIN, 0 };

	while (usbredirparser_has_data_to_write(parser))
		if (usbredirparser_do_write(parser))
			give_up("the emulator is gone");
	if (poll(&pfd, 1, ms) > 0 && usbredirparser_do_read(parser))
		give_up("the emulator is gone, or talks nonsense");
}

void bus_start(void)
{
	uint32_t caps[USB_REDIR_CAPS_SIZE] = { 0 };
	struct usbredirparser *p = usbredirparser_create();

	host.fd = accept4(host.listener, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);
	close(host.listener);
	p->log_func = log_message;
	p->read_func = read_socket;
	p->write_func = write_socket;
	p->hello_func = on_hello;
	p->device_connect_func = on_connect;
	p->device_disconnect_func = on_disconnect;
	p->interface_info_func = on_interfaces;
	p->ep_info_func = on_endpoints;
	p->configuration_status_func = on_configuration;
	p->control_packet_func = on_control;
	p->bulk_packet_func = on_bulk;
	p->bulk_streams_status_func = on_streams;
	usbredirparser_caps_set_cap(caps, usb_redir_cap_connect_device_version);
	usbredirparser_caps_set_cap(caps, usb_redir_cap_device_disconnect_ack);
	usbredirparser_caps_set_cap(caps, usb_redir_cap_ep_info_max_packet_size);
	usbredirparser_caps_set_cap(caps, usb_redir_cap_64bits_ids);
	usbredirparser_caps_set_cap(caps, usb_redir_cap_32bits_bulk_length);
	usbredirparser_init(p, "redir-fuzz", caps, USB_REDIR_CAPS_SIZE, 0);
	parser = p;
}
