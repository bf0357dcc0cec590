// SPDX-License-Identifier: GPL-2.0-or-later
#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bench/suite.h"
#include "core/datadir.h"
#include "core/status.h"

char *mb_suite_path(const char *name)
{
	const char *dot = strrchr(name, '.');
	char relative[256];

	if (strchr(name, '/') || (dot && !strcmp(dot, ".ini")))
		return strdup(name);
	snprintf(relative, sizeof(relative), "configs/suites/%s.ini", name);
	return mb_data_path(relative);
}

static int is_ini(const struct dirent *entry)
{
	const char *dot = strrchr(entry->d_name, '.');

	return dot && !strcmp(dot, ".ini");
}

void mb_suite_unreadable(const char *name, const char *path)
{
	struct dirent **entries;
	char *folder, known[256] = "";
	size_t used = 0;
	int count;

	if (errno != ENOENT || strchr(name, '/')) {
		mb_fail(MB_REQUEST, "suite %s: cannot read: %s", path, strerror(errno));
		return;
	}
	folder = mb_data_path("configs/suites");
	count = scandir(folder, &entries, is_ini, alphasort);
	for (int i = 0; i < count; i++) {
		int stem = (int)strlen(entries[i]->d_name) - 4;

		if (used < sizeof(known))
			used += (size_t)snprintf(known + used, sizeof(known) - used, "%s%.*s",
						 used ? ", " : "", stem, entries[i]->d_name);
		free(entries[i]);
	}
	if (count >= 0)
		free(entries);
	free(folder);
	mb_fail(MB_REQUEST, "no suite '%s'; known: %s, or a FILE.ini of yours", name, known);
}
