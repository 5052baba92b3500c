// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>
#include <sys/socket.h>
#include <sys/un.h>

#include "emu.h"
#include "util.h"

static int open_socket(const char *path)
{
	struct sockaddr_un addr = { .sun_family = AF_UNIX };
	int fd;

	if (strlen(path) >= sizeof(addr.sun_path))
		die("%s: path too long", path);
	memcpy(addr.sun_path, path, strlen(path));
	fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (fd < 0 || connect(fd, (void *)&addr, sizeof(addr)))
		die("%s: %s", path, strerror(errno));
	return fd;
}

/* Without raw mode the tty would echo our commands and mangle answers. */
static int open_tty(const char *path)
{
	struct termios t;
	int fd;

	fd = open(path, O_RDWR | O_NOCTTY | O_CLOEXEC);
	if (fd < 0 || tcgetattr(fd, &t))
		die("%s: %s", path, strerror(errno));
	cfmakeraw(&t);
	t.c_cflag |= CLOCAL | CREAD;
	cfsetspeed(&t, B115200);
	if (tcsetattr(fd, TCSAFLUSH, &t))
		die("%s: %s", path, strerror(errno));
	return fd;
}

/* PATH of a tty; unix:PATH; or fd:IN,OUT, which the caller has open. */
void emu_open(struct emu *e, const char *path)
{
	memset(e, 0, sizeof(*e));
	if (!strncmp(path, "fd:", 3)) {
		if (sscanf(path, "fd:%d,%d", &e->in, &e->out) != 2)
			die("%s: not fd:IN,OUT", path);
		return;
	}
	if (!strncmp(path, "unix:", 5))
		e->in = open_socket(path + 5);
	else
		e->in = open_tty(path);
	e->out = e->in;
}

void emu_close(struct emu *e)
{
	close(e->in);
	if (e->out != e->in)
		close(e->out);
	free(e->text);
	e->text = NULL;
}

/* A late answer to a command that was given up must not count for the next. */
static void drop_input(struct emu *e)
{
	char buf[512];

	while (wait_readable(e->in, 0))
		if (read(e->in, buf, sizeof(buf)) <= 0)
			return;
}

int emu_send(struct emu *e, const char *command)
{
	size_t len = strlen(command);
	char *line = xrealloc(NULL, len + 2);
	size_t done = 0;
	ssize_t n;

	drop_input(e);
	memcpy(line, command, len);
	line[len++] = '\n';
	while (done < len) {
		n = write(e->out, line + done, len - done);
		if (n < 0 && errno != EINTR) {
			free(line);
			return -errno;
		}
		done += n > 0 ? n : 0;
	}
	free(line);
	return 0;
}

/* Does the text end with a line "ok ..." or "error: ..."? */
static bool answer_complete(struct emu *e)
{
	const char *line;

	if (!e->len || e->text[e->len - 1] != '\n')
		return false;
	e->text[e->len - 1] = '\0';
	line = strrchr(e->text, '\n');
	e->last = line ? line + 1 - e->text : 0;
	line = e->text + e->last;
	if (!strcmp(line, "ok") || !strncmp(line, "ok ", 3) ||
	    !strncmp(line, "error", 5))
		return true;
	e->text[e->len - 1] = '\n';
	return false;
}

/*
 * Take the answer to the last command. Returns 0 when it is "ok", -EREMOTEIO
 * when it is an error, -ETIMEDOUT, or another negative errno.
 */
int emu_answer(struct emu *e, uint64_t timeout_us)
{
	uint64_t end = now_us() + timeout_us;
	char c;

	e->len = 0;
	e->last = 0;
	for (;;) {
		/* By bytes: lines are short, and none may be read past. */
		e->text = xrealloc(e->text, e->len + 2);
		e->text[e->len] = '\0';
		if (!wait_readable(e->in, end))
			return -ETIMEDOUT;
		switch (read(e->in, &c, 1)) {
		case 0:
			return -EPIPE;
		case 1:
			if (c == '\r')
				continue;
			e->text[e->len++] = c;
			e->text[e->len] = '\0';
			break;
		default:
			if (errno != EINTR)
				return -errno;
			continue;
		}
		if (answer_complete(e))
			return e->text[e->last] == 'o' ? 0 : -EREMOTEIO;
	}
}

int emu_command(struct emu *e, const char *command, uint64_t timeout_us)
{
	int rc = emu_send(e, command);

	return rc ? rc : emu_answer(e, timeout_us);
}

/* In words, for a result of the functions above that is not 0. */
const char *emu_why(const struct emu *e, int err)
{
	if (err == -EREMOTEIO)
		return e->text + e->last;
	return err == -ETIMEDOUT ? "no answer" : strerror(-err);
}
