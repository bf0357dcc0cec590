/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The questions that people have, and which points of a run answer them. */
#ifndef MIGBENCH_ANALYSIS_REPORT_ASKED_H
#define MIGBENCH_ANALYSIS_REPORT_ASKED_H

#include "analysis/stats/summary.h"

enum an_asked_for {
	AN_ASKED_PAGE, /* the total, of a page that moved */
	AN_ASKED_CALL, /* the total of a call */
	AN_ASKED_MIB, /* of a MiB that moved: only where kernels differ in their base pages */
	AN_ASKED_TOUCH, /* of a page that is touched: only where lost bits cost instructions */
	AN_ASKED_OWN, /* the module's own part of the total, of a page that moved: only in instructions */
	AN_ASKED_FLUSHES, /* of a batch */
	AN_ASKED_ROUNDS, /* of IPIs, of a batch */
	AN_ASKED_REFAULTS, /* hot pages that are swapped in again, of a pair of points: bits kept, bits dropped */
};

struct an_asked {
	const char *
		words; /* "to the device, 4k"; with other sizes 4k is "base page", 2m "PMD-sized" */
	enum an_asked_for what;
	const char *benchmark;
	/*
	 * "key=value", one a parameter; a point may lack one that begins with '?'. page=base and
	 * page=pmd are what the run's kernel has. NULL ends them.
	 */
	const char *params[8];
	const char *group; /* those of one group change together: "4k page" */
	const char *how; /* in a sentence: "a 4k page costs so much more HOW" */
	const char *probe; /* the behaviour that makes the difference, NULL: none is known */
};

/* All that is asked, in the order of the table. */
extern const struct an_asked an_asked[];
extern const size_t an_asked_count;

/* "64k" for the word base, "512m" for pmd, on the kernel of @run; NULL for any other. malloc'd. */
char *an_size_of(const struct an_run *run, const char *word);

/* Are base pages what @point of @run moves? */
bool an_is_base(const struct an_run *run, const struct an_point *point);

/* @words of a question with the sizes that the kernel of @run has in place of 4k and 2m. malloc'd. */
char *an_asked_words(const struct an_run *run, const char *words);

/* Does @point of @run answer @row? */
bool an_asked_matches(const struct an_run *run, const struct an_point *point,
		      const struct an_asked *row);

/* The point of @run that is there what @point is in a run whose base pages may have another size. */
const struct an_point *an_asked_counterpart(const struct an_run *run, const struct an_point *point,
					    const struct an_asked *row);

/* The counter that answers, NULL: none does. */
const char *an_asked_counter(enum an_asked_for what);

#endif
