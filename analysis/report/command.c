// SPDX-License-Identifier: GPL-2.0-or-later
/* migbench report: the command line, and the order in which a report is made. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "analysis/base/table.h"
#include "analysis/base/text.h"
#include "analysis/commands.h"
#include "analysis/plot/staging.h"
#include "analysis/draw/draw.h"
#include "analysis/report/headline.h"
#include "analysis/report/html.h"
#include "analysis/report/pages.h"
#include "analysis/report/report.h"
#include "analysis/report/originals.h"
#include "analysis/run/describe.h"
#include "analysis/run/operands.h"
#include "analysis/run/read.h"
#include "core/base/files.h"
#include "core/options.h"
#include "core/status.h"

#define MAX_RUNS 256
/* Pictures of kernels side by side, of each clock; the tables have all slices. */
#define MAX_SLICES 6

struct request {
	const char *out, *markdown, *format, *publish;
	struct mb_strings profiles;
	bool force, quiet;
	bool html;
};

static char *default_place(bool html)
{
	time_t now = time(NULL);
	char stamp[32];
	struct tm tm;

	localtime_r(&now, &tm);
	strftime(stamp, sizeof(stamp), "%Y%m%d-%H%M%S", &tm);
	return mb_format("results/local/report-%s%s", stamp, html ? ".html" : "");
}

/* The first slices: of all memories, nodes and pages those with the most points. */
static void draw_versions(struct an_report *report, struct an_staging *stage)
{
	for (int insns = 0; insns < 2; insns++) {
		struct an_versions versions;
		struct an_slice *slices;
		size_t count;

		if (!an_versions(report->runs, report->run_count, insns, &versions))
			continue;
		slices = an_version_slices(&versions, &count);
		for (size_t i = 0; i < count && i < MAX_SLICES; i++) {
			const char *clock = an_run_clock(versions.runs[0]);
			char *stem = i ? mb_format("%zu-%s", i + 1, clock) : mb_strdup(clock);

			an_plot_versions(stage, &versions, &slices[i], stem,
					 &report->versions[insns]);
			free(stem);
		}
		if (count > MAX_SLICES)
			an_picture_add(&report->versions[insns], NULL,
				       mb_format("%zu more sets of parameters", count - MAX_SLICES),
				       mb_format("the report draws %d at most; the tables have all",
						 MAX_SLICES));
		an_slices_free(slices, count);
		an_versions_free(&versions);
		an_plot_releases(report, stage, insns, &report->versions[insns]);
	}
}

static void draw(struct an_report *report, struct an_staging *stage)
{
	draw_versions(report, stage);
	report->pictures = mb_alloc(report->run_count, sizeof(*report->pictures));
	for (size_t i = 0; i < report->run_count; i++) {
		char *stem = an_run_stem(report->runs, i);

		an_plot_all(stage, report->runs[i], stem, &report->pictures[i]);
		free(stem);
	}
	if (stage->no_gnuplot)
		mb_note("gnuplot is not installed; the report has no pictures");
	if (stage->missing)
		mb_note("%s is missing; the report lacks the pictures that need it: install "
			"migbench again, or set MIGBENCH_DATA",
			stage->missing);
}

static bool write_page(FILE *out, const struct an_page *page)
{
	if (!out)
		return false;
	fputs(page->text, out);
	return an_staging_written(out);
}

static int write_pages(const struct an_pages *pages, const struct an_staging *stage)
{
	const char *where = stage->markdown;
	bool done = write_page(fopen(stage->draft, "wxe"), &pages->at[0]);

	for (size_t i = 1; i < pages->count && done; i++) {
		done = write_page(an_staging_page(stage, pages->at[i].name), &pages->at[i]);
		where = stage->out;
	}
	return done ? MB_OK
		    : mb_fail(an_staging_status(), "%s: cannot write there: %s", where,
			      strerror(errno));
}

static int write_report(const struct an_report *report, const struct an_staging *stage, bool html)
{
	struct an_pages pages = { 0 };
	int status;

	an_report_pages(report, &pages);
	status = html ? an_report_html(report, &pages, stage) : write_pages(&pages, stage);
	an_pages_free(&pages);
	return status;
}

static void say(const struct an_report *report, const struct an_staging *stage)
{
	fputs("report: ", stdout);
	an_plain(stdout, stage->markdown);
	putchar('\n');
	for (size_t i = 0; i < report->head.count; i++) {
		printf("  %zu. ", i + 1);
		an_plain(stdout, report->head.at[i].text);
		putchar('\n');
	}
}

/* All of it, or nothing: what can fail for want of room is done before anything has its name. */
static int publish(const struct request *request, const struct mb_list *files,
		   struct an_staging *stage)
{
	int status = request->publish ? an_originals_copy(files, stage) : MB_OK;

	if (!status)
		status =
			request->html ? an_staging_publish_alone(stage) : an_staging_publish(stage);
	if (!status && request->publish)
		status = an_originals_publish(files, stage);
	return status;
}

