/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Where a change is: in which phases, as the runs know it, and functions, as a profile does. */
#ifndef MIGBENCH_ANALYSIS_REPORT_CAUSE_H
#define MIGBENCH_ANALYSIS_REPORT_CAUSE_H

#include "analysis/report/report.h"

/*
 * "finalize (+140), setup (+138) and pages (+132)": the phases that have most of what a page of @b
 * costs more, or less, than one of @a; NULL where none is known or none stands out. malloc'd.
 */
char *an_cause_phases(const struct an_run *run, const struct an_point *a, const struct an_point *b);

/*
 * The same of functions, from a profile of that point of both kernels. Names that differ in leading
 * underscores alone are one; those that only one of the kernels has may be the other's under another
 * name, and are not told.
 */
char *an_cause_functions(const struct an_report *report, const struct an_run *before,
			 const struct an_run *after, const char *point);

#endif
