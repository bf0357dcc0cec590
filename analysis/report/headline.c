// SPDX-License-Identifier: GPL-2.0-or-later
/* What the answers of all kernels say, in a sentence for each thing that changed together. */
#include <ctype.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/base/text.h"
#include "analysis/draw/questions.h"
#include "analysis/draw/sentence.h"
#include "analysis/report/answers.h"
#include "analysis/report/behaviours.h"
#include "analysis/report/cause.h"
#include "analysis/report/headline.h"
#include "analysis/run/describe.h"
#include "analysis/select/residue.h"
#include "analysis/stats/doubt.h"

struct candidate {
	char *text;
	double size; /* of all that it tells, beyond the doubt */
	bool older; /* it is of no newest kernel */
	bool hinges; /* on what the emulated CPU offers: less sure than any other */
};

struct candidates {
	const struct an_report *report;
	const struct an_answers *answers;
	struct candidate *at;
	size_t count, capacity;
};

static void add(struct candidates *all, char *text, double size, bool older, bool hinges)
{
	if (!text)
		return;
	all->at = mb_grow(all->at, &all->capacity, all->count, sizeof(*all->at));
	all->at[all->count++] = (struct candidate){ text, size, older, hinges };
}

/* Whether @row changed with others of @group from the column @before to @column, beyond doubt. */
static bool changed(const struct an_answer *row, const char *group, size_t before, size_t column)
{
	return row->asked->what <= AN_ASKED_CALL && !strcmp(row->asked->group, group) &&
	       !isnan(row->values[column]) && an_answer_before(row, column) == before &&
	       an_answer_size(row, column) > 0;
}

/* "84 % less to the device (641 instead of 4,089 instructions a page)" */
static void one_change(char **text, const struct an_answers *answers, const struct an_answer *row,
		       size_t before, size_t column, bool first)
{
	const struct an_point *both[] = { row->points[before], row->points[column] };
	double change = expm1(an_answer_shift(row, column));
	char *unit = first ? an_answer_unit(answers, row) : mb_strdup("");
	char *residue = an_residue(both, 2, true);

	an_extend(text, "%s %s %s (%s instead of %s%s%s%s%s)", an_percent(fabs(change)),
		  change < 0 ? "less" : "more", row->asked->how, an_number(row->values[column]),
		  an_number(row->values[before]), first ? " " : "", unit, *residue ? "; " : "",
		  residue);
	free(unit);
	free(residue);
}

/* Where the change of @row is: phases, functions, commit; "" if nobody knows. malloc'd. */
static char *cause(const struct candidates *all, const struct an_answer *row, size_t before,
		   size_t column)
{
	const struct an_run *a = row->runs[before], *b = row->runs[column];
	char *phases = an_cause_phases(b, row->points[before], row->points[column]);
	char *functions = an_cause_functions(all->report, a, b, row->points[column]->name);
	char *commit = row->asked->probe ? an_behaviour_words(a, b, row->asked->probe) : NULL;
	char *text = mb_strdup("");

	if (phases)
		an_extend(&text, " Most of the change %s is in the phases %s.", row->asked->how,
			  phases);
	if (functions)
		an_extend(&text, " By function, %s: %s.", row->asked->how, functions);
	if (commit)
		/* That a cost changed for it, and for nothing else, no probe can see. */
		an_extend(&text, " Changed with it: commit %s.", commit);
	free(phases);
	free(functions);
	free(commit);
	return text;
}

/* All that changed of @group between two kernels, with the cause of the first of it that has one. */
static void group_change(struct candidates *all, const char *group, size_t before, size_t column)
{
	const struct an_answers *answers = all->answers;
	char *from = an_answers_kernel(answers, before), *to = an_answers_kernel(answers, column),
	     *what = an_asked_words(answers->runs[column], group), *why = NULL;
	size_t left = 0, told = 0;
	bool hinges = false;
	double size = 0;
	char *text;

	for (size_t r = 0; r < answers->count; r++)
		left += changed(&answers->rows[r], group, before, column);
	text = mb_format("From %s to %s, a %s costs ", from, to, what);
	for (size_t r = 0; r < answers->count; r++) {
		const struct an_answer *row = &answers->rows[r];

		if (!changed(row, group, before, column))
			continue;
		if (told)
			an_extend(&text, "%s", told + 1 == left ? " and " : ", ");
		one_change(&text, answers, row, before, column, !told);
		told++;
		size += an_answer_size(row, column);
		hinges |= !strcmp(row->asked->benchmark, "numa") &&
			  an_copy_hidden(row->runs[column], row->points[column]);
		if (!why || !*why) {
			free(why);
			why = cause(all, row, before, column);
		}
	}
	an_extend(
		&text, ".%s%s", why ? why : "",
		hinges ? " The kernel's own copy of the pages is in it, and how it copies depends "
			 "on the emulated CPU."
		       : "");
	free(why);
	free(what);
	free(from);
	free(to);
	if (told)
		add(all, text, size, column + 1 < answers->columns, hinges);
	else
		free(text);
}

