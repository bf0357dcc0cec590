// SPDX-License-Identifier: GPL-2.0-or-later
/* The first page's table: the questions that people have, and each kernel's answer. */
#include <math.h>
#include <stdlib.h>

#include "analysis/base/text.h"
#include "analysis/report/answers.h"
#include "analysis/report/report.h"
#include "analysis/run/describe.h"
#include "analysis/select/residue.h"
#include "analysis/stats/doubt.h"

static bool hinges_at(const struct an_answer *row, size_t column)
{
	return row->points[column] && row->asked->what == AN_ASKED_PAGE &&
	       an_copy_hidden(row->runs[column], row->points[column]);
}

static bool hinges(const struct an_answers *answers, const struct an_answer *row)
{
	for (size_t c = 0; c < answers->columns; c++)
		if (hinges_at(row, c))
			return true;
	return false;
}

/* What else differs than the kernel between the costs of a row, in brackets; counts say it themselves. */
static void residue(FILE *out, const struct an_answers *answers, const struct an_answer *row)
{
	char *text;

	if (row->asked->what > AN_ASKED_CALL || row->asked->what == AN_ASKED_OWN)
		return;
	text = an_residue(row->points, answers->columns, true);
	if (*text) {
		fputs(" (", out);
		an_md(out, text);
		putc(')', out);
	}
	free(text);
}

/*
 * "+17 %" against the kernel before that has it: bold beyond the doubt, marked and slanted within; neither where
 * nobody can tell it from a change of the copy.
 */
static void change(FILE *out, const struct an_answer *row, size_t column)
{
	double shift = an_answer_shift(row, column);
	size_t before = an_answer_before(row, column);
	bool sure, hidden;

	if (before == column)
		return;
	if (row->asked->what >= AN_ASKED_FLUSHES) {
		double more = row->values[column] - row->values[before];

		if (fabs(more) < 1)
			return;
		fprintf(out, " (%s%s)", more < 0 ? "−" : "+", an_number(fabs(more)));
		return;
	}
	if (isnan(shift))
		return;
	sure = an_answer_size(row, column) > 0;
	hidden = hinges_at(row, column) || hinges_at(row, before);
	fprintf(out,
		!sure	 ? " *≈ %s%s*"
		: hidden ? " %s%s"
			 : " **%s%s**",
		shift < 0 ? "−" : "+", an_percent(fabs(expm1(shift))));
}

static void one_row(FILE *out, const struct an_answers *answers, const struct an_answer *row)
{
	char *unit = an_answer_unit(answers, row);

	fputs("| ", out);
	an_md(out, row->words);
	residue(out, answers, row);
	fputs(hinges(answers, row) ? " † | " : " | ", out);
	an_md(out, unit);
	fputs(" |", out);
	for (size_t c = 0; c < answers->columns; c++) {
		fprintf(out, " %s", an_known(row->values[c]));
		if (!isnan(row->values[c]))
			change(out, row, c);
		fputs(" |", out);
	}
	putc('\n', out);
	free(unit);
}

/* What the marks mean, in the words of what was measured. */
static void legend(FILE *out, const struct an_answers *answers)
{
	double margin = answers->runs[0]->insns ? AN_MARGIN_INSNS : AN_MARGIN_TIME;
	size_t floors = 0;
	bool any = false, own = false;

	for (size_t c = 0; c < answers->columns; c++)
		floors += an_has_floor(answers->runs[c]);
	for (size_t r = 0; r < answers->count; r++) {
		any |= hinges(answers, &answers->rows[r]);
		own |= answers->rows[r].asked->what == AN_ASKED_OWN;
	}
	fputs("\nA dash: it was not measured there, or the kernel has no such thing.", out);
	if (answers->columns > 1)
		fprintf(out,
			" Behind a cost stands the change against the kernel before that has it: "
			"**bold** where it is more than the noise floor, what the boots of a "
			"kernel differ by, and %s; *≈* marks a change that is not, and counts as "
			"none. Counts have no floor; their difference stands in brackets.",
			an_percent(margin));
	if (!floors)
		fprintf(out, " No noise floor was measured (`--calibrate`)%s",
			answers->columns > 1 ? ": only the other two are applied." : ".");
	else if (floors < answers->columns)
		fprintf(out, " A noise floor was measured on %zu of the %zu kernels.", floors,
			answers->columns);
	if (floors && answers->runs[0]->insns)
		fputs(" A floor is that of one build of migbench and one suite: another build, or "
		      "other points around one, moves it, too (docs/instruction-clock.md).",
		      out);
	if (any)
		fprintf(out,
			" † The kernel's own copy of the pages is in it, and how it copies depends "
			"on the emulated CPU%s.",
			answers->columns > 1 ? ": no change is bold there" : "");
	if (own)
		fputs(" The module's own part is what each driver does in its own way: making a page "
		      "of the device ready, with functions of the kernel that are there for it, what no "
		      "phase holds, and the copy beyond the one instruction a word that a bare copy "
		      "takes.",
		      out);
	putc('\n', out);
}

void an_report_cost(FILE *out, const struct an_report *report, bool insns)
{
	struct an_answers answers;

	if (!an_answers_of(report->runs, report->run_count, insns, &answers)) {
		an_answers_free(&answers);
		return;
	}
	fprintf(out, "\n## What it costs, in %s\n\n| | in |", an_unit(answers.runs[0]));
	for (size_t c = 0; c < answers.columns; c++) {
		putc(' ', out);
		an_md(out, answers.runs[c]->kernel);
		fputs(" |", out);
	}
	fputs("\n|---|---|", out);
	for (size_t c = 0; c < answers.columns; c++)
		fputs("--:|", out);
	putc('\n', out);
	for (size_t r = 0; r < answers.count; r++)
		one_row(out, &answers, &answers.rows[r]);
	legend(out, &answers);
	an_answers_free(&answers);
}
