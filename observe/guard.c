// SPDX-License-Identifier: GPL-2.0-or-later
/* What is put into tracefs outlives whoever put it there: so somebody waits for our end. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "core/base/text.h"
#include "observe/guard.h"
#include "observe/threads.h"

#define TRIES 500 /* every 10 ms: a dying process closes its files one by one */

static int put(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_APPEND | O_CLOEXEC), status = -1;

	if (fd < 0)
		return -1;
	status = write(fd, text, strlen(text)) < 0 ? -1 : 0;
	close(fd);
	return status;
}

/* One of the probes of @group: "-:group/event"; malloc'd, NULL when none is left. */
static char *removal(const char *events, const char *group)
{
	FILE *in = fopen(events, "re");
	char line[512], *text = NULL;
	size_t length = strlen(group);

	while (in && !text && fgets(line, sizeof(line), in)) {
		/* "p:group/event function …", "r64:group/event …" */
		char *at = strchr(line, ':');

		if (at && !strncmp(at + 1, group, length) && at[1 + length] == '/')
			text = mb_format("-:%.*s", (int)strcspn(at + 1, " \n"), at + 1);
	}
	if (in)
		fclose(in);
	return text;
}

static void clean(const char *root, int pid)
{
	char *instance = mb_format("%s/instances/" OB_INSTANCE "%d", root, pid);
	char *enable = mb_format("%s/events/enable", instance);
	char *events = mb_format("%s/kprobe_events", root);
	char *group = mb_format(OB_GROUP "%d", pid), *one;

	for (int i = 0; i < TRIES; i++) {
		const struct timespec turn = { 0, 10000000 };
		int gone;

		put(enable, "0");
		gone = !rmdir(instance) || errno == ENOENT;
		while (gone && (one = removal(events, group))) {
			gone = !put(events, one);
			free(one);
		}
		if (gone)
			break;
		nanosleep(&turn, NULL);
	}
	free(instance);
	free(enable);
	free(events);
	free(group);
}

/* In the child. */
static void wait_for_the_end(int pipe, const char *root, int pid)
{
	int null = open("/dev/null", O_RDWR);
	char byte;

	setsid();
	for (int i = 1; i < NSIG; i++)
		signal(i, SIG_IGN);
	/* Whoever reads what we print must not wait for it. */
	for (int fd = 0; fd < 3 && null >= 0; fd++)
		dup2(null, fd);
	for (int fd = 3; fd < 1024; fd++)
		if (fd != pipe)
			close(fd);
	while (read(pipe, &byte, 1) < 0 && errno == EINTR)
		;
	clean(root, pid);
	_exit(0);
}

int ob_guard_begin(struct ob_guard *guard, const char *root)
{
	int ends[2], pid = (int)getpid();

	if (pipe2(ends, O_CLOEXEC))
		return -1;
	guard->pid = fork();
	if (!guard->pid) {
		close(ends[1]);
		wait_for_the_end(ends[0], root, pid);
	}
	close(ends[0]);
	guard->pipe = ends[1];
	if (guard->pid < 0)
		close(ends[1]);
	return guard->pid < 0 ? -1 : 0;
}

void ob_guard_end(struct ob_guard *guard)
{
	if (guard->pid <= 0)
		return;
	close(guard->pipe);
	while (waitpid(guard->pid, NULL, 0) < 0 && errno == EINTR)
		;
	guard->pid = 0;
}

/*
 * The process that @name, behind @prefix, says it is of, if that is no more; or 0. In another PID namespace nobody
 * can tell: a number that is nobody's here may be somebody's there.
 */
static int dead(const char *name, const char *prefix)
{
	size_t length = strlen(prefix);
	long pid = strncmp(name, prefix, length) ? 0 : strtol(name + length, NULL, 10);

	return pid > 0 && ob_threads_known() && kill((pid_t)pid, 0) && errno == ESRCH ? (int)pid
										      : 0;
}

void ob_guard_sweep(const char *root)
{
	char *events = mb_format("%s/kprobe_events", root), line[512];
	char *instances = mb_format("%s/instances", root);
	DIR *folder = opendir(instances);
	struct dirent *entry;
	int left[64], count = 0;
	FILE *in = fopen(events, "re");

	while (folder && (entry = readdir(folder)) && count < 64)
		if (dead(entry->d_name, OB_INSTANCE))
			left[count++] = dead(entry->d_name, OB_INSTANCE);
	while (in && fgets(line, sizeof(line), in) && count < 64) {
		const char *at = strchr(line, ':');

		if (at && dead(at + 1, OB_GROUP) &&
		    (!count || left[count - 1] != dead(at + 1, OB_GROUP)))
			left[count++] = dead(at + 1, OB_GROUP);
	}
	if (folder)
		closedir(folder);
	if (in)
		fclose(in);
	for (int i = 0; i < count; i++)
		clean(root, left[i]);
	free(events);
	free(instances);
}
