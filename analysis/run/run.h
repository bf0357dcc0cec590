/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A run in memory: what one run file says, sample by sample. Whoever reads a
 * run (read.h) owns it and gives it back with an_run_free().
 */
#ifndef MIGBENCH_ANALYSIS_RUN_RUN_H
#define MIGBENCH_ANALYSIS_RUN_RUN_H

#include <stdbool.h>
#include <stdint.h>
#include <stddef.h>
#include <jansson.h>

#define AN_MAX_METRICS 64 /* of a point; more is a damaged file */

/* One metric of one point in one boot, in the order in which the samples were taken. */
struct an_column {
	unsigned int boot;
	size_t count, capacity;
	double *values; /* in the metric's unit, for the whole batch; finite; >= 0 but for AN_REST */
};

/* What the samples of a metric say; see stats/summary.h. */
struct an_summary {
	size_t samples, boots;
	double median; /* of the boots' medians */
	double low, high; /* 95 % interval of the median, the widest span over the boots */
	bool covered; /* false: too few samples in some boot, low…high is its range */
	double boot_low, boot_high; /* the boots' lowest and highest median */
	double p99; /* median of the boots' 99th percentiles */
	double p999; /* the same of the 99.9th; NAN where a boot has less than 1,000 samples */
	double min, max;
};

struct an_metric {
	const char *name, *unit; /* words.h */
	struct an_column *columns; /* by boot, ascending; none is empty */
	size_t count, capacity;
	struct an_summary summary; /* valid once summarised */
};

struct an_counter {
	char *name;
	double sum; /* over the blocks; each is per batch */
	size_t blocks;
};

/* What the machine's noise moves this metric's location by, as a fraction (record "floor"). */
struct an_floor {
	char *metric;
	double floor;
};

struct an_skip {
	unsigned int boot;
	char *why;
};

/* How the sampling of a block stopped; AN_STOPS is also the number of ways. */
enum an_stop { AN_STOP_TARGET, AN_STOP_TIME, AN_STOP_COUNT, AN_STOPS };

struct an_point {
	const char *name, *benchmark; /* the index's key; words.h */
	json_t *params; /* strings and integers */
	json_t *neutral; /* the same, of what the name leaves out; NULL for none */
	/* The kernel's function that evicts, where the module chose it, "" if nobody says; NULL: it is no such eviction. */
	const char *evicts_by;
	unsigned long pages; /* of a batch, in base pages; 0 while there is no block */
	bool uneven; /* some block's samples differ in how many pages they moved */
	bool counted; /* blocks give requested, collected and migrated, and none is uneven */
	/* Pages over all valid samples, and samples that were thrown out. */
	double requested, collected, migrated, invalid;
	/* Of so many valid samples it is known whether they were disturbed, and of these so many were. */
	double watched, disturbed;
	size_t blocks, stopped[AN_STOPS];
	struct an_metric *metrics;
	size_t metric_count, metric_capacity;
	struct an_counter *counters;
	size_t counter_count, counter_capacity;
	struct an_counter *witnesses; /* of the whole machine, by /proc/vmstat */
	size_t witness_count, witness_capacity;
	struct an_floor *floors;
	size_t floor_count, floor_capacity;
	struct an_skip *skips;
	size_t skip_count, skip_capacity;
};

#define AN_USUAL_BASE 4096UL /* bytes of a base page of x86-64, and of runs that do not say */

/*
 * Of a file: id, clock and start of its run record, "" without id. The first has no boots; of each boot there is one
 * more, whose text also has the digest of the first block: files that somebody wrote after a template share all else.
 */
struct an_id {
	char *text;
	uint64_t boots; /* a bit each, from boot 0; the last bit: all from 63 on */
};

