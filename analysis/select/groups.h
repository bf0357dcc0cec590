/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Points by benchmark, with the parameters that vary among them apart from
 * those that all share: what a table's columns are, and what its title says.
 */
#ifndef MIGBENCH_ANALYSIS_SELECT_GROUPS_H
#define MIGBENCH_ANALYSIS_SELECT_GROUPS_H

#include "analysis/run/run.h"

struct an_row {
	const struct an_point *point;
	size_t at; /* its place among the points given */
	char *const *keys; /* of the group */
	size_t key_count;
};

struct an_group {
	const char *benchmark;
	struct an_row *rows; /* by the values of the keys: numbers as numbers */
	size_t count, capacity;
	char **keys; /* that vary, sorted, "batch" last */
	size_t key_count, key_capacity;
	json_t *constant; /* what all rows share */
};

/* The groups of @count points, in the order of their first points; free with an_groups_free(). */
struct an_group *an_groups(const struct an_point *const *points, size_t count, size_t *group_count);
void an_groups_free(struct an_group *groups, size_t count);

/* All points of @run, in its order; the caller frees the array only. */
const struct an_point **an_all_points(const struct an_run *run);

/* "memory private, page 4k": what all rows share, "" if nothing; malloc'd. */
char *an_group_words(const struct an_group *group);

/* "direction to-device, memory private": a row's values of its first @count keys; malloc'd. */
char *an_row_words(const struct an_row *row, size_t count);

/* A parameter for a table, "–" if missing; malloc'd. */
char *an_param_words(const struct an_point *point, const char *key);

/*
 * A label for each of @count points, in their order: "migrate: batch 64, to-device", what tells it
 * from the others of its benchmark. The caller frees them and the array.
 */
char **an_group_labels(const struct an_point *const *points, size_t count);

/* Whether a key's values are numbers. */
bool an_group_number(const struct an_group *group, const char *key);

#endif
