// SPDX-License-Identifier: GPL-2.0
/* The usb-redir front end: requests to endpoint 0, configuration, bus reset. */
#include <linux/usb/ch9.h>
#include <string.h>

#include "redir.h"

/* Forget the configuration and answer what is still unanswered. */
void redir_deconfigure(struct redir *r)
{
	r->configuration = 0;
	redir_bulk_stop(r, true);
	emu_deconfigured(r->emu);
}

static void on_reset(void *priv)
{
	struct redir *r = priv;

	r->emu->stat[STAT_RESETS]++;
	debug("bus reset");
	redir_deconfigure(r);
}

/* What is to become of this control transfer? */
static enum control_fault control_fault(struct emu *emu)
{
	if (!emu->control_fault_in || --emu->control_fault_in)
		return CONTROL_FINE;
	return emu->control_fault;
}

static void on_set_configuration(void *priv, uint64_t id,
				 struct usb_redir_set_configuration_header *set)
{
	struct usb_redir_configuration_status_header status = {
		.status = usb_redir_success,
		.configuration = set->configuration,
	};
	struct redir *r = priv;
	enum control_fault fault = control_fault(r->emu);

	r->unplug |= fault == CONTROL_UNPLUG;
	if (set->configuration > 1 || fault == CONTROL_STALL) {
		status.status = usb_redir_stall;
		status.configuration = r->configuration;
	} else {
		redir_deconfigure(r);
		r->configuration = set->configuration;
		redir_send_endpoints(r);
		if (set->configuration)
			emu_configured(r->emu, r->speed);
	}
	if (fault != CONTROL_SILENT)
		usbredirparser_send_configuration_status(r->parser, id, &status);
}

static void on_get_configuration(void *priv, uint64_t id)
{
	struct redir *r = priv;
	struct usb_redir_configuration_status_header status = {
		.status = usb_redir_success,
		.configuration = r->configuration,
	};

	usbredirparser_send_configuration_status(r->parser, id, &status);
}

static bool known_interface(const struct redir *r, u8 interface)
{
	unsigned int first = descriptors_interface(&r->emu->descriptors, 0);

	return r->configuration && interface >= first &&
	       interface < first + r->emu->ports;
}

/* Selecting an alternate setting ends halts on the interface's pipes. */
static void on_set_alt(void *priv, uint64_t id,
		       struct usb_redir_set_alt_setting_header *set)
{
	struct usb_redir_alt_setting_status_header status = {
		.status = usb_redir_success, .interface = set->interface,
	};
	struct redir *r = priv;

	r->emu->stat[STAT_SET_INTERFACES]++;
	if (!known_interface(r, set->interface) || set->alt) {
		status.status = usb_redir_stall;
	} else {
		unsigned int port = set->interface -
			descriptors_interface(&r->emu->descriptors, 0);

		redir_halt(r, r->in[port].address, false);
		redir_halt(r, r->out[port].address, false);
		redir_send_endpoints(r);
	}
	usbredirparser_send_alt_setting_status(r->parser, id, &status);
}

static void on_get_alt(void *priv, uint64_t id,
		       struct usb_redir_get_alt_setting_header *get)
{
	struct redir *r = priv;
	struct usb_redir_alt_setting_status_header status = {
		.status = known_interface(r, get->interface) ?
			  usb_redir_success : usb_redir_stall,
		.interface = get->interface,
	};

	usbredirparser_send_alt_setting_status(r->parser, id, &status);
}

/* The device qualifier or other-speed configuration is for high speed only. */
static bool get_descriptor(struct redir *r, unsigned int type,
			   unsigned int index, struct bytes *out)
{
	const struct descriptors *d = &r->emu->descriptors;

	switch (type) {
	case USB_DT_DEVICE:
		descriptors_put_device(d, out);
		return true;
	case USB_DT_CONFIG:
		if (index)
			return false;
		descriptors_put_config(d, out);
		return true;
	case USB_DT_STRING:
		return descriptors_put_string(d, index, out);
	case USB_DT_BOS:
		if (d->speed != SPEED_SUPER)
			return false;
		descriptors_put_bos(out);
		return true;
	default:
		return false;
	}
}

