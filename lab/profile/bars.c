// SPDX-License-Identifier: GPL-2.0-or-later
/* Two kernels as a picture: a bar for each function that costs more or less, largest first. */
#include <stdlib.h>
#include <string.h>

#include "core/status.h"
#include "lab/base/files.h"
#include "lab/profile/svg.h"

#define TOP 70
#define ROW 20
#define SHOWN 30
/* The names stand on the left, the figures behind the bars. */
#define NAMES 420
#define FIGURES 90

static double a_page(const struct lab_profile *profile, int64_t difference)
{
	return (double)difference / (double)profile->pages;
}

static void draw_bar(const struct lab_profile *profile, const char *name, const char *fill,
		     int64_t difference, double y, double middle, double scale, FILE *out)
{
	double width = (double)llabs(difference) * scale;
	bool more = difference > 0;
	char *escaped = lab_svg_escape(name);

	fprintf(out,
		"<text x=\"%d\" y=\"%.0f\">%s</text>\n"
		"<rect x=\"%.1f\" y=\"%.0f\" width=\"%.1f\" height=\"%d\" fill=\"%s\"/>\n"
		"<text x=\"%.1f\" y=\"%.0f\" text-anchor=\"%s\">%+.1f</text>\n",
		LAB_SVG_MARGIN, y + ROW - 6, escaped, more ? middle : middle - width, y + 2, width,
		ROW - 4, fill, more ? middle + width + 4 : middle - width - 4, y + ROW - 6,
		more ? "start" : "end", a_page(profile, difference));
	free(escaped);
}

void lab_svg_bars(const struct lab_profile *profile, FILE *out)
{
	const struct lab_account *a = profile->sides[0].account, *b = profile->sides[1].account;
	int64_t all = (int64_t)(b->counted - a->counted), others = 0, largest = llabs(all);
	size_t changed = 0, shown;
	double left = NAMES + FIGURES, right = LAB_SVG_WIDTH - LAB_SVG_MARGIN - FIGURES, scale;
	double middle = (left + right) / 2, y = TOP;
	char *title = lab_svg_escape(profile->name), *below;

	while (changed < profile->row_count && lab_row_difference(&profile->rows[changed]))
		changed++;
	shown = changed < SHOWN ? changed : SHOWN;
	for (size_t i = 0; i < changed; i++) {
		int64_t size = llabs(lab_row_difference(&profile->rows[i]));

		largest = size > largest ? size : largest;
		others += i < shown ? 0 : lab_row_difference(&profile->rows[i]);
	}
	largest = llabs(others) > largest ? llabs(others) : largest;
	scale = largest ? (right - left) / 2 / (double)largest : 0;
	below = lab_format("%s against %s, instructions a page (batch of %lu): %.1f to %.1f; red "
			   "is more, green less",
			   profile->sides[1].label, profile->sides[0].label, profile->pages,
			   a_page(profile, (int64_t)a->counted),
			   a_page(profile, (int64_t)b->counted));
	lab_svg_begin(out, TOP + (double)(shown + 2) * ROW + LAB_SVG_MARGIN, title, below);
	for (size_t i = 0; i < shown; i++, y += ROW) {
		const struct lab_row *row = &profile->rows[i];
		const char *only = !row->count[0] ? " (only b)" : !row->count[1] ? " (only a)" : "";
		char *name = lab_format("%s, %s%s", row->function, lab_part_name(row->part), only);

		draw_bar(profile, name, lab_row_difference(row) > 0 ? "#d6604d" : "#4dac26",
			 lab_row_difference(row), y, middle, scale, out);
		free(name);
	}
	if (others) {
		char *name = lab_format("%zu others", changed - shown);

		draw_bar(profile, name, "#bbbbbb", others, y, middle, scale, out);
		free(name);
		y += ROW;
	}
	draw_bar(profile, "all", "#666666", all, y, middle, scale, out);
	fprintf(out, "<line x1=\"%.1f\" y1=\"%d\" x2=\"%.1f\" y2=\"%.0f\" stroke=\"#444\"/>\n",
		middle, TOP, middle, y + ROW);
	lab_svg_end(out);
	free(title);
	free(below);
}
