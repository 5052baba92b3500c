// SPDX-License-Identifier: GPL-2.0
/*
 * session-test EMULATOR - how the emulator begins and ends, and its control channel: sockets,
 * clients that go, exit statuses. Results are TAP.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tap.h"

#define PATIENCE_MS	5000
#define HUNG		(-1)	/* instead of an exit status */

static const char *emulator;
static char dir[] = P_tmpdir "/session-test.XXXXXX";

static void give_up(const char *why)
{
	printf("Bail out! %s: %s\n", why, strerror(errno));
	exit(1);
}

struct emulator {
	pid_t pid;
	int in, out;		/* its standard input, and what it writes, errors too */
};

static struct emulator start(char *const *options)
{
	struct emulator e;
	int in[2], out[2];

	if (pipe2(in, O_CLOEXEC) || pipe2(out, O_CLOEXEC))
		give_up("pipe");
	e.pid = fork();
	if (!e.pid) {
		dup2(in[0], 0);
		dup2(out[1], 1);
		dup2(out[1], 2);
		execv(emulator, options);
		_exit(127);
	}
	close(in[0]);
	close(out[1]);
	e.in = in[1];
	e.out = out[0];
	return e;
}

/* All that comes before the end, or the wanted number of lines. Return: whether it came */
static bool hear(int fd, char *text, size_t room, unsigned int lines)
{
	struct pollfd pfd = { fd, POLLIN, 0 };
	ssize_t n;

	*text = '\0';
	while (lines && room > 1 && poll(&pfd, 1, PATIENCE_MS) > 0) {
		n = read(fd, text, 1);
		if (n <= 0)
			return false;
		lines -= *text == '\n';
		*++text = '\0';
		room--;
	}
	return !lines;
}

/* Return: its exit status, or HUNG */
static int end(struct emulator *e)
{
	int status, ms;

	for (ms = 0; ms < PATIENCE_MS; ms += 10) {
		if (waitpid(e->pid, &status, WNOHANG) == e->pid)
			break;
		usleep(10000);
	}
	if (ms >= PATIENCE_MS) {
		kill(e->pid, SIGKILL);
		waitpid(e->pid, &status, 0);
		status = -1;
	}
	close(e->in);
	close(e->out);
	return status != -1 && WIFEXITED(status) ? WEXITSTATUS(status) : HUNG;
}

static struct sockaddr_un address(const char *name)
{
	struct sockaddr_un addr = { .sun_family = AF_UNIX };

	snprintf(addr.sun_path, sizeof(addr.sun_path), "%s/%s", dir, name);
	return addr;
}

static int listen_at(const char *name, int backlog)
{
	struct sockaddr_un addr = address(name);
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

	if (fd < 0 || bind(fd, (void *)&addr, sizeof(addr)) || listen(fd, backlog))
		give_up("listen");
	return fd;
}

static int connect_to(const char *name)
{
	struct sockaddr_un addr = address(name);
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0), ms;

	for (ms = 0; ms < PATIENCE_MS; ms += 10) {
		if (!connect(fd, (void *)&addr, sizeof(addr)))
			return fd;
		usleep(10000);
	}
	give_up("connect");
	return -1;
}

static char *spec(char *text, const char *name)
{
	sprintf(text, "unix:%s/%s", dir, name);
	return text;
}

static void test_paths(void)
{
	char where[256], text[512], path[256], name[150];
	char *const options[] = { "emu", "usbip", "--unplugged", "--control", where, NULL };
	struct emulator e;
	FILE *f;

	memset(name, 'n', sizeof(name));
	name[sizeof(name) - 1] = '\0';
	spec(where, name);
	e = start(options);
	check(hear(e.out, text, sizeof(text), 1) && strstr(text, strerror(ENAMETOOLONG)) &&
	      end(&e) == 1, "a path too long for a socket is told as that");

	spec(where, "file");
	snprintf(path, sizeof(path), "%s/file", dir);
	f = fopen(path, "w");
	fclose(f);
	e = start(options);
	check(hear(e.out, text, sizeof(text), 1) && end(&e) == 1 && !access(path, F_OK),
	      "a socket does not take the place of a file");
	unlink(path);
}

/* One who listens and takes nobody must not hang the emulator. */
static void test_full_backlog(void)
{
	struct sockaddr_un addr = address("full");
	char where[256];
	char *const options[] = { "emu", "usbip", "--connect", where, NULL };
	int listener = listen_at("full", 0), waiting[8];
	struct emulator e;
	unsigned int i;

	for (i = 0; i < 8; i++) {
		waiting[i] = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
		connect(waiting[i], (void *)&addr, sizeof(addr));
	}
	spec(where, "full");
	e = start(options);
	check(end(&e) == 1, "a host that is too busy to connect to");
	for (i = 0; i < 8; i++)
		close(waiting[i]);
	close(listener);
	unlink(addr.sun_path);
}

/* Commands and the end of the input at once, as from a pipe */
static void test_end_of_input(void)
{
	char *const options[] = { "emu", "usbip", "--unplugged", "--control", "stdio", NULL };
	struct emulator e = start(options);
	char text[512];

	dprintf(e.in, "wait 200\nnonsense\nquit\n");
	close(e.in);
	e.in = -1;
	check(hear(e.out, text, sizeof(text), 3) &&
	      !strcmp(text, "ok\nerror: no command 'nonsense'\nok\n") && !end(&e),
	      "what came before the end of the input is run, and answered");
}

static void test_clients(void)
{
	char where[256], text[512];
	char *const options[] = { "emu", "usbip", "--unplugged", "--control", where, NULL };
	struct emulator e;
	int client;

	spec(where, "control");
	e = start(options);
	client = connect_to("control");
	dprintf(client, "wait 200\n");
	shutdown(client, SHUT_WR);
	check(hear(client, text, sizeof(text), 1) && !strcmp(text, "ok\n"),
	      "a client that has said all gets its answer");
	close(client);

	client = connect_to("control");
	dprintf(client, "wait 300\n");
	close(client);
	client = connect_to("control");
	dprintf(client, "nonsense\nquit\n");
	check(hear(client, text, sizeof(text), 2) &&
	      !strcmp(text, "error: no command 'nonsense'\nok\n"),
	      "one that has gone leaves its answer to nobody");
	close(client);
	check(!end(&e), "the command quit is a good end");
}

/* QEMU goes while a script waits. */
static void test_script(void)
{
	char where[256], path[256], text[512];
	char *const options[] = { "emu", "redir", "--connect", where, "--script", path, NULL };
	int listener = listen_at("qemu", 1), qemu;
	struct emulator e;
	FILE *f;

	spec(where, "qemu");
	snprintf(path, sizeof(path), "%s/script", dir);
	f = fopen(path, "w");
	fputs("# line 1\nwait-configured\n", f);
	fclose(f);
	e = start(options);
	qemu = accept(listener, NULL, NULL);
	close(qemu);
	check(hear(e.out, text, sizeof(text), 1) && strstr(text, "/script:2: QEMU has closed") &&
	      end(&e) == 1, "a script that QEMU has ended has failed");
	unlink(path);
	unlink(where + strlen("unix:"));
	close(listener);
}

int main(int argc, char **argv)
{
	if (argc != 2 || !mkdtemp(dir))
		give_up("say which emulator");
	emulator = argv[1];
	signal(SIGPIPE, SIG_IGN);
	setvbuf(stdout, NULL, _IOLBF, 0);
	test_paths();
	test_full_backlog();
	test_end_of_input();
	test_clients();
	test_script();
	rmdir(dir);
	return tap_end();
}
