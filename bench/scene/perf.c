// SPDX-License-Identifier: GPL-2.0-or-later
/* perf beside a run: it looks on while samples are taken. */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "bench/scene/perf.h"
#include "core/base/text.h"
#include "core/status.h"

#define PATIENCE_MS 30000
#define NOT_FOUND 127

/* In the child: pipes of its own at 3 and 4, and nothing of ours. */
static void become(const char *what, const char *path, int control, int answer, int said)
{
	char of[32];

	signal(SIGPIPE, SIG_DFL);
	signal(SIGXFSZ, SIG_DFL);
	snprintf(of, sizeof(of), "%d", (int)getppid());
	/* Out of the way of what is to be put there. */
	control = fcntl(control, F_DUPFD, 10);
	answer = fcntl(answer, F_DUPFD, 10);
	said = fcntl(said, F_DUPFD, 10);
	dup2(control, 3);
	dup2(answer, 4);
	dup2(said, 1);
	dup2(said, 2);
	for (int fd = 5; fd < 256; fd++)
		close(fd);
	/* -1: it waits. A Ctrl-C is for us: we end it in order. */
	setpgid(0, 0);
	if (!strcmp(what, "record"))
		execlp("perf", "perf", "record", "--delay=-1", "--control=fd:3,4", "-g", "-o", path,
		       "-p", of, NULL);
	else
		execlp("perf", "perf", "stat", "--delay=-1", "--control=fd:3,4", "-o", path, "-p",
		       of, NULL);
	_exit(NOT_FOUND);
}

/* The first of its lines that says anything; malloc'd. */
static char *words_of(int said)
{
	char text[4096], *line, *rest = text;
	ssize_t length = pread(said, text, sizeof(text) - 1, 0);

	text[length > 0 ? length : 0] = '\0';
	while ((line = strtok_r(rest, "\n", &rest)))
		if (strlen(line) > 8 && !strspn(line, "[ "))
			return mb_strdup(line);
	return mb_strdup("it says nothing");
}

/* Why it has ended with @status, on a line. */
static int complain(const struct mb_perf *perf, int status)
{
	char *words;

	if (WIFEXITED(status) && WEXITSTATUS(status) == NOT_FOUND)
		return mb_fail(MB_MACHINE,
			       "run: --perf-%s: there is no perf on the PATH (Debian: linux-perf)",
			       perf->what);
	words = words_of(perf->said);
	mb_fail(MB_MACHINE, "run: --perf-%s: perf does not look on: %s", perf->what, words);
	free(words);
	return MB_MACHINE;
}

/* Tell it @command, and wait until it has done that: 0, or -1. */
static int tell(const struct mb_perf *perf, const char *command)
{
	struct pollfd answer = { .fd = perf->answer, .events = POLLIN };
	char text[16];

	if (write(perf->control, command, strlen(command)) < 0)
		return -1;
	while (poll(&answer, 1, PATIENCE_MS) < 0 && errno == EINTR)
		;
	return answer.revents & POLLIN && read(perf->answer, text, sizeof(text)) > 0 ? 0 : -1;
}

/* Where there is a file with something in it perf writes another one beside it. */
static int step_aside(struct mb_perf *perf)
{
	struct stat st;
	int fd;

	if (stat(perf->path, &st) || !S_ISREG(st.st_mode) || !st.st_size)
		return MB_OK;
	perf->aside = mb_format("%s.XXXXXX", perf->path);
	fd = mkstemp(perf->aside);
	if (fd < 0)
		return mb_fail(MB_MACHINE, "%s: cannot write: %m", perf->aside);
	close(fd);
	return MB_OK;
}

static int put_in_place(struct mb_perf *perf, bool good)
{
	int status = MB_OK;

	if (perf->aside && good && rename(perf->aside, perf->path))
		status = mb_fail(MB_MACHINE, "%s: cannot write: %m", perf->path);
	if (perf->aside && (!good || status))
		unlink(perf->aside);
	free(perf->aside);
	perf->aside = NULL;
	return status;
}

int mb_perf_open(struct mb_perf *perf, const char *what, const char *path)
{
	int control[2], answer[2], status;

	*perf = (struct mb_perf){ .what = what,
				  .path = path,
				  .said = memfd_create("perf", MFD_CLOEXEC) };
	if (perf->said < 0 || pipe2(control, O_CLOEXEC) || pipe2(answer, O_CLOEXEC))
		return mb_fail(MB_MACHINE, "run: --perf-%s: no pipe: %m", what);
	status = step_aside(perf);
	if (status)
		return status;
	perf->pid = fork();
	if (!perf->pid)
		become(what, perf->aside ? perf->aside : path, control[0], answer[1], perf->said);
	close(control[0]);
	close(answer[1]);
	perf->control = control[1];
	perf->answer = answer[0];
	if (perf->pid > 0 && !tell(perf, "disable\n"))
		return MB_OK;
	if (perf->pid > 0) {
		kill(perf->pid, SIGTERM);
		waitpid(perf->pid, &status, 0);
	}
	perf->pid = 0;
	put_in_place(perf, false);
	return complain(perf, status);
}

void mb_perf_look(const struct mb_perf *perf)
{
	if (perf && perf->pid)
		tell(perf, "enable\n");
}

void mb_perf_rest(const struct mb_perf *perf)
{
	if (perf && perf->pid)
		tell(perf, "disable\n");
}

int mb_perf_close(struct mb_perf *perf, bool good)
{
	int status = 0, put;

	if (!perf->pid)
		return MB_OK;
	/* As by Ctrl-C: it writes what it has. */
	kill(perf->pid, SIGINT);
	while (waitpid(perf->pid, &status, 0) < 0 && errno == EINTR)
		;
	perf->pid = 0;
	close(perf->control);
	close(perf->answer);
	/* It ends itself by the signal when its file is whole. */
	if ((WIFSIGNALED(status) && WTERMSIG(status) == SIGINT) ||
	    (WIFEXITED(status) && !WEXITSTATUS(status)))
		status = MB_OK;
	else
		status = complain(perf, status);
	close(perf->said);
	put = put_in_place(perf, good && !status);
	return status ? status : put;
}
