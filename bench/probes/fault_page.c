// SPDX-License-Identifier: GPL-2.0-or-later
/* Does a fault's page move, and only if migrate_vma is told which one it is? */
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

#include "bench/probe_kit.h"
#include "core/base/files.h"

#define PARAMETER "/sys/module/migbench/parameters/no_fault_page"
/* Seconds for one fault. */
#define FAULT_TIMEOUT 10

static bool set(char value)
{
	return mb_set_file(PARAMETER, (const char[]){ value, '\0' });
}

/* 0 when the page came back, SIGBUS when the fault was refused, or another signal. */
static int touch(const struct mb_memory *memory)
{
	int status;
	pid_t child = fork();

	if (!child) {
		sigset_t none;

		/* What is blocked while the parameter is changed would keep the alarm away. */
		sigemptyset(&none);
		sigprocmask(SIG_SETMASK, &none, NULL);
		signal(SIGBUS, SIG_DFL);
		alarm(FAULT_TIMEOUT);
		_exit((int)mb_memory_lost(memory));
	}
	if (child < 0 || waitpid(child, &status, 0) < 0)
		return -1;
	if (WIFSIGNALED(status))
		return WTERMSIG(status);
	return WEXITSTATUS(status) ? -1 : 0;
}

/* A page goes to the device, and a child faults on it. */
static bool trial(int fd, struct mb_memory *memory, int *outcome, char why[MB_WHY])
{
	struct migbench_record record;

	mb_memory_fill(memory);
	if (!mb_kit_move(fd, MIGBENCH_TO_DEVICE, memory, &record, why))
		return false;
	*outcome = touch(memory);
	/* Home again for the next one, whatever came of it. */
	if (!mb_kit_move(fd, MIGBENCH_TO_SYSTEM, memory, &record, why))
		return false;
	return true;
}

static const char *word(int outcome)
{
	return outcome == 0 ? "comes back" : outcome == SIGBUS ? "is refused (SIGBUS)" : "is stuck";
}

static enum mb_answer ask(char why[MB_WHY])
{
	int fd = mb_kit_open(MIGBENCH_PRIVATE, MB_PROBE_PAGES, why), told, untold;
	struct mb_memory memory;
	sigset_t all, before;
	bool done, switched;
	char ambient = 'N';
	FILE *in;

	if (fd < 0 || !mb_kit_map(&memory, 1, why) || !trial(fd, &memory, &told, why))
		return MB_SKIPPED;
	in = fopen(PARAMETER, "re");
	if (!in || fscanf(in, "%c", &ambient) != 1)
		return mb_kit_say(MB_SKIPPED, why, PARAMETER ": %m");
	fclose(in);
	/* Not to be interrupted with the parameter changed. */
	sigfillset(&all);
	sigprocmask(SIG_BLOCK, &all, &before);
	switched = set('Y');
	done = switched && trial(fd, &memory, &untold, why);
	set(ambient);
	sigprocmask(SIG_SETMASK, &before, NULL);
	if (!switched)
		return mb_kit_say(MB_SKIPPED, why, PARAMETER " can't be set: %m");
	if (!done)
		return MB_SKIPPED;
	mb_kit_say(MB_PRESENT, why, "the page of a fault %s; with fault_page left out it %s%s",
		   word(told), word(untold),
		   ambient == 'Y' ? " (it was left out from the start)" : "");
	if (untold == SIGBUS && (told == 0 || told == SIGBUS))
		return mb_kit_intact(&memory, told ? MB_ABSENT : MB_PRESENT, why);
	return mb_kit_intact(&memory, !told && !untold ? MB_ABSENT : MB_CONTRADICTION, why);
}

static const struct mb_probe fault_page = {
	.id = "fault-page",
	.commit = "16ce101db85d",
	.date = "2022-10-12",
	.release = "6.1",
	.title = "fault_page is tolerated in its fault, and refused when left out",
	.verified = true,
	.ask = ask,
};

MB_PROBE(fault_page)
