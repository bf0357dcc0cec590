// SPDX-License-Identifier: GPL-2.0-or-later
/* migbench check-run: whether a run file has what others need to trust its figures. */
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/base/table.h"
#include "analysis/commands.h"
#include "analysis/run/operands.h"
#include "analysis/stats/summary.h"
#include "core/base/list.h"
#include "core/base/text.h"
#include "core/options.h"
#include "core/status.h"

/* What the environment of every run has, and that of an emulated one as well. */
static const char *const always[] = { "kernel",	  "build_id",	    "config_sha256", "cmdline",
				      "cpu",	  "mitigations",    "thp",	     "page_size",
				      "topology", "topology_sha256" };
static const char *const emulated[] = { "qemu", "cpu_model" };

struct check {
	const struct an_run *run;
	json_t *results;
	bool bad;
};

/* One result; @why NULL: it is as it should be. */
__attribute__((format(printf, 3, 4))) static void result(struct check *check, const char *what,
							 const char *why, ...)
{
	char *text = NULL;
	va_list words;

	va_start(words, why);
	if (why && vasprintf(&text, why, words) < 0)
		mb_no_memory();
	va_end(words);
	json_array_append_new(check->results,
			      json_pack("{s:s, s:b, s:s*}", "what", what, "ok", !why, "why", text));
	check->bad |= why != NULL;
	free(text);
}

static const char *env(const struct check *check, const char *key)
{
	return json_string_value(json_object_get(check->run->env, key));
}

static void whole(struct check *check)
{
	if (!check->run->ended)
		result(check, "whole", "it has no end: the run was cut short");
	else if (check->run->lost)
		result(check, "whole", "of the blocks that its end counts %zu are not there",
		       check->run->lost);
	else if (!check->run->valid)
		result(check, "whole", "it says of itself that it is not valid: %s",
		       check->run->why_invalid ? check->run->why_invalid : "no reason given");
	else
		result(check, "whole", NULL);
}

static void plan(struct check *check)
{
	const json_t *config = check->run->config;

	if (!json_is_string(json_object_get(config, "suite")) ||
	    !json_is_integer(json_object_get(config, "rounds")) ||
	    !json_is_integer(json_object_get(config, "samples")))
		result(check, "plan", "suite, rounds or samples are not recorded");
	else if (!check->run->has_seed)
		result(check, "plan", "the seed is not recorded");
	else if (json_object_get(config, "perf"))
		result(check, "plan", "perf looked on, and its cost is in the times");
	else
		result(check, "plan", NULL);
}

static void lacking(const struct check *check, const char *const *keys, size_t count,
		    struct mb_list *lacks)
{
	for (size_t i = 0; i < count; i++)
		if (!json_object_get(check->run->env, keys[i]))
			mb_list_add(lacks, "%s", keys[i]);
}

static void environment(struct check *check)
{
	struct mb_list lacks = { 0 };
	char *names;

	lacking(check, always, sizeof(always) / sizeof(always[0]), &lacks);
	if (check->run->emulated)
		lacking(check, emulated, sizeof(emulated) / sizeof(emulated[0]), &lacks);
	names = mb_list_join(&lacks);
	result(check, "environment", lacks.count ? "not recorded: %s" : NULL, names);
	free(names);
	mb_list_free(&lacks);
}

static void module(struct check *check)
{
	const char *module = env(check, "module"), *switches = env(check, "module_switches");

	if (switches)
		result(check, "module", "it was told to spoil or delay: %s", switches);
	else if (!module)
		result(check, "module",
		       "no module is recorded, and so no test of the kernel by it");
	else if (!strstr(module, "self-test passed"))
		result(check, "module", "its self-test is not recorded: %s", module);
	else
		result(check, "module", NULL);
}

