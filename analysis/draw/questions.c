// SPDX-License-Identifier: GPL-2.0-or-later
/* The pivots that tables, pictures and findings of the report share. */
#include <limits.h>
#include <math.h>
#include <string.h>

#include "analysis/base/text.h"
#include "analysis/draw/questions.h"

/* Keep the slices that are @good, in their order. */
static void keep(struct an_slice *slices, size_t *count, bool (*good)(const struct an_slice *))
{
	size_t kept = 0;

	for (size_t s = 0; s < *count; s++) {
		if (good(&slices[s]))
			slices[kept++] = slices[s];
		else
			an_slice_free(&slices[s]);
	}
	*count = kept;
}

static bool has_two(const struct an_slice *slice)
{
	return slice->cols.count > 1;
}

struct an_slice *an_ask_kinds(const struct an_run *run, const char *key, size_t *count)
{
	const struct an_pivot by = { AN_JOURNEYS, .panels = "direction", .rows = "batch",
				     .cols = key };
	struct an_slice *slices = an_pivot_run(&by, run, count);

	keep(slices, count, has_two);
	return slices;
}

const struct an_cell *an_kinds_meet(const struct an_slice *slice, enum an_direction direction)
{
	size_t panel = an_axis_find(&slice->panels, an_directions[direction]);

	for (size_t r = slice->rows.count; r-- > 0 && panel < slice->panels.count;) {
		size_t c = 0;

		while (c < slice->cols.count && an_cell(slice, panel, r, c)->point)
			c++;
		if (c == slice->cols.count)
			return an_cell(slice, panel, r, 0);
	}
	return NULL;
}

static bool has_ends(const struct an_slice *slice)
{
	return slice->rows.numbers && slice->cols.numbers;
}

struct an_slice *an_ask_nodes(const struct an_run *run, size_t *count)
{
	static const struct an_pivot by = { "numa", .rows = "from", .cols = "to",
					    .metric = "total/page" };
	struct an_slice *slices = an_pivot_run(&by, run, count);

	an_slices_pick(slices, count, "batch", ULONG_MAX, false);
	keep(slices, count, has_ends);
	return slices;
}

bool an_nodes_extremes(const struct an_slice *slice, const struct an_point **cheapest,
		       const struct an_point **dearest)
{
	size_t cells = slice->rows.count * slice->cols.count;
	double low = INFINITY, high = -INFINITY;

	for (size_t c = 0; c < cells; c++) {
		const struct an_cell *cell = &slice->cells[c];

		if (cell->point && cell->value < low) {
			low = cell->value;
			*cheapest = cell->point;
		}
		if (cell->point && cell->value > high) {
			high = cell->value;
			*dearest = cell->point;
		}
	}
	return slice->count > 1;
}

char *an_nodes_words(const struct an_slice *slice)
{
	const char *mode = an_slice_param(slice, "mode"), *page = an_slice_param(slice, "page");
	json_int_t batch = json_integer_value(json_object_get(slice->rest, "batch"));
	char *further = an_further_words(slice->rest, "mode page batch ");
	char *words =
		mb_format("%s, %s pages, batch %s%s%s", *mode ? mode : "numa", *page ? page : "4k",
			  an_count((double)batch), *further ? ", " : "", further);

	free(further);
	return words;
}

struct an_slice *an_ask_bits(const struct an_run *run, size_t *count)
{
	static const struct an_pivot by = { "ad", .cols = "access" };

	return an_pivot_run(&by, run, count);
}

const struct an_point *an_bits_point(const struct an_slice *slice)
{
	const struct an_point *read = an_cell_of(slice, NULL, NULL, "read");

	return read ? read : an_first_cell(slice)->point;
}

double an_bits_pages(const struct an_point *point)
{
	unsigned long batch = an_param_number(point, "batch");

	return (double)(batch ? batch : point->pages);
}

const struct an_slice *an_bits_other(const struct an_slice *slices, size_t count,
				     const struct an_slice *slice)
{
	bool on = !strcmp(an_slice_param(slice, "retention"), "on");

	return an_slice_like(slices, count, slice, "retention", on ? "off" : "on");
}

char *an_refault_order(const struct an_slice *slices, size_t count, size_t at)
{
	char *further = an_further_words(slices[at].rest, "order lru ");
	bool alike = true;
	char *words;

	for (size_t i = 0; i < count; i++) {
		char *other = an_further_words(slices[i].rest, "order lru ");

		alike = alike && !strcmp(further, other);
		free(other);
	}
	words = mb_format("%s%s%s", an_slice_param(&slices[at], "order"), alike ? "" : ", ",
			  alike ? "" : further);
	free(further);
	return words;
}

double an_swapped_in(const struct an_slice *slice, bool kept, bool second)
{
	const struct an_point *point = an_cell_of(slice, NULL, NULL, kept ? "on" : "off");

	return point ? an_counter(point, second ? "swapped_in_second" : "swapped_in") : NAN;
}

static bool both_counted(const struct an_slice *slice)
{
	return !isnan(an_swapped_in(slice, true, false)) &&
	       !isnan(an_swapped_in(slice, false, false));
}

/* The headline's case, then what differs from it in less and in more. */
static int rank(const struct an_slice *slice)
{
	return 2 * (strcmp(an_slice_param(slice, "lru"), "classic") != 0) +
	       (strcmp(an_slice_param(slice, "order"), "interleaved") != 0);
}

struct an_slice *an_ask_refault(const struct an_run *run, size_t *count)
{
	static const struct an_pivot by = { "refault", .cols = "retention" };
	struct an_slice *slices = an_pivot_run(&by, run, count);

	keep(slices, count, both_counted);
	for (size_t s = 1; s < *count; s++)
		for (size_t k = s; k && rank(&slices[k]) < rank(&slices[k - 1]); k--) {
			struct an_slice swap = slices[k];

			slices[k] = slices[k - 1];
			slices[k - 1] = swap;
		}
	return slices;
}

double an_refault_ratio(const struct an_slice *slice, bool second)
{
	double dropped = an_swapped_in(slice, false, second);

	return dropped > 0 ? an_swapped_in(slice, true, second) / dropped : NAN;
}
