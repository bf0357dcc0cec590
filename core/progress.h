/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Progress of a long command: one changing line on a terminal, a line a minute in a log. */
#ifndef MIGBENCH_CORE_PROGRESS_H
#define MIGBENCH_CORE_PROGRESS_H

#include <stdio.h>

enum mb_progress_how {
	MB_PROGRESS_NONE, /* --quiet */
	MB_PROGRESS_LINE, /* a log hears nothing of what takes less than a minute */
	MB_PROGRESS_STEPS, /* a log also has a line for each step */
};

/*
 * What a command's steps are told to. There is one line, whoever writes it: a new step takes the
 * place of the one before. MIGBENCH_PROGRESS is another number of seconds in place of a minute.
 */
struct mb_progress {
	FILE *out;
	enum mb_progress_how how;
};

struct mb_progress mb_progress(FILE *out, enum mb_progress_how how);

/* A step began. While it lasts, mb_progress_wait() shows for how long it has. */
void mb_step(struct mb_progress *progress, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

/* The step that began will take @seconds, as it did before; -1: not known. */
void mb_progress_expect(double seconds);

/* What the step fetches arrives in @folder, which is copied: say how much of it is there. */
void mb_progress_watch(const char *folder);

/* It will be @bytes when all of it is there; 0: not known. */
void mb_progress_size(unsigned long long bytes);

/* Where a step is. What is done is @done of @all; 0 of 0: that is not known. */
void mb_tick(struct mb_progress *progress, double done, double all, const char *fmt, ...)
	__attribute__((format(printf, 4, 5)));

/* Call it a few times a second while another program works. */
void mb_progress_wait(void);

/* The steps are over: empty the terminal's line. An error or a note does that by itself. */
void mb_progress_clear(struct mb_progress *progress);

#endif
