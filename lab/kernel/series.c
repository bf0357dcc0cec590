// SPDX-License-Identifier: GPL-2.0-or-later
/* The series of kernels, read out of package names and sorted. */
#include <stdlib.h>
#include <string.h>

#include "core/base/list.h"
#include "core/base/text.h"
#include "lab/kernel/series.h"

bool lab_series_is(const char *package, const char *head)
{
	static const char digits[] = "0123456789";
	size_t length = strlen(head), major, minor;

	if (!length || strncmp(package, head, length))
		return false;
	package += length;
	major = strspn(package, digits);
	if (!major || package[major] != '.')
		return false;
	package += major + 1;
	minor = strspn(package, digits);
	return minor && !package[minor];
}

char *lab_series_head(const char *package)
{
	const char *dash = strrchr(package, '-');

	return mb_format("%.*s", dash ? (int)(dash + 1 - package) : 0, package);
}

static int by_series(const void *a, const void *b)
{
	/* All have the same head, and of numbers and dots this order is dpkg's. */
	return strverscmp(*(char *const *)a, *(char *const *)b);
}

void lab_series_sort(struct mb_list *packages)
{
	if (packages->count)
		qsort(packages->at, packages->count, sizeof(*packages->at), by_series);
}

void lab_series_list(const struct lab_apt *apt, const char *head, struct mb_list *packages)
{
	struct mb_list names = { 0 };

	lab_apt_names(apt, head, &names);
	for (size_t i = 0; i < names.count; i++) {
		char *version = NULL;

		if (lab_series_is(names.at[i], head))
			version = lab_apt_version(apt, names.at[i], NULL);
		if (version)
			mb_list_add(packages, "%s", names.at[i]);
		free(version);
	}
	mb_list_free(&names);
	lab_series_sort(packages);
}
