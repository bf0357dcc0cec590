// SPDX-License-Identifier: GPL-2.0-or-later
/* The answers to what is asked on the first page: which points of which run give them. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/base/text.h"
#include "analysis/draw/questions.h"
#include "analysis/report/answers.h"
#include "analysis/run/describe.h"
#include "analysis/stats/doubt.h"

#define BATCH 512 /* that drivers use: what a batch costs once hardly shows any more */

static bool has_param(const struct an_point *point, const char *wanted)
{
	bool optional = *wanted == '?';
	const char *key = wanted + optional, *value = strchr(key, '=') + 1;
	char *name = mb_format("%.*s", (int)(value - key - 1), key), *number;
	const json_t *has = an_param_value(point, name);
	bool match = !has && optional;

	free(name);
	if (json_is_string(has))
		return !strcmp(json_string_value(has), value);
	if (!json_is_integer(has))
		return match;
	number = mb_format("%" JSON_INTEGER_FORMAT, json_integer_value(has));
	match = !strcmp(number, value);
	free(number);
	return match;
}

/* The counter that answers, NULL: none does. */
static const char *counter_of(enum an_asked_for what)
{
	return what == AN_ASKED_FLUSHES	 ? "tlb_flushes"
	       : what == AN_ASKED_ROUNDS ? "ipi_rounds"
					 : NULL;
}

static bool matches(const struct an_point *point, const struct an_asked *row)
{
	if (strcmp(point->benchmark, row->benchmark) || !an_summary(point, "total"))
		return false;
	for (size_t p = 0; p < sizeof(row->params) / sizeof(row->params[0]) && row->params[p]; p++)
		if (!has_param(point, row->params[p]))
			return false;
	return !counter_of(row->what) || !isnan(an_counter(point, counter_of(row->what)));
}

/*
 * How well @point answers for all kernels: most have it, and then its batch is the largest to 512.
 * Of two, the one with fewer parameters is plain in what names leave out.
 */
static double fitness(const struct an_answer *row, size_t columns, const struct an_point *point)
{
	unsigned long batch = an_param_number(point, "batch");
	double kernels = 0;

	for (size_t c = 0; c < columns; c++) {
		const struct an_point *same =
			row->runs[c] ? an_run_point(row->runs[c], point->name) : NULL;

		kernels += same && an_summary(same, "total");
	}
	return kernels - (double)json_object_size(point->params) / 1000 +
	       (batch <= BATCH ? (double)batch / (BATCH + 1) : 1 / (double)(batch + BATCH)) / 2;
}

static const struct an_point *best_point(const struct an_answer *row, size_t columns)
{
	const struct an_point *best = NULL;
	double most = 0;

	for (size_t c = 0; c < columns; c++)
		for (size_t i = 0; row->runs[c] && i < row->runs[c]->point_count; i++) {
			const struct an_point *point = &row->runs[c]->points[i];

			if (matches(point, row->asked) && fitness(row, columns, point) > most) {
				most = fitness(row, columns, point);
				best = point;
			}
		}
	return best;
}

static double value_of(const struct an_point *point, enum an_asked_for what)
{
	const struct an_summary *total = an_summary(point, "total");

	if (counter_of(what))
		return an_counter(point, counter_of(what));
	return what == AN_ASKED_CALL ? (total ? total->median : NAN) : an_per_page(point, "total");
}

/* Swapped in with the bits dropped, less those with the bits kept: the headline's case. */
static void saved(const struct an_run *run, struct an_answer *row, size_t column)
{
	size_t count;
	struct an_slice *pairs = an_ask_refault(run, &count);

	if (count) {
		row->points[column] = an_cell_of(&pairs[0], NULL, NULL, "on");
		row->values[column] = an_swapped_in(&pairs[0], false, false) -
				      an_swapped_in(&pairs[0], true, false);
	}
	an_slices_free(pairs, count);
}

static char *row_words(const struct an_asked *row, const struct an_point *point)
{
	unsigned long batch = an_param_number(point, "batch");

	if (row->what == AN_ASKED_SAVED)
		return mb_format("%s, of %s hot pages", row->words, an_count((double)point->pages));
	if (!batch || row->what != AN_ASKED_PAGE)
		return mb_strdup(row->words);
	return mb_format("%s, batch %s", row->words, an_count((double)batch));
}

/* Whether any column has an answer to it in row->runs. */
static bool answer(struct an_answer *row, size_t columns)
{
	const struct an_point *best = NULL;
	bool any = false;

	if (row->asked->what != AN_ASKED_SAVED)
		best = best_point(row, columns);
	for (size_t c = 0; c < columns; c++) {
		row->values[c] = NAN;
		row->points[c] = NULL;
		if (row->runs[c] && row->asked->what == AN_ASKED_SAVED) {
			saved(row->runs[c], row, c);
		} else if (row->runs[c] && best) {
			row->points[c] = an_run_point(row->runs[c], best->name);
			if (row->points[c])
				row->values[c] = value_of(row->points[c], row->asked->what);
		}
		if (isnan(row->values[c]))
			row->points[c] = NULL;
		else if (!row->words)
			row->words = row_words(row->asked, row->points[c]);
		any |= !isnan(row->values[c]);
	}
	return any;
}

