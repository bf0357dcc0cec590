// SPDX-License-Identifier: GPL-2.0-or-later
/* How far a cell has come, by what lies in the campaign's folder. */
#include <stdlib.h>
#include <string.h>
#include <jansson.h>

#include "core/base/files.h"
#include "core/base/text.h"
#include "core/record/read.h"
#include "lab/campaign/journal.h"
#include "lab/fleet/plan.h"

bool lab_cell_whole(const char *path)
{
	char *text = mb_read_file(path, NULL), *last;
	bool whole;

	if (!text)
		return false;
	while (*text && text[strlen(text) - 1] == '\n')
		text[strlen(text) - 1] = '\0';
	last = strrchr(text, '\n');
	whole = last && !strncmp(last + 1, "{\"type\":\"end\"", 13);
	free(text);
	return whole;
}

/* What of a run file is the same wherever it is made: what was measured. malloc'd. */
static char *measured(const char *path)
{
	char *text = mb_read_file(path, NULL), *rest = text, *line, *all = mb_strdup("");
	size_t length = 0;

	while (rest && (line = strsep(&rest, "\n"))) {
		size_t more = strlen(line);

		if (strncmp(line, "{\"type\":\"point\"", 15) &&
		    strncmp(line, "{\"type\":\"block\"", 15) &&
		    strncmp(line, "{\"type\":\"skip\"", 14))
			continue;
		all = mb_resize(all, length + more + 2, 1);
		memcpy(all + length, line, more);
		all[length + more] = '\n';
		length += more + 1;
		all[length] = '\0';
	}
	free(text);
	return all;
}

static bool begun(const char *file)
{
	char *journal = lab_journal_path(file);
	bool is = mb_exists(file) || mb_exists(journal);

	free(journal);
	return is;
}

enum lab_cell_state lab_cell_look(const struct lab_cell *cell, const char *folder)
{
	char *file = lab_cell_file(cell, folder, false), *again = lab_cell_file(cell, folder, true);
	enum lab_cell_state state;

	if (lab_cell_whole(file) && (!cell->twice || lab_cell_whole(again)))
		state = LAB_CELL_DONE;
	else
		state = begun(file) ? LAB_CELL_BEGUN : LAB_CELL_MISSING;
	if (state == LAB_CELL_DONE && cell->twice) {
		char *one = measured(file), *other = measured(again);

		if (strcmp(one, other))
			state = LAB_CELL_DIFFERS;
		free(one);
		free(other);
	}
	free(file);
	free(again);
	return state;
}

const char *lab_cell_state_name(enum lab_cell_state state)
{
	static const char *const names[] = { "missing", "begun", "done", "differs" };

	return names[state];
}
