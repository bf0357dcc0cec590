// SPDX-License-Identifier: GPL-2.0-or-later
/* The questions that people have: the rows of the first page's table, and which points answer them. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/base/text.h"
#include "analysis/report/asked.h"

#define THERE "direction=to-device", "?memory=private", "?state=exclusive", "?threads=1"
#define BACK "direction=to-system", "?memory=private", "?state=exclusive", "?threads=1"
#define READ "access=read", "?memory=private"
#define TOUCH "journey=system", "?page=base", "?stride=1"

const struct an_asked an_asked[] = {
	{ "A page to the device, 4k",
	  AN_ASKED_PAGE,
	  "migrate",
	  { THERE, "?page=base" },
	  "4k page",
	  "to the device",
	  NULL },
	{ "Of it the module's own part, 4k",
	  AN_ASKED_OWN,
	  "migrate",
	  { THERE, "?page=base" },
	  "own part of a 4k page",
	  "to the device",
	  NULL },
	{ "A page to the device, 2m",
	  AN_ASKED_PAGE,
	  "migrate",
	  { THERE, "page=pmd" },
	  "2m page",
	  "to the device",
	  "device-thp" },
	{ "Of it the module's own part, 2m",
	  AN_ASKED_OWN,
	  "migrate",
	  { THERE, "page=pmd" },
	  "own part of a 2m page",
	  "to the device",
	  NULL },
	{ "A MiB to the device, base pages",
	  AN_ASKED_MIB,
	  "migrate",
	  { THERE, "?page=base" },
	  "MiB to the device",
	  "to the device",
	  NULL },
	{ "A page back to the system, 4k",
	  AN_ASKED_PAGE,
	  "migrate",
	  { BACK, "?page=base" },
	  "4k page",
	  "back to the system",
	  NULL },
	{ "A page back to the system, 2m",
	  AN_ASKED_PAGE,
	  "migrate",
	  { BACK, "page=pmd" },
	  "2m page",
	  "back to the system",
	  "device-thp" },
	{ "A CPU fault, 4k, per page moved",
	  AN_ASKED_PAGE,
	  "fault",
	  { READ, "?page=base" },
	  "4k page",
	  "in a CPU fault",
	  NULL },
	{ "A CPU fault, 2m, per page moved",
	  AN_ASKED_PAGE,
	  "fault",
	  { READ, "page=pmd" },
	  "2m page",
	  "in a CPU fault",
	  "device-thp" },
	{ "Eviction by frame number, 4k",
	  AN_ASKED_PAGE,
	  "evict",
	  { "?memory=private", "?page=base" },
	  "4k page",
	  "in an eviction",
	  NULL },
	{ "move_pages from node to node, 4k",
	  AN_ASKED_PAGE,
	  "numa",
	  { "mode=move_pages", "?page=base" },
	  "4k page of move_pages",
	  "from node to node",
	  NULL },
	{ "move_pages from node to node, 2m",
	  AN_ASKED_PAGE,
	  "numa",
	  { "mode=move_pages", "page=pmd" },
	  "2m page of move_pages",
	  "from node to node",
	  NULL },
	{ "Demotion to a slower node by reclaim, 4k",
	  AN_ASKED_PAGE,
	  "numa",
	  { "mode=demote", "?page=base" },
	  "4k page of demotion",
	  "to a slower node",
	  NULL },
	{ "Demotion to a slower node by reclaim, 2m",
	  AN_ASKED_PAGE,
	  "numa",
	  { "mode=demote", "page=pmd" },
	  "2m page of demotion",
	  "to a slower node",
	  NULL },
	{ "mprotect of 512 pages, 1 CPU",
	  AN_ASKED_CALL,
	  "tlb",
	  { "op=mprotect", "pages=512", "cpus=1" },
	  "call of mprotect for 512 pages",
	  "on 1 CPU",
	  NULL },
	{ "mprotect of 512 pages, 4 CPUs",
	  AN_ASKED_CALL,
	  "tlb",
	  { "op=mprotect", "pages=512", "cpus=4" },
	  "call of mprotect for 512 pages",
	  "on 4 CPUs",
	  NULL },
	{ "Refaults with A/D bits kept",
	  AN_ASKED_REFAULTS,
	  "refault",
	  { "retention=on" },
	  "refaults, bits kept",
	  NULL,
	  "bits-kept" },
	{ "Refaults with A/D bits dropped",
	  AN_ASKED_REFAULTS,
	  "refault",
	  { "retention=off" },
	  "refaults, bits dropped",
	  NULL,
	  "bits-kept" },
	{ "First read of a base page after a move, bits kept",
	  AN_ASKED_TOUCH,
	  "ad",
	  { TOUCH, "access=read", "retention=on" },
	  "bits kept",
	  NULL,
	  "bits-kept" },
	{ "First read of a base page after a move, bits dropped",
	  AN_ASKED_TOUCH,
	  "ad",
	  { TOUCH, "access=read", "retention=off" },
	  "bits dropped",
	  NULL,
	  "bits-kept" },
	{ "First write of a base page after a move, bits kept",
	  AN_ASKED_TOUCH,
	  "ad",
	  { TOUCH, "access=write", "retention=on" },
	  "bits kept, written",
	  NULL,
	  "bits-kept" },
	{ "First write of a base page after a move, bits dropped",
	  AN_ASKED_TOUCH,
	  "ad",
	  { TOUCH, "access=write", "retention=off" },
	  "bits dropped, written",
	  NULL,
	  "bits-kept" },
	{ "IPI rounds of 512 pages to the device, 4k, 3 other CPUs",
	  AN_ASKED_ROUNDS,
	  "migrate",
	  { "batch=512", THERE, "?page=base", "bystanders=3" },
	  "rounds to the device",
	  NULL,
	  "flush-exclusive" },
	{ "IPI rounds of 512 pages by move_pages, 4k, 3 other CPUs",
	  AN_ASKED_ROUNDS,
	  "numa",
	  { "batch=512", "mode=move_pages", "?page=base", "bystanders=3" },
	  "rounds of move_pages",
	  NULL,
	  NULL },
	{ "IPI rounds of a CPU fault, 4k, 3 other CPUs",
	  AN_ASKED_ROUNDS,
	  "fault",
	  { "access=read", "memory=private", "page=base", "bystanders=3" },
	  "rounds of a fault",
	  NULL,
	  NULL },
	{ "IPI rounds of evicting 64 pages, 4k, 3 other CPUs",
	  AN_ASKED_ROUNDS,
	  "evict",
	  { "batch=64", "memory=private", "bystanders=3" },
	  "rounds of an eviction",
	  NULL,
	  NULL },
	{ "TLB flushes of 512 pages that a fork left, 4k",
	  AN_ASKED_FLUSHES,
	  "migrate",
	  { "batch=512", "direction=to-device", "memory=private", "?page=base", "state=unshared" },
	  "flushes after a fork",
	  NULL,
	  NULL },
	{ "TLB flushes of 512 exclusive pages, 4k",
	  AN_ASKED_FLUSHES,
	  "migrate",
	  { "batch=512", THERE, "?page=base" },
	  "flushes",
	  NULL,
	  "flush-exclusive" },
};

const size_t an_asked_count = sizeof(an_asked) / sizeof(an_asked[0]);

char *an_size_of(const struct an_run *run, const char *word)
{
	if (!strcmp(word, "base"))
		return mb_format("%luk", run->base >> 10);
	/* A PMD points to a page of entries of eight bytes. */
	if (!strcmp(word, "pmd"))
		return mb_format("%lum", run->base / 8 * run->base >> 20);
	return NULL;
}

