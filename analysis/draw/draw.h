/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a report shows of a run, or of several kernels, in pictures. */
#ifndef MIGBENCH_ANALYSIS_REPORT_DRAW_H
#define MIGBENCH_ANALYSIS_REPORT_DRAW_H

#include "analysis/plot/staging.h"
#include "analysis/draw/pictures.h"
#include "analysis/select/series.h"
#include "analysis/select/versions.h"

/*
 * One file each: NAME.c. @stem ends the pictures' file names, and says which run; a number before
 * it says which of several pictures of the run, so that no two names are the same.
 */
void an_plot_batch(struct an_staging *stage, const struct an_family *family, const char *stem,
		   struct an_pictures *pictures);
void an_plot_phases(struct an_staging *stage, const struct an_family *family, const char *stem,
		    struct an_pictures *pictures);
void an_plot_fault(struct an_staging *stage, const struct an_run *run, const char *stem,
		   struct an_pictures *pictures);
void an_plot_numa(struct an_staging *stage, const struct an_run *run, const char *stem,
		  struct an_pictures *pictures);

/* All that is drawn of a run beside its families, and every axis that is drawn nowhere else. */
void an_plot_pictures(struct an_staging *stage, const struct an_run *run, const char *stem,
		      struct an_pictures *pictures);
void an_plot_refault(struct an_staging *stage, const struct an_run *run, const char *stem,
		     struct an_pictures *pictures);

/* A slice of several kernels; not of one run. */
void an_plot_versions(struct an_staging *stage, const struct an_versions *versions,
		      const struct an_slice *slice, const char *stem, struct an_pictures *pictures);

/* All of them: every kind, of every family of the run up to AN_MAX_FAMILIES. */
#define AN_MAX_FAMILIES 4
void an_plot_all(struct an_staging *stage, const struct an_run *run, const char *stem,
		 struct an_pictures *pictures);

#endif
