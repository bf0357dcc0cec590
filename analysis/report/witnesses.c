// SPDX-License-Identifier: GPL-2.0-or-later
/* What /proc/vmstat saw of the whole machine beside the batches, and whether it says what the points say. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/base/text.h"
#include "analysis/report/asked.h"
#include "analysis/report/report.h"
#include "analysis/run/describe.h"
#include "analysis/stats/summary.h"

#define SHOWN 3 /* points that contradict a claim and are named */

/* What the rows say of @point: pages or events in a batch; NAN: they are not about it. */
struct claim {
	double (*off)(const struct an_run *run,
		      const struct an_point *point); /* 0: as it should be */
	const char *so; /* behind "At 12 points " */
	const char *against, *because; /* around a figure */
};

static bool is(const struct an_point *point, const char *benchmark)
{
	return !strcmp(point->benchmark, benchmark);
}

/* The sum of @names; NAN where none of them is there. */
static double all_of(const struct an_point *point, const char *const *names)
{
	double sum = NAN;

	for (; *names; names++) {
		double value = an_witness(point, *names);

		if (!isnan(value))
			sum = isnan(sum) ? value : sum + value;
	}
	return sum;
}

/* migrate_vma_*() has no part in these counts: who is counted moves pages beside it. */
static double foreign(const struct an_run *run, const struct an_point *point)
{
	static const char *const names[] = { "pgmigrate_success", "pgmigrate_fail", NULL };

	(void)run;
	/* These migrate by the kernel's own means, or have it reclaim and compact. */
	if (is(point, "numa") || is(point, "pin") || is(point, "own") || is(point, "refault"))
		return NAN;
	return all_of(point, names);
}

static double not_moved(const struct an_run *run, const struct an_point *point)
{
	double moved = an_witness(point, "pgmigrate_success");

	(void)run;
	/* Some kernels count a page of hugetlb as one. */
	if (!is(point, "numa") || isnan(moved) || !strncmp(an_param(point, "page"), "hugetlb", 7))
		return NAN;
	return fmax(0, an_moved(point) - moved);
}

static double split(const struct an_run *run, const struct an_point *point)
{
	static const char *const names[] = { "thp_split_page", "thp_split_pmd", NULL };

	/* Of base pages, and of huge pages of which all arrived in one piece. */
	if (!an_is_base(run, point) && !(an_counter(point, "whole") >= (double)point->pages))
		return NAN;
	return all_of(point, names);
}

static double balanced(const struct an_run *run, const struct an_point *point)
{
	static const char *const names[] = { "numa_pte_updates", "numa_hint_faults",
					     "numa_pages_migrated", NULL };

	(void)run;
	return all_of(point, names);
}

static const struct claim claims[] = {
	{ foreign,
	  "that do not go through `migrate_pages()`, nothing else did on the machine "
	  "(`pgmigrate_success`, `pgmigrate_fail`)",
	  "pages that `migrate_pages()` moved or tried to",
	  "which is not the benchmark's doing: something else moves pages" },
	{ not_moved, "of `numa` the kernel counts every page that is said to have moved",
	  "pages that the kernel does not count as moved", "which the point says moved" },
	{ split,
	  "of base pages, or of huge ones that arrived whole, no huge page was split "
	  "(`thp_split_page`, `thp_split_pmd`)",
	  "huge pages split",
	  "although the point's pages are base pages or are said to have stayed whole" },
	{ balanced, "NUMA balancing did nothing (`numa_pte_updates`, `numa_hint_faults`)",
	  "marks and faults of NUMA balancing",
	  "on the same machine; `sysctl kernel.numa_balancing=0` ends that" },
};

#define CLAIMS (sizeof(claims) / sizeof(claims[0]))

static void contradiction(FILE *out, const struct an_run *run, const struct claim *claim,
			  size_t count)
{
	size_t shown = 0;

	for (size_t i = 0; i < run->point_count && shown < SHOWN; i++) {
		double off = claim->off(run, &run->points[i]);

		if (!(off > 0))
			continue;
		fputs("- **Contradiction** at ", out);
		an_md_code(out, run->points[i].name);
		fprintf(out, ": %s: %s a batch, %s.\n", claim->against, an_number(off),
			claim->because);
		shown++;
	}
	if (count > shown)
		fprintf(out, "- The same at %zu more points.\n", count - shown);
}

static size_t count(const struct an_run *run, const struct claim *claim, size_t *against)
{
	size_t known = 0;

	*against = 0;
	for (size_t i = 0; i < run->point_count; i++) {
		double off = claim->off(run, &run->points[i]);

		known += !isnan(off);
		*against += off > 0;
	}
	return known;
}

void an_report_witnesses(FILE *out, const struct an_run *run)
{
	size_t seen = 0;

	for (size_t i = 0; i < run->point_count; i++)
		seen += run->points[i].witness_count > 0;
	if (!seen)
		return;
	fprintf(out,
		"\n### Witnesses\n\nDuring each batch of the counting pass, at %zu points, the "
		"kernel's own counts of the whole machine (`/proc/vmstat`) say:\n\n",
		seen);
	for (size_t c = 0; c < CLAIMS; c++) {
		size_t against, known = count(run, &claims[c], &against);

		if (known > against)
			fprintf(out, "- At %zu points %s.\n", known - against, claims[c].so);
		contradiction(out, run, &claims[c], against);
	}
}

size_t an_contradicted(const struct an_run *run)
{
	size_t points = 0;

	for (size_t i = 0; i < run->point_count; i++) {
		bool against = false;

		for (size_t c = 0; c < CLAIMS; c++)
			against |= claims[c].off(run, &run->points[i]) > 0;
		points += against;
	}
	return points;
}
