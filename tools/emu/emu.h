/* SPDX-License-Identifier: GPL-2.0 */
/* The emulated device: its ports, its front end and who commands it. */
#ifndef EMU_EMU_H
#define EMU_EMU_H

#include <linux/types.h>
#include <poll.h>

#include "descriptors.h"
#include "fuzz.h"
#include "port.h"

#define POLLFDS_MAX	8

enum emu_stat {
	STAT_CONNECTS,
	STAT_DISCONNECTS,
	STAT_RESETS,
	STAT_CONFIGURATIONS,	/* how often the host has configured us */
	STAT_DECONFIGURATIONS,
	STAT_SET_INTERFACES,
	STAT_SUSPENDS,
	STAT_RESUMES,
	STAT_USB_CONTROLS,	/* control transfers that reached us */
	STAT_USB_CONTROL_STALLS,
	STAT_CANCELS,
	EMU_STATS,
};

struct emu;

/* How the device is plugged into a host. Functions give NULL or an error. */
struct front_end {
	const char *name;
	const char *(*start)(struct emu *emu);
	void (*stop)(struct emu *emu);
	const char *(*connect)(struct emu *emu);
	const char *(*disconnect)(struct emu *emu);
	const char *(*stall)(struct emu *emu, struct port *port, bool in);
	/* Move what can be moved. */
	void (*kick)(struct emu *emu);
	unsigned int (*poll_add)(struct emu *emu, struct pollfd *fds);
	void (*poll_done)(struct emu *emu, const struct pollfd *fds,
			  unsigned int n);
	/* When to kick again though nothing happens; 0: never. May be NULL: never. */
	long long (*deadline)(struct emu *emu);
};

extern const struct front_end redir_front_end;
extern const struct front_end gadget_front_end;
extern const struct front_end usbip_front_end;

/* Command line of the front ends. */
struct emu_options {
	const char *connect, *listen;	/* redir; connect: usbip */
	const char *udc, *gadget;	/* gadget */
	const char *control, *script;
};

/* Lines in, answers out. */
struct channel {
	int listener, in, out;
	bool ended;		/* no more comes in; what has come is still run */
	const char *connect_path;	/* to try again */
	long long next_try;
	struct bytes line, answers;
};

enum wait_kind {
	WAIT_NOTHING,
	WAIT_TIME,
	WAIT_PLAY,
	WAIT_CONFIGURED,
};

struct wait {
	enum wait_kind kind;
	struct port *port;
	long long end;
};

struct script {
	struct bytes text;
	unsigned int line;
	bool running;
};

struct emu {
	const struct front_end *fe;
	void *fe_data;
	struct emu_options options;
	struct descriptors wanted;	/* for the next connect */
	struct descriptors descriptors;	/* of the device as plugged in */
	struct port port[PORTS_MAX];
	unsigned int ports;
	struct port *selected;		/* whom commands are about */
	bool connected, configured;
	enum control_fault control_fault;
	unsigned int control_fault_in;	/* transfers until then; 0: none */
	unsigned long long stat[EMU_STATS];
	struct channel channel;
	struct script script;
	struct wait wait;
	bool quit;
	int status;
};

/* main.c, for front ends */
void emu_plugging(struct emu *emu);
void emu_configured(struct emu *emu, enum usb_speed speed);
void emu_deconfigured(struct emu *emu);
[[gnu::format(printf, 2, 3)]]
void emu_fail(struct emu *emu, const char *format, ...);

/* commands.c */
void command_run(struct emu *emu, char *line);
bool command_poll(struct emu *emu);
extern const char *const emu_stat_names[EMU_STATS];

/* fuzz-command.c */
void run_fuzz(struct emu *emu, char **args);

/* channel.c */
const char *channel_open(struct emu *emu);
void channel_close(struct emu *emu);
unsigned int channel_poll_add(struct emu *emu, struct pollfd *fds);
void channel_poll_done(struct emu *emu, const struct pollfd *fds,
		       unsigned int n);
long long channel_deadline(const struct emu *emu);
const char *script_open(struct emu *emu);
void lines_run(struct emu *emu);
[[gnu::format(printf, 2, 3)]]
void answer(struct emu *emu, const char *format, ...);
void answer_bytes(struct emu *emu, const struct bytes *text);
void answer_ok(struct emu *emu);
[[gnu::format(printf, 2, 3)]]
void answer_error(struct emu *emu, const char *format, ...);

/* socket.c: "unix:PATH" */
int socket_connect(const char *path);
int socket_listen(const char *path);
const char *socket_path(const char *spec, const char *scheme);
void set_nonblocking(int fd);

#endif /* EMU_EMU_H */
