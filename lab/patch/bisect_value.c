// SPDX-License-Identifier: GPL-2.0-or-later
/* What a commit's kernel is measured for, and what is remembered of it. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/statvfs.h>
#include <jansson.h>

#include "core/base/files.h"
#include "core/base/list.h"
#include "core/base/text.h"
#include "core/config.h"
#include "core/datadir.h"
#include "core/record/read.h"
#include "core/status.h"
#include "lab/base/defaults.h"
#include "lab/base/self.h"
#include "lab/base/spawn.h"
#include "lab/base/temporary.h"
#include "lab/campaign/program.h"
#include "lab/campaign/suite_check.h"
#include "lab/kernel/compiler.h"
#include "lab/kernel/ini.h"
#include "lab/kernel/module.h"
#include "lab/patch/bisect.h"
#include "lab/vm/topology_choose.h"

#define MAX_BATCH 1000000000000000ul

/* What is read of a run file. */
struct reading {
	const char *name; /* of the point that is wanted */
	json_int_t point; /* its id, -1: not yet known */
	json_t *boots; /* its values, by boot */
	bool counted; /* the clock is insns */
	bool invalid;
};

static void take_block(struct reading *reading, const json_t *block)
{
	char boot[24];
	json_t *values;

	snprintf(boot, sizeof(boot), "%" JSON_INTEGER_FORMAT, mb_record_number(block, "boot"));
	values = json_object_get(reading->boots, boot);
	if (!values) {
		values = json_array();
		json_object_set_new(reading->boots, boot, values);
	}
	json_array_extend(values, (json_t *)mb_record_values(block, "total"));
}

static void take_record(struct reading *reading, const json_t *record)
{
	enum mb_clock clock;
	char *name;

	switch (mb_record_type(record)) {
	case MB_RECORD_RUN:
		reading->counted = mb_clock_parse(mb_record_string(record, "clock"), &clock) &&
				   clock == MB_INSNS;
		break;
	case MB_RECORD_POINT:
		name = mb_record_name(record);
		if (name && !strcmp(name, reading->name))
			reading->point = mb_record_point_id(record);
		free(name);
		break;
	case MB_RECORD_BLOCK:
		if (mb_record_point_id(record) == reading->point)
			take_block(reading, record);
		break;
	case MB_RECORD_END:
		reading->invalid = json_is_false(json_object_get(record, "valid"));
		break;
	default:
		break;
	}
}

/* The median of the boots' medians, as compare has it. */
static double location(json_t *boots)
{
	json_t *medians = json_array(), *values;
	const char *boot;
	double value;

	json_object_foreach(boots, boot, values)
		if (json_array_size(values))
			json_array_append_new(medians, json_real(mb_record_median(values)));
	value = mb_record_median(medians);
	json_decref(medians);
	return value;
}

/* The value of the point in the run file @path; in instructions for the batch. */
static int read_value(const char *path, const char *name, double *value)
{
	struct reading reading = { .name = name, .point = -1 };
	char *text = mb_read_file(path, NULL), *rest = text, *line;

	if (!text)
		return mb_fail(MB_REQUEST, "%s: cannot read: %m", path);
	reading.boots = json_object();
	while ((line = strsep(&rest, "\n"))) {
		json_t *record = json_loads(line, 0, NULL);

		take_record(&reading, record);
		json_decref(record);
	}
	*value = location(reading.boots);
	json_decref(reading.boots);
	free(text);
	if (!reading.counted)
		return mb_fail(MB_REQUEST, "%s: a bisection needs the clock insns", path);
	if (reading.invalid)
		return mb_fail(MB_REQUEST, "%s: is invalid: its boots differ", path);
	return isnan(*value) ? mb_fail(MB_REQUEST, "%s: has no point %s", path, name) : MB_OK;
}

/* A user's file is judged by who reads such files everywhere else. */
static int check_baseline(const char *path)
{
	struct mb_list words = { 0 };

	lab_self_begin(&words, "export", "--format=csv");
	mb_list_add(&words, "--");
	mb_list_add(&words, "%s", path);
	return lab_self_run(&words, -1);
}

