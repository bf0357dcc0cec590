// SPDX-License-Identifier: GPL-2.0-or-later
/* One kernel as a picture: below each function what it called, as wide as its instructions. */
#include <stdlib.h>
#include <string.h>

#include "core/status.h"
#include "lab/base/files.h"
#include "lab/profile/svg.h"

#define TOP 62
#define ROW 18
/* Narrower than this nothing can be seen; its count is still in what stands above. */
#define NARROWEST 0.3
#define LETTER 6.6

struct flames {
	const struct lab_profile *profile;
	const struct lab_side *side;
	uint64_t *sums; /* of each path with all below it */
	unsigned int *depths; /* rows below the phase */
	unsigned int deepest;
	double scale; /* pixels an instruction */
	FILE *out;
};

/* A path is made after the one it stands under. */
static void sum_up(struct flames *flames)
{
	const struct lab_account *account = flames->side->account;

	flames->sums = calloc(account->path_count + 1, sizeof(*flames->sums));
	flames->depths = calloc(account->path_count + 1, sizeof(*flames->depths));
	if (!flames->sums || !flames->depths)
		exit(mb_fail(MB_MACHINE, "out of memory"));
	for (size_t i = account->path_count; i-- > 0;) {
		const struct lab_path *path = &account->paths[i];

		flames->sums[i] += path->count;
		if (path->parent != i)
			flames->sums[path->parent] += flames->sums[i];
	}
	for (size_t i = 0; i < account->path_count; i++) {
		size_t parent = account->paths[i].parent;

		flames->depths[i] = parent == i ? 1 : flames->depths[parent] + 1;
		if ((double)flames->sums[i] * flames->scale >= NARROWEST &&
		    flames->depths[i] > flames->deepest)
			flames->deepest = flames->depths[i];
	}
}

static void draw_box(const struct flames *flames, double x, unsigned int row, uint64_t count,
		     size_t part, const char *name)
{
	double width = (double)count * flames->scale, y = TOP + row * ROW;
	size_t fits = width > 3 * LETTER ? (size_t)((width - 6) / LETTER) : 0;
	char *escaped = lab_svg_escape(name), *shown;

	fprintf(flames->out,
		"<g><title>%s (%s): %.1f instructions a page, %.1f %%</title>"
		"<rect x=\"%.1f\" y=\"%.0f\" width=\"%.1f\" height=\"%d\" fill=\"%s\" "
		"stroke=\"white\" stroke-width=\"0.5\"/>",
		escaped, lab_part_name(part), (double)count / (double)flames->profile->pages,
		100.0 * (double)count / (double)flames->side->account->counted, x, y, width,
		ROW - 1, lab_svg_colour(part));
	free(escaped);
	if (fits >= 3) {
		shown = lab_format("%.*s%s", (int)(strlen(name) > fits ? fits - 1 : fits), name,
				   strlen(name) > fits ? "…" : "");
		escaped = lab_svg_escape(shown);
		fprintf(flames->out, "<text x=\"%.1f\" y=\"%.0f\" font-size=\"11\">%s</text>",
			x + 3, y + ROW - 6, escaped);
		free(escaped);
		free(shown);
	}
	fputs("</g>\n", flames->out);
}

/* The paths below @above (or without one, of @part), widest first, from @x on. */
static void draw_below(const struct flames *flames, size_t above, size_t part, double x)
{
	const struct lab_account *account = flames->side->account;
	size_t count = account->path_count;
	bool *drawn = calloc(count + 1, sizeof(*drawn));

	if (!drawn)
		exit(mb_fail(MB_MACHINE, "out of memory"));
	for (;;) {
		size_t widest = count;

		for (size_t i = above == count ? 0 : above + 1; i < count; i++)
			if (!drawn[i] && account->paths[i].part == part &&
			    account->paths[i].parent == (above == count ? i : above) &&
			    (widest == count || flames->sums[i] > flames->sums[widest]))
				widest = i;
		if (widest == count || (double)flames->sums[widest] * flames->scale < NARROWEST)
			break;
		drawn[widest] = true;
		draw_box(flames, x, flames->depths[widest], flames->sums[widest], part,
			 flames->side->symbols->functions[account->paths[widest].function]);
		draw_below(flames, widest, part, x);
		x += (double)flames->sums[widest] * flames->scale;
	}
	free(drawn);
}

void lab_svg_flames(const struct lab_profile *profile, FILE *out)
{
	const struct lab_account *account = profile->sides[0].account;
	struct flames flames = { .profile = profile, .side = &profile->sides[0], .out = out };
	char *title = lab_svg_escape(profile->name), *below;
	double x = LAB_SVG_MARGIN;

	flames.scale = (LAB_SVG_WIDTH - 2 * LAB_SVG_MARGIN) / (double)account->counted;
	sum_up(&flames);
	below = lab_format("kernel %s: %.1f instructions a page, batch of %lu; as wide as its "
			   "instructions, what it called below it",
			   profile->sides[0].label,
			   (double)account->counted / (double)profile->pages, profile->pages);
	lab_svg_begin(out, TOP + (flames.deepest + 1) * ROW + LAB_SVG_MARGIN, title, below);
	for (size_t part = 0; part < LAB_PARTS; part++) {
		if (!account->parts[part])
			continue;
		draw_box(&flames, x, 0, account->parts[part], part, lab_part_name(part));
		draw_below(&flames, account->path_count, part, x);
		x += (double)account->parts[part] * flames.scale;
	}
	lab_svg_end(out);
	free(flames.sums);
	free(flames.depths);
	free(title);
	free(below);
}
