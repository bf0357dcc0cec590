// SPDX-License-Identifier: GPL-2.0-or-later
/* A gate's last word: lines that a commit makes a page touch, though it may execute no more. */
#include <stdlib.h>
#include <string.h>
#include <jansson.h>

#include "core/base/list.h"
#include "core/base/text.h"
#include "core/record/read.h"
#include "core/status.h"
#include "lab/base/self.h"
#include "lab/patch/gate.h"
#include "lab/patch/touched.h"

static int profile(const struct lab_gate *gate, const char *point, const char *json)
{
	struct mb_list words = { 0 };
	char *text = NULL;
	int status;

	lab_self_begin(&words, "lab", "profile");
	mb_list_add(&words, "--kernel=" LAB_GATE_BASE);
	mb_list_add(&words, "--kernel=" LAB_GATE_KERNEL);
	mb_list_add(&words, "--memory");
	mb_list_add(&words, "--point=%s", point);
	mb_list_add(&words, "--json=%s", json);
	lab_self_words(&words, gate->suite, gate->topology, &gate->set, gate->quiet);
	status = lab_self_capture(&words, &text);
	free(text);
	return status;
}

static int say(struct lab_gate *gate, const char *point, size_t number)
{
	char *json = mb_format("%s/memory-%zu.json", gate->folder, number), *line = NULL;
	int status = profile(gate, point, json);

	if (!status)
		status = lab_touched(json, &line);
	if (!status)
		lab_ktap_say(&gate->ktap, "%s: a page touches %s", point, line);
	free(line);
	free(json);
	return status;
}

int lab_gate_memory(struct lab_gate *gate)
{
	char *path = mb_format("%s/compare.json", gate->folder);
	json_t *document = json_load_file(path, 0, NULL);
	const json_t *points = json_object_get(document, "points"), *point;
	size_t said = 0, i;
	int status = MB_OK;

	for (int changed = 1; changed >= 0; changed--)
		json_array_foreach(points, i, point) {
			bool is = strcmp(mb_record_string(point, "verdict"), "equivalent");

			if (status || said >= gate->memories || is != changed)
				continue;
			status = say(gate, mb_record_string(point, "name"), ++said);
		}
	json_decref(document);
	free(path);
	return status;
}
