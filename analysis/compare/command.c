// SPDX-License-Identifier: GPL-2.0-or-later
/* migbench compare: the command line. */
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <gsl/gsl_errno.h>

#include "analysis/base/text.h"
#include "analysis/commands.h"
#include "analysis/compare/compare.h"
#include "analysis/compare/meaning.h"
#include "analysis/plot/plot.h"
#include "analysis/run/operands.h"
#include "analysis/stats/doubt.h"
#include "core/options.h"
#include "core/status.h"

#define MAX_RUNS 26 /* A to Z */

struct request {
	struct mb_strings fail_on, command;
	struct an_sources sources;
	const char *metric, *margin, *format, *plot, *ecdf, *draw, *sort, *only, *meaning;
	bool force, trend, check;
};

static const struct {
	const char *name;
	void (*print)(const struct an_comparisons *all);
} formats[] = {
	{ "text", an_compare_text }, { "json", an_compare_json }, { "csv", an_compare_csv },
	{ "md", an_compare_md },     { "lkml", an_compare_lkml },
};

static int find_format(const char *name)
{
	for (size_t i = 0; i < sizeof(formats) / sizeof(formats[0]); i++)
		if (!strcmp(formats[i].name, name))
			return (int)i;
	mb_fail(MB_REQUEST, "compare: --format is text, json, csv, md or lkml, not '%s'", name);
	return -1;
}

/* "2", "2%" or "0.5 %" as a fraction. */
static int read_margin(const char *text, double *margin)
{
	char *end;
	double percent;

	errno = 0;
	percent = strtod(text, &end);
	if (end == text || errno || !isfinite(percent) || percent < 0 || percent > 100)
		goto wrong;
	end += strspn(end, " ");
	if (*end == '%')
		end++;
	if (*end)
		goto wrong;
	*margin = percent / 100;
	return MB_OK;
wrong:
	return mb_fail(MB_REQUEST, "compare: --margin is a percentage from 0 to 100, not '%s'",
		       text);
}

/* "total" or "total:p99"; takes @text apart. */
static int read_metric(char *text, struct an_question *question)
{
	char *colon = strchr(text, ':'), *end;
	double percent;

	question->metric = text;
	question->quantile = 0.5;
	if (colon) {
		*colon = '\0';
		if (!strcmp(colon + 1, "median"))
			return MB_OK;
		errno = 0;
		percent = colon[1] == 'p' ? strtod(colon + 2, &end) : NAN;
		if (!(percent > 0 && percent < 100) || *end)
			return mb_fail(MB_REQUEST,
				       "compare: --metric takes NAME, NAME:median or NAME:p99, not "
				       "'%s:%s'",
				       text, colon + 1);
		question->quantile = percent / 100;
	}
	if (!*text)
		return mb_fail(MB_REQUEST, "compare: --metric needs the name of a metric");
	return MB_OK;
}

/* What makes the answer bad news: verdicts, and figures of A that nothing stands against. */
struct bad_news {
	bool verdicts[AN_VERDICTS], missing;
};

/* From "slower" or "slower,missing"; adds to *@bad. */
static int read_fail_on(const char *text, struct bad_news *bad)
{
	char *copy = mb_strdup(text), *rest = copy, *word;
	int status = MB_OK;

	while (!status && (word = strsep(&rest, ","))) {
		int v = 0;

		while (v < AN_VERDICTS && strcmp(word, an_verdict_names[v]))
			v++;
		if (v < AN_VERDICTS)
			bad->verdicts[v] = true;
		else if (!strcmp(word, "missing"))
			bad->missing = true;
		else
			status = mb_fail(MB_REQUEST,
					 "compare: --fail-on takes slower, faster, equivalent, "
					 "inconclusive or missing, not '%s'",
					 word);
	}
	free(copy);
	return status;
}

static bool is_bad(const struct an_comparison *c, const struct bad_news *bad)
{
	for (int v = 0; v < AN_VERDICTS; v++)
		if (bad->verdicts[v] && c->verdicts[v])
			return true;
	for (size_t i = 0; i < c->lonely_count; i++)
		if (bad->missing && c->lonely[i].in_a)
			return true;
	return false;
}

static int compare_all(struct an_comparisons *all, const struct an_question *question)
{
	all->at = mb_alloc(all->count, sizeof(*all->at));
	for (size_t i = 0; i < all->count; i++) {
		int status = an_compare(all->runs[0], all->runs[i + 1], question, &all->at[i]);

		if (status)
			return status;
	}
	return MB_OK;
}

