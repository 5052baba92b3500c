// SPDX-License-Identifier: GPL-2.0
/* The device's descriptors: their settings and their bytes. */
#include <linux/usb/ch9.h>
#include <stdlib.h>
#include <string.h>

#include "descriptors.h"

/* mctp-usb-emu is nobody's product: Linux Foundation, multifunction gadget. */
#define VID_DEFAULT	0x1d6b
#define PID_DEFAULT	0x0104

const char *const usb_speed_names[USB_SPEEDS] = {
	[SPEED_FULL] = "full", [SPEED_HIGH] = "high", [SPEED_SUPER] = "super",
};

struct number_key {
	const char *name;
	size_t offset;
	long max;
};

#define NUMBER(name, field, max) { name, offsetof(struct descriptors, field), max }

static const struct number_key numbers[] = {
	NUMBER("vid", vid, 0xffff),
	NUMBER("pid", pid, 0xffff),
	NUMBER("bcd-usb", bcd_usb, 0xffff),
	NUMBER("bcd-device", bcd_device, 0xffff),
	NUMBER("device-class", device_class, 0xff),
	NUMBER("device-subclass", device_subclass, 0xff),
	NUMBER("device-protocol", device_protocol, 0xff),
	NUMBER("ep0-maxp", ep0_maxp, 0xff),
	NUMBER("interfaces", interfaces, PORTS_MAX),
	NUMBER("attributes", attributes, 0xff),
	NUMBER("max-power", max_power, 0xff),
	NUMBER("truncated", truncated, 0xffff),
	NUMBER("class", class, 0xff),
	NUMBER("subclass", subclass, 0xff),
	NUMBER("protocol", protocol, 0xff),
	NUMBER("first-interface", first_interface, 0xff),
	NUMBER("num-endpoints", num_endpoints, 0xff),
	NUMBER("in-maxp", in_maxp, 0xffff),
	NUMBER("in-address", in_address, 0xff),
	NUMBER("in-interval", in_interval, 0xff),
	NUMBER("out-maxp", out_maxp, 0xffff),
	NUMBER("out-address", out_address, 0xff),
	NUMBER("out-interval", out_interval, 0xff),
	NUMBER("extra-endpoints", extra_endpoints, 8),
};

struct text_key {
	const char *name;
	size_t offset;
};

static const struct text_key texts[] = {
	{ "manufacturer", offsetof(struct descriptors, manufacturer) },
	{ "product", offsetof(struct descriptors, product) },
	{ "serial", offsetof(struct descriptors, serial) },
	{ "interface-string", offsetof(struct descriptors, interface) },
};

void descriptors_free(struct descriptors *d)
{
	bytes_free(&d->raw_device);
	bytes_free(&d->raw_config);
}

void descriptors_copy(struct descriptors *to, const struct descriptors *from)
{
	descriptors_free(to);
	*to = *from;
	to->raw_device = (struct bytes){ 0 };
	to->raw_config = (struct bytes){ 0 };
	bytes_add(&to->raw_device, from->raw_device.data, from->raw_device.len);
	bytes_add(&to->raw_config, from->raw_config.data, from->raw_config.len);
}

/* Back to right descriptors for this edition and speed. */
void descriptors_reset(struct descriptors *d)
{
	descriptors_free(d);
	*d = (struct descriptors){
		.spanning = d->spanning,
		.speed = d->speed,
		.vid = VID_DEFAULT,
		.pid = PID_DEFAULT,
		.bcd_usb = AUTO,
		.bcd_device = 0x0100,
		.ep0_maxp = AUTO,
		.interfaces = d->interfaces,
		.attributes = USB_CONFIG_ATT_ONE | USB_CONFIG_ATT_SELFPOWER,
		.class = 0x14,
		.subclass = AUTO,
		.protocol = 1,
		.num_endpoints = AUTO,
		.in_type = USB_ENDPOINT_XFER_BULK,
		.in_maxp = AUTO,
		.in_address = AUTO,
		.in_interval = AUTO,
		.out_type = USB_ENDPOINT_XFER_BULK,
		.out_maxp = AUTO,
		.out_address = AUTO,
		.out_interval = AUTO,
		.manufacturer = "mctp-usb",
		.product = "MCTP endpoint emulator",
		.serial = "0",
		.interface = "MCTP",
	};
}

