// SPDX-License-Identifier: GPL-2.0-or-later
/* Damage that shows in the patch alone, without the source. */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/text.h"
#include "lab/diff/damage.h"
#include "lab/diff/names.h"
#include "lab/diff/sort.h"

#define MAILER_COLUMNS 72 /* where mailers begin to wrap */
#define NO_BREAK "\xc2\xa0"

static bool begins(const char *line, const char *head)
{
	return !strncmp(line, head, strlen(head));
}

char *lab_diff_where(const struct lab_patch *patch, unsigned long number)
{
	return patch->line ? mb_format("line %lu", patch->line + number - 1)
			   : mb_format("line %lu of its decoded text", number);
}

struct walk {
	unsigned long number, hunk, before,
		after; /* lines: this one, the hunk's, left on each side */
	unsigned long said; /* lines that the hunk announced on the side that has more */
	bool named, over; /* a file was named; the line above was the last one of a hunk */
	const char *last; /* the line above */
};

static unsigned int columns(const char *line)
{
	unsigned int column = 0;

	for (; *line && *line != '\n'; line++)
		column = *line == '\t' ? (column / 8 + 1) * 8 : column + 1;
	return column;
}

/* Whether a hunk, and with it what was made of its lines, ends before @line. */
static bool ends_hunk(const char *line)
{
	static const char *const heads[] = { "@@ -",	"diff ", "--- ", "-- \n", "--\n",
					     "Index: ", "From ", "\n",	 "* Unm" };

	for (size_t i = 0; i < sizeof(heads) / sizeof(heads[0]); i++)
		if (begins(line, heads[i]))
			return true;
	return !*line;
}

/*
 * Whether the rest of the hunk, from @line on, has as many lines as it says, if those that no hunk
 * can have are @counted as context, or are not.
 */
static bool adds_up(const struct walk *walk, const char *line, bool counted)
{
	unsigned long before = walk->before, after = walk->after;

	for (; *line && (before || after); line = lab_diff_next(line)) {
		bool known = *line && strchr(" \n+-", *line), both;

		if (*line == '\\' || (!known && !counted))
			continue;
		if (begins(line, "@@ -") || begins(line, "diff "))
			return false;
		both = !known || *line == ' ' || *line == '\n';
		if ((both || *line == '-') && before-- == 0)
			return false;
		if ((both || *line == '+') && after-- == 0)
			return false;
	}
	while (!counted && *line && !strchr(" \n+-@", *line) && !ends_hunk(line))
		line = lab_diff_next(line);
	return !before && !after && ends_hunk(line);
}

/* Whether @line, which no hunk can have, is the end of the one above rather than one of its own. */
static bool is_wrapped(const struct walk *walk, const char *line)
{
	bool counted = adds_up(walk, line, true), left_out = adds_up(walk, line, false);
	unsigned int wide = columns(walk->last) + 1 + (unsigned int)strcspn(line, " \t\n");

	if (counted != left_out)
		return left_out;
	return begins(walk->last, "@@ -") || (*line != '\t' && wide > MAILER_COLUMNS);
}

/* What made @line one that no hunk can have. */
static char *spoilt(const struct lab_patch *patch, const struct walk *walk, const char *line)
{
	char *where = lab_diff_where(patch, walk->number),
	     *hunk = lab_diff_where(patch, walk->hunk);
	char *cause;

	if (begins(line, NO_BREAK))
		cause = mb_format("was damaged by a mailer: %s has no-break spaces for spaces",
				  where);
	else if (begins(line, "@@ -") || begins(line, "diff "))
		cause = mb_format("is damaged: the hunk in its %s has fewer lines than it says",
				  hunk);
	else if (begins(line, "=20\n") || (line - walk->last >= 2 && line[-2] == '='))
		cause = mb_format("is quoted-printable that nobody decoded (%s): save the whole "
				  "mail, with its headers",
				  where);
	else if (is_wrapped(walk, line))
		cause = mb_format(
			"was damaged by a mailer: %s is the wrapped end of the line above", where);
	else
		cause = mb_format("was damaged by a mailer: %s has lost the white space at its "
				  "beginning",
				  where);
	free(where);
	free(hunk);
	return cause;
}

static char *at(const struct lab_patch *patch, unsigned long number, const char *before,
		const char *after)
{
	char *where = lab_diff_where(patch, number), *cause;

	cause = mb_format("%s%s%s", before, where, after);
	free(where);
	return cause;
}

/* "@@ -1,2 +3,4 @@" */
static bool read_hunk(struct walk *walk, const char *line)
{
	int end = 0;

	walk->before = walk->after = 1;
	if (sscanf(line, "@@ -%*u,%lu%n", &walk->before, &end) < 1 || !end)
		sscanf(line, "@@ -%*u%n", &end);
	line += end;
	if (!end || *line != ' ')
		return false;
	end = 0;
	if (sscanf(line, " +%*u,%lu%n", &walk->after, &end) < 1 || !end)
		sscanf(line, " +%*u%n", &end);
	walk->hunk = walk->number;
	walk->said = walk->before > walk->after ? walk->before : walk->after;
	return end && begins(line + end, " @@");
}

