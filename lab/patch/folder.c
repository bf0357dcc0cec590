// SPDX-License-Identifier: GPL-2.0-or-later
/* A folder for results: the user's, or one that is named after now. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "core/base/files.h"
#include "core/base/list.h"
#include "core/base/text.h"
#include "core/status.h"
#include "lab/kernel/place.h"
#include "lab/patch/folder.h"
#include "lab/patch/going.h"

int lab_result_folder(const char *out, const char *what, bool force, char **folder)
{
	struct mb_list there = { 0 };
	time_t now = time(NULL);
	struct tm tm;
	char stamp[32];
	int status = MB_OK, lock;

	gmtime_r(&now, &tm);
	strftime(stamp, sizeof(stamp), "%Y%m%dT%H%M%SZ", &tm);
	*folder = out ? mb_strdup(out) : mb_format("results/local/%s-%s", what, stamp);
	if (mb_make_folders(*folder))
		return mb_fail(MB_REQUEST, "%s: %m", *folder);
	/* Until this process ends: hours pass before there is a file in it. */
	lock = lab_lock_folder(*folder);
	if (lock < 0 && errno == EWOULDBLOCK) {
		mb_fail(MB_REQUEST, "%s: another migbench is at work there; give another --out",
			*folder);
		free(*folder);
		*folder = NULL; /* not this command's to tidy up */
		return MB_REQUEST;
	}
	mb_names_in(*folder, "", &there);
	if (there.count && !force && !lab_going_is(*folder))
		status = mb_fail(MB_REQUEST, "%s: is not empty; --force overwrites what is there",
				 *folder);
	mb_list_free(&there);
	return status;
}
