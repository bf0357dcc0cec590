// SPDX-License-Identifier: GPL-2.0-or-later
/* Run files and profiles, copied to where their report is published. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "analysis/base/text.h"
#include "analysis/report/originals.h"
#include "core/base/files.h"
#include "core/status.h"

/* The copies, until the report is in place, below the hidden folder. */
#define HIDDEN "originals"

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

/* Whether the copy at @place would be written over another one of @files than it is of. */
static bool is_other(const struct mb_list *files, size_t at, const char *place)
{
	if (mb_same_file(place, files->at[at]))
		return false;
	for (size_t i = 0; i < files->count; i++)
		if (mb_same_file(place, files->at[i]))
			return true;
	return false;
}

/* The names that a report has for itself. */
static bool is_reports(const char *name)
{
	return !strcmp(name, "REPORT.md") || !strcmp(name, "plots") ||
	       !strcmp(name, AN_STAGING_PAGES);
}

/* Of a pipe nothing is left to be copied. */
static bool is_stream(const char *file)
{
	struct stat st;

	return !stat(file, &st) && !S_ISREG(st.st_mode);
}

int an_originals_check(const struct mb_list *files, const char *folder, bool force)
{
	int status = MB_OK;

	for (size_t i = 0; i < files->count && !status; i++) {
		char *place = place_of(folder, files->at[i]);

		if (is_stream(files->at[i]))
			status = mb_fail(
				MB_REQUEST,
				"report: --publish: %s is no regular file, and a copy of it "
				"is to be published; write it into a file first",
				files->at[i]);
		else if (is_reports(mb_base_name(files->at[i])))
			status = mb_fail(
				MB_REQUEST,
				"report: --publish: %s has the name of a part of the report; "
				"rename it",
				files->at[i]);
		else if (named_before(files, i))
			status = mb_fail(MB_REQUEST,
					 "report: --publish: two files are called %s; rename one",
					 mb_base_name(files->at[i]));
		else if (mb_is_folder(place))
			status = mb_fail(MB_REQUEST,
					 "%s is a folder; move it away, or choose another "
					 "--publish",
					 place);
		else if (is_other(files, i, place))
			status = mb_fail(MB_REQUEST,
					 "report: --publish: %s would be written over %s, which "
					 "the report is made of, too; choose another --publish",
					 files->at[i], place);
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

int an_originals_copy(const struct mb_list *files, const struct an_staging *stage)
{
	char *hidden = an_staging_path(stage, HIDDEN, "");
	int status = MB_OK;

	if (mb_make_folders(hidden))
		status = mb_fail(an_staging_status(), "%s: cannot write there: %s", stage->out,
				 strerror(errno));
	for (size_t i = 0; i < files->count && !status; i++) {
		char *place = place_of(stage->out, files->at[i]), *copy, *text = NULL;
		size_t length;

		copy = place_of(hidden, files->at[i]);
		if (!mb_same_file(place, files->at[i])) {
			text = mb_read_file(files->at[i], &length);
			if (!text || mb_write_file(copy, text, length))
				status = mb_fail(an_staging_status(),
						 "%s: cannot be copied to %s: %s", files->at[i],
						 stage->out, strerror(errno));
		}
		free(text);
		free(copy);
		free(place);
	}
	free(hidden);
	return status;
}

int an_originals_publish(const struct mb_list *files, const struct an_staging *stage)
{
	char *hidden = an_staging_path(stage, HIDDEN, "");
	int status = MB_OK;

	for (size_t i = 0; i < files->count && !status; i++) {
		char *copy = place_of(hidden, files->at[i]);
		char *place = place_of(stage->out, files->at[i]);

		/* There is none of what lies there. */
		if (mb_exists(copy) && rename(copy, place))
			status = mb_fail(an_staging_status(), "%s: cannot write: %s", place,
					 strerror(errno));
		free(place);
		free(copy);
	}
	free(hidden);
	return status;
}
