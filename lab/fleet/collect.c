// SPDX-License-Identifier: GPL-2.0-or-later
/* The result of a campaign, as if one machine had measured it. */
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/base/files.h"
#include "core/base/say.h"
#include "core/base/text.h"
#include "core/status.h"
#include "lab/campaign/resume.h"
#include "lab/fleet/collect.h"
#include "lab/fleet/look.h"

static int take(const char *from, const char *to)
{
	char *text = lab_cell_without_node(from);
	int status = MB_OK;

	if (!text)
		status = mb_fail(MB_MACHINE, "%s: %m", from);
	else if (mb_replace_file(to, text, strlen(text)))
		status = mb_fail(MB_MACHINE, "%s: cannot write: %m", to);
	free(text);
	return status;
}

/* Whether @copy is of what a node that is not to be believed measured as @file, and is put away. */
static bool is_voided(const char *folder, const char *file, const char *copy)
{
	char *away = mb_format("%s/void", folder), *name = mb_format("@%s", mb_base_name(file));
	struct mb_list names = { 0 };
	bool is = false;

	/* NODE@CELL.jsonl, and those put away later, with a number behind. */
	mb_names_in(away, "", &names);
	for (size_t i = 0; !is && i < names.count; i++) {
		char *path = mb_format("%s/%s", away, names.at[i]);

		is = strstr(names.at[i], name) && lab_cell_is_copy(copy, path);
		free(path);
	}
	mb_list_free(&names);
	free(name);
	free(away);
	return is;
}

/* Whether @from says something of its cell: what is only begun, or can't be read, does not. */
static bool says_something(enum lab_cell_state state, const char *from)
{
	return state >= LAB_CELL_DONE && lab_run_whole(from, NULL);
}

/* Before anything is written: what is in @to by a cell's name, and not of it, is somebody's. */
static int check_copies(const struct lab_fleet_plan *plan, const struct lab_fleet_state *state,
			const char *folder, const char *to)
{
	int status = MB_OK;

	for (size_t i = 0; !status && i < plan->count; i++) {
		char *from = lab_cell_file(&plan->cells[i], folder, LAB_TURN_FIRST);
		char *into = lab_cell_file(&plan->cells[i], to, LAB_TURN_FIRST);

		if (mb_exists(into) && says_something(state->cells[i], from) &&
		    !lab_cell_is_older(into, from))
			status = mb_fail(MB_REQUEST,
					 "%s: is no run of this kernel, topology, clock, suite, "
					 "seed, number of boots and calibration; move it away, or "
					 "choose another --to",
					 into);
		free(into);
		free(from);
	}
	return status;
}

int lab_fleet_collect(const struct lab_fleet_plan *plan, const char *folder, const char *to)
{
	struct lab_fleet_state state;
	char one[PATH_MAX], other[PATH_MAX];
	size_t kept = 0;
	int status = MB_OK;

	if (!realpath(folder, one))
		return mb_fail(MB_REQUEST, "%s: %m; nothing has been measured", folder);
	if (mb_make_folders(to))
		return mb_fail(errno == ENOTDIR ? MB_REQUEST : MB_MACHINE,
			       "--to %s: %m; choose another --to", to);
	if (realpath(to, other) && !strcmp(one, other))
		return mb_fail(MB_REQUEST, "--to %s: that is where the campaign itself lies", to);
	status = lab_fleet_look(plan, folder, &state);
	if (!status)
		status = check_copies(plan, &state, folder, to);
	for (size_t i = 0; !status && i < plan->count; i++) {
		const struct lab_cell *cell = &plan->cells[i];
		char *from = lab_cell_file(cell, folder, LAB_TURN_FIRST);
		char *into = lab_cell_file(cell, to, LAB_TURN_FIRST);
		const char *name = lab_cell_state_name(state.cells[i]);

		if (state.cells[i] == LAB_CELL_DONE) {
			status = take(from, into);
		} else if (!mb_exists(into)) {
			mb_say(stdout, "left out: %s: %s", cell->name, name);
		} else if (!says_something(state.cells[i], from) &&
			   !is_voided(folder, from, into)) {
			/* Nothing contradicts it: the campaign's folder may be another one, or emptied. */
			mb_say(stdout, "left out: %s: %s; what %s has of it stays", cell->name,
			       name, to);
			kept++;
		} else if (unlink(into)) {
			status = mb_fail(MB_MACHINE, "%s: cannot be removed: %m", into);
		} else {
			/* Of an earlier call, and no longer true. */
			mb_say(stdout, "left out: %s: %s; what %s had of it is removed", cell->name,
			       name, to);
		}
		free(into);
		free(from);
	}
	if (!status) {
		if (kept)
			mb_say(stdout, "%zu of %zu cells are in %s, and %zu of an earlier call",
			       state.counts[LAB_CELL_DONE], plan->count, to, kept);
		else
			mb_say(stdout, "%zu of %zu cells are in %s", state.counts[LAB_CELL_DONE],
			       plan->count, to);
		status = state.counts[LAB_CELL_DONE] == plan->count ? MB_OK : MB_BAD;
	}
	lab_fleet_state_free(&state);
	return status;
}
