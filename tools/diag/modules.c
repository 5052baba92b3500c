// SPDX-License-Identifier: GPL-2.0
/* The two modules: loaded or not, which file modprobe would take, and what keeps it from it. */
#include <stdlib.h>
#include <string.h>

#include "diag.h"
#include "files.h"
#include "util.h"

/* Is this path's file that module? Names have '-' where /sys/module has '_'. */
static bool is_module(const char *path, size_t len, const char *name)
{
	const char *base = memrchr(path, '/', len);
	size_t i;

	base = base ? base + 1 : path;
	len -= base - path;
	for (i = 0; name[i]; i++)
		if (i >= len || (base[i] != name[i] && !(base[i] == '-' && name[i] == '_')))
			return false;
	return len - i >= 3 && !strncmp(base + i, ".ko", 3);
}

/* In modules.dep and modules.builtin each line starts with a path. Returns a copy, or NULL. */
static char *find_in_index(const char *release, const char *index, const char *name)
{
	char *path = must_printf("/lib/modules/%s/%s", release, index);
	char *text = file_read(path, NULL);
	char *line, *next, *found = NULL;
	size_t len;

	free(path);
	for (line = text; line && *line && !found; line = next) {
		next = line + strcspn(line, "\n");
		next += *next == '\n';
		len = strcspn(line, ":\n");
		if (is_module(line, len, name))
			found = must_printf("%.*s", (int)len, line);
	}
	free(text);
	return found;
}

/* Where DKMS and 'make install' put it on the distributions there are. */
static char *find_stray(const char *release, const char *name)
{
	static const char *const dirs[] = { "updates/dkms", "updates", "extra" };
	struct names names;
	char *path, *found = NULL;
	size_t i, n;

	for (i = 0; i < sizeof(dirs) / sizeof(*dirs) && !found; i++) {
		path = must_printf("/lib/modules/%s/%s", release, dirs[i]);
		dir_read(path, &names);
		for (n = 0; n < names.count && !found; n++)
			if (is_module(names.names[n], strlen(names.names[n]), name))
				found = must_printf("%s/%s", dirs[i], names.names[n]);
		names_free(&names);
		free(path);
	}
	return found;
}

/* 'blacklist NAME', or 'install NAME /bin/false' */
static bool line_forbids(char *line, const char *name)
{
	char *save, *verb = strtok_r(line, " \t", &save);
	char *module = verb ? strtok_r(NULL, " \t", &save) : NULL;
	char *command = module ? strtok_r(NULL, " \t", &save) : NULL;
	char *dash;

	if (!module)
		return false;
	while ((dash = strchr(module, '-')))
		*dash = '_';
	if (strcmp(module, name))
		return false;
	if (!strcmp(verb, "blacklist"))
		return true;
	return !strcmp(verb, "install") && command &&
	       (ends_with(command, "/false") || ends_with(command, "/true"));
}

static bool file_forbids(const char *path, const char *name)
{
	char *text = file_read(path, NULL), *rest = text, *line;
	bool found = false;

	while (!found && (line = strsep(&rest, "\n")))
		found = line_forbids(line, name);
	free(text);
	return found;
}

static bool is_blacklisted(const char *name)
{
	static const char *const dirs[] = {
		"/etc/modprobe.d", "/run/modprobe.d", "/usr/lib/modprobe.d", "/lib/modprobe.d",
	};
	struct names names;
	bool found = false;
	size_t i, n;
	char *path;

	for (i = 0; i < sizeof(dirs) / sizeof(*dirs) && !found; i++) {
		dir_read(dirs[i], &names);
		for (n = 0; n < names.count && !found; n++) {
			path = must_printf("%s/%s", dirs[i], names.names[n]);
			found = ends_with(path, ".conf") && file_forbids(path, name);
			free(path);
		}
		names_free(&names);
	}
	return found;
}

static void scan_module(struct module *module, const char *name, const char *release)
{
	char *path, *taint, *builtin;

	module->name = name;
	/* what is built in has no such file */
	path = must_printf("/sys/module/%s/initstate", name);
	module->loaded = file_exists(path);
	free(path);
	path = must_printf("/sys/module/%s/taint", name);
	taint = file_read_line(path);
	module->out_of_tree = taint && strchr(taint, 'O');
	free(taint);
	free(path);
	path = must_printf("/sys/module/%s/version", name);
	module->loaded_version = file_read_line(path);
	free(path);
	builtin = find_in_index(release, "modules.builtin", name);
	module->builtin = builtin;
	free(builtin);
	module->file = find_in_index(release, "modules.dep", name);
	if (!module->file)
		module->stray = find_stray(release, name);
	module->blacklisted = is_blacklisted(name);
}

/* The kernel's own modules are below kernel/, what is added to them is elsewhere. */
static bool is_kernels_own(const char *file)
{
	return file && starts_with(file, "kernel/");
}

void modules_scan(struct machine *machine)
{
	struct module *core = &machine->core, *driver = &machine->driver;

	scan_module(core, "mctp", machine->release);
	scan_module(driver, "mctp_usb", machine->release);
	if (machine->mctp == OPTION_UNKNOWN)
		machine->needs_core = !core->builtin && !(machine->core_there && !core->loaded);
	else
		machine->needs_core = machine->mctp != OPTION_YES;
	if (machine->transport == OPTION_MODULE || machine->transport == OPTION_YES)
		/* unless the owner prefers ours */
		machine->needs_driver = driver->file && !is_kernels_own(driver->file);
	else
		machine->needs_driver = !driver->builtin && !is_kernels_own(driver->file);
}