static int make(struct an_report *report, const struct request *request,
		const struct mb_list *files)
{
	struct an_staging stage;
	int signal, status = request->html
				     ? an_report_html_open(&stage, request->out, request->force)
				     : an_staging_open(&stage, request->out, request->markdown,
						       request->force);

	if (status)
		return status;
	report->plots = stage.plots;
	report->pages = stage.pages;
	report->home = stage.home;
	stage.sources = files;
	stage.heading = "# " AN_REPORT_TITLE "\n";
	draw(report, &stage);
	an_head_findings(report, &report->head);
	status = write_report(report, &stage, request->html);
	signal = an_staging_interrupted();
	if (!status && !signal)
		status = publish(request, files, &stage);
	if (!status && !signal && !request->quiet)
		say(report, &stage);
	for (size_t i = 0; i < report->run_count; i++)
		an_pictures_free(&report->pictures[i]);
	free(report->pictures);
	for (int insns = 0; insns < 2; insns++)
		an_pictures_free(&report->versions[insns]);
	an_findings_free(&report->head);
	an_staging_close(&stage);
	/* Everything is put away: now the signal may do what it wanted. */
	if (signal)
		raise(signal);
	return status;
}

/* Where the first page goes, or the one file; malloc'd. */
static char *page_of(const struct request *request)
{
	if (request->html)
		return mb_strdup(request->out);
	return request->markdown ? mb_strdup(request->markdown)
				 : mb_format("%s/REPORT.md", request->out);
}

/* The first page may not be one of the files that the report is made of. */
static int check_apart(const struct request *request, const struct mb_list *files, const char *page)
{
	for (size_t i = 0; i < files->count; i++)
		if (mb_same_file(page, files->at[i]))
			return mb_fail(MB_REQUEST,
				       "report: --%s %s would write over %s, which the report is "
				       "made of; choose another place",
				       request->markdown  ? "markdown"
				       : request->publish ? "publish"
							  : "out",
				       request->markdown ?: request->out, page);
	return MB_OK;
}

int analysis_report(int argc, char **argv)
{
	struct request request = { .format = "md" };
	const struct mb_option options[] = {
		{ "format", "md|html",
		  "write REPORT.md and what it links to, or one file for a browser", MB_OPT_STRING,
		  &request.format, 0, 0 },
		{ "out", "DIR",
		  "the folder for REPORT.md, report/ and plots/; with html the file (default: a new one "
		  "in results/local/)",
		  MB_OPT_STRING, &request.out, 0, 0 },
		{ "markdown", "FILE", "write the first page to this file; its links lead to DIR",
		  MB_OPT_STRING, &request.markdown, 0, 0 },
		{ "publish", "DIR",
		  "write the report to this folder, with its run files and profiles: all that "
		  "others need to check it and to repeat it",
		  MB_OPT_STRING, &request.publish, 0, 0 },
		{ "profile", "FILE",
		  "also show the functions that a difference is in: the file is what lab "
		  "profile --format json wrote of two kernels; can be repeated",
		  MB_OPT_STRINGS, &request.profiles, 0, 0 },
		{ "force", NULL, "replace a report that exists", MB_OPT_FLAG, &request.force, 0,
		  0 },
		{ "quiet", NULL, "do not print the findings", MB_OPT_FLAG, &request.quiet, 0, 0 },
		{ 0 },
	};
	const struct mb_usage usage = {
		.command = "report",
		.operands = "RUN…",
		.summary = "Draw the plots of run files and say what they mean: REPORT.md, which "
			   "is the first page, the pages behind it, and plots.",
		.example = "migbench report run.jsonl --out report",
		.min_operands = 1,
		.max_operands = MAX_RUNS,
	};
	struct an_report report = { 0 };
	struct mb_list files = { 0 };
	char *place = NULL, *page;
	int first, status = mb_options(&usage, options, argc, argv, &first);

	if (status != MB_PARSED)
		return status;
	request.html = !strcmp(request.format, "html");
	if (!request.html && strcmp(request.format, "md"))
		return mb_fail(MB_REQUEST, "report: --format is md or html, not '%s'",
			       request.format);
	if (request.html && request.markdown)
		return mb_fail(MB_REQUEST,
			       "report: --markdown is for --format md; --out names the HTML file");
	if (request.publish && (request.out || request.markdown || request.html))
		return mb_fail(MB_REQUEST,
			       "report: --publish DIR takes the place of --out, and goes "
			       "without --markdown and --format html");
	for (size_t i = 0; i < request.profiles.count; i++)
		if (an_profile_check(request.profiles.at[i]))
			return MB_REQUEST;
	report.profiles = &request.profiles;
	status = an_runs_read(argv + first, (size_t)(argc - first), true, &report.runs,
			      &report.run_count);
	if (!status)
		status = an_operands_check_nodes(report.runs, report.run_count);
	if (status) {
		an_runs_free(report.runs, report.run_count);
		return status;
	}
	an_common_suites_first(report.runs, report.run_count);
	for (size_t i = 0; i < report.run_count; i++)
		an_summarise(report.runs[i]);
	for (int i = first; i < argc; i++)
		mb_list_add(&files, "%s", argv[i]);
	for (size_t i = 0; i < request.profiles.count; i++)
		mb_list_add(&files, "%s", request.profiles.at[i]);
	if (request.publish)
		request.out = request.publish;
	if (!request.out)
		request.out = place = default_place(request.html);
	page = page_of(&request);
	status = check_apart(&request, &files, page);
	if (!status && request.publish)
		status = an_originals_check(&files, request.publish, request.force);
	if (!status)
		status = make(&report, &request, &files);
	mb_list_free(&files);
	an_runs_free(report.runs, report.run_count);
	free(page);
	free(place);
	return status;
}
