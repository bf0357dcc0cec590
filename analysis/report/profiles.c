// SPDX-License-Identifier: GPL-2.0-or-later
/* Profiles of two kernels in the report: which functions a difference is in. */
#include <math.h>
#include <string.h>

#include "analysis/base/text.h"
#include "analysis/report/report.h"
#include "core/status.h"

/* Functions of each profile that are named; the others are summed up. */
#define SHOWN 12

int an_profile_check(const char *path)
{
	json_error_t error;
	json_t *all = json_load_file(path, 0, &error);
	bool good = json_is_array(json_object_get(all, "functions")) &&
		    json_is_integer(json_object_get(json_object_get(all, "totals"), "b")) &&
		    json_integer_value(json_object_get(all, "pages")) > 0;

	json_decref(all);
	if (!all)
		return mb_fail(MB_REQUEST, "report: --profile %s: %s", path, error.text);
	return good ? MB_OK
		    : mb_fail(MB_REQUEST,
			      "report: --profile %s: not what lab profile --kernel A --kernel B --format json writes",
			      path);
}

static double number(const json_t *object, const char *key)
{
	return json_number_value(json_object_get(object, key));
}

static void text(FILE *out, const json_t *value)
{
	an_md(out, json_is_string(value) ? json_string_value(value) : "–");
}

static void function_row(FILE *out, const json_t *function, double pages)
{
	fputs("| ", out);
	text(out, json_object_get(function, "name"));
	fputs(" | ", out);
	text(out, json_object_get(function, "phase"));
	fprintf(out, " | %s | %s | %+.1f | ", an_number(number(function, "a") / pages),
		an_number(number(function, "b") / pages), number(function, "diff") / pages);
	if (json_object_get(function, "note"))
		text(out, json_object_get(function, "note"));
	fputs(" |\n", out);
}

static void one_profile(FILE *out, const json_t *all)
{
	const json_t *totals = json_object_get(all, "totals"), *function;
	json_t *functions = json_object_get(all, "functions"), *kernels;
	double pages = number(all, "pages"), others = 0;
	size_t i, changed = 0;

	kernels = json_object_get(all, "kernels");
	fputs("\n**From ", out);
	text(out, json_array_get(kernels, 0));
	fputs(" to ", out);
	text(out, json_array_get(kernels, 1));
	fputs("**, ", out);
	text(out, json_object_get(all, "name"));
	fprintf(out,
		": %s to %s instructions a page (%+.1f), by function. The rows add up to that.\n\n"
		"| function | phase | before | after | change | |\n|---|---|--:|--:|--:|---|\n",
		an_number(number(totals, "a") / pages), an_number(number(totals, "b") / pages),
		(number(totals, "b") - number(totals, "a")) / pages);
	json_array_foreach(functions, i, function) {
		if (number(function, "diff") == 0)
			continue;
		if (i < SHOWN)
			function_row(out, function, pages);
		else
			others += number(function, "diff");
		changed += i >= SHOWN;
	}
	if (changed)
		fprintf(out, "| %zu others | | | | %+.1f | |\n", changed, others / pages);
}

void an_report_profiles(FILE *out, const struct an_report *report)
{
	if (!report->profiles || !report->profiles->count)
		return;
	fputs("\n### Where the differences are\n", out);
	for (size_t i = 0; i < report->profiles->count; i++) {
		json_t *all = json_load_file(report->profiles->at[i], 0, NULL);

		if (all)
			one_profile(out, all);
		json_decref(all);
	}
}
