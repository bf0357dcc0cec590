/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Progress of a long command: one changing line on a terminal, a line per step elsewhere. */
#ifndef MIGBENCH_LAB_BASE_PROGRESS_H
#define MIGBENCH_LAB_BASE_PROGRESS_H

#include <stdbool.h>
#include <stdio.h>

struct lab_progress {
	FILE *out;
	bool terminal;
	bool shown; /* the terminal's line is not empty */
};

/* Progress on @out, as it suits what @out is. */
struct lab_progress lab_progress(FILE *out);

/* A new step began. */
void lab_step(struct lab_progress *progress, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

/* Something within a step; shown on a terminal only. */
void lab_tick(struct lab_progress *progress, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

/* Empty the terminal's line, before anything else is printed or at the end. */
void lab_progress_clear(struct lab_progress *progress);

#endif
