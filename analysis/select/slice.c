// SPDX-License-Identifier: GPL-2.0-or-later
/* Slices once they are there: cells by place and by value, one slice among others, and words. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/base/text.h"
#include "analysis/select/slice.h"

static void axis_free(struct an_axis *axis)
{
	for (size_t i = 0; i < axis->count; i++)
		free(axis->values[i]);
	free(axis->values);
}

void an_slice_free(struct an_slice *slice)
{
	json_decref(slice->rest);
	axis_free(&slice->panels);
	axis_free(&slice->rows);
	axis_free(&slice->cols);
	free(slice->cells);
}

void an_slices_free(struct an_slice *slices, size_t count)
{
	for (size_t s = 0; s < count; s++)
		an_slice_free(&slices[s]);
	free(slices);
}

size_t an_axis_find(const struct an_axis *axis, const char *value)
{
	size_t i = 0;

	while (i < axis->count && strcmp(axis->values[i], value))
		i++;
	return i;
}

size_t an_place(const struct an_slice *slice, size_t panel, size_t row, size_t col)
{
	return (panel * slice->rows.count + row) * slice->cols.count + col;
}

const struct an_cell *an_cell(const struct an_slice *slice, size_t panel, size_t row, size_t col)
{
	return &slice->cells[an_place(slice, panel, row, col)];
}

/* Whether @slice is as @like says, were its @key @value; of any number if @value is NULL. */
static bool differs_in(const struct an_slice *slice, const struct an_slice *like, const char *key,
		       json_t *value)
{
	json_t *rest = json_copy(like->rest);
	bool same;

	json_object_set(rest, key, value ? value : json_object_get(slice->rest, key));
	same = json_equal(rest, slice->rest);
	json_decref(rest);
	return same;
}

static unsigned long number_of(const struct an_slice *slice, const char *key)
{
	return (unsigned long)json_integer_value(json_object_get(slice->rest, key));
}

/* Whether @a is rather kept than @b. */
static bool better(const struct an_slice *a, const struct an_slice *b, const char *key,
		   bool columns)
{
	size_t x = columns ? a->cols.count : a->count, y = columns ? b->cols.count : b->count;

	return x > y || (x == y && number_of(a, key) >= number_of(b, key));
}

void an_slices_pick(struct an_slice *slices, size_t *count, const char *key, unsigned long most,
		    bool columns)
{
	size_t kept = 0;

	for (size_t s = 0; s < *count; s++) {
		struct an_slice slice = slices[s];
		size_t k = 0;

		while (k < kept && !differs_in(&slice, &slices[k], key, NULL))
			k++;
		if (number_of(&slice, key) > most ||
		    (k < kept && !better(&slice, &slices[k], key, columns))) {
			an_slice_free(&slice);
			continue;
		}
		if (k < kept)
			an_slice_free(&slices[k]);
		slices[k] = slice;
		kept += k == kept;
	}
	*count = kept;
	for (size_t s = 1; s < kept; s++)
		for (size_t k = s; k && slices[k].count > slices[k - 1].count; k--) {
			struct an_slice swap = slices[k];

			slices[k] = slices[k - 1];
			slices[k - 1] = swap;
		}
}

const struct an_slice *an_slice_like(const struct an_slice *slices, size_t count,
				     const struct an_slice *slice, const char *key,
				     const char *value)
{
	json_t *other = json_string(value);
	const struct an_slice *found = NULL;

	for (size_t s = 0; s < count && !found; s++)
		if (differs_in(&slices[s], slice, key, other))
			found = &slices[s];
	json_decref(other);
	return found;
}

const struct an_point *an_cell_of(const struct an_slice *slice, const char *panel, const char *row,
				  const char *col)
{
	size_t p = panel ? an_axis_find(&slice->panels, panel) : 0;
	size_t r = row ? an_axis_find(&slice->rows, row) : 0;
	size_t c = col ? an_axis_find(&slice->cols, col) : 0;

	if (p == slice->panels.count || r == slice->rows.count || c == slice->cols.count)
		return NULL;
	return an_cell(slice, p, r, c)->point;
}

const struct an_cell *an_first_cell(const struct an_slice *slice)
{
	const struct an_cell *cell = slice->cells;

	while (!cell->point)
		cell++;
	return cell;
}

const char *an_slice_param(const struct an_slice *slice, const char *key)
{
	const char *text = json_string_value(json_object_get(slice->rest, key));

	return text ? text : "";
}

char *an_rest_words(const json_t *all)
{
	static const char *const known[][3] = { { "memory", "", " memory" },
						{ "nodes", "nodes ", "" },
						{ "page", "", " pages" },
						{ "state", "", "" } };
	json_t *rest = json_copy((json_t *)all), *value;
	json_int_t threads = json_integer_value(json_object_get(rest, "threads"));
	const char *key, *comma = "";
	char *words = NULL;
	size_t size;
	FILE *out = mb_text_open(&words, &size);

	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++) {
		const char *text = json_string_value(json_object_get(rest, known[i][0]));

		if (!text || !*text)
			continue;
		fprintf(out, "%s%s%s%s", comma, known[i][1], text, known[i][2]);
		json_object_del(rest, known[i][0]);
		comma = ", ";
	}
	if (threads) {
		fprintf(out, "%s%" JSON_INTEGER_FORMAT " thread%s", comma, threads,
			threads == 1 ? "" : "s");
		json_object_del(rest, "threads");
		comma = ", ";
	}
	json_object_foreach(rest, key, value) {
		fprintf(out, "%s%s=", comma, key);
		if (json_is_string(value))
			fputs(json_string_value(value), out);
		else
			fprintf(out, "%" JSON_INTEGER_FORMAT, json_integer_value(value));
		comma = ", ";
	}
	mb_text_close(out);
	json_decref(rest);
	return words;
}

char *an_further_words(const json_t *params, const char *told)
{
	json_t *further = json_object();
	char *all = mb_format(" %s", told), *words;
	const char *key;
	json_t *value;

	json_object_foreach((json_t *)params, key, value) {
		char *name = mb_format(" %s ", key);

		if (!strstr(all, name))
			json_object_set(further, key, value);
		free(name);
	}
	words = an_rest_words(further);
	json_decref(further);
	free(all);
	return words;
}

double an_value(const struct an_point *point, const char *metric)
{
	size_t length = strcspn(metric, "/");
	char *name = mb_format("%.*s", (int)length, metric);
	const struct an_summary *summary = an_summary(point, name);
	double value = summary ? summary->median : an_counter(point, name);

	free(name);
	return metric[length] ? value / an_moved(point) : value;
}
