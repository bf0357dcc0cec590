/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The values of one key of a suite, and what is wrong with them. */
#ifndef MIGBENCH_BENCH_SUITE_VALUES_H
#define MIGBENCH_BENCH_SUITE_VALUES_H

#include <stdbool.h>
#include <stddef.h>

#include "bench/case.h"
#include "core/base/list.h"
#include "core/ini.h"

#define MB_MAX_VALUES 64

/* The values of one parameter, to be crossed with those of the others. */
struct mb_values {
	struct mb_value at[MB_MAX_VALUES];
	size_t count;
};

struct mb_suite;

/* Where a setting stands, and the first error. */
struct mb_suite_reader {
	struct mb_suite *suite;
	struct mb_list *texts; /* takes those of the values */
	const char *path; /* NULL on the command line */
	struct mb_ini_lines lines; /* of the file */
	int line;
	bool failed;
	struct mb_list seen; /* "SECTION]KEY" of the file, so far */
};

/* One line that says where; the first one counts. Returns 0, by which inih stops. */
int mb_suite_complain(struct mb_suite_reader *reader, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

/* @words, separated by commas, in @text. */
const char *mb_suite_allowed(const char *const *words, char *text, size_t size);

/* The comma-separated @list as values of @param. Returns 1, or 0 after a line. */
int mb_suite_values(struct mb_suite_reader *reader, const struct mb_param *param, const char *list,
		    struct mb_values *values);

#endif
