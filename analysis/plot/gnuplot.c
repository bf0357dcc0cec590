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

/* What it answers when a picture is there. */
#define DRAWN "drawn"

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
	gnuplot->line = fdopen(line[0], "r");
	if (!gnuplot->line) {
		error = errno;
		close(line[0]);
		close(line[1]);
		return error;
	}
	posix_spawn_file_actions_init(&actions);
	posix_spawn_file_actions_addchdir_np(&actions, folder);
	posix_spawn_file_actions_adddup2(&actions, line[1], 0);
	posix_spawn_file_actions_adddup2(&actions, line[1], 1);
	posix_spawn_file_actions_addopen(&actions, 2, "log", O_WRONLY | O_CREAT | O_APPEND, 0666);
	error = posix_spawnp(&gnuplot->pid, name, &actions, NULL, argv, environ);
	posix_spawn_file_actions_destroy(&actions);
	close(line[1]);
	if (error) {
		fclose(gnuplot->line);
		gnuplot->line = NULL;
	}
	return error;
}

/* Its exit status, as waitpid() has it. */
static int end(struct an_gnuplot *gnuplot)
{
	int status = -1;

	fclose(gnuplot->line);
	gnuplot->line = NULL;
	while (waitpid(gnuplot->pid, &status, 0) < 0 && errno == EINTR)
		;
	return status;
}

void an_gnuplot_end(struct an_gnuplot *gnuplot)
{
	if (gnuplot->line)
		end(gnuplot);
}

static void load(FILE *out, const char *path)
{
	fputs("load ", out);
	an_gnuplot_quote(out, path);
	putc('\n', out);
}

static bool tell(const struct an_gnuplot *gnuplot, const char *text, size_t size)
{
	while (size) {
		/* Where gnuplot has ended, its status says why, not a signal to us. */
		ssize_t count = send(fileno(gnuplot->line), text, size, MSG_NOSIGNAL);

		if (count < 0 && errno != EINTR)
			return false;
		text += count < 0 ? 0 : count;
		size -= count < 0 ? 0 : (size_t)count;
	}
	return true;
}

/* Wait for the word behind the last command, past whatever else it prints; false when it has ended. */
static bool answered(const struct an_gnuplot *gnuplot)
{
	bool drawn = false;
	size_t size = 0;
	char *answer = NULL;

	while (!drawn && getline(&answer, &size, gnuplot->line) >= 0)
		drawn = !strcmp(answer, DRAWN "\n");
	free(answer);
	return drawn;
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
	if (!error && !gnuplot->line)
		error = start(gnuplot, folder);
	if (error)
		return error;
	out = mb_text_open(&text, &size);
	fprintf(out, "reset session\nFORMAT = '%s'\n", format);
	load(out, preamble);
	load(out, style);
	load(out, body);
	/* The picture is whole when its file is closed. */
	fputs("unset output\nset print '-'\nprint '" DRAWN "'\n", out);
	mb_text_close(out);
	done = tell(gnuplot, text, size) && answered(gnuplot);
	free(text);
	if (done)
		return 0;
	status = end(gnuplot);
	/* Where the child has memory of its own, posix_spawnp() can't tell its caller that there is none. */
	return WIFEXITED(status) && WEXITSTATUS(status) == 127 ? ENOENT : -1;
}
