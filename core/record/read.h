/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a record of a run file says. None of this complains: what is not there is NULL, or 0. */
#ifndef MIGBENCH_CORE_RECORD_READ_H
#define MIGBENCH_CORE_RECORD_READ_H

#include <jansson.h>

#include "core/record/record.h"
#include "core/record/write.h"

enum mb_record_type mb_record_type(const json_t *record);

/* The id of the point that a point, block, skip or floor is about. */
json_int_t mb_record_point_id(const json_t *record);

/* The name of a point record's point, malloc'd; NULL where it has none. */
char *mb_record_name(const json_t *point);

/* The array of a block's values in @metric, one a sample. */
const json_t *mb_record_values(const json_t *block, const char *metric);

/* The median of such an array; NAN of an empty one. */
double mb_record_median(const json_t *values);

/* A number or a text of a record, under the key that docs/run-file.md gives it. */
json_int_t mb_record_number(const json_t *record, const char *key);
const char *mb_record_string(const json_t *record, const char *key);

/* The text, or an empty one where there is none. */
const char *mb_record_text(const json_t *record, const char *key);

/* Whether @record is the run record of @head and the suite of that name, but for when it was. */
bool mb_record_is_run(const json_t *record, const struct mb_run_head *head, const char *suite);

#endif