void descriptors_init(struct descriptors *d, bool spanning,
		      enum usb_speed speed)
{
	*d = (struct descriptors){
		.spanning = spanning, .speed = speed, .interfaces = 1,
	};
	descriptors_reset(d);
}

static bool type_set(long *field, const char *value)
{
	static const char *const names[] = { "control", "isoc", "bulk", "interrupt" };
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(names); i++) {
		if (!strcmp(value, names[i])) {
			*field = i;
			return true;
		}
	}
	*field = NO_ENDPOINT;
	return !strcmp(value, "none");
}

static bool raw_set(struct bytes *raw, const char *value)
{
	raw->len = 0;
	return hex_parse(value, raw);
}

static bool number_set(struct descriptors *d, const struct number_key *key,
		       const char *value)
{
	long *field = (long *)((char *)d + key->offset);
	struct descriptors right;
	unsigned long number;

	if (!strcmp(value, "auto")) {
		descriptors_init(&right, d->spanning, d->speed);
		*field = *(long *)((char *)&right + key->offset);
		return true;
	}
	if (!number_parse(value, key->max, &number))
		return false;
	*field = number;
	return true;
}

static bool text_set(struct descriptors *d, const struct text_key *key,
		     const char *value)
{
	if (strlen(value) >= sizeof(d->product))
		return false;
	memcpy((char *)d + key->offset, value, strlen(value) + 1);
	return true;
}

/* Set one field by its name in the command language. */
bool descriptors_set(struct descriptors *d, const char *key, const char *value)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(numbers); i++) {
		if (!strcmp(key, numbers[i].name))
			return number_set(d, &numbers[i], value);
	}
	for (i = 0; i < ARRAY_SIZE(texts); i++) {
		if (!strcmp(key, texts[i].name))
			return text_set(d, &texts[i], value);
	}
	if (!strcmp(key, "in-type"))
		return type_set(&d->in_type, value);
	if (!strcmp(key, "out-type"))
		return type_set(&d->out_type, value);
	if (!strcmp(key, "raw-device"))
		return raw_set(&d->raw_device, value);
	if (!strcmp(key, "raw-config"))
		return raw_set(&d->raw_config, value);
	return false;
}

static long or_auto(long value, long automatic)
{
	return value == AUTO ? automatic : value;
}

static unsigned int bulk_maxp(enum usb_speed speed)
{
	static const unsigned int maxp[] = {
		[SPEED_FULL] = 64, [SPEED_HIGH] = 512, [SPEED_SUPER] = 1024,
	};

	return maxp[speed];
}

unsigned int descriptors_ports(const struct descriptors *d)
{
	return or_auto(d->interfaces, 1);
}

unsigned int descriptors_interface(const struct descriptors *d,
				   unsigned int port)
{
	return or_auto(d->first_interface, 0) + port;
}

unsigned int descriptors_in_maxp(const struct descriptors *d,
				 enum usb_speed speed)
{
	return or_auto(d->in_maxp, bulk_maxp(speed));
}

unsigned int descriptors_out_maxp(const struct descriptors *d,
				  enum usb_speed speed)
{
	return or_auto(d->out_maxp, bulk_maxp(speed));
}

u8 descriptors_in_address(const struct descriptors *d, unsigned int port)
{
	return or_auto(d->in_address, USB_DIR_IN | 1) + port;
}

u8 descriptors_out_address(const struct descriptors *d, unsigned int port)
{
	return or_auto(d->out_address, 1) + port;
}

/* Does the device itself go by 1.1's framing? */
bool descriptors_span(const struct descriptors *d)
{
	return d->spanning;
}

