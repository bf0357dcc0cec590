// SPDX-License-Identifier: GPL-2.0-or-later
/* migbench lab campaign: plan, run and status of a campaign file. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/files.h"
#include "core/base/text.h"
#include "core/command.h"
#include "core/options.h"
#include "core/status.h"
#include "lab/base/self.h"
#include "lab/base/spawn.h"
#include "lab/fleet/command.h"
#include "lab/fleet/plan.h"
#include "lab/fleet/slurm.h"

struct request {
	const char *file, *on;
	char *folder;
	bool dry_run;
	struct lab_fleet_plan plan;
};

/* Where a campaign's files go unless told: beside it, by its name without the ending. */
static char *folder_of(const char *file)
{
	size_t length = strlen(file);

	if (length > 4 && !strcmp(file + length - 4, ".ini"))
		length -= 4;
	return mb_format("%.*s.campaign", (int)length, file);
}

static int read_request(struct request *request, const struct mb_usage *usage,
			const struct mb_option *options, const char **out, int argc, char **argv)
{
	int first, status = mb_options(usage, options, argc, argv, &first);

	if (status != MB_PARSED)
		return status;
	request->file = argv[first];
	request->folder = *out ? mb_strdup(*out) : folder_of(request->file);
	status = lab_fleet_read(&request->plan, request->file);
	return status ? status : MB_PARSED;
}

static void free_request(struct request *request)
{
	lab_fleet_free(&request->plan);
	free(request->folder);
}

#define OPT_OUT(value)                                                                             \
	{                                                                                          \
		"out", "DIR", "the campaign's folder (default: FILE.campaign, beside the file)",   \
			MB_OPT_STRING, value, 0, 0                                                 \
	}

static void print_command(const struct request *request, const struct lab_cell *cell, bool again)
{
	struct mb_list words = { 0 };

	lab_cell_words(&request->plan, cell, request->folder, again, &words);
	printf("migbench lab run");
	for (size_t i = 0; i < words.count; i++)
		printf(" %s", words.at[i]);
	putchar('\n');
	mb_list_free(&words);
}

static int plan_main(int argc, char **argv)
{
	struct request request = { 0 };
	const char *out = NULL;
	const struct mb_option options[] = { OPT_OUT(&out), { 0 } };
	const struct mb_usage usage = {
		.command = "lab campaign plan",
		.operands = "FILE",
		.summary = "Print the command of each cell of a campaign, those that are to be "
			   "measured twice among them.",
		.example = "migbench lab campaign plan kernels.ini",
		.min_operands = 1,
		.max_operands = 1,
	};
	int status = read_request(&request, &usage, options, &out, argc, argv);

	if (status == MB_PARSED) {
		for (size_t i = 0; i < request.plan.count; i++)
			for (int again = 0; again <= request.plan.cells[i].twice; again++)
				print_command(&request, &request.plan.cells[i], again);
		status = MB_OK;
	}
	free_request(&request);
	return status;
}

/* One run of a cell, unless it is there. Its own lines are those of lab run. */
static int run_cell(const struct request *request, const struct lab_cell *cell, bool again)
{
	char *file = lab_cell_file(cell, request->folder, again);
	struct mb_list words = { 0 };
	int status = MB_OK;

	if (!lab_cell_whole(file)) {
		lab_self_begin(&words, "lab", "run");
		lab_cell_words(&request->plan, cell, request->folder, again, &words);
		mb_list_add(&words, "--resume");
		status = lab_self_run(&words, 2);
	}
	free(file);
	return status;
}

/* All cells, one after the other; one that fails keeps none of the others back. */
static int run_here(const struct request *request)
{
	int worst = MB_OK;

	if (mb_make_folders(request->folder))
		return mb_fail(MB_MACHINE, "%s: %m", request->folder);
	for (size_t i = 0; i < request->plan.count; i++) {
		const struct lab_cell *cell = &request->plan.cells[i];

		for (int again = 0; again <= cell->twice && !lab_interrupted; again++) {
			int status = run_cell(request, cell, again);

			worst = status > worst ? status : worst;
		}
	}
	return lab_interrupted ? MB_MACHINE : worst;
}

