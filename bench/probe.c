// SPDX-License-Identifier: GPL-2.0-or-later
/* migbench probe: the behaviours of the running kernel, commit by commit. */
#include <jansson.h>
#include <stdio.h>
#include <string.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "bench/commands.h"
#include "bench/module.h"
#include "bench/probe.h"
#include "core/options.h"
#include "core/status.h"

/* What a format keeps from one answer to the next. */
struct shown {
	size_t count;
	json_t *document;
};

/* How one format shows the answers, one after the other. */
struct format {
	const char *name;
	void (*begin)(struct shown *shown, const char *kernel);
	void (*add)(struct shown *shown, const struct mb_probe *probe,
		    const struct mb_probe_result *result);
	void (*end)(struct shown *shown);
};

static const char *word(const struct mb_probe_result *result)
{
	return result->answer == MB_CONTRADICTION ? "failed" : mb_answer_name(result->answer);
}

static void text_begin(struct shown *shown, const char *kernel)
{
	(void)shown;
	printf("Linux %s\n\n%-13s %-6s %-13s %s\n", kernel, "ANSWER", "SINCE", "COMMIT",
	       "BEHAVIOUR");
}

static void text_add(struct shown *shown, const struct mb_probe *probe,
		     const struct mb_probe_result *result)
{
	(void)shown;
	printf("%-13s %-6s %-13s %s: %s\n%34s %s%s\n", word(result), probe->release, probe->commit,
	       probe->id, probe->title, "",
	       result->answer == MB_UNVERIFIED
		       ? (result->seen == MB_PRESENT ? "seems present: " : "seems absent: ")
		       : "",
	       result->why);
}

static void text_end(struct shown *shown)
{
	(void)shown;
	puts("\npresent, absent: seen, by a probe that was tried on a kernel or with a switch where\n"
	     "the other is seen; unverified: seen, by a probe that was not; unobservable: nothing\n"
	     "to be seen; skipped: this machine lacks something; failed: no kernel should do that.");
}

static void ktap_begin(struct shown *shown, const char *kernel)
{
	size_t count = 0;

	(void)shown;
	while (mb_probes()[count])
		count++;
	printf("KTAP version 1\n# Linux %s\n1..%zu\n", kernel, count);
}

static void ktap_add(struct shown *shown, const struct mb_probe *probe,
		     const struct mb_probe_result *result)
{
	bool skip = result->answer == MB_UNOBSERVABLE || result->answer == MB_SKIPPED;

	printf("%s %zu %s # %s%s: %s\n", result->answer == MB_CONTRADICTION ? "not ok" : "ok",
	       ++shown->count, probe->id, skip ? "SKIP " : "", word(result), result->why);
}

static void json_begin(struct shown *shown, const char *kernel)
{
	shown->document = json_pack("{s:s, s:[]}", "kernel", kernel, "probes");
}

static void json_add(struct shown *shown, const struct mb_probe *probe,
		     const struct mb_probe_result *result)
{
	json_array_append_new(json_object_get(shown->document, "probes"),
			      mb_probe_object(probe, result));
}

static void json_end(struct shown *shown)
{
	json_dumpf(shown->document, stdout, JSON_COMPACT);
	putchar('\n');
	json_decref(shown->document);
}

static void nothing(struct shown *shown)
{
	(void)shown;
}

static const struct format formats[] = {
	{ "text", text_begin, text_add, text_end },
	{ "ktap", ktap_begin, ktap_add, nothing },
	{ "json", json_begin, json_add, json_end },
};

int bench_probe(int argc, char **argv)
{
	const char *name = "text";
	const struct mb_option options[] = {
		{ "format", "text|ktap|json", "how to print the answers", MB_OPT_STRING, &name, 0,
		  0 },
		{ 0 },
	};
	const struct mb_usage usage = {
		.command = "probe",
		.operands = "",
		.summary = "Ask the running kernel, commit by commit, how it migrates pages.",
		.example = "migbench lab exec --kernel 6.1 -- migbench probe"
	};
	const struct format *format = NULL;
	size_t failed = 0, answered = 0;
	struct shown shown = { 0 };
	struct migbench_info info;
	struct utsname system;
	char why[MB_WHY];
	int first, fd, status = mb_options(&usage, options, argc, argv, &first);

	if (status != MB_PARSED)
		return status;
	for (size_t i = 0; i < sizeof(formats) / sizeof(formats[0]); i++)
		if (!strcmp(name, formats[i].name))
			format = &formats[i];
	if (!format)
		return mb_fail(MB_REQUEST, "probe: --format takes text, ktap or json, not '%s'",
			       name);
	fd = mb_module_open(&info, why);
	if (fd < 0)
		return mb_fail(MB_MACHINE, "%s", why);
	close(fd);
	uname(&system);
	format->begin(&shown, system.release);
	for (const struct mb_probe *const *probe = mb_probes(); *probe; probe++) {
		struct mb_probe_result result;

		mb_probe_ask(*probe, &result);
		failed += result.answer == MB_CONTRADICTION;
		answered++;
		format->add(&shown, *probe, &result);
	}
	format->end(&shown);
	if (!failed)
		return MB_OK;
	fflush(stdout);
	return mb_fail(MB_BAD, "%zu of %zu probes failed: no kernel should behave like this",
		       failed, answered);
}