/* Bulk endpoints have none; for others 4 is sane at all speeds. */
static u8 interval(long value, long type)
{
	return or_auto(value, type == USB_ENDPOINT_XFER_BULK ? 0 : 4);
}

/* The endpoints of one interface; extra ones are bulk, IN and OUT in turn. */
static unsigned int interface_endpoints(const struct descriptors *d,
					unsigned int port, enum usb_speed speed,
					struct endpoint_info *info)
{
	unsigned int ports = descriptors_ports(d);
	unsigned int interface = descriptors_interface(d, port);
	unsigned int n = 0;
	long i;

	if (d->in_type != NO_ENDPOINT)
		info[n++] = (struct endpoint_info){
			.address = descriptors_in_address(d, port),
			.type = d->in_type,
			.interval = interval(d->in_interval, d->in_type),
			.interface = interface,
			.maxp = descriptors_in_maxp(d, speed),
		};
	if (d->out_type != NO_ENDPOINT)
		info[n++] = (struct endpoint_info){
			.address = descriptors_out_address(d, port),
			.type = d->out_type,
			.interval = interval(d->out_interval, d->out_type),
			.interface = interface,
			.maxp = descriptors_out_maxp(d, speed),
		};
	for (i = 0; i < d->extra_endpoints; i++)
		info[n++] = (struct endpoint_info){
			.address = (i & 1 ? 0 : USB_DIR_IN) |
				   ((1 + ports + i / 2 +
				     port * (d->extra_endpoints + 1) / 2) & 15),
			.type = USB_ENDPOINT_XFER_BULK,
			.interface = interface,
			.maxp = bulk_maxp(speed),
		};
	return n;
}

#define INTERFACE_ENDPOINTS	10	/* two and 8 extra ones */

/* All endpoints of the device. */
unsigned int descriptors_endpoints(const struct descriptors *d,
				   struct endpoint_info *info, unsigned int room)
{
	struct endpoint_info some[INTERFACE_ENDPOINTS];
	unsigned int port, i, n, total = 0;

	for (port = 0; port < descriptors_ports(d); port++) {
		n = interface_endpoints(d, port, d->speed, some);
		for (i = 0; i < n && total < room; i++)
			info[total++] = some[i];
	}
	return total;
}

static void put16(struct bytes *out, unsigned int value)
{
	u8 le[] = { value & 0xff, value >> 8 };

	bytes_add(out, le, sizeof(le));
}

static void put_endpoint(const struct endpoint_info *info, enum usb_speed speed,
			 struct bytes *out)
{
	static const u8 companion[] = {
		USB_DT_SS_EP_COMP_SIZE, USB_DT_SS_ENDPOINT_COMP, 0, 0, 0, 0,
	};
	u8 head[] = {
		USB_DT_ENDPOINT_SIZE, USB_DT_ENDPOINT, info->address, info->type,
	};

	bytes_add(out, head, sizeof(head));
	put16(out, info->maxp);
	bytes_add(out, &info->interval, 1);
	if (speed == SPEED_SUPER)
		bytes_add(out, companion, sizeof(companion));
}

/*
 * Interface descriptor and all below it, as it is at @speed; @string is where
 * its name will be. Returns how many descriptors that are.
 */
unsigned int descriptors_put_interface(const struct descriptors *d,
				       unsigned int port, enum usb_speed speed,
				       u8 string, struct bytes *out)
{
	struct endpoint_info info[INTERFACE_ENDPOINTS];
	unsigned int i, n = interface_endpoints(d, port, speed, info);
	u8 interface[] = {
		USB_DT_INTERFACE_SIZE, USB_DT_INTERFACE,
		descriptors_interface(d, port), 0,
		or_auto(d->num_endpoints, n), d->class,
		or_auto(d->subclass, d->spanning ? SUBCLASS_SPAN : SUBCLASS_1_0),
		d->protocol, *d->interface ? string : 0,
	};

	bytes_add(out, interface, sizeof(interface));
	for (i = 0; i < n; i++)
		put_endpoint(&info[i], speed, out);
	return 1 + n * (speed == SPEED_SUPER ? 2 : 1);
}

