// SPDX-License-Identifier: GPL-2.0
/* Can this kernel have MCTP, what does it bring, and are its headers here? */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>

#include "config.h"
#include "diag.h"
#include "files.h"
#include "util.h"

static void read_distribution(struct machine *machine)
{
	char *text = file_read("/etc/os-release", NULL);
	char *id, *like;

	if (!text)
		text = file_read("/usr/lib/os-release", NULL);
	machine->distribution = text ? text_value(text, "PRETTY_NAME") : NULL;
	id = text ? text_value(text, "ID") : NULL;
	like = text ? text_value(text, "ID_LIKE") : NULL;
	machine->os_ids = must_printf(" %s %s ", id ? id : "", like ? like : "");
	free(id);
	free(like);
	free(text);
}

static bool is_like(const struct machine *machine, const char *id)
{
	char *word = must_printf(" %s ", id);
	bool found = strstr(machine->os_ids, word);

	free(word);
	return found;
}

/* Debian has most headers in a directory called source, others in build. */
static bool headers_lack_mctp(const char *release)
{
	static const char *const dirs[] = { "build", "source" };
	bool lack = false;
	char *path, *text;
	size_t i;

	for (i = 0; i < sizeof(dirs) / sizeof(*dirs) && !lack; i++) {
		path = must_printf("/lib/modules/%s/%s/include/linux/socket.h",
				   release, dirs[i]);
		text = file_read(path, NULL);
		lack = text && !strstr(text, "AF_MCTP");
		free(text);
		free(path);
	}
	return lack;
}

/* A kernel without the protocol lists everything but MCTP. */
static bool core_is_there(void)
{
	char *text = file_read("/proc/net/protocols", NULL);
	bool found = text && strstr(text, "\nMCTP ");

	free(text);
	return found;
}

static bool headers_there(const char *release)
{
	char *path = must_printf("/lib/modules/%s/build/include", release);
	bool there = file_exists(path);

	free(path);
	return there;
}

void kernel_scan(struct machine *machine)
{
	struct config config;
	struct utsname uts;

	machine->release = file_read_line("/proc/sys/kernel/osrelease");
	if (!machine->release || !*machine->release)
		die("/proc/sys/kernel/osrelease cannot be read: which kernel is this?");
	if (files_live() && !uname(&uts))
		machine->arch = must_printf("%s", uts.machine);
	read_distribution(machine);
	config_read(&config, machine->release);
	machine->config_source = config.source ? must_printf("%s", config.source) : NULL;
	machine->mctp = config_get(&config, "CONFIG_MCTP");
	machine->transport = config_get(&config, "CONFIG_MCTP_TRANSPORT_USB");
	machine->usb = config_get(&config, "CONFIG_USB");
	machine->core_there = core_is_there();
	machine->headers = headers_there(machine->release);
	/* The option came together with the address family. */
	if (machine->core_there)
		machine->knows_mctp = true;
	else if (config.complete)
		machine->knows_mctp = machine->mctp != OPTION_ABSENT;
	else
		machine->knows_mctp = !headers_lack_mctp(machine->release);
	config_free(&config);
}

/* Where all of USB is off (CONFIG_USB_SUPPORT) its core is not even mentioned. */
bool kernel_lacks_usb(const struct machine *machine)
{
	return machine->usb == OPTION_NO || machine->usb == OPTION_ABSENT;
}

static void report_release(const struct machine *machine, struct report *report)
{
	struct finding *f;

	f = report_add(report, LEVEL_OK, "kernel", "kernel", "Linux %s%s%s%s%s",
		       machine->release, machine->arch ? " " : "",
		       machine->arch ? machine->arch : "",
		       machine->distribution ? " on " : "",
		       machine->distribution ? machine->distribution : "");
	finding_text(f, "release", machine->release);
	finding_text(f, "arch", machine->arch);
	finding_text(f, "distribution", machine->distribution);
}

