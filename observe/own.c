// SPDX-License-Identifier: GPL-2.0-or-later
/* What drivers count themselves, where they show it as files of names and numbers. */
#include <glob.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/plain.h"
#include "core/base/text.h"
#include "observe/own.h"
#include "observe/root.h"

#define ROWS_MOST 1024

/* A driver that has such files needs a row here, and no more. */
static const struct {
	const char *driver, *pattern;
	const char *prefix; /* of the names that are about migration */
} sources[] = {
	{ "xe", "/sys/kernel/debug/dri/*/gt*/stats", "svm_" },
	{ "xe", "/sys/kernel/debug/dri/*/tile*/gt*/stats", "svm_" },
};

static void take(struct ob_own *own, const char *source, const char *name, unsigned long long value)
{
	struct ob_own_row *row = NULL;

	for (size_t i = 0; i < own->count && !row; i++)
		if (!strcmp(own->rows[i].name, name) && !strcmp(own->rows[i].source, source))
			row = &own->rows[i];
	if (!row && own->count == ROWS_MOST)
		return;
	if (!row) {
		own->rows = mb_grow(own->rows, &own->capacity, own->count, sizeof(*own->rows));
		row = &own->rows[own->count++];
		*row = (struct ob_own_row){ .source = mb_strdup(source),
					    .name = mb_strdup(name),
					    .before = value };
	}
	row->now = value;
}

/* "name: 12", and nothing behind the number but its unit. */
static void read_file(struct ob_own *own, const char *source, const char *path, const char *prefix)
{
	FILE *in = fopen(path, "re");
	char line[256], name[128];
	unsigned long long value;

	while (in && fgets(line, sizeof(line), in)) {
		const char *at = line + strspn(line, " \t");

		if (sscanf(at, "%127[^: \t\n]%*[: \t]%llu", name, &value) != 2 ||
		    strncmp(name, prefix, strlen(prefix)) != 0)
			continue;
		mb_plain(name);
		take(own, source, name, value);
	}
	if (in)
		fclose(in);
}

void ob_own_read(struct ob_own *own)
{
	for (size_t i = 0; i < sizeof(sources) / sizeof(sources[0]); i++) {
		char *pattern = ob_path(sources[i].pattern);
		size_t skip = strlen(pattern) - strlen(sources[i].pattern);
		glob_t found;

		if (!glob(pattern, 0, NULL, &found)) {
			for (size_t f = 0; f < found.gl_pathc; f++) {
				char *source = mb_format("%s, %s", sources[i].driver,
							 found.gl_pathv[f] + skip);

				read_file(own, source, found.gl_pathv[f], sources[i].prefix);
				free(source);
			}
			globfree(&found);
		}
		free(pattern);
	}
}

void ob_own_free(struct ob_own *own)
{
	for (size_t i = 0; i < own->count; i++) {
		free(own->rows[i].source);
		free(own->rows[i].name);
	}
	free(own->rows);
	*own = (struct ob_own){ 0 };
}