void descriptors_put_device(const struct descriptors *d, struct bytes *out)
{
	static const unsigned int bcd_usb[] = {
		[SPEED_FULL] = 0x0200, [SPEED_HIGH] = 0x0200,
		[SPEED_SUPER] = 0x0300,
	};
	u8 head[] = { USB_DT_DEVICE_SIZE, USB_DT_DEVICE };
	/* SuperSpeed gives the packet size of endpoint 0 as a power of two. */
	u8 class[] = {
		d->device_class, d->device_subclass, d->device_protocol,
		or_auto(d->ep0_maxp, d->speed == SPEED_SUPER ? 9 : 64),
	};
	u8 tail[] = {
		*d->manufacturer ? STRING_MANUFACTURER : 0,
		*d->product ? STRING_PRODUCT : 0,
		*d->serial ? STRING_SERIAL : 0,
		1,
	};

	if (d->raw_device.len) {
		bytes_add(out, d->raw_device.data, d->raw_device.len);
		return;
	}
	bytes_add(out, head, sizeof(head));
	put16(out, or_auto(d->bcd_usb, bcd_usb[d->speed]));
	bytes_add(out, class, sizeof(class));
	put16(out, d->vid);
	put16(out, d->pid);
	put16(out, d->bcd_device);
	bytes_add(out, tail, sizeof(tail));
}

void descriptors_put_config(const struct descriptors *d, struct bytes *out)
{
	unsigned int port, ports = descriptors_ports(d);
	size_t start = out->len;
	u8 head[] = {
		USB_DT_CONFIG_SIZE, USB_DT_CONFIG, 0, 0, ports, 1, 0,
		d->attributes, d->max_power,
	};
	size_t len;

	if (d->raw_config.len) {
		bytes_add(out, d->raw_config.data, d->raw_config.len);
		return;
	}
	bytes_add(out, head, sizeof(head));
	for (port = 0; port < ports; port++)
		descriptors_put_interface(d, port, d->speed, STRING_INTERFACE, out);

	len = out->len - start;
	if (d->truncated > 0)
		len -= (size_t)d->truncated < len ? (size_t)d->truncated : len;
	out->len = start + len;
	if (len >= 4) {
		out->data[start + 2] = len & 0xff;
		out->data[start + 3] = len >> 8;
	}
}

/* SuperSpeed hosts want to know that, and that the lower speeds work too. */
void descriptors_put_bos(struct bytes *out)
{
	static const u8 bos[] = {
		USB_DT_BOS_SIZE, USB_DT_BOS, 22, 0, 2,
		/* USB 2.0 extension: no link power management */
		7, USB_DT_DEVICE_CAPABILITY, USB_CAP_TYPE_EXT, 0, 0, 0, 0,
		/* SuperSpeed: full, high and super speed; latencies */
		10, USB_DT_DEVICE_CAPABILITY, USB_SS_CAP_TYPE, 0, 0x0e, 0,
		1, 1, 0xff, 0x01,
	};

	bytes_add(out, bos, sizeof(bos));
}

/* String descriptor @index, or false if there is none. */
bool descriptors_put_string(const struct descriptors *d, unsigned int index,
			    struct bytes *out)
{
	const char *const text[] = {
		[STRING_MANUFACTURER] = d->manufacturer,
		[STRING_PRODUCT] = d->product,
		[STRING_SERIAL] = d->serial,
		[STRING_INTERFACE] = d->interface,
	};
	static const u8 languages[] = { 4, USB_DT_STRING, 0x09, 0x04 };
	const char *c;

	if (!index) {
		bytes_add(out, languages, sizeof(languages));
		return true;
	}
	if (index >= ARRAY_SIZE(text) || !*text[index])
		return false;
	put16(out, (2 + 2 * strlen(text[index])) | USB_DT_STRING << 8);
	for (c = text[index]; *c; c++)
		put16(out, (unsigned char)*c);
	return true;
}
