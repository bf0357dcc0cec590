/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Runs drawn at random whose truth is known: what the comparison's error rates are measured on. */
#ifndef MIGBENCH_ANALYSIS_COMPARE_SYNTHETIC_H
#define MIGBENCH_ANALYSIS_COMPARE_SYNTHETIC_H

#include <gsl/gsl_rng.h>

#include "analysis/run/run.h"

#define AN_SYNTHETIC_POINTS 30
#define AN_SYNTHETIC_BOOTS 5
#define AN_SYNTHETIC_SAMPLES 200 /* of a point in a boot */
#define AN_SYNTHETIC_SPREAD 0.03

/* How the samples of one boot lie. */
enum an_shape {
	AN_LOG_NORMAL,
	AN_BIMODAL, /* 30 % of them a fifth higher */
	AN_HEAVY_TAIL, /* a t with two degrees, one-sided */
	AN_DRIFT, /* by one spread from first to last, each sample half the one before */
	AN_AUTOCORRELATED, /* nine tenths of the one before */
	AN_OUTLIERS, /* 3 % of them tenfold */
	AN_TIES, /* steps of 2 % */
	AN_SHAPES
};

extern const char *const an_shape_names[AN_SHAPES];

/* Which points cost more (or less) than they would. */
enum an_affected { AN_NO_POINT, AN_ONE_POINT, AN_ALL_POINTS };

struct an_truth {
	enum an_shape shape;
	enum an_affected affected;
	double effect; /* a fraction, of the affected points */
	double boot_effect; /* its spread, in the log */
	bool together; /* a boot moves all of its points alike, not each by itself */
};

/* Whether the point at @at, in the run's order, has the effect. */
bool an_truth_affects(const struct an_truth *truth, size_t at);

/* A run of the clock time; @changed: with the effect. The caller frees it with an_run_free(). */
struct an_run *an_synthetic(gsl_rng *rng, const struct an_truth *truth, bool changed);

#endif