bool an_is_base(const struct an_run *run, const struct an_point *point)
{
	char *base = an_size_of(run, "base");
	bool is = !strcmp(an_param(point, "page"), base);

	free(base);
	return is;
}

char *an_asked_words(const struct an_run *run, const char *words)
{
	static const char *const sizes[][2] = { { "4k", "base" }, { "2m", "pmd" } };
	char *text = mb_strdup("");

	while (*words) {
		size_t i = !strncmp(words, sizes[1][0], 2);
		char *size = strncmp(words, sizes[i][0], 2) ? NULL : an_size_of(run, sizes[i][1]);

		an_extend(&text, "%.*s", size ? (int)strlen(size) : 1, size ? size : words);
		words += size ? 2 : 1;
		free(size);
	}
	return text;
}

static bool has_param(const struct an_run *run, const struct an_point *point, const char *wanted)
{
	bool optional = *wanted == '?';
	const char *key = wanted + optional, *value = strchr(key, '=') + 1;
	char *name = mb_format("%.*s", (int)(value - key - 1), key), *number, *size;
	const json_t *has = an_param_value(point, name);
	bool match = !has && optional;

	free(name);
	if (json_is_string(has)) {
		size = an_size_of(run, value);
		match = !strcmp(json_string_value(has), size ? size : value);
		free(size);
		return match;
	}
	if (!json_is_integer(has))
		return match;
	number = mb_format("%" JSON_INTEGER_FORMAT, json_integer_value(has));
	match = !strcmp(number, value);
	free(number);
	return match;
}

const char *an_asked_counter(enum an_asked_for what)
{
	return what == AN_ASKED_FLUSHES	 ? "tlb_flushes"
	       : what == AN_ASKED_ROUNDS ? "ipi_rounds"
					 : NULL;
}

bool an_asked_matches(const struct an_run *run, const struct an_point *point,
		      const struct an_asked *row)
{
	if (strcmp(point->benchmark, row->benchmark) || !an_summary(point, "total"))
		return false;
	for (size_t p = 0; p < sizeof(row->params) / sizeof(row->params[0]) && row->params[p]; p++)
		if (!has_param(run, point, row->params[p]))
			return false;
	return !an_asked_counter(row->what) ||
	       !isnan(an_counter(point, an_asked_counter(row->what)));
}

const struct an_point *an_asked_counterpart(const struct an_run *run, const struct an_point *point,
					    const struct an_asked *row)
{
	const struct an_point *same = an_run_point(run, point->name);

	if (same && an_asked_matches(run, same, row))
		return same;
	for (size_t i = 0; i < run->point_count; i++) {
		json_t *mine = json_copy(run->points[i].params), *other = json_copy(point->params);
		bool equal;

		json_object_del(mine, "page");
		json_object_del(other, "page");
		equal = json_equal(mine, other);
		json_decref(mine);
		json_decref(other);
		if (equal && an_asked_matches(run, &run->points[i], row))
			return &run->points[i];
	}
	return NULL;
}
