/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The questions that people have, and what each kernel answers: the rows and columns of the table on
 * the first page, and what its findings are made of.
 */
#ifndef MIGBENCH_ANALYSIS_REPORT_ANSWERS_H
#define MIGBENCH_ANALYSIS_REPORT_ANSWERS_H

#include "analysis/report/asked.h"
#include "analysis/stats/summary.h"

struct an_answer {
	const struct an_asked *asked;
	char *words; /* of the row */
	/* Of each column the run that answers: as a rule its first, else all those of one machine. */
	const struct an_run **runs;
	double *values; /* of each column, NAN where there is none */
	const struct an_point **points; /* of each column, NULL where there is none */
};

struct an_answers {
	const struct an_run **runs; /* one a kernel, all under one clock */
	size_t columns;
	const struct an_run **further; /* of the same kernels, for what those have not */
	size_t further_count;
	struct an_answer *rows; /* those that some kernel has */
	size_t count;
};

/*
 * What the runs under a clock answer, of each kernel the first. What none of these has, further runs
 * of the kernels answer: all of a row on one machine. Runs that show shape only are left out. Returns whether there is any row; an_answers_free() is right in both cases.
 */
bool an_answers_of(struct an_run *const *runs, size_t count, bool insns,
		   struct an_answers *answers);
void an_answers_free(struct an_answers *answers);

/* The answer to a question of that kind with those words as its group, NULL: no kernel has one. */
const struct an_answer *an_answer_find(const struct an_answers *answers, enum an_asked_for what,
				       const char *group);

/* The last column with an answer; answers->columns where there is none, or @row is NULL. */
size_t an_answer_newest(const struct an_answers *answers, const struct an_answer *row);

/* The column before @column that has a value in @row; @column itself if there is none. */
size_t an_answer_before(const struct an_answer *row, size_t column);

/*
 * How the value of @column differs from that of an_answer_before(), as the log of the ratio; NAN if
 * there is none. Its size beyond the doubt is above 0 for a change that may be told.
 */
double an_answer_shift(const struct an_answer *row, size_t column);
double an_answer_size(const struct an_answer *row, size_t column);

/*
 * Whether what is touched with its bits @kept costs more than an instruction less in @column than with them @dropped,
 * beyond the doubt.
 */
bool an_answers_save(const struct an_answer *kept, const struct an_answer *dropped, size_t column);

/* "6.12" of "6.12.117-lab", unless another column would be called so, too: then all of it. malloc'd. */
char *an_answers_kernel(const struct an_answers *answers, size_t column);

/* "instructions a page", "flushes a batch": what the values of @row are in; malloc'd. */
char *an_answer_unit(const struct an_answers *answers, const struct an_answer *row);

#endif
