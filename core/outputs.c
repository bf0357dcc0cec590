// SPDX-License-Identifier: GPL-2.0-or-later
/* Whether two names are of one file, whatever it is called. */
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "core/base/files.h"
#include "core/base/text.h"
#include "core/outputs.h"

static bool is_one(const struct stat *a, const struct stat *b)
{
	return a->st_dev == b->st_dev && a->st_ino == b->st_ino;
}

bool mb_same_file(const char *a, const char *b)
{
	struct stat one, other;

	return !stat(a, &one) && !stat(b, &other) && is_one(&one, &other);
}

/* @path without links and dots, as far as its folders are there; malloc'd. */
static char *place_of(const char *path)
{
	char *real = realpath(path, NULL), *folder, *in;
	const char *name = mb_base_name(path);

	if (real)
		return real;
	folder = mb_folder_of(path);
	/* Of "." and "/" there is a real path, where there is any. */
	in = strcmp(folder, path) ? place_of(folder) : mb_strdup(folder);
	real = *name && strcmp(name, ".") ? mb_format("%s/%s", in, name) : mb_strdup(in);
	free(in);
	free(folder);
	return real;
}

bool mb_same_place(const char *a, const char *b)
{
	struct stat one, other;
	bool there = !stat(a, &one), same;
	char *mine, *others;

	if (there != !stat(b, &other))
		return false;
	if (there)
		return is_one(&one, &other) && S_ISREG(one.st_mode);
	mine = place_of(a);
	others = place_of(b);
	same = !strcmp(mine, others);
	free(others);
	free(mine);
	return same;
}
