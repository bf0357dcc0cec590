// SPDX-License-Identifier: GPL-2.0-or-later
/* Which pages a report has, and what stands on each but the first. */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/base/text.h"
#include "analysis/draw/sentence.h"
#include "analysis/report/pages.h"
#include "analysis/report/report.h"
#include "analysis/run/describe.h"
#include "analysis/select/versions.h"

#define MOST_CHANGES 12 /* that the page of kernels side by side has in sentences */

/* A page that is being written. */
struct draft {
	const struct an_report *report;
	struct an_pages *pages;
	FILE *out;
	size_t size, at;
};

/* Begin the page @name; takes the three texts. */
static void begin(struct draft *draft, char *name, char *title, char *what)
{
	struct an_pages *pages = draft->pages;

	pages->at = mb_grow(pages->at, &pages->capacity, pages->count, sizeof(*pages->at));
	draft->at = pages->count++;
	pages->at[draft->at] = (struct an_page){ .name = name, .title = title, .what = what };
	/* The stream keeps the place of its text: that must not move before end(). */
	draft->out = mb_text_open(&pages->at[draft->at].text, &draft->size);
	fputs("# ", draft->out);
	an_md(draft->out, title);
	fprintf(draft->out, "\n\n[The first page](<%s>)\n", draft->report->home);
}

static void end(struct draft *draft)
{
	mb_text_close(draft->out);
}

/* Make @name good for a file, whatever the run file says. */
static char *as_file(char *name)
{
	for (char *p = name; *p; p++)
		if (!isalnum((unsigned char)*p) && !strchr("._+", *p))
			*p = '-';
	return name;
}

static char *stem_of(const struct an_run *run)
{
	char *name = as_file(strcmp(run->label, run->kernel) && *run->label ? mb_strdup(run->label)
									    : an_version_of(run));
	char *stem = mb_format("%s-%s", name, an_run_clock(run));

	free(name);
	return stem;
}

/* The same with the suite, for a kernel's further runs; or NULL: it is not known. */
static char *stem_with_suite(const struct an_run *run, const char *stem)
{
	const char *suite = an_suite(run);
	char *name = *suite ? as_file(mb_strdup(suite)) : NULL;
	char *both = name ? mb_format("%s-%s", stem, name) : NULL;

	free(name);
	return both;
}

static bool is_taken(char *const *stems, size_t count, const char *stem)
{
	for (size_t i = 0; i < count; i++)
		if (!strcmp(stems[i], stem))
			return true;
	return false;
}

/* A stem for the pages of each run, no two the same; malloc'd as the array is. */
static char **stems_of(const struct an_report *report)
{
	char **stems = mb_alloc(report->run_count, sizeof(*stems));

	for (size_t i = 0; i < report->run_count; i++) {
		char *plain = stem_of(report->runs[i]);
		size_t number = 1;

		stems[i] = mb_strdup(plain);
		if (is_taken(stems, i, stems[i])) {
			free(stems[i]);
			stems[i] = stem_with_suite(report->runs[i], plain);
		}
		while (!stems[i] || is_taken(stems, i, stems[i])) {
			free(stems[i]);
			stems[i] = mb_format("%s-%zu", plain, ++number);
		}
		free(plain);
	}
	return stems;
}

static void side_by_side(struct draft *draft)
{
	const struct an_report *report = draft->report;

	for (int insns = 1; insns >= 0; insns--) {
		struct an_findings changes = { 0 };
		struct an_versions versions;

		if (!an_versions(report->runs, report->run_count, insns, &versions))
			continue;
		begin(draft, mb_strdup(insns ? "side-by-side.md" : "side-by-side-time.md"),
		      mb_format("Kernels side by side (clock %s)", insns ? "insns" : "time"),
		      mb_strdup("each phase of a page, and every other point, on all kernels; the "
				"largest changes"));
		an_findings_changes(&versions, insns, MOST_CHANGES, &changes);
		for (size_t i = 0; i < changes.count; i++) {
			fputs(i ? "- " : "\nWhat changed most:\n\n- ", draft->out);
			an_md(draft->out, changes.at[i].text);
			putc('\n', draft->out);
		}
		an_findings_free(&changes);
		an_report_versions(draft->out, report, &versions);
		an_versions_free(&versions);
		end(draft);
	}
}

/* Whether the side-by-side page has @run. */
static bool is_first(const struct an_report *report, size_t run)
{
	return an_version_is_first(report->runs, report->run_count, run);
}

/* Of the further runs, those of the suite and clock of run @at, if it is the first of them. */
static size_t gather(const struct an_report *report, size_t at, struct an_run **found)
{
	const struct an_run *like = report->runs[at];
	size_t count = 0;

	for (size_t i = 0; i < report->run_count; i++) {
		if (is_first(report, i) || report->runs[i]->insns != like->insns ||
		    strcmp(an_suite(report->runs[i]), an_suite(like)))
			continue;
		if (i < at)
			return 0;
		found[count++] = report->runs[i];
	}
	return count;
}

