// SPDX-License-Identifier: GPL-2.0-or-later
/* The pages of a report as one HTML file. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/base/text.h"
#include "analysis/html/html.h"
#include "analysis/report/html.h"
#include "analysis/run/run.h"
#include "core/base/files.h"
#include "core/status.h"

int an_report_html_open(struct an_staging *stage, const char *path, bool force)
{
	char *folder = mb_folder_of(path);
	int status = MB_OK;

	if (!*mb_base_name(path) || mb_is_folder(path))
		status = mb_fail(MB_REQUEST,
				 "report: --format html writes one file, and --out %s names a "
				 "folder: name a file in it",
				 path);
	else if (!force)
		status = an_staging_refuse(path);
	/* What else lies in the folder is nothing to it. */
	if (!status)
		status = an_staging_open(stage, folder, path, true);
	if (!status)
		stage->svg_only = true;
	free(folder);
	return status;
}

/* The kernels of the runs, each once; the array is malloc'd. */
static const char **kernels_of(const struct an_report *report, size_t *count)
{
	const char **kernels = mb_alloc(report->run_count, sizeof(*kernels));
	size_t found;

	*count = 0;
	for (size_t i = 0; i < report->run_count; i++) {
		for (found = 0; found < *count; found++)
			if (!strcmp(kernels[found], report->runs[i]->kernel))
				break;
		if (found == *count)
			kernels[(*count)++] = report->runs[i]->kernel;
	}
	return kernels;
}

int an_report_html(const struct an_report *report, const struct an_pages *pages,
		   const struct an_staging *stage)
{
	struct an_html_page *texts = mb_alloc(pages->count, sizeof(*texts));
	struct an_html html = { .pages = texts, .count = pages->count };
	const char *home = strrchr(report->home, '/');
	char *pictures = an_staging_path(stage, "plots", "");
	FILE *out = fopen(stage->draft, "wxe");
	int status = MB_REQUEST;
	bool done = out;

	html.kernels = kernels_of(report, &html.kernel_count);
	html.pictures = pictures;
	for (size_t i = 0; i < pages->count; i++)
		texts[i] = (struct an_html_page){ .name = pages->at[i].name,
						  .markdown = pages->at[i].text };
	/* The way back to the first page has this name. */
	texts[0].name = home ? home + 1 : report->home;
	if (out) {
		status = an_html_write(out, &html);
		done = an_staging_written(out);
	}
	if (!done)
		status = mb_fail(an_staging_status(), "%s: cannot write there: %s", stage->markdown,
				 strerror(errno));
	free(pictures);
	free((void *)html.kernels);
	free(texts);
	return status;
}
