// SPDX-License-Identifier: GPL-2.0-or-later
/* A run in memory: points, metrics and columns, found or made. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/base/text.h"
#include "analysis/run/run.h"
#include "analysis/run/words.h"
#include "core/base/plain.h"
#include "core/record/record.h"

struct an_run *an_run_new(void)
{
	struct an_run *run = mb_alloc(1, sizeof(*run));

	an_words_hold();
	run->valid = true;
	run->by_name = json_object();
	run->probes = json_array();
	return run;
}

static void free_point(struct an_point *point)
{
	for (size_t m = 0; m < point->metric_count; m++) {
		struct an_metric *metric = &point->metrics[m];

		for (size_t c = 0; c < metric->count; c++)
			free(metric->columns[c].values);
		free(metric->columns);
	}
	for (size_t i = 0; i < point->counter_count; i++)
		free(point->counters[i].name);
	for (size_t i = 0; i < point->witness_count; i++)
		free(point->witnesses[i].name);
	for (size_t i = 0; i < point->skip_count; i++)
		free(point->skips[i].why);
	free(point->metrics);
	free(point->counters);
	free(point->witnesses);
	for (size_t i = 0; i < point->floor_count; i++)
		free(point->floors[i].metric);
	free(point->floors);
	free(point->skips);
	json_decref(point->params);
	json_decref(point->neutral);
}

void an_run_free(struct an_run *run)
{
	if (!run)
		return;
	for (size_t i = 0; i < run->point_count; i++)
		free_point(&run->points[i]);
	for (size_t i = 0; i < run->file_count; i++)
		free(run->files[i]);
	for (size_t i = 0; i < run->id_count; i++)
		free(run->ids[i].text);
	free(run->points);
	free(run->files);
	free(run->path);
	free(run->ids);
	free(run->tool);
	free(run->started);
	free(run->finished);
	free(run->label);
	free(run->kernel);
	free(run->why_invalid);
	json_decref(run->env);
	json_decref(run->config);
	json_decref(run->lab);
	json_decref(run->probes);
	json_decref(run->by_name);
	free(run);
	an_words_release();
}

void an_run_add_file(struct an_run *run, const char *path)
{
	const char *slash = strrchr(path, '/');
	char *name = mb_strdup(slash ? slash + 1 : path);

	/* It is for readers: nothing is opened by it. */
	mb_plain(name);
	run->files = mb_grow(run->files, &run->file_capacity, run->file_count, sizeof(char *));
	run->files[run->file_count++] = name;
}

void an_run_add_id(struct an_run *run, const char *id, uint64_t boots)
{
	run->ids = mb_grow(run->ids, &run->id_capacity, run->id_count, sizeof(*run->ids));
	run->ids[run->id_count++] = (struct an_id){ mb_strdup(id), boots };
}

bool an_run_same(const struct an_run *a, const struct an_run *b)
{
	for (size_t i = 0; i < a->id_count; i++)
		for (size_t j = 0; j < b->id_count; j++)
			if (a->ids[i].boots & b->ids[j].boots &&
			    !strcmp(a->ids[i].text, b->ids[j].text))
				return true;
	return false;
}

/* The model stands behind the kernel's name: see kernel_of() in parse.c. */
static const char *model_of(const struct an_run *run)
{
	const char *blank = run->x86 ? NULL : strchr(run->kernel, ' ');

	return blank ? blank : "";
}

bool an_run_alike(const struct an_run *a, const struct an_run *b)
{
	return a->x86 == b->x86 && a->base == b->base && !strcmp(model_of(a), model_of(b));
}

const char *an_run_clock(const struct an_run *run)
{
	return run->insns ? "insns" : "time";
}

const char *an_run_node(const struct an_run *run)
{
	return json_string_value(json_object_get(run->lab, "node"));
}

bool an_run_other_node(const struct an_run *a, const struct an_run *b)
{
	const char *mine = an_run_node(a), *other = an_run_node(b);

	return mine && other && strcmp(mine, other) != 0;
}

struct an_point *an_run_point(const struct an_run *run, const char *name)
{
	json_t *index = json_object_get(run->by_name, name);

	return index ? &run->points[json_integer_value(index)] : NULL;
}

/* env.evicts_by, where @point's parameters leave it to the module; "": it was not recorded yet. */
static const char *evicts_by(const struct an_run *run, const struct an_point *point)
{
	const char *function = json_string_value(json_object_get(run->env, "evicts_by"));
	const char *by = an_param(point, "by");
	bool chosen = false;

	if (!strcmp(point->benchmark, "evict"))
		chosen = !*by || !strcmp(by, "module");
	else if (!strcmp(point->benchmark, "oversub"))
		chosen = !strcmp(by, "frames");
	return chosen ? an_word(function ? function : "") : NULL;
}

struct an_point *an_run_add_point(struct an_run *run, char *name, const char *benchmark,
				  json_t *params, json_t *neutral)
{
	struct an_point *point;

	run->points =
		mb_grow(run->points, &run->point_capacity, run->point_count, sizeof(*run->points));
	point = &run->points[run->point_count];
	memset(point, 0, sizeof(*point));
	json_object_set_new(run->by_name, name, json_integer((json_int_t)run->point_count));
	/* The index has a copy, which stays where it is. */
	point->name = json_object_iter_key(json_object_iter_at(run->by_name, name));
	free(name);
	point->benchmark = an_word(benchmark);
	point->params = json_incref(params);
	point->neutral = json_incref(neutral);
	point->evicts_by = evicts_by(run, point);
	run->point_count++;
	return point;
}

