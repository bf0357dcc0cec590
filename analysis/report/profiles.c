// SPDX-License-Identifier: GPL-2.0-or-later
/* Profiles of two kernels in the report: which functions a difference is in, and what memory they touch. */
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "analysis/base/profile.h"
#include "analysis/base/text.h"
#include "analysis/report/report.h"
#include "core/alternatives.h"
#include "core/status.h"

/* Functions of each profile that are named; the others are summed up. */
#define SHOWN 12

int an_profile_check(const char *path)
{
	struct stat st;
	json_t *all;
	bool good;

	/* Each part of the report that needs it reads it again. */
	if (!stat(path, &st) && !S_ISREG(st.st_mode) && !S_ISDIR(st.st_mode))
		return mb_fail(MB_REQUEST,
			       "report: --profile %s is no regular file, and it is read more than "
			       "once; write it into a file first",
			       path);
	all = an_profile_load("report", path);
	good = json_is_array(json_object_get(all, "functions")) &&
	       json_is_integer(json_object_get(json_object_get(all, "totals"), "b")) &&
	       json_integer_value(json_object_get(all, "pages")) > 0;
	json_decref(all);
	if (!all)
		return MB_REQUEST;
	return good ? MB_OK
		    : mb_fail(MB_REQUEST,
			      "report: --profile %s: not what lab profile --kernel A --kernel B "
			      "--format json writes",
			      path);
}

static const json_t *at(const json_t *object, const char *first, const char *second)
{
	return json_object_get(json_object_get(object, first), second);
}

struct sides {
	const json_t *touch[2]; /* NULL: nothing was touched */
	double pages[2];
};

static double a_page(const struct sides *sides, size_t side, const char *key)
{
	const json_t *value = json_object_get(sides->touch[side], key);

	if (!value)
		value = at(sides->touch[side], "missed", key);
	return json_number_value(value) / sides->pages[side];
}

static void row(FILE *out, const char *before, const char *name, const struct sides *sides)
{
	static const char *const shown[] = { "lines", "written", "l2", "tlb" };

	fprintf(out, "| %s", before);
	an_md(out, name);
	fputs(" |", out);
	for (size_t i = 0; i < sizeof(shown) / sizeof(shown[0]); i++)
		fprintf(out, " %.2f | %.2f |", a_page(sides, 0, shown[i]),
			a_page(sides, 1, shown[i]));
	fputc('\n', out);
}

/* The rows of the objects that both sides have under the same names. */
static void rows(FILE *out, const char *before, const json_t *a, const json_t *b,
		 const double pages[2])
{
	const json_t *sides[] = { a, b };
	const char *name;
	json_t *value;

	for (size_t s = 0; s < 2; s++)
		json_object_foreach((json_t *)sides[s], name, value) {
			const struct sides both = { { json_object_get(a, name),
						      json_object_get(b, name) },
						    { pages[0], pages[1] } };

			/* What the first has, too, is in already. */
			if (!json_is_object(value) || (s && json_is_object(both.touch[0])))
				continue;
			row(out, before, name, &both);
		}
}

static void text(FILE *out, const json_t *value)
{
	an_md(out, json_is_string(value) ? json_string_value(value) : "–");
}

/* What @profile says of memory, where it does: lines and modelled misses a page, by phase and kind. */
static void report_touched(FILE *out, const json_t *profile, double pages_a, double pages_b)
{
	const json_t *memory = json_object_get(profile, "memory");
	const json_t *a = json_object_get(memory, "a"), *b = json_object_get(memory, "b");
	const double pages[] = { pages_a, pages_b };
	const struct sides all = { { json_object_get(a, "all"), json_object_get(b, "all") },
				   { pages_a, pages_b } };

	if (!json_is_object(all.touch[0]) || !json_is_object(all.touch[1]))
		return;
	fputs("\nThe memory that it touches, a page: lines of 64 bytes, each once in its row, how many of "
	      "them are written, and the misses of a model (",
	      out);
	text(out, json_object_get(memory, "model"));
	fputs(") of L2 and of the TLB; before and after each. The count is exact, the misses say "
	      "where to look.\n\n"
	      "| | lines | | written | | L2 | | TLB | |\n|---|--:|--:|--:|--:|--:|--:|--:|--:|\n",
	      out);
	rows(out, "", at(a, "all", "phases"), at(b, "all", "phases"), pages);
	row(out, "", "all phases", &all);
	rows(out, "in ", json_object_get(a, "kinds"), json_object_get(b, "kinds"), pages);
}

static double number(const json_t *object, const char *key)
{
	return json_number_value(json_object_get(object, key));
}

/* The point of a run that a profile's side is of; NULL: none of the report's runs has it. */
static const struct an_point *measured(const struct an_report *report, const json_t *all,
				       size_t side)
{
	const char *kernel =
		json_string_value(json_array_get(json_object_get(all, "kernels"), side));
	const char *name = json_string_value(json_object_get(all, "name"));

	for (size_t i = 0; i < report->run_count && kernel && name; i++) {
		const struct an_run *run = report->runs[i];
		const struct an_point *point = an_run_point(run, name);

		if (run->insns && !strcmp(run->kernel, kernel) && point && an_moved(point) > 0)
			return point;
	}
	return NULL;
}

