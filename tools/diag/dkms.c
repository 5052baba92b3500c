// SPDX-License-Identifier: GPL-2.0
/* What DKMS has built, read from where it keeps it; its program is not run. */
#include <stdlib.h>
#include <string.h>

#include "diag.h"
#include "files.h"
#include "util.h"

#define DKMS_TREE	"/var/lib/dkms/mctp-usb"

/* A build that failed, as its log tells it. There is none of one that did not. */
struct failure {
	char *version;
	char *log;		/* its path */
	char *kernel;		/* the release it was for */
	char *cause, *advice;	/* of scripts/dkms-try-build, or NULL */
	char *error;		/* the first line that looks like one, or NULL */
};

/* kernel-RELEASE-ARCH is a link to VERSION/RELEASE/ARCH while that one is installed. */
static char *installed_version(const char *release)
{
	char *start = must_printf("kernel-%s-", release), *version = NULL, *path;
	struct names names;
	size_t i;

	dir_read(DKMS_TREE, &names);
	for (i = 0; i < names.count && !version; i++) {
		/* what follows must be the architecture: 6.1.0-9 is no 6.1.0-9-amd64 */
		if (!starts_with(names.names[i], start) ||
		    strchr(names.names[i] + strlen(start), '-'))
			continue;
		path = must_printf(DKMS_TREE "/%s", names.names[i]);
		version = file_link(path);
		free(path);
		if (version)
			version[strcspn(version, "/")] = '\0';
	}
	names_free(&names);
	free(start);
	return version;
}

/* The newest version that DKMS has been told of, as far as names sort, or NULL. */
static char *known_version(void)
{
	char *version = NULL, *path, *source;
	struct names names;
	size_t i;

	dir_read(DKMS_TREE, &names);
	for (i = 0; i < names.count; i++) {
		path = must_printf(DKMS_TREE "/%s/source", names.names[i]);
		source = file_link(path);
		if (source) {
			free(version);
			version = must_printf("%s", names.names[i]);
		}
		free(source);
		free(path);
	}
	names_free(&names);
	return version;
}

void dkms_scan(struct machine *machine)
{
	machine->dkms_version = installed_version(machine->release);
}

/* A report is for others to read: whose home it was is none of their business. */
static char *without_homes(const char *line)
{
	char *copy = must_printf("%s", line), *home, *end;

	while ((home = strstr(copy, "/home/"))) {
		end = home + strlen("/home/");
		end += strcspn(end, "/ '\":");
		memcpy(home, "~", 1);
		memmove(home + 1, end, strlen(end) + 1);
	}
	return copy;
}

static bool looks_like_error(const char *line)
{
	return strstr(line, "error") || strstr(line, "not found") ||
	       strstr(line, "No such file") || strstr(line, "No space left");
}

/* "mctp-usb: no modules for Linux RELEASE: CAUSE." and then "mctp-usb: ADVICE" */
static void read_log_line(struct failure *failure, char *line)
{
	static const char us[] = "mctp-usb: ", none[] = "no modules for Linux ";
	char *kernel = strstr(line, " for kernel ");
	char *cause;

	if (!failure->kernel && kernel) {
		kernel += strlen(" for kernel ");
		failure->kernel = must_printf("%.*s", (int)strcspn(kernel, " (:"), kernel);
		return;
	}
	if (!starts_with(line, us)) {
		if (!failure->error && looks_like_error(line))
			failure->error = without_homes(line);
		return;
	}
	line += strlen(us);
	if (starts_with(line, none) && !failure->cause) {
		cause = strstr(line + strlen(none), ": ");
		if (!cause)
			return;
		failure->cause = must_printf("%s", cause + 2);
		failure->cause[strcspn(failure->cause, ".")] = '\0';
	} else if (failure->cause && !failure->advice) {
		failure->advice = must_printf("%s", line);
	}
}

/*
 * scripts/dkms-try-build keeps RELEASE.log for every kernel that it failed for. If there
 * is none for this kernel, that of another is told. What else failed is in DKMS' own log,
 * for the kernel it built for last.
 */
static void failure_find_log(struct failure *failure, const char *release)
{
	char *dir = must_printf(DKMS_TREE "/%s", failure->version), *name;
	struct names names;
	size_t i;

	dir_read(dir, &names);
	for (i = 0; i < names.count; i++) {
		name = names.names[i];
		if (!ends_with(name, ".log"))
			continue;
		name[strlen(name) - strlen(".log")] = '\0';
		if (failure->kernel && strcmp(name, release))
			continue;
		free(failure->kernel);
		failure->kernel = must_printf("%s", name);
	}
	names_free(&names);
	if (failure->kernel)
		failure->log = must_printf("%s/%s.log", dir, failure->kernel);
	else
		failure->log = must_printf("%s/build/make.log", dir);
	free(dir);
}

