/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Where a report is made before it is moved into place, so that nothing half
 * written is ever seen: a hidden folder in the output folder, with plots/ (what
 * will be published) and work/ (data for gnuplot).
 */
#ifndef MIGBENCH_ANALYSIS_PLOT_STAGING_H
#define MIGBENCH_ANALYSIS_PLOT_STAGING_H

#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

struct an_staging {
	char *out; /* the output folder */
	char *hidden; /* OUT/.report-XXXXXX */
	char *markdown; /* where the report goes in the end */
	char *draft; /* the report while it is written */
	char *plots; /* what links to a plot begin with: "plots/" or "../x/plots/" */
	char **made; /* folders made on the way, for taking back */
	size_t made_count, made_capacity;
	struct sigaction old[3]; /* what the signals did before */
	bool no_gnuplot; /* it could not be started; said once */
};

/*
 * Make the folders. @markdown NULL means OUT/REPORT.md. Without @force an
 * existing report is refused. Returns MB_OK, or MB_REQUEST after one line on
 * stderr with nothing left behind.
 */
int an_staging_open(struct an_staging *stage, const char *out, const char *markdown, bool force);

/*
 * The signal (SIGHUP, SIGINT, SIGTERM) that came since an_staging_open(), or 0.
 * While a stage is open they end nothing, so that it can be closed first.
 */
int an_staging_interrupted(void);

/* Path of @folder/@name inside the hidden folder; malloc'd. */
char *an_staging_path(const struct an_staging *stage, const char *folder, const char *name);

/*
 * Move everything into place; plots of an earlier report that this one does
 * not have are removed. Returns MB_OK, or MB_REQUEST after one line on stderr.
 */
int an_staging_publish(struct an_staging *stage);

/* Remove what is hidden and, unless it was published, the folders made; frees. */
void an_staging_close(struct an_staging *stage);

#endif
