// SPDX-License-Identifier: GPL-2.0-or-later
/* A QEMU asked for its version, and whether it loads plugins. */
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/base/list.h"
#include "core/base/text.h"
#include "lab/base/spawn.h"
#include "lab/base/timings.h"
#include "lab/vm/qemu_ask.h"

bool lab_qemu_turns(const char *version)
{
	return strverscmp(version, LAB_QEMU_TURNS) >= 0;
}

/* Seconds; one that starts says what it is at once. */
#define PATIENCE 30

/* What @argv says, the first @size bytes of it. */
static void listen(char *const argv[], const char *libraries, char *text, size_t size)
{
	double end = lab_timing_now() + PATIENCE;
	struct mb_list words = { 0 };
	struct lab_spawn how = { .in = -1 };
	struct pollfd said = { .fd = -1, .events = POLLIN };
	size_t used = 0;
	ssize_t got = 1;
	pid_t pid;
	int ends[2];

	*text = '\0';
	if (pipe2(ends, O_CLOEXEC))
		return;
	if (libraries) {
		mb_list_add(&words, "env");
		mb_list_add(&words, "LD_LIBRARY_PATH=%s", libraries);
	}
	for (size_t i = 0; argv[i]; i++)
		mb_list_add(&words, "%s", argv[i]);
	how.argv = words.at;
	how.out = how.err = ends[1];
	pid = lab_spawn(&how);
	close(ends[1]);
	said.fd = ends[0];
	while (pid > 0 && used + 1 < size && got > 0 && !lab_interrupted && lab_timing_now() < end)
		if (poll(&said, 1, 100) > 0) {
			got = read(ends[0], text + used, size - used - 1);
			used += got > 0 ? (size_t)got : 0;
		}
	text[used] = '\0';
	close(ends[0]);
	if (pid > 0)
		lab_kill(pid);
	mb_list_free(&words);
}

/* A plugin that is not there is looked for, or the word itself is refused. */
static bool takes_plugins(char *program, const char *libraries)
{
	static char machine[] = "-machine", none[] = "none", display[] = "-display",
		    plugin[] = "-plugin", file[] = "file=/nonexistent/plugin.so";
	char *argv[] = { program, machine, none, display, none, plugin, file, NULL };
	char text[4096];

	listen(argv, libraries, text, sizeof(text));
	return strstr(text, "Could not load plugin");
}

bool lab_qemu_ask(const char *program, const char *libraries, struct lab_qemu_is *qemu)
{
	static const char before[] = "QEMU emulator version ";
	static char option[] = "--version";
	char *name = mb_strdup(program), *argv[] = { name, option, NULL }, text[512], *at;

	*qemu = (struct lab_qemu_is){ .turns = false };
	listen(argv, libraries, text, sizeof(text));
	at = strstr(text, before);
	if (at) {
		at += strlen(before);
		snprintf(qemu->version, sizeof(qemu->version), "%.*s",
			 (int)strspn(at, "0123456789."), at);
		qemu->turns = lab_qemu_turns(qemu->version);
		qemu->plugins = takes_plugins(name, libraries);
		qemu->accesses = qemu->plugins && strverscmp(qemu->version, LAB_QEMU_ACCESSES) >= 0;
	}
	free(name);
	return *qemu->version;
}
