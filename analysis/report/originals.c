// SPDX-License-Identifier: GPL-2.0-or-later
/* Run files and profiles, copied to where their report is published. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/base/text.h"
#include "analysis/report/originals.h"
#include "core/base/files.h"
#include "core/outputs.h"
#include "core/status.h"

static char *place_of(const char *folder, const char *file)
{
	return mb_format("%s/%s", folder, mb_base_name(file));
}

static bool named_before(const struct mb_list *files, size_t at)
{
	for (size_t i = 0; i < at; i++)
		if (!strcmp(mb_base_name(files->at[i]), mb_base_name(files->at[at])) &&
		    !mb_same_file(files->at[i], files->at[at]))
			return true;
	return false;
}

int an_originals_check(const struct mb_list *files, const char *folder, bool force)
{
	int status = MB_OK;

	for (size_t i = 0; i < files->count && !status; i++) {
		char *place = place_of(folder, files->at[i]);

		if (named_before(files, i))
			status = mb_fail(MB_REQUEST,
					 "report: --publish: two files are called %s; rename one",
					 mb_base_name(files->at[i]));
		else if (!force && mb_exists(place) && !mb_same_file(place, files->at[i]))
			status = mb_fail(
				MB_REQUEST,
				"%s exists already; --force overwrites it, or choose another "
				"--publish",
				place);
		free(place);
	}
	return status;
}

int an_originals_copy(const struct mb_list *files, const char *folder)
{
	int status = MB_OK;

	for (size_t i = 0; i < files->count && !status; i++) {
		char *place = place_of(folder, files->at[i]), *text;
		size_t length;

		if (!mb_same_file(place, files->at[i])) {
			text = mb_read_file(files->at[i], &length);
			if (!text || mb_write_file(place, text, length))
				status = mb_fail(MB_REQUEST, "%s: cannot be copied to %s: %s",
						 files->at[i], folder, strerror(errno));
			free(text);
		}
		free(place);
	}
	return status;
}
