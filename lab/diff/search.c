// SPDX-License-Identifier: GPL-2.0-or-later
/* A hunk's lines looked for in a file: exactly, but for white space, but for its outer lines. */
#include <ctype.h>
#include <string.h>

#include "lab/diff/search.h"

#define MAX_FUZZ 2 /* as patch(1) would have it */

bool lab_lines_same(const struct lab_line *a, const struct lab_line *b)
{
	return a->length == b->length && !memcmp(a->at, b->at, a->length);
}

/* The first of the line from @i on that is no white space, no-break spaces among it. */
static size_t skip(const struct lab_line *line, size_t i)
{
	while (i < line->length) {
		if (isspace((unsigned char)line->at[i]))
			i++;
		else if (i + 1 < line->length && !memcmp(line->at + i, "\xc2\xa0", 2))
			i += 2;
		else
			break;
	}
	return i;
}

/* The same but for white space, wherever it is. */
bool lab_lines_alike(const struct lab_line *a, const struct lab_line *b)
{
	size_t i = 0, j = 0;

	for (;;) {
		i = skip(a, i);
		j = skip(b, j);
		if (i == a->length || j == b->length)
			return i == a->length && j == b->length;
		if (a->at[i++] != b->at[j++])
			return false;
	}
}

bool lab_line_blank(const struct lab_line *line)
{
	for (size_t i = 0; i < line->length; i++)
		if (!isspace((unsigned char)line->at[i]))
			return false;
	return true;
}

static size_t distance(size_t a, size_t b)
{
	return a > b ? a - b : b - a;
}

/* Where all @count lines are in the file, as near to @wanted as can be; -1: nowhere. */
long lab_search(const struct lab_file *file, const struct lab_line *lines, size_t count,
		size_t wanted, lab_same_fn is)
{
	long best = -1;

	for (size_t i = 0; i + count <= file->count; i++) {
		size_t j = 0;

		while (j < count && is(&lines[j], &file->lines[i + j]))
			j++;
		if (j == count &&
		    (best < 0 || distance(i, wanted) < distance((size_t)best, wanted)))
			best = (long)i;
	}
	return best;
}

/* Where most of the lines are, and how many, blank ones not counted. */
size_t lab_search_nearest(const struct lab_look *look, size_t wanted, size_t *most)
{
	const struct lab_hunk *hunk = look->hunk;
	size_t best = 0;

	*most = 0;
	for (size_t i = 0; i < look->file->count; i++) {
		size_t hits = 0;

		for (size_t j = 0; j < hunk->before_count && i + j < look->file->count; j++)
			hits += !lab_line_blank(&hunk->before[j]) &&
				lab_lines_same(&hunk->before[j], &look->file->lines[i + j]);
		if (hits > *most ||
		    (hits == *most && hits && distance(i, wanted) < distance(best, wanted))) {
			*most = hits;
			best = i;
		}
	}
	return best;
}

/* How many lines of context a hunk has at its beginning, or at its end. */
static size_t edge(const struct lab_hunk *hunk, bool end)
{
	size_t count = 0;

	while (count < hunk->before_count &&
	       hunk->before[end ? hunk->before_count - 1 - count : count].context)
		count++;
	return count;
}

/* Whether the lines, without some of the outer ones, are in the file; *@place: of the first one. */
bool lab_search_fuzzy(const struct lab_look *look, size_t wanted, size_t *place)
{
	const struct lab_hunk *hunk = look->hunk;

	for (size_t fuzz = 1; fuzz <= MAX_FUZZ; fuzz++) {
		size_t head = edge(hunk, false), tail = edge(hunk, true), told = 0;
		long found;

		head = head < fuzz ? head : fuzz;
		tail = tail < fuzz ? tail : fuzz;
		if (head + tail >= hunk->before_count)
			continue;
		for (size_t j = head; j < hunk->before_count - tail; j++)
			told += !lab_line_blank(&hunk->before[j]);
		found = told ? lab_search(look->file, hunk->before + head,
					  hunk->before_count - head - tail, wanted + head,
					  lab_lines_same)
			     : -1;
		if (found >= 0) {
			*place = (size_t)found > head ? (size_t)found - head : 0;
			return true;
		}
	}
	return false;
}
