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
#include "lab/fleet/collect.h"
#include "lab/fleet/look.h"

static int take(const char *from, const char *to)
{
	char *text = lab_cell_without_node(from), *partial = mb_format("%s.part", to);
	int status = MB_OK;

	if (!text)
		status = mb_fail(MB_MACHINE, "%s: %m", from);
	else if (mb_write_file(partial, text, strlen(text)) || rename(partial, to))
		status = mb_fail(MB_MACHINE, "%s: cannot write: %m", to);
	if (status)
		unlink(partial);
	free(partial);
	free(text);
	return status;
}

/* Whether what a node that is not to be believed measured as @file was put away. */
static bool is_voided(const char *folder, const char *file)
{
	char *away = mb_format("%s/void", folder), *name = mb_format("@%s", mb_base_name(file));
	struct mb_list names = { 0 };
	bool is;

	mb_names_in(away, name, &names);
	is = names.count;
	mb_list_free(&names);
	free(name);
	free(away);
	return is;
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
		return mb_fail(MB_MACHINE, "%s: %m", to);
	if (realpath(to, other) && !strcmp(one, other))
		return mb_fail(MB_REQUEST, "--to %s: that is where the campaign itself lies", to);
	lab_fleet_look(plan, folder, &state);
	for (size_t i = 0; !status && i < plan->count; i++) {
		const struct lab_cell *cell = &plan->cells[i];
		char *from = lab_cell_file(cell, folder, LAB_TURN_FIRST);
		char *into = lab_cell_file(cell, to, LAB_TURN_FIRST);

		if (state.cells[i] == LAB_CELL_DONE) {
			status = take(from, into);
		} else if (state.cells[i] == LAB_CELL_MISSING && !is_voided(folder, from) &&
			   mb_exists(into)) {
			/* Nothing contradicts it: the campaign's folder may be another one, or emptied. */
			mb_say(stdout, "left out: %s: missing; what %s has of it stays", cell->name,
			       to);
			kept++;
		} else {
			mb_say(stdout, "left out: %s: %s", cell->name,
			       lab_cell_state_name(state.cells[i]));
			/* Of an earlier call, and no longer true. */
			if (unlink(into) && errno != ENOENT)
				status = mb_fail(MB_MACHINE, "%s: cannot be removed: %m", into);
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