static int answer(struct an_comparisons *all, struct an_question *question, int format,
		  const struct bad_news *bad, const struct request *request)
{
	int status = an_operands_check(all->runs, all->count + 1, request->force);

	if (isnan(question->margin))
		question->margin = all->runs[0]->insns ? AN_MARGIN_INSNS : AN_MARGIN_TIME;
	if (!status)
		status = compare_all(all, question);
	if (request->meaning)
		all->meaning = mb_strdup(request->meaning);
	else if (!status && all->count == 1)
		status = an_meaning_words(&all->at[0], &request->sources, &all->meaning);
	if (status)
		return status;
	if (request->plot && all->count == 1)
		status = an_compare_plot(&all->at[0], request->plot);
	else if (request->plot)
		status = an_compare_trend_plot(all, request->draw, request->plot);
	if (!status && request->ecdf)
		status = an_compare_ecdf(all, request->draw, request->ecdf);
	/* A picture that can't be drawn is found before anything is said. */
	if (!status)
		formats[format].print(all);
	for (size_t i = 0; i < all->count; i++)
		if (!status && is_bad(&all->at[i], bad))
			status = MB_BAD;
	return status;
}

static int check_picture(const char *option, const char *path)
{
	if (path && !an_plot_file_name(path))
		return mb_fail(MB_REQUEST, "compare: --%s takes FILE.svg or FILE.png, not '%s'",
			       option, path);
	return MB_OK;
}

static int by_start(const void *x, const void *y)
{
	const struct an_run *const *a = x, *const *b = y;

	return strcmp((*a)->started, (*b)->started);
}

/* The oldest run becomes A. The texts are in UTC and order as they stand. */
static int sort_runs(struct an_run **runs, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (!*runs[i]->started)
			return mb_fail(
				MB_REQUEST,
				"%s: the run record has no \"started\", which --sort date needs",
				runs[i]->files[0]);
	qsort(runs, count, sizeof(*runs), by_start);
	return MB_OK;
}

/* As JSON has it. */
static bool is_text(const char *bytes)
{
	json_t *text = json_string(bytes);

	json_decref(text);
	return text;
}

static int compare_files(char *const *lists, size_t count, const struct request *request)
{
	struct an_comparisons all = { .runs = mb_alloc(count, sizeof(*all.runs)),
				      .count = count - 1,
				      .trend = request->trend,
				      .command = request->command };
	struct an_question question = { .margin = NAN, .only = request->only };
	char *metric = mb_strdup(request->metric);
	int format = find_format(request->format), status = MB_OK;
	struct bad_news bad = { 0 };

	if (format < 0)
		status = MB_REQUEST;
	else if (formats[format].print == an_compare_lkml && (count > 2 || request->trend))
		status = mb_fail(MB_REQUEST, "compare: --format lkml has one table, of two runs");
	else if (request->command.count && formats[format].print != an_compare_lkml)
		status = mb_fail(MB_REQUEST, "compare: --command is for --format lkml");
	else if (request->sources.profiles.count && count > 2)
		status = mb_fail(MB_REQUEST, "compare: --profile is for two runs");
	else if (request->sources.git && !request->sources.profiles.count)
		status = mb_fail(MB_REQUEST,
				 "compare: --git needs --profile: it looks for functions");
	else if (request->sources.range && !request->sources.git)
		status = mb_fail(MB_REQUEST, "compare: --range is for --git");
	if (!status && request->meaning && !is_text(request->meaning))
		status = mb_fail(MB_REQUEST, "compare: --meaning is no UTF-8 text");
	status = status ?: check_picture("plot", request->plot);
	status = status ?: check_picture("ecdf", request->ecdf);
	if (!status && request->sort && strcmp(request->sort, "date"))
		status = mb_fail(MB_REQUEST, "compare: --sort takes date, not '%s'", request->sort);
	if (!status && request->draw && !request->ecdf && !(request->plot && count > 2))
		status = mb_fail(
			MB_REQUEST,
			"compare: --draw is for --ecdf, and for --plot of more than two runs");
	status = status ?: read_metric(metric, &question);
	if (!status && request->margin)
		status = read_margin(request->margin, &question.margin);
	for (size_t i = 0; i < request->fail_on.count && !status; i++)
		status = read_fail_on(request->fail_on.at[i], &bad);
	/* --check ends here, without a look at the runs. */
	if (request->check)
		count = 0;
	for (size_t i = 0; i < count && !status; i++)
		status = an_operand_read(lists[i], &all.runs[i]);
	if (!status && request->sort && count)
		status = sort_runs(all.runs, count);
	if (!status && count)
		status = answer(&all, &question, format, &bad, request);
	for (size_t i = 0; i < all.count && all.at; i++)
		an_compare_free(&all.at[i]);
	for (size_t i = 0; i < count; i++)
		an_run_free(all.runs[i]);
	free(all.meaning);
	free(all.at);
	free(all.runs);
	free(metric);
	return status;
}

