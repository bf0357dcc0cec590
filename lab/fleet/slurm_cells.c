// SPDX-License-Identifier: GPL-2.0-or-later
/* What is missing, in groups: any node, one half of them, the other half, and whoever decides. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/files.h"
#include "core/base/text.h"
#include "lab/base/timings.h"
#include "lab/campaign/resume.h"
#include "lab/fleet/jobs.h"
#include "lab/fleet/slurm_cells.h"

/* Minutes: of what was never timed here; and what is added to three times what it took. */
#define UNKNOWN_BUILD 120
#define UNKNOWN_RUN 240
#define MARGIN 10

static unsigned long limit(double seconds, unsigned long unknown)
{
	return seconds < 0 ? unknown : MARGIN + (unsigned long)ceil(3 * seconds / 60);
}

static void find_limits(struct fleet *fleet)
{
	const struct lab_fleet_plan *plan = fleet->plan;

	fleet->minutes = mb_alloc(plan->suites.count, sizeof(*fleet->minutes));
	for (size_t i = 0; i < plan->suites.count; i++) {
		char *what = lab_timing_boot(plan->suites.at[i], plan->clock);
		double boot = lab_timing(what);

		fleet->minutes[i] =
			limit(boot < 0 ? -1 : boot * (double)(plan->boots + plan->calibrate),
			      UNKNOWN_RUN);
		free(what);
	}
}

static unsigned long minutes_of(const struct fleet *fleet, const struct lab_cell *cell)
{
	size_t i = 0;

	while (strcmp(fleet->plan->suites.at[i], cell->suite) != 0)
		i++;
	return fleet->minutes[i];
}

static struct group *begin_group(struct fleet *fleet, char *exclude)
{
	fleet->groups = mb_resize(fleet->groups, fleet->group_count + 1, sizeof(*fleet->groups));
	fleet->groups[fleet->group_count] =
		(struct group){ .first = fleet->lines.count, .exclude = exclude };
	return &fleet->groups[fleet->group_count++];
}

/* A line of cells.txt: the name of the log, a tab, and the command. */
static void add_line(struct fleet *fleet, struct group *group, const struct lab_cell *cell,
		     enum lab_cell_turn turn)
{
	bool insns = !strcmp(fleet->plan->clock, "insns");
	char *file = lab_cell_file(cell, fleet->folder, turn), *line;
	struct mb_list words = { 0 };
	unsigned long minutes = minutes_of(fleet, cell);

	lab_cell_words(fleet->plan, cell, fleet->folder, turn, &words);
	line = mb_format("%.*s\t'%s' lab run", (int)(strlen(mb_base_name(file)) - strlen(".jsonl")),
			 mb_base_name(file), fleet->self);
	for (size_t i = 0; i < words.count; i++) {
		char *more = mb_format("%s '%s'", line, words.at[i]);

		free(line);
		line = more;
	}
	/* What an interrupted one left is gone on with; times of another node are of no use. */
	mb_list_add(&fleet->lines, "%s %s --quiet", line, insns ? "--resume" : "--force");
	group->count++;
	group->minutes = minutes > group->minutes ? minutes : group->minutes;
	mb_list_free(&words);
	free(line);
	free(file);
}

static bool missing(const struct fleet *fleet, const struct lab_cell *cell, enum lab_cell_turn turn)
{
	char *file = lab_cell_file(cell, fleet->folder, turn);
	bool is = !lab_run_whole(file, NULL);

	/* In a dry run the files of nodes that are not believed still lie there. */
	if (!is && fleet->dry_run && fleet->state.liars.count) {
		char *node = lab_cell_node(file);

		is = mb_list_has(&fleet->state.liars, node);
		free(node);
	}
	free(file);
	return is;
}

static char *with(char *list, const char *node)
{
	char *more = mb_format("%s%s%s", list ? list : "", list ? "," : "", node);

	free(list);
	return more;
}

char *lab_slurm_liars(const struct fleet *fleet)
{
	char *all = NULL;

	for (size_t i = 0; i < fleet->state.liars.count; i++)
		all = with(all, fleet->state.liars.at[i]);
	return all;
}

/*
 * Who is not to make the first or second measurement of what is measured twice: every second node, so
 * that the two have none in common, and those that are not believed.
 */
static char *half(const struct fleet *fleet, enum lab_cell_turn turn)
{
	char *all = lab_slurm_liars(fleet);

	for (size_t i = 0; fleet->nodes.count > 1 && i < fleet->nodes.count; i++)
		if (i % 2 == (size_t)turn)
			all = with(all, fleet->nodes.at[i]);
	return all;
}

/* Who has made the other of @cell's two measurements, malloc'd; NULL if nobody has, or who has is not believed. */
static char *other_node(const struct fleet *fleet, const struct lab_cell *cell,
			enum lab_cell_turn turn)
{
	enum lab_cell_turn other = turn == LAB_TURN_FIRST ? LAB_TURN_AGAIN : LAB_TURN_FIRST;
	char *file, *node;

	if (!cell->twice || missing(fleet, cell, other))
		return NULL;
	file = lab_cell_file(cell, fleet->folder, other);
	node = lab_cell_node(file);
	free(file);
	return node;
}

