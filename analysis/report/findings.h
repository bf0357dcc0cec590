/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a run says, in sentences. Every figure and every direction word is
 * computed from the run; every sentence names its kernel and clock. Plain
 * text, no markup: a report and a terminal print the same.
 */
#ifndef MIGBENCH_ANALYSIS_REPORT_FINDINGS_H
#define MIGBENCH_ANALYSIS_REPORT_FINDINGS_H

#include "analysis/select/series.h"
#include "analysis/select/versions.h"

struct an_finding {
	char *text;
	size_t body; /* where the sentence begins, behind its kernel and clock */
};

struct an_findings {
	struct an_finding *at; /* the most informative first */
	size_t count, capacity;
};

/* Append what can be said of @run; flushes and refaults only if @counted. */
void an_findings_of(const struct an_run *run, bool counted, struct an_findings *findings);

/* finding.c: append @body, which is freed, behind the run's lead; NULL is nothing. */
void an_finding_add(const struct an_run *run, struct an_findings *findings, char *body);

/*
 * findings_counted.c: flushes, refaults and tlb; then one kind of memory, page or
 * node against another. @first may be NULL.
 */
void an_findings_counted(const struct an_run *run, const struct an_family *first,
			 struct an_findings *findings);
void an_findings_kinds(const struct an_run *run, const struct an_family *first,
		       struct an_findings *findings);

/*
 * changes.c: of several kernels a page's cost on all of them, then the largest changes from one to
 * the next beyond the noise floor, one of each benchmark and page size: until @head has @wanted.
 */
void an_findings_changes(const struct an_versions *versions, bool insns, size_t wanted,
			 struct an_findings *head);

/*
 * Fill up @head to @wanted findings: each run's best before any run's next, those under the
 * instruction clock first; of runs that show shape only, if there are no others.
 */
void an_headline(struct an_run *const *runs, size_t count, size_t wanted, struct an_findings *head);

void an_findings_free(struct an_findings *findings);

#endif
