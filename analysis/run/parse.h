/* SPDX-License-Identifier: GPL-2.0-or-later */
/* One record of a run file into a run: the part that knows the format, not the file. */
#ifndef MIGBENCH_ANALYSIS_RUN_PARSE_H
#define MIGBENCH_ANALYSIS_RUN_PARSE_H

#include <stdarg.h>

#include "analysis/run/run.h"
#include "analysis/run/values.h"

/* Sizes beyond these are no measurement but a damaged file. */
#define AN_MAX_ID 1000000 /* of a point */
#define AN_MAX_BOOT 10000
#define AN_MAX_PAGES (1 << 30) /* of a batch: 4 TiB */
#define AN_MAX_COUNTERS 256 /* of a point */

struct an_parser {
	struct an_run *run;
	const char *path;
	size_t line; /* from 1 */
	bool started; /* the run record was seen */
	bool cut; /* the last line was cut short */
	size_t *index; /* point id to its index + 1; 0 is unknown */
	size_t index_size;
	struct an_values values; /* of the line */
	uint64_t boots; /* those that were seen, as an_id has them */
	bool seen[AN_MAX_BOOT + 1]; /* each of them */
};

/*
 * Take @record, the object on line parser->line. Returns MB_OK, or MB_REQUEST
 * after one line on stderr.
 */
int an_parse_record(struct an_parser *parser, const json_t *record);

/*
 * fields.c, for the kinds of record: the whole number @key of @record within [0, @max]
 * into *@value, or @fallback if the key is missing and @fallback is not
 * negative; and the point that @record speaks of, NULL after an error line.
 */
int an_parse_whole(const struct an_parser *parser, const json_t *record, const char *key,
		   json_int_t max, json_int_t fallback, json_int_t *value);
struct an_point *an_parse_point(const struct an_parser *parser, const json_t *record);

/* block.c */
int an_parse_block(struct an_parser *parser, const json_t *record);

/* "migbench: PATH:LINE: message", and MB_REQUEST. */
int an_parse_error(const struct an_parser *parser, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

#endif
