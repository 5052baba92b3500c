/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The device as a host controller sees it: endpoint 0, a configuration, bulk pipes.
 * For front ends that are handed each transfer of the host's: redir and usbip.
 */
#ifndef EMU_DEVICE_H
#define EMU_DEVICE_H

#include <linux/usb/ch9.h>

#include "emu.h"

enum usb_answer {
	ANSWER_GOOD,
	ANSWER_STALL,
	ANSWER_ERROR,		/* of the transaction */
	ANSWER_BABBLE,
	ANSWER_CANCELLED,	/* taken back by the host, or by a reset */
	USB_ANSWERS,
};

/* A bulk transfer of the host's that has no answer yet. */
struct request {
	struct request *next;
	__u64 id;
	u32 stream;
	bool doomed;		/* QEMU takes it back, see redir-bulk.c */
	bool zlp;		/* OUT: ended by a zero-length packet if it must be */
	size_t len;		/* asked for (IN), or here (OUT) */
	size_t fill;		/* IN: bytes of the answer so far */
	u8 data[];
};

struct pipe {
	struct port *port;
	u8 address;
	bool halted;
	struct request *head, **tail;
	struct transfer *moving;	/* IN: only part of it is taken */
	/* for redir, see redir-bulk.c */
	long long stall_again;	/* a request has met the halt, none will before that */
	__u64 stall_id;		/* that request */
	long long hold_end;	/* nothing before that */
};

struct device;

/* What a front end does, and knows of its host's ways */
struct bus {
	void (*answer)(struct device *dev, const struct pipe *pipe,
		       const struct request *q, enum usb_answer how);
	/* May the pipe's first request be served? There is one then. */
	bool (*ready)(struct device *dev, struct pipe *pipe);
	/* Let what waits at a halted pipe meet the halt. */
	void (*serve_halted)(struct device *dev, struct pipe *pipe);
	/* A request has just failed; may be NULL. */
	void (*failed)(struct pipe *pipe);
};

struct device {
	struct emu *emu;
	const struct bus *bus;
	bool unplug;		/* as soon as what is at hand is dealt with */
	u8 configuration;
	enum usb_speed speed;
	struct pipe in[PORTS_MAX], out[PORTS_MAX];
};

/* device.c */
enum usb_answer device_control(struct device *dev,
			       const struct usb_ctrlrequest *setup,
			       struct bytes *out, bool *silent);
void device_plug(struct device *dev);
void device_deconfigure(struct device *dev);

/* pipe.c */
void pipes_start(struct device *dev);
void pipes_stop(struct device *dev, bool answer);
void pipes_kick(struct device *dev);
struct pipe *pipe_find(struct device *dev, u8 address);
bool pipe_halt(struct device *dev, u8 address, bool halt);
void port_halt(struct device *dev, const struct port *port, bool in);
void pipe_add(struct pipe *pipe, struct request *q);
struct request *pipe_shift(struct pipe *pipe);
void pipe_answer(struct device *dev, const struct pipe *pipe,
		 struct request *q, enum usb_answer how);
struct request *pipes_take_back(struct device *dev, __u64 id,
				struct pipe **pipe);

#endif /* EMU_DEVICE_H */
