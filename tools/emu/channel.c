// SPDX-License-Identifier: GPL-2.0
/* Where commands come from: first the script, then the control channel. */
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <termios.h>
#include <unistd.h>

#include "emu.h"

#define RETRY_MS	100
#define LINE_MAX_BYTES	(4 * 1024 * 1024)

/* Keep a terminal's line discipline from touching or echoing our lines. */
static void make_raw(int fd)
{
	struct termios t;

	if (tcgetattr(fd, &t))
		return;
	cfmakeraw(&t);
	tcsetattr(fd, TCSANOW, &t);
}

static const char *open_device(struct channel *c, const char *path)
{
	c->in = open(path, O_RDWR | O_NOCTTY | O_NONBLOCK | O_CLOEXEC);
	if (c->in < 0)
		return strerror(errno);
	make_raw(c->in);
	c->out = c->in;
	return NULL;
}

/* Open what --control names. */
const char *channel_open(struct emu *emu)
{
	const char *spec = emu->options.control;
	struct channel *c = &emu->channel;
	const char *path;

	*c = (struct channel){ .listener = -1, .in = -1, .out = -1 };
	if (!spec)
		return NULL;
	if (!strcmp(spec, "stdio")) {
		c->in = STDIN_FILENO;
		c->out = STDOUT_FILENO;
		return NULL;
	}
	path = socket_path(spec, "unix");
	if (path) {
		c->listener = socket_listen(path);
		return c->listener < 0 ? strerror(errno) : NULL;
	}
	c->connect_path = socket_path(spec, "unix-connect");
	if (c->connect_path) {
		c->next_try = now_ms();
		return NULL;
	}
	return open_device(c, spec);
}

static void hang_up(struct channel *c)
{
	if (c->in > STDERR_FILENO)
		close(c->in);
	c->in = -1;
	c->out = -1;
	c->ended = false;
	c->line.len = 0;
	c->answers.len = 0;
	c->next_try = now_ms() + RETRY_MS;
}

void channel_close(struct emu *emu)
{
	struct channel *c = &emu->channel;
	const char *spec = emu->options.control;

	hang_up(c);
	if (c->listener >= 0) {
		close(c->listener);
		unlink(socket_path(spec, "unix"));
	}
	bytes_free(&c->line);
	bytes_free(&c->answers);
	bytes_free(&emu->script.text);
}

static void flush(struct channel *c)
{
	ssize_t n;

	while (c->out >= 0 && c->answers.len) {
		n = write(c->out, c->answers.data, c->answers.len);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0 && errno != EAGAIN)
			hang_up(c);
		if (n <= 0)
			return;
		bytes_drop(&c->answers, n);
	}
}

static void receive(struct channel *c)
{
	u8 buf[4096];
	ssize_t n = read(c->in, buf, sizeof(buf));

	if (n > 0)
		bytes_add(&c->line, buf, n);
	else if (n == 0)
		c->ended = true;
	else if (errno != EAGAIN && errno != EINTR)
		hang_up(c);
}

/*
 * May somebody new give commands? Not while one waits whose giver has gone: the next
 * one would take its answer for his.
 */
static bool vacant(const struct emu *emu)
{
	return emu->channel.in < 0 &&
	       (emu->wait.kind == WAIT_NOTHING || emu->script.running);
}

static void try_connect(struct channel *c)
{
	if (!c->connect_path || now_ms() < c->next_try)
		return;
	c->in = socket_connect(c->connect_path);
	c->out = c->in;
	c->next_try = now_ms() + RETRY_MS;
}

unsigned int channel_poll_add(struct emu *emu, struct pollfd *fds)
{
	struct channel *c = &emu->channel;
	unsigned int n = 0;

	if (vacant(emu)) {
		try_connect(c);
		if (c->listener >= 0)
			fds[n++] = (struct pollfd){ c->listener, POLLIN, 0 };
	}
	/* While a command waits its followers may wait outside. */
	if (c->in >= 0 && !c->ended && c->line.len < LINE_MAX_BYTES)
		fds[n++] = (struct pollfd){ c->in, POLLIN, 0 };
	if (c->answers.len)
		fds[n++] = (struct pollfd){ c->out, POLLOUT, 0 };
	return n;
}

