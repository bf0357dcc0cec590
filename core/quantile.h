/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Quantiles of a set of samples, the same for the runner and the analysis. */
#ifndef MIGBENCH_CORE_QUANTILE_H
#define MIGBENCH_CORE_QUANTILE_H

#include <stddef.h>

/* Sort @values in place, ascending. */
void mb_sort(double *values, size_t count);

/* A sorted copy of @values; the caller frees. */
double *mb_sorted(const double *values, size_t count);

/* The median of @values, which it sorts; NAN if there are none. */
double mb_median(double *values, size_t count);

/* Quantile @q (0…1) of @count ≥ 1 sorted values, linearly interpolated (GSL's definition). */
double mb_quantile(const double *sorted, size_t count, double q);

/*
 * Distribution-free 95 % interval of the median of sorted values: the order
 * statistics whose ranks are binomial quantiles (n, 1/2). Below six values no
 * such pair covers 95 % and the whole range is given; returns false then.
 */
int mb_median_interval(const double *sorted, size_t count, double *low, double *high);

#endif
