// SPDX-License-Identifier: GPL-2.0-or-later
/* The first page of a report, which has 120 lines at most whatever the runs are. */
#include <limits.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/param.h>

#include "analysis/base/text.h"
#include "analysis/report/behaviours.h"
#include "analysis/report/pages.h"
#include "analysis/report/report.h"
#include "analysis/run/describe.h"
#include "analysis/run/environment.h"

#define MOST_VALUES 3
#define MOST_WARNINGS 4
#define MOST_BEHAVIOURS 20
#define MOST_COMMANDS 4

static bool shape_only(const struct an_report *report, bool all)
{
	size_t count = 0;

	for (size_t i = 0; i < report->run_count; i++)
		count += an_shape_only(report->runs[i]);
	return all ? count == report->run_count : count > 0;
}

/* Whether the page speaks of run @i: not of shape, where there are figures. */
static bool told(const struct an_report *report, size_t i)
{
	return !an_shape_only(report->runs[i]) || shape_only(report, true);
}

/* Whether run @i is the first of its kernel that the page speaks of. */
static bool new_kernel(const struct an_report *report, size_t i)
{
	for (size_t before = 0; before < i; before++)
		if (told(report, before) &&
		    !strcmp(report->runs[before]->kernel, report->runs[i]->kernel))
			return false;
	return true;
}

/* A value of the environment, or of the lab, if all runs that the page speaks of have it, else NULL. */
static const json_t *shared(const struct an_report *report, bool lab, const char *key)
{
	const json_t *value = NULL;

	for (size_t i = 0; i < report->run_count; i++) {
		const struct an_run *run = report->runs[i];
		const json_t *theirs = json_object_get(lab ? run->lab : run->env, key);

		if (!told(report, i))
			continue;
		if (!theirs || json_is_null(theirs) || (value && !json_equal(value, theirs)))
			return NULL;
		value = theirs;
	}
	return value;
}

static void say_shared(FILE *out, const struct an_report *report, bool lab, const char *key,
		       const char *before)
{
	const json_t *value = shared(report, lab, key);
	char *words;

	if (!value)
		return;
	words = an_env_words(value);
	fputs(before, out);
	an_md(out, words);
	free(words);
}

/* The same of values that may differ: each once, and of how many more. */
static void say_each(FILE *out, const struct an_report *report, bool lab, const char *key,
		     const char *before)
{
	const json_t **values = mb_alloc(report->run_count, sizeof(*values));
	size_t count = 0, unknown = 0;

	for (size_t i = 0; i < report->run_count; i++) {
		const struct an_run *run = report->runs[i];
		const json_t *value = json_object_get(lab ? run->lab : run->env, key);
		size_t same = 0;

		if (!told(report, i))
			continue;
		if (!value || json_is_null(value)) {
			unknown++;
			continue;
		}
		while (same < count && !json_equal(values[same], value))
			same++;
		if (same == count)
			values[count++] = value;
	}
	for (size_t i = 0; i < count && i < MOST_VALUES; i++) {
		char *words = an_env_words(values[i]);

		fputs(i ? ", " : before, out);
		an_md(out, words);
		free(words);
	}
	if (count > MOST_VALUES)
		fprintf(out, " and %zu more", count - MOST_VALUES);
	if (count && unknown)
		fprintf(out, ", not recorded in %zu", unknown);
	free(values);
}

/* Which pages the figures are of, by the kernels' base pages. */
static void pages_are(FILE *out, const struct an_report *report)
{
	const char *between = ". Pages are base pages of ";
	bool only_usual = true;

	for (unsigned long kib = 4; kib <= 64; kib *= 4)
		for (size_t i = 0; i < report->run_count; i++)
			if (report->runs[i]->base == kib << 10) {
				fprintf(out, "%s%lu", between, kib);
				between = ", ";
				only_usual = only_usual && kib == 4;
				break;
			}
	fprintf(out, " KiB, also where %s moved.\n",
		only_usual ? "folios of 2 MiB" : "larger folios");
	if (!only_usual)
		fputs("- **Side by side:** a page of 64 KiB is sixteen of 4 KiB; the row of a MiB is "
		      "for comparing them. An instruction of one architecture is not one of "
		      "another. Only kernels of the same architecture, page size and CPU are "
		      "compared.\n",
		      out);
}