static void group_changes(struct candidates *all)
{
	const struct an_answers *answers = all->answers;

	for (size_t r = 0; r < answers->count; r++) {
		const char *group = answers->rows[r].asked->group;
		size_t first = 0;

		while (strcmp(answers->rows[first].asked->group, group))
			first++;
		if (first < r || answers->rows[r].asked->what > AN_ASKED_CALL)
			continue;
		for (size_t column = 1; column < answers->columns; column++)
			for (size_t before = 0; before < column; before++)
				group_change(all, group, before, column);
	}
}

/* The newest kernel that has both in one row each; false if none does. */
static bool both_have(const struct an_answers *answers, const struct an_answer *x,
		      const struct an_answer *y, size_t *column)
{
	for (*column = answers->columns; x && y && (*column)-- > 0;)
		if (x->values[*column] > 0 && y->values[*column] > 0)
			return true;
	return false;
}

/* What moving 2 MiB as one page makes of a page's cost. */
static void page_sizes(struct candidates *all)
{
	const struct an_answers *answers = all->answers;
	const struct an_answer *small = an_answer_find(answers, AN_ASKED_PAGE, "4k page");
	const struct an_answer *large = an_answer_find(answers, AN_ASKED_PAGE, "2m page");
	double shift, size;
	char *kernel, *unit, *of, *as;
	size_t column;

	if (!both_have(answers, small, large, &column) ||
	    strcmp(small->asked->how, large->asked->how))
		return;
	shift = log(large->values[column] / small->values[column]);
	size = fabs(shift) -
	       log1p(an_doubt(large->runs[column], small->points[column], large->points[column]));
	if (size <= 0)
		return;
	kernel = an_answers_kernel(answers, column);
	unit = an_answer_unit(answers, large);
	of = an_asked_words(large->runs[column], large->asked->group);
	as = an_asked_words(large->runs[column], small->asked->group);
	add(all,
	    mb_format("On %s, a base page of a %s costs %s times as much as a %s %s: %s "
		      "instead of %s %s.",
		      kernel, of, an_number(exp(shift)), as, large->asked->how,
		      an_number(large->values[column]), an_number(small->values[column]), unit),
	    size, false, false);
	free(kernel);
	free(unit);
	free(of);
	free(as);
}

/* Back to the kernel that changed a count last; the first that has one if none did. */
static size_t changed_last(const struct an_answer *row, size_t newest)
{
	size_t at = newest, before;

	while ((before = an_answer_before(row, at)) != at &&
	       fabs(row->values[before] - row->values[newest]) < 1)
		at = before;
	return at;
}

/* A batch's flushes on the newest kernel, and since when there are so many. */
static void flushes(struct candidates *all)
{
	const struct an_answers *answers = all->answers;
	const struct an_answer *row = an_answer_find(answers, AN_ASKED_FLUSHES, "flushes");
	char *commit = NULL, *kernel, *page, *text;
	size_t newest = an_answer_newest(answers, row), changed, before;
	double size = 0; /* what is as it always was comes behind all that changed */

	if (newest == answers->columns)
		return;
	kernel = an_answers_kernel(answers, newest);
	page = an_size_of(row->runs[newest], "base");
	text = mb_format("On %s, a batch of %s exclusive %s pages to the device takes %s TLB "
			 "flushes",
			 kernel, an_count((double)row->points[newest]->pages), page,
			 an_number(row->values[newest]));
	changed = changed_last(row, newest);
	before = an_answer_before(row, changed);
	if (before != changed) {
		char *old = an_answers_kernel(answers, before);
		char *now = an_answers_kernel(answers, changed);

		/* From nothing, or to it, there is no ratio. */
		size = fmax(an_answer_size(row, changed),
			    fabs(log1p(row->values[changed]) - log1p(row->values[before])));
		if (changed != newest)
			an_extend(&text, ", as on every kernel here since %s", now);
		an_extend(&text, "; on %s it was %s", old, an_number(row->values[before]));
		commit = an_behaviour_words(answers->runs[before], answers->runs[changed],
					    row->asked->probe);
		free(old);
		free(now);
	}
	if (!commit)
		commit = an_behaviour_words(NULL, answers->runs[newest], row->asked->probe);
	an_extend(&text, "%s%s.", commit ? ". Cause: commit " : "", commit ? commit : "");
	add(all, text, size, false, false);
	free(page);
	free(commit);
	free(kernel);
}

