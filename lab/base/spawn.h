/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Other programs: started from an argv, never through a shell, and stopped with us. */
#ifndef MIGBENCH_LAB_BASE_SPAWN_H
#define MIGBENCH_LAB_BASE_SPAWN_H

#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <sys/types.h>

#include "core/base/list.h"

/* The signal (SIGINT, SIGTERM, SIGHUP) that asked us to stop, or 0. */
extern volatile sig_atomic_t lab_interrupted;

/* Note those signals in lab_interrupted from now on, instead of dying of them. */
void lab_catch_signals(void);

/* Clean up and die of @signal_number, so that whoever started us sees what happened. */
void lab_end_by_signal(int signal_number) __attribute__((noreturn));

struct lab_spawn {
	char *const *argv; /* argv[0] is looked up in PATH */
	char *const *env; /* NULL: ours */
	const char *folder; /* working directory, NULL: ours */
	int in, out, err; /* file descriptors; 0, 1 and 2 for our own, -1 for /dev/null */
	bool foreground; /* stays in our process group and may read the terminal */
	int hold; /* a lock's descriptor that it and all that it starts keep open; 0: none */
};

/*
 * Start a program that dies when we do. Unless @how->foreground it leads a process group of its
 * own. Returns its process id, or -1 with errno set when it could not be started.
 */
pid_t lab_spawn(const struct lab_spawn *how);

/* The exit status in a wait status as a shell would say it: 128 + signal when killed. */
int lab_exit_status(int wait_status);

/*
 * End a process group started by lab_spawn() and wait for its leader. Returns whether it ended when
 * it was asked to; else it was killed, in the middle of whatever it did.
 */
bool lab_kill(pid_t pid);

/* Wait for the end of what lab_spawn() started. Returns as the next one does. */
int lab_wait(pid_t pid);

/*
 * Run a program to its end. Returns its exit status, or -1 with errno set: EINTR when we were
 * interrupted and it ended, ECANCELED when it had to be killed; otherwise when it could not be
 * started.
 */
int lab_run_program(const struct lab_spawn *how);

/*
 * Run a program to its end; its stdout and stderr go to @log line by line, and each line to
 * @line(@context, text) unless NULL. Returns as lab_run_program() does.
 */
int lab_run_logged(const struct lab_spawn *how, FILE *log,
		   void (*line)(void *context, const char *text), void *context);

/*
 * The same for @words, which are emptied, in @folder (NULL: ours); the command itself goes to
 * @log, too.
 */
int lab_run_words(struct mb_list *words, const char *folder, FILE *log);

/*
 * Run a program to its end and give its stdout, malloc'd, in *@output. Its stderr is dropped.
 * Returns as lab_run_program() does; *@output is NULL on -1.
 */
int lab_capture(char *const *argv, char *const *env, char **output);

/* Whether a program of this name can be started from PATH. */
bool lab_have_program(const char *name);

#endif