static int find_limit(struct lab_bisect *bisect)
{
	unsigned long above;
	char *end;
	double percent;

	if (bisect->above) {
		if (!mb_number(bisect->above, 0, MAX_BATCH, &above))
			return mb_fail(MB_REQUEST,
				       "lab bisect: --bad-above takes a number of instructions, "
				       "not '%s'",
				       bisect->above);
		bisect->limit = (double)above;
		return MB_OK;
	}
	percent = strtod(bisect->slower, &end);
	if (end == bisect->slower || (*end && strcmp(end, "%")) || !(percent >= 0) || percent > 1e6)
		return mb_fail(MB_REQUEST, "lab bisect: --slower takes percent, not '%s'",
			       bisect->slower);
	if (check_baseline(bisect->baseline) ||
	    read_value(bisect->baseline, bisect->name, &bisect->reference))
		return MB_REQUEST;
	bisect->limit = bisect->reference * (1 + percent / 100);
	return MB_OK;
}

static int add_file(struct mb_list *all, const char *path)
{
	char hex[MB_DIGEST_HEX];

	if (mb_digest_file(path, hex))
		return mb_fail(MB_REQUEST, "%s: %m", path);
	mb_list_add(all, "%s", hex);
	return MB_OK;
}

/* The machine by what is in its description, the program and the module that measure, and what they measure. */
static int add_machine(const struct lab_bisect *bisect, struct mb_list *all)
{
	const char *topology = bisect->topology ? bisect->topology : LAB_TOPOLOGY_INSNS;
	char hex[MB_DIGEST_HEX], *path = NULL;
	int status = MB_OK;

	if (lab_topology_is_recorded(topology))
		path = mb_strdup(topology);
	else
		status = mb_config_find("topologies", topology, &path);
	status = status ?: add_file(all, path);
	status = status ?: add_file(all, "/proc/self/exe");
	status = status ?: lab_module_digest(hex);
	if (!status)
		mb_list_add(all, "%s", hex);
	if (!status && bisect->program)
		status = lab_program_digest(&bisect->adds, hex);
	if (!status && bisect->program)
		mb_list_add(all, "%s", hex);
	for (size_t i = 0; bisect->program && bisect->program[i]; i++)
		mb_list_add(all, "%s", bisect->program[i]);
	free(path);
	return status;
}

/* What a value depends on besides the commit, as a digest. */
static int key(struct lab_bisect *bisect, char hex[MB_DIGEST_HEX])
{
	static char gcc[] = "gcc", version[] = "--version";
	char *argv[] = { gcc, version, NULL }, *compiler = NULL, *suite = NULL, *text;
	struct lab_compiler cross = { 0 };
	struct lab_kernel_config config;
	struct mb_list all = { 0 };
	int status = lab_kernel_config(bisect->config, &config);

	if (status)
		return status;
	bisect->arch = config.arch;
	bisect->page = config.page;
	if (config.arch != lab_arch_host()) {
		status = lab_compiler_choose(config.arch, 0, 0, &cross);
		compiler = cross.line ? mb_strdup(cross.line) : NULL;
		lab_compiler_free(&cross);
	} else if (lab_capture(argv, NULL, &compiler)) {
		status = mb_fail(MB_MACHINE, "gcc --version failed");
	}
	mb_list_add(&all, "%s", MB_TOOL);
	mb_list_add(&all, "%s", compiler ? compiler : "");
	mb_list_add(&all, "%s", bisect->name);
	for (size_t i = 0; !status && i < config.fragments.count; i++)
		status = add_file(&all, config.fragments.at[i]);
	status = status ?: mb_config_find("suites", bisect->suite, &suite);
	status = status ?: add_file(&all, suite);
	status = status ?: add_machine(bisect, &all);
	for (size_t i = 0; i < bisect->set.count; i++)
		mb_list_add(&all, "%s", bisect->set.at[i]);
	text = mb_list_join(&all);
	mb_digest(text, strlen(text), hex);
	mb_list_free(&all);
	lab_kernel_config_free(&config);
	free(compiler);
	free(suite);
	free(text);
	return status;
}

