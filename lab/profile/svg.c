// SPDX-License-Identifier: GPL-2.0-or-later
/* A profile as a picture: a flame graph of one kernel, bars for the difference of two. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/text.h"
#include "core/status.h"
#include "lab/profile/profile.h"

#define WIDTH 1200
#define MARGIN 20

/* The head: size, style, a title and a line below it (not escaped again). */
static void begin(FILE *out, double height, const char *title, const char *below)
{
	fprintf(out,
		"<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" height=\"%.0f\" "
		"viewBox=\"0 0 %d %.0f\" font-family=\"sans-serif\" font-size=\"12\">\n"
		"<rect width=\"100%%\" height=\"100%%\" fill=\"white\"/>\n"
		"<text x=\"%d\" y=\"26\" font-size=\"16\" font-weight=\"bold\">%s</text>\n"
		"<text x=\"%d\" y=\"46\" fill=\"#444\">%s</text>\n",
		WIDTH, height, WIDTH, height, MARGIN, title, MARGIN, below);
}

static void end(FILE *out)
{
	fputs("</svg>\n", out);
}

/* @text with what XML reserves replaced; malloc'd. */
static char *escape(const char *text)
{
	char *escaped = NULL;
	size_t length;
	FILE *out = mb_text_open(&escaped, &length);

	for (; *text; text++)
		if (*text == '<')
			fputs("&lt;", out);
		else if (*text == '>')
			fputs("&gt;", out);
		else if (*text == '&')
			fputs("&amp;", out);
		else
			fputc(*text, out);
	mb_text_close(out);
	return escaped;
}

/* The colour of a phase. */
static const char *colour(size_t part)
{
	static const char *const colours[LAB_PARTS] = { "#8da0cb", "#ffd92f", "#a6d854", "#e78ac3",
							"#66c2a5", "#cccccc", "#8da0cb", "#a6d854",
							"#8da0cb", "#cccccc" };

	return colours[part];
}

/* One kernel: below each function what it called, as wide as its instructions. */
#define FLAME_TOP 62
#define FLAME_ROW 18
/* Narrower than this nothing can be seen; its count is still in what stands above. */
#define FLAME_NARROWEST 0.3
#define FLAME_LETTER 6.6

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

	flames->sums = mb_alloc(account->path_count + 1, sizeof(*flames->sums));
	flames->depths = mb_alloc(account->path_count + 1, sizeof(*flames->depths));
	for (size_t i = account->path_count; i-- > 0;) {
		const struct lab_path *path = &account->paths[i];

		flames->sums[i] += path->count;
		if (path->parent != i)
			flames->sums[path->parent] += flames->sums[i];
	}
	for (size_t i = 0; i < account->path_count; i++) {
		size_t parent = account->paths[i].parent;

		flames->depths[i] = parent == i ? 1 : flames->depths[parent] + 1;
		if ((double)flames->sums[i] * flames->scale >= FLAME_NARROWEST &&
		    flames->depths[i] > flames->deepest)
			flames->deepest = flames->depths[i];
	}
}

