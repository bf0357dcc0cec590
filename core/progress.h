/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Progress of a long command: one changing line on a terminal, a line per step elsewhere. */
#ifndef MIGBENCH_CORE_PROGRESS_H
#define MIGBENCH_CORE_PROGRESS_H

#include <stdbool.h>
#include <stdio.h>

struct mb_progress {
	FILE *out;
	bool terminal;
	bool shown; /* the terminal's line is not empty */
};

/* Progress on @out, as it suits what @out is. */
struct mb_progress mb_progress(FILE *out);

/* A new step began. */
void mb_step(struct mb_progress *progress, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

/* Something within a step; shown on a terminal only. */
void mb_tick(struct mb_progress *progress, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

/* Empty the terminal's line, before anything else is printed or at the end. */
void mb_progress_clear(struct mb_progress *progress);

#endif
