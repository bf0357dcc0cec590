/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What kernels do, as migbench probe saw it, and what changed from one to the next. */
#ifndef MIGBENCH_ANALYSIS_REPORT_BEHAVIOURS_H
#define MIGBENCH_ANALYSIS_REPORT_BEHAVIOURS_H

#include <stdio.h>

#include "analysis/select/versions.h"

/* All behaviours that are not the same on all kernels, one a row, each kernel a column. */
void an_behaviours_table(FILE *out, const struct an_versions *versions);

/* The first @most changes, one a row; @rest is how many more there are. False: there is none. */
bool an_behaviours_short(FILE *out, const struct an_versions *versions, size_t most, size_t *rest);

/*
 * "a30b48bf1b24 (6.19), transparent huge pages go …": the behaviour @id, if @before did not do it and
 * @after does; @before may be NULL. NULL if that is not so; malloc'd.
 */
char *an_behaviour_words(const struct an_run *before, const struct an_run *after, const char *id);

/* Whether the kernel's own copy hides in a figure of @points, one a kernel or NULL (residue.h); what † means then. */
bool an_versions_hinge(const struct an_versions *versions, const struct an_point *const *points);
void an_versions_hinge_note(FILE *out);

/* The head of a table with a column for each kernel; @first is the heading of the one before them. */
void an_versions_header(FILE *out, const struct an_versions *versions, const char *first);

#endif