static void what(FILE *out, const struct an_report *report)
{
	size_t least = SIZE_MAX, most = 0, runs = 0;
	unsigned int few = UINT_MAX, many = 0;
	const char *comma = "", *started = "";

	fputs("- **What:** moving pages to the memory of a device and back, phase by phase, on Linux ",
	      out);
	for (size_t i = 0; i < report->run_count; i++) {
		const struct an_run *run = report->runs[i];

		if (!told(report, i))
			continue;
		runs++;
		least = MIN(least, an_points_measured(run));
		most = MAX(most, an_points_measured(run));
		few = run->boots < few ? run->boots : few;
		many = run->boots > many ? run->boots : many;
		if (strcmp(run->started, started) > 0)
			started = run->started;
		if (!new_kernel(report, i))
			continue;
		fputs(comma, out);
		an_md(out, run->kernel);
		comma = ", ";
	}
	fprintf(out, "; %zu run%s of ", runs, runs == 1 ? "" : "s");
	if (least < most)
		fprintf(out, "%zu to ", least);
	fprintf(out, "%zu points, ", most);
	if (few < many)
		fprintf(out, "%u to ", few);
	fprintf(out, "%u boot%s each", many, many == 1 ? "" : "s");
	if (*started) {
		char *day = mb_format("%.10s", started);

		fputs("; ", out);
		an_md(out, day);
		free(day);
	}
	pages_are(out, report);
}

/* What kind of machine ran it; malloc'd. */
static char *machine_words(const struct an_run *run)
{
	const char *hypervisor = json_string_value(json_object_get(run->env, "hypervisor"));

	if (run->emulated)
		return mb_strdup("in a virtual machine whose CPU is emulated");
	if (!hypervisor || !strcmp(hypervisor, "none") || !strcmp(hypervisor, "unknown"))
		return mb_strdup("on the machine itself");
	return mb_format("in a virtual machine (%s)", hypervisor);
}

static void where(FILE *out, const struct an_report *report)
{
	const char *between = "- **Where:** ";

	for (size_t i = 0; i < report->run_count; i++) {
		char *words = machine_words(report->runs[i]);
		bool known = !told(report, i);

		for (size_t before = 0; before < i && !known; before++) {
			char *other = machine_words(report->runs[before]);

			known = told(report, before) && !strcmp(words, other);
			free(other);
		}
		if (!known) {
			fputs(between, out);
			an_md(out, words);
			between = " and ";
		}
		free(words);
	}
	say_shared(out, report, false, "cpu", ": ");
	say_each(out, report, false, "qemu", ", QEMU ");
	say_each(out, report, true, "topology", "; topology ");
	say_shared(out, report, false, "topology", "; ");
	fprintf(out, ". More: [environment](<%senvironment.md>).\n", report->pages);
}

static void blind(FILE *out, const struct an_report *report)
{
	bool insns = false, time = false;

	for (size_t i = 0; i < report->run_count; i++) {
		insns |= report->runs[i]->insns;
		time |= !report->runs[i]->insns && !report->runs[i]->emulated;
	}
	fputs("- **Blind to:** ", out);
	if (insns)
		fputs("an instruction count is not a time. It does not see caches, TLB misses, "
		      "the latency of an IPI, the accessed/dirty assist of the page walker, or "
		      "the bandwidth of a copy. ",
		      out);
	if (time)
		fprintf(out, "%s time is true of that machine only. ", insns ? "A" : "a");
	if (shape_only(report, true))
		fprintf(out, "%sost-clock time in emulation shows shape and function, not speed. ",
			insns || time ? "H" : "h");
	fputs("Accessed and dirty bits never survive device-private entries; no gain is claimed there.\n",
	      out);
}

static void warnings(FILE *out, const struct an_report *report)
{
	size_t told = 0, more = 0;

	for (size_t i = 0; i < report->run_count; i++) {
		const struct an_run *run = report->runs[i];

		if (run->valid && run->ended)
			continue;
		if (told++ >= MOST_WARNINGS) {
			more++;
			continue;
		}
		if (!run->valid) {
			fprintf(out, "- **Run %zu is invalid by its own account", i + 1);
			if (run->why_invalid) {
				fputs(": ", out);
				an_md(out, run->why_invalid);
			}
			fputs(".** Its figures are shown and prove nothing.\n", out);
		} else {
			fprintf(out, "- Run %zu was cut short: it has no end record.\n", i + 1);
		}
	}
	if (more)
		fprintf(out, "- %zu more runs are invalid or were cut short.\n", more);
}

