/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Axes that no table or picture is made for, and how values of an axis are spoken of. */
#ifndef MIGBENCH_ANALYSIS_SELECT_AXES_H
#define MIGBENCH_ANALYSIS_SELECT_AXES_H

#include "analysis/select/pivot.h"

/*
 * A pivot for each axis of a benchmark of @run that has several values and is no axis of the
 * report's own: the axis as columns, or as rows where it is the only one. The texts belong to
 * @run; the caller frees the array.
 */
struct an_pivot *an_unknown_axes(const struct an_run *run, size_t *count);

/* The value at @at as a label: "4k pages", "2 CPUs", "to the device", "depth 8"; malloc'd. */
char *an_axis_words(const struct an_axis *axis, size_t at);

#endif
