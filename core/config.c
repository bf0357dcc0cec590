// SPDX-License-Identifier: GPL-2.0-or-later
/* Configurations by name: suites, kernels and topologies that came with us, or a file of the user's. */
#include <stdlib.h>
#include <string.h>

#include "core/base/files.h"
#include "core/base/list.h"
#include "core/base/text.h"
#include "core/config.h"
#include "core/datadir.h"
#include "core/status.h"

static bool has_ending(const char *name)
{
	size_t length = strlen(name);

	return length > 4 && !strcmp(name + length - 4, ".ini");
}

bool mb_config_is_file(const char *name)
{
	return strchr(name, '/') || has_ending(name);
}

char *mb_config_name(const char *name)
{
	const char *base = mb_base_name(name);

	return mb_format("%.*s", (int)(strlen(base) - (has_ending(base) ? 4 : 0)), base);
}

char *mb_config_missing(const char *kind, const char *name)
{
	char *relative = mb_format("configs/%s", kind), *folder = mb_data_path(relative);
	char *text = NULL, *names;
	struct mb_list known = { 0 };

	mb_names_in(folder, ".ini", &known);
	names = mb_list_join(&known);
	/* "topologies" → "topology": what one of them is called. */
	if (!mb_list_has(&known, name))
		text = mb_format("no %s '%s'; known: %s%s%s%s",
				 !strcmp(kind, "topologies") ? "topology"
				 : !strcmp(kind, "kernels")  ? "kernel"
							     : "suite",
				 name, names, known.count ? "" : " in ", known.count ? "" : folder,
				 known.count ? "" : ", which MIGBENCH_DATA can change");
	free(names);
	mb_list_free(&known);
	free(folder);
	free(relative);
	return text;
}

int mb_config_find(const char *kind, const char *name, char **path)
{
	bool is_file = mb_config_is_file(name);
	char *why = is_file ? NULL : mb_config_missing(kind, name), *relative;

	*path = NULL;
	if (why) {
		mb_fail(MB_REQUEST, "%s, or a FILE.ini of yours", why);
		free(why);
		return MB_REQUEST;
	}
	if (is_file && !mb_exists(name))
		return mb_fail(MB_REQUEST, "%s: cannot read: %m", name);
	if (is_file) {
		*path = mb_strdup(name);
	} else {
		relative = mb_format("configs/%s/%s.ini", kind, name);
		*path = mb_data_path(relative);
		free(relative);
	}
	return MB_OK;
}