/* Under the instruction clock on one CPU boots are the same to the last instruction. */
static void boots(struct check *check)
{
	const struct an_run *run = check->run;
	const char *topology = env(check, "topology");
	bool exact = run->insns && topology && strstr(topology, ", 1 CPU;");
	struct an_identity id = an_identity(run);

	if (run->boots < 2)
		result(check, "boots", "one boot: nothing shows what another one would measure");
	else if (exact && id.different)
		result(check, "boots", "they are to be identical, and are not: %s of %s", id.metric,
		       id.different->name);
	else
		result(check, "boots", NULL);
}

static void samples(struct check *check)
{
	const struct an_run *run = check->run;
	const struct an_point *bad = NULL;

	for (size_t i = 0; i < run->point_count && !bad; i++)
		if (run->points[i].invalid > 0 ||
		    (!run->points[i].blocks && !run->points[i].skip_count))
			bad = &run->points[i];
	if (!run->samples)
		result(check, "samples", "there are none");
	else if (bad && bad->invalid > 0)
		result(check, "samples", "%.0f invalid ones of %s", bad->invalid, bad->name);
	else if (bad)
		result(check, "samples", "%s was neither measured nor skipped with a reason",
		       bad->name);
	else
		result(check, "samples", NULL);
}

static void floors(struct check *check)
{
	const struct an_run *run = check->run;
	size_t count = 0, lacking = 0;

	for (size_t i = 0; i < run->point_count; i++) {
		count += run->points[i].floor_count > 0;
		lacking += run->points[i].blocks && !run->points[i].floor_count;
	}
	if (!count)
		result(check, "floor", "no noise floor was measured: --calibrate");
	else if (lacking)
		result(check, "floor", "%zu points that were measured have none", lacking);
	else if (run->floor_within_boot)
		result(check, "floor", "measured within one boot, it does not know of others");
	else
		result(check, "floor", NULL);
}

static void print(const struct check *check, bool json)
{
	const json_t *one;
	size_t i;

	if (json) {
		json_t *document =
			json_pack("{s:b, s:O}", "ok", !check->bad, "results", check->results);

		json_dumpf(document, stdout, JSON_INDENT(1));
		putchar('\n');
		json_decref(document);
		return;
	}
	json_array_foreach(check->results, i, one) {
		const char *why = json_string_value(json_object_get(one, "why"));
		char *line = mb_format("%s  %s%s%s", why ? "no" : "ok",
				       json_string_value(json_object_get(one, "what")),
				       why ? ": " : "", why ? why : "");

		an_plain(stdout, line);
		putchar('\n');
		free(line);
	}
}

int analysis_check_run(int argc, char **argv)
{
	const char *format = "text";
	const struct mb_option options[] = {
		{ "format", "text|json", "how to print it", MB_OPT_STRING, &format, 0, 0 },
		{ 0 },
	};
	const struct mb_usage usage = {
		.command = "check-run",
		.operands = "RUN",
		.summary = "Say whether a run file has what others need to trust its figures and "
			   "to repeat them: its end, plan, environment, boots that agree, a kernel "
			   "that the module tried, and a noise floor. Exit status 1: it has not.",
		.example = "migbench check-run run.jsonl",
		.min_operands = 1,
		.max_operands = 1,
	};
	int first, status = mb_options(&usage, options, argc, argv, &first);
	struct check check = { 0 };
	struct an_run *run;

	if (status != MB_PARSED)
		return status;
	if (strcmp(format, "text") && strcmp(format, "json"))
		return mb_fail(MB_REQUEST, "check-run: --format is text or json, not '%s'", format);
	status = an_operand_read(argv[first], &run);
	if (status)
		return status;
	check = (struct check){ .run = run, .results = json_array() };
	whole(&check);
	plan(&check);
	environment(&check);
	module(&check);
	boots(&check);
	samples(&check);
	floors(&check);
	print(&check, !strcmp(format, "json"));
	json_decref(check.results);
	an_run_free(run);
	return check.bad ? MB_BAD : MB_OK;
}
