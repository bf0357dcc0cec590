// SPDX-License-Identifier: GPL-2.0-or-later
/* A gate's kernels: built, and measured, by the commands that a user has for that. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <jansson.h>

#include "core/base/files.h"
#include "core/base/list.h"
#include "core/base/text.h"
#include "core/record/read.h"
#include "lab/base/self.h"
#include "lab/patch/gate.h"
#include "lab/patch/going.h"

int lab_gate_build(const struct lab_gate *gate, const char *source, const char *kernel)
{
	struct mb_list words = { 0 };

	lab_self_begin(&words, "lab", "kernel");
	mb_list_add(&words, "build");
	if (source) {
		mb_list_add(&words, "%s", gate->config);
		mb_list_add(&words, "--source=%s", source);
		if (gate->jobs)
			mb_list_add(&words, "--jobs=%lu", gate->jobs);
	} else {
		mb_list_add(&words, "--image=%s", gate->image);
		if (gate->modules)
			mb_list_add(&words, "--modules=%s", gate->modules);
		if (gate->build)
			mb_list_add(&words, "--build=%s", gate->build);
	}
	mb_list_add(&words, "--name=%s", kernel);
	if (gate->quiet)
		mb_list_add(&words, "--quiet");
	/* stdout is for the results. */
	return lab_self_run(&words, 2);
}

int lab_gate_measure(const struct lab_gate *gate, const char *kernel, const char *name)
{
	struct lab_going going = {
		.folder = gate->folder, .name = name, .suite = gate->suite, .force = gate->force
	};
	struct mb_list words = { 0 };
	int status;

	lab_self_begin(&words, "lab", "run");
	mb_list_add(&words, "--kernel=%s", kernel);
	mb_list_add(&words, "--clock=insns");
	mb_list_add(&words, "--probe");
	mb_list_add(&words, "--out=%s/%s.jsonl", gate->folder, name);
	mb_list_add(&words, "--log=%s/%s.log", gate->folder, name);
	lab_self_words(&words, gate->suite, gate->topology, &gate->set, gate->quiet);
	mb_list_add(&going.kernels, "%s", kernel);
	status = lab_going_begin(&going, &words);
	if (!status)
		status = lab_self_run(&words, 2);
	mb_list_free(&going.kernels);
	mb_list_free(&words);
	return status;
}

char *lab_gate_why(const char *path)
{
	char *text = mb_read_file(path, NULL), *rest = text, *line, *why = NULL;

	while (!why && (line = strsep(&rest, "\n"))) {
		json_t *record = json_loads(line, 0, NULL);
		const char *failed = mb_record_type(record) == MB_RECORD_BOOT
					     ? mb_record_string(record, "failed")
					     : NULL;

		why = failed ? mb_strdup(failed) : NULL;
		json_decref(record);
	}
	free(text);
	return why;
}
