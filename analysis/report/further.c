// SPDX-License-Identifier: GPL-2.0-or-later
/* A further suite of several kernels: every point side by side, with its cost and what was counted. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/base/text.h"
#include "analysis/report/behaviours.h"
#include "analysis/report/report.h"
#include "analysis/run/describe.h"
#include "analysis/select/residue.h"

/* What a table has of each point, NAN for nothing. */
typedef double cell_of(const struct an_point *point);

static double moved(const struct an_point *point)
{
	double samples = an_samples(point);

	/* All of them is what the other tables take for granted. */
	if (!point->counted || !(samples > 0) || point->migrated >= point->requested)
		return NAN;
	return point->migrated / point->requested * (double)point->pages;
}

static double flushes(const struct an_point *point)
{
	return an_counter(point, "tlb_flushes");
}

static double rounds(const struct an_point *point)
{
	return an_counter(point, "ipi_rounds");
}

static const char *reason(const struct an_point *point)
{
	return point && point->skip_count ? point->skips[0].why : NULL;
}

/* Is @name no point of the runs before @v? */
static bool is_new(const struct an_versions *versions, size_t v, const char *name)
{
	for (size_t before = 0; before < v; before++)
		if (an_run_point(versions->runs[before], name))
			return false;
	return true;
}

/* Call @each with the name of each point that some kernel has, once. */
static void for_names(const struct an_versions *versions,
		      void (*each)(void *user, const struct an_versions *versions,
				   const char *name),
		      void *user)
{
	for (size_t v = 0; v < versions->count; v++)
		for (size_t i = 0; i < versions->runs[v]->point_count; i++)
			if (is_new(versions, v, versions->runs[v]->points[i].name))
				each(user, versions, versions->runs[v]->points[i].name);
}

struct table {
	FILE *out;
	cell_of *cell;
	const char *words; /* what stands before it, once it has a row */
	bool begun, nonzero; /* nonzero: a row that is zero on all kernels says nothing */
	bool is_cost,
		hinges; /* is_cost: a row says what else differs; hinges: one has †, an_versions_hinge() */
};

/* Behind a cost's name what else differs than the kernel, and the mark. */
static void residue(struct table *table, const struct an_versions *versions, const char *name)
{
	const struct an_point **points = mb_alloc(versions->count, sizeof(*points));
	char *text;
	bool hinges;

	for (size_t v = 0; v < versions->count; v++)
		points[v] = an_run_point(versions->runs[v], name);
	text = an_residue(points, versions->count, true);
	hinges = an_versions_hinge(versions, points);
	if (*text) {
		fputs(" (", table->out);
		an_md(table->out, text);
		putc(')', table->out);
	}
	if (hinges)
		fputs(" †", table->out);
	table->hinges |= hinges;
	free(points);
	free(text);
}

static void row(void *user, const struct an_versions *versions, const char *name)
{
	struct table *table = user;
	bool any = false;

	for (size_t v = 0; v < versions->count && !any; v++) {
		const struct an_point *point = an_run_point(versions->runs[v], name);
		double value = point ? table->cell(point) : NAN;

		any = !isnan(value) && (value > 0 || !table->nonzero);
	}
	if (!any)
		return;
	if (!table->begun) {
		fprintf(table->out, "\n%s\n", table->words);
		an_versions_header(table->out, versions, "point");
	}
	table->begun = true;
	fputs("| ", table->out);
	an_md(table->out, name);
	if (table->is_cost)
		residue(table, versions, name);
	fputs(" |", table->out);
	for (size_t v = 0; v < versions->count; v++) {
		const struct an_point *point = an_run_point(versions->runs[v], name);
		double value = point ? table->cell(point) : NAN;

		fprintf(table->out, " %s |", isnan(value) ? "–" : an_number(value));
	}
	putc('\n', table->out);
}

/* The kernels from @v on that skip the point for the reason @why, if none before does. */
static char *that_skip(const struct an_versions *versions, size_t v, const char *name,
		       const char *why)
{
	char *kernels = mb_strdup("");

	for (size_t i = 0; i < versions->count; i++) {
		const char *other = reason(an_run_point(versions->runs[i], name));

		if (!other || strcmp(other, why))
			continue;
		if (i < v) {
			free(kernels);
			return NULL;
		}
		an_extend(&kernels, "%s%s", *kernels ? ", " : "", versions->runs[i]->kernel);
	}
	return kernels;
}

/* A kernel that has not what a point asks for says why. */
static void skipped(void *user, const struct an_versions *versions, const char *name)
{
	struct table *table = user;

	for (size_t v = 0; v < versions->count; v++) {
		const char *why = reason(an_run_point(versions->runs[v], name));
		char *kernels = why ? that_skip(versions, v, name, why) : NULL;

		if (!kernels)
			continue;
		if (!table->begun)
			fprintf(table->out, "\n%s\n\n", table->words);
		table->begun = true;
		fputs("- ", table->out);
		an_md(table->out, name);
		fputs(" (", table->out);
		an_md(table->out, kernels);
		fputs("): ", table->out);
		an_md(table->out, why);
		putc('\n', table->out);
		free(kernels);
	}
}

void an_report_further(FILE *out, const struct an_versions *versions)
{
	char *words = mb_format("Cost of a page that was to move, whether it did or not, or that a "
				"fault brought along, in %s. A dash: skipped there, or not "
				"measured.",
				an_unit(versions->runs[0]));
	struct table tables[] = {
		{ .out = out, .cell = an_per_page_asked, .words = words, .is_cost = true },
		{ .out = out,
		  .cell = moved,
		  .words = "Where not all pages moved: how many of a batch did." },
		{ .out = out,
		  .cell = flushes,
		  .words = "TLB flushes of a batch; of a round trip those of both ways.",
		  .nonzero = true },
		{ .out = out,
		  .cell = rounds,
		  .words = "Rounds of IPIs to other CPUs, a batch; of a round trip those of both "
			   "ways.",
		  .nonzero = true },
	};
	struct table why = { .out = out, .words = "Not measured, and why:" };

	for (size_t i = 0; i < sizeof(tables) / sizeof(tables[0]); i++) {
		for_names(versions, row, &tables[i]);
		if (tables[i].hinges)
			an_versions_hinge_note(out);
	}
	for_names(versions, skipped, &why);
	free(words);
}
