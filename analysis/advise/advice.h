/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a batch sweep says of the batch size: two-sided, throughput and time out of reach. */
#ifndef MIGBENCH_ANALYSIS_ADVISE_ADVICE_H
#define MIGBENCH_ANALYSIS_ADVISE_ADVICE_H

#include <stdio.h>

#include "analysis/select/series.h"

#define AN_OBSERVE "observe" /* the benchmark of what a live driver asked for */
#define AN_GOOD_ENOUGH 0.05 /* of the best throughput may be given away for a smaller batch */
#define AN_LINE_HOLDS 0.10 /* a fit whose worst residual is larger is not relied on */

/* A batch that a driver uses unless told otherwise. */
struct an_driver {
	const char *name, *kernels;
	unsigned long batch; /* in base pages of 4 KiB */
	bool fault; /* of a CPU fault; else of a migration that the driver begins */
};

/* A driver's batch on a curve. */
struct an_default {
	const struct an_driver *driver;
	double relative; /* cost a page, times the best; NAN: no sample */
	unsigned long low, high; /* the measured batches that it is taken from; one if equal */
};

struct an_advice {
	const char *benchmark;
	struct an_series series; /* its points are this advice's own */
	enum an_direction direction; /* of migrate; AN_SERIES: another benchmark */
	char *name; /* "migrate/direction=…" without the batch */
	char *title; /* "to the device: private memory, …" */
	json_t *params; /* without the batch */
	const char *latency; /* the metric that a budget is held against */
	bool has_fit;
	struct an_fit fit;
	const struct an_point *best; /* throughput */
	unsigned long throughput_batch;
	unsigned long latency_batch; /* 0: no budget, or nothing is within it */
	unsigned long recommended; /* 0: nothing is within the budget */
	char *rule;
	struct an_default *drivers;
	size_t driver_count;
};

/*
 * Advice on the sweeps of @run: all of migrate, those of other benchmarks whose pages move, as far as
 * they have two batches, and all that a driver was seen to ask for. @budget is in the run's unit, NAN for none. Free with
 * an_advice_free() before the run.
 */
struct an_advice *an_advise(const struct an_run *run, double budget, size_t *count);
void an_advice_free(struct an_advice *advice, size_t count);

/* Of an advice on a driver: which batch it should use, and why, in two sentences; malloc'd. */
char *an_advice_sentences(const struct an_run *run, const struct an_advice *advice);

/* What a profile with memory says of the lines that a page touches. */
struct an_footprint {
	json_t *profile; /* NULL: none was given */
	const char *kernel; /* of the side that is meant, or NULL */
	double lines, holds, batch; /* a page; of the modelled L2; whole pages that fit */
};

/*
 * Of the file at @path that "lab profile --memory --format json" wrote, the side of @run's kernel, or
 * the first. MB_OK, or MB_REQUEST after one line. an_footprint_free() is right in both cases.
 */
int an_footprint_read(const char *path, const struct an_run *run, struct an_footprint *footprint);
void an_footprint_free(struct an_footprint *footprint);
json_t *an_footprint_json(const struct an_footprint *footprint);
void an_footprint_text(const struct an_footprint *footprint, FILE *out);

#endif