double an_profile_moved(const struct an_report *report, const json_t *all, size_t side)
{
	const json_t *told = json_object_get(json_object_get(all, "moved"), side ? "b" : "a");
	const struct an_point *point = measured(report, all, side);

	if (json_is_number(told) && json_number_value(told) > 0)
		return json_number_value(told);
	return point ? an_moved(point) : number(all, "pages");
}

/* A profile has one sample of each kernel, which need not be what the samples of a run are in the middle. */
static void beside_runs(FILE *out, const struct an_report *report, const json_t *all)
{
	const struct an_point *a = measured(report, all, 0), *b = measured(report, all, 1);

	if (a && b)
		fprintf(out, "The medians of the runs are %s and %s. ",
			an_number(an_per_page(a, "total")), an_number(an_per_page(b, "total")));
}

/* A function's instructions a page on both sides. */
struct change {
	const json_t *function;
	double a, b;
};

static double size_of(const struct change *change)
{
	return fabs(change->b - change->a);
}

static int larger(const void *x, const void *y)
{
	double a = size_of(x), b = size_of(y);

	return a < b ? 1 : a > b ? -1 : 0;
}

/* The functions that differ, the largest change first; malloc'd. */
static struct change *changes_of(const json_t *all, double a, double b, size_t *count)
{
	const json_t *functions = json_object_get(all, "functions"), *function;
	struct change *changes = mb_alloc(json_array_size(functions) + 1, sizeof(*changes));
	size_t i;

	*count = 0;
	json_array_foreach(functions, i, function) {
		struct change *change = &changes[*count];

		*change = (struct change){ .function = function,
					   .a = number(function, "a") / a,
					   .b = number(function, "b") / b };
		*count += change->a != change->b;
	}
	/* As the profile has them, unless the pages of the two sides differ. */
	if (a != b)
		qsort(changes, *count, sizeof(*changes), larger);
	return changes;
}

static bool hinges(const json_t *function)
{
	const char *name = json_string_value(json_object_get(function, "name"));

	return name && mb_hinges_on_cpu(name);
}

static void function_row(FILE *out, const struct change *change)
{
	const json_t *note = json_object_get(change->function, "note");

	fputs("| ", out);
	text(out, json_object_get(change->function, "name"));
	fputs(hinges(change->function) ? " † | " : " | ", out);
	text(out, json_object_get(change->function, "phase"));
	fprintf(out, " | %s | %s | %+.1f | ", an_number(change->a), an_number(change->b),
		change->b - change->a);
	if (note)
		text(out, note);
	fputs(" |\n", out);
}

/* What the functions that hinge on the CPU have of both sides, and what is left without them. */
static void apart(FILE *out, const json_t *all, double pages_a, double pages_b)
{
	const json_t *functions = json_object_get(all, "functions"), *function;
	const json_t *totals = json_object_get(all, "totals");
	double a = 0, b = 0, left_a, left_b;
	size_t i;

	json_array_foreach(functions, i, function) {
		if (!hinges(function))
			continue;
		a += number(function, "a") / pages_a;
		b += number(function, "b") / pages_b;
	}
	if (a == 0 && b == 0)
		return;
	left_a = number(totals, "a") / pages_a - a;
	left_b = number(totals, "b") / pages_b - b;
	fprintf(out,
		"\n† How this function copies, clears or checksums depends on the CPU, which is "
		"emulated here. All such functions together: %s before and %s after. Without "
		"them: %s to %s instructions a page (%+.1f).\n",
		an_number(a), an_number(b), an_number(left_a), an_number(left_b), left_b - left_a);
}

static void one_profile(FILE *out, const struct an_report *report, const json_t *all)
{
	const json_t *totals = json_object_get(all, "totals");
	const json_t *kernels = json_object_get(all, "kernels");
	double a = an_profile_moved(report, all, 0), b = an_profile_moved(report, all, 1),
	       others = 0;
	size_t count;
	struct change *changes = changes_of(all, a, b, &count);

	fputs("\n**From ", out);
	text(out, json_array_get(kernels, 0));
	fputs(" to ", out);
	text(out, json_array_get(kernels, 1));
	fputs("**, ", out);
	text(out, json_object_get(all, "name"));
	fprintf(out, ": %s to %s instructions a page (%+.1f), by function. ",
		an_number(number(totals, "a") / a), an_number(number(totals, "b") / b),
		number(totals, "b") / b - number(totals, "a") / a);
	if (a != b)
		fprintf(out, "A value moves %s page%s before and %s after. ", an_number(a),
			a == 1 ? "" : "s", an_number(b));
	beside_runs(out, report, all);
	fputs("The rows add up to the change of the profile.\n\n"
	      "| function | phase | before | after | change | |\n|---|---|--:|--:|--:|---|\n",
	      out);
	for (size_t i = 0; i < count; i++) {
		if (i < SHOWN)
			function_row(out, &changes[i]);
		else
			others += changes[i].b - changes[i].a;
	}
	if (count > SHOWN)
		fprintf(out, "| %zu others | | | | %+.1f | |\n", count - SHOWN, others);
	free(changes);
	apart(out, all, a, b);
	report_touched(out, all, a, b);
}

void an_report_profiles(FILE *out, const struct an_report *report)
{
	for (size_t i = 0; i < report->profiles->count; i++) {
		json_t *all = json_load_file(report->profiles->at[i], 0, NULL);

		if (all)
			one_profile(out, report, all);
		json_decref(all);
	}
}
