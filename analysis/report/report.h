/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The sections of the report, in Markdown that reads well raw, too. Internal to the report. */
#ifndef MIGBENCH_ANALYSIS_REPORT_REPORT_H
#define MIGBENCH_ANALYSIS_REPORT_REPORT_H

#include <stdio.h>

#include "analysis/draw/pictures.h"
#include "analysis/plot/staging.h"
#include "analysis/report/findings.h"
#include "analysis/select/versions.h"
#include "core/options.h"

struct an_pages;

struct an_report {
	struct an_run **runs;
	size_t run_count;
	struct an_pictures *pictures; /* of each run */
	struct an_pictures versions[2]; /* of kernels side by side, [insns] */
	const struct mb_strings *profiles; /* files of lab profile --format json */
	struct an_findings head; /* the main findings */
	/* What links of the first page to plots and to pages begin with; the way back from a page. */
	const char *plots, *pages, *home;
};

/* Also what an older report is told by, which --force may replace. */
#define AN_REPORT_TITLE "What it costs to move pages to device memory and back"
#define AN_PAGE_PLOTS "../plots/" /* what links to plots begin with, of any page but the first */

/* first.c: the first page, with links to the other @pages. */
void an_first_page(FILE *out, const struct an_report *report, const struct an_pages *pages);

/* run.c: the page of the run @at. */
void an_report_run(FILE *out, const struct an_report *report, size_t at);

/* versions.c: kernels side by side. */
void an_report_versions(FILE *out, const struct an_report *report,
			const struct an_versions *versions);

/*
 * releases.c: draw what the first page's table has of costs, over three kernels or more, with the commit
 * where one is known to change it.
 */
void an_plot_releases(const struct an_report *report, struct an_staging *stage, bool insns,
		      struct an_pictures *pictures);

/* further.c: a further suite of several kernels, point by point. */
void an_report_further(FILE *out, const struct an_versions *versions);

/* profiles.c: which functions the differences are in. */
void an_report_profiles(FILE *out, const struct an_report *report);

/* Whether @path is a profile of two kernels: MB_OK, or MB_REQUEST after one line. */
int an_profile_check(const char *path);

/*
 * Base pages that a value of the profile @all moved on @side: as the profile says, or a run of that
 * kernel here. One fault may bring back one page on one kernel, and 512 on another.
 */
double an_profile_moved(const struct an_report *report, const json_t *all, size_t side);

/* tables.c: what each phase costs a page, batch by batch; all points. */
void an_report_phases(FILE *out, const struct an_run *run);
void an_report_points(FILE *out, const struct an_run *run);

/* counters.c: the node matrix, and what was counted; each vanishes where there is nothing. */
void an_report_numa(FILE *out, const struct an_run *run);
void an_report_counters(FILE *out, const struct an_run *run);
void an_report_ad(FILE *out, const struct an_run *run);
void an_report_refault(FILE *out, const struct an_run *run);

/* trust.c: why to believe the figures. */
void an_report_harness(FILE *out, const struct an_run *run);
void an_report_boots(FILE *out, const struct an_run *run);
void an_report_samples(FILE *out, const struct an_run *run);

/* trust.c: the noise floors of the total, of one run or several. */
struct an_floors {
	struct an_column all;
	const struct an_point *worst; /* NULL: there is none */
	double most; /* the worst's */
	bool within; /* some were measured within one boot */
};

void an_floors_add(struct an_floors *floors, const struct an_run *run);

/* "1 % at the median of 3 points, …", and the sentence @more; frees @floors, of which there are some. */
void an_floors_end(struct an_floors *floors, const char *more, FILE *out);

/*
 * witnesses.c: what /proc/vmstat said of the whole machine meanwhile, and what that contradicts; and
 * the number of points that it contradicts.
 */
void an_report_witnesses(FILE *out, const struct an_run *run);
size_t an_contradicted(const struct an_run *run);

/* published.c: the kernel's own test driver, and figures of others. */
void an_report_published(FILE *out, const struct an_report *report);

/* cost.c: the table of the first page for a clock; vanishes where no run answers any question. */
void an_report_cost(FILE *out, const struct an_report *report, bool insns);

/* exact.c: list items on how exact all runs are. */
void an_report_exact(FILE *out, const struct an_report *report);

/* repeat.c: list items with the commands, those of runs @most at most; and all of each run. */
void an_report_commands(FILE *out, const struct an_report *report, size_t most);
void an_report_reproduce(FILE *out, const struct an_report *report);

/* context.c: what the figures stand beside. */
void an_report_blind(FILE *out, const struct an_report *report);
void an_report_environment(FILE *out, const struct an_report *report);

/* context.c: the runs by number, as tables name them. */
void an_report_runs(FILE *out, const struct an_report *report);

#endif
