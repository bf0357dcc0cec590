/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a curve says, in one sentence. */
#ifndef MIGBENCH_ANALYSIS_REPORT_SENTENCE_H
#define MIGBENCH_ANALYSIS_REPORT_SENTENCE_H

#include "analysis/select/series.h"

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

/* The cheapest and the dearest cell, a page; NULL if there is one only. malloc'd. */
char *an_extremes_sentence(const struct an_run *run, const struct an_slice *slice);

#endif
