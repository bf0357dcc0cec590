// SPDX-License-Identifier: GPL-2.0-or-later
/* Why to believe the figures: what the harness costs, boots, samples thrown out. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/base/text.h"
#include "analysis/report/report.h"
#include "analysis/run/describe.h"
#include "core/record/record.h"

#define BORDER_BUDGET 60 /* instructions a phase border may cost */
#define PAGE_BUDGET 150 /* instructions a page may cost beyond the kernel's own and the copy */
#define BUDGET_BATCH 512
#define REST_BUDGET 0.05 /* of the total, from this batch on: */
#define REST_BATCH 64
#define COPY_4K 512 /* a 4 KiB page in 8-byte words: rep movsq counts each as one */

static const struct an_point *null_part(const struct an_run *run, const char *part)
{
	for (size_t i = 0; i < run->point_count; i++)
		if (!strcmp(run->points[i].benchmark, "null") &&
		    !strcmp(an_param(&run->points[i], "part"), part) &&
		    an_summary(&run->points[i], "total"))
			return &run->points[i];
	return NULL;
}

static const char *verdict(double value, double budget)
{
	return value <= budget ? "within" : "beyond";
}

static int border_line(FILE *out, const struct an_run *run)
{
	const struct an_point *point = null_part(run, "border");
	double most = NAN;

	for (int i = 0; point && i < MB_PHASES; i++) {
		const struct an_summary *s = an_summary(point, mb_phase_names[i]);

		if (s)
			most = isnan(most) ? s->median : fmax(most, s->median);
	}
	if (isnan(most))
		return 0;
	fprintf(out, "- A phase border (one timestamp) costs %s %s at most, median of %s samples",
		an_number(most), an_unit(run),
		an_count((double)an_summary(point, "total")->samples));
	if (run->insns)
		fprintf(out, "; %s the budget of %d", verdict(most, BORDER_BUDGET), BORDER_BUDGET);
	fputs(".\n", out);
	return 1;
}

static int null_line(FILE *out, const struct an_run *run, const char *part, const char *what)
{
	const struct an_point *point = null_part(run, part);

	if (!point)
		return 0;
	fprintf(out, "- %s costs %s %s.\n", what, an_number(an_summary(point, "total")->median),
		an_unit(run));
	return 1;
}

/* What the harness adds to a page, beside the kernel's own work and the bare copy. */
static int page_line(FILE *out, const struct an_run *run, const struct an_family *family)
{
	const struct an_point *point = an_at_batch(&family->series[AN_TO_DEVICE], BUDGET_BATCH);
	struct an_own own;

	if (!point || strcmp(an_param(point, "page"), "4k"))
		return 0;
	own = an_own_part(run, point);
	if (isnan(own.sum))
		return 0;
	fprintf(out,
		"- alloc + (total − sum of phases) + (copy − %d) = %s + %s + %s = **%s "
		"instructions a page** at batch %d, to the device; %s the budget of %d.\n",
		COPY_4K, an_number(own.alloc), an_number(own.rest), an_number(own.copy),
		an_number(own.sum), BUDGET_BATCH, verdict(own.sum, PAGE_BUDGET), PAGE_BUDGET);
	return 1;
}

static int rest_line(FILE *out, const struct an_run *run, const struct an_family *family)
{
	const struct an_point *worst = NULL;
	double most = 0;

	for (int d = 0; d < AN_COPY; d++)
		for (size_t i = 0; i < family->series[d].count; i++) {
			const struct an_point *point = family->series[d].points[i];
			double share = an_share(point, AN_REST);

			if (an_batch(point) >= REST_BATCH && !isnan(share) &&
			    (!worst || share > most)) {
				most = share;
				worst = point;
			}
		}
	if (!worst)
		return 0;
	fprintf(out,
		"- The rest outside the phases is %s of the total at most at batch %d and "
		"more",
		an_percent(most), REST_BATCH);
	if (run->insns)
		fprintf(out, "; %s the budget of %s", verdict(most, REST_BUDGET),
			an_percent(REST_BUDGET));
	fputs(" (", out);
	an_md_code(out, worst->name);
	fputs(").\n", out);
	return 1;
}

