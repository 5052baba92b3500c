/* SPDX-License-Identifier: GPL-2.0 */
/* The usb-redir front end: a device on a QEMU guest's bus. */
#ifndef EMU_REDIR_H
#define EMU_REDIR_H

#include <usbredirparser.h>

#include "emu.h"

/* A bulk packet of the guest's that has no answer yet. */
struct redir_packet {
	struct redir_packet *next;
	__u64 id;
	u32 stream;
	bool doomed;		/* QEMU takes it back, see redir-bulk.c */
	size_t len;		/* asked for (IN), or here (OUT) */
	size_t fill;		/* IN: bytes of the answer so far */
	u8 *data;
};

struct redir_pipe {
	u8 address;
	bool halted;
	long long stall_again;	/* a packet has met the halt, none will before that */
	__u64 stall_id;		/* that packet */
	long long hold_end;	/* nothing before that, see redir-bulk.c */
	struct redir_packet *head, **tail;
	struct transfer *moving;	/* IN: only part of it is taken */
};

struct redir {
	struct usbredirparser *parser;
	struct emu *emu;
	int fd, listener;
	long long give_up;	/* no connection by then is an error */
	long long next_try;
	bool hello;		/* QEMU has told its capabilities */
	bool attached;
	bool leaving;		/* detached, QEMU has not confirmed yet */
	bool unplug;		/* as soon as this packet of QEMU's is dealt with */
	u8 configuration;
	enum usb_speed speed;
	struct redir_pipe in[PORTS_MAX], out[PORTS_MAX];
};

/* redir.c */
void redir_send_endpoints(struct redir *r);

/* redir-usb.c: what the host asks of endpoint 0 */
void redir_usb_callbacks(struct usbredirparser *parser);
void redir_deconfigure(struct redir *r);

/* redir-bulk.c */
void redir_bulk_callbacks(struct usbredirparser *parser);
void redir_bulk_start(struct redir *r);
void redir_bulk_stop(struct redir *r, bool answer);
void redir_bulk_kick(struct redir *r);
long long redir_bulk_deadline(struct redir *r);
struct redir_pipe *redir_pipe(struct redir *r, u8 address);
bool redir_halt(struct redir *r, u8 address, bool halt);

#endif /* EMU_REDIR_H */
