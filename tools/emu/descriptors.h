/* SPDX-License-Identifier: GPL-2.0 */
/* The device's descriptors, right ones by default, any others on demand. */
#ifndef EMU_DESCRIPTORS_H
#define EMU_DESCRIPTORS_H

#include <linux/types.h>

#include "util.h"

#define PORTS_MAX	4
#define ENDPOINTS_MAX	15	/* of each direction, as USB has it */

#define SUBCLASS_1_0	0x00
#define SUBCLASS_SPAN	0x02

enum usb_speed {
	SPEED_FULL,
	SPEED_HIGH,
	SPEED_SUPER,
	USB_SPEEDS,
};

extern const char *const usb_speed_names[USB_SPEEDS];

#define AUTO		(-1)	/* what speed, edition and place ask for */
#define NO_ENDPOINT	(-2)

struct descriptors {
	bool spanning;
	enum usb_speed speed;

	/* device */
	long vid, pid, bcd_usb, bcd_device;
	long device_class, device_subclass, device_protocol, ep0_maxp;
	/* configuration */
	long interfaces, attributes, max_power, truncated;
	/* each MCTP interface */
	long class, subclass, protocol, first_interface, num_endpoints;
	long in_type, in_maxp, in_address, in_interval;
	long out_type, out_maxp, out_address, out_interval;
	long extra_endpoints;
	/* bytes instead of what is made of the above */
	struct bytes raw_device, raw_config;
	/* strings */
	char manufacturer[64], product[64], serial[64], interface[64];
};

/* An endpoint as the descriptors give it. */
struct endpoint_info {
	u8 address, type, interval, interface;
	u16 maxp;
};

void descriptors_init(struct descriptors *d, bool spanning,
		      enum usb_speed speed);
void descriptors_reset(struct descriptors *d);
void descriptors_copy(struct descriptors *to, const struct descriptors *from);
void descriptors_free(struct descriptors *d);
bool descriptors_set(struct descriptors *d, const char *key, const char *value);

unsigned int descriptors_ports(const struct descriptors *d);
unsigned int descriptors_interface(const struct descriptors *d,
				   unsigned int port);
unsigned int descriptors_in_maxp(const struct descriptors *d,
				 enum usb_speed speed);
unsigned int descriptors_out_maxp(const struct descriptors *d,
				  enum usb_speed speed);
u8 descriptors_in_address(const struct descriptors *d, unsigned int port);
u8 descriptors_out_address(const struct descriptors *d, unsigned int port);
bool descriptors_span(const struct descriptors *d);
unsigned int descriptors_endpoints(const struct descriptors *d,
				   struct endpoint_info *info,
				   unsigned int room);

/* The bytes; each appends to @out. */
unsigned int descriptors_put_interface(const struct descriptors *d,
				       unsigned int port, enum usb_speed speed,
				       u8 string, struct bytes *out);
void descriptors_put_device(const struct descriptors *d, struct bytes *out);
void descriptors_put_config(const struct descriptors *d, struct bytes *out);
void descriptors_put_bos(struct bytes *out);
bool descriptors_put_string(const struct descriptors *d, unsigned int index,
			    struct bytes *out);

/* USB ids of what the emulator is, for both front ends. */
#define STRING_MANUFACTURER	1
#define STRING_PRODUCT		2
#define STRING_SERIAL		3
#define STRING_INTERFACE	4

#endif /* EMU_DESCRIPTORS_H */
