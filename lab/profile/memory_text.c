// SPDX-License-Identifier: GPL-2.0-or-later
/* The memory that was touched, as tables for people. */
#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/text.h"
#include "lab/profile/profile.h"

/* Functions that are shown, and names. */
#define SHOWN 40
#define SHOWN_NAMES 12
/* Less than what is printed is nothing, and has no sign. */
#define LEAST 0.005

/* What a row says of one stretch, a page each. */
enum {
	LINES,
	READ,
	WRITTEN,
	CODE,
	SMALL,
	LARGE,
	BYTES,
	MISSED,
	FIGURES = MISSED + LAB_CACHE_LEVELS
};

static const char *const figure_names[FIGURES] = { "lines", "read", "written", "code",
						   "4KiB",  "2MiB", "bytes" };

static uint64_t figure(const struct lab_touch *touch, size_t which)
{
	const uint64_t all[] = { touch->lines, touch->read,  touch->written, touch->code,
				 touch->small, touch->large, touch->bytes };

	return which < MISSED ? all[which] : touch->missed[which - MISSED];
}

static double a_page(const struct lab_profile *profile, size_t side, uint64_t count)
{
	return (double)count / (double)lab_side_pages(profile, side);
}

static void heading(const char *last, FILE *out)
{
	for (size_t f = 0; f < FIGURES; f++)
		fprintf(out, "%*s", f == BYTES ? 12 : 10,
			f < MISSED ? figure_names[f] : lab_cache_level_names[f - MISSED]);
	fprintf(out, "  %s\n", last);
}

static void row(const struct lab_profile *profile, const struct lab_touch *touch, const char *name,
		FILE *out)
{
	for (size_t f = 0; f < FIGURES; f++)
		fprintf(out, "%*.*f", f == BYTES ? 12 : 10, f == BYTES ? 1 : 2,
			a_page(profile, 0, figure(touch, f)));
	fprintf(out, "  %s\n", name);
}

static bool any(const struct lab_touch *touch)
{
	return touch->lines || touch->code;
}

static bool has_part(const struct lab_profile *profile, size_t part)
{
	for (size_t s = 0; s < profile->side_count; s++)
		if (any(lab_touch_all(profile->sides[s].memory, part)))
			return true;
	return false;
}

/* Lines of each kind in each phase. */
static void print_kinds(const struct lab_profile *profile, FILE *out)
{
	const struct lab_memory *memory = profile->sides[0].memory;

	fprintf(out, "\nlines %sby kind of memory:\n", profile->program ? "" : "a page ");
	for (size_t p = 0; p < LAB_PARTS; p++)
		if (has_part(profile, p))
			fprintf(out, "%10s", lab_part_name(p));
	fprintf(out, "%10s%10s  kind\n", "all", "written");
	for (size_t k = 0; k < LAB_KINDS; k++) {
		const struct lab_touch *all = lab_touch_kind(memory, k, LAB_ALL_PARTS);

		if (!all->lines)
			continue;
		for (size_t p = 0; p < LAB_PARTS; p++)
			if (has_part(profile, p))
				fprintf(out, "%10.2f",
					a_page(profile, 0, lab_touch_kind(memory, k, p)->lines));
		fprintf(out, "%10.2f%10.2f  %s\n", a_page(profile, 0, all->lines),
			a_page(profile, 0, all->written), lab_kind_names[k]);
	}
}

struct whole {
	const char *name;
	const struct lab_touch *touch;
};

static int heavier(const void *left, const void *right)
{
	const struct whole *a = left, *b = right;

	if (a->touch->lines != b->touch->lines)
		return a->touch->lines > b->touch->lines ? -1 : 1;
	if (a->touch->code != b->touch->code)
		return a->touch->code > b->touch->code ? -1 : 1;
	return strcmp(a->name, b->name);
}

