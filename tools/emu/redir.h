/* SPDX-License-Identifier: GPL-2.0 */
/* The usb-redir front end: a device on a QEMU guest's bus. */
#ifndef EMU_REDIR_H
#define EMU_REDIR_H

#include <usbredirparser.h>

#include "device.h"

struct redir {
	struct device dev;
	struct usbredirparser *parser;
	int fd, listener;
	long long give_up;	/* no connection by then is an error */
	long long next_try;
	bool hello;		/* QEMU has told its capabilities */
	bool attached;
	bool leaving;		/* detached, QEMU has not confirmed yet */
};

/* redir.c */
void redir_send_endpoints(struct redir *r);

/* redir-usb.c: what the host asks of endpoint 0 */
void redir_usb_callbacks(struct usbredirparser *parser);

/* redir-bulk.c */
extern const struct bus redir_bus;
void redir_bulk_callbacks(struct usbredirparser *parser);
long long redir_bulk_deadline(struct redir *r);
u8 redir_status(enum usb_answer how);

#endif /* EMU_REDIR_H */
