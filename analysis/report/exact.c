// SPDX-License-Identifier: GPL-2.0-or-later
/* How exact the figures of all runs are, in a few lines. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/base/text.h"
#include "analysis/report/report.h"
#include "analysis/run/describe.h"

static void counted(FILE *out, const struct an_report *report)
{
	size_t runs = 0, points = 0, identical = 0, single = 0;
	const char *different = NULL;

	for (size_t i = 0; i < report->run_count; i++) {
		struct an_identity id;

		if (!report->runs[i]->insns)
			continue;
		id = an_identity(report->runs[i]);
		runs++;
		single += !id.points;
		points += id.points;
		identical += id.identical;
		if (id.different && !different)
			different = id.different->name;
	}
	if (points && identical == points) {
		fprintf(out, "- Deterministic: at all %zu points ", points);
		if (runs - single > 1)
			fprintf(out, "of the %zu runs ", runs - single);
		fputs("every value of every metric is the same in each boot.\n", out);
	} else if (points) {
		fprintf(out,
			"- **The boots are not bit-identical**: they agree at %zu of %zu points, "
			"and not at ",
			identical, points);
		an_md_code(out, different);
		fputs(points - identical > 1 ? " and others.\n" : ".\n", out);
	}
	if (single)
		fprintf(out,
			"- One boot only in %zu run%s: whether another would give the same figures "
			"was not tried.\n",
			single, single == 1 ? "" : "s");
}

static void timed(FILE *out, const struct an_report *report)
{
	const struct an_point *worst_point = NULL;
	double worst = 0, middle = 0;
	size_t single = 0;

	for (size_t i = 0; i < report->run_count; i++) {
		const struct an_run *run = report->runs[i];
		const struct an_point *point;
		double most, median;

		if (run->insns || an_shape_only(run))
			continue;
		median = an_boot_spread(run, &most, &point);
		single += isnan(median);
		if (isnan(median))
			continue;
		middle = fmax(middle, median);
		if (!worst_point || most > worst) {
			worst = most;
			worst_point = point;
		}
	}
	if (worst_point) {
		fprintf(out,
			"- Time: the boots of a kernel lie %s apart at the median point and %s at "
			"the worst, ",
			an_percent(middle), an_percent(worst));
		an_md_code(out, worst_point->name);
		fputs(".\n", out);
	}
	if (single)
		fputs("- One boot only under the clock time: how far another would be from it is "
		      "not known, and so nothing can be said about another kernel.\n",
		      out);
}

/* Of each clock by itself. */
static void floors(FILE *out, const struct an_report *report, bool insns)
{
	struct an_floors all = { 0 };

	for (size_t i = 0; i < report->run_count; i++)
		if (report->runs[i]->insns == insns)
			an_floors_add(&all, report->runs[i]);
	if (!all.worst)
		return;
	fprintf(out, "- Noise floor%s, a kernel compared with itself under other seeds: ",
		insns ? "" : " of the time");
	an_floors_end(&all, "", out);
}

/* Only where there is something to say: that nothing contradicts is what everybody expects. */
static void witnesses(FILE *out, const struct an_report *report)
{
	for (size_t i = 0; i < report->run_count; i++) {
		size_t points = an_contradicted(report->runs[i]);
		char *words;

		if (!points)
			continue;
		words = an_run_words(report->runs[i]);
		fputs("- **", out);
		an_md(out, words);
		fprintf(out,
			": at %zu points `/proc/vmstat` contradicts what was to be measured.** The "
			"run's own page says how.\n",
			points);
		free(words);
	}
}

static const char *program_of(const struct an_run *run)
{
	return json_string_value(json_object_get(run->env, "program_sha256"));
}

/* Whether both say by what they were made, for one architecture, and it was not the same. */
static bool made_apart(const struct an_run *a, const struct an_run *b)
{
	return a->x86 == b->x86 && program_of(a) && program_of(b) &&
	       strcmp(program_of(a), program_of(b)) != 0;
}

/* Whether the runs are of one build of this program: another moves points without any change of the kernel. */
static void builds(FILE *out, const struct an_report *report)
{
	size_t silent = 0;
	bool several = false;

	for (size_t i = 0; i < report->run_count; i++) {
		silent += !program_of(report->runs[i]);
		for (size_t before = 0; before < i && !several; before++)
			several = made_apart(report->runs[before], report->runs[i]);
	}
	if (report->run_count < 2 || (!several && !silent))
		return;
	if (several)
		fputs("- **These runs are of more than one build of migbench.**", out);
	else if (silent == report->run_count)
		fputs("- Which build of migbench made each of the runs is not recorded.", out);
	else
		fprintf(out,
			"- Which build of migbench made them is not recorded in %zu of %zu runs.",
			silent, report->run_count);
	fputs(" Another build moves points, too (docs/instruction-clock.md), and no floor has that.\n",
	      out);
}

void an_report_exact(FILE *out, const struct an_report *report)
{
	builds(out, report);
	counted(out, report);
	timed(out, report);
	floors(out, report, true);
	floors(out, report, false);
	witnesses(out, report);
}
