// SPDX-License-Identifier: GPL-2.0
/* The gadget front end: FunctionFS' events, plugging in and out. */
#include <errno.h>
#include <linux/usb/functionfs.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "gadget.h"

#define EVENTS	8

static void deconfigured(struct gadget *g)
{
	aio_forget(g);
	emu_deconfigured(g->emu);
}

/*
 * All that the host may ask of an endpoint or interface the kernel answers for
 * us; what gets here is class or vendor requests, and there are none. I/O in the
 * wrong direction stalls them.
 */
static void stall_control(struct gadget *g, const struct usb_ctrlrequest *setup)
{
	ssize_t rc;
	u8 byte = 0;

	g->emu->stat[STAT_USB_CONTROLS]++;
	g->emu->stat[STAT_USB_CONTROL_STALLS]++;
	if (setup->bRequestType & USB_DIR_IN)
		rc = read(g->ep0, &byte, 1);
	else
		rc = write(g->ep0, &byte, 1);
	if (rc >= 0 || errno != EL2HLT)
		debug("stalling a control request: %s", strerror(errno));
}

static void on_event(struct gadget *g, const struct usb_functionfs_event *event)
{
	struct emu *emu = g->emu;

	switch (event->type) {
	case FUNCTIONFS_ENABLE:
		emu_configured(emu, gadget_speed(g));
		break;
	case FUNCTIONFS_DISABLE:
	case FUNCTIONFS_UNBIND:
		deconfigured(g);
		break;
	case FUNCTIONFS_SETUP:
		stall_control(g, &event->u.setup);
		break;
	case FUNCTIONFS_SUSPEND:
		emu->stat[STAT_SUSPENDS]++;
		break;
	case FUNCTIONFS_RESUME:
		emu->stat[STAT_RESUMES]++;
		break;
	}
}

static void read_events(struct gadget *g)
{
	struct usb_functionfs_event events[EVENTS];
	ssize_t n = read(g->ep0, events, sizeof(events));
	size_t i;

	if (n < 0 && errno != EAGAIN && errno != EIDRM && errno != EINTR)
		emu_fail(g->emu, "%s", failed("ep0"));
	for (i = 0; n > 0 && i < n / sizeof(events[0]); i++)
		on_event(g, &events[i]);
}

static const char *plug(struct emu *emu)
{
	struct gadget *g = emu->fe_data;
	const char *why;

	if (g->bound)
		return NULL;
	emu_plugging(emu);
	/* One of that name that a killed emulator has left would be in the way. */
	gadget_remove(g);
	why = gadget_build(g);
	if (!why)
		why = gadget_bind(g);
	if (why)
		gadget_remove(g);
	emu->connected = !why;
	return why;
}

static const char *unplug(struct emu *emu)
{
	struct gadget *g = emu->fe_data;

	if (!g->bound)
		return NULL;
	gadget_unbind(g);
	deconfigured(g);
	aio_drain(g);
	gadget_remove(g);
	emu->connected = false;
	emu->stat[STAT_DISCONNECTS]++;
	return NULL;
}

static const char *take_name(char *to, size_t room, const char *name)
{
	if (!*name || strlen(name) >= room || strchr(name, '/'))
		return "bad name of a gadget or controller";
	memcpy(to, name, strlen(name) + 1);
	return NULL;
}

static const char *start(struct emu *emu)
{
	struct gadget *g = must_alloc(sizeof(*g));
	const struct emu_options *o = &emu->options;
	const char *why;

	emu->fe_data = g;
	g->emu = emu;
	g->ep0 = -1;
	g->event = -1;
	why = aio_start(g);
	if (!why)
		why = take_name(g->name, sizeof(g->name),
				o->gadget ? o->gadget : "mctp-usb-emu");
	if (!why && o->udc)
		why = take_name(g->udc, sizeof(g->udc), o->udc);
	if (!why && emu->connected)
		why = plug(emu);
	return why;
}

static void stop(struct emu *emu)
{
	struct gadget *g = emu->fe_data;

	unplug(emu);
	aio_stop(g);
	free(g);
	emu->fe_data = NULL;
}

static const char *stall(struct emu *emu, struct port *port, bool in)
{
	struct gadget *g = emu->fe_data;

	return aio_halt(in ? &g->in[port->index] : &g->out[port->index]);
}

static void kick(struct emu *emu)
{
	aio_move(emu->fe_data);
}

static unsigned int poll_add(struct emu *emu, struct pollfd *fds)
{
	struct gadget *g = emu->fe_data;
	unsigned int n = 0;

	fds[n++] = (struct pollfd){ g->event, POLLIN, 0 };
	if (g->ep0 >= 0)
		fds[n++] = (struct pollfd){ g->ep0, POLLIN, 0 };
	return n;
}

/* Completions first: they are older than an event that ends the configuration. */
static void poll_done(struct emu *emu, const struct pollfd *fds, unsigned int n)
{
	struct gadget *g = emu->fe_data;

	aio_reap(g, false);
	if (n > 1 && fds[1].revents)
		read_events(g);
}

const struct front_end gadget_front_end = {
	.name = "gadget",
	.start = start,
	.stop = stop,
	.connect = plug,
	.disconnect = unplug,
	.stall = stall,
	.kick = kick,
	.poll_add = poll_add,
	.poll_done = poll_done,
};
