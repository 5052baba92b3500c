// SPDX-License-Identifier: GPL-2.0
/* The gadget front end: configfs, mounting FunctionFS, the controller. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <mntent.h>
#include <spawn.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "gadget.h"

#define CONFIGFS	"/sys/kernel/config"
#define GADGETS		CONFIGFS "/usb_gadget"
#define UDCS		"/sys/class/udc"
#define PATH_LEN	256

/* "what: why" in a buffer that lasts until the next one. */
const char *failed(const char *what)
{
	static char text[PATH_LEN + 64];

	snprintf(text, sizeof(text), "%s: %s", what, strerror(errno));
	return text;
}

/* Path of something below our gadget's directory. */
static const char *at(const struct gadget *g, const char *below)
{
	static char path[2 * PATH_LEN];

	snprintf(path, sizeof(path), GADGETS "/%s/%s", g->name, below);
	return path;
}

[[gnu::format(printf, 3, 4)]]
static bool write_file(const struct gadget *g, const char *below,
		       const char *format, ...);
static bool write_file(const struct gadget *g, const char *below,
		       const char *format, ...)
{
	char text[128];
	va_list args;
	ssize_t len;
	int fd;

	va_start(args, format);
	len = vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	fd = open(at(g, below), O_WRONLY | O_CLOEXEC);
	if (fd < 0)
		return false;
	len -= write(fd, text, len);
	close(fd);
	return !len;
}

static bool make_dir(const struct gadget *g, const char *below)
{
	return !mkdir(at(g, below), 0755) || errno == EEXIST;
}

/* The FunctionFS function's directory, relative to the gadget's. */
static const char *function(const struct gadget *g, const char *below)
{
	static char path[PATH_LEN];

	snprintf(path, sizeof(path), "%s/ffs.%s", below, g->name);
	return path;
}

/* The machine may have none of it loaded yet. */
static const char *need_configfs(void)
{
	char *const args[] = { "modprobe", "-q", "libcomposite", NULL };
	char *const environment[] = { "PATH=/usr/sbin:/usr/bin:/sbin:/bin", NULL };
	pid_t pid;

	if (access(GADGETS, F_OK) &&
	    !posix_spawnp(&pid, args[0], NULL, NULL, args, environment))
		waitpid(pid, NULL, 0);
	if (access(GADGETS, F_OK))
		mount("configfs", CONFIGFS, "configfs", 0, NULL);
	return access(GADGETS, F_OK) ? failed(GADGETS) : NULL;
}

static const char *need_udc(struct gadget *g)
{
	struct dirent *entry;
	DIR *dir;

	if (*g->udc)
		return NULL;
	dir = opendir(UDCS);
	while (dir && (entry = readdir(dir))) {
		if (*entry->d_name != '.' &&
		    strlen(entry->d_name) < sizeof(g->udc)) {
			memcpy(g->udc, entry->d_name,
			       strlen(entry->d_name) + 1);
			break;
		}
	}
	if (dir)
		closedir(dir);
	return *g->udc ? NULL : "there is no USB device controller in " UDCS;
}

static const char *make_gadget(struct gadget *g)
{
	static const char *const speeds[] = {
		[SPEED_FULL] = "full-speed", [SPEED_HIGH] = "high-speed",
		[SPEED_SUPER] = "super-speed",
	};
	const struct descriptors *d = &g->emu->descriptors;

	if (!make_dir(g, "") ||
	    !write_file(g, "idVendor", "%ld", d->vid) ||
	    !write_file(g, "idProduct", "%ld", d->pid) ||
	    !write_file(g, "bcdDevice", "%ld", d->bcd_device) ||
	    !write_file(g, "bDeviceClass", "%ld", d->device_class) ||
	    !write_file(g, "bDeviceSubClass", "%ld", d->device_subclass) ||
	    !write_file(g, "bDeviceProtocol", "%ld", d->device_protocol) ||
	    (d->bcd_usb != AUTO && !write_file(g, "bcdUSB", "%ld", d->bcd_usb)) ||
	    !make_dir(g, "strings/0x409") ||
	    !write_file(g, "strings/0x409/manufacturer", "%s", d->manufacturer) ||
	    !write_file(g, "strings/0x409/product", "%s", d->product) ||
	    !write_file(g, "strings/0x409/serialnumber", "%s", d->serial) ||
	    !make_dir(g, "configs/c.1") ||
	    !write_file(g, "configs/c.1/bmAttributes", "%ld", d->attributes) ||
	    !write_file(g, "configs/c.1/MaxPower", "%ld", d->max_power * 2))
		return failed("the gadget in configfs");
	/* Kernels before 5.11 do not have it; then the speed is what it is. */
	write_file(g, "max_speed", "%s", speeds[d->speed]);
	if (!make_dir(g, function(g, "functions")))
		return failed("FunctionFS in configfs");
	return NULL;
}

