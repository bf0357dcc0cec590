// SPDX-License-Identifier: GPL-2.0-or-later
/* The answers to what is asked on the first page: which points of which run give them. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/base/text.h"
#include "analysis/draw/questions.h"
#include "analysis/draw/sentence.h"
#include "analysis/report/answers.h"
#include "analysis/run/describe.h"
#include "analysis/stats/doubt.h"

#define BATCH 512 /* that drivers use: what a batch costs once hardly shows any more */

/*
 * How well @point answers for all kernels: most have it, and then its batch is the largest to 512.
 * Of two, the one with fewer parameters is plain in what names leave out.
 */
static double fitness(const struct an_answer *row, size_t columns, const struct an_point *point)
{
	unsigned long batch = an_param_number(point, "batch");
	double kernels = 0;

	for (size_t c = 0; c < columns; c++) {
		kernels += row->runs[c] && an_asked_counterpart(row->runs[c], point, row->asked);
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

			if (an_asked_matches(row->runs[c], point, row->asked) &&
			    fitness(row, columns, point) > most) {
				most = fitness(row, columns, point);
				best = point;
			}
		}
	return best;
}

static double value_of(const struct an_run *run, const struct an_point *point,
		       enum an_asked_for what)
{
	const struct an_summary *total = an_summary(point, "total");

	if (an_asked_counter(what))
		return an_counter(point, an_asked_counter(what));
	if (what == AN_ASKED_OWN)
		return an_own_part(run, point).sum;
	if (what == AN_ASKED_MIB)
		return an_per_page(point, "total") * (double)(1UL << 20) / (double)run->base;
	return what == AN_ASKED_CALL ? (total ? total->median : NAN) : an_per_page(point, "total");
}

/* Swapped in with the bits kept or dropped: the headline's case, the same on all kernels. */
static void refaults(const struct an_run *run, struct an_answer *row, size_t column)
{
	bool kept = !strcmp(row->asked->params[0], "retention=on");
	const struct an_point *like = NULL;
	size_t count;
	struct an_slice *pairs = an_ask_refault(run, &count);

	for (size_t c = 0; c < column && !like; c++)
		like = row->points[c];
	for (size_t i = 0; i < count && !row->points[column]; i++) {
		const struct an_point *point =
			an_cell_of(&pairs[i], NULL, NULL, kept ? "on" : "off");

		if (like && strcmp(point->name, like->name) != 0)
			continue;
		row->points[column] = point;
		row->values[column] = an_swapped_in(&pairs[i], kept, false);
	}
	an_slices_free(pairs, count);
}

/* The row's words of sizes are those of x86-64; of other kernels, too, it says which pages it means. */
static char *size_words(const struct an_answer *row, size_t columns)
{
	static const char *const words[][2] = { { ", 4k", ", base pages" },
						{ ", 2m", ", huge pages" } };
	const char *text = row->asked->words, *at = NULL;
	bool usual = true;

	for (size_t c = 0; c < columns; c++)
		usual = usual && (isnan(row->values[c]) || row->runs[c]->base == AN_USUAL_BASE);
	for (size_t i = 0; !usual && i < sizeof(words) / sizeof(words[0]); i++) {
		at = strstr(text, words[i][0]);
		if (at)
			return mb_format("%.*s%s%s", (int)(at - text), text, words[i][1],
					 at + strlen(words[i][0]));
	}
	return mb_strdup(text);
}

/* What @point has beside what the row asks for: its axes that no word of the row tells; "" if none. malloc'd. */
static char *further_words(const struct an_asked *row, const struct an_point *point)
{
	char *told = mb_strdup("batch nodes page state threads "), *words;

	for (size_t p = 0; p < sizeof(row->params) / sizeof(row->params[0]) && row->params[p];
	     p++) {
		const char *key = row->params[p] + (*row->params[p] == '?');

		an_extend(&told, "%.*s ", (int)strcspn(key, "="), key);
	}
	words = an_further_words(point->params, told);
	free(told);
	return words;
}

static char *row_words(const struct an_asked *row, const struct an_point *point, char *said)
{
	unsigned long batch = an_param_number(point, "batch");
	char *text, *further;

	if (row->what == AN_ASKED_REFAULTS) {
		free(said);
		return mb_format("%s, of %s hot pages, %s, %s LRU", row->words,
				 an_count((double)point->pages), an_param(point, "order"),
				 an_param(point, "lru"));
	}
	further = further_words(row, point);
	if (*further)
		an_extend(&said, ", %s", further);
	free(further);
	if (!batch ||
	    (row->what != AN_ASKED_PAGE && row->what != AN_ASKED_MIB && row->what != AN_ASKED_OWN))
		return said;
	text = mb_format("%s, batch %s", said, an_count((double)batch));
	free(said);
	return text;
}

