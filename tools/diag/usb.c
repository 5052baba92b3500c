// SPDX-License-Identifier: GPL-2.0
/* Interfaces of class 0x14: which there are, and by whom they are bound. */
#include <stdlib.h>
#include <string.h>

#include "diag.h"
#include "files.h"
#include "util.h"

#define DEVICES		"/sys/bus/usb/devices"
#define CLASS_MCTP	0x14

/* What the driver of that name binds, ours and the kernel's alike. */
#define DRIVER		"mctp-usb"
#define PROTOCOL	0x01
#define SUBCLASS_1_0	0x00
#define SUBCLASS_1_1	0x02

/* A file of an interface or a device, or NULL. */
static char *attribute(const char *name, const char *file)
{
	char *path = must_printf(DEVICES "/%s/%s", name, file);
	char *value = file_read_line(path);

	free(path);
	return value;
}

static unsigned int hex_attribute(const char *name, const char *file)
{
	char *value = attribute(name, file);
	unsigned int number = value ? strtoul(value, NULL, 16) : 0;

	free(value);
	return number;
}

/* Endpoints are directories: ep_81 and so on. */
static void count_endpoints(struct port *port)
{
	char *path = must_printf(DEVICES "/%s", port->name), *file, *type, *direction;
	struct names names;
	size_t i;

	dir_read(path, &names);
	for (i = 0; i < names.count; i++) {
		if (!starts_with(names.names[i], "ep_"))
			continue;
		file = must_printf("%s/type", names.names[i]);
		type = attribute(port->name, file);
		free(file);
		file = must_printf("%s/direction", names.names[i]);
		direction = attribute(port->name, file);
		free(file);
		if (type && direction && !strcmp(type, "Bulk")) {
			port->bulk_in += !strcmp(direction, "in");
			port->bulk_out += !strcmp(direction, "out");
		}
		free(type);
		free(direction);
	}
	names_free(&names);
	free(path);
}

/* The network interface is a directory below net/. */
static char *find_link(const char *name)
{
	char *path = must_printf(DEVICES "/%s/net", name), *link = NULL;
	struct names names;

	dir_read(path, &names);
	if (names.count)
		link = must_printf("%s", names.names[0]);
	names_free(&names);
	free(path);
	return link;
}

static void scan_port(struct port *port, const char *name)
{
	char *device = must_printf("%.*s", (int)strcspn(name, ":"), name);
	char *path = must_printf(DEVICES "/%s/driver", name);
	char *authorized;

	*port = (struct port){ .name = must_printf("%s", name) };
	port->subclass = hex_attribute(name, "bInterfaceSubClass");
	port->protocol = hex_attribute(name, "bInterfaceProtocol");
	port->ours = port->protocol == PROTOCOL && (port->subclass == SUBCLASS_1_0 ||
						    port->subclass == SUBCLASS_1_1);
	port->driver = file_link_name(path);
	port->link = find_link(name);
	count_endpoints(port);
	port->vendor = attribute(device, "idVendor");
	port->product = attribute(device, "idProduct");
	port->speed = attribute(device, "speed");
	/* one of them for the device, one for the interface */
	authorized = attribute(name, "authorized");
	port->authorized = !authorized || *authorized != '0';
	free(authorized);
	free(path);
	free(device);
}

/* A device that is not authorized, by usbguard for one, has no configuration, so no interfaces. */
static void scan_device(struct machine *machine, const char *name)
{
	char *authorized = attribute(name, "authorized"), *before = machine->unauthorized;

	if (authorized && *authorized == '0') {
		machine->unauthorized = must_printf("%s%s%s", before ? before : "",
						    before ? ", " : "", name);
		free(before);
	}
	free(authorized);
}

void usb_scan(struct machine *machine)
{
	struct names names;
	struct port *port;
	size_t i;

	dir_read(DEVICES, &names);
	for (i = 0; i < names.count; i++) {
		/* interfaces are DEVICE:CONFIGURATION.INTERFACE */
		if (!strchr(names.names[i], ':')) {
			scan_device(machine, names.names[i]);
			continue;
		}
		if (hex_attribute(names.names[i], "bInterfaceClass") != CLASS_MCTP)
			continue;
		machine->ports = must_realloc(machine->ports, (machine->n_ports + 1) *
							      sizeof(*machine->ports));
		port = &machine->ports[machine->n_ports++];
		scan_port(port, names.names[i]);
		machine->n_ours += port->ours;
	}
	names_free(&names);
}

static const char *known(const char *value)
{
	return value ? value : "?";
}

