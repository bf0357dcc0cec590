// SPDX-License-Identifier: GPL-2.0-or-later
/* lab ab: the cache lines that a patch makes a page touch, though it may execute no more. */
#include <stdio.h>
#include <stdlib.h>

#include "core/base/text.h"
#include "core/status.h"
#include "lab/patch/ab.h"
#include "lab/patch/ab_plan.h"
#include "lab/patch/touched.h"

static int compare(const struct lab_ab *ab, const char *folder, const char *point, size_t number,
		   char **line)
{
	char *name = mb_format("memory-%zu", number), *table = NULL;
	char *path = mb_format("%s/%s.json", folder, name);
	int status = lab_ab_profile(ab, folder, point, name, true, &table);

	if (status <= MB_BAD)
		status = lab_touched(path, line);
	free(table);
	free(path);
	free(name);
	return status;
}

int lab_ab_memory(const struct lab_ab *ab, const char *folder, const struct lab_ab_changes *changes,
		  char **text)
{
	size_t all = ab->program ? 1 : changes->count + changes->others.count, length;
	FILE *out;
	int status = MB_OK;

	*text = NULL;
	if (!ab->memories)
		return MB_OK;
	out = open_memstream(text, &length);
	if (!out)
		mb_no_memory();
	fprintf(out, "Memory that is touched%s, A -> B:\n", ab->program ? "" : " a page");
	for (size_t i = 0; status <= MB_BAD && i < all && i < ab->memories; i++) {
		const char *point = ab->program		 ? NULL
				    : i < changes->count ? changes->at[i].worst
							 : changes->others.at[i - changes->count];
		char *line = NULL;

		status = compare(ab, folder, point, i + 1, &line);
		if (line)
			fprintf(out, "  %s\n    %s\n", point ? point : ab->program[0], line);
		free(line);
	}
	fclose(out);
	return status;
}
