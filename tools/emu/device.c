// SPDX-License-Identifier: GPL-2.0
/* The device: requests to endpoint 0, configuration. */
#include <endian.h>

#include "device.h"

/* The device is about to be plugged in. */
void device_plug(struct device *dev)
{
	emu_plugging(dev->emu);
	dev->speed = dev->emu->descriptors.speed;
	dev->unplug = false;
	pipes_start(dev);
}

/* Forget the configuration and answer what is still unanswered. */
void device_deconfigure(struct device *dev)
{
	dev->configuration = 0;
	pipes_stop(dev, true);
	emu_deconfigured(dev->emu);
}

/* What is to become of this control transfer? */
static enum control_fault control_fault(struct emu *emu)
{
	if (!emu->control_fault_in || --emu->control_fault_in)
		return CONTROL_FINE;
	return emu->control_fault;
}

static bool known_interface(const struct device *dev, u16 interface)
{
	unsigned int first = descriptors_interface(&dev->emu->descriptors, 0);

	return dev->configuration && interface >= first &&
	       interface < first + dev->emu->ports;
}

static bool set_configuration(struct device *dev, u16 value)
{
	if (value > 1)
		return false;
	device_deconfigure(dev);
	dev->configuration = value;
	if (value)
		emu_configured(dev->emu, dev->speed);
	return true;
}

/* Selecting an alternate setting ends halts on the interface's pipes. */
static bool set_interface(struct device *dev, u16 setting, u16 interface)
{
	unsigned int port;

	dev->emu->stat[STAT_SET_INTERFACES]++;
	if (!known_interface(dev, interface) || setting)
		return false;
	port = interface - descriptors_interface(&dev->emu->descriptors, 0);
	pipe_halt(dev, dev->in[port].address, false);
	pipe_halt(dev, dev->out[port].address, false);
	return true;
}

/* The device qualifier or other-speed configuration is for high speed only. */
static bool get_descriptor(struct device *dev, unsigned int type,
			   unsigned int index, struct bytes *out)
{
	const struct descriptors *d = &dev->emu->descriptors;

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

static bool get_status(struct device *dev, u8 recipient, u16 index,
		       struct bytes *out)
{
	struct pipe *pipe;
	u8 status[2] = { 0 };

	switch (recipient) {
	case USB_RECIP_DEVICE:
		status[0] = dev->emu->descriptors.attributes &
			    USB_CONFIG_ATT_SELFPOWER ? 1 : 0;
		break;
	case USB_RECIP_INTERFACE:
		if (!known_interface(dev, index))
			return false;
		break;
	case USB_RECIP_ENDPOINT:
		pipe = pipe_find(dev, index);
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
static bool feature(struct device *dev, u8 recipient, u16 value, u16 index,
		    bool on)
{
	if (recipient == USB_RECIP_DEVICE || recipient == USB_RECIP_INTERFACE)
		return dev->speed == SPEED_SUPER;	/* U1, U2, function suspend */
	if (recipient != USB_RECIP_ENDPOINT || value != USB_ENDPOINT_HALT)
		return false;
	if (!pipe_find(dev, index))
		return !(index & USB_ENDPOINT_NUMBER_MASK);
	pipe_halt(dev, index, on);
	return true;
}

/* Run a standard request. False stalls it. */
static bool standard(struct device *dev, const struct usb_ctrlrequest *setup,
		     struct bytes *out)
{
	u8 recipient = setup->bRequestType & USB_RECIP_MASK, zero = 0;
	u16 value = le16toh(setup->wValue), index = le16toh(setup->wIndex);

	if ((setup->bRequestType & USB_TYPE_MASK) != USB_TYPE_STANDARD)
		return false;
	switch (setup->bRequest) {
	case USB_REQ_SET_CONFIGURATION:
		return set_configuration(dev, value);
	case USB_REQ_GET_CONFIGURATION:
		bytes_add(out, &dev->configuration, 1);
		return true;
	case USB_REQ_SET_INTERFACE:
		return set_interface(dev, value, index);
	case USB_REQ_GET_INTERFACE:
		bytes_add(out, &zero, 1);
		return known_interface(dev, index);
	case USB_REQ_GET_DESCRIPTOR:
		return recipient == USB_RECIP_DEVICE &&
		       get_descriptor(dev, value >> 8, value & 0xff, out);
	case USB_REQ_GET_STATUS:
		return get_status(dev, recipient, index, out);
	case USB_REQ_CLEAR_FEATURE:
	case USB_REQ_SET_FEATURE:
		return feature(dev, recipient, value, index,
			       setup->bRequest == USB_REQ_SET_FEATURE);
	case USB_REQ_SET_SEL:
	case USB_REQ_SET_ISOCH_DELAY:
		return dev->speed == SPEED_SUPER;
	default:
		return false;
	}
}

static void spoil(enum control_fault fault, struct bytes *out)
{
	size_t i;

	if (fault == CONTROL_SHORT)
		out->len /= 2;
	for (i = 0; fault == CONTROL_NOISE && i < out->len; i++)
		out->data[i] ^= 0x5a + i;
}

/**
 * device_control() - a control transfer of the host's
 * @dev: the device
 * @setup: its first stage
 * @out: where the data of an answer go
 * @silent: set if the host is to get no answer at all
 *
 * Return: what to answer
 */
enum usb_answer device_control(struct device *dev,
			       const struct usb_ctrlrequest *setup,
			       struct bytes *out, bool *silent)
{
	enum control_fault fault = control_fault(dev->emu);

	dev->emu->stat[STAT_USB_CONTROLS]++;
	dev->unplug |= fault == CONTROL_UNPLUG;
	*silent = fault == CONTROL_UNPLUG || fault == CONTROL_SILENT;
	if (fault == CONTROL_STALL || !standard(dev, setup, out)) {
		dev->emu->stat[STAT_USB_CONTROL_STALLS]++;
		out->len = 0;
		return ANSWER_STALL;
	}
	if (out->len > le16toh(setup->wLength))
		out->len = le16toh(setup->wLength);
	spoil(fault, out);
	return ANSWER_GOOD;
}
