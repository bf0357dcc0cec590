// SPDX-License-Identifier: GPL-2.0-or-later
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/base/text.h"
#include "analysis/select/matrix.h"

static bool is_pair(const struct an_point *point, unsigned int *from, unsigned int *to)
{
	char end;

	return !strcmp(point->benchmark, "numa") && an_summary(point, "total") &&
	       sscanf(an_param(point, "nodes"), "%u>%u%c", from, to, &end) == 2;
}

static bool same_kind(const struct an_matrix *matrix, const struct an_point *point)
{
	return !strcmp(matrix->mode, an_param(point, "mode")) &&
	       !strcmp(matrix->page, an_param(point, "page"));
}

/* The place of @node among the matrix's, which has it or is given it; AN_MAX_NODES if it is full. */
static size_t place(struct an_matrix *matrix, unsigned int node)
{
	size_t i = 0;

	while (i < matrix->count && matrix->nodes[i] != node)
		i++;
	if (i == matrix->count && i < AN_MAX_NODES)
		matrix->nodes[matrix->count++] = node;
	return i;
}

static size_t pairs_at(const struct an_run *run, const struct an_matrix *matrix,
		       unsigned long batch)
{
	unsigned int from, to;
	size_t pairs = 0;

	for (size_t i = 0; i < run->point_count; i++)
		pairs += is_pair(&run->points[i], &from, &to) &&
			 same_kind(matrix, &run->points[i]) &&
			 an_param_number(&run->points[i], "batch") == batch;
	return pairs;
}

static void choose_batch(const struct an_run *run, struct an_matrix *matrix)
{
	unsigned int from, to;
	size_t most = 0;

	for (size_t i = 0; i < run->point_count; i++) {
		const struct an_point *point = &run->points[i];
		unsigned long batch = an_param_number(point, "batch");
		size_t pairs;

		if (!is_pair(point, &from, &to) || !same_kind(matrix, point))
			continue;
		pairs = pairs_at(run, matrix, batch);
		if (pairs > most || (pairs == most && batch > matrix->batch)) {
			most = pairs;
			matrix->batch = batch;
		}
	}
}

static int by_number(const void *a, const void *b)
{
	unsigned int x = *(const unsigned int *)a, y = *(const unsigned int *)b;

	return (x > y) - (x < y);
}

static void fill(const struct an_run *run, struct an_matrix *matrix)
{
	unsigned int from, to;

	/* First all nodes, so that their order does not depend on the points'. */
	for (int pass = 0; pass < 2; pass++) {
		for (size_t i = 0; i < run->point_count; i++) {
			const struct an_point *point = &run->points[i];
			size_t a, b;

			if (!is_pair(point, &from, &to) || !same_kind(matrix, point) ||
			    an_param_number(point, "batch") != matrix->batch)
				continue;
			a = place(matrix, from);
			b = place(matrix, to);
			if (!pass || a >= AN_MAX_NODES || b >= AN_MAX_NODES)
				continue;
			matrix->cells += !matrix->at[a][b];
			matrix->at[a][b] = point;
		}
		qsort(matrix->nodes, matrix->count, sizeof(*matrix->nodes), by_number);
	}
}

struct an_matrix *an_matrices(const struct an_run *run, size_t *count)
{
	struct an_matrix *list = NULL;
	size_t capacity = 0;
	unsigned int from, to;

	*count = 0;
	for (size_t i = 0; i < run->point_count; i++) {
		const struct an_point *point = &run->points[i];
		size_t k = 0;

		if (!is_pair(point, &from, &to))
			continue;
		while (k < *count && !same_kind(&list[k], point))
			k++;
		if (k < *count)
			continue;
		list = an_grow(list, &capacity, *count, sizeof(*list));
		list[k] = (struct an_matrix){ .mode = an_param(point, "mode"),
					      .page = an_param(point, "page") };
		choose_batch(run, &list[k]);
		fill(run, &list[k]);
		(*count)++;
	}
	return list;
}

bool an_matrix_extremes(const struct an_matrix *matrix, const struct an_point **cheapest,
			const struct an_point **dearest)
{
	*cheapest = *dearest = NULL;
	for (size_t a = 0; a < matrix->count; a++)
		for (size_t b = 0; b < matrix->count; b++) {
			const struct an_point *point = matrix->at[a][b];

			if (!point)
				continue;
			if (!*cheapest ||
			    an_per_page(point, "total") < an_per_page(*cheapest, "total"))
				*cheapest = point;
			if (!*dearest ||
			    an_per_page(point, "total") > an_per_page(*dearest, "total"))
				*dearest = point;
		}
	return matrix->cells > 1;
}

char *an_matrix_words(const struct an_matrix *matrix)
{
	return an_format("%s, %s pages, batch %s", *matrix->mode ? matrix->mode : "numa",
			 *matrix->page ? matrix->page : "4k", an_count((double)matrix->batch));
}
