// SPDX-License-Identifier: GPL-2.0-or-later
/* What stands beside our figures: the kernel's own test driver, and figures of others. */
#include <ctype.h>
#include <fnmatch.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/base/text.h"
#include "analysis/report/asked.h"
#include "analysis/report/report.h"
#include "analysis/run/describe.h"
#include "core/datadir.h"
#include "core/record/read.h"

#define PUBLISHED "analysis/published.json"

/*
 * A point of @run by its benchmark, some of its parameters ("key", "value", …, NULL), and its batch
 * unless that is 0. Of several the one with the fewest, which is the plain one.
 */
static const struct an_point *find(const struct an_run *run, const char *benchmark,
				   const char *const *params, unsigned long batch)
{
	const struct an_point *found = NULL;

	for (size_t i = 0; i < run->point_count; i++) {
		const struct an_point *point = &run->points[i];
		bool match = !strcmp(point->benchmark, benchmark) && an_summary(point, "total") &&
			     (!batch || an_param_number(point, "batch") == batch);

		/* What a point has not said, as older ones have not, is the usual. */
		for (size_t k = 0; params[k] && match; k += 2)
			match = !an_param_value(point, params[k]) ||
				!strcmp(an_param(point, params[k]), params[k + 1]);
		if (match &&
		    (!found || json_object_size(point->params) < json_object_size(found->params)))
			found = point;
	}
	return found;
}

static void cell(FILE *out, const struct an_point *point)
{
	fprintf(out, " %s |", point ? an_number(an_per_page(point, "total")) : "not measured");
}

/* A row for each number of pages that the driver was asked for, whatever is measured of the faults. */
static void driver_rows(FILE *out, const struct an_run *run)
{
	static const char *const back[] = { "direction", "fault", NULL };
	char *base = an_size_of(run, "base");
	const char *const ours[] = { "direction", "to-device", "memory",    "private", "page",
				     base,	  "state",     "exclusive", NULL };
	const char *const fault[] = { "access", "read", "memory", "private", "page", base, NULL };

	for (size_t i = 0; i < run->point_count; i++) {
		const struct an_point *there = &run->points[i];
		unsigned long batch = an_param_number(there, "batch");

		if (strcmp(there->benchmark, "hmm") || !an_summary(there, "total") ||
		    strcmp(an_param(there, "direction"), "to-device"))
			continue;
		fputs("| ", out);
		an_md(out, run->kernel);
		fprintf(out, " | %s | %s |", an_unit(run), an_count((double)batch));
		cell(out, there);
		cell(out, find(run, "migrate", ours, batch));
		cell(out, find(run, "hmm", back, batch));
		cell(out, find(run, "fault", fault, 0));
		putc('\n', out);
	}
	free(base);
}

static bool has_driver(const struct an_run *run)
{
	static const char *const any[] = { "direction", "to-device", NULL };

	return !an_shape_only(run) && find(run, "hmm", any, 0);
}

/* Both were measured in the same boots: kernel, clock and unit are the same in a row. */
static void driver(FILE *out, const struct an_report *report)
{
	bool begun = false;

	for (size_t i = 0; i < report->run_count; i++) {
		if (!has_driver(report->runs[i]))
			continue;
		if (!begun)
			fputs("\n## Beside lib/test_hmm\n\n"
			      "The kernel's own test driver, measured in the same boots as "
			      "migbench in its row: what a page costs, and what a fault costs. It "
			      "does more than migrate: it keeps a tree of the pages, takes them "
			      "in pieces, and reads them all back. The ratio is not a speed-up.\n\n"
			      "| kernel | in | batch | to the device, test_hmm | to the device, "
			      "migbench | a fault back, test_hmm | a fault back, migbench |\n"
			      "|---|---|--:|--:|--:|--:|--:|\n",
			      out);
		begun = true;
		driver_rows(out, report->runs[i]);
	}
}

/* Is @kernel, "6.1.192-lab", of the series "6.1"? Any is of none. */
static bool of_series(const char *kernel, const char *series)
{
	size_t length = strlen(series);

	return !strncmp(kernel, series, length) &&
	       (!length || !isdigit((unsigned char)kernel[length]));
}

/* Has a run before @i, of the same kernel and clock, the point @name? */
static bool is_said(const struct an_report *report, size_t i, const char *name)
{
	for (size_t before = 0; before < i; before++)
		if (!strcmp(report->runs[before]->kernel, report->runs[i]->kernel) &&
		    report->runs[before]->insns == report->runs[i]->insns &&
		    !an_shape_only(report->runs[before]) &&
		    an_run_point(report->runs[before], name))
			return true;
	return false;
}

/*
 * Ours to stand beside it: of the clock and the kernels that the row names, or of all where it
 * names none, and then each with its kernel, once. Whole: of the batch, or of one fault.
 */
static void ours_cell(FILE *out, const struct an_report *report, const json_t *row)
{
	const char *clock = mb_record_text(row, "clock"), *comma = " ";

	for (size_t i = 0; i < report->run_count; i++) {
		const struct an_run *run = report->runs[i];

		if (an_shape_only(run) || !of_series(run->kernel, mb_record_text(row, "kernel")) ||
		    (*clock && strcmp(clock, an_run_clock(run))))
			continue;
		for (size_t p = 0; p < run->point_count; p++) {
			const struct an_point *point = &run->points[p];
			const struct an_summary *total = an_summary(point, "total");
			double moved = an_moved(point);

			if (!total || fnmatch(mb_record_text(row, "ours"), point->name, 0) ||
			    is_said(report, i, point->name))
				continue;
			fprintf(out, "%s%s %s on ", comma, an_number(total->median), an_unit(run));
			an_md(out, run->kernel);
			fprintf(out, " for %s page%s", an_number(moved), moved == 1 ? "" : "s");
			comma = "; ";
			break;
		}
	}
	fputs(strcmp(comma, " ") ? " |" : " not measured |", out);
}

static void published_row(FILE *out, const struct an_report *report, const json_t *row)
{
	fputs("| ", out);
	an_md(out, mb_record_text(row, "what"));
	fputs(" | ", out);
	an_md(out, mb_record_text(row, "figure"));
	fputs(" | ", out);
	an_md(out, mb_record_text(row, "source"));
	fputs("; ", out);
	an_md(out, mb_record_text(row, "hardware"));
	fputs(" |", out);
	ours_cell(out, report, row);
	putc(' ', out);
	an_md(out, mb_record_text(row, "comparable"));
	fputs(" |\n", out);
}

void an_report_published(FILE *out, const struct an_report *report)
{
	char *path = mb_data_path(PUBLISHED);
	json_error_t error;
	json_t *rows = json_load_file(path, 0, &error), *row;
	size_t i;

	driver(out, report);
	fputs("\n## Figures that others published\n\n", out);
	if (json_array_size(rows))
		fputs("They stand here for scale. The ratio of two rows or columns is not a "
		      "speed-up: drivers, hardware and units differ.\n\n"
		      "| what | theirs | where and on what | ours, nearest | can they be compared? |\n"
		      "|---|---|---|---|---|\n",
		      out);
	else
		fprintf(out, "They are not here: %s.\n", rows ? PUBLISHED " has none" : error.text);
	json_array_foreach(rows, i, row)
		published_row(out, report, row);
	json_decref(rows);
	free(path);
}