/* It is of the right kind, and nobody has bound it: why? */
static struct finding *report_unbound(const struct machine *machine, const struct port *port,
				      struct report *report)
{
	struct finding *f;

	if (!port->authorized) {
		f = report_add(report, LEVEL_PROBLEM, "usb", "usb-interface",
			       "%s is not authorized, so no driver may bind it", port->name);
		finding_fix(f, "echo 1 > " DEVICES "/%s/authorized\n"
			       "usbguard or a udev rule may have done this.",
			    port->name);
	} else if (port->bulk_in != 1 || port->bulk_out != 1) {
		f = report_add(report, LEVEL_PROBLEM, "usb", "usb-interface",
			       "%s has %u bulk IN and %u bulk OUT endpoints, not one each",
			       port->name, port->bulk_in, port->bulk_out);
		finding_fix(f, "So it is no MCTP interface: its firmware has to be mended.");
	} else if (!machine->driver.loaded && !machine->driver.builtin) {
		/* why it is not is a matter of its own */
		f = report_add(report, LEVEL_NOTE, "usb", "usb-interface",
			       "%s (%s:%s) is bound by no driver, for mctp_usb is not loaded",
			       port->name, known(port->vendor), known(port->product));
	} else {
		f = report_add(report, LEVEL_PROBLEM, "usb", "usb-interface",
			       "%s is bound by no driver, though mctp_usb is loaded", port->name);
		finding_fix(f, "dmesg says why, if the driver refused it.\n"
			       "If it was unbound: echo %s > /sys/bus/usb/drivers/" DRIVER "/bind",
			    port->name);
	}
	return f;
}

static struct finding *report_port(const struct machine *machine, const struct port *port,
				   struct report *report)
{
	struct finding *f;

	if (port->driver && !strcmp(port->driver, DRIVER))
		return report_add(report, LEVEL_OK, "usb", "usb-interface",
				  "%s (%s:%s, DSP0283 %s, %s Mbit/s) is bound by %s, link %s",
				  port->name, known(port->vendor), known(port->product),
				  port->subclass == SUBCLASS_1_1 ? "1.1" : "1.0",
				  known(port->speed), port->driver,
				  port->link ? port->link : "none");
	if (!port->ours)
		return report_add(report, LEVEL_NOTE, "usb", "usb-interface",
				  "%s (%s:%s) has the MCTP class, but subclass 0x%02x and protocol 0x%02x are not the driver's",
				  port->name, known(port->vendor), known(port->product),
				  port->subclass, port->protocol);
	if (!port->driver)
		return report_unbound(machine, port, report);
	f = report_add(report, LEVEL_PROBLEM, "usb", "usb-interface",
		       "%s (%s:%s) is bound by %s, not by " DRIVER, port->name,
		       known(port->vendor), known(port->product), port->driver);
	finding_fix(f, "End what uses it. If it stays:\n"
		       "echo %s > /sys/bus/usb/drivers/%s/unbind\n"
		       "echo %s > /sys/bus/usb/drivers/" DRIVER "/bind",
		    port->name, port->driver, port->name);
	return f;
}

void usb_report(const struct machine *machine, struct report *report)
{
	const struct port *port;
	struct finding *f;

	if (!file_exists(DEVICES)) {
		report_add(report, LEVEL_NOTE, "usb", "usb-none",
			   "there is no USB on this machine");
		return;
	}
	if (!machine->n_ports)
		report_add(report, LEVEL_NOTE, "usb", "usb-none",
			   "no USB device with an MCTP interface (class 0x14) is plugged in");
	if (machine->unauthorized) {
		f = report_add(report, LEVEL_NOTE, "usb", "usb-unauthorized",
			       "not authorized, so that their interfaces are not known: %s (usbguard or a udev rule may have done this)",
			       machine->unauthorized);
		finding_text(f, "devices", machine->unauthorized);
	}
	for (port = machine->ports; port < machine->ports + machine->n_ports; port++) {
		f = report_port(machine, port, report);
		finding_text(f, "port", port->name);
		finding_text(f, "vendor", port->vendor);
		finding_text(f, "product", port->product);
		finding_text(f, "speed", port->speed);
		finding_number(f, "subclass", port->subclass);
		finding_number(f, "protocol", port->protocol);
		finding_number(f, "bulk_in", port->bulk_in);
		finding_number(f, "bulk_out", port->bulk_out);
		finding_text(f, "driver", port->driver);
		finding_text(f, "link", port->link);
	}
}
