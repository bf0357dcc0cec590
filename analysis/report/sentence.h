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

#endif