/* Whether any column has an answer to it in row->runs. */
static bool answer(struct an_answer *row, size_t columns)
{
	const struct an_point *best = NULL;
	bool any = false;

	if (row->asked->what != AN_ASKED_REFAULTS)
		best = best_point(row, columns);
	for (size_t c = 0; c < columns; c++) {
		row->values[c] = NAN;
		row->points[c] = NULL;
		if (row->runs[c] && row->asked->what == AN_ASKED_REFAULTS) {
			refaults(row->runs[c], row, c);
		} else if (row->runs[c] && best) {
			row->points[c] = an_asked_counterpart(row->runs[c], best, row->asked);
			if (row->points[c])
				row->values[c] =
					value_of(row->runs[c], row->points[c], row->asked->what);
		}
		if (isnan(row->values[c]))
			row->points[c] = NULL;
		any |= !isnan(row->values[c]);
	}
	for (size_t c = 0; any && !row->words; c++)
		if (!isnan(row->values[c]))
			row->words =
				row_words(row->asked, row->points[c], size_words(row, columns));
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
				if (an_asked_matches(run, &run->points[i], row->asked))
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

/* Do the columns with an answer differ in the size of their base pages? */
static bool sizes_differ(const struct an_answers *answers, const struct an_answer *row)
{
	unsigned long base = 0;

	for (size_t c = 0; c < answers->columns; c++) {
		if (isnan(row->values[c]))
			continue;
		if (base && base != row->runs[c]->base)
			return true;
		base = row->runs[c]->base;
	}
	return false;
}

/* Figures of a MiB are for page sizes side by side; else they are those of a page again. */
static bool is_telling(const struct an_answers *answers, const struct an_answer *row)
{
	return row->asked->what != AN_ASKED_MIB || sizes_differ(answers, row);
}

bool an_answers_save(const struct an_answer *kept, const struct an_answer *dropped, size_t column)
{
	double with = kept->values[column], without = dropped->values[column];

	return without - with > 1 &&
	       log(without / with) > log1p(an_doubt(dropped->runs[column], kept->points[column],
						    dropped->points[column]));
}

/* Where no touch costs more for a bit that was dropped, there is nothing to show. */
static void leave_out_touches(struct an_answers *answers)
{
	const struct an_answer *kept = an_answer_find(answers, AN_ASKED_TOUCH, "bits kept");
	const struct an_answer *dropped = an_answer_find(answers, AN_ASKED_TOUCH, "bits dropped");
	size_t count = 0;

	for (size_t c = 0; kept && dropped && c < answers->columns; c++)
		if (an_answers_save(kept, dropped, c))
			return;
	for (size_t r = 0; r < answers->count; r++)
		if (answers->rows[r].asked->what == AN_ASKED_TOUCH)
			free_row(&answers->rows[r]);
		else
			answers->rows[count++] = answers->rows[r];
	answers->count = count;
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

		if (find_answer(answers, &row) && is_telling(answers, &row))
			answers->rows[answers->count++] = row;
		else
			free_row(&row);
	}
	leave_out_touches(answers);
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

size_t an_answer_newest(const struct an_answers *answers, const struct an_answer *row)
{
	for (size_t c = answers->columns; row && c-- > 0;)
		if (!isnan(row->values[c]))
			return c;
	return answers->columns;
}

size_t an_answer_before(const struct an_answer *row, size_t column)
{
	for (size_t c = column; c-- > 0;)
		if (!isnan(row->values[c]) &&
		    (isnan(row->values[column]) || an_run_alike(row->runs[c], row->runs[column])))
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
	double shift = an_answer_shift(row, column), doubt;

	if (isnan(shift))
		return NAN;
	doubt = an_doubt(row->runs[column], row->points[before], row->points[column]);
	/* Of a part nothing is known but what the whole may differ by. */
	if (row->asked->what == AN_ASKED_OWN)
		doubt *= an_per_page(row->points[before], "total") / row->values[before];
	return fabs(shift) - log1p(doubt);
}

char *an_answer_unit(const struct an_answers *answers, const struct an_answer *row)
{
	static const char *const counted[] = {
		[AN_ASKED_FLUSHES] = "flushes a batch",
		[AN_ASKED_ROUNDS] = "IPI rounds a batch",
		[AN_ASKED_REFAULTS] = "pages swapped in",
	};

	if (row->asked->what >= AN_ASKED_FLUSHES)
		return mb_strdup(counted[row->asked->what]);
	return mb_format("%s a %s", an_unit(answers->runs[0]),
			 row->asked->what == AN_ASKED_CALL  ? "call"
			 : row->asked->what == AN_ASKED_MIB ? "MiB"
							    : "page");
}

char *an_answers_kernel(const struct an_answers *answers, size_t column)
{
	return an_version_among(answers->runs, answers->columns, column);
}