struct an_metric *an_point_metric(const struct an_point *point, const char *name)
{
	for (size_t i = 0; i < point->metric_count; i++)
		if (!strcmp(point->metrics[i].name, name))
			return &point->metrics[i];
	return NULL;
}

struct an_metric *an_point_add_metric(struct an_point *point, const char *name, const char *unit)
{
	struct an_metric *metric;

	point->metrics = mb_grow(point->metrics, &point->metric_capacity, point->metric_count,
				 sizeof(*point->metrics));
	metric = &point->metrics[point->metric_count++];
	memset(metric, 0, sizeof(*metric));
	metric->name = an_word(name);
	metric->unit = an_word(unit);
	return metric;
}

struct an_column *an_metric_column(struct an_metric *metric, unsigned int boot)
{
	size_t at = metric->count;

	/* Boots come in order, nearly always. */
	while (at && metric->columns[at - 1].boot > boot)
		at--;
	if (at && metric->columns[at - 1].boot == boot)
		return &metric->columns[at - 1];
	metric->columns = mb_grow(metric->columns, &metric->capacity, metric->count,
				  sizeof(*metric->columns));
	memmove(&metric->columns[at + 1], &metric->columns[at],
		(metric->count - at) * sizeof(*metric->columns));
	metric->columns[at] = (struct an_column){ .boot = boot };
	metric->count++;
	return &metric->columns[at];
}

void an_column_add(struct an_column *column, double value)
{
	if (column->count == column->capacity)
		column->values = mb_grow(column->values, &column->capacity, column->count,
					 sizeof(*column->values));
	column->values[column->count++] = value;
}

void an_column_append(struct an_column *column, const double *values, size_t count)
{
	column->values = mb_grow(column->values, &column->capacity, column->count + count,
				 sizeof(*column->values));
	memcpy(column->values + column->count, values, count * sizeof(*values));
	column->count += count;
}

static struct an_counter *find(struct an_counter *list, size_t count, const char *name)
{
	for (size_t i = 0; i < count; i++)
		if (!strcmp(list[i].name, name))
			return &list[i];
	return NULL;
}

static void add(struct an_counter **list, size_t *count, size_t *capacity,
		const struct an_counter *more)
{
	struct an_counter *counter = find(*list, *count, more->name);

	if (!counter) {
		*list = mb_grow(*list, capacity, *count, sizeof(**list));
		counter = &(*list)[(*count)++];
		*counter = (struct an_counter){ .name = mb_strdup(more->name) };
	}
	counter->sum += more->sum;
	counter->blocks += more->blocks;
}

void an_point_add_counter(struct an_point *point, const char *name, double sum, size_t blocks)
{
	add(&point->counters, &point->counter_count, &point->counter_capacity,
	    &(struct an_counter){ .name = (char *)name, .sum = sum, .blocks = blocks });
}

void an_point_add_witness(struct an_point *point, const char *name, double sum, size_t blocks)
{
	add(&point->witnesses, &point->witness_count, &point->witness_capacity,
	    &(struct an_counter){ .name = (char *)name, .sum = sum, .blocks = blocks });
}

void an_point_add_skip(struct an_point *point, unsigned int boot, const char *why)
{
	point->skips = mb_grow(point->skips, &point->skip_capacity, point->skip_count,
			       sizeof(*point->skips));
	point->skips[point->skip_count++] = (struct an_skip){ .boot = boot, .why = mb_strdup(why) };
}

static double mean(const struct an_counter *counter)
{
	return counter ? counter->sum / (double)counter->blocks : NAN;
}

double an_counter(const struct an_point *point, const char *name)
{
	return mean(find(point->counters, point->counter_count, name));
}

double an_witness(const struct an_point *point, const char *name)
{
	return mean(find(point->witnesses, point->witness_count, name));
}

double an_point_floor(const struct an_point *point, const char *metric)
{
	for (size_t i = 0; i < point->floor_count; i++)
		if (!strcmp(point->floors[i].metric, metric))
			return point->floors[i].floor;
	return NAN;
}

bool an_point_add_floor(struct an_point *point, const char *metric, double floor)
{
	for (size_t i = 0; i < point->floor_count; i++)
		if (!strcmp(point->floors[i].metric, metric)) {
			point->floors[i].floor = fmax(point->floors[i].floor, floor);
			return true;
		}
	if (point->floor_count >= AN_MAX_METRICS)
		return false;
	point->floors = mb_grow(point->floors, &point->floor_capacity, point->floor_count,
				sizeof(*point->floors));
	point->floors[point->floor_count++] =
		(struct an_floor){ .metric = mb_strdup(metric), .floor = floor };
	return true;
}

const json_t *an_param_value(const struct an_point *point, const char *key)
{
	const json_t *value = json_object_get(point->params, key);

	return value ? value : json_object_get(point->neutral, key);
}

const char *an_param(const struct an_point *point, const char *key)
{
	const char *text = json_string_value(an_param_value(point, key));

	return text ? text : "";
}

unsigned long an_param_number(const struct an_point *point, const char *key)
{
	json_int_t value = json_integer_value(an_param_value(point, key));

	return value > 0 ? (unsigned long)value : 0;
}
