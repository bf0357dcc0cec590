/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The samples of a block. Nearly all of a run file is arrays of numbers, for
 * each of which a JSON parser makes an object; a strict scanner takes the long
 * ones out of the line first. What it does not take, jansson reads and judges.
 */
#ifndef MIGBENCH_ANALYSIS_RUN_VALUES_H
#define MIGBENCH_ANALYSIS_RUN_VALUES_H

#include <stdbool.h>
#include <stddef.h>
#include <jansson.h>

struct an_stretch {
	size_t first, count;
	bool used;
};

/* The values of one line's arrays, one after the other. */
struct an_values {
	double *at;
	size_t count, capacity;
	struct an_stretch *stretches;
	size_t stretch_count, stretch_capacity;
	char *text; /* of the line, for a JSON parser */
	size_t length, text_capacity;
};

/*
 * Forget the line before, and make .text of @line: the same, or if it is a block's, with the text
 * "@N" for each long array of plain numbers from 0 on behind a key "values", N being its stretch.
 * @line must be followed by a NUL.
 */
void an_values_take(struct an_values *values, const char *line, size_t length);

/*
 * The stretch that @array stands for into *@stretch: "@N", or an array of numbers,
 * which is appended. Returns false if it is neither; *@bad is then the number
 * (from 1) of the first value that is not finite and >= 0, or 0.
 */
bool an_values_stretch(struct an_values *values, const json_t *array, struct an_stretch *stretch,
		       size_t *bad);

void an_values_free(struct an_values *values);

#endif