/* Whether somebody else than @node may measure; where no node is known, Slurm may know some. */
static bool has_other(const struct fleet *fleet, const char *node)
{
	bool other = !fleet->nodes.count;

	for (size_t i = 0; !other && i < fleet->nodes.count; i++)
		other = strcmp(fleet->nodes.at[i], node);
	return other;
}

/* What @node has measured once is for any other: the halves may have been others when it did. */
static void find_seconds(struct fleet *fleet, const char *node)
{
	const struct lab_fleet_plan *plan = fleet->plan;
	struct group *group = begin_group(fleet, with(lab_slurm_liars(fleet), node));

	for (enum lab_cell_turn turn = LAB_TURN_FIRST; turn <= LAB_TURN_AGAIN; turn++)
		for (size_t i = 0; i < plan->count; i++) {
			char *by = other_node(fleet, &plan->cells[i], turn);

			if (by && !strcmp(by, node) && missing(fleet, &plan->cells[i], turn))
				add_line(fleet, group, &plan->cells[i], turn);
			free(by);
		}
}

static void drop_empty(struct fleet *fleet)
{
	struct group *last = &fleet->groups[fleet->group_count - 1];

	if (last->count)
		return;
	free(last->exclude);
	fleet->group_count--;
}

static void find_cells(struct fleet *fleet)
{
	const struct lab_fleet_plan *plan = fleet->plan;
	struct group *group = begin_group(fleet, lab_slurm_liars(fleet));
	struct mb_list once = { 0 }; /* nodes that have measured one of two */

	for (size_t i = 0; i < plan->count; i++)
		if (!plan->cells[i].twice && missing(fleet, &plan->cells[i], LAB_TURN_FIRST))
			add_line(fleet, group, &plan->cells[i], LAB_TURN_FIRST);
	drop_empty(fleet);
	for (enum lab_cell_turn turn = LAB_TURN_FIRST; turn <= LAB_TURN_AGAIN; turn++) {
		group = begin_group(fleet, half(fleet, turn));
		for (size_t i = 0; i < plan->count; i++) {
			char *by = other_node(fleet, &plan->cells[i], turn);

			if (!plan->cells[i].twice || !missing(fleet, &plan->cells[i], turn))
				;
			else if (!by || !has_other(fleet, by))
				add_line(fleet, group, &plan->cells[i], turn);
			else if (!mb_list_has(&once, by))
				mb_list_add(&once, "%s", by);
			free(by);
		}
		drop_empty(fleet);
	}
	for (size_t i = 0; i < once.count; i++)
		find_seconds(fleet, once.at[i]);
	mb_list_free(&once);
	/* Whoever decides is neither of the two, nor somebody who was wrong before. */
	for (size_t i = 0; i < fleet->state.dispute_count; i++) {
		const struct lab_dispute *dispute = &fleet->state.disputes[i];
		char *exclude = lab_slurm_liars(fleet);

		if (!dispute->nodes[0] || !dispute->nodes[1] ||
		    fleet->state.cells[dispute->cell] == LAB_CELL_VOID) {
			free(exclude);
			continue;
		}
		exclude = with(with(exclude, dispute->nodes[0]), dispute->nodes[1]);
		group = begin_group(fleet, exclude);
		add_line(fleet, group, &plan->cells[dispute->cell], LAB_TURN_THIRD);
	}
}

/* Those of which a cell is to be measured, and that the cache does not have. */
static void find_kernels(struct fleet *fleet)
{
	const struct lab_fleet_plan *plan = fleet->plan;
	size_t cells = plan->count / plan->kernel_count;

	for (size_t k = 0; k < plan->kernel_count; k++) {
		bool wanted = false;

		for (size_t i = k * cells; !wanted && i < (k + 1) * cells; i++)
			wanted = fleet->state.cells[i] != LAB_CELL_DONE;
		if (wanted && !lab_fleet_built(&plan->kernels[k]))
			mb_list_add(&fleet->kernels, "%s", plan->kernels[k].name);
	}
}

/* Nodes that may measure: two halves of them check each other. */
static void find_nodes(struct fleet *fleet)
{
	struct mb_list all = { 0 };

	lab_jobs_nodes(&all);
	for (size_t i = 0; i < all.count; i++)
		if (!mb_list_has(&fleet->state.liars, all.at[i]))
			mb_list_add(&fleet->nodes, "%s", all.at[i]);
	mb_list_free(&all);
}

unsigned long lab_slurm_build_minutes(const char *kernel)
{
	char *what = lab_timing_build(kernel, false);
	unsigned long minutes = limit(lab_timing(what), UNKNOWN_BUILD);

	free(what);
	return minutes;
}

void lab_slurm_cells(struct fleet *fleet)
{
	find_nodes(fleet);
	find_limits(fleet);
	find_cells(fleet);
	find_kernels(fleet);
}

void lab_slurm_cells_free(struct fleet *fleet)
{
	for (size_t i = 0; i < fleet->group_count; i++)
		free(fleet->groups[i].exclude);
	free(fleet->groups);
	free(fleet->minutes);
	mb_list_free(&fleet->nodes);
	mb_list_free(&fleet->lines);
	mb_list_free(&fleet->kernels);
}
