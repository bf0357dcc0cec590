/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Runs in the formats of other programs, on stdout. Internal to the command export. */
#ifndef MIGBENCH_ANALYSIS_EXPORT_EXPORT_H
#define MIGBENCH_ANALYSIS_EXPORT_EXPORT_H

#include "analysis/run/run.h"

/*
 * Go's benchmark data format (golang.org/design/14313-benchmark-format), for
 * benchstat: a line for each boot of each point, its values the boot's medians.
 * benchstat takes each line for one independent measurement, and that is a boot.
 */
void an_export_benchstat(struct an_run *const *runs, size_t count);

/* Every value, a row each. */
void an_export_csv(struct an_run *const *runs, size_t count);

/* Apache Otava's CSV: a row for each boot of each run, a column for each metric of each point. */
void an_export_otava(struct an_run *const *runs, size_t count);

#endif
