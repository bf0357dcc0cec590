// SPDX-License-Identifier: GPL-2.0-or-later
/* A unified diff taken apart. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/text.h"
#include "lab/diff/hunks.h"
#include "lab/diff/names.h"

struct reader {
	unsigned int strip;
	struct lab_changes *changes;
	unsigned long number;
	unsigned long before, after; /* lines of the hunk that are still to come */
	size_t before_room, after_room; /* for those that have */
};

static bool begins(const char *line, const char *head)
{
	return !strncmp(line, head, strlen(head));
}

/* The name at @name without @strip parts; NULL for /dev/null and for what has no name. */
static char *name_of(const char *name, unsigned int strip)
{
	size_t length = strcspn(name, "\t\n ");

	if (!length || (length == 9 && begins(name, "/dev/null")))
		return NULL;
	for (; strip; strip--) {
		const char *slash = memchr(name, '/', length);

		if (!slash)
			return NULL;
		slash += strspn(slash, "/");
		length -= (size_t)(slash - name);
		name = slash;
	}
	return mb_format("%.*s", (int)length, name);
}

/* The time that diff gives what is not there: the beginning of all times, in any zone. */
static bool no_file(const char *name)
{
	size_t length = strcspn(name, "\n");

	return memmem(name, length, "\t1970-01-01 ", 12) ||
	       memmem(name, length, "\t1969-12-31 ", 12);
}

static struct lab_change *new_change(struct reader *r)
{
	r->changes->at = mb_resize(r->changes->at, r->changes->count + 1, sizeof(*r->changes->at));
	r->changes->at[r->changes->count] = (struct lab_change){ 0 };
	return &r->changes->at[r->changes->count++];
}

static struct lab_change *current(struct reader *r)
{
	return r->changes->count ? &r->changes->at[r->changes->count - 1] : NULL;
}

static void read_header(struct reader *r, const char *line)
{
	struct lab_change *change = current(r);
	const char *next = lab_diff_next(line);

	if (begins(line, "diff --git ")) {
		const char *name = line + strlen("diff --git ");

		change = new_change(r);
		change->git = true;
		change->from = name_of(name, r->strip);
		name += strcspn(name, " \n");
		change->to = *name == ' ' ? name_of(name + 1, r->strip) : NULL;
	} else if (change && change->git && !change->count && begins(line, "new file mode ")) {
		free(change->from);
		change->from = NULL;
	} else if (change && change->git && !change->count && begins(line, "deleted file mode ")) {
		free(change->to);
		change->to = NULL;
	} else if (begins(line, "--- ") && begins(next, "+++ ") &&
		   (!change || !change->git || change->count)) {
		change = new_change(r);
		change->from = no_file(line) ? NULL : name_of(line + 4, r->strip);
		change->to = no_file(next) ? NULL : name_of(next + 4, r->strip);
	}
}

static void begin_hunk(struct reader *r, const char *line)
{
	struct lab_change *change = current(r);
	struct lab_hunk *hunk;
	unsigned long start = 0, before = 1;

	/* Without numbers it is no hunk, and has no lines. */
	if (!change || sscanf(line, "@@ -%lu,%lu", &start, &before) < 1)
		return;
	r->before = before;
	r->after = 1;
	line = strchr(line, '+');
	if (line)
		sscanf(line, "+%*u,%lu", &r->after);
	change->hunks = mb_resize(change->hunks, change->count + 1, sizeof(*change->hunks));
	hunk = &change->hunks[change->count++];
	*hunk = (struct lab_hunk){ .number = r->number, .start = start };
	r->before_room = r->after_room = 0;
}

/* A header may say more lines than a machine has memory for: room is made as they come. */
static void add_line(struct lab_line **lines, size_t *room, size_t *count, struct lab_line line)
{
	*lines = mb_grow(*lines, room, *count, sizeof(**lines));
	(*lines)[(*count)++] = line;
}

static void read_line(struct reader *r, const char *line)
{
	struct lab_change *change = current(r);
	struct lab_hunk *hunk = &change->hunks[change->count - 1];
	size_t length = strcspn(line, "\n");
	char kind = length ? *line : ' ';
	struct lab_line one = { .at = line + (length > 0),
				.length = length ? length - 1 : 0,
				.number = r->number,
				.context = kind == ' ' };

	if (kind == '\\')
		return;
	if (kind != '+' && r->before) {
		add_line(&hunk->before, &r->before_room, &hunk->before_count, one);
		r->before--;
	}
	if (kind != '-' && r->after) {
		add_line(&hunk->after, &r->after_room, &hunk->after_count, one);
		r->after--;
	}
}

static void turn(struct lab_change *change)
{
	char *name = change->from;

	change->from = change->to;
	change->to = name;
	for (size_t i = 0; i < change->count; i++) {
		struct lab_hunk *hunk = &change->hunks[i];
		struct lab_line *lines = hunk->before;
		size_t count = hunk->before_count;

		hunk->before = hunk->after;
		hunk->before_count = hunk->after_count;
		hunk->after = lines;
		hunk->after_count = count;
	}
}

void lab_changes_read(const char *text, unsigned int strip, bool reverse,
		      struct lab_changes *changes)
{
	struct reader r = { .strip = strip, .changes = changes };

	*changes = (struct lab_changes){ 0 };
	for (const char *line = text; *line; line = lab_diff_next(line)) {
		r.number++;
		if (r.before || r.after)
			read_line(&r, line);
		else if (begins(line, "@@ -") && changes->count)
			begin_hunk(&r, line);
		else
			read_header(&r, line);
	}
	for (size_t i = 0; reverse && i < changes->count; i++)
		turn(&changes->at[i]);
}

void lab_changes_free(struct lab_changes *changes)
{
	for (size_t i = 0; i < changes->count; i++) {
		for (size_t j = 0; j < changes->at[i].count; j++) {
			free(changes->at[i].hunks[j].before);
			free(changes->at[i].hunks[j].after);
		}
		free(changes->at[i].hunks);
		free(changes->at[i].from);
		free(changes->at[i].to);
	}
	free(changes->at);
	*changes = (struct lab_changes){ 0 };
}

struct lab_line *lab_lines(const char *text, size_t *count)
{
	struct lab_line *lines = NULL;
	size_t room = 0;

	*count = 0;
	for (const char *line = text; *line; line = lab_diff_next(line)) {
		lines = mb_grow(lines, &room, *count, sizeof(*lines));
		lines[*count] = (struct lab_line){ .at = line,
						   .length = strcspn(line, "\n"),
						   .number = *count + 1 };
		++*count;
	}
	return lines;
}