static const char *core_sentence(const struct machine *machine)
{
	static const char impossible[] =
		"AF_MCTP came with Linux 5.15: no module can teach it to this kernel";
	static const char *const sentences[] = {
		[OPTION_YES] = "the kernel has its own AF_MCTP core, built in",
		[OPTION_MODULE] =
			"the kernel's AF_MCTP core is an early one, a module whose place mctp.ko takes",
		[OPTION_NO] =
			"the kernel has no AF_MCTP core (CONFIG_MCTP is off): mctp.ko is for that",
		[OPTION_ABSENT] =
			"the kernel's configuration does not mention MCTP, but AF_MCTP is there",
		[OPTION_UNKNOWN] =
			"this kernel's configuration is not to be found; its modules have to tell",
	};

	return machine->knows_mctp ? sentences[machine->mctp] : impossible;
}

/* The kernel, and what it has of MCTP. */
void kernel_report(const struct machine *machine, struct report *report)
{
	struct finding *f;

	report_release(machine, report);
	f = report_add(report, machine->knows_mctp ? LEVEL_OK : LEVEL_PROBLEM, "kernel",
		       "kernel-mctp", "%s", core_sentence(machine));
	if (!machine->knows_mctp)
		finding_fix(f, "Use a newer kernel: Debian 12, RHEL 10, Ubuntu 22.04 or later.");
	finding_text(f, "config_mctp", option_names[machine->mctp]);
	finding_text(f, "config_mctp_transport_usb", option_names[machine->transport]);
	finding_text(f, "config_source", machine->config_source);
	finding_flag(f, "socket", machine->core_there);
	if (kernel_lacks_usb(machine)) {
		f = report_add(report, LEVEL_PROBLEM, "kernel", "kernel-usb",
			       "this kernel has no USB (CONFIG_USB is off)");
		finding_fix(f, "Use a kernel with USB; those made for clouds often have none.");
	}
}

/*
 * The flavour that Debian and Ubuntu end a release with, after a number of their
 * own: "amd64" of 6.1.0-9-amd64 and of 6.12.9+deb13-amd64. NULL if it is not theirs.
 */
static const char *flavour(const char *release)
{
	const char *dash = release;
	bool theirs = strchr(release, '+');

	while ((dash = strchr(dash, '-'))) {
		dash++;
		if (isalpha((unsigned char)*dash))
			return theirs ? dash : NULL;
		theirs = true;
	}
	return NULL;
}

static void suggest_headers(struct finding *f, const struct machine *machine)
{
	const char *release = machine->release, *kind = flavour(release);

	if (is_like(machine, "debian") && kind)
		finding_fix(f, "apt install linux-headers-%s\n"
			       "linux-headers-%s follows the kernel's updates.",
			    release, kind);
	else if (is_like(machine, "fedora") || is_like(machine, "rhel"))
		finding_fix(f, "dnf install kernel-devel-%s", release);
	else
		finding_fix(f, "Install the headers of Linux %s (linux-headers or kernel-devel).",
			    release);
}

/* Without headers DKMS builds nothing; that is a problem where something has to be built. */
void headers_report(const struct machine *machine, struct report *report)
{
	bool wanted = machine->needs_driver && machine->knows_mctp &&
		      !kernel_lacks_usb(machine);
	struct finding *f;

	if (machine->headers) {
		f = report_add(report, LEVEL_OK, "headers", "headers",
			       "the headers of this kernel are installed");
	} else if (!wanted) {
		f = report_add(report, LEVEL_OK, "headers", "headers",
			       "the headers of this kernel are not installed, and not needed");
	} else if (machine->driver.file) {
		f = report_add(report, LEVEL_NOTE, "headers", "headers",
			       "the headers of this kernel are not installed: nothing can be built again");
	} else {
		f = report_add(report, LEVEL_PROBLEM, "headers", "headers",
			       "the headers of Linux %s are not installed, so nothing can be built for it",
			       machine->release);
		suggest_headers(f, machine);
	}
	finding_flag(f, "installed", machine->headers);
}
