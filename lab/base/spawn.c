// SPDX-License-Identifier: GPL-2.0-or-later
/* Programs in process groups of their own, which end when we do. */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/pidfd.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/base/list.h"
#include "core/base/text.h"
#include "core/progress.h"
#include "lab/base/spawn.h"
#include "lab/base/temporary.h"

#define LOGGED_WORDS 7 /* of a command, in a log */
#define POLL_MS 200
#define KILL_PATIENCE_MS 3000

volatile sig_atomic_t lab_interrupted;

static void note_signal(int signal_number)
{
	lab_interrupted = signal_number;
}

void lab_catch_signals(void)
{
	struct sigaction action = { .sa_handler = note_signal }, was;

	sigaction(SIGINT, &action, NULL);
	sigaction(SIGTERM, &action, NULL);
	/* nohup(1) has us ignore it. */
	if (!sigaction(SIGHUP, NULL, &was) && was.sa_handler != SIG_IGN)
		sigaction(SIGHUP, &action, NULL);
	/* A closed stdout must reach us as a failed write, not end us with VMs running. */
	signal(SIGPIPE, SIG_IGN);
}

void lab_end_by_signal(int signal_number)
{
	lab_remove_temporaries();
	fflush(stdout);
	signal(signal_number, SIG_DFL);
	raise(signal_number);
	_exit(128 + signal_number);
}

static void connect_fd(int from, int to)
{
	if (from < 0) {
		from = open("/dev/null", O_RDWR);
		dup2(from, to);
		if (from != to)
			close(from);
	} else if (from != to) {
		dup2(from, to);
	}
}

static void become(const struct lab_spawn *how, pid_t parent, int report)
{
	int error;

	if (!how->foreground)
		setpgid(0, 0);
	/* A killed migbench leaves no virtual machine behind. */
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (getppid() != parent)
		_exit(127);
	signal(SIGPIPE, SIG_DFL);
	signal(SIGXFSZ, SIG_DFL);
	if (how->hold)
		fcntl(how->hold, F_SETFD, 0);
	connect_fd(how->in, 0);
	connect_fd(how->out, 1);
	connect_fd(how->err, 2);
	if (!how->folder || !chdir(how->folder)) {
		if (how->env)
			environ = (char **)how->env;
		execvp(how->argv[0], how->argv);
	}
	error = errno;
	if (write(report, &error, sizeof(error)) < 0)
		_exit(126);
	_exit(127);
}

pid_t lab_spawn(const struct lab_spawn *how)
{
	int report[2], error = 0;
	pid_t parent = getpid(), pid;
	ssize_t got;

	if (pipe2(report, O_CLOEXEC))
		return -1;
	pid = fork();
	if (pid == 0)
		become(how, parent, report[1]);
	close(report[1]);
	if (pid > 0) {
		/* Nothing arrives when exec succeeded: it closed the pipe. */
		do {
			got = read(report[0], &error, sizeof(error));
		} while (got < 0 && errno == EINTR);
		if (got > 0) {
			waitpid(pid, NULL, 0);
			errno = error;
			pid = -1;
		}
	}
	error = errno;
	close(report[0]);
	errno = error;
	return pid;
}

int lab_exit_status(int wait_status)
{
	return WIFSIGNALED(wait_status) ? 128 + WTERMSIG(wait_status) : WEXITSTATUS(wait_status);
}

bool lab_kill(pid_t pid)
{
	kill(-pid, SIGTERM);
	for (int waited = 0; waited < KILL_PATIENCE_MS; waited += 10) {
		if (waitpid(pid, NULL, WNOHANG))
			return true;
		poll(NULL, 0, 10);
	}
	kill(-pid, SIGKILL);
	while (waitpid(pid, NULL, 0) < 0 && errno == EINTR)
		;
	return false;
}

/* The same, as an errno. */
static int interrupt(pid_t pid)
{
	return lab_kill(pid) ? EINTR : ECANCELED;
}

int lab_wait(pid_t pid)
{
	struct pollfd end = { .fd = pidfd_open(pid, 0), .events = POLLIN };
	int status;
	pid_t got;

	while (!(got = waitpid(pid, &status, WNOHANG)) && !lab_interrupted) {
		poll(&end, 1, POLL_MS);
		mb_progress_wait();
	}
	if (end.fd >= 0)
		close(end.fd);
	if (lab_interrupted) {
		errno = got == pid ? EINTR : interrupt(pid);
		return -1;
	}
	return got == pid ? lab_exit_status(status) : -1;
}

