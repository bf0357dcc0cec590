// SPDX-License-Identifier: GPL-2.0-or-later
/* One picture at a place of the user's choice, rather than among those of a report. */
#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/base/text.h"
#include "analysis/plot/plot.h"
#include "core/base/files.h"
#include "core/status.h"

bool an_plot_file_name(const char *path)
{
	const char *dot = strrchr(path, '.');

	return dot && dot != path && dot[-1] != '/' &&
	       (!strcmp(dot, ".svg") || !strcmp(dot, ".png"));
}

int an_plot_file(const char *path, char *(*draw)(struct an_staging *stage, const void *what),
		 const void *what)
{
	const char *dot = strrchr(path, '.');
	char *place = an_staging_place(path), *folder, *why, *name, *made;
	struct an_staging stage;
	int signal, status;

	if (!place)
		return MB_REQUEST;
	folder = mb_folder_of(place);
	status = an_staging_open(&stage, folder, place, true);
	free(folder);
	free(place);
	if (status)
		return status;
	why = draw(&stage, what);
	name = mb_format("%s%s", AN_PLOT_FILE, dot);
	made = an_staging_path(&stage, "plots", name);
	signal = an_staging_interrupted();
	if (why && !signal)
		status = mb_fail(MB_MACHINE, "%s: no picture: %s", path, why);
	else if (!signal && rename(made, stage.markdown))
		status =
			mb_fail(an_staging_status(), "%s: cannot write: %s", path, strerror(errno));
	free(why);
	free(name);
	free(made);
	an_staging_close(&stage);
	/* As a report does: nothing is left, and the signal may do what it wanted. */
	if (signal)
		raise(signal);
	return status;
}
