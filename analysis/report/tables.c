// SPDX-License-Identifier: GPL-2.0-or-later
/* The tables of phases and of all points. */
#include <math.h>
#include <stdlib.h>

#include "analysis/base/text.h"
#include "analysis/report/report.h"
#include "analysis/run/describe.h"
#include "analysis/select/groups.h"
#include "core/record/record.h"

static void cell(FILE *out, double value)
{
	fprintf(out, " %s |", an_known(value));
}

static void phase_rows(FILE *out, const struct an_family *family, enum an_direction direction)
{
	const struct an_series *series = &family->series[direction];

	for (size_t i = 0; i < series->count; i++) {
		const struct an_point *point = series->points[i];

		if (isnan(an_rest(point)))
			continue;
		fprintf(out, "| %s | %s |", an_series_names[direction],
			an_count((double)an_batch(point)));
		for (int p = 0; p < MB_PHASES; p++)
			cell(out, an_per_page(point, mb_phase_names[p]));
		cell(out, an_rest(point) / an_moved(point));
		cell(out, an_per_page(point, "total"));
		putc('\n', out);
	}
}

void an_report_phases(FILE *out, const struct an_run *run)
{
	size_t count;
	struct an_family *families = an_families(run, &count);

	for (size_t f = 0; f < count; f++) {
		bool any = false;

		for (int d = 0; d < AN_COPY; d++)
			for (size_t i = 0; i < families[f].series[d].count; i++)
				any |= !isnan(an_rest(families[f].series[d].points[i]));
		if (!any)
			continue;
		fprintf(out, "\nPhases per page, in %s, medians (", an_unit(run));
		an_md(out, families[f].title);
		fputs("). The rest is the total without its phases.\n\n"
		      "| direction | batch | setup | alloc | copy | pages | finalize | rest | total |\n"
		      "|---|--:|--:|--:|--:|--:|--:|--:|--:|\n",
		      out);
		for (int d = 0; d < AN_COPY; d++)
			phase_rows(out, &families[f], (enum an_direction)d);
	}
	an_families_free(families, count);
}

static void range_cell(FILE *out, double low, double high)
{
	if (low == high)
		fputs(" exact |", out);
	else
		fprintf(out, " %s … %s |", an_number(low), an_number(high));
}

static void point_row(FILE *out, const struct an_row *row)
{
	const struct an_point *point = row->point;
	const struct an_summary *s = an_summary(point, "total");

	putc('|', out);
	for (size_t k = 0; k < row->key_count; k++) {
		char *words = an_param_words(point, row->keys[k]);

		putc(' ', out);
		an_md(out, words);
		fputs(" |", out);
		free(words);
	}
	if (!s) {
		fprintf(out, " – | – | – | – | – | 0 | 0 | %s |%s\n", an_count(point->invalid),
			point->skip_count ? " skipped, see above |" : " no valid sample |");
		return;
	}
	cell(out, s->median);
	cell(out, s->median / an_moved(point));
	range_cell(out, s->low, s->high);
	if (s->boots > 1)
		range_cell(out, s->boot_low, s->boot_high);
	else
		fputs(" – |", out);
	cell(out, s->p99);
	fprintf(out, " %zu | %s | %s | %s |\n", s->boots, an_count((double)s->samples),
		an_count(point->invalid), s->covered ? "" : "few samples: interval is the range");
}

static void one_benchmark(FILE *out, const struct an_group *group)
{
	char *shared = an_group_words(group);

	fputs("\n**", out);
	an_md(out, group->benchmark);
	fputs(*shared ? "**, with " : "**", out);
	an_md(out, shared);
	free(shared);
	fputs("\n\n|", out);
	for (size_t k = 0; k < group->key_count; k++) {
		putc(' ', out);
		an_md(out, group->keys[k]);
		fputs(" |", out);
	}
	fputs(" median | per page | 95 % interval | boots' medians | p99 | boots | samples | "
	      "invalid | note |\n|",
	      out);
	for (size_t k = 0; k < group->key_count; k++)
		fputs(an_group_number(group, group->keys[k]) ? "--:|" : "---|", out);
	fputs("--:|--:|--:|--:|--:|--:|--:|--:|---|\n", out);
	for (size_t i = 0; i < group->count; i++)
		point_row(out, &group->rows[i]);
}

void an_report_points(FILE *out, const struct an_run *run)
{
	const struct an_point **points = an_all_points(run);
	size_t count;
	struct an_group *groups = an_groups(points, run->point_count, &count);

	fprintf(out,
		"\nTotals in %s: the median over the boots of each boot's median, for the whole "
		"batch and per page; its 95 %% interval, the widest over the boots; the lowest and "
		"the highest boot's median; the 99th percentile. “exact” means that both ends "
		"are the same number.\n",
		an_unit(run));
	for (size_t g = 0; g < count; g++)
		one_benchmark(out, &groups[g]);
	an_groups_free(groups, count);
	free(points);
}