/* Phases are parts of the total: where they exceed it, a timestamp is wrong. */
static int overfull_line(FILE *out, const struct an_run *run)
{
	size_t over = 0, samples = 0;

	for (size_t i = 0; i < run->point_count; i++) {
		const struct an_summary *total = an_summary(&run->points[i], "total");

		if (!total || isnan(an_rest(&run->points[i])))
			continue;
		over += an_overfull(&run->points[i]);
		samples += total->samples;
	}
	if (!samples)
		return 0;
	fprintf(out, "- The phases add up to no more than the total in %s of %s samples.\n",
		an_count((double)(samples - over)), an_count((double)samples));
	return 1;
}

void an_report_harness(FILE *out, const struct an_run *run)
{
	size_t count;
	struct an_family *families = an_families(run, &count);
	int lines = 0;

	fputs("\n### What the harness itself costs\n\n", out);
	if (an_shape_only(run)) {
		/* Ratios only: the shares hold, the figures would be ns of nothing real. */
		lines += count ? rest_line(out, run, &families[0]) : 0;
	} else {
		lines += border_line(out, run);
		lines += null_line(out, run, "clock", "Reading the clock twice from user space");
		lines += null_line(out, run, "ioctl", "An empty call into the module");
		lines += count ? page_line(out, run, &families[0]) : 0;
		lines += count ? rest_line(out, run, &families[0]) : 0;
	}
	lines += overfull_line(out, run);
	if (!lines)
		fputs("The run has no points that would show it (benchmark null, or phases at "
		      "batch 64 and more).\n",
		      out);
	an_families_free(families, count);
}

static void insns_boots(FILE *out, const struct an_run *run)
{
	struct an_identity id = an_identity(run);

	if (!id.points) {
		fputs("One boot only: whether another would give the same figures was not "
		      "tried.\n",
		      out);
		return;
	}
	if (id.identical == id.points) {
		fprintf(out,
			"All boots are bit-identical: at %zu of %zu points every value of every "
			"metric is the same in each of the %u boots. That proves that the figures "
			"can be reproduced, not that they hold for another plan.\n",
			id.identical, id.points, run->boots);
		return;
	}
	fprintf(out,
		"**The boots are not bit-identical**: they agree at %zu of %zu points, and "
		"not at ",
		id.identical, id.points);
	an_md_code(out, id.different->name);
	fputs(id.points - id.identical > 1 ? " and others.\n" : ".\n", out);
}

static void time_boots(FILE *out, const struct an_run *run)
{
	const struct an_point *point;
	double worst, median = an_boot_spread(run, &worst, &point);

	if (isnan(median)) {
		fputs("One boot only: how far the figures vary from boot to boot is not known, "
		      "and so nothing can be said about another kernel.\n",
		      out);
		return;
	}
	fprintf(out,
		"Over %u boots the medians of a point lie %s apart at the median point, and "
		"%s at the worst, ",
		run->boots, an_percent(median), an_percent(worst));
	an_md_code(out, point->name);
	fputs(".\n", out);
}

void an_floors_add(struct an_floors *floors, const struct an_run *run)
{
	for (size_t i = 0; i < run->point_count; i++) {
		double floor = an_point_floor(&run->points[i], "total");

		if (isnan(floor))
			continue;
		an_column_add(&floors->all, floor);
		floors->within |= run->floor_within_boot;
		if (!floors->worst || floor > floors->most) {
			floors->worst = &run->points[i];
			floors->most = floor;
		}
	}
}

