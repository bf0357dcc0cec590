// SPDX-License-Identifier: GPL-2.0-or-later
/* What lab profile --format json wrote, read for a command's --profile. */
#include "analysis/base/profile.h"
#include "core/base/files.h"
#include "core/status.h"

json_t *an_profile_load(const char *command, const char *path)
{
	json_error_t error;
	json_t *all = json_load_file(path, 0, &error);

	if (!all)
		mb_fail(MB_REQUEST,
			"%s: --profile %s: %s; it takes what lab profile --format json "
			"writes",
			command, path, mb_is_folder(path) ? "is a folder" : error.text);
	return all;
}
