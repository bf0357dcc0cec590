// SPDX-License-Identifier: GPL-2.0-or-later
/* Several files or runs as boots of one. */
#include <stdlib.h>
#include <string.h>

#include "analysis/base/text.h"
#include "analysis/run/run.h"

static bool same_point(const struct an_point *a, const struct an_point *b)
{
	if (a->pages && b->pages && a->pages != b->pages)
		return false;
	for (size_t i = 0; i < b->metric_count; i++) {
		const struct an_metric *mine = an_point_metric(a, b->metrics[i].name);

		if (mine && strcmp(mine->unit, b->metrics[i].unit))
			return false;
	}
	return true;
}

/* The first point that is not the same in both; NULL if they agree. */
static const struct an_point *different_point(const struct an_run *a, const struct an_run *b)
{
	for (size_t i = 0; i < b->point_count; i++) {
		const struct an_point *mine = an_run_point(a, b->points[i].name);

		if (mine && !same_point(mine, &b->points[i]))
			return mine;
	}
	return NULL;
}

/* As far as both say what the lab made: the environment need not show it. */
static bool same_machine(const struct an_run *a, const struct an_run *b)
{
	static const char *const made[] = { "topology", "cpu", "accelerator" };

	for (size_t i = 0; i < sizeof(made) / sizeof(made[0]); i++) {
		const json_t *mine = json_object_get(a->lab, made[i]);
		const json_t *other = json_object_get(b->lab, made[i]);

		if (mine && other && !json_equal(mine, other))
			return false;
	}
	return true;
}

static bool same_experiment(const struct an_run *a, const struct an_run *b)
{
	return a->insns == b->insns && a->emulated == b->emulated && same_machine(a, b) &&
	       !strcmp(a->kernel, b->kernel) && !strcmp(a->label, b->label) &&
	       a->has_seed == b->has_seed && a->seed == b->seed && json_equal(a->env, b->env) &&
	       /* Another plan moves medians: instructions of two plans are not boots of one. */
	       (!a->insns || json_equal(a->config, b->config)) &&
	       (a->insns || !an_run_other_node(a, b)) && !different_point(a, b);
}

static void join_metric(struct an_point *to, const struct an_metric *from, unsigned int shift)
{
	struct an_metric *metric = an_point_metric(to, from->name);

	if (!metric)
		metric = an_point_add_metric(to, from->name, from->unit);
	for (size_t c = 0; c < from->count; c++) {
		struct an_column *column = an_metric_column(metric, from->columns[c].boot + shift);

		an_column_append(column, from->columns[c].values, from->columns[c].count);
	}
}

static void join_point(struct an_point *to, const struct an_point *from, unsigned int shift)
{
	if (!to->pages)
		to->pages = from->pages;
	to->uneven |= from->uneven;
	to->counted = (to->counted || from->counted) && !to->uneven;
	to->requested += from->requested;
	to->collected += from->collected;
	to->migrated += from->migrated;
	to->invalid += from->invalid;
	to->watched += from->watched;
	to->disturbed += from->disturbed;
	to->blocks += from->blocks;
	for (int i = 0; i < AN_STOPS; i++)
		to->stopped[i] += from->stopped[i];
	for (size_t i = 0; i < from->metric_count; i++)
		join_metric(to, &from->metrics[i], shift);
	for (size_t i = 0; i < from->counter_count; i++)
		an_point_add_counter(to, from->counters[i].name, from->counters[i].sum,
				     from->counters[i].blocks);
	for (size_t i = 0; i < from->witness_count; i++)
		an_point_add_witness(to, from->witnesses[i].name, from->witnesses[i].sum,
				     from->witnesses[i].blocks);
	for (size_t i = 0; i < from->floor_count; i++)
		an_point_add_floor(to, from->floors[i].metric, from->floors[i].floor);
	for (size_t i = 0; i < from->skip_count; i++)
		an_point_add_skip(to, from->skips[i].boot + shift, from->skips[i].why);
}

static void join(struct an_run *into, const struct an_run *from)
{
	for (size_t i = 0; i < from->point_count; i++) {
		const struct an_point *theirs = &from->points[i];
		struct an_point *mine = an_run_point(into, theirs->name);

		if (!mine)
			mine = an_run_add_point(into, mb_strdup(theirs->name), theirs->benchmark,
						theirs->params, theirs->neutral);
		join_point(mine, theirs, into->boots);
	}
	into->boots += from->boots;
	into->blocks += from->blocks;
	into->samples += from->samples;
	into->lost += from->lost;
	into->ended &= from->ended;
	into->floor_within_boot |= from->floor_within_boot;
	if (!from->valid && into->valid) {
		into->valid = false;
		into->why_invalid = from->why_invalid ? mb_strdup(from->why_invalid) : NULL;
	}
	for (size_t i = 0; i < from->file_count; i++)
		an_run_add_file(into, from->files[i]);
	for (size_t i = 0; i < from->id_count; i++)
		an_run_add_id(into, from->ids[i].text, from->ids[i].boots);
	if (!json_array_size(into->probes))
		json_array_extend(into->probes, from->probes);
}

bool an_run_join(struct an_run *into, const struct an_run *from)
{
	if (!same_experiment(into, from))
		return false;
	join(into, from);
	return true;
}

static const char *build_of(const struct an_run *run)
{
	const char *id = json_string_value(json_object_get(run->env, "build_id"));

	return id ? id : "";
}

char *an_run_append(struct an_run *into, const struct an_run *from)
{
	const char *mine = build_of(into), *theirs = build_of(from);
	const struct an_point *point = different_point(into, from);

	if (an_run_same(into, from))
		return mb_strdup("this run was given already, as another file");
	if (into->insns != from->insns)
		return mb_format("its clock is %s, the first file's %s", an_run_clock(from),
				 an_run_clock(into));
	/* As far as both say it. */
	if (!into->insns && into->emulated != from->emulated &&
	    json_object_get(into->env, "emulated") && json_object_get(from->env, "emulated"))
		return mb_format("it was measured %s emulation, the first file %s",
				 from->emulated ? "in" : "without",
				 into->emulated ? "in it" : "without");
	if (strcmp(into->kernel, from->kernel))
		return mb_format("its kernel is %s, the first file's %s", from->kernel,
				 into->kernel);
	if (*mine && *theirs && strcmp(mine, theirs))
		return mb_strdup("its kernel is another build than the first file's");
	if (into->insns && (into->has_seed != from->has_seed || into->seed != from->seed ||
			    !json_equal(into->config, from->config)))
		return mb_strdup(
			"under the clock insns boots of one side have one seed and one plan, "
			"and its are not the first file's");
	if (point)
		return mb_format("its pages or units at %s are not the first file's", point->name);
	join(into, from);
	return NULL;
}