int lab_bisect_prepare(struct lab_bisect *bisect)
{
	char hex[MB_DIGEST_HEX], *folder = mb_cache_path("bisect");
	int status = lab_suite_point("lab bisect", bisect->suite, bisect->point, &bisect->set,
				     bisect->program, bisect->config, &bisect->name);

	if (!status)
		status = find_limit(bisect);
	if (!status)
		status = key(bisect, hex);
	if (!status && mb_make_folders(folder))
		status = mb_fail(MB_MACHINE, "%s: %m", folder);
	if (!status)
		bisect->notes = mb_format("%s/%.*s", folder, LAB_KEY_DIGITS, hex);
	free(folder);
	return status;
}

void lab_bisect_free(struct lab_bisect *bisect)
{
	free(bisect->tree);
	free(bisect->name);
	free(bisect->notes);
}

/*
 * The value of "COMMIT VALUE", of which @commit is the beginning, or -1. With its one decimal it is no beginning of
 * another one's.
 */
static double noted(const char *line, const char *commit)
{
	const char *text = line + strcspn(line, " ");
	char *end;
	double value;

	if (!*text || strncmp(line, commit, strlen(commit)))
		return -1;
	value = strtod(++text, &end);
	return *end || end - text < 3 || end[-2] != '.' ? -1 : value;
}

double lab_bisect_noted(const struct lab_bisect *bisect, const char *commit)
{
	char *text = mb_read_file(bisect->notes, NULL), *rest = text, *line;
	double value = -1, found;

	/* A full disk may have cut a line off. */
	while (rest && (line = strsep(&rest, "\n"))) {
		found = noted(line, commit);
		value = found < 0 ? value : found;
	}
	free(text);
	return value;
}

void lab_bisect_note(const struct lab_bisect *bisect, const char *commit, double value)
{
	FILE *out = fopen(bisect->notes, "ae");

	if (out)
		fprintf(out, "\n%s %.1f\n", commit, value); /* whatever the last one left */
	if (!out || fclose(out))
		mb_note("%s: %m; this commit would be measured again", bisect->notes);
}

/* A machine's folder, its initramfs in it, takes this much, without what --add adds; MiB. */
#define MEASURE_ROOM 128UL

static bool has_room(const char *folder)
{
	struct statvfs at;

	return statvfs(folder, &at) ||
	       (unsigned long long)at.f_bavail * at.f_frsize >> 20 >= MEASURE_ROOM;
}

int lab_bisect_measure(const struct lab_bisect *bisect, const char *kernel, double *value)
{
	struct mb_list words = { 0 };
	char *folder = lab_temporary(), *path = mb_format("%s/run.jsonl", folder ? folder : "");
	int status;

	if (!folder) {
		free(path);
		return MB_MACHINE;
	}
	lab_self_begin(&words, "lab", "run");
	mb_list_add(&words, "--kernel=%s", kernel);
	mb_list_add(&words, "--clock=insns");
	mb_list_add(&words, "--only=%s", bisect->name);
	mb_list_add(&words, "--out=%s", path);
	lab_self_words(&words, bisect->suite, bisect->topology, &bisect->set, bisect->quiet);
	lab_program_words(bisect->program, &bisect->adds, &words);
	status = lab_self_run(&words, -1);
	if (!status)
		status = read_value(path, bisect->name, value);
	/* A full disk is no property of the commit. All else is: the request was checked. */
	if (status && !lab_interrupted && !has_room(folder)) {
		mb_note("%s has less than %lu MiB left, so that is not held against the commit; "
			"TMPDIR can be another folder",
			folder, MEASURE_ROOM);
		status = MB_MACHINE;
	} else if (status && !lab_interrupted) {
		status = LAB_BISECT_SKIP;
	}
	free(path);
	free(folder);
	return status;
}

void lab_bisect_verdict(const struct lab_bisect *b, const char *commit, double value)
{
	char *subject = lab_git_subject(commit);

	printf("%.12s  %.1f instructions", commit, value);
	if (b->reference > 0)
		printf(" (%+.2f %%)", 100 * (value / b->reference - 1));
	printf("  %s  %s\n", value > b->limit ? "bad" : "good", subject ? subject : "");
	fflush(stdout);
	free(subject);
}