void an_floors_end(struct an_floors *floors, const char *more, FILE *out)
{
	fprintf(out, "%s at the median of %zu points, %s at the worst, ",
		an_percent(an_column_quantile(&floors->all, 0.5)), floors->all.count,
		an_percent(floors->most));
	an_md_code(out, floors->worst->name);
	fprintf(out, ".%s%s\n", more,
		floors->within ? " It was measured within one boot, and does not contain what "
				 "another boot changes."
			       : "");
	free(floors->all.values);
}

/* What was calibrated, and how much of it there is. */
static void floor_line(FILE *out, const struct an_run *run)
{
	struct an_floors floors = { 0 };

	an_floors_add(&floors, run);
	if (floors.worst) {
		fputs("\nNoise floor of the total, this kernel compared with itself under other "
		      "seeds: ",
		      out);
		an_floors_end(&floors,
			      " A difference within a point's floor is not a finding, and "
			      "`migbench compare` does not report it as one.",
			      out);
	} else {
		fputs("\nNo noise floor was measured (`--calibrate` of `migbench run` and `lab "
		      "run`).\n",
		      out);
	}
}

void an_report_boots(FILE *out, const struct an_run *run)
{
	fputs("\n### Reproducibility\n\n", out);
	if (run->insns)
		insns_boots(out, run);
	else
		time_boots(out, run);
	floor_line(out, run);
}

static void skips(FILE *out, const struct an_run *run)
{
	bool any = false;

	for (size_t i = 0; i < run->point_count; i++) {
		const struct an_point *point = &run->points[i];

		for (size_t s = 0; s < point->skip_count; s++) {
			size_t before = 0;

			/* One row a reason, however many boots gave it. */
			while (before < s && strcmp(point->skips[before].why, point->skips[s].why))
				before++;
			if (before < s)
				continue;
			if (!any)
				fputs("\nNot measured:\n\n| point | why |\n|---|---|\n", out);
			any = true;
			fputs("| ", out);
			an_md_code(out, point->name);
			fputs(" | ", out);
			an_md(out, point->skips[s].why);
			fputs(" |\n", out);
		}
	}
	if (!any)
		fputs("No point was skipped.\n", out);
}

void an_report_samples(FILE *out, const struct an_run *run)
{
	double requested = 0, collected = 0, migrated = 0, invalid = 0;
	double watched = 0, disturbed = 0;
	size_t target = 0, time_up = 0, counted = 0;

	for (size_t i = 0; i < run->point_count; i++) {
		const struct an_point *point = &run->points[i];

		requested += point->requested;
		collected += point->collected;
		migrated += point->migrated;
		invalid += point->invalid;
		watched += point->watched;
		disturbed += point->disturbed;
		/* A point that met its target in some last block met it. */
		target += point->stopped[AN_STOP_TARGET] > 0;
		time_up += !point->stopped[AN_STOP_TARGET] && point->stopped[AN_STOP_TIME];
		counted += point->counted;
	}
	fprintf(out,
		"\n### Samples\n\n%s valid samples in %s blocks at %zu points; %s invalid "
		"samples were left out.\n",
		an_count((double)run->samples), an_count((double)run->blocks),
		an_points_measured(run), an_count(invalid));
	if (watched > 0)
		fprintf(out,
			"During %s of them (%s) another thread ran on the CPU that measures, or the "
			"thread that measures moved to another CPU: a high percentile that is not "
			"rarer than that tells of the machine.\n",
			an_count(disturbed), an_percent(disturbed / watched));
	if (counted)
		fprintf(out,
			"Over the valid samples %s pages were requested, %s collected and %s "
			"migrated%s.\n",
			an_count(requested), an_count(collected), an_count(migrated),
			requested == collected && collected == migrated
				? ": all of them"
				: "; see the points whose pages must not move");
	if (target || time_up)
		fprintf(out,
			"Sampling stopped because the median was known as exactly as asked at "
			"%zu points, and because the time was up at %zu.\n",
			target, time_up);
	skips(out, run);
}
