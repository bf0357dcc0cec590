// SPDX-License-Identifier: GPL-2.0-or-later
/* How far each cell has come, and which nodes are not to be believed. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/files.h"
#include "core/base/text.h"
#include "core/status.h"
#include "lab/campaign/journal.h"
#include "lab/campaign/resume.h"
#include "lab/fleet/look.h"

#define LIARS "%s/nodes.void" /* a name a line */

static void add_liar(struct mb_list *liars, const char *node)
{
	if (node && *node && !mb_list_has(liars, node))
		mb_list_add(liars, "%s", node);
}

/* None where there is no such file; names that can't be read would count as cleared. */
static int read_liars(const char *folder, struct mb_list *liars)
{
	char *path = mb_format(LIARS, folder), *text = mb_read_file(path, NULL), *rest = text,
	     *line;
	int status = MB_OK;

	if (!text && errno != ENOENT && errno != ENOTDIR)
		status = mb_fail(MB_MACHINE, "%s: cannot be read: %m", path);
	while (rest && (line = strsep(&rest, "\n")))
		add_liar(liars, line);
	free(text);
	free(path);
	return status;
}

static bool begun(const char *file)
{
	char *journal = lab_journal_path(file);
	bool is = mb_exists(file) || mb_exists(journal);

	free(journal);
	return is;
}

/* Two results of one cell: a third one says which node is wrong, or is wanted. */
static void judge(struct lab_fleet_state *state, size_t cell, char *const *files)
{
	char *one = lab_cell_node(files[LAB_TURN_FIRST]),
	     *other = lab_cell_node(files[LAB_TURN_AGAIN]);
	char *third = lab_cell_node(files[LAB_TURN_THIRD]);

	if (!lab_run_whole(files[LAB_TURN_THIRD], NULL) || mb_list_has(&state->liars, third)) {
		state->disputes = mb_resize(state->disputes, state->dispute_count + 1,
					    sizeof(*state->disputes));
		state->disputes[state->dispute_count++] =
			(struct lab_dispute){ .cell = cell, .nodes = { one, other } };
		free(third);
		return;
	}
	if (one && other && third && strcmp(one, third) != 0 && strcmp(other, third) != 0) {
		if (lab_cell_same(files[LAB_TURN_FIRST], files[LAB_TURN_THIRD]))
			add_liar(&state->liars, other);
		else if (lab_cell_same(files[LAB_TURN_AGAIN], files[LAB_TURN_THIRD]))
			add_liar(&state->liars, one);
	}
	free(one);
	free(other);
	free(third);
}

static enum lab_cell_state look_at(struct lab_fleet_state *state, const struct lab_fleet_plan *plan,
				   size_t cell, char *const *files)
{
	bool twice = plan->cells[cell].twice, valid = true, again_valid = true;

	if (!lab_run_whole(files[LAB_TURN_FIRST], &valid) ||
	    (twice && !lab_run_whole(files[LAB_TURN_AGAIN], &again_valid)))
		return begun(files[LAB_TURN_FIRST]) || (twice && begun(files[LAB_TURN_AGAIN]))
			       ? LAB_CELL_BEGUN
			       : LAB_CELL_MISSING;
	if (!valid || !again_valid)
		return LAB_CELL_INVALID;
	if (!twice || lab_cell_same(files[LAB_TURN_FIRST], files[LAB_TURN_AGAIN]))
		return LAB_CELL_DONE;
	judge(state, cell, files);
	return LAB_CELL_DIFFERS;
}

/* Whether one of the cell's files is of a node that is not to be believed. */
static bool is_void(const struct lab_fleet_state *state, const struct lab_cell *cell,
		    const char *folder)
{
	bool is = false;

	for (enum lab_cell_turn turn = LAB_TURN_FIRST; !is && turn <= LAB_TURN_AGAIN; turn++) {
		char *file, *node;

		if (turn && !cell->twice)
			break;
		file = lab_cell_file(cell, folder, turn);
		node = lab_cell_node(file);
		is = mb_list_has(&state->liars, node);
		free(node);
		free(file);
	}
	return is;
}

