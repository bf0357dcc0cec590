// SPDX-License-Identifier: GPL-2.0-or-later
/* A gate's verdicts: how the kernel behaves, and what each point costs, against the base. */
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <jansson.h>

#include "core/base/files.h"
#include "core/base/list.h"
#include "core/base/text.h"
#include "core/record/read.h"
#include "core/status.h"
#include "lab/base/self.h"
#include "lab/patch/gate.h"

/* What compare says of two runs; malloc'd. */
static int compare(const struct lab_gate *gate, const char *base, const char *run,
		   const char *format, char **output)
{
	struct mb_list words = { 0 };

	lab_self_begin(&words, "compare", NULL);
	mb_list_add(&words, "%s", base);
	mb_list_add(&words, "%s", run);
	mb_list_add(&words, "--format=%s", format);
	if (gate->margin)
		mb_list_add(&words, "--margin=%s", gate->margin);
	return lab_self_capture(&words, output);
}

int lab_gate_comparable(const struct lab_gate *gate, const char *run)
{
	char *output = NULL;
	int status = compare(gate, run, run, "json", &output);

	free(output);
	return status;
}

/* The probes of a run file: by id, "present", "absent" and so on. */
static json_t *read_probes(const char *path)
{
	char *text = mb_read_file(path, NULL), *rest = text, *line;
	json_t *probes = json_object();

	while ((line = strsep(&rest, "\n"))) {
		json_t *record = strstr(line, "\"probe\"") ? json_loads(line, 0, NULL) : NULL;

		if (mb_record_type(record) == MB_RECORD_PROBE && mb_record_string(record, "id"))
			json_object_set(probes, mb_record_string(record, "id"), record);
		json_decref(record);
	}
	free(text);
	return probes;
}

static void judge_probe(struct lab_gate *gate, struct lab_ktap *ktap, const json_t *probe,
			const json_t *before)
{
	const char *id = mb_record_string(probe, "id"), *why = mb_record_string(probe, "why");
	const char *answer = mb_record_string(probe, "answer");
	const char *old = before ? mb_record_string(before, "answer") : NULL;
	bool changed = old && strcmp(old, answer);
	bool failed = json_is_true(json_object_get(probe, "failed"));

	if (!strcmp(answer, "skipped")) {
		lab_ktap_skip(ktap, id, why ? why : "");
		return;
	}
	if (changed || failed)
		lab_ktap_say(ktap, "%s: %s%s%s; %s", mb_record_string(probe, "title"), answer,
			     changed ? ", was " : "", changed ? old : "", why ? why : "");
	lab_ktap_result(ktap, !failed && !(changed && gate->fail_probe), id);
}

static void judge_probes(struct lab_gate *gate, const char *base, const char *run)
{
	json_t *before = read_probes(base), *now = read_probes(run), *probe;
	struct lab_ktap ktap = { .outs = { gate->ktap.outs[0], gate->ktap.outs[1] }, .depth = 1 };
	const char *id;

	if (!json_object_size(now)) {
		lab_ktap_skip(&gate->ktap, "probes", "no probe ran");
	} else {
		lab_ktap_begin(&ktap, "probes", json_object_size(now));
		json_object_foreach(now, id, probe)
			judge_probe(gate, &ktap, probe, json_object_get(before, id));
		lab_ktap_result(&gate->ktap, !ktap.failed, "probes");
	}
	json_decref(now);
	json_decref(before);
}

static bool is_bad(const struct lab_gate *gate, const char *verdict)
{
	return (gate->fail_slower && !strcmp(verdict, "slower")) ||
	       (gate->fail_faster && !strcmp(verdict, "faster")) ||
	       (gate->fail_inconclusive && !strcmp(verdict, "inconclusive"));
}

static void judge_point(const struct lab_gate *gate, struct lab_ktap *ktap, const json_t *point)
{
	const char *verdict = mb_record_string(point, "verdict");
	double a = json_number_value(json_object_get(json_object_get(point, "a"), "location"));
	double b = json_number_value(json_object_get(json_object_get(point, "b"), "location"));
	double pages = json_number_value(json_object_get(point, "pages"));
	const json_t *floor = json_object_get(point, "floor");
	const char *note = mb_record_string(point, "note");

	if (strcmp(verdict, "equivalent"))
		lab_ktap_say(ktap, "%s: %.1f -> %.1f instructions a page (%+.2f %%)%s%s", verdict,
			     a / pages, b / pages, a > 0 ? 100 * (b / a - 1) : INFINITY,
			     note ? "; " : "", note ? note : "");
	if (strcmp(verdict, "equivalent") && json_is_number(floor))
		lab_ktap_say(ktap, "noise floor %.2f %%", 100 * json_number_value(floor));
	lab_ktap_result(ktap, !is_bad(gate, verdict), mb_record_string(point, "name"));
}

/* Points that one side lacks. */
static void judge_missing(const struct lab_gate *gate, struct lab_ktap *ktap, const json_t *list,
			  bool bad)
{
	const json_t *point;
	size_t i;

	json_array_foreach(list, i, point) {
		const char *name = mb_record_string(point, "name");
		const char *why = mb_record_string(point, "why");

		if (bad && gate->fail_missing) {
			lab_ktap_say(ktap, "missing: %s", why ? why : "");
			lab_ktap_result(ktap, false, name);
		} else {
			lab_ktap_skip(ktap, name, why ? why : "");
		}
	}
}

static void judge_points(struct lab_gate *gate, const json_t *document)
{
	const json_t *points = json_object_get(document, "points"), *point;
	const json_t *gone = json_object_get(document, "only_a");
	const json_t *added = json_object_get(document, "only_b");
	const json_t *nowhere = json_object_get(document, "unmeasured");
	const json_t *other = json_object_get(document, "not_alike");
	struct lab_ktap ktap = { .outs = { gate->ktap.outs[0], gate->ktap.outs[1] }, .depth = 1 };
	size_t i;

	lab_ktap_begin(&ktap, "points",
		       json_array_size(points) + json_array_size(gone) + json_array_size(added) +
			       json_array_size(nowhere) + json_array_size(other));
	json_array_foreach(points, i, point)
		judge_point(gate, &ktap, point);
	judge_missing(gate, &ktap, gone, true);
	judge_missing(gate, &ktap, other, true);
	judge_missing(gate, &ktap, added, false);
	judge_missing(gate, &ktap, nowhere, false);
	lab_ktap_result(&gate->ktap, !ktap.failed, "points");
}

int lab_gate_judge(struct lab_gate *gate, const char *base, const char *run)
{
	char *json = NULL, *text = NULL, *path = mb_format("%s/compare.txt", gate->folder);
	char *document_path = mb_format("%s/compare.json", gate->folder);
	int status = compare(gate, base, run, "json", &json);
	json_t *document = json ? json_loads(json, 0, NULL) : NULL;

	if (!status && !json_is_array(json_object_get(document, "points")))
		status = mb_fail(MB_MACHINE, "migbench compare: unexpected output");
	if (!status)
		status = compare(gate, base, run, "text", &text);
	if (!status && mb_write_file(document_path, json, strlen(json)))
		status = mb_fail(MB_MACHINE, "%s: %m", document_path);
	if (!status && mb_write_file(path, text, strlen(text)))
		status = mb_fail(MB_MACHINE, "%s: %m", path);
	if (!status) {
		judge_probes(gate, base, run);
		judge_points(gate, document);
	}
	json_decref(document);
	free(document_path);
	free(path);
	free(text);
	free(json);
	return status;
}