static void draw_box(const struct flames *flames, double x, unsigned int row, uint64_t count,
		     size_t part, const char *name)
{
	double width = (double)count * flames->scale, y = FLAME_TOP + row * FLAME_ROW;
	size_t fits = width > 3 * FLAME_LETTER ? (size_t)((width - 6) / FLAME_LETTER) : 0;
	char *escaped = escape(name), *shown;

	fprintf(flames->out,
		"<g><title>%s (%s): %.1f %s, %.1f %%</title>"
		"<rect x=\"%.1f\" y=\"%.0f\" width=\"%.1f\" height=\"%d\" fill=\"%s\" "
		"stroke=\"white\" stroke-width=\"0.5\"/>",
		escaped, lab_part_name(part),
		(double)count / (double)lab_side_pages(flames->profile, 0),
		lab_profile_unit(flames->profile),
		100.0 * (double)count / (double)flames->side->account->counted, x, y, width,
		FLAME_ROW - 1, colour(part));
	free(escaped);
	if (fits >= 3) {
		shown = mb_format("%.*s%s", (int)(strlen(name) > fits ? fits - 1 : fits), name,
				  strlen(name) > fits ? "…" : "");
		escaped = escape(shown);
		fprintf(flames->out, "<text x=\"%.1f\" y=\"%.0f\" font-size=\"11\">%s</text>",
			x + 3, y + FLAME_ROW - 6, escaped);
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
	bool *drawn = mb_alloc(count + 1, sizeof(*drawn));

	for (;;) {
		size_t widest = count;

		for (size_t i = above == count ? 0 : above + 1; i < count; i++)
			if (!drawn[i] && account->paths[i].part == part &&
			    account->paths[i].parent == (above == count ? i : above) &&
			    (widest == count || flames->sums[i] > flames->sums[widest]))
				widest = i;
		if (widest == count ||
		    (double)flames->sums[widest] * flames->scale < FLAME_NARROWEST)
			break;
		drawn[widest] = true;
		draw_box(flames, x, flames->depths[widest], flames->sums[widest], part,
			 flames->side->symbols->functions[account->paths[widest].function]);
		draw_below(flames, widest, part, x);
		x += (double)flames->sums[widest] * flames->scale;
	}
	free(drawn);
}

/* How many pages a value has, if it has any; malloc'd. */
static char *batch_of(const struct lab_profile *profile, const char *before, const char *after)
{
	return profile->program ? mb_strdup("")
				: mb_format("%s%lu%s", before, profile->pages, after);
}

static void draw_flames(const struct lab_profile *profile, FILE *out)
{
	const struct lab_account *account = profile->sides[0].account;
	struct flames flames = { .profile = profile, .side = &profile->sides[0], .out = out };
	char *title = escape(profile->name), *below, *batch;
	double x = MARGIN;

	flames.scale = (WIDTH - 2 * MARGIN) / (double)account->counted;
	sum_up(&flames);
	batch = batch_of(profile, ", batch of ", "");
	below = mb_format("kernel %s: %.1f %s%s; as wide as %s, what it called below "
			  "it",
			  profile->sides[0].label,
			  (double)account->counted / (double)lab_side_pages(profile, 0),
			  lab_profile_unit(profile), batch,
			  profile->sides[0].memory ? "the lines that it touched before all others"
						   : "its instructions");
	free(batch);
	begin(out, FLAME_TOP + (flames.deepest + 1) * FLAME_ROW + MARGIN, title, below);
	for (size_t part = 0; part < LAB_PARTS; part++) {
		if (!account->parts[part])
			continue;
		draw_box(&flames, x, 0, account->parts[part], part, lab_part_name(part));
		draw_below(&flames, account->path_count, part, x);
		x += (double)account->parts[part] * flames.scale;
	}
	end(out);
	free(flames.sums);
	free(flames.depths);
	free(title);
	free(below);
}

/* Two kernels: a bar for each function that costs more or less, largest first. */
#define BAR_TOP 70
#define BAR_ROW 20
#define BAR_SHOWN 30
/* The names stand on the left, the figures behind the bars. */
#define BAR_NAMES 420
#define BAR_FIGURES 90

/* @change is a page's; so is @scale. */
static void draw_bar(const char *name, const char *fill, double change, double y, double middle,
		     double scale, FILE *out)
{
	double width = fabs(change) * scale;
	bool more = change > 0;
	char *escaped = escape(name);

	fprintf(out,
		"<text x=\"%d\" y=\"%.0f\">%s</text>\n"
		"<rect x=\"%.1f\" y=\"%.0f\" width=\"%.1f\" height=\"%d\" fill=\"%s\"/>\n"
		"<text x=\"%.1f\" y=\"%.0f\" text-anchor=\"%s\">%+.1f</text>\n",
		MARGIN, y + BAR_ROW - 6, escaped, more ? middle : middle - width, y + 2, width,
		BAR_ROW - 4, fill, more ? middle + width + 4 : middle - width - 4, y + BAR_ROW - 6,
		more ? "start" : "end", change);
	free(escaped);
}

static double change_of(const struct lab_profile *profile, size_t row)
{
	return lab_change(profile, profile->rows[row].count[0], profile->rows[row].count[1]);
}

static void draw_bars(const struct lab_profile *profile, FILE *out)
{
	const struct lab_account *a = profile->sides[0].account, *b = profile->sides[1].account;
	double all = lab_change(profile, a->counted, b->counted), others = 0, largest = fabs(all);
	size_t changed = 0, shown;
	double left = BAR_NAMES + BAR_FIGURES, right = WIDTH - MARGIN - BAR_FIGURES, scale;
	double middle = (left + right) / 2, y = BAR_TOP;
	char *title = escape(profile->name), *below, *batch;

	while (changed < profile->row_count && change_of(profile, changed) != 0)
		changed++;
	shown = changed < BAR_SHOWN ? changed : BAR_SHOWN;
	for (size_t i = 0; i < changed; i++) {
		largest = fmax(largest, fabs(change_of(profile, i)));
		others += i < shown ? 0 : change_of(profile, i);
	}
	largest = fmax(largest, fabs(others));
	scale = largest > 0 ? (right - left) / 2 / largest : 0;
	batch = batch_of(profile, " (batch of ", ")");
	below = mb_format("%s against %s, %s%s: %.1f to %.1f; red is more, green less",
			  profile->sides[1].label, profile->sides[0].label,
			  lab_profile_unit(profile), batch,
			  (double)a->counted / (double)lab_side_pages(profile, 0),
			  (double)b->counted / (double)lab_side_pages(profile, 1));
	free(batch);
	begin(out, BAR_TOP + (double)(shown + 2) * BAR_ROW + MARGIN, title, below);
	for (size_t i = 0; i < shown; i++, y += BAR_ROW) {
		const struct lab_row *row = &profile->rows[i];
		const char *only = !row->count[0] ? " (only b)" : !row->count[1] ? " (only a)" : "";
		char *name = mb_format("%s, %s%s", row->function, lab_part_name(row->part), only);

		draw_bar(name, change_of(profile, i) > 0 ? "#d6604d" : "#4dac26",
			 change_of(profile, i), y, middle, scale, out);
		free(name);
	}
	if (shown < changed) {
		char *name = mb_format("%zu others", changed - shown);

		draw_bar(name, "#bbbbbb", others, y, middle, scale, out);
		free(name);
		y += BAR_ROW;
	}
	draw_bar("all", "#666666", all, y, middle, scale, out);
	fprintf(out, "<line x1=\"%.1f\" y1=\"%d\" x2=\"%.1f\" y2=\"%.0f\" stroke=\"#444\"/>\n",
		middle, BAR_TOP, middle, y + BAR_ROW);
	end(out);
	free(title);
	free(below);
}

void lab_profile_svg(const struct lab_profile *profile, FILE *out)
{
	if (profile->side_count == 1)
		draw_flames(profile, out);
	else
		draw_bars(profile, out);
}
