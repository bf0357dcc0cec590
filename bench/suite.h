/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A suite: what to measure and how often, read from INI and the command line. */
#ifndef MIGBENCH_BENCH_SUITE_H
#define MIGBENCH_BENCH_SUITE_H

#include <stddef.h>

#include "bench/suite_values.h"
#include "core/options.h"

enum mb_verify {
	MB_VERIFY_STAMP, /* one word of each page is checked after each journey */
	MB_VERIFY_FULL, /* every byte, and /proc/self/pagemap must agree */
};

/* "[migrate]", or "[migrate thp]": the words after the first are a label of the user's. */
struct mb_section {
	char title[64];
	const struct mb_case *benchmark;
	struct mb_values values[MB_MAX_PARAMS]; /* in the order of benchmark->params */
	struct mb_section *next;
};

struct mb_suite {
	char *name; /* as the user gave it */
	/* [global], see mb_globals() for ranges and meanings */
	unsigned long rounds, samples, target, point_time;
	unsigned long verify; /* enum mb_verify */
	struct mb_section *sections; /* in the file's order */
	struct mb_list texts; /* every value's */
};

/* A key of [global]: a number within [min, max], or one of @words. */
struct mb_global {
	const char *name; /* NULL ends the table */
	size_t offset; /* of its value in struct mb_suite */
	unsigned long min, max, initial; /* of words, their places in the table */
	const char *help;
	const char *const *words; /* NULL: a number */
};

/* All keys of [global]. */
const struct mb_global *mb_globals(void);

/*
 * Read suite @name (a name in configs/suites/, or a file if it has a '/' or ends
 * in .ini), then apply each "key=value" or "benchmark.key=value" of @set.
 * Returns 0, or MB_REQUEST after one line on stderr that names file and line.
 * mb_suite_free() in both cases.
 */
int mb_suite_read(struct mb_suite *suite, const char *name, const struct mb_strings *set);
void mb_suite_free(struct mb_suite *suite);

#endif
