// SPDX-License-Identifier: GPL-2.0-or-later
/* What a curve or a picture says, in a sentence. */
#include <ctype.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/base/text.h"
#include "analysis/draw/questions.h"
#include "analysis/draw/sentence.h"
#include "analysis/run/describe.h"
#include "analysis/select/axes.h"
#include "analysis/stats/doubt.h"

char *an_series_sentence(const struct an_run *run, const struct an_series *series,
			 enum an_direction direction)
{
	const struct an_point *first = series->points[0];
	const struct an_point *last = series->points[series->count - 1];
	const struct an_point *best = an_cheapest(series);
	double from = an_per_page(first, "total"), to = an_per_page(last, "total");
	const struct an_figure there = an_count_figure((double)an_batch(first));
	const struct an_figure here = an_count_figure((double)an_batch(last));
	const char *a = there.text, *b = here.text;
	char *text, *lowest = NULL;

	if (series->count > 1 && best != last &&
	    !strcmp(an_trend(an_per_page(best, "total"), to), "rises"))
		lowest = mb_format("; it is lowest at batch %s, and %s of that at batch %s",
				   an_count((double)an_batch(best)),
				   an_percent(to / an_per_page(best, "total")), b);
	if (series->count == 1 && an_shape_only(run))
		text = mb_format("%s: only batch %s was measured.", an_series_names[direction], a);
	else if (series->count == 1)
		text = mb_format("%s: %s %s a page at batch %s, the only one measured.",
				 an_series_names[direction], an_number(from), an_unit(run), a);
	else if (an_shape_only(run))
		text = mb_format("%s: the cost a page %s from batch %s to %s, to %s of it%s.",
				 an_series_names[direction], an_trend(from, to), a, b,
				 an_percent(from > 0 ? to / from : 0), lowest ? lowest : "");
	else
		text = mb_format("%s: the cost a page %s from %s %s at batch %s to %s at batch "
				 "%s%s.",
				 an_series_names[direction], an_trend(from, to), an_number(from),
				 an_unit(run), a, an_number(to), b, lowest ? lowest : "");
	free(lowest);
	text[0] = (char)toupper((unsigned char)text[0]);
	return text;
}

/* "At batch 512, to the device, a page costs 3,180 … (4k), 40 (2m)." malloc'd. */
static char *kinds_sentence(const struct an_run *run, const struct an_slice *kinds,
			    enum an_direction direction)
{
	const struct an_cell *cells = an_kinds_meet(kinds, direction);
	char *text;
	double first;

	if (!cells)
		return NULL;
	first = an_per_page(cells[0].point, "total");
	if (an_shape_only(run) && first <= 0)
		return NULL;
	text = mb_format("At batch %s, %s, a page costs",
			 an_count((double)an_batch(cells[0].point)), an_series_names[direction]);
	for (size_t k = 0; k < kinds->cols.count; k++) {
		double cost = an_per_page(cells[k].point, "total");
		const char *value = kinds->cols.values[k];

		if (an_shape_only(run))
			an_extend(&text, "%s %s times (%s)", k ? "," : "", an_number(cost / first),
				  value);
		else
			an_extend(&text, "%s %s%s%s (%s)", k ? "," : "", an_number(cost),
				  k ? "" : " ", k ? "" : an_unit(run), value);
	}
	an_extend(&text, "%s.", an_shape_only(run) ? " that of the first" : "");
	return text;
}

char *an_kinds_sentence(const struct an_run *run, const struct an_slice *slice)
{
	char *text = mb_strdup("");
	size_t panels = 0;

	for (int d = 0; d < AN_COPY && panels < AN_KINDS_PANELS; d++) {
		panels += an_axis_find(&slice->panels, an_directions[d]) < slice->panels.count;
		text = an_append(text, kinds_sentence(run, slice, (enum an_direction)d));
	}
	return text;
}

#define TOLD "op pages cpus " /* the sentence has them */

static bool is_tlb(const struct an_point *point, const char *op, const char *further)
{
	char *mine;
	bool like;

	if (strcmp(point->benchmark, "tlb") || !an_summary(point, "total") ||
	    strcmp(an_param(point, "op"), op))
		return false;
	mine = an_further_words(point->params, TOLD);
	like = !strcmp(mine, further);
	free(mine);
	return like;
}

/* Of the largest range of @op with no parameters but @further, the points with the fewest and the most CPUs. */
static void tlb_extremes(const struct an_run *run, const char *op, const char *further,
			 const struct an_point **few, const struct an_point **many)
{
	*few = *many = NULL;
	for (size_t i = 0; i < run->point_count; i++) {
		const struct an_point *point = &run->points[i];
		unsigned long cpus = an_param_number(point, "cpus");

		if (!is_tlb(point, op, further))
			continue;
		if (!*few || point->pages > (*few)->pages ||
		    (point->pages == (*few)->pages && cpus < an_param_number(*few, "cpus")))
			*few = point;
		if (!*many || point->pages > (*many)->pages ||
		    (point->pages == (*many)->pages && cpus > an_param_number(*many, "cpus")))
			*many = point;
	}
}