void channel_poll_done(struct emu *emu, const struct pollfd *fds,
		       unsigned int n)
{
	struct channel *c = &emu->channel;
	unsigned int i;

	for (i = 0; i < n; i++) {
		if (!fds[i].revents)
			continue;
		if (fds[i].fd == c->listener) {
			c->in = accept4(c->listener, NULL, NULL,
					SOCK_NONBLOCK | SOCK_CLOEXEC);
			c->out = c->in;
		} else if (fds[i].events == POLLOUT) {
			flush(c);
		} else if (fds[i].fd == c->in) {
			receive(c);
		}
	}
}

/* When to look again though nothing happens; 0: never. */
long long channel_deadline(const struct emu *emu)
{
	const struct channel *c = &emu->channel;

	return c->connect_path && vacant(emu) ? c->next_try : 0;
}

const char *script_open(struct emu *emu)
{
	struct script *s = &emu->script;
	u8 buf[4096];
	size_t n;
	FILE *f;

	if (!emu->options.script)
		return NULL;
	f = fopen(emu->options.script, "r");
	if (!f)
		return strerror(errno);
	while ((n = fread(buf, 1, sizeof(buf), f)))
		bytes_add(&s->text, buf, n);
	if (ferror(f)) {
		fclose(f);
		return "cannot be read";
	}
	fclose(f);
	bytes_add(&s->text, "\n", 1);
	s->running = true;
	return NULL;
}

/* Take the next line off @from; the caller frees it. NULL: none is complete. */
static char *next_line(struct bytes *from)
{
	u8 *end = from->len ? memchr(from->data, '\n', from->len) : NULL;
	size_t len;
	char *line;

	if (!end)
		return NULL;
	len = end - from->data;
	line = must_alloc(len + 1);
	memcpy(line, from->data, len);
	bytes_drop(from, len + 1);
	line[strcspn(line, "\r")] = '\0';
	return line;
}

/* Is it an answer of ours that somebody's terminal has echoed? */
static bool is_echo(const char *line)
{
	return !strncmp(line, "ok", 2) || !strncmp(line, "error:", 6);
}

/* Run lines until one has to wait. */
void lines_run(struct emu *emu)
{
	struct channel *c = &emu->channel;
	struct script *s = &emu->script;
	char *line;

	while (!emu->quit && emu->wait.kind == WAIT_NOTHING) {
		line = next_line(s->running ? &s->text : &c->line);
		if (!line) {
			if (!s->running)
				break;
			s->running = false;
			continue;
		}
		if (s->running)
			s->line++;
		if (!is_echo(line))
			command_run(emu, line);
		free(line);
	}
	flush(c);
	if (c->ended && emu->wait.kind == WAIT_NOTHING && !c->answers.len)
		hang_up(c);
}

/* Answer whoever gave the command, if he is still there. Nobody reads what a script is told. */
void answer_bytes(struct emu *emu, const struct bytes *text)
{
	if (emu->script.running)
		fwrite(text->data, 1, text->len, stdout);
	else if (emu->channel.out >= 0)
		bytes_add(&emu->channel.answers, text->data, text->len);
}

static void vanswer(struct emu *emu, const char *prefix, const char *format,
		    va_list args)
{
	struct bytes text = { 0 };
	char line[512];

	snprintf(line, sizeof(line), "%s", prefix);
	vsnprintf(line + strlen(line), sizeof(line) - strlen(line), format, args);
	bytes_add(&text, line, strlen(line));
	bytes_add(&text, "\n", 1);
	answer_bytes(emu, &text);
	bytes_free(&text);
}

void answer(struct emu *emu, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vanswer(emu, "", format, args);
	va_end(args);
}

void answer_ok(struct emu *emu)
{
	if (!emu->script.running)
		answer(emu, "ok");
}

/* A script that fails must not look as if it had done its work. */
void answer_error(struct emu *emu, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	if (emu->script.running) {
		fprintf(stderr, "mctp-usb-emu: %s:%u: ", emu->options.script,
			emu->script.line);
		vfprintf(stderr, format, args);
		fputc('\n', stderr);
		emu->quit = true;
		emu->status = 1;
	} else {
		vanswer(emu, "error: ", format, args);
	}
	va_end(args);
}
