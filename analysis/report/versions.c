// SPDX-License-Identifier: GPL-2.0-or-later
/* Kernels side by side: what a page costs on each, phase by phase, and what each does. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/base/text.h"
#include "analysis/draw/questions.h"
#include "analysis/report/behaviours.h"
#include "analysis/report/report.h"
#include "analysis/run/describe.h"
#include "analysis/run/environment.h"
#include "analysis/select/groups.h"
#include "analysis/select/residue.h"
#include "analysis/select/versions.h"
#include "core/record/record.h"

bool an_versions_hinge(const struct an_versions *versions, const struct an_point *const *points)
{
	for (size_t v = 0; v < versions->count; v++)
		if (points[v] && an_copy_hidden(versions->runs[v], points[v]))
			return true;
	return false;
}

void an_versions_hinge_note(FILE *out)
{
	fputs("\n† The kernel's own copy of the pages is in it, and depends on what the "
	      "emulated CPU offers: such a row alone does not say that a kernel got more "
	      "expensive or cheaper. `migbench lab profile` shows the copy separately.\n",
	      out);
}

/* The first kernel before column @v with a value that is one of the same thing; @v: there is none. */
static size_t first_like(const struct an_versions *versions, const double *values, size_t v)
{
	size_t first = 0;

	while (first < v &&
	       (isnan(values[first]) || !an_run_alike(versions->runs[first], versions->runs[v])))
		first++;
	return first;
}

/*
 * A row of values, and behind each but the first of its kind that is there its ratio to that if it is a cost;
 * behind the name, with @around before and after it, what else differs than the kernel, of @points where that can be,
 * and †, where @whole: it is all that a point costs.
 */
static void row(FILE *out, const struct an_versions *versions, const char *around, const char *name,
		const double *values, bool cost, bool whole, const struct an_point *const *points)
{
	size_t first = 0;
	char *residue;

	while (first < versions->count && isnan(values[first]))
		first++;
	if (first == versions->count)
		return;
	residue = points ? an_residue(points, versions->count, true) : mb_strdup("");
	fprintf(out, "| %s", around);
	an_md(out, name);
	fputs(around, out);
	if (*residue) {
		fputs(" (", out);
		an_md(out, residue);
		putc(')', out);
	}
	fprintf(out, "%s |", whole && points && an_versions_hinge(versions, points) ? " †" : "");
	free(residue);
	for (size_t v = 0; v < versions->count; v++) {
		size_t like = first_like(versions, values, v);

		if (isnan(values[v]))
			fputs(" – |", out);
		else if (like == v || !cost || values[like] <= 0)
			fprintf(out, " %s |", an_number(values[v]));
		else
			fprintf(out, " %s (×%.3f) |", an_number(values[v]),
				values[v] / values[like]);
	}
	putc('\n', out);
}

static double counted(const struct an_point *point)
{
	return point ? an_counter(point, "tlb_flushes") : NAN;
}

/* A direction's phases, rest and total, a page; the TLB flushes of the whole batch, of a round trip's both. */
static void direction_rows(FILE *out, const struct an_versions *versions,
			   const struct an_point *const *points, enum an_direction direction)
{
	double *values = mb_alloc(versions->count, sizeof(*values));
	char *name;

	for (int p = 0; p <= MB_PHASES + 2; p++) {
		const char *what = p < MB_PHASES	? mb_phase_names[p]
				   : p == MB_PHASES	? "rest"
				   : p == MB_PHASES + 1 ? "total"
				   : direction == AN_ROUND_TRIP
					   ? "TLB flushes of the batch, both ways"
					   : "TLB flushes of the batch";

		for (size_t v = 0; v < versions->count; v++) {
			const struct an_point *point = points[v];

			if (!point)
				values[v] = NAN;
			else if (p == MB_PHASES)
				values[v] = an_rest(point) / an_moved(point);
			else if (p == MB_PHASES + 2)
				values[v] = counted(point);
			else
				values[v] = an_per_page(point, what);
		}
		name = mb_format("%s, %s", an_series_names[direction], what);
		row(out, versions, p == MB_PHASES + 1 ? "**" : "", name, values, p < MB_PHASES + 2,
		    p == MB_PHASES + 1, p < MB_PHASES + 2 ? points : NULL);
		free(name);
	}
	free(values);
}

static void slice_table(FILE *out, const struct an_versions *versions, const struct an_slice *slice)
{
	const struct an_point **points = mb_alloc(versions->count, sizeof(*points));
	char *title = an_slice_title(slice);

	fprintf(out, "\nA page, in %s: ", an_unit(versions->runs[0]));
	an_md(out, title);
	fputs(". The ratio to the first kernel that has the row stands in brackets; a dash means "
	      "that a kernel has no such thing.",
	      out);
	for (size_t v = 1; v < versions->count; v++)
		if (!an_run_alike(versions->runs[0], versions->runs[v])) {
			fputs(" Between architectures, page sizes and CPUs there is no ratio.",
			      out);
			break;
		}
	putc('\n', out);
	an_versions_header(out, versions, "direction, phase");
	for (int d = 0; d < AN_COPY; d++) {
		an_version_points(versions, slice, (enum an_direction)d, points);
		direction_rows(out, versions, points, (enum an_direction)d);
	}
	free(title);
	free(points);
}

/* What has tables of its own, and the cost of measuring itself. */
static bool told_elsewhere(const char *benchmark)
{
	static const char *const names[] = { "migrate", "evict", "copy", "ad", "null" };

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (!strcmp(benchmark, names[i]))
			return true;
	return false;
}