/* What the lab calls the machine of @run; "" for one that is not of the lab. */
static const char *machine(const struct an_run *run)
{
	const char *name = json_string_value(json_object_get(run->lab, "topology"));

	return name ? name : "";
}

/* Of each kernel the first further run on the machine of @like with a point that matches. */
static void choose_further(const struct an_answers *answers, struct an_answer *row,
			   const struct an_run *like)
{
	for (size_t c = 0; c < answers->columns; c++) {
		row->runs[c] = NULL;
		for (size_t f = 0; f < answers->further_count && !row->runs[c]; f++) {
			const struct an_run *run = answers->further[f];

			if (strcmp(run->kernel, answers->runs[c]->kernel) ||
			    strcmp(machine(run), machine(like)))
				continue;
			for (size_t i = 0; i < run->point_count && !row->runs[c]; i++)
				if (matches(&run->points[i], row->asked))
					row->runs[c] = run;
		}
	}
}

/* The words of a row whose figures are from another machine than the others' say which. */
static void name_machine(const struct an_answers *answers, struct an_answer *row,
			 const struct an_run *run)
{
	for (size_t c = 0; c < answers->columns; c++)
		if (row->runs[c] && *machine(run) &&
		    strcmp(machine(run), machine(answers->runs[c]))) {
			an_extend(&row->words, ", topology %s", machine(run));
			return;
		}
}

/* Whether there is an answer to the row, and from which runs. */
static bool find_answer(const struct an_answers *answers, struct an_answer *row)
{
	row->runs = mb_alloc(answers->columns, sizeof(*row->runs));
	row->values = mb_alloc(answers->columns, sizeof(*row->values));
	row->points = mb_alloc(answers->columns, sizeof(*row->points));
	for (size_t c = 0; c < answers->columns; c++)
		row->runs[c] = answers->runs[c];
	if (answer(row, answers->columns))
		return true;
	for (size_t f = 0; f < answers->further_count; f++) {
		choose_further(answers, row, answers->further[f]);
		if (answer(row, answers->columns)) {
			name_machine(answers, row, answers->further[f]);
			return true;
		}
	}
	return false;
}

static void free_row(struct an_answer *row)
{
	free(row->runs);
	free(row->words);
	free(row->values);
	free(row->points);
}

bool an_answers_of(struct an_run *const *runs, size_t count, bool insns, struct an_answers *answers)
{
	*answers = (struct an_answers){
		.runs = mb_alloc(count, sizeof(*answers->runs)),
		.further = mb_alloc(count, sizeof(*answers->further)),
		.rows = mb_alloc(an_asked_count, sizeof(*answers->rows)),
	};
	for (size_t i = 0; i < count; i++) {
		bool known = false;

		if (runs[i]->insns != insns || an_shape_only(runs[i]))
			continue;
		for (size_t c = 0; c < answers->columns; c++)
			known |= !strcmp(answers->runs[c]->kernel, runs[i]->kernel);
		if (known)
			answers->further[answers->further_count++] = runs[i];
		else
			answers->runs[answers->columns++] = runs[i];
	}
	for (size_t i = 0; i < an_asked_count; i++) {
		struct an_answer row = { .asked = &an_asked[i] };

		if (find_answer(answers, &row))
			answers->rows[answers->count++] = row;
		else
			free_row(&row);
	}
	return answers->count;
}

void an_answers_free(struct an_answers *answers)
{
	for (size_t r = 0; r < answers->count; r++)
		free_row(&answers->rows[r]);
	free(answers->rows);
	free(answers->runs);
	free(answers->further);
	*answers = (struct an_answers){ 0 };
}

const struct an_answer *an_answer_find(const struct an_answers *answers, enum an_asked_for what,
				       const char *group)
{
	for (size_t r = 0; r < answers->count; r++)
		if (answers->rows[r].asked->what == what &&
		    !strcmp(answers->rows[r].asked->group, group))
			return &answers->rows[r];
	return NULL;
}

size_t an_answer_before(const struct an_answer *row, size_t column)
{
	for (size_t c = column; c-- > 0;)
		if (!isnan(row->values[c]))
			return c;
	return column;
}

double an_answer_shift(const struct an_answer *row, size_t column)
{
	size_t before = an_answer_before(row, column);

	if (before == column || !(row->values[before] > 0) || !(row->values[column] > 0))
		return NAN;
	return log(row->values[column] / row->values[before]);
}

double an_answer_size(const struct an_answer *row, size_t column)
{
	size_t before = an_answer_before(row, column);
	double shift = an_answer_shift(row, column);

	if (isnan(shift))
		return NAN;
	return fabs(shift) -
	       log1p(an_doubt(row->runs[column], row->points[before], row->points[column]));
}

char *an_answer_unit(const struct an_answers *answers, const struct an_answer *row)
{
	static const char *const counted[] = {
		[AN_ASKED_FLUSHES] = "flushes a batch",
		[AN_ASKED_ROUNDS] = "IPI rounds a batch",
		[AN_ASKED_SAVED] = "pages not swapped in",
	};

	if (row->asked->what >= AN_ASKED_FLUSHES)
		return mb_strdup(counted[row->asked->what]);
	return mb_format("%s a %s", an_unit(answers->runs[0]),
			 row->asked->what == AN_ASKED_CALL ? "call" : "page");
}
