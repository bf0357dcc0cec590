/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the two pictures have in common. */
#ifndef MIGBENCH_LAB_PROFILE_SVG_H
#define MIGBENCH_LAB_PROFILE_SVG_H

#include <stdio.h>

#include "lab/profile/profile.h"

#define LAB_SVG_WIDTH 1200
#define LAB_SVG_MARGIN 20

/* The head: size, style, a title and a line below it (not escaped again). */
void lab_svg_begin(FILE *out, double height, const char *title, const char *below);
void lab_svg_end(FILE *out);

/* @text with what XML reserves replaced; malloc'd. */
char *lab_svg_escape(const char *text);

/* The colour of a phase. */
const char *lab_svg_colour(size_t part);

void lab_svg_flames(const struct lab_profile *profile, FILE *out);
void lab_svg_bars(const struct lab_profile *profile, FILE *out);

#endif
