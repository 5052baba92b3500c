/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What is known of the machine, and who finds it out. First all is looked at
 * (the scan functions), then judged (the report functions): whether it matters
 * that a module is not loaded depends on whether there is a device for it.
 */
#ifndef DIAG_DIAG_H
#define DIAG_DIAG_H

#include <stdbool.h>
#include <stddef.h>

#include "report.h"

/* How a kernel option is set. */
enum kernel_option {
	OPTION_UNKNOWN,		/* there is no list of the kernel's options */
	OPTION_ABSENT,		/* this kernel has no such option */
	OPTION_NO,
	OPTION_MODULE,
	OPTION_YES,
};

struct module {
	const char *name;	/* as in /sys/module */
	bool loaded;
	bool out_of_tree;	/* the loaded one is not the kernel's own */
	char *loaded_version;	/* NULL: it has none */
	bool builtin;
	char *file;		/* what modprobe would load, below /lib/modules/RELEASE; or NULL */
	char *stray;		/* a file that depmod does not know of, or NULL */
	bool blacklisted;
};

/* A USB interface of class 0x14. */
struct port {
	char *name;		/* "1-2:1.0" */
	char *vendor, *product;	/* USB IDs */
	char *speed;		/* Mbit/s */
	char *driver;		/* NULL: bound by nobody */
	char *link;		/* network interface, or NULL */
	unsigned int subclass, protocol;
	unsigned int bulk_in, bulk_out;	/* endpoints */
	bool authorized;
	bool ours;		/* of a subclass and protocol that the driver binds */
};

struct machine {
	char *release;
	char *arch;		/* NULL: not this machine's */
	char *distribution;	/* as it calls itself, or NULL */
	char *os_ids;		/* " ID ID_LIKE ", "" if not known */

	enum kernel_option mctp, transport, usb;
	char *config_source;	/* NULL: none found */
	bool knows_mctp;	/* AF_MCTP can be had */
	bool headers;
	bool core_there;	/* AF_MCTP sockets can be made at this moment */

	struct module core, driver;
	bool needs_core;	/* the kernel has none, ours is to be built */
	bool needs_driver;
	char *dkms_version;	/* installed for this kernel, or NULL */

	struct port *ports;
	size_t n_ports;
	size_t n_ours;		/* of them with .ours */
	char *unauthorized;	/* "1-2, 1-4": devices whose interfaces are not known, or NULL */
};

void kernel_scan(struct machine *machine);
bool kernel_lacks_usb(const struct machine *machine);
void kernel_report(const struct machine *machine, struct report *report);
void headers_report(const struct machine *machine, struct report *report);

void modules_scan(struct machine *machine);
void modules_report(const struct machine *machine, struct report *report);

void dkms_scan(struct machine *machine);
void dkms_report(const struct machine *machine, struct report *report);

void secure_boot_report(const struct machine *machine, struct report *report);

void usb_scan(struct machine *machine);
void usb_report(const struct machine *machine, struct report *report);

void links_report(const struct machine *machine, struct report *report);
void mctpd_report(struct report *report);

#endif /* DIAG_DIAG_H */
