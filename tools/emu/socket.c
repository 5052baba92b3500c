// SPDX-License-Identifier: GPL-2.0
/* Unix sockets. */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "emu.h"

void set_nonblocking(int fd)
{
	fcntl(fd, F_SETFL, fcntl(fd, F_GETFL) | O_NONBLOCK);
}

/* The path in "SCHEME:PATH", or NULL if @spec is something else. */
const char *socket_path(const char *spec, const char *scheme)
{
	size_t len = strlen(scheme);

	if (strncmp(spec, scheme, len) || spec[len] != ':' || !spec[len + 1])
		return NULL;
	return spec + len + 1;
}

static int unix_socket(const char *path, struct sockaddr_un *addr)
{
	*addr = (struct sockaddr_un){ .sun_family = AF_UNIX };
	if (strlen(path) >= sizeof(addr->sun_path)) {
		errno = ENAMETOOLONG;
		return -1;
	}
	memcpy(addr->sun_path, path, strlen(path));
	return socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
}

/*
 * A non-blocking connection, or -1. Whoever listens and takes nobody must not have
 * us wait for him: signals would go unheard.
 */
int socket_connect(const char *path)
{
	struct sockaddr_un addr;
	int fd = unix_socket(path, &addr);

	if (fd >= 0 && connect(fd, (struct sockaddr *)&addr, sizeof(addr))) {
		close(fd);
		return -1;
	}
	return fd;
}

/* A listening socket, or -1. One left over at @path is replaced, other files are not. */
int socket_listen(const char *path)
{
	struct sockaddr_un addr;
	int fd = unix_socket(path, &addr);
	struct stat old;

	if (fd < 0)
		return -1;
	if (!lstat(path, &old) && S_ISSOCK(old.st_mode))
		unlink(path);
	if (bind(fd, (struct sockaddr *)&addr, sizeof(addr)) || listen(fd, 1)) {
		close(fd);
		return -1;
	}
	return fd;
}