static struct finding *report_loaded(const struct machine *machine, const struct module *module,
				     struct report *report, const char *id)
{
	const char *version = module->loaded_version;
	struct finding *f;

	if (module->out_of_tree && version && machine->dkms_version &&
	    strcmp(version, machine->dkms_version))
		return report_add(report, LEVEL_NOTE, "modules", id,
				  "%s is loaded in version %s, installed is %s: unload it, or reboot",
				  module->name, version, machine->dkms_version);
	if (module == &machine->core && !module->out_of_tree) {
		f = report_add(report, LEVEL_PROBLEM, "modules", id,
			       "the kernel's early AF_MCTP core is loaded; mctp-usb needs its own");
		finding_fix(f, "modprobe -r mctp; modprobe mctp");
		return f;
	}
	/* ours has a version */
	if (module->out_of_tree && !version)
		return report_add(report, LEVEL_NOTE, "modules", id,
				  "%s is loaded, but one without a version, which is not that of mctp-usb",
				  module->name);
	if (module->out_of_tree)
		return report_add(report, LEVEL_OK, "modules", id,
				  "%s of mctp-usb %s is loaded", module->name, version);
	if (module->file && !is_kernels_own(module->file))
		return report_add(report, LEVEL_NOTE, "modules", id,
				  "%s, the kernel's own, is loaded, and another is installed: unload it, or reboot",
				  module->name);
	return report_add(report, LEVEL_OK, "modules", id, "%s, the kernel's own, is loaded",
			  module->name);
}

static struct finding *report_blacklisted(const struct module *module, struct report *report,
					  const char *id)
{
	struct finding *f;

	f = report_add(report, LEVEL_PROBLEM, "modules", id,
		       "%s is not loaded, and a file in modprobe.d forbids it", module->name);
	finding_fix(f, "grep -r mctp /etc/modprobe.d /usr/lib/modprobe.d\n"
		       "Remove the line with 'blacklist' or 'install', then: modprobe %s",
		    module->name);
	return f;
}

static struct finding *report_unloaded(const struct machine *machine, const struct module *module,
				       struct report *report, const char *id)
{
	struct finding *f;

	if (module->blacklisted)
		return report_blacklisted(module, report, id);
	if (machine->n_ours) {
		f = report_add(report, LEVEL_PROBLEM, "modules", id,
			       "%s is not loaded, though there is a device for it", module->name);
		finding_fix(f, "modprobe %s\n"
			       "If that fails, dmesg says why; 'Key was rejected' is Secure Boot.",
			    module->name);
		return f;
	}
	if (module == &machine->core)
		return report_add(report, LEVEL_NOTE, "modules", id,
				  "mctp is not loaded: the tools see no links before 'modprobe mctp'");
	return report_add(report, LEVEL_OK, "modules", id,
			  "%s is not loaded, which a device will change", module->name);
}

static struct finding *report_missing(const struct machine *machine, const struct module *module,
				      struct report *report, const char *id)
{
	struct finding *f;

	if (module == &machine->driver && machine->transport == OPTION_MODULE && !module->stray) {
		f = report_add(report, LEVEL_PROBLEM, "modules", id,
			       "the kernel has a driver of its own, but no module %s is installed for it",
			       module->name);
		finding_fix(f, "Install the rest of this kernel's modules:\n"
			       "linux-modules-extra-%s (Ubuntu),\n"
			       "kernel-modules-%s or kernel-modules-extra-%s (Fedora).",
			    machine->release, machine->release, machine->release);
		return f;
	}
	if (!module->stray)
		return report_add(report, LEVEL_NOTE, "modules", id,
				  "there is no module %s for this kernel", module->name);
	f = report_add(report, LEVEL_PROBLEM, "modules", id,
		       "modprobe does not know %s, which is installed", module->name);
	finding_fix(f, "depmod %s", machine->release);
	return f;
}

static void report_module(const struct machine *machine, const struct module *module,
			  struct report *report, const char *id)
{
	struct finding *f;

	if (module->loaded)
		f = report_loaded(machine, module, report, id);
	else if (module->builtin)
		f = report_add(report, LEVEL_OK, "modules", id, "%s is built into the kernel",
			       module->name);
	else if (module->file)
		f = report_unloaded(machine, module, report, id);
	else
		f = report_missing(machine, module, report, id);
	finding_flag(f, "loaded", module->loaded);
	if (module->loaded)
		finding_flag(f, "out_of_tree", module->out_of_tree);
	finding_text(f, "loaded_version", module->loaded_version);
	finding_text(f, "file", module->file ? module->file : module->stray);
	finding_flag(f, "blacklisted", module->blacklisted);
}

void modules_report(const struct machine *machine, struct report *report)
{
	if (!machine->knows_mctp)
		return;
	if (machine->needs_core)
		report_module(machine, &machine->core, report, "module-mctp");
	report_module(machine, &machine->driver, report, "module-mctp-usb");
}