/* A killed emulator's mount keeps ours from being made. */
static void unmount_stale(const struct gadget *g)
{
	FILE *mounts = setmntent("/proc/mounts", "r");
	const struct mntent *m;

	while (mounts && (m = getmntent(mounts))) {
		if (strcmp(m->mnt_type, "functionfs") ||
		    strcmp(m->mnt_fsname, g->name))
			continue;
		umount2(m->mnt_dir, MNT_DETACH);
		rmdir(m->mnt_dir);
	}
	if (mounts)
		endmntent(mounts);
}

static const char *mount_function(struct gadget *g)
{
	char path[PATH_LEN];

	unmount_stale(g);
	snprintf(g->mount, sizeof(g->mount),
		 "/tmp/mctp-usb-emu.XXXXXX");
	if (!mkdtemp(g->mount)) {
		*g->mount = '\0';
		return failed("directory for FunctionFS");
	}
	if (mount(g->name, g->mount, "functionfs", 0, NULL))
		return failed("mounting FunctionFS");
	g->mounted = true;
	snprintf(path, sizeof(path), "%s/ep0", g->mount);
	g->ep0 = open(path, O_RDWR | O_NONBLOCK | O_CLOEXEC);
	return g->ep0 < 0 ? failed(path) : NULL;
}

static const char *open_pipe(struct gadget *g, struct gadget_pipe *pipe,
			     unsigned int number)
{
	char path[PATH_LEN];

	snprintf(path, sizeof(path), "%s/ep%u", g->mount, number);
	pipe->fd = open(path, O_RDWR | O_NONBLOCK | O_CLOEXEC);
	return pipe->fd < 0 ? failed(path) : NULL;
}

/* The files are in the order of the descriptors: IN, OUT, others. */
static const char *open_pipes(struct gadget *g)
{
	const struct descriptors *d = &g->emu->descriptors;
	bool in = d->in_type != NO_ENDPOINT, out = d->out_type != NO_ENDPOINT;
	unsigned int each = in + out + d->extra_endpoints;
	const char *why = NULL;
	unsigned int i;

	for (i = 0; i < g->emu->ports && !why; i++) {
		if (in)
			why = open_pipe(g, &g->in[i], each * i + 1);
		if (out && !why)
			why = open_pipe(g, &g->out[i], each * i + in + 1);
	}
	return why;
}

/* Make the gadget, up to where it could be bound to the controller. */
const char *gadget_build(struct gadget *g)
{
	const char *why = need_configfs();
	char target[2 * PATH_LEN];

	if (!why)
		why = need_udc(g);
	if (!why)
		why = make_gadget(g);
	if (!why)
		why = mount_function(g);
	if (!why)
		why = gadget_write_descriptors(g);
	if (!why)
		why = open_pipes(g);
	if (why)
		return why;
	snprintf(target, sizeof(target), "%s",
		 at(g, function(g, "functions")));
	if (symlink(target, at(g, function(g, "configs/c.1"))))
		return failed("the function's link");
	return NULL;
}

/* Plug in. */
const char *gadget_bind(struct gadget *g)
{
	if (!write_file(g, "UDC", "%s\n", g->udc))
		return failed(g->udc);
	g->bound = true;
	return NULL;
}

/* Unplug. Transfers with the kernel end by this. */
void gadget_unbind(struct gadget *g)
{
	if (g->bound)
		write_file(g, "UDC", "\n");
	g->bound = false;
}

static void close_pipe(struct gadget_pipe *pipe)
{
	if (pipe->fd >= 0)
		close(pipe->fd);
	pipe->fd = -1;
}

/* Remove whatever of the gadget there is. */
void gadget_remove(struct gadget *g)
{
	unsigned int i;

	gadget_unbind(g);
	for (i = 0; i < PORTS_MAX; i++) {
		close_pipe(&g->in[i]);
		close_pipe(&g->out[i]);
	}
	if (g->ep0 >= 0)
		close(g->ep0);
	g->ep0 = -1;
	unlink(at(g, function(g, "configs/c.1")));
	if (g->mounted)
		umount2(g->mount, MNT_DETACH);
	g->mounted = false;
	if (*g->mount)
		rmdir(g->mount);
	*g->mount = '\0';
	rmdir(at(g, "configs/c.1"));
	rmdir(at(g, function(g, "functions")));
	rmdir(at(g, "strings/0x409"));
	rmdir(at(g, ""));
}

/* The speed the bus has agreed on. */
enum usb_speed gadget_speed(const struct gadget *g)
{
	char path[PATH_LEN], text[32] = "";
	FILE *f;

	snprintf(path, sizeof(path), UDCS "/%s/current_speed", g->udc);
	f = fopen(path, "r");
	if (f) {
		if (!fgets(text, sizeof(text), f))
			*text = '\0';
		fclose(f);
	}
	if (!strncmp(text, "super", 5))
		return SPEED_SUPER;
	return strncmp(text, "full", 4) ? SPEED_HIGH : SPEED_FULL;
}