static int run_main(int argc, char **argv)
{
	struct request request = { .on = "local" };
	const char *out = NULL;
	const struct mb_option options[] = {
		{ "on", "local|slurm", "what runs the cells", MB_OPT_STRING, &request.on, 0, 0 },
		{ "dry-run", NULL, "with slurm: print the scripts, and submit nothing", MB_OPT_FLAG,
		  &request.dry_run, 0, 0 },
		OPT_OUT(&out),
		{ 0 },
	};
	const struct mb_usage usage = {
		.command = "lab campaign run",
		.operands = "FILE",
		.summary = "Measure the cells of a campaign that are missing, here one after the "
			   "other, or as arrays of Slurm jobs. Interrupted, the same command goes "
			   "on.",
		.example = "migbench lab campaign run kernels.ini --on slurm --dry-run",
		.min_operands = 1,
		.max_operands = 1,
	};
	int status = read_request(&request, &usage, options, &out, argc, argv);

	if (status == MB_PARSED) {
		if (strcmp(request.on, "local") && strcmp(request.on, "slurm"))
			status = mb_fail(MB_REQUEST,
					 "lab campaign: --on is local or slurm, not '%s'",
					 request.on);
		else if (!strcmp(request.on, "slurm"))
			status = lab_fleet_slurm(&request.plan, request.folder, request.dry_run);
		else if (request.dry_run)
			status =
				mb_fail(MB_REQUEST, "lab campaign: --dry-run goes with --on slurm; "
						    "see lab campaign plan");
		else
			status = run_here(&request);
	}
	free_request(&request);
	return status;
}

static int status_main(int argc, char **argv)
{
	struct request request = { 0 };
	size_t counts[LAB_CELL_DIFFERS + 1] = { 0 };
	const char *out = NULL;
	const struct mb_option options[] = { OPT_OUT(&out), { 0 } };
	const struct mb_usage usage = {
		.command = "lab campaign status",
		.operands = "FILE",
		.summary = "Say how far each cell of a campaign has come. Exit status 1: one that "
			   "was measured twice has two results.",
		.example = "migbench lab campaign status kernels.ini",
		.min_operands = 1,
		.max_operands = 1,
	};
	int status = read_request(&request, &usage, options, &out, argc, argv);

	if (status == MB_PARSED) {
		for (size_t i = 0; i < request.plan.count; i++) {
			const struct lab_cell *cell = &request.plan.cells[i];
			enum lab_cell_state state = lab_cell_look(cell, request.folder);

			counts[state]++;
			printf("%-8s %s%s\n", lab_cell_state_name(state), cell->name,
			       cell->twice ? " (twice)" : "");
		}
		printf("%zu cells: %zu done, %zu begun, %zu missing, %zu differ\n",
		       request.plan.count, counts[LAB_CELL_DONE], counts[LAB_CELL_BEGUN],
		       counts[LAB_CELL_MISSING], counts[LAB_CELL_DIFFERS]);
		status = counts[LAB_CELL_DIFFERS] ? MB_BAD : MB_OK;
	}
	free_request(&request);
	return status;
}

static const struct mb_command commands[] = {
	{ "plan", plan_main, "the commands that make a campaign" },
	{ "run", run_main, "measure what is missing, here or through Slurm" },
	{ "status", status_main, "how far each cell has come" },
	{ 0 },
};

static const struct mb_group group = {
	.name = "lab campaign",
	.summary = "Many kernels, topologies and suites, as one file says.",
	.commands = commands,
};

int lab_campaign_main(int argc, char **argv)
{
	return mb_dispatch(&group, argc, argv);
}