/* A line within a hunk. */
static char *inside(const struct lab_patch *patch, struct walk *walk, const char *line)
{
	bool both = *line == ' ' || *line == '\n';

	if (*line == '\\')
		return NULL;
	if (!both && *line != '+' && *line != '-')
		return spoilt(patch, walk, line);
	if ((both || *line == '-') && walk->before-- == 0)
		return at(patch, walk->hunk, "is damaged: the hunk in its ",
			  " has other lines than it says");
	if ((both || *line == '+') && walk->after-- == 0)
		return at(patch, walk->hunk, "is damaged: the hunk in its ",
			  " has other lines than it says");
	walk->over = !walk->before && !walk->after;
	return NULL;
}

/* A line that adds or takes something, after a hunk was complete. */
static bool left_over(const char *line)
{
	if (*line == '+')
		return !begins(line, "+++ ");
	/* Three and more begin a file, a rule, a signature by PGP; "-- " the sender's own. */
	return *line == '-' && !begins(line, "-- \n") && !begins(line, "--\n") &&
	       !begins(line, "---") && strcmp(line, "-- ") && strcmp(line, "--");
}

static char *outside(const struct lab_patch *patch, struct walk *walk, const char *line)
{
	bool over = walk->over;

	walk->over = false;
	if (over && left_over(line))
		return at(patch, walk->number,
			  "is damaged: ", " is more than the hunk above it says that it has");
	if (begins(line, "GIT binary patch"))
		return mb_strdup("changes a binary file: there is none in a kernel that is built");
	if (begins(line, "@@@ -"))
		return mb_strdup(
			"is a merge's combined diff: make it with git diff COMMIT^ COMMIT");
	if (begins(line, "Binary files ") && memmem(line, strcspn(line, "\n"), " differ", 7))
		return at(patch, walk->number,
			  "is incomplete: ", " says that a binary file differs, and not how");
	if (begins(line, "diff "))
		walk->named = false;
	if (begins(line, "+++ "))
		walk->named = true;
	if (!begins(line, "@@ -"))
		return NULL;
	if (!walk->named)
		return at(patch, walk->number, "is damaged: the hunk in its ",
			  " stands below no name of a file (--- and +++)");
	if (!read_hunk(walk, line))
		return at(patch, walk->number,
			  "is damaged: ", " has no line numbers of the kind @@ -1,7 +1,8 @@");
	return NULL;
}

char *lab_diff_damage(const struct lab_patch *patch)
{
	struct walk walk = { .last = "" };
	char *cause = NULL;

	if (patch->context)
		return NULL;
	for (const char *line = patch->text; !cause && *line; line = lab_diff_next(line)) {
		walk.number++;
		cause = walk.before || walk.after ? inside(patch, &walk, line)
						  : outside(patch, &walk, line);
		walk.last = line;
	}
	if (!cause && (walk.before || walk.after))
		cause = at(patch, walk.hunk, "is cut off: the hunk in its ",
			   " has fewer lines than it says");
	return cause;
}

/* Whether all of @text is of lines as base64 has them. */
static bool is_base64(const char *text)
{
	static const char set[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
				  "=\n";

	return strlen(text) > 100 && strcspn(text, "\n") >= 60 && strspn(text, set) == strlen(text);
}

/* "12,13c12" or "7a8": what diff says without -u. */
static bool is_plain_diff(const char *text)
{
	for (const char *line = text; *line; line = lab_diff_next(line)) {
		size_t length = strspn(line, "0123456789,");

		if (length && strchr("acd", line[length]) && line[length] &&
		    (isdigit((unsigned char)line[length + 1]) || line[length + 1] == '\n'))
			return true;
	}
	return false;
}

char *lab_diff_no_patch(const struct lab_patch *patch)
{
	unsigned long quoted = lab_diff_quoted(patch->text);

	if (quoted)
		return at(patch, quoted, "is quoted in a reply (",
			  "): save the mail that it answers");
	if (lab_diff_is_cover(patch->subject))
		return mb_strdup("is the cover letter of a series, and no patch of it");
	if (strstr(patch->text, "\033["))
		return mb_strdup("has a terminal's colours in it: make it with --no-color");
	if (strcasestr(patch->text, "<html"))
		return mb_strdup("is a web page: save the mail or the patch itself (raw)");
	if (is_base64(patch->text))
		return mb_strdup("is base64 without a mail's headers: save the whole mail");
	if (is_plain_diff(patch->text))
		return mb_strdup("names no file: make it with diff -u or git diff");
	return mb_strdup("holds no patch: no line of it begins a hunk (@@) or a file (diff --git)");
}