static void findings(FILE *out, const struct an_report *report)
{
	fputs("\n## Main findings\n\n", out);
	for (size_t i = 0; i < report->head.count; i++) {
		fprintf(out, "%zu. ", i + 1);
		an_md(out, report->head.at[i].text);
		putc('\n', out);
	}
}

/* One picture: kernels side by side, or the first that a run has. */
static void picture(FILE *out, const struct an_report *report)
{
	const struct an_pictures *lists[] = { &report->versions[1], &report->versions[0],
					      report->pictures };
	const struct an_picture *one = NULL;

	for (size_t l = 0; l < 3 && !one; l++)
		for (size_t i = 0; i < lists[l]->count && !one; i++)
			if (lists[l]->at[i].name)
				one = &lists[l]->at[i];
	if (!one)
		return;
	fputs("\n![", out);
	an_md(out, one->alt);
	fprintf(out, "](<%s%s.png>)\n", report->plots, one->name);
}

static void behaviours(FILE *out, const struct an_report *report)
{
	struct an_versions versions;
	char *text = NULL;
	size_t size, rest = 0;
	FILE *rows;

	/* Probes say the same under either clock. */
	if (!an_versions(report->runs, report->run_count, true, &versions) &&
	    !an_versions(report->runs, report->run_count, false, &versions))
		return;
	rows = mb_text_open(&text, &size);
	if (an_behaviours_short(rows, &versions, MOST_BEHAVIOURS, &rest))
		fputs("\n## Behaviours that changed\n", out);
	mb_text_close(rows);
	fputs(text, out);
	if (rest)
		fprintf(out, "\n%zu more: [kernels side by side](<%sside-by-side%s.md>).\n", rest,
			report->pages, versions.runs[0]->insns ? "" : "-time");
	free(text);
	an_versions_free(&versions);
}

static void trust(FILE *out, const struct an_report *report)
{
	fputs("\n## How exact it is, and how to repeat it\n\n", out);
	an_report_exact(out, report);
	an_report_commands(out, report, MOST_COMMANDS);
}

/* "[6.12-insns](…), …" of the pages whose names begin with @begin; only or not those of shape. */
static void some(FILE *out, const struct an_report *report, const struct an_pages *pages,
		 const char *begin, bool shape)
{
	size_t length = strlen(begin), run = 0;
	const char *comma = "";

	for (size_t i = 1; i < pages->count; i++) {
		const char *name = pages->at[i].name;

		if (strncmp(name, begin, length))
			continue;
		if (an_shape_only(report->runs[run++]) != shape)
			continue;
		fprintf(out, "%s[", comma);
		comma = ", ";
		for (const char *p = name + length; strcmp(p, ".md"); p++)
			putc(*p, out);
		fprintf(out, "](<%s%s>)", report->pages, name);
	}
}

static void links(FILE *out, const struct an_report *report, const struct an_pages *pages)
{
	fputs("\n## All of it\n\n", out);
	for (size_t i = 1; i < pages->count; i++) {
		const struct an_page *page = &pages->at[i];

		if (!strncmp(page->name, "run-", 4) || !strncmp(page->name, "points-", 7))
			continue;
		fputs("- [", out);
		an_md(out, page->title);
		fprintf(out, "](<%s%s>): ", report->pages, page->name);
		an_md(out, page->what);
		fputs(".\n", out);
	}
	if (!shape_only(report, true)) {
		fputs("- Each run by itself, with its curves: ", out);
		some(out, report, pages, "run-", false);
		fputs(".\n- All its points, with intervals and counts: ", out);
		some(out, report, pages, "points-", false);
		fputs(".\n", out);
	}
	if (shape_only(report, false)) {
		fputs("- Host-clock time in emulation, which shows shape and function, not speed, and "
		      "of which no figure stands on this page: ",
		      out);
		some(out, report, pages, "run-", true);
		fputs("; all its points: ", out);
		some(out, report, pages, "points-", true);
		fputs(".\n", out);
	}
}

void an_first_page(FILE *out, const struct an_report *report, const struct an_pages *pages)
{
	fputs("# " AN_REPORT_TITLE "\n\n", out);
	what(out, report);
	where(out, report);
	blind(out, report);
	warnings(out, report);
	for (int insns = 1; insns >= 0; insns--)
		an_report_cost(out, report, insns);
	findings(out, report);
	picture(out, report);
	behaviours(out, report);
	trust(out, report);
	links(out, report, pages);
}