/* The heaviest first; @wholes is freed. */
static void print_wholes(const struct lab_profile *profile, struct whole *wholes, size_t count,
			 size_t shown, FILE *out)
{
	qsort(wholes, count, sizeof(*wholes), heavier);
	for (size_t i = 0; i < count && i < shown; i++)
		row(profile, wholes[i].touch, wholes[i].name, out);
	if (count > shown)
		fprintf(out, "and %zu others\n", count - shown);
	free(wholes);
}

static void print_functions(const struct lab_profile *profile, FILE *out)
{
	const struct lab_side *side = &profile->sides[0];
	struct whole *wholes = mb_alloc(side->account->function_count, sizeof(*wholes));
	size_t count = 0;

	for (size_t f = 0; f < side->account->function_count; f++) {
		wholes[count] =
			(struct whole){ side->symbols->functions[f],
					lab_touch_function(side->memory, f, LAB_ALL_PARTS) };
		count += any(wholes[count].touch);
	}
	fprintf(out, "\nby function, each line once in each that touches it:\n");
	heading("function", out);
	print_wholes(profile, wholes, count, SHOWN, out);
}

/* Of what has names, those of the kernel itself. */
static void print_named(const struct lab_profile *profile, FILE *out)
{
	const struct lab_memory *memory = profile->sides[0].memory;
	const struct lab_names *names = memory->names;
	struct whole *wholes = mb_alloc(names->name_count, sizeof(*wholes));
	size_t count = 0;

	for (size_t n = LAB_NAMELESS + 1; n < names->name_count; n++) {
		wholes[count] =
			(struct whole){ names->names[n], lab_touch_name(memory, n, LAB_ALL_PARTS) };
		count += any(wholes[count].touch);
	}
	if (count) {
		fputs("\nof rest, per-CPU and kernel image, by the slab, area or variable:\n", out);
		heading("name", out);
	}
	print_wholes(profile, wholes, count, SHOWN_NAMES, out);
}

static void print_one(const struct lab_profile *profile, FILE *out)
{
	const struct lab_memory *memory = profile->sides[0].memory;

	heading("phase", out);
	for (size_t p = 0; p < LAB_PARTS; p++)
		if (has_part(profile, p))
			row(profile, lab_touch_all(memory, p), lab_part_name(p), out);
	row(profile, lab_touch_all(memory, LAB_ALL_PARTS), "all, each once", out);
	print_kinds(profile, out);
	print_named(profile, out);
	print_functions(profile, out);
}

/* A row of a comparison: what both sides have under one name. */
struct pair {
	const char *group, *name;
	const struct lab_touch *touch[2];
	double weight;
};

static const struct lab_touch nothing;

static double change(const struct lab_profile *profile, const struct pair *pair, size_t which)
{
	double more =
		lab_change(profile, figure(pair->touch[0], which), figure(pair->touch[1], which));

	return fabs(more) < LEAST ? 0 : more;
}

static void print_pair(const struct lab_profile *profile, const struct pair *pair, FILE *out)
{
	static const size_t shown[] = { LINES,		 WRITTEN,	  CODE,
					MISSED + LAB_L1, MISSED + LAB_L2, MISSED + LAB_TLB };

	for (size_t i = 0; i < 2; i++)
		fprintf(out, "%10.2f", a_page(profile, i, pair->touch[i]->lines));
	for (size_t i = 0; i < sizeof(shown) / sizeof(shown[0]); i++)
		fprintf(out, "%+10.2f", change(profile, pair, shown[i]));
	fprintf(out, "  %s%s%s\n", pair->group, *pair->group ? " " : "", pair->name);
}

static int more_changed(const void *left, const void *right)
{
	const struct pair *a = left, *b = right;

	if (a->weight != b->weight)
		return a->weight > b->weight ? -1 : 1;
	return strcmp(a->name, b->name);
}

static const struct lab_touch *of_function(const struct lab_side *side, const char *name)
{
	size_t function = lab_symbols_function(side->symbols, name);

	if (function == LAB_UNNAMED && strcmp(name, side->symbols->functions[LAB_UNNAMED]))
		return &nothing;
	return lab_touch_function(side->memory, function, LAB_ALL_PARTS);
}