struct an_run {
	char *path; /* of the first file, for error lines; NULL: none was read */
	char **files; /* base names; several when runs were joined */
	size_t file_count, file_capacity;
	struct an_id *ids;
	size_t id_count, id_capacity;
	char *tool, *started, *finished, *label, *kernel;
	bool insns; /* the clock: instructions, else time */
	bool emulated; /* env.emulated */
	bool x86; /* env.arch, which older runs lack: they are of x86-64 */
	bool sets_bits; /* its CPU sets accessed bits itself: env.hw_young; all of x86-64 do */
	unsigned long base; /* bytes of a base page: env.page_size */
	bool ended; /* an end record was seen in every file */
	bool valid; /* no end record says "valid":false */
	bool floor_within_boot; /* a noise floor was measured in one boot and knows no other */
	char *why_invalid; /* NULL or what the end record gives as "why" */
	bool has_seed;
	long long seed;
	json_t *env, *config; /* objects */
	json_t *lab; /* how the lab made the run, an object; NULL on the user's own kernel */
	json_t *probes; /* its probe records, one an id; an array */
	unsigned int boots; /* that have blocks */
	size_t blocks, samples;
	size_t lost; /* blocks that the end records count, and that are not there */
	struct an_point *points;
	size_t point_count, point_capacity;
	json_t *by_name; /* point name to index */
};

struct an_run *an_run_new(void);
void an_run_free(struct an_run *run);

/* Note that @run holds what stands in the file @path, or the run with that id. */
void an_run_add_file(struct an_run *run, const char *path);
void an_run_add_id(struct an_run *run, const char *id, uint64_t boots);

/* Whether @a and @b share a boot, which proves nothing when it is counted twice. */
bool an_run_same(const struct an_run *a, const struct an_run *b);

/*
 * Whether an instruction, or a page, of one is what it is of the other: one architecture, one size of
 * base pages, and beside x86-64 one model of CPU. Else figures stand side by side, and no change of
 * one to the other is told.
 */
bool an_run_alike(const struct an_run *a, const struct an_run *b);

/* "time" or "insns". */
const char *an_run_clock(const struct an_run *run);

/* Which node of a cluster measured it; NULL: nobody says. And whether two name different ones. */
const char *an_run_node(const struct an_run *run);
bool an_run_other_node(const struct an_run *a, const struct an_run *b);

/*
 * The point of that name, NULL if there is none; an_run_add_point() makes it (params and neutral,
 * which may be NULL, are kept).
 */
struct an_point *an_run_point(const struct an_run *run, const char *name);
struct an_point *an_run_add_point(struct an_run *run, char *name, const char *benchmark,
				  json_t *params, json_t *neutral);

/* The metric of that name, NULL if there is none; the second makes it. */
struct an_metric *an_point_metric(const struct an_point *point, const char *name);
struct an_metric *an_point_add_metric(struct an_point *point, const char *name, const char *unit);

/* The column of @boot, made if need be. */
struct an_column *an_metric_column(struct an_metric *metric, unsigned int boot);
void an_column_add(struct an_column *column, double value);
void an_column_append(struct an_column *column, const double *values, size_t count);

/* Add @sum of the per-batch values of @blocks blocks. */
void an_point_add_counter(struct an_point *point, const char *name, double sum, size_t blocks);
void an_point_add_witness(struct an_point *point, const char *name, double sum, size_t blocks);
void an_point_add_skip(struct an_point *point, unsigned int boot, const char *why);

/* The mean of a counter over the blocks, per batch; NAN if it was not counted. */
double an_counter(const struct an_point *point, const char *name);
double an_witness(const struct an_point *point, const char *name);

/*
 * The noise floor of @metric, NAN if none was measured; of several the largest
 * holds. The second returns false where there are too many.
 */
double an_point_floor(const struct an_point *point, const char *metric);
bool an_point_add_floor(struct an_point *point, const char *metric, double floor);

/*
 * A parameter as the file has it, neutral or not (NULL if missing), as text ("" if missing), or as a
 * whole number (0 if it is none).
 */
const json_t *an_param_value(const struct an_point *point, const char *key);
const char *an_param(const struct an_point *point, const char *key);
unsigned long an_param_number(const struct an_point *point, const char *key);

/*
 * Join @from's boots behind @into's when both are boots of one experiment:
 * same clock, kernel, label, seed and build, under time no other node, and the
 * same pages and units at every common point. Returns true and leaves @from to be freed, or false with
 * nothing changed.
 */
bool an_run_join(struct an_run *into, const struct an_run *from);

/*
 * The same without asking for label, seed and environment: @from is another
 * boot because the user says so. Returns NULL, or why it can't be (malloc'd):
 * clock, kernel, pages or units differ, or a run is given twice.
 */
char *an_run_append(struct an_run *into, const struct an_run *from);

#endif