/* False if no build failed. */
static bool failure_read(struct failure *failure, const char *release)
{
	char *text, *rest, *line;

	*failure = (struct failure){ .version = known_version() };
	if (!failure->version)
		return false;
	failure_find_log(failure, release);
	text = file_read(failure->log, NULL);
	rest = text;
	while ((line = strsep(&rest, "\n")))
		read_log_line(failure, line);
	free(text);
	return text;
}

static void failure_free(struct failure *failure)
{
	free(failure->version);
	free(failure->log);
	free(failure->kernel);
	free(failure->cause);
	free(failure->advice);
	free(failure->error);
}

static const char *failure_cause(const struct failure *failure)
{
	if (failure->cause)
		return failure->cause;
	return failure->error ? failure->error : "its log does not say why";
}

static void finding_failure(struct finding *f, const struct failure *failure)
{
	finding_text(f, "failed_kernel", failure->kernel);
	finding_text(f, "failed_cause", failure->cause);
	finding_text(f, "failed_error", failure->error);
	finding_text(f, "log", failure->log);
}

static void report_failed(const struct machine *machine, const struct failure *failure,
			  struct report *report)
{
	struct finding *f;

	f = report_add(report, LEVEL_PROBLEM, "dkms", "dkms",
		       "DKMS could not build mctp-usb %s for this kernel: %s",
		       failure->version, failure_cause(failure));
	if (failure->advice)
		finding_fix(f, "%s\nThe whole log is %s.", failure->advice, failure->log);
	else
		finding_fix(f, "Look into %s, mend it, then: dkms install mctp-usb/%s -k %s",
			    failure->log, failure->version, machine->release);
	finding_text(f, "state", "failed");
	finding_text(f, "version", failure->version);
	finding_failure(f, failure);
}

/* It is not installed for this kernel, though it ought to be. */
static void report_absent(const struct machine *machine, const struct failure *failure,
			  struct report *report)
{
	struct finding *f;

	if (!failure->version) {
		f = report_add(report, LEVEL_PROBLEM, "dkms", "dkms",
			       "DKMS knows no mctp-usb: the package with the modules is not installed");
		finding_fix(f, "Install mctp-usb-dkms.");
		finding_text(f, "state", "unknown");
		return;
	}
	if (!machine->headers)
		/* the headers are what is reported as the problem */
		f = report_add(report, LEVEL_NOTE, "dkms", "dkms",
			       "DKMS has mctp-usb %s, and will build it when the headers are there",
			       failure->version);
	else
		f = report_add(report, LEVEL_PROBLEM, "dkms", "dkms",
			       "DKMS has not built mctp-usb %s for this kernel", failure->version);
	if (machine->headers)
		finding_fix(f, "dkms install mctp-usb/%s -k %s", failure->version,
			    machine->release);
	finding_text(f, "state", "added");
	finding_text(f, "version", failure->version);
}

/* All is well for this kernel; the next one may be another matter. */
static void report_other_failure(const struct failure *failure, struct report *report)
{
	struct finding *f;

	if (!failure->kernel)
		return;
	f = report_add(report, LEVEL_NOTE, "dkms", "dkms-other",
		       "the last build, for Linux %s, failed: %s", failure->kernel,
		       failure_cause(failure));
	finding_failure(f, failure);
}

static void report_installed(const struct machine *machine, struct report *report)
{
	bool lost = !machine->driver.file && !machine->driver.stray;
	struct finding *f;

	f = report_add(report, lost ? LEVEL_PROBLEM : LEVEL_OK, "dkms", "dkms", lost ?
		       "DKMS has installed mctp-usb %s for this kernel, but the modules are gone" :
		       "DKMS has built and installed mctp-usb %s for this kernel",
		       machine->dkms_version);
	if (lost)
		finding_fix(f, "dkms install --force mctp-usb/%s -k %s", machine->dkms_version,
			    machine->release);
	finding_text(f, "state", lost ? "lost" : "installed");
	finding_text(f, "version", machine->dkms_version);
}

void dkms_report(const struct machine *machine, struct report *report)
{
	struct failure failure;
	bool failed, failed_here;
	struct finding *f;

	/* DKMS passes such kernels over */
	if (!machine->knows_mctp || kernel_lacks_usb(machine))
		return;
	failed = failure_read(&failure, machine->release);
	failed_here = failed && failure.kernel && !strcmp(failure.kernel, machine->release);
	if (machine->dkms_version) {
		report_installed(machine, report);
	} else if (!machine->needs_driver) {
		f = report_add(report, LEVEL_OK, "dkms", "dkms",
			       "the kernel has its own driver, so there is nothing to build");
		finding_text(f, "state", "not needed");
	} else if (machine->driver.file) {
		f = report_add(report, LEVEL_NOTE, "dkms", "dkms",
			       "the modules came without DKMS, and will not be built for the next kernel");
		finding_text(f, "state", "by hand");
	} else if (failed_here) {
		report_failed(machine, &failure, report);
	} else {
		report_absent(machine, &failure, report);
	}
	if (failed && !failed_here)
		report_other_failure(&failure, report);
	failure_free(&failure);
}
