// SPDX-License-Identifier: GPL-2.0-or-later
/* gnuplot as a process: started once, told what to draw, and asked whether it has. */
#include <errno.h>
#include <fcntl.h>
#include <spawn.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "analysis/base/text.h"
#include "analysis/plot/gnuplot.h"
#include "core/base/plain.h"

extern char **environ;

void an_gnuplot_quote(FILE *out, const char *text)
{
	putc('\'', out);
	for (const char *p = text; *p; p++) {
		size_t control = mb_control(p);

		if (*p == '\'')
			putc('\'', out);
		putc(control || *p == '`' ? ' ' : *p, out);
		p += control ? control - 1 : 0;
	}
	putc('\'', out);
}

static int start(struct an_gnuplot *gnuplot, const char *folder)
{
	char name[] = "gnuplot", defaults[] = "-d";
	char *argv[] = { name, defaults, NULL };
	posix_spawn_file_actions_t actions;
	int line[2], error;

	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, line))
		return errno;
	posix_spawn_file_actions_init(&actions);
	posix_spawn_file_actions_addchdir_np(&actions, folder);
	posix_spawn_file_actions_adddup2(&actions, line[1], 0);
	posix_spawn_file_actions_adddup2(&actions, line[1], 1);
	posix_spawn_file_actions_addopen(&actions, 2, "log", O_WRONLY | O_CREAT | O_APPEND, 0666);
	error = posix_spawnp(&gnuplot->pid, name, &actions, NULL, argv, environ);
	posix_spawn_file_actions_destroy(&actions);
	close(line[1]);
	gnuplot->line = line[0];
	if (error) {
		close(line[0]);
		gnuplot->pid = 0;
	}
	return error;
}

/* Close the line and take its exit status, as waitpid() has it. */
static int end(struct an_gnuplot *gnuplot)
{
	int status;

	close(gnuplot->line);
	while (waitpid(gnuplot->pid, &status, 0) < 0)
		if (errno != EINTR) {
			status = -1;
			break;
		}
	gnuplot->pid = 0;
	return status;
}

void an_gnuplot_end(struct an_gnuplot *gnuplot)
{
	if (gnuplot->pid)
		end(gnuplot);
}

static void load(FILE *out, const char *path)
{
	fputs("load ", out);
	an_gnuplot_quote(out, path);
	putc('\n', out);
}

/* Whether it took @text and said something back, which it does after the last line. */
static bool told(const struct an_gnuplot *gnuplot, const char *text, size_t size)
{
	char answer;
	ssize_t count;

	while (size) {
		count = send(gnuplot->line, text, size, MSG_NOSIGNAL);
		if (count < 0 && errno != EINTR)
			return false;
		text += count < 0 ? 0 : count;
		size -= count < 0 ? 0 : (size_t)count;
	}
	do
		count = recv(gnuplot->line, &answer, 1, 0);
	while ((count < 0 && errno == EINTR) || (count == 1 && answer != '\n'));
	return count == 1;
}

int an_gnuplot_draw(struct an_gnuplot *gnuplot, const char *folder, const char *format,
		    const char *preamble, const char *style, const char *body)
{
	char *log = mb_format("%s/log", folder), *text;
	size_t size;
	FILE *out;
	int status, error = 0;
	bool done;

	/* What it complained of is of this picture alone. */
	if (truncate(log, 0) && errno != ENOENT)
		error = errno;
	free(log);
	if (!error && !gnuplot->pid)
		error = start(gnuplot, folder);
	if (error)
		return error;
	out = mb_text_open(&text, &size);
	fprintf(out, "reset session\nFORMAT = '%s'\n", format);
	load(out, preamble);
	load(out, style);
	load(out, body);
	/* The picture is whole when its file is closed. */
	fputs("unset output\nset print '-'\nprint 'drawn'\n", out);
	mb_text_close(out);
	done = told(gnuplot, text, size);
	free(text);
	if (done)
		return 0;
	status = end(gnuplot);
	/* Where the child has memory of its own, posix_spawnp() can't tell its caller that there is none. */
	return WIFEXITED(status) && WEXITSTATUS(status) == 127 ? ENOENT : -1;
}
