// SPDX-License-Identifier: GPL-2.0-or-later
/* A comparison as one JSON document (docs/json.md). */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/base/text.h"
#include "analysis/compare/compare.h"
#include "analysis/run/environment.h"
#include "analysis/stats/welch.h"

/* Which run a point is of, from 1; with one B nothing needs to be told apart: 0. */
static size_t number_of(const struct an_comparisons *all, size_t at)
{
	return all->count > 1 ? at + 1 : 0;
}

static json_t *number(double value)
{
	return isfinite(value) ? json_real(value) : json_null();
}

static json_t *run_of(const struct an_run *run)
{
	json_t *files = json_array();

	for (size_t i = 0; i < run->file_count; i++)
		json_array_append_new(files, json_string(run->files[i]));
	return json_pack("{s:o,s:s,s:s,s:I,s:b,s:b,s:b}", "files", files, "kernel", run->kernel,
			 "label", run->label, "boots", (json_int_t)run->boots, "emulated",
			 run->emulated, "valid", run->valid, "floor_within_boot",
			 run->floor_within_boot);
}

static json_t *value_of(const struct an_value *value)
{
	return json_pack("{s:o,s:I,s:I,s:o,s:o}", "location", number(value->location), "boots",
			 (json_int_t)value->boots, "samples", (json_int_t)value->samples, "low",
			 number(value->low), "high", number(value->high));
}

static json_t *interval_of(double low, double high)
{
	return isnan(low) ? json_null() : json_pack("[f,f]", low, high);
}

static json_t *pair_of(const struct an_pair *pair, const char *metric, size_t run)
{
	json_t *object = json_pack(
		"{s:s,s:s,s:O,s:s,s:s,s:I,s:o,s:o,s:o,s:o,s:o,s:o,s:o,s:s}", "name",
		pair->point->name, "benchmark", pair->point->benchmark, "params",
		pair->point->params, "metric", metric, "unit", pair->unit, "pages",
		(json_int_t)pair->point->pages, "a", value_of(&pair->a), "b", value_of(&pair->b),
		"ratio", number(pair->ratio), "interval", interval_of(pair->low, pair->high), "p",
		number(pair->adjusted), "p_raw", number(pair->p), "floor", number(pair->floor),
		"verdict", an_verdict_names[pair->verdict]);

	json_object_set_new(object, "boots_needed",
			    pair->boots ? json_integer((json_int_t)pair->boots) : json_null());
	if (*pair->note || *pair->differs) {
		char *note = an_note_words(pair);

		json_object_set_new(object, "note", json_string(note));
		free(note);
	}
	if (run)
		json_object_set_new(object, "run", json_integer((json_int_t)run));
	return object;
}

static json_t *lonely_of(const struct an_comparison *c, bool in_a, bool in_b, size_t run)
{
	json_t *list = json_array();

	for (size_t i = 0; i < c->lonely_count; i++) {
		json_t *object;

		if (c->lonely[i].in_a != in_a || c->lonely[i].in_b != in_b)
			continue;
		object = json_pack("{s:s,s:s}", "name", c->lonely[i].point->name, "why",
				   c->lonely[i].why);
		if (run)
			json_object_set_new(object, "run", json_integer((json_int_t)run));
		json_array_append_new(list, object);
	}
	return list;
}

static void add_means(json_t *list, const struct an_comparison *c, size_t run)
{
	size_t count;
	struct an_mean *means = an_geomeans(c, &count);

	for (size_t i = 0; i < count; i++) {
		json_t *object =
			json_pack("{s:s,s:s,s:I,s:I,s:f,s:o}", "benchmark", means[i].benchmark,
				  "unit", means[i].unit, "points", (json_int_t)means[i].points,
				  "of", (json_int_t)means[i].of, "ratio", means[i].ratio,
				  "interval", interval_of(means[i].low, means[i].high));

		if (run)
			json_object_set_new(object, "run", json_integer((json_int_t)run));
		json_array_append_new(list, object);
	}
	free(means);
}

/* Everything but the points, which are many. */
static json_t *head_of(const struct an_comparisons *all, const char *metric)
{
	json_t *runs = json_array(), *summary = json_object(), *list;
	json_t *correlation = json_array(), *means = json_array();
	json_t *lonely[4] = { json_array(), json_array(), json_array(), json_array() };
	size_t verdicts[AN_VERDICTS] = { 0 };

	for (size_t i = 0; i <= all->count; i++)
		json_array_append_new(runs, run_of(all->runs[i]));
	for (size_t i = 0; i < all->count; i++) {
		for (int k = 0; k < 4; k++) {
			list = lonely_of(&all->at[i], k & 1, k & 2, number_of(all, i));
			json_array_extend(lonely[k], list);
			json_decref(list);
		}
		add_means(means, &all->at[i], number_of(all, i));
		json_array_append_new(correlation, number(all->at[i].correlation));
		for (int v = 0; v < AN_VERDICTS; v++)
			verdicts[v] += all->at[i].verdicts[v];
	}
	for (int v = 0; v < AN_VERDICTS; v++)
		json_object_set_new(summary, an_verdict_names[v],
				    json_integer((json_int_t)verdicts[v]));
	return json_pack("{s:f,s:s,s:s,s:f,s:s?,s:o,s:o,s:o,s:o,s:o,s:o,s:o,s:o,s:o,s:o}", "margin",
			 all->at[0].question.margin, "clock", an_run_clock(all->runs[0]), "metric",
			 metric, "confidence", 1 - AN_ALPHA, "meaning", all->meaning, "runs", runs,
			 "environment", an_env_differences(all->runs, all->count + 1),
			 "not_recorded", an_env_missing(all->runs, all->count + 1), "summary",
			 summary, "boot_correlation", correlation, "only_a", lonely[1], "only_b",
			 lonely[2], "unmeasured", lonely[0], "not_alike", lonely[3], "geomeans",
			 means);
}

void an_compare_json(const struct an_comparisons *all)
{
	char *metric = an_question_words(&all->at[0].question), *head;
	json_t *document = head_of(all, metric), *point;
	const char *comma = "";

	/* Each point is written as it is made: a hundred thousand of them fill the memory. */
	head = json_dumps(document, JSON_COMPACT | JSON_REAL_PRECISION(17));
	printf("%.*s,\"points\":[", head ? (int)strlen(head) - 1 : 0, head);
	for (size_t i = 0; i < all->count; i++)
		for (size_t k = 0; k < all->at[i].count; k++) {
			fputs(comma, stdout);
			comma = ",";
			point = pair_of(&all->at[i].pairs[k], metric, number_of(all, i));
			json_dumpf(point, stdout, JSON_COMPACT | JSON_REAL_PRECISION(17));
			json_decref(point);
		}
	puts("]}");
	free(head);
	json_decref(document);
	free(metric);
}
