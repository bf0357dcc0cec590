// SPDX-License-Identifier: GPL-2.0-or-later
#include <stdlib.h>

#include "core/status.h"
#include "lab/base/files.h"
#include "lab/profile/svg.h"

void lab_svg_begin(FILE *out, double height, const char *title, const char *below)
{
	fprintf(out,
		"<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" height=\"%.0f\" "
		"viewBox=\"0 0 %d %.0f\" font-family=\"sans-serif\" font-size=\"12\">\n"
		"<rect width=\"100%%\" height=\"100%%\" fill=\"white\"/>\n"
		"<text x=\"%d\" y=\"26\" font-size=\"16\" font-weight=\"bold\">%s</text>\n"
		"<text x=\"%d\" y=\"46\" fill=\"#444\">%s</text>\n",
		LAB_SVG_WIDTH, height, LAB_SVG_WIDTH, height, LAB_SVG_MARGIN, title, LAB_SVG_MARGIN,
		below);
}

void lab_svg_end(FILE *out)
{
	fputs("</svg>\n", out);
}

char *lab_svg_escape(const char *text)
{
	char *escaped = NULL;
	size_t length;
	FILE *out = open_memstream(&escaped, &length);

	if (!out)
		exit(mb_fail(MB_MACHINE, "out of memory"));
	for (; *text; text++)
		if (*text == '<')
			fputs("&lt;", out);
		else if (*text == '>')
			fputs("&gt;", out);
		else if (*text == '&')
			fputs("&amp;", out);
		else
			fputc(*text, out);
	fclose(out);
	return escaped;
}

const char *lab_svg_colour(size_t part)
{
	static const char *const colours[LAB_PARTS] = { "#8da0cb", "#ffd92f", "#a6d854", "#e78ac3",
							"#66c2a5", "#cccccc", "#8da0cb" };

	return colours[part];
}

void lab_profile_svg(const struct lab_profile *profile, FILE *out)
{
	if (profile->side_count == 1)
		lab_svg_flames(profile, out);
	else
		lab_svg_bars(profile, out);
}