int lab_fleet_look(const struct lab_fleet_plan *plan, const char *folder,
		   struct lab_fleet_state *state)
{
	int status;

	*state = (struct lab_fleet_state){ .cells = mb_alloc(plan->count, sizeof(*state->cells)) };
	status = read_liars(folder, &state->liars);
	if (status)
		return status;
	for (size_t i = 0; i < plan->count; i++) {
		char *files[LAB_TURN_THIRD + 1];

		for (enum lab_cell_turn turn = LAB_TURN_FIRST; turn <= LAB_TURN_THIRD; turn++)
			files[turn] = lab_cell_file(&plan->cells[i], folder, turn);
		state->cells[i] = look_at(state, plan, i, files);
		for (enum lab_cell_turn turn = LAB_TURN_FIRST; turn <= LAB_TURN_THIRD; turn++)
			free(files[turn]);
	}
	for (size_t i = 0; i < plan->count; i++) {
		if (state->liars.count && state->cells[i] != LAB_CELL_MISSING &&
		    is_void(state, &plan->cells[i], folder))
			state->cells[i] = LAB_CELL_VOID;
		state->counts[state->cells[i]]++;
	}
	return MB_OK;
}

void lab_fleet_state_free(struct lab_fleet_state *state)
{
	for (size_t i = 0; i < state->dispute_count; i++) {
		free(state->disputes[i].nodes[0]);
		free(state->disputes[i].nodes[1]);
	}
	free(state->disputes);
	free(state->cells);
	mb_list_free(&state->liars);
	*state = (struct lab_fleet_state){ 0 };
}

const char *lab_cell_state_name(enum lab_cell_state state)
{
	static const char *const names[] = { "missing", "begun",   "done",
					     "invalid", "differs", "void" };

	return names[state];
}

static int remember(const char *folder, const struct mb_list *liars)
{
	char *path = mb_format(LIARS, folder), *text;
	size_t size;
	FILE *out = mb_text_open(&text, &size);
	int status = MB_OK;

	for (size_t i = 0; i < liars->count; i++)
		fprintf(out, "%s\n", liars->at[i]);
	mb_text_close(out);
	if (mb_replace_file(path, text, size))
		status = mb_fail(MB_MACHINE, "%s: cannot write: %m", path);
	free(text);
	free(path);
	return status;
}

/* Move @file, if it is a liar's, to @folder/void, where an earlier one of that name stays. */
static int put_away(const struct mb_list *liars, const char *folder, const char *file)
{
	char *node = lab_cell_node(file), *to;
	const char *name = mb_base_name(file);
	int status = MB_OK;

	if (mb_list_has(liars, node)) {
		to = mb_format("%s/void/%s@%s", folder, node, name);
		for (unsigned int i = 2; mb_exists(to); i++) {
			free(to);
			to = mb_format("%s/void/%s@%s.%u", folder, node, name, i);
		}
		if (rename(file, to))
			status = mb_fail(MB_MACHINE, "%s: cannot be moved to %s: %m", file, to);
		free(to);
	}
	free(node);
	return status;
}

int lab_fleet_void(const struct lab_fleet_plan *plan, const char *folder,
		   const struct lab_fleet_state *state)
{
	char *away = mb_format("%s/void", folder);
	int status = MB_OK;

	if (state->liars.count) {
		status = remember(folder, &state->liars);
		if (!status && mb_make_folders(away))
			status = mb_fail(MB_MACHINE, "%s: %m", away);
	}
	for (size_t i = 0; !status && state->liars.count && i < plan->count; i++)
		for (enum lab_cell_turn turn = LAB_TURN_FIRST; !status && turn <= LAB_TURN_THIRD;
		     turn++) {
			char *file = lab_cell_file(&plan->cells[i], folder, turn);

			status = put_away(&state->liars, folder, file);
			free(file);
		}
	free(away);
	return status;
}
