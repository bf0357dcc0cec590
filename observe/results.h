/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What was observed, by driver and process: exact sums, and some calls of each size by themselves. */
#ifndef MIGBENCH_OBSERVE_RESULTS_H
#define MIGBENCH_OBSERVE_RESULTS_H

#include <stdbool.h>

#include "observe/own.h"
#include "observe/probes.h"

#define OB_SAMPLES 1000 /* calls of a size that are kept, chosen evenly among all */

/* Of one size. */
struct ob_size {
	struct ob_key key;
	struct ob_sums sums;
	struct ob_call *samples; /* @count of them, of @seen */
	size_t count, seen;
};

/* All sizes of one function of a driver, for one process, in one direction. */
struct ob_driver {
	char *name; /* "xe:xe_svm_alloc_vram" */
	enum ob_kind kind;
	struct ob_sums sums;
	struct ob_size **sizes; /* by pages */
	size_t count;
};

struct ob_results {
	const char *command; /* that makes such a run again */
	double seconds;
	const struct ob_way *way;
	struct ob_sight sight;
	struct ob_lost lost;
	struct ob_cost cost;
	struct ob_driver *drivers; /* by calls, the most first */
	size_t driver_count;
	struct ob_ordinary_row *ordinary;
	size_t ordinary_count;
	struct ob_own own;
	struct ob_size *sizes; /* a hash table by key */
	size_t size_count, capacity, kept;
};

extern const char *const ob_kind_names[OB_KINDS]; /* as in a point's name */
extern const char *const ob_span_names[OB_SPANS];

/* Take what @probes has: calls through the ring, then all sums. */
void ob_results_update(struct ob_results *results, struct ob_probes *probes);

/* Make @drivers out of it; @symbols is read anew where it knows an address no longer. */
void ob_results_group(struct ob_results *results, struct ob_symbols *symbols);
void ob_results_free(struct ob_results *results);

/* "move_pages", "NUMA balancing" …: an enum migrate_reason. */
const char *ob_reason(__u32 reason);

#endif
