// SPDX-License-Identifier: GPL-2.0
/* The usb-redir front end: requests to endpoint 0, configuration, bus reset. */
#include <endian.h>

#include "redir.h"

static void on_reset(void *priv)
{
	struct redir *r = priv;

	r->dev.emu->stat[STAT_RESETS]++;
	debug("bus reset");
	device_deconfigure(&r->dev);
}

/*
 * Returns false if there is no answer, as to what QEMU has sent before it knew that the device
 * is gone.
 */
static bool control(struct redir *r, const struct usb_ctrlrequest *setup,
		    struct bytes *out, u8 *status)
{
	bool silent;

	*status = usb_redir_stall;
	if (!r->attached)
		return false;
	*status = redir_status(device_control(&r->dev, setup, out, &silent));
	return !silent;
}

/* usb-redir has messages of their own for some requests. Returns as control(). */
static bool request(struct redir *r, u8 type, u8 request, u16 value, u16 index,
		    struct bytes *out, u8 *status)
{
	struct usb_ctrlrequest setup = {
		.bRequestType = type, .bRequest = request,
		.wValue = htole16(value), .wIndex = htole16(index),
		.wLength = htole16(type & USB_DIR_IN ? 1 : 0),
	};

	return control(r, &setup, out, status);
}

static void on_set_configuration(void *priv, uint64_t id,
				 struct usb_redir_set_configuration_header *set)
{
	struct usb_redir_configuration_status_header status = { 0 };
	struct bytes out = { 0 };
	struct redir *r = priv;
	bool answer = request(r, USB_DIR_OUT, USB_REQ_SET_CONFIGURATION,
			      set->configuration, 0, &out, &status.status);

	status.configuration = r->dev.configuration;
	if (status.status == usb_redir_success)
		redir_send_endpoints(r);
	if (answer)
		usbredirparser_send_configuration_status(r->parser, id, &status);
}

static void on_get_configuration(void *priv, uint64_t id)
{
	struct redir *r = priv;
	struct usb_redir_configuration_status_header status = {
		.status = usb_redir_success,
		.configuration = r->dev.configuration,
	};

	usbredirparser_send_configuration_status(r->parser, id, &status);
}

static void on_set_alt(void *priv, uint64_t id,
		       struct usb_redir_set_alt_setting_header *set)
{
	struct usb_redir_alt_setting_status_header status = {
		.interface = set->interface,
	};
	struct bytes out = { 0 };
	struct redir *r = priv;
	bool answer = request(r, USB_RECIP_INTERFACE, USB_REQ_SET_INTERFACE,
			      set->alt, set->interface, &out, &status.status);

	if (status.status == usb_redir_success)
		redir_send_endpoints(r);
	if (answer)
		usbredirparser_send_alt_setting_status(r->parser, id, &status);
}

static void on_get_alt(void *priv, uint64_t id,
		       struct usb_redir_get_alt_setting_header *get)
{
	struct usb_redir_alt_setting_status_header status = {
		.interface = get->interface,
	};
	struct bytes out = { 0 };
	struct redir *r = priv;

	if (request(r, USB_DIR_IN | USB_RECIP_INTERFACE, USB_REQ_GET_INTERFACE,
		    0, get->interface, &out, &status.status))
		usbredirparser_send_alt_setting_status(r->parser, id, &status);
	bytes_free(&out);
}

static void on_control(void *priv, uint64_t id,
		       struct usb_redir_control_packet_header *c,
		       uint8_t *data, int data_len)
{
	struct usb_redir_control_packet_header reply = *c;
	struct usb_ctrlrequest setup = {
		.bRequestType = c->requesttype, .bRequest = c->request,
		.wValue = htole16(c->value), .wIndex = htole16(c->index),
		.wLength = htole16(c->length),
	};
	struct redir *r = priv;
	struct bytes out = { 0 };
	bool in = c->requesttype & USB_DIR_IN;
	bool answer = control(r, &setup, &out, &reply.status);

	reply.length = in ? out.len : (size_t)data_len;
	if (reply.status != usb_redir_success)
		reply.length = 0;
	if (answer)
		usbredirparser_send_control_packet(r->parser, id, &reply,
						   out.data, in ? out.len : 0);
	usbredirparser_free_packet_data(r->parser, data);
	bytes_free(&out);
}

/* Pipes of types that MCTP does not use exist only to be looked at. */
static void on_start_interrupt(void *priv, uint64_t id,
			       struct usb_redir_start_interrupt_receiving_header *start)
{
	struct usb_redir_interrupt_receiving_status_header status = {
		.status = usb_redir_stall, .endpoint = start->endpoint,
	};
	struct redir *r = priv;

	usbredirparser_send_interrupt_receiving_status(r->parser, id, &status);
}

static void on_stop_interrupt(void *priv, uint64_t id,
			      struct usb_redir_stop_interrupt_receiving_header *stop)
{
	struct usb_redir_interrupt_receiving_status_header status = {
		.status = usb_redir_success, .endpoint = stop->endpoint,
	};
	struct redir *r = priv;

	usbredirparser_send_interrupt_receiving_status(r->parser, id, &status);
}

static void on_interrupt(void *priv, uint64_t id,
			 struct usb_redir_interrupt_packet_header *header,
			 uint8_t *data, int data_len)
{
	struct usb_redir_interrupt_packet_header reply = *header;
	struct redir *r = priv;

	(void)data_len;
	reply.status = usb_redir_stall;
	reply.length = 0;
	usbredirparser_send_interrupt_packet(r->parser, id, &reply, NULL, 0);
	usbredirparser_free_packet_data(r->parser, data);
}

static void on_start_iso(void *priv, uint64_t id,
			 struct usb_redir_start_iso_stream_header *start)
{
	struct usb_redir_iso_stream_status_header status = {
		.status = usb_redir_stall, .endpoint = start->endpoint,
	};
	struct redir *r = priv;

	usbredirparser_send_iso_stream_status(r->parser, id, &status);
}

static void on_stop_iso(void *priv, uint64_t id,
			struct usb_redir_stop_iso_stream_header *stop)
{
	struct usb_redir_iso_stream_status_header status = {
		.status = usb_redir_success, .endpoint = stop->endpoint,
	};
	struct redir *r = priv;

	usbredirparser_send_iso_stream_status(r->parser, id, &status);
}

static void on_iso(void *priv, uint64_t id,
		   struct usb_redir_iso_packet_header *header,
		   uint8_t *data, int data_len)
{
	struct redir *r = priv;

	(void)id;
	(void)header;
	(void)data_len;
	usbredirparser_free_packet_data(r->parser, data);
}

void redir_usb_callbacks(struct usbredirparser *parser)
{
	parser->reset_func = on_reset;
	parser->set_configuration_func = on_set_configuration;
	parser->get_configuration_func = on_get_configuration;
	parser->set_alt_setting_func = on_set_alt;
	parser->get_alt_setting_func = on_get_alt;
	parser->control_packet_func = on_control;
	parser->start_interrupt_receiving_func = on_start_interrupt;
	parser->stop_interrupt_receiving_func = on_stop_interrupt;
	parser->interrupt_packet_func = on_interrupt;
	parser->start_iso_stream_func = on_start_iso;
	parser->stop_iso_stream_func = on_stop_iso;
	parser->iso_packet_func = on_iso;
}
