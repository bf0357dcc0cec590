/* SPDX-License-Identifier: GPL-2.0-or-later */
/* --log FILE: the logs of one command's kernels, one behind the other. */
#ifndef MIGBENCH_LAB_VM_KEPT_LOG_H
#define MIGBENCH_LAB_VM_KEPT_LOG_H

#include <stdbool.h>

#define LAB_KEPT_LOG_SAID "migbench lab run: "

struct lab_kept_log {
	const char *name; /* NULL: nobody wants it */
	int fd;
	bool older; /* what an earlier command wrote is still in it */
};

/*
 * Open @name, which may be NULL. What is in it stays until something is added, and with @append then,
 * too. MB_OK, or MB_REQUEST after one line.
 */
int lab_kept_log_open(struct lab_kept_log *log, const char *name, bool append);

/* Add the log at @path, if it is there: MB_OK, or MB_MACHINE after one line. */
int lab_kept_log_add(struct lab_kept_log *log, const char *path);

/* Behind the log of a boot that failed: that @what did, and @why. Returns likewise. */
int lab_kept_log_say(struct lab_kept_log *log, const char *what, const char *why);

/* What was said last in the log at @path, malloc'd; NULL if nothing was, or no kernel had begun in it. */
char *lab_kept_log_said(const char *path);

void lab_kept_log_close(struct lab_kept_log *log);

#endif
