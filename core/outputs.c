// SPDX-License-Identifier: GPL-2.0-or-later
/* Files that one command writes: no two into one, whatever it is called. */
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "core/base/files.h"
#include "core/outputs.h"
#include "core/status.h"

static bool is_one(const struct stat *a, const struct stat *b)
{
	return a->st_dev == b->st_dev && a->st_ino == b->st_ino;
}

bool mb_same_file(const char *a, const char *b)
{
	struct stat one, other;

	return !stat(a, &one) && !stat(b, &other) && is_one(&one, &other);
}

bool mb_same_place(const char *a, const char *b)
{
	struct stat one, other;
	bool there = !stat(a, &one), same;
	char *in, *also_in;

	if (there != !stat(b, &other))
		return false;
	if (there)
		return is_one(&one, &other) && S_ISREG(one.st_mode);
	in = mb_folder_of(a);
	also_in = mb_folder_of(b);
	/* Where there is no such folder nothing will be written. */
	same = !strcmp(mb_base_name(a), mb_base_name(b)) &&
	       (!strcmp(in, also_in) || mb_same_file(in, also_in));
	free(also_in);
	free(in);
	return same;
}

int mb_outputs_apart(const char *command, const struct mb_output *outputs, size_t count)
{
	for (size_t i = 0; i < count; i++)
		for (size_t j = 0; j < i; j++)
			if (outputs[i].path && outputs[j].path &&
			    mb_same_place(outputs[j].path, outputs[i].path))
				return mb_fail(MB_REQUEST, "%s: --%s and --%s would both write %s",
					       command, outputs[j].option, outputs[i].option,
					       outputs[i].path);
	return MB_OK;
}
