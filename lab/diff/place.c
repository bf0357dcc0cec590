// SPDX-License-Identifier: GPL-2.0-or-later
/* A hunk's lines looked for in a file: exactly, but for white space, but for its outer lines. */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/files.h"
#include "core/base/text.h"
#include "lab/diff/damage.h"
#include "lab/diff/hunks.h"
#include "lab/diff/place.h"

#define MAX_FUZZ 2 /* as patch(1) would have it */
#define SHOWN 40 /* characters of a line in a message */

struct file {
	char *text;
	struct lab_line *lines;
	size_t count;
};

/* One hunk that is looked at. */
struct look {
	const struct lab_patch *patch;
	const char *name; /* the file's */
	const struct file *file;
	const struct lab_hunk *hunk;
};

typedef bool (*same_fn)(const struct lab_line *a, const struct lab_line *b);

static bool same(const struct lab_line *a, const struct lab_line *b)
{
	return a->length == b->length && !memcmp(a->at, b->at, a->length);
}

/* The same but for white space, wherever it is. */
static bool alike(const struct lab_line *a, const struct lab_line *b)
{
	size_t i = 0, j = 0;

	for (;;) {
		while (i < a->length && isspace((unsigned char)a->at[i]))
			i++;
		while (j < b->length && isspace((unsigned char)b->at[j]))
			j++;
		if (i == a->length || j == b->length)
			return i == a->length && j == b->length;
		if (a->at[i++] != b->at[j++])
			return false;
	}
}

static bool blank(const struct lab_line *line)
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
static long find(const struct file *file, const struct lab_line *lines, size_t count, size_t wanted,
		 same_fn is)
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
static size_t nearest(const struct look *look, size_t wanted, size_t *most)
{
	const struct lab_hunk *hunk = look->hunk;
	size_t best = 0;

	*most = 0;
	for (size_t i = 0; i < look->file->count; i++) {
		size_t hits = 0;

		for (size_t j = 0; j < hunk->before_count && i + j < look->file->count; j++)
			hits += !blank(&hunk->before[j]) &&
				same(&hunk->before[j], &look->file->lines[i + j]);
		if (hits > *most ||
		    (hits == *most && hits && distance(i, wanted) < distance(best, wanted))) {
			*most = hits;
			best = i;
		}
	}
	return best;
}

/* A line for a message, its white space as single spaces; malloc'd. */
static char *shown(const struct lab_line *line)
{
	char *text = mb_alloc(SHOWN + 4, 1), *to = text;
	size_t i = 0;

	for (; i < line->length && to < text + SHOWN; i++) {
		bool space = isspace((unsigned char)line->at[i]);

		if (space ? to > text && to[-1] != ' ' : true)
			*to++ = space ? ' ' : line->at[i];
	}
	/* No half of a character. */
	while (i < line->length && to > text && (to[-1] & 0x80))
		to--;
	strcpy(to, i < line->length ? "..." : "");
	return text;
}

static char *spaced(const struct look *look, size_t place)
{
	const struct lab_line *ours = NULL, *theirs = NULL;
	const char *what = "has other white space than";
	char *where, *cause;

	for (size_t j = 0; j < look->hunk->before_count && !ours; j++)
		if (!same(&look->hunk->before[j], &look->file->lines[place + j])) {
			ours = &look->hunk->before[j];
			theirs = &look->file->lines[place + j];
		}
	if (!ours)
		return NULL;
	if (memchr(theirs->at, '\t', theirs->length) && !memchr(ours->at, '\t', ours->length))
		what = "has spaces, or nothing, for the tabs of";
	else if (theirs->length > ours->length && !memcmp(theirs->at, ours->at, ours->length))
		what = "has lost the white space at the end of";
	where = lab_diff_where(look->patch, ours->number);
	cause = mb_format("was damaged by a mailer or an editor: %s %s %s:%lu", where, what,
			  look->name, theirs->number);
	free(where);
	return cause;
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
static bool fuzzy(const struct look *look, size_t wanted, size_t *place)
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
			told += !blank(&hunk->before[j]);
		found = told ? find(look->file, hunk->before + head,
				    hunk->before_count - head - tail, wanted + head, same)
			     : -1;
		if (found >= 0) {
			*place = (size_t)found > head ? (size_t)found - head : 0;
			return true;
		}
	}
	return false;
}

/* The first line at @place that is another one, for a message; malloc'd. */
static char *difference(const struct look *look, size_t place)
{
	for (size_t j = 0; j < look->hunk->before_count; j++) {
		const struct lab_line *ours = &look->hunk->before[j], *theirs;
		char *left, *right, *text;

		if (place + j >= look->file->count)
			break;
		theirs = &look->file->lines[place + j];
		if (same(ours, theirs))
			continue;
		left = shown(theirs);
		right = shown(ours);
		text = mb_format("%s:%lu is \"%s\" and not \"%s\"", look->name, theirs->number,
				 left, right);
		free(right);
		free(left);
		return text;
	}
	return mb_format("%s ends at %zu", look->name, look->file->count);
}

