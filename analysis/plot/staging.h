/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Where a report is made before it is moved into place, so that nothing half
 * written is ever seen: a hidden folder in the output folder, with plots/ and report/ (what
 * will be published) and work/ (data for gnuplot).
 */
#ifndef MIGBENCH_ANALYSIS_PLOT_STAGING_H
#define MIGBENCH_ANALYSIS_PLOT_STAGING_H

#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "analysis/plot/gnuplot.h"
#include "core/base/list.h"

/* The folder for the pages of a report but its first, beside plots/. */
#define AN_STAGING_PAGES "report"

struct an_staging {
	char *out; /* the output folder */
	char *hidden; /* OUT/.report-XXXXXX */
	char *markdown; /* where the report goes in the end */
	char *draft; /* the report while it is written */
	char *plots; /* what links to a plot begin with: "plots/" or "../x/plots/" */
	char *pages; /* what links to a page begin with: "report/" or "../x/report/" */
	char *home; /* from a page back to the report: "../REPORT.md" */
	bool force; /* pages of an earlier report may be replaced */
	const char *heading; /* the first line of a first page, by which an older one is told */
	const struct mb_list *sources; /* what the report is made of, and stays as it is */
	char **made; /* folders made on the way, for taking back */
	size_t made_count, made_capacity;
	struct sigaction old[3]; /* what the signals did before */
	bool svg_only; /* no PNG beside each SVG */
	struct an_gnuplot gnuplot; /* what draws */
	bool no_gnuplot; /* it could not be started; said once */
	char *missing; /* a template that is not there; said once; NULL: none */
};

/* The file that @path, if a link, leads to; malloc'd. NULL after one line: it leads nowhere. */
char *an_staging_place(const char *path);

/*
 * Make the folders. @markdown NULL means OUT/REPORT.md; of a link the file that it leads to is
 * meant. Without @force an existing report is refused. Returns MB_OK, or MB_REQUEST or MB_MACHINE
 * after one line on stderr with nothing left behind.
 */
int an_staging_open(struct an_staging *stage, const char *out, const char *markdown, bool force);

/*
 * The signal (SIGHUP, SIGINT, SIGTERM) that came since an_staging_open(), or 0.
 * While a stage is open they end nothing, so that it can be closed first.
 */
int an_staging_interrupted(void);

/* Path of @folder/@name inside the hidden folder; malloc'd. */
char *an_staging_path(const struct an_staging *stage, const char *folder, const char *name);

/* Open the page @name for writing, with the line that says whose it is; NULL with errno set. */
FILE *an_staging_page(const struct an_staging *stage, const char *name);

/*
 * Move everything into place; pages and plots of an earlier report that this one does not have are
 * removed, and what no report wrote stays. Returns MB_OK, or after one line on stderr MB_MACHINE, or
 * MB_REQUEST, also where a page would have to replace such a thing, or a picture a source.
 */
int an_staging_publish(struct an_staging *stage);

/* Move the report alone into place. Returns MB_OK, or MB_REQUEST or MB_MACHINE after one line on stderr. */
int an_staging_publish_alone(struct an_staging *stage);

/* Remove what is hidden and, unless it was published, the folders made; frees. */
void an_staging_close(struct an_staging *stage);

/* For the two files of staging: a folder that is taken back unless the stage is published; errno is set. */
bool an_staging_folder(struct an_staging *stage, const char *path);

/* Close @out: whether all that was put into it is written; errno says why not. */
bool an_staging_written(FILE *out);

/* The exit status of a write that failed with errno: MB_MACHINE where the room is used up, else MB_REQUEST. */
int an_staging_status(void);

/* MB_REQUEST after one line where @path exists. */
int an_staging_refuse(const char *path);

/* Call @what for each file of @folder until it fails. */
bool an_each_file(const char *folder,
		  bool (*what)(const char *folder, const char *name, const void *data),
		  const void *data);

#endif
