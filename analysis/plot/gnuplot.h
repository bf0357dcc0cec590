/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * gnuplot as a process that draws one picture after the other: to start it takes longer than most
 * pictures do.
 */
#ifndef MIGBENCH_ANALYSIS_PLOT_GNUPLOT_H
#define MIGBENCH_ANALYSIS_PLOT_GNUPLOT_H

#include <stdio.h>
#include <sys/types.h>

/* Begins zeroed. */
struct an_gnuplot {
	pid_t pid;
	FILE *line; /* both ways, a socket: commands to it, its answers back; NULL: it does not run */
};

/*
 * Draw in @folder: FORMAT = @format, then the files @preamble, @style and @body. Nothing of an
 * earlier picture is left. Started where it does not run; after a picture that failed it doesn't.
 * Returns 0; errno where it can't be started, ENOENT where there is none; or -1, and the file "log"
 * in @folder has its words.
 */
int an_gnuplot_draw(struct an_gnuplot *gnuplot, const char *folder, const char *format,
		    const char *preamble, const char *style, const char *body);

/* End it, if it runs. */
void an_gnuplot_end(struct an_gnuplot *gnuplot);

/* @text as a string of gnuplot's: in single quotes nothing is special but the quote itself. */
void an_gnuplot_quote(FILE *out, const char *text);

#endif