/* Is the answer of @group on the kernel @at none at all? */
static bool is_none(const struct an_answers *answers, const char *group, size_t at)
{
	const struct an_answer *row = an_answer_find(answers, AN_ASKED_ROUNDS, group);

	return row && row->values[at] <= 0;
}

/* What a page's own flush costs the other CPUs, beside a system call that gathers its flushes. */
static void rounds(struct candidates *all)
{
	const struct an_answers *answers = all->answers;
	const struct an_answer *there =
		an_answer_find(answers, AN_ASKED_ROUNDS, "rounds to the device");
	const struct an_answer *calls =
		an_answer_find(answers, AN_ASKED_ROUNDS, "rounds of move_pages");
	char *kernel, *page, *text;
	size_t newest, before;

	if (!both_have(answers, there, calls, &newest))
		return;
	kernel = an_answers_kernel(answers, newest);
	page = an_size_of(there->runs[newest], "base");
	text = mb_format(
		"On %s, with threads of the process on 3 other CPUs, a batch of %s %s pages "
		"to the device takes %s IPI rounds, and as many moved by move_pages take %s",
		kernel, an_count((double)there->points[newest]->pages), page,
		an_number(there->values[newest]), an_number(calls->values[newest]));
	free(kernel);
	free(page);
	before = an_answer_before(calls, changed_last(calls, newest));
	if (fabs(calls->values[before] - calls->values[newest]) >= 1) {
		char *old = an_answers_kernel(answers, before);

		an_extend(&text, " (%s on %s)", an_number(calls->values[before]), old);
		free(old);
	}
	if (is_none(answers, "rounds of a fault", newest) &&
	    is_none(answers, "rounds of an eviction", newest))
		an_extend(&text, "; a CPU fault and an eviction take none");
	an_extend(&text, ".");
	add(all, text, fabs(log1p(there->values[newest]) - log1p(calls->values[newest])), false,
	    false);
}

static void bits(struct candidates *all)
{
	double size = 0;
	char *text = an_headline_refaults(all->answers, &size);

	add(all, text, size, false, false);
}

static void touches(struct candidates *all)
{
	double size = 0;
	char *text = an_headline_touches(all->answers, &size);

	add(all, text, size, false, false);
}

static int larger(const void *x, const void *y)
{
	const struct candidate *a = x, *b = y;

	if (a->older != b->older)
		return a->older - b->older;
	if (a->hinges != b->hinges)
		return a->hinges - b->hinges;
	if (a->size != b->size)
		return a->size < b->size ? 1 : -1;
	return strcmp(a->text, b->text);
}

static void take(struct candidates *all, struct an_findings *head)
{
	if (all->count)
		qsort(all->at, all->count, sizeof(*all->at), larger);
	for (size_t i = 0; i < all->count; i++) {
		if (head->count == AN_HEAD_FINDINGS) {
			free(all->at[i].text);
			continue;
		}
		head->at = mb_grow(head->at, &head->capacity, head->count, sizeof(*head->at));
		head->at[head->count++] = (struct an_finding){ .text = all->at[i].text };
	}
	free(all->at);
}

void an_head_findings(const struct an_report *report, struct an_findings *head)
{
	for (int insns = 1; insns >= 0; insns--) {
		struct an_answers answers;
		struct candidates all = { .report = report, .answers = &answers };

		if (an_answers_of(report->runs, report->run_count, insns, &answers)) {
			group_changes(&all);
			page_sizes(&all);
			flushes(&all);
			rounds(&all);
			bits(&all);
			touches(&all);
			take(&all, head);
		}
		an_answers_free(&answers);
	}
	an_headline(report->runs, report->run_count, AN_HEAD_FINDINGS, head);
}