static bool get_status(struct redir *r, u8 recipient, u16 index,
		       struct bytes *out)
{
	struct redir_pipe *pipe;
	u8 status[2] = { 0 };

	switch (recipient) {
	case USB_RECIP_DEVICE:
		status[0] = r->emu->descriptors.attributes &
			    USB_CONFIG_ATT_SELFPOWER ? 1 : 0;
		break;
	case USB_RECIP_INTERFACE:
		if (!known_interface(r, index))
			return false;
		break;
	case USB_RECIP_ENDPOINT:
		pipe = redir_pipe(r, index);
		if (!pipe && index & USB_ENDPOINT_NUMBER_MASK)
			return false;
		status[0] = pipe && pipe->halted;
		break;
	default:
		return false;
	}
	bytes_add(out, status, sizeof(status));
	return true;
}

/* Halts are the only feature we have; a host may set and clear them. */
static bool feature(struct redir *r, u8 recipient, u16 value, u16 index, bool on)
{
	if (recipient == USB_RECIP_DEVICE || recipient == USB_RECIP_INTERFACE)
		return r->speed == SPEED_SUPER;	/* U1, U2, function suspend */
	if (recipient != USB_RECIP_ENDPOINT || value != USB_ENDPOINT_HALT)
		return false;
	if (!redir_pipe(r, index))
		return !(index & USB_ENDPOINT_NUMBER_MASK);
	redir_halt(r, index, on);
	return true;
}

/* Run a standard request. False stalls it. */
static bool standard(struct redir *r,
		     const struct usb_redir_control_packet_header *c,
		     struct bytes *out)
{
	u8 recipient = c->requesttype & USB_RECIP_MASK;

	if ((c->requesttype & USB_TYPE_MASK) != USB_TYPE_STANDARD)
		return false;
	switch (c->request) {
	case USB_REQ_GET_DESCRIPTOR:
		return recipient == USB_RECIP_DEVICE &&
		       get_descriptor(r, c->value >> 8, c->value & 0xff, out);
	case USB_REQ_GET_STATUS:
		return get_status(r, recipient, c->index, out);
	case USB_REQ_CLEAR_FEATURE:
	case USB_REQ_SET_FEATURE:
		return feature(r, recipient, c->value, c->index,
			       c->request == USB_REQ_SET_FEATURE);
	case USB_REQ_SET_SEL:
	case USB_REQ_SET_ISOCH_DELAY:
		return r->speed == SPEED_SUPER;
	default:
		return false;
	}
}

/* Return: whether that is all of an answer */
static bool spoil(struct redir *r, enum control_fault fault, struct bytes *out)
{
	size_t i;

	switch (fault) {
	case CONTROL_UNPLUG:
		r->unplug = true;
		return true;
	case CONTROL_SILENT:
		return true;
	case CONTROL_SHORT:
		out->len /= 2;
		return false;
	case CONTROL_NOISE:
		for (i = 0; i < out->len; i++)
			out->data[i] ^= 0x5a + i;
		return false;
	default:
		return false;
	}
}

static void on_control(void *priv, uint64_t id,
		       struct usb_redir_control_packet_header *c,
		       uint8_t *data, int data_len)
{
	struct usb_redir_control_packet_header reply = *c;
	struct redir *r = priv;
	struct bytes out = { 0 };
	bool in = c->requesttype & USB_DIR_IN, silent = false;
	enum control_fault fault = control_fault(r->emu);

	r->emu->stat[STAT_USB_CONTROLS]++;
	reply.status = usb_redir_success;
	if (!standard(r, c, &out) || fault == CONTROL_STALL) {
		r->emu->stat[STAT_USB_CONTROL_STALLS]++;
		reply.status = usb_redir_stall;
		reply.length = 0;
		out.len = 0;
	} else if (in) {
		if (out.len > c->length)
			out.len = c->length;
		silent = spoil(r, fault, &out);
		reply.length = out.len;
	} else {
		silent = spoil(r, fault, &out);
		reply.length = data_len;
		out.len = 0;
	}
	if (!silent)
		usbredirparser_send_control_packet(r->parser, id, &reply,
						   out.data, out.len);
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
