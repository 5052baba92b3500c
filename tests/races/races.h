/* SPDX-License-Identifier: GPL-2.0 */
/* What happens to a link, for mctp-races. */
#ifndef RACES_H
#define RACES_H

#include <stdbool.h>
#include <stddef.h>
#include <linux/types.h>

#include "../vm/tools/sysfs.h"
#include "where.h"

#define DRIVER "/sys/bus/usb/drivers/mctp-usb/"

struct race_op {
	const char *name;
	bool (*run)(void);	/* true if it happened */
};

extern const struct race_op race_ops[];
extern const size_t race_op_count;

enum traffic { PACKETS_SENT, ECHOES, CARES, PACKETS_SEEN, TRAFFIC_KINDS };

/* traffic, each until the race is over */
void send_packets(void);
void exchange_messages(void);
void keep_up(void);
void look_around(void);

bool racing(void);
void went_well(enum traffic what);
unsigned int dice(unsigned int sides);
void pause_us(unsigned int most);
bool endpoint(const char *command);
void endpoint_hold(bool hold);
bool load_driver(void);

#endif /* RACES_H */
