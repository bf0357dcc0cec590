/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Two runs, point by point: how much dearer B is than A, and whether that can be said. */
#ifndef MIGBENCH_ANALYSIS_COMPARE_COMPARE_H
#define MIGBENCH_ANALYSIS_COMPARE_COMPARE_H

#include "analysis/run/run.h"
#include "core/options.h"

enum an_verdict { AN_SLOWER, AN_FASTER, AN_EQUIVALENT, AN_INCONCLUSIVE, AN_VERDICTS };

extern const char *const an_verdict_names[AN_VERDICTS];

struct an_question {
	const char *metric;
	double quantile; /* of a boot's samples: its location */
	double margin; /* a fraction: a change inside ±margin is none */
	const char *only; /* an fnmatch pattern on the points' names; NULL: all */
};

/* One side of a point. */
struct an_value {
	double location; /* for the whole batch, in the metric's unit */
	double low, high; /* the lowest and the highest boot's location */
	size_t boots, samples;
};

/* What has no value is NAN. */
struct an_pair {
	const struct an_point *point; /* A's */
	const char *unit;
	struct an_value a, b;
	double ratio; /* B/A: above 1 B costs more */
	double low, high; /* its 95 % interval */
	double p, adjusted;
	double floor; /* the larger of both sides' */
	enum an_verdict verdict;
	size_t boots; /* a side, with which an inconclusive point would be decided; 0: not known */
	const char *note; /* what a reader must know of the verdict, or "" */
	char *differs; /* what else than the run differs between A and B, or "" */
};

/* A point that one side alone has, or neither, or both but not the same thing. */
struct an_lonely {
	const struct an_point *point;
	bool in_a, in_b;
	char *why;
};

struct an_comparison {
	struct an_question question;
	struct an_run *a, *b;
	struct an_pair *pairs; /* in A's order */
	size_t count, capacity;
	struct an_lonely *lonely;
	size_t lonely_count, lonely_capacity;
	size_t verdicts[AN_VERDICTS];
	double correlation; /* of two points over the boots of a side: stats/shared.h; NAN */
};

/*
 * Compare @a and @b (checked by an_operands_check) into @comparison, which the
 * caller frees with an_compare_free() before the runs. A point that can't be
 * compared is among the lonely ones, with the reason; it costs the others
 * nothing. Returns MB_OK, or MB_REQUEST after one line on stderr: no such
 * metric, no common point, other units.
 */
int an_compare(struct an_run *a, struct an_run *b, const struct an_question *question,
	       struct an_comparison *comparison);
void an_compare_free(struct an_comparison *comparison);

/*
 * The geometric mean of the ratios of points that belong together: those of one benchmark, in one
 * unit. A point without a ratio, or of which more differs than its cost, is not in it.
 */
struct an_mean {
	const char *benchmark, *unit;
	size_t points, of; /* that are in it, of those given; below 2 there is no mean */
	double ratio;
	double low, high; /* its 95 % interval, as an_pair's; NAN */
};

/* Over @pairs of @c. */
struct an_mean an_geomean(const struct an_comparison *c, const struct an_pair *const *pairs,
			  size_t count);

/* One for each benchmark of @c that has one, in A's order; malloc'd. */
struct an_mean *an_geomeans(const struct an_comparison *c, size_t *count);

/* "total", or "total:p99" where it is not the median; malloc'd. */
char *an_question_words(const struct an_question *question);

/* All that is printed of @count comparisons with one A, in the formats of the command line. */
struct an_comparisons {
	struct an_run **runs; /* count + 1 */
	struct an_comparison *at;
	size_t count;
	bool trend; /* text and Markdown: a table a point, a row a run, rather than a matrix */
	char *meaning; /* of two runs: what changed, a paragraph; or NULL */
	struct mb_strings command; /* in lkml: the words of what to run to see it again; or none */
};

void an_compare_text(const struct an_comparisons *all);
void an_compare_md(const struct an_comparisons *all);
void an_compare_csv(const struct an_comparisons *all);
void an_compare_json(const struct an_comparisons *all);
/* Of two runs, for a mail: plain, and no line longer than AN_MAIL. */
void an_compare_lkml(const struct an_comparisons *all);

/*
 * Pictures, as an_plot_file() makes them: the intervals of all points of one comparison; run after
 * run against A, a panel a point; the samples of all runs, a panel a point. The latter two take the
 * points whose name matches the fnmatch pattern @pattern (NULL: all), those that changed most first.
 */
int an_compare_plot(const struct an_comparison *comparison, const char *path);
int an_compare_trend_plot(const struct an_comparisons *all, const char *pattern, const char *path);
int an_compare_ecdf(const struct an_comparisons *all, const char *pattern, const char *path);

/* .meaning, if there is one, as the first paragraph of text or Markdown. */
void an_meaning_print(const struct an_comparisons *all, bool md);

/* trend.c: the tables of .trend. */
void an_compare_trend(const struct an_comparisons *all, bool md);
/* matrix.c: without it, of several runs against A: a column each. */
void an_compare_matrix(const struct an_comparisons *all, bool md);

/* words.c: the same words in every format. malloc'd where not const. */
/* A to Z: the runs, in the order of the command line. */
const char *an_run_letter(size_t at);
char *an_ratio_words(double ratio);
char *an_interval_words(const struct an_pair *pair);
char *an_mean_interval_words(const struct an_mean *mean);
char *an_mean_over_words(const struct an_mean *mean); /* "over 60 points" */
char *an_note_words(const struct an_pair *pair); /* what stands beside the verdict, or "" */
char *an_verdict_words(const struct an_pair *pair);
char *an_summary_words(const struct an_comparison *comparison);
/* "" unless the boots move their points together and that makes one finding look like many. */
char *an_together_words(const struct an_comparison *comparison);

#endif
