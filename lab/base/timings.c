// SPDX-License-Identifier: GPL-2.0-or-later
/* A file of the cache that remembers seconds by name. */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>
#include <jansson.h>

#include "core/base/text.h"
#include "core/datadir.h"
#include "lab/base/timings.h"

#define MOST 1e8 /* three years, or as many objects */

char *lab_timing_build(const char *config, bool from_copy)
{
	return mb_format("build of %s from %s", config, from_copy ? "a copy" : "nothing");
}

char *lab_timing_objects(const char *build)
{
	return mb_format("%s, objects", build);
}

char *lab_timing_boot(const char *suite, const char *clock)
{
	return mb_format("boot of %s, %s", suite, clock);
}

static json_t *load(void)
{
	char *path = mb_cache_path("timings.json");
	json_t *all = json_load_file(path, 0, NULL);

	free(path);
	if (all && json_is_object(all))
		return all;
	json_decref(all);
	return json_object();
}

void lab_timing_note(const char *what, double seconds)
{
	char *path = mb_cache_path("timings.json");
	char *partial = mb_format("%s.%d", path, (int)getpid());
	json_t *all = load();

	json_object_set_new(all, what, json_real(seconds));
	/* Two commands at a time: one of both notes may be lost, the file never is. */
	if (json_dump_file(all, partial, JSON_INDENT(2)) || rename(partial, path))
		unlink(partial);
	json_decref(all);
	free(partial);
	free(path);
}

double lab_timing(const char *what)
{
	json_t *all = load(), *found = json_object_get(all, what);
	double seconds = json_is_number(found) ? json_number_value(found) : -1;

	json_decref(all);
	/* What nobody can have measured is not known. */
	return seconds >= 0 && seconds < MOST ? seconds : -1;
}

double lab_timing_now(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}
