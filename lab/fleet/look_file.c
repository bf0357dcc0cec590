// SPDX-License-Identifier: GPL-2.0-or-later
/* A run file of a cell, looked at from both ends: thousands of them are a matter of a second. */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <jansson.h>

#include "core/base/files.h"
#include "core/base/text.h"
#include "core/record/read.h"
#include "lab/fleet/look.h"

/* The first line of @text as a run record, NULL: it is none; *@rest: what follows it. */
static json_t *run_of(char *text, char **rest)
{
	char *end = strchr(text, '\n');
	json_t *run = end ? json_loadb(text, (size_t)(end - text), 0, NULL) : NULL;

	if (run && mb_record_type(run) == MB_RECORD_RUN) {
		*rest = end;
		return run;
	}
	json_decref(run);
	return NULL;
}

/* The run record that the file at @path begins with; NULL: there is none, or it can't be read. */
static json_t *run_at(const char *path)
{
	FILE *in = fopen(path, "re");
	char *line = NULL, *rest;
	size_t size = 0;
	json_t *run = NULL;

	if (!in)
		return NULL;
	if (getline(&line, &size, in) > 0)
		run = run_of(line, &rest);
	free(line);
	fclose(in);
	return run;
}

char *lab_cell_node(const char *path)
{
	json_t *run = run_at(path);
	const char *name = mb_record_string(json_object_get(run, "lab"), "node");
	char *node = name ? mb_strdup(name) : NULL;

	json_decref(run);
	return node;
}

static bool has_id_of(const json_t *run, const json_t *other)
{
	const char *id = mb_record_string(run, "id"), *its = mb_record_string(other, "id");

	return id && its && !strcmp(id, its);
}

bool lab_cell_is_copy(const char *copy, const char *path)
{
	json_t *one = run_at(copy), *other = run_at(path);
	bool is = has_id_of(one, other);

	json_decref(one);
	json_decref(other);
	return is;
}

bool lab_cell_is_older(const char *copy, const char *path)
{
	json_t *older = run_at(copy), *run = run_at(path);
	const json_t *from = json_object_get(run, "lab"), *config = json_object_get(run, "config");
	const struct mb_run_lab lab = {
		.kernel = mb_record_string(from, "kernel"),
		.topology = mb_record_string(from, "topology"),
		.boots = (unsigned long)mb_record_number(from, "boots"),
		.calibrate = (unsigned long)mb_record_number(from, "calibrate"),
	};
	const struct mb_run_head head = {
		.clock = mb_record_string(run, "clock"),
		.seed = (unsigned long)mb_record_number(run, "seed"),
		.lab = &lab,
	};
	bool is = has_id_of(older, run) ||
		  mb_record_is_run(older, &head, mb_record_string(config, "suite"));

	json_decref(older);
	json_decref(run);
	return is;
}

static char *line_of(const json_t *record)
{
	char *line = json_dumps(record, JSON_COMPACT | JSON_REAL_PRECISION(17));

	if (!line)
		mb_no_memory();
	return line;
}

/* The text that run and @rest are; malloc'd. */
static char *joined(const json_t *run, const char *rest)
{
	char *line = line_of(run), *text = mb_format("%s%s", line, rest);

	free(line);
	return text;
}

/* Cut off @rest its end record; returns that without its date, "" if there is none. malloc'd. */
static char *take_end(char *rest)
{
	size_t length = strlen(rest);
	char *last, *text;
	json_t *end;

	if (length && rest[length - 1] == '\n')
		rest[length - 1] = '\0';
	last = strrchr(rest, '\n');
	end = last ? json_loads(last + 1, 0, NULL) : NULL;
	if (!end || mb_record_type(end) != MB_RECORD_END) {
		json_decref(end);
		return mb_strdup("");
	}
	json_object_del(end, "finished");
	text = line_of(end);
	json_decref(end);
	last[1] = '\0';
	return text;
}

/* What of the file is to be the same wherever it is made; malloc'd, NULL: no run file. */
static char *comparable(const char *path)
{
	char *text = mb_read_file(path, NULL), *rest, *begin, *end, *all;
	json_t *run = text ? run_of(text, &rest) : NULL;

	if (!run) {
		free(text);
		return NULL;
	}
	json_object_del(run, "id");
	json_object_del(run, "started");
	json_object_del(json_object_get(run, "lab"), "node");
	end = take_end(rest);
	begin = joined(run, rest);
	all = mb_format("%s%s", begin, end);
	free(begin);
	free(end);
	json_decref(run);
	free(text);
	return all;
}

bool lab_cell_same(const char *one, const char *other)
{
	char *mine = comparable(one), *theirs = comparable(other);
	bool same = mine && theirs && !strcmp(mine, theirs);

	free(mine);
	free(theirs);
	return same;
}

char *lab_cell_without_node(const char *path)
{
	char *text = mb_read_file(path, NULL), *rest, *all;
	json_t *run = text ? run_of(text, &rest) : NULL;
	const char *clock = run ? mb_record_string(run, "clock") : NULL;

	if (!run) {
		if (text)
			errno = EINVAL;
		free(text);
		return NULL;
	}
	if (clock && strcmp(clock, "time") != 0)
		json_object_del(json_object_get(run, "lab"), "node");
	all = joined(run, rest);
	json_decref(run);
	free(text);
	return all;
}
