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

#define TAIL 4096 /* more than an end record has */
#define END "{\"type\":\"end\""

bool lab_cell_whole(const char *path, bool *valid)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	char tail[TAIL + 1], *last;
	ssize_t got = -1;
	struct stat is;
	bool whole;

	if (fd < 0)
		return false;
	if (!fstat(fd, &is))
		got = pread(fd, tail, TAIL, is.st_size > TAIL ? is.st_size - TAIL : 0);
	close(fd);
	/* A line without its end may have lost more than that. */
	if (got < 1 || tail[got - 1] != '\n')
		return false;
	tail[got - 1] = '\0';
	last = strrchr(tail, '\n');
	whole = last && !strncmp(last + 1, END, strlen(END));
	if (whole && valid)
		*valid = !strstr(last, "\"valid\":false");
	return whole;
}

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

char *lab_cell_node(const char *path)
{
	FILE *in = fopen(path, "re");
	char *line = NULL, *rest, *node = NULL;
	size_t size = 0;
	json_t *run;

	if (!in)
		return NULL;
	if (getline(&line, &size, in) > 0 && (run = run_of(line, &rest))) {
		const char *name = mb_record_string(json_object_get(run, "lab"), "node");

		node = name ? mb_strdup(name) : NULL;
		json_decref(run);
	}
	free(line);
	fclose(in);
	return node;
}

/* The text that run and @rest are; malloc'd. */
static char *joined(const json_t *run, const char *rest)
{
	char *line = json_dumps(run, JSON_COMPACT | JSON_REAL_PRECISION(17)), *text;

	if (!line)
		mb_no_memory();
	text = mb_format("%s%s", line, rest);
	free(line);
	return text;
}

/* What of the file is to be the same wherever it is made; malloc'd, NULL: no run file. */
static char *comparable(const char *path)
{
	char *text = mb_read_file(path, NULL), *rest, *end, *date, *all;
	json_t *run = text ? run_of(text, &rest) : NULL;

	if (!run) {
		free(text);
		return NULL;
	}
	json_object_del(run, "id");
	json_object_del(run, "started");
	json_object_del(json_object_get(run, "lab"), "node");
	/* The date stands last in the last record. */
	end = strstr(rest, "\n" END);
	date = end ? strstr(end, ",\"finished\":") : NULL;
	if (date)
		*date = '\0';
	all = joined(run, rest);
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
