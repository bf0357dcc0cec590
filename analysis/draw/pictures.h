/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The pictures of a report. */
#ifndef MIGBENCH_ANALYSIS_REPORT_PICTURES_H
#define MIGBENCH_ANALYSIS_REPORT_PICTURES_H

#include <stddef.h>
#include <stdio.h>

/* A picture of the report, or why it is missing. */
struct an_picture {
	char *name; /* file stem; NULL if it is left out */
	char *alt; /* what it shows, in one line */
	char *reading; /* one or two computed sentences, or why it was left out */
};

struct an_pictures {
	struct an_picture *at;
	size_t count, capacity;
};

/* Append a picture; takes the three texts. */
void an_picture_add(struct an_pictures *pictures, char *name, char *alt, char *reading);

/* Append the picture, or where there is one, @why there is none of @missing. Takes the four texts. */
void an_picture_end(struct an_pictures *pictures, char *why, const char *missing, char *name,
		    char *alt, char *reading);
void an_pictures_free(struct an_pictures *pictures);

/* Those of a list in Markdown, each with its reading; links to them begin with @plots. */
void an_pictures_md(FILE *out, const char *plots, const struct an_pictures *list);

#endif