static char *tlb_sentence(const struct an_run *run, const char *op, const char *further)
{
	const struct an_point *few, *many;
	char *ipis, *text;
	double a, b;

	tlb_extremes(run, op, further, &few, &many);
	if (!few || an_param_number(few, "cpus") == an_param_number(many, "cpus"))
		return NULL;
	a = an_summary(few, "total")->median;
	b = an_summary(many, "total")->median;
	if (a <= 0)
		return NULL;
	if (isnan(an_counter(many, "ipi_rounds")) || isnan(an_counter(few, "ipi_rounds")))
		ipis = mb_strdup("");
	else
		ipis = mb_format(", IPI rounds %s instead of %s",
				 an_number(an_counter(many, "ipi_rounds")),
				 an_number(an_counter(few, "ipi_rounds")));
	text = mb_format("%s of %s pages costs %s times as much on %lu CPUs as on %lu%s.", op,
			 an_count((double)few->pages), an_number(b / a),
			 an_param_number(many, "cpus"), an_param_number(few, "cpus"), ipis);
	free(ipis);
	return text;
}

char *an_tlb_sentence(const struct an_run *run, const struct an_slice *slice)
{
	static const char *const ops[] = { "mprotect", "dontneed" };
	char *further = slice ? an_further_words(slice->rest, TOLD) : mb_strdup(""), *text = NULL;

	for (size_t i = 0; i < 2; i++) {
		char *sentence = tlb_sentence(run, ops[i], further);

		text = text ? an_append(text, sentence) : sentence;
	}
	free(further);
	return text;
}

char *an_version_of(const struct an_run *run)
{
	const char *minor = strchr(run->kernel, '.'), *more;
	size_t length = minor ? (size_t)(minor - run->kernel) + 1 : strlen(run->kernel);

	if (minor)
		length += strspn(minor + 1, "0123456789");
	more = run->x86 ? NULL : strstr(run->kernel, "-arm64-");
	return mb_format("%.*s%s%s", (int)length, run->kernel, more ? " " : "",
			 more ? more + 1 : "");
}

char *an_version_among(const struct an_run *const *runs, size_t count, size_t at)
{
	char *name = an_version_of(runs[at]);
	bool same = false;

	for (size_t i = 0; i < count; i++) {
		char *other = an_version_of(runs[i]);

		same |= i != at && !strcmp(name, other);
		free(other);
	}
	if (!same)
		return name;
	free(name);
	return mb_strdup(runs[at]->kernel);
}

/* " (+12 %)", or " (≈ +0.1 %)" where that may be nothing. */
static void put_change(FILE *out, const struct an_versions *versions,
		       const struct an_point *const *points, size_t before, size_t now, bool *sure)
{
	const struct an_run *run = versions->runs[now];
	double a = an_per_page(points[before], "total"), b = an_per_page(points[now], "total");
	bool beyond;

	if (!(a > 0) || !an_run_alike(versions->runs[before], run))
		return;
	beyond = fabs(log(b / a)) > log1p(an_doubt(run, points[before], points[now]));
	if (beyond && sure)
		*sure = true;
	fprintf(out, " (%s%s%s)", beyond ? "" : "≈ ", b < a ? "−" : "+",
		an_percent(fabs(b / a - 1)));
}

char *an_versions_sentence(const struct an_versions *versions, const struct an_slice *slice,
			   enum an_direction direction, bool *sure)
{
	static const char *const moves[] = { "A page to the device", "A page to the system",
					     "The round trip of a page", "The eviction of a page" };
	const struct an_point **points = mb_alloc(versions->count, sizeof(*points));
	const char *comma = "";
	size_t before = versions->count;
	char *text = NULL;
	size_t size;
	FILE *out = mb_text_open(&text, &size);

	an_version_points(versions, slice, direction, points);
	fprintf(out, "%s, in %s: ", moves[direction], an_unit(versions->runs[0]));
	for (size_t v = 0; v < versions->count; v++) {
		double now = points[v] ? an_per_page(points[v], "total") : NAN;
		char *version = an_version_among((const struct an_run *const *)versions->runs,
						 versions->count, v);

		if (!isnan(now)) {
			fprintf(out, "%s%s on %s", comma, an_number(now), version);
			if (before < versions->count)
				put_change(out, versions, points, before, v, sure);
			comma = ", ";
			before = v;
		}
		free(version);
	}
	fputs(".", out);
	mb_text_close(out);
	free(points);
	if (!*comma) {
		free(text);
		return NULL;
	}
	return text;
}
