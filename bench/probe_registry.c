// SPDX-License-Identifier: GPL-2.0-or-later
/* The list of probes; each adds itself before main(). */
#include <stdlib.h>
#include <string.h>

#include "bench/probe.h"

#define MAX_PROBES 64

static const struct mb_probe *probes[MAX_PROBES + 1];
static size_t count;

static bool before(const struct mb_probe *a, const struct mb_probe *b)
{
	int order = strcmp(b->date, a->date);

	return order ? order < 0 : strcmp(a->id, b->id) < 0;
}

/* Kept sorted, so that no order depends on how the program was linked. */
void mb_probe_register(const struct mb_probe *probe)
{
	size_t at = count;

	if (count == MAX_PROBES)
		abort();
	while (at && before(probe, probes[at - 1])) {
		probes[at] = probes[at - 1];
		at--;
	}
	probes[at] = probe;
	count++;
}

const struct mb_probe *const *mb_probes(void)
{
	return probes;
}

const char *mb_answer_name(enum mb_answer answer)
{
	static const char *const names[MB_ANSWERS] = {
		[MB_PRESENT] = "present",	    [MB_ABSENT] = "absent",
		[MB_UNOBSERVABLE] = "unobservable", [MB_UNVERIFIED] = "unverified",
		[MB_SKIPPED] = "skipped",	    [MB_CONTRADICTION] = "unverified",
	};

	return names[answer];
}

json_t *mb_probe_object(const struct mb_probe *probe, const struct mb_probe_result *result)
{
	json_t *object = json_pack("{s:s, s:s, s:s, s:s, s:s, s:s}", "id", probe->id, "commit",
				   probe->commit, "release", probe->release, "title", probe->title,
				   "answer", mb_answer_name(result->answer), "why", result->why);

	if (result->answer == MB_UNVERIFIED)
		json_object_set_new(object, "seen", json_string(mb_answer_name(result->seen)));
	if (result->answer == MB_CONTRADICTION)
		json_object_set_new(object, "failed", json_true());
	return object;
}
