/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which points of two runs are set against each other. */
#ifndef MIGBENCH_ANALYSIS_COMPARE_PAIRING_H
#define MIGBENCH_ANALYSIS_COMPARE_PAIRING_H

#include "analysis/compare/compare.h"

/* The metric @name of @point where it has samples of it, else NULL. @point may be NULL. */
const struct an_metric *an_measured(const struct an_point *point, const char *name);

/*
 * Fill in the pairs of c->a and c->b, without any figure, and the lonely points.
 * MB_OK, or MB_REQUEST after one line on stderr, see an_compare().
 */
int an_pair_up(struct an_comparison *c);

#endif
