/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Two sides' locations, one number a boot: how far apart they are, and how
 * sure that is. docs/statistics.md says why it is done this way.
 */
#ifndef MIGBENCH_ANALYSIS_STATS_WELCH_H
#define MIGBENCH_ANALYSIS_STATS_WELCH_H

#include <stdbool.h>
#include <stddef.h>

#define AN_ALPHA 0.05 /* of the intervals and of the corrected p */
#define AN_POWER 0.8 /* with which the number of boots asked for would decide */
#define AN_BOOTS_START 5 /* a side: the number whose error rates are known */
#define AN_BOOTS_MOST 1000 /* a side: beyond this nobody measures */

/* The logs of one side's locations. */
struct an_sample {
	size_t count;
	double mean, variance; /* variance: 0 for one boot */
};

/* @values must be > 0. */
struct an_sample an_sample_of(const double *values, size_t count);

/* Welch's two-sided t: mean(b) - mean(a). */
struct an_welch {
	double shift;
	double low, high; /* the 95 % interval of the shift */
	double p;
};

/*
 * Both sides need two boots. Without any variance the interval is the shift
 * itself, and p 0, or 1 if there is no shift.
 */
struct an_welch an_welch(const struct an_sample *a, const struct an_sample *b);

/*
 * Benjamini and Hochberg: @adjusted[i] is @p[i] corrected for the number of
 * comparisons. NANs are no comparison and stay what they are.
 */
void an_adjust(const double *p, double *adjusted, size_t count);

/* What decides: a shift of logs inside [low, high] is equivalence; beyond floor it is a change. */
struct an_border {
	double low, high; /* log(1 - margin), log(1 + margin) */
	double floor; /* a fraction; 0 if there is none */
};

/*
 * The smallest number of boots a side with which, if shift and variances stay
 * what they are, the point would be decided with probability AN_POWER; @factor
 * is adjusted p / p. 0 if AN_BOOTS_MOST are not enough.
 */
size_t an_boots_needed(double shift, double variance_a, double variance_b,
		       const struct an_border *border, double factor);

#endif