/* A row a point of @benchmark; @begun says whether the table has its head, @marked a row with †. */
static void other_rows(FILE *out, const struct an_versions *versions, const char *benchmark,
		       bool *begun, bool *marked)
{
	const struct an_point **points = mb_alloc(versions->count, sizeof(*points));
	double *values = mb_alloc(versions->count, sizeof(*values));
	const struct an_pivot by = { .benchmark = benchmark, .cols = "kernel" };
	size_t count;
	struct an_slice *slices = an_pivot(&by, versions->runs, versions->count, &count);

	for (size_t s = 0; s < count; s++) {
		if (slices[s].count < 2)
			continue;
		for (size_t v = 0; v < versions->count; v++) {
			points[v] = an_cell_of(&slices[s], NULL, NULL, versions->runs[v]->kernel);
			values[v] = points[v] ? an_per_page(points[v], "total") : NAN;
		}
		if (!*begun) {
			fprintf(out,
				"\nOther points, for each page that moved or was asked for, in %s:\n",
				an_unit(versions->runs[0]));
			an_versions_header(out, versions, "point");
		}
		*begun = true;
		*marked |= an_versions_hinge(versions, points);
		row(out, versions, "", an_first_cell(&slices[s])->point->name, values, true, true,
		    points);
	}
	an_slices_free(slices, count);
	free(points);
	free(values);
}

/* What is no batch: faults, and the other ways to move pages, whole. */
static void others_table(FILE *out, const struct an_versions *versions)
{
	const struct an_point **points = NULL;
	size_t count = 0, capacity = 0, group_count;
	struct an_group *groups;
	bool begun = false, marked = false;

	for (size_t v = 0; v < versions->count; v++)
		for (size_t i = 0; i < versions->runs[v]->point_count; i++) {
			points = mb_grow(points, &capacity, count, sizeof(*points));
			points[count++] = &versions->runs[v]->points[i];
		}
	groups = an_groups(points, count, &group_count);
	for (size_t g = 0; g < group_count; g++)
		if (!told_elsewhere(groups[g].benchmark))
			other_rows(out, versions, groups[g].benchmark, &begun, &marked);
	if (marked)
		an_versions_hinge_note(out);
	an_groups_free(groups, group_count);
	free(points);
}

/*
 * Two ways to see what keeping accessed and dirty bits does: a kernel that never kept them, and the
 * switch on one that does. They must agree.
 */
static void bits_table(FILE *out, const struct an_versions *versions)
{
	double *values = mb_alloc(versions->count, sizeof(*values));
	const struct an_run *first = versions->runs[0];
	bool begun = false;

	for (size_t i = 0; i < first->point_count; i++) {
		const struct an_point *like = &first->points[i];
		char *name;
		size_t with = 0;

		if (strcmp(like->benchmark, "ad") || strcmp(an_param(like, "access"), "read"))
			continue;
		for (size_t v = 0; v < versions->count; v++) {
			const struct an_point *point = an_run_point(versions->runs[v], like->name);

			values[v] = point ? an_counter(point, "young") / an_bits_pages(point) : NAN;
			with += !isnan(values[v]);
		}
		if (!with)
			continue;
		if (!begun) {
			fputs("\nShare of the pages that were young before a journey and are "
			      "still young after it, with the kernel's A/D retention as it is "
			      "(on) and switched off. A kernel that keeps no bits has no switch; "
			      "its *on* corresponds to the others' *off*.\n",
			      out);
			an_versions_header(out, versions, "journey, pages, retention");
		}
		begun = true;
		name = mb_format("%s, %s, %s", an_param(like, "journey"), an_param(like, "page"),
				 an_param(like, "retention"));
		row(out, versions, "", name, values, false, false, NULL);
		free(name);
	}
	free(values);
}

static void environment(FILE *out, const struct an_versions *versions)
{
	json_t *differences =
		an_env_differences((struct an_run *const *)versions->runs, versions->count);
	const char *key, *comma = "";
	json_t *values;

	fputs("\nWhat differs between these runs besides the kernel's code, as far as it is "
	      "recorded: ",
	      out);
	json_object_foreach(differences, key, values) {
		fprintf(out, "%s", comma);
		an_md_code(out, key);
		comma = ", ";
	}
	fputs(*comma ? "; [the values](<environment.md>).\n" : "nothing.\n", out);
	json_decref(differences);
}

void an_report_versions(FILE *out, const struct an_report *report,
			const struct an_versions *versions)
{
	struct an_slice *slices;
	size_t count;

	environment(out, versions);
	if (versions->left_out)
		fprintf(out,
			"\nOnly the first run of each kernel is shown here; %zu further run%s of "
			"the same kernels %s left out. Suites that several kernels share have "
			"pages of their own.\n",
			versions->left_out, versions->left_out == 1 ? "" : "s",
			versions->left_out == 1 ? "is" : "are");
	if (versions->shapes)
		fprintf(out,
			"\n%zu run%s with the host's time in emulation %s left out: such a time shows "
			"shape and function, and no speed to set beside these.\n",
			versions->shapes, versions->shapes == 1 ? "" : "s",
			versions->shapes == 1 ? "is" : "are");
	an_pictures_md(out, AN_PAGE_PLOTS, &report->versions[versions->runs[0]->insns]);
	slices = an_version_slices(versions, &count);
	for (size_t i = 0; i < count; i++)
		slice_table(out, versions, &slices[i]);
	an_slices_free(slices, count);
	others_table(out, versions);
	bits_table(out, versions);
	an_behaviours_table(out, versions);
}