/* What kernels have besides: a page for each suite that two of them measured. */
static void further(struct draft *draft)
{
	const struct an_report *report = draft->report;
	struct an_run **found = mb_alloc(report->run_count, sizeof(struct an_run *));

	for (size_t at = 0; at < report->run_count; at++) {
		const struct an_run *run = report->runs[at];
		size_t count = is_first(report, at) ? 0 : gather(report, at, found);
		struct an_versions versions;
		char *name;

		if (!*an_suite(run) || !an_versions(found, count, run->insns, &versions))
			continue;
		name = as_file(mb_strdup(an_suite(run)));
		begin(draft, mb_format("side-by-side-%s-%s.md", name, an_run_clock(run)),
		      mb_format("Kernels side by side: the suite %s (clock %s)", an_suite(run),
				an_run_clock(run)),
		      mb_strdup("what each of its points costs and flushes on each kernel"));
		an_report_further(draft->out, &versions);
		an_versions_free(&versions);
		free(name);
		end(draft);
	}
	free(found);
}

static void profiles(struct draft *draft)
{
	if (!draft->report->profiles || !draft->report->profiles->count)
		return;
	begin(draft, mb_strdup("profiles.md"), mb_strdup("Where the differences are"),
	      mb_strdup("which functions a difference between two kernels is in"));
	an_report_profiles(draft->out, draft->report);
	end(draft);
}

static void runs(struct draft *draft, char *const *stems)
{
	const struct an_report *report = draft->report;

	for (size_t i = 0; i < report->run_count; i++) {
		const struct an_run *run = report->runs[i];

		begin(draft, mb_format("run-%s.md", stems[i]), an_run_words(run),
		      mb_strdup("what this run says by itself, its curves, and why to believe it"));
		fprintf(draft->out, "\n[All points of this run](<points-%s.md>)\n", stems[i]);
		an_report_run(draft->out, report, i);
		end(draft);
	}
	for (size_t i = 0; i < report->run_count; i++) {
		char *words = an_run_words(report->runs[i]);

		begin(draft, mb_format("points-%s.md", stems[i]),
		      mb_format("All points: %s", words),
		      mb_strdup("each point with its interval, and what was counted"));
		an_report_points(draft->out, report->runs[i]);
		an_report_counters(draft->out, report->runs[i]);
		free(words);
		end(draft);
	}
}

static void beside(struct draft *draft)
{
	begin(draft, mb_strdup("published.md"), mb_strdup("Figures of others"),
	      mb_strdup("the kernel's own test driver, and what others published"));
	an_report_published(draft->out, draft->report);
	end(draft);
	begin(draft, mb_strdup("environment.md"), mb_strdup("Environment, and what cannot be seen"),
	      mb_strdup("what the figures cannot show; machine, kernels and configurations"));
	an_report_blind(draft->out, draft->report);
	an_report_runs(draft->out, draft->report);
	an_report_environment(draft->out, draft->report);
	end(draft);
	begin(draft, mb_strdup("repeat.md"), mb_strdup("How to do it again"),
	      mb_strdup("the command, the suite and the seed of each run"));
	an_report_runs(draft->out, draft->report);
	an_report_reproduce(draft->out, draft->report);
	end(draft);
}

void an_report_pages(const struct an_report *report, struct an_pages *pages)
{
	struct draft draft = { .report = report, .pages = pages };
	char **stems = stems_of(report);
	size_t size;
	FILE *out;

	/* The first one links to the others, and is written when they are known. */
	pages->at = mb_grow(pages->at, &pages->capacity, pages->count, sizeof(*pages->at));
	pages->at[pages->count++] = (struct an_page){ .name = mb_strdup("REPORT.md"),
						      .title = mb_strdup(AN_REPORT_TITLE),
						      .what = mb_strdup("") };
	side_by_side(&draft);
	further(&draft);
	profiles(&draft);
	runs(&draft, stems);
	beside(&draft);
	out = mb_text_open(&pages->at[0].text, &size);
	an_first_page(out, report, pages);
	mb_text_close(out);
	for (size_t i = 0; i < report->run_count; i++)
		free(stems[i]);
	free(stems);
}

void an_pages_free(struct an_pages *pages)
{
	for (size_t i = 0; i < pages->count; i++) {
		free(pages->at[i].name);
		free(pages->at[i].title);
		free(pages->at[i].what);
		free(pages->at[i].text);
	}
	free(pages->at);
	*pages = (struct an_pages){ 0 };
}
