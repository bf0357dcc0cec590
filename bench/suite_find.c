// SPDX-License-Identifier: GPL-2.0-or-later
/* Where a suite's file is, and what is said when it is nowhere. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bench/suite.h"
#include "core/base/files.h"
#include "core/base/text.h"
#include "core/datadir.h"
#include "core/status.h"

char *mb_suite_path(const char *name)
{
	const char *dot = strrchr(name, '.');
	char *relative, *path;

	if (strchr(name, '/') || (dot && !strcmp(dot, ".ini")))
		return mb_strdup(name);
	relative = mb_format("configs/suites/%s.ini", name);
	path = mb_data_path(relative);
	free(relative);
	return path;
}

void mb_suite_unreadable(const char *name, const char *path)
{
	struct mb_list names = { 0 };
	char *folder, *known;

	if (errno != ENOENT || strchr(name, '/')) {
		mb_fail(MB_REQUEST, "suite %s: cannot read: %s", path, strerror(errno));
		return;
	}
	folder = mb_data_path("configs/suites");
	mb_names_in(folder, ".ini", &names);
	known = mb_list_join(&names);
	free(folder);
	mb_fail(MB_REQUEST, "no suite '%s'; known: %s, or a FILE.ini of yours", name, known);
	free(known);
	mb_list_free(&names);
}