int analysis_compare(int argc, char **argv)
{
	struct request request = { .metric = "total", .format = "text" };
	const struct mb_option options[] = {
		MB_HEADING("What is compared"),
		{ "metric", "M",
		  "what is compared: total, setup, …, or a percentile such as total:p99",
		  MB_OPT_STRING, &request.metric, 0, 0 },
		{ "only", "PATTERN", "only the points whose name matches, e.g. 'migrate/*'",
		  MB_OPT_STRING, &request.only, 0, 0 },
		{ "margin", "PCT",
		  "a change within PCT percent either way counts as none (default: 2 "
		  "with the clock time, 0.1 with insns)",
		  MB_OPT_STRING, &request.margin, 0, 0 },
		{ "sort", "date", "take the runs in the order of their start; the oldest is A",
		  MB_OPT_STRING, &request.sort, 0, 0 },
		{ "force", NULL,
		  "use a run whose file says that it is invalid, or runs of which one has fenced stamps (fenced=1)",
		  MB_OPT_FLAG, &request.force, 0, 0 },
		MB_HEADING("What a change means"),
		{ "profile", "FILE",
		  "name the functions that a change is in: the file is what lab profile "
		  "--format json wrote of both kernels; can be repeated",
		  MB_OPT_STRINGS, &request.sources.profiles, 0, 0 },
		{ "git", "TREE",
		  "name the commits between the two kernels that touch these functions",
		  MB_OPT_STRING, &request.sources.git, 0, 0 },
		{ "range", "A..B",
		  "the commits to look at (default: those between the tags of the "
		  "kernels' versions)",
		  MB_OPT_STRING, &request.sources.range, 0, 0 },
		{ "meaning", "TEXT", "begin with this paragraph instead of one made here",
		  MB_OPT_STRING, &request.meaning, 0, 0 },
		MB_HEADING("Output"),
		{ "format", "text|json|csv|md|lkml", "how to print it; lkml is text for a mail",
		  MB_OPT_STRING, &request.format, 0, 0 },
		{ "command", "WORD",
		  "with lkml: a word of the command that reproduces the runs, if that is "
		  "not lab run; can be repeated",
		  MB_OPT_STRINGS, &request.command, 0, 0 },
		{ "trend", NULL, "print a table for each point, with a row for each run",
		  MB_OPT_FLAG, &request.trend, 0, 0 },
		{ "plot", "FILE",
		  "also draw the intervals, or with more than two runs the trend, as "
		  "FILE.svg or FILE.png",
		  MB_OPT_OUTPUT, &request.plot, 0, 0 },
		{ "ecdf", "FILE", "also draw the samples of each point, all runs over each other",
		  MB_OPT_OUTPUT, &request.ecdf, 0, 0 },
		{ "draw", "PATTERN", "in these pictures, only the points whose name matches",
		  MB_OPT_STRING, &request.draw, 0, 0 },
		MB_HEADING("In a CI"),
		{ "fail-on", "VERDICT",
		  "exit with 1 if a point has this verdict (slower, faster, "
		  "equivalent, inconclusive), or is missing; can be repeated",
		  MB_OPT_STRINGS, &request.fail_on, 0, 0 },
		{ "check", NULL, "only check the options, before the runs exist", MB_OPT_FLAG,
		  &request.check, 0, 0 },
		{ 0 },
	};
	const struct mb_usage usage = {
		.command = "compare",
		.operands = "A B [C…]",
		.summary = "Say of each point whether B is faster, slower or equivalent to "
			   "A, or that this cannot be decided. A and B are run files, or "
			   "boots of one run in several files: A1,A2,A3. Further runs are "
			   "compared with A, too, up to 26 in all.",
		.example = "migbench compare a.jsonl b.jsonl --only 'migrate/*'",
		.min_operands = 2,
		.max_operands = MAX_RUNS,
	};
	int first, status = mb_options(&usage, options, argc, argv, &first);

	if (status != MB_PARSED)
		return status;
	/* GSL would end the program over a rounding error. */
	gsl_set_error_handler_off();
	return compare_files(argv + first, (size_t)(argc - first), &request);
}