/* A line as it is between mailers: "=3D", or a "=" at its end. */
static bool undecoded(const struct lab_hunk *hunk, unsigned long *number)
{
	for (size_t j = 0; j < hunk->before_count; j++)
		if (memmem(hunk->before[j].at, hunk->before[j].length, "=3D", 3) ||
		    memmem(hunk->before[j].at, hunk->before[j].length, "=09", 3)) {
			*number = hunk->before[j].number;
			return true;
		}
	return false;
}

static char *outer_misfit(const struct look *look, size_t wanted, const char *hunk)
{
	size_t place, most, told = 0;
	bool fuzz = fuzzy(look, wanted, &place);
	char *what, *cause;

	if (!fuzz)
		place = nearest(look, wanted, &most);
	for (size_t j = 0; j < look->hunk->before_count; j++)
		told += !blank(&look->hunk->before[j]);
	if (!fuzz && (!most || most * 3 < told))
		return mb_format("does not apply: nothing in %s is like the hunk in its %s; is it "
				 "for another version?",
				 look->name, hunk);
	what = difference(look, place);
	cause = mb_format(fuzz ? "applies only with fuzz, which is refused: the hunk in its %s "
				 "comes nearest at %s:%zu, where %s"
			       : "does not apply: the hunk in its %s comes nearest at %s:%zu, "
				 "where %s",
			  hunk, look->name, place + 1, what);
	free(what);
	return cause;
}

/* What keeps one hunk from its place; NULL: nothing. */
static char *hunk_misfit(const struct look *look)
{
	const struct lab_hunk *hunk = look->hunk;
	size_t wanted = hunk->start ? hunk->start - 1 : 0;
	char *where, *cause = NULL;
	unsigned long number;
	long place;

	if (find(look->file, hunk->before, hunk->before_count, wanted, same) >= 0)
		return NULL;
	where = lab_diff_where(look->patch, hunk->number);
	place = find(look->file, hunk->after, hunk->after_count, wanted, same);
	if (place >= 0)
		cause = mb_format("is in this source in part: the hunk in its %s stands at %s:%ld "
				  "already, and others do not",
				  where, look->name, place + 1);
	place = cause ? -1 : find(look->file, hunk->before, hunk->before_count, wanted, alike);
	if (place >= 0)
		cause = spaced(look, (size_t)place);
	if (!cause && undecoded(hunk, &number)) {
		free(where);
		where = lab_diff_where(look->patch, number);
		cause = mb_format("is quoted-printable that nobody decoded (%s): save the whole "
				  "mail, with its headers",
				  where);
	}
	if (!cause)
		cause = outer_misfit(look, wanted, where);
	free(where);
	return cause;
}

/* The file of the tree that a change is of; NULL: it makes one. */
static const char *target(const struct lab_change *change, const char *tree)
{
	const char *names[] = { change->from, change->to };

	/* diff -u a.c.orig a.c: the file of the tree is the one that is there. */
	for (size_t i = 0; change->from && i < (change->git ? 1 : 2); i++) {
		char *path = names[i] ? mb_format("%s/%s", tree, names[i]) : NULL;
		bool is = path && mb_exists(path);

		free(path);
		if (is)
			return names[i];
	}
	if (change->from && change->to && strlen(change->to) < strlen(change->from))
		return change->to;
	return change->from;
}

/* What is missing, or in the way; NULL: nothing. A series may have made a file by itself. */
static char *wrong_files(const struct lab_changes *changes, const char *tree, const char *called)
{
	const char *missing = NULL;
	size_t more = 0;

	for (size_t i = 0; i < changes->count; i++) {
		const char *name = target(&changes->at[i], tree), *made = changes->at[i].to;
		char *path = mb_format("%s/%s", tree, name ? name : made ? made : "");
		bool is = mb_exists(path);

		free(path);
		if (name && !is) {
			more += missing != NULL;
			missing = missing ? missing : name;
		} else if (!name && made && is) {
			return mb_format("makes %s, which is in %s already, and is another there",
					 made, called);
		}
	}
	if (missing && more)
		return mb_format("is for another tree: %s and %zu more of its files are not in %s",
				 missing, more, called);
	return missing ? mb_format("is for another tree: %s is not in %s", missing, called) : NULL;
}

static char *change_misfit(const struct lab_patch *patch, const struct lab_change *change,
			   const char *tree)
{
	const char *name = target(change, tree);
	char *path, *cause = NULL;
	struct file file = { 0 };

	if (!name)
		return NULL;
	path = mb_format("%s/%s", tree, name);
	file.text = mb_read_file(path, NULL);
	free(path);
	if (!file.text)
		return NULL;
	file.lines = lab_lines(file.text, &file.count);
	for (size_t i = 0; !cause && i < change->count; i++) {
		const struct look look = {
			.patch = patch, .name = name, .file = &file, .hunk = &change->hunks[i]
		};

		cause = hunk_misfit(&look);
	}
	free(file.lines);
	free(file.text);
	return cause;
}

char *lab_diff_misfit(const struct lab_patch *patch, const char *tree, unsigned int strip,
		      bool reverse, const char *called)
{
	struct lab_changes changes;
	char *cause;

	lab_changes_read(patch->text, strip, reverse, &changes);
	cause = wrong_files(&changes, tree, called);
	for (size_t i = 0; !cause && i < changes.count; i++)
		cause = change_misfit(patch, &changes.at[i], tree);
	lab_changes_free(&changes);
	return cause;
}
