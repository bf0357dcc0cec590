// SPDX-License-Identifier: GPL-2.0-or-later
/* What changed from kernel to kernel, in sentences: the overview, and the largest changes. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/base/text.h"
#include "analysis/report/findings.h"
#include "analysis/draw/sentence.h"
#include "analysis/run/describe.h"
#include "analysis/select/residue.h"
#include "analysis/stats/doubt.h"

/* A page's cost on all kernels, of the fullest family; "" where nothing of it is sure to have changed. */
static char *overview(const struct an_versions *versions)
{
	static const enum an_direction told[] = { AN_TO_DEVICE, AN_TO_SYSTEM, AN_EVICT };
	char *text = mb_strdup("");
	struct an_slice *slices;
	bool sure = false;
	size_t count;

	slices = an_version_slices(versions, &count);
	for (size_t i = 0; i < sizeof(told) / sizeof(told[0]) && count; i++)
		text = an_append(text, an_versions_sentence(versions, &slices[0], told[i], &sure));
	an_slices_free(slices, count);
	if (!sure)
		*text = '\0';
	return text;
}

/* One point on a kernel, and on the kernel before it that has it. */
struct change {
	const struct an_run *before, *after;
	const struct an_point *a, *b;
	double shift; /* log of after/before, a page */
	double size; /* what of it is beyond the doubt; above 0 */
};

struct changes {
	struct change *at;
	size_t count, capacity;
};

/* The harness measuring itself tells nothing of a kernel. */
static bool is_kernels(const struct an_point *point)
{
	return strcmp(point->benchmark, "null") && strcmp(point->benchmark, "copy");
}

static void add_change(struct changes *changes, const struct an_versions *versions, size_t at,
		       const struct an_point *now)
{
	const struct an_run *run = versions->runs[at];
	const struct an_point *before = NULL;
	struct change change;
	size_t v = at;

	while (v-- && !before) {
		before = an_run_point(versions->runs[v], now->name);
		if (before &&
		    (!an_summary(before, "total") || !an_run_alike(versions->runs[v], run)))
			before = NULL;
		change.before = versions->runs[v];
	}
	if (!before || !(an_per_page(before, "total") > 0) || !(an_per_page(now, "total") > 0))
		return;
	change.after = run;
	change.a = before;
	change.b = now;
	change.shift = log(an_per_page(now, "total") / an_per_page(before, "total"));
	change.size = fabs(change.shift) - log1p(an_doubt(run, before, now));
	if (change.size <= 0)
		return;
	changes->at =
		mb_grow(changes->at, &changes->capacity, changes->count, sizeof(*changes->at));
	changes->at[changes->count++] = change;
}

/* The same kind of thing: one finding is enough for it. */
static bool alike(const struct change *x, const struct change *y)
{
	return x->b->benchmark && !strcmp(x->b->benchmark, y->b->benchmark) &&
	       !strcmp(an_param(x->b, "page"), an_param(y->b, "page"));
}

static bool same_kernels(const struct change *x, const struct change *y)
{
	return x->before == y->before && x->after == y->after;
}

static int larger(const void *x, const void *y)
{
	const struct change *a = x, *b = y;

	if (a->size != b->size)
		return a->size < b->size ? 1 : -1;
	return strcmp(a->b->name, b->b->name);
}

static char *signed_percent(double shift)
{
	return mb_format("%s%s", shift < 0 ? "−" : "+", an_percent(fabs(expm1(shift))));
}

/* Of the changes like @largest that of private memory, which most ask for, if it is much the same. */
static const struct change *spokesman(const struct changes *changes, const struct change *largest)
{
	for (size_t i = 0; i < changes->count; i++) {
		const struct change *change = &changes->at[i];

		if (alike(change, largest) && same_kernels(change, largest) &&
		    !strcmp(an_param(change->b, "memory"), "private") &&
		    change->shift * largest->shift > 0 &&
		    fabs(change->shift) > fabs(largest->shift) / 2)
			return change;
	}
	return largest;
}

/* "; of 6 such changes the least is −79 %, the greatest −87 %", or "". malloc'd. */
static char *others_words(const struct changes *changes, const struct change *told)
{
	const struct change *least = told, *most = told;
	char *low, *high, *text;
	size_t count = 0;

	for (size_t i = 0; i < changes->count; i++) {
		const struct change *change = &changes->at[i];

		if (!alike(change, told) || !same_kernels(change, told) ||
		    change->shift * told->shift <= 0)
			continue;
		count++;
		least = fabs(change->shift) < fabs(least->shift) ? change : least;
		most = fabs(change->shift) > fabs(most->shift) ? change : most;
	}
	if (count < 2)
		return mb_strdup("");
	low = signed_percent(least->shift);
	high = signed_percent(most->shift);
	text = mb_format("; of %zu such changes the smallest is %s, the largest %s", count, low,
			 high);
	free(low);
	free(high);
	return text;
}

static char *change_sentence(const struct changes *changes, const struct change *change)
{
	const struct an_point *both[] = { change->a, change->b };
	char *others = others_words(changes, change), *residue = an_residue(both, 2, true);
	char *percent = signed_percent(change->shift), *text;

	text = mb_format(
		"From %s to %s a page of %s costs %s %s instead of %s (%s)%s.%s%s%s%s",
		change->before->kernel, change->after->kernel, change->b->name,
		an_number(an_per_page(change->b, "total")), an_unit(change->after),
		an_number(an_per_page(change->a, "total")), percent, others,
		*residue ? " What else differs: " : "", residue, *residue ? "." : "",
		an_copy_hidden(change->after, change->b)
			? " The kernel's own copy is in it, and depends on what the emulated CPU "
			  "offers."
			: "");
	free(others);
	free(residue);
	free(percent);
	return text;
}

static void add(struct an_findings *head, bool insns, char *text)
{
	head->at = mb_grow(head->at, &head->capacity, head->count, sizeof(*head->at));
	head->at[head->count++] = (struct an_finding){
		.text = mb_format("%s. %s", insns ? "Instruction clock" : "Clock time", text)
	};
	free(text);
}

static void largest_changes(const struct an_versions *versions, bool insns, size_t wanted,
			    struct an_findings *head)
{
	struct changes changes = { 0 };

	for (size_t v = 1; v < versions->count; v++)
		for (size_t i = 0; i < versions->runs[v]->point_count; i++) {
			const struct an_point *point = &versions->runs[v]->points[i];

			if (is_kernels(point) && an_summary(point, "total"))
				add_change(&changes, versions, v, point);
		}
	if (changes.count)
		qsort(changes.at, changes.count, sizeof(*changes.at), larger);
	for (size_t i = 0; i < changes.count && head->count < wanted; i++) {
		size_t before = 0;

		while (before < i && !alike(&changes.at[before], &changes.at[i]))
			before++;
		if (before == i)
			add(head, insns,
			    change_sentence(&changes, spokesman(&changes, &changes.at[i])));
	}
	free(changes.at);
}

void an_findings_changes(const struct an_versions *versions, bool insns, size_t wanted,
			 struct an_findings *head)
{
	char *text;

	if (an_shape_only(versions->runs[0]))
		return;
	text = overview(versions);
	if (*text)
		add(head, insns, text);
	else
		free(text);
	largest_changes(versions, insns, wanted, head);
}