static void print_changed(const struct lab_profile *profile, FILE *out)
{
	const struct lab_side *sides = profile->sides;
	size_t room = sides[0].account->function_count + sides[1].account->function_count;
	struct pair *pairs = mb_alloc(room, sizeof(*pairs));
	size_t count = 0;

	for (size_t s = 0; s < 2; s++)
		for (size_t f = 0; f < sides[s].account->function_count; f++) {
			const char *name = sides[s].symbols->functions[f];
			struct pair pair = { "",
					     name,
					     { of_function(&sides[0], name),
					       of_function(&sides[1], name) },
					     0 };

			/* What the first side knows is in already. */
			if (s && lab_symbols_function(sides[0].symbols, name) != LAB_UNNAMED)
				continue;
			pair.weight = fabs(change(profile, &pair, LINES)) +
				      fabs(change(profile, &pair, WRITTEN)) +
				      fabs(change(profile, &pair, CODE)) / 1024;
			if (pair.weight > 0)
				pairs[count++] = pair;
		}
	qsort(pairs, count, sizeof(*pairs), more_changed);
	for (size_t i = 0; i < count && i < SHOWN; i++)
		print_pair(profile, &pairs[i], out);
	if (count > SHOWN)
		fprintf(out, "and %zu others\n", count - SHOWN);
	free(pairs);
}

static void print_two(const struct lab_profile *profile, FILE *out)
{
	const struct lab_memory *a = profile->sides[0].memory, *b = profile->sides[1].memory;

	fprintf(out, "%10s%10s%10s%10s%10s%10s%10s%10s\n", "lines a", "lines b", "b - a", "written",
		"code", "L1", "L2", "TLB");
	for (size_t p = 0; p < LAB_PARTS; p++)
		if (has_part(profile, p))
			print_pair(profile,
				   &(struct pair){ "",
						   lab_part_name(p),
						   { lab_touch_all(a, p), lab_touch_all(b, p) },
						   0 },
				   out);
	print_pair(profile,
		   &(struct pair){
			   "",
			   "all, each once",
			   { lab_touch_all(a, LAB_ALL_PARTS), lab_touch_all(b, LAB_ALL_PARTS) },
			   0 },
		   out);
	fputc('\n', out);
	for (size_t k = 0; k < LAB_KINDS; k++)
		print_pair(profile,
			   &(struct pair){ "",
					   lab_kind_names[k],
					   { lab_touch_kind(a, k, LAB_ALL_PARTS),
					     lab_touch_kind(b, k, LAB_ALL_PARTS) },
					   0 },
			   out);
	fputs("\nfunctions that changed:\n", out);
	print_changed(profile, out);
}

void lab_memory_text(const struct lab_profile *profile, FILE *out)
{
	const struct lab_memory *first = profile->sides[0].memory;

	fprintf(out, "%s\n", profile->name);
	for (size_t s = 0; s < profile->side_count; s++) {
		const struct lab_memory *memory = profile->sides[s].memory;
		unsigned long pages = lab_side_pages(profile, s);

		fprintf(out, "%skernel %s: %" PRIu64 " lines of 64 bytes",
			profile->side_count > 1 ? (s ? "b " : "a ") : "", profile->sides[s].label,
			lab_touch_all(memory, LAB_ALL_PARTS)->lines);
		if (!profile->program)
			fprintf(out, " for %lu page%s", pages, pages == 1 ? "" : "s");
		fprintf(out, "; %" PRIu64 " TLB flushes\n", memory->flushes);
		if (!memory->known)
			fputs("Its page tables could not be read: they, and pages of the task, are "
			      "in rest.\n",
			      out);
	}
	fprintf(out, "Misses are a model's, %s, %s when it begins.\n\n%s:\n", first->model->name,
		first->cold ? "empty" : "warm", profile->program ? "touched" : "touched a page");
	if (profile->side_count == 1)
		print_one(profile, out);
	else
		print_two(profile, out);
}
