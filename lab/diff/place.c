// SPDX-License-Identifier: GPL-2.0-or-later
/* Hunks that have no place, and what tells why. */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/files.h"
#include "core/base/text.h"
#include "lab/diff/damage.h"
#include "lab/diff/hunks.h"
#include "lab/diff/names.h"
#include "lab/diff/place.h"
#include "lab/diff/search.h"

#define LONG 30 /* characters, of a line that a mailer may have broken */
#define SHOWN 40 /* characters of a line in a message */

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

static char *spaced(const struct lab_look *look, size_t place)
{
	const struct lab_line *ours = NULL, *theirs = NULL;
	const char *what = "has other white space than";
	char *where, *cause;

	for (size_t j = 0; j < look->hunk->before_count && !ours; j++)
		if (!lab_lines_same(&look->hunk->before[j], &look->file->lines[place + j])) {
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

/* The first line at @place that is another one, for a message; malloc'd. */
static char *difference(const struct lab_look *look, size_t place)
{
	for (size_t j = 0; j < look->hunk->before_count; j++) {
		const struct lab_line *ours = &look->hunk->before[j], *theirs;
		char *left, *right, *text;

		if (place + j >= look->file->count)
			break;
		theirs = &look->file->lines[place + j];
		if (lab_lines_same(ours, theirs))
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

/* Words before and after the place of the patch's line @number; malloc'd. */
static char *at_line(const struct lab_look *look, unsigned long number, const char *before,
		     const char *after)
{
	char *where = lab_diff_where(look->patch, number);
	char *cause = mb_format("%s%s%s", before, where, after);

	free(where);
	return cause;
}

/* A line as it is between mailers, or in a web page; malloc'd, NULL: there is none. */
static char *undecoded(const struct lab_look *look)
{
	static const struct {
		const char *mark, *before, *after;
	} kinds[] = {
		{ "=3D", "is quoted-printable that nobody decoded (",
		  "): save the whole mail, with its headers" },
		{ "=09", "is quoted-printable that nobody decoded (",
		  "): save the whole mail, with its headers" },
		{ "&lt;", "is a web page's source (", " has &lt;): save the patch itself (raw)" },
		{ "&gt;", "is a web page's source (", " has &gt;): save the patch itself (raw)" },
		{ "&amp;", "is a web page's source (", " has &amp;): save the patch itself (raw)" },
	};
	const struct lab_hunk *hunk = look->hunk;

	for (size_t j = 0; j < hunk->before_count; j++)
		for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
			if (memmem(hunk->before[j].at, hunk->before[j].length, kinds[i].mark,
				   strlen(kinds[i].mark)))
				return at_line(look, hunk->before[j].number, kinds[i].before,
					       kinds[i].after);
	return NULL;
}

/* Whether the patch's line before @number is one that nothing can be held against, and a long one. */
static bool follows_long(const struct lab_look *look, unsigned long number)
{
	const char *line = look->patch->text;

	for (unsigned long i = 2; i < number; i++)
		line = lab_diff_next(line);
	return (*line == '+' || !strncmp(line, "@@", 2)) && strcspn(line, "\n") >= LONG;
}

/* Whether the text goes on behind the hunk as if it were not over: then it has lines too many. */
static bool goes_on(const struct lab_look *look)
{
	const struct lab_hunk *hunk = look->hunk;
	unsigned long last = hunk->number, number = 1;
	const char *line = look->patch->text;

	if (hunk->before_count)
		last = hunk->before[hunk->before_count - 1].number;
	if (hunk->after_count && hunk->after[hunk->after_count - 1].number > last)
		last = hunk->after[hunk->after_count - 1].number;
	for (; *line && number <= last; number++)
		line = lab_diff_next(line);
	return *line == ' ';
}

/* Whether the hunk has its place without its line @drop, or without all that follow a long line. */
static bool fits_without(const struct lab_look *look, size_t wanted, const struct lab_line *drop)
{
	const struct lab_hunk *hunk = look->hunk;
	struct lab_line *lines = mb_alloc(hunk->before_count, sizeof(*lines));
	size_t count = 0;
	bool fits;

	for (size_t j = 0; j < hunk->before_count; j++)
		if (drop ? &hunk->before[j] != drop : !follows_long(look, hunk->before[j].number))
			lines[count++] = hunk->before[j];
	fits = count > 1 && lab_search(look->file, lines, count, wanted, lab_lines_alike) >= 0;
	free(lines);
	return fits;
}

/* The first line that is the end of a long one which nothing can be held against; 0: none. */
static unsigned long left_over(const struct lab_look *look, size_t wanted)
{
	const struct lab_hunk *hunk = look->hunk;
	unsigned long first = 0;

	for (size_t j = 0; j < hunk->before_count; j++) {
		if (!follows_long(look, hunk->before[j].number))
			continue;
		first = first ? first : hunk->before[j].number;
		if (fits_without(look, wanted, &hunk->before[j]))
			return hunk->before[j].number;
	}
	return first && fits_without(look, wanted, NULL) ? first : 0;
}

/*
 * A line that a mailer broke in two, where the second part begins with what a hunk's line may begin
 * with: without such parts, or with two as one, the hunk has its place. malloc'd, NULL: there is none.
 */
static char *broken(const struct lab_look *look, size_t wanted)
{
	const struct lab_hunk *hunk = look->hunk;
	struct lab_line *lines = mb_alloc(hunk->before_count, sizeof(*lines));
	unsigned long number = goes_on(look) ? left_over(look, wanted) : 0;
	size_t count = hunk->before_count;

	for (size_t j = 1; !number && count > 2 && j < count; j++) {
		const struct lab_line *line = &hunk->before[j];
		char *joined = mb_format("%.*s %.*s", (int)line[-1].length, line[-1].at,
					 (int)line->length, line->at);

		memcpy(lines, hunk->before, j * sizeof(*lines));
		memcpy(lines + j, line + 1, (count - j - 1) * sizeof(*lines));
		lines[j - 1].at = joined;
		lines[j - 1].length = strlen(joined);
		if (lab_search(look->file, lines, count - 1, wanted, lab_lines_alike) >= 0)
			number = line->number;
		free(joined);
	}
	free(lines);
	return number ? at_line(look, number, "was damaged by a mailer: ",
				" is the wrapped end of the line above")
		      : NULL;
}

static char *outer_misfit(const struct lab_look *look, size_t wanted, const char *hunk)
{
	size_t place, most, told = 0;
	bool fuzz = lab_search_fuzzy(look, wanted, &place);
	char *what, *cause;

	if (!fuzz)
		place = lab_search_nearest(look, wanted, &most);
	for (size_t j = 0; j < look->hunk->before_count; j++)
		told += !lab_line_blank(&look->hunk->before[j]);
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

/* Whether what the hunk makes of its lines is there, if with other lines around it; malloc'd. */
static char *stands_already(const struct lab_look *look, size_t wanted)
{
	const struct lab_hunk *hunk = look->hunk;
	const struct lab_hunk turned = { .before = hunk->after, .before_count = hunk->after_count };
	struct lab_look other = *look;
	size_t place, added = 0;

	other.hunk = &turned;
	for (size_t j = 0; j < hunk->after_count; j++)
		added += !hunk->after[j].context && !lab_line_blank(&hunk->after[j]);
	if (!added || lab_search_fuzzy(look, wanted, &place) ||
	    !lab_search_fuzzy(&other, wanted, &place))
		return NULL;
	return mb_format("is in this source already, it seems: what it adds stands at %s:%zu, with "
			 "other lines around it",
			 look->name, place + 1);
}

/* What keeps one hunk from its place; NULL: nothing. */
static char *hunk_misfit(const struct lab_look *look)
{
	const struct lab_hunk *hunk = look->hunk;
	size_t wanted = hunk->start ? hunk->start - 1 : 0;
	char *where, *cause = NULL;
	long place;

	if (lab_search(look->file, hunk->before, hunk->before_count, wanted, lab_lines_same) >= 0)
		return NULL;
	where = lab_diff_where(look->patch, hunk->number);
	place = lab_search(look->file, hunk->after, hunk->after_count, wanted, lab_lines_same);
	if (place >= 0)
		cause = mb_format("is in this source in part: the hunk in its %s stands at %s:%ld "
				  "already, and others do not",
				  where, look->name, place + 1);
	if (!cause)
		cause = stands_already(look, wanted);
	place = cause ? -1
		      : lab_search(look->file, hunk->before, hunk->before_count, wanted,
				   lab_lines_alike);
	if (place >= 0)
		cause = spaced(look, (size_t)place);
	if (!cause)
		cause = undecoded(look);
	if (!cause)
		cause = broken(look, wanted);
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
	struct lab_file file = { 0 };

	if (!name)
		return NULL;
	path = mb_format("%s/%s", tree, name);
	file.text = mb_read_file(path, NULL);
	free(path);
	if (!file.text)
		return NULL;
	file.lines = lab_lines(file.text, &file.count);
	for (size_t i = 0; !cause && i < change->count; i++) {
		const struct lab_look look = {
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
