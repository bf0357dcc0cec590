// SPDX-License-Identifier: GPL-2.0-or-later
/* The pictures of a report: a list of them, and how it stands in the text. */
#include <stdlib.h>

#include "analysis/base/text.h"
#include "analysis/draw/pictures.h"

void an_picture_add(struct an_pictures *pictures, char *name, char *alt, char *reading)
{
	pictures->at =
		mb_grow(pictures->at, &pictures->capacity, pictures->count, sizeof(*pictures->at));
	pictures->at[pictures->count++] =
		(struct an_picture){ .name = name, .alt = alt, .reading = reading };
}

void an_picture_end(struct an_pictures *pictures, char *why, const char *missing, char *name,
		    char *alt, char *reading)
{
	if (!why) {
		an_picture_add(pictures, name, alt, reading);
		return;
	}
	free(name);
	free(alt);
	free(reading);
	an_picture_add(pictures, NULL, mb_strdup(missing), why);
}

void an_pictures_free(struct an_pictures *pictures)
{
	for (size_t i = 0; i < pictures->count; i++) {
		free(pictures->at[i].name);
		free(pictures->at[i].alt);
		free(pictures->at[i].reading);
	}
	free(pictures->at);
	*pictures = (struct an_pictures){ 0 };
}

void an_pictures_md(FILE *out, const char *plots, const struct an_pictures *list)
{
	for (size_t i = 0; i < list->count; i++) {
		const struct an_picture *picture = &list->at[i];

		if (!picture->name) {
			fputs("\nNo plot: ", out);
			an_md(out, picture->alt);
			fputs(", because ", out);
			an_md(out, picture->reading);
			fputs(".\n", out);
			continue;
		}
		fputs("\n![", out);
		an_md(out, picture->alt);
		fprintf(out, "](<%s%s.png>)\n\n", plots, picture->name);
		an_md(out, picture->reading);
		fprintf(out, " ([SVG](<%s%s.svg>))\n", plots, picture->name);
	}
}