int lab_run_program(const struct lab_spawn *how)
{
	pid_t pid = lab_spawn(how);

	return pid < 0 ? -1 : lab_wait(pid);
}

/* Read what is there into @buffer; 1: something, 0: the end, -1: interrupted. */
static int read_some(int fd, char *buffer, size_t size, size_t *length)
{
	struct pollfd wait = { .fd = fd, .events = POLLIN };

	while (!lab_interrupted) {
		ssize_t got;

		mb_progress_wait();
		if (poll(&wait, 1, POLL_MS) <= 0)
			continue;
		got = read(fd, buffer, size);
		if (got < 0 && errno == EINTR)
			continue;
		*length = got > 0 ? (size_t)got : 0;
		return got > 0;
	}
	return -1;
}

struct line_buffer {
	char text[4096];
	size_t used;
};

static void take(struct line_buffer *buffer, const char *data, size_t length,
		 void (*line)(void *, const char *), void *context)
{
	for (size_t i = 0; i < length; i++) {
		if (data[i] != '\n') {
			/* Beyond the buffer a line is cut: it is for progress only. */
			if (buffer->used + 1 < sizeof(buffer->text))
				buffer->text[buffer->used++] = data[i];
			continue;
		}
		buffer->text[buffer->used] = '\0';
		buffer->used = 0;
		if (line)
			line(context, buffer->text);
	}
}

int lab_run_logged(const struct lab_spawn *how, FILE *log,
		   void (*line)(void *context, const char *text), void *context)
{
	struct lab_spawn piped = *how;
	struct line_buffer *lines;
	char data[4096];
	size_t length;
	int ends[2], state, error;
	pid_t pid;

	if (pipe2(ends, O_CLOEXEC))
		return -1;
	piped.out = piped.err = ends[1];
	pid = lab_spawn(&piped);
	close(ends[1]);
	if (pid < 0) {
		close(ends[0]);
		return -1;
	}
	lines = calloc(1, sizeof(*lines));
	while ((state = read_some(ends[0], data, sizeof(data), &length)) > 0) {
		fwrite(data, 1, length, log);
		if (lines)
			take(lines, data, length, line, context);
	}
	fflush(log);
	free(lines);
	/* What it says while it ends has to go somewhere: SIGPIPE would be the end of its cleaning up. */
	error = state < 0 ? interrupt(pid) : 0;
	close(ends[0]);
	errno = error;
	return error ? -1 : lab_wait(pid);
}

int lab_capture(char *const *argv, char *const *env, char **output)
{
	struct lab_spawn how = { .argv = argv, .env = env, .in = -1, .err = -1 };
	char data[4096], *text = NULL;
	size_t length, size;
	int ends[2], state, status, error;
	FILE *memory;
	pid_t pid;

	*output = NULL;
	if (pipe2(ends, O_CLOEXEC))
		return -1;
	how.out = ends[1];
	pid = lab_spawn(&how);
	close(ends[1]);
	if (pid < 0) {
		close(ends[0]);
		return -1;
	}
	memory = mb_text_open(&text, &size);
	while ((state = read_some(ends[0], data, sizeof(data), &length)) > 0)
		fwrite(data, 1, length, memory);
	mb_text_close(memory);
	error = state < 0 ? interrupt(pid) : 0;
	close(ends[0]);
	errno = error;
	status = error ? -1 : lab_wait(pid);
	if (status < 0)
		free(text);
	else
		*output = text;
	return status;
}

bool lab_have_program(const char *name)
{
	const char *at = getenv("PATH");

	while (at && *at) {
		size_t length = strcspn(at, ":");
		char *path = mb_format("%.*s/%s", (int)length, at, name);
		bool found = !access(path, X_OK);

		free(path);
		if (found)
			return true;
		at += length;
		at += *at == ':';
	}
	return false;
}

int lab_run_words(struct mb_list *words, const char *folder, FILE *log)
{
	struct lab_spawn how = { .argv = words->at, .folder = folder, .in = -1 };
	int status, error;

	fprintf(log, "+");
	for (size_t i = 0; i < words->count && i < LOGGED_WORDS; i++)
		fprintf(log, " %s", words->at[i]);
	fprintf(log, "%s\n", words->count > LOGGED_WORDS ? " ..." : "");
	fflush(log);
	status = lab_run_logged(&how, log, NULL, NULL);
	error = errno;
	if (status < 0 && error != EINTR)
		fprintf(log, "%s: %s\n", words->at[0], strerror(error));
	mb_list_free(words);
	errno = error;
	return status;
}
