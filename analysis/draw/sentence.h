/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What curves and tables say, in one sentence each. */
#ifndef MIGBENCH_ANALYSIS_REPORT_SENTENCE_H
#define MIGBENCH_ANALYSIS_REPORT_SENTENCE_H

#include "analysis/select/versions.h"

/*
 * One computed sentence on a series, for beside its plot: how the cost a page
 * goes with the batch, and where it is lowest. malloc'd.
 */
char *an_series_sentence(const struct an_run *run, const struct an_series *series,
			 enum an_direction direction);

#define AN_KINDS_PANELS 3 /* directions that a picture of kinds has room for */

/* What the kinds of memory or page cost to move, direction by direction; NULL if none meet. malloc'd. */
char *an_kinds_sentence(const struct an_run *run, const struct an_slice *slice);

/* What more CPUs do to a flush of the largest range; NULL if there is no such thing. malloc'd. */
char *an_tlb_sentence(const struct an_run *run, const struct an_slice *slice);

/*
 * What the columns of @slice, and its rows where these are no batches, do to a page, to pages that move, and
 * to flushes and IPIs: each value against the one that names leave out, or the first. At the last row
 * that has most of them, for each panel. NULL if there is nothing to compare. malloc'd.
 */
char *an_against_sentence(const struct an_run *run, const struct an_slice *slice);

/* Of an observed run: how large calls are; what is the most expensive part of the largest. NULL: nothing. */
char *an_sizes_sentence(const struct an_run *run, const struct an_slice *slice);
char *an_parts_sentence(const struct an_run *run, const struct an_slice *slice);

/* "6.1" of "6.1.192-lab": what an axis has room for; malloc'd. */
char *an_version_of(const struct an_run *run);

/* The same of runs[@at], or all of the kernel's name where another of the runs has that version; malloc'd. */
char *an_version_among(const struct an_run *const *runs, size_t count, size_t at);

/*
 * "A page to the device, in instructions: 3,205 on 5.10, 3,602 on 6.1 (+12 %), …", each against
 * the one before, with ≈ where the change is within the doubt; *@sure, which may be NULL, is set where one is not.
 * NULL if none has it. malloc'd.
 */
char *an_versions_sentence(const struct an_versions *versions, const struct an_slice *slice,
			   enum an_direction direction, bool *sure);

#endif
