/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What else differs between points that are set side by side as if one thing did. */
#ifndef MIGBENCH_ANALYSIS_SELECT_RESIDUE_H
#define MIGBENCH_ANALYSIS_SELECT_RESIDUE_H

#include "analysis/stats/summary.h"

/*
 * "pages a fault moves: 1, 1, 512": what the points did that is not the same for
 * all @count of them, in their order; "" if nothing. One that is NULL, or does
 * not tell, is a dash and differs from none. @kernels: they are columns of different ones, which may
 * evict by different functions; then it is told, too, that this was not recorded. malloc'd.
 */
char *an_residue(const struct an_point *const *points, size_t count, bool kernels);

/*
 * Whether the kernel's copy of the pages is in the total of @point and nothing tells how much of it
 * that is: then the count hinges on how the CPU that was emulated copies.
 */
bool an_copy_hidden(const struct an_run *run, const struct an_point *point);

#endif
