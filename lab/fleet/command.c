// SPDX-License-Identifier: GPL-2.0-or-later
/* migbench lab campaign: the commands of a campaign file. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/files.h"
#include "core/base/quote.h"
#include "core/base/say.h"
#include "core/base/text.h"
#include "core/command.h"
#include "core/options.h"
#include "core/status.h"
#include "lab/base/self.h"
#include "lab/base/spawn.h"
#include "lab/campaign/resume.h"
#include "lab/fleet/collect.h"
#include "lab/fleet/command.h"
#include "lab/fleet/jobs.h"
#include "lab/fleet/look.h"
#include "lab/fleet/plan.h"
#include "lab/fleet/slurm.h"

struct request {
	const char *file, *on;
	char *folder;
	bool dry_run;
	struct lab_fleet_plan plan;
};

/* Where a campaign's files go unless told: beside it, by its name with another @ending. malloc'd. */
static char *beside(const char *file, const char *ending)
{
	size_t length = strlen(file);

	if (length > 4 && !strcmp(file + length - 4, ".ini"))
		length -= 4;
	return mb_format("%.*s.%s", (int)length, file, ending);
}

static int read_request(struct request *request, const struct mb_usage *usage,
			const struct mb_option *options, const char **out, int argc, char **argv)
{
	int first, status = mb_options(usage, options, argc, argv, &first);

	if (status != MB_PARSED)
		return status;
	request->file = argv[first];
	request->folder = *out ? mb_strdup(*out) : beside(request->file, "campaign");
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

static void print_command(const struct request *request, const struct lab_cell *cell,
			  enum lab_cell_turn turn)
{
	struct mb_list words = { 0 };

	lab_cell_words(&request->plan, cell, request->folder, turn, &words);
	printf("migbench lab run");
	for (size_t i = 0; i < words.count; i++) {
		putchar(' ');
		mb_put_word(stdout, words.at[i]);
	}
	putchar('\n');
	mb_list_free(&words);
}

static int print_commands(const struct request *request)
{
	for (size_t i = 0; i < request->plan.count; i++)
		for (enum lab_cell_turn turn = 0; turn <= request->plan.cells[i].twice; turn++)
			print_command(request, &request->plan.cells[i], turn);
	return MB_OK;
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

	if (status == MB_PARSED)
		status = print_commands(&request);
	free_request(&request);
	return status;
}

/* One run of a cell, unless it is there. Its own lines are those of lab run. */
static int run_cell(const struct request *request, const struct lab_cell *cell,
		    enum lab_cell_turn turn)
{
	char *file = lab_cell_file(cell, request->folder, turn);
	struct mb_list words = { 0 };
	int status = MB_OK;

	if (!lab_run_whole(file, NULL)) {
		lab_self_begin(&words, "lab", "run");
		lab_cell_words(&request->plan, cell, request->folder, turn, &words);
		mb_list_add(&words, "--resume");
		status = lab_self_run(&words, 2);
	}
	free(file);
	return status;
}

static int build_kernels(const struct request *request, const char *name, bool quiet, bool dry_run)
{
	int worst = MB_OK;
	bool found = false;

	for (size_t i = 0; i < request->plan.kernel_count && !lab_interrupted; i++) {
		const struct lab_fleet_kernel *kernel = &request->plan.kernels[i];
		int status;

		if (name && strcmp(kernel->name, name) != 0)
			continue;
		found = true;
		if (dry_run) {
			if (!lab_fleet_built(kernel))
				puts(kernel->name);
			continue;
		}
		status = lab_fleet_build(&request->plan, kernel, quiet);
		worst = status > worst ? status : worst;
	}
	if (name && !found)
		return mb_fail(MB_REQUEST, "%s: the campaign has no kernel '%s'", request->file,
			       name);
	return lab_interrupted ? MB_MACHINE : worst;
}

/* Kernels, and all cells, one after the other; one that fails keeps none of the others back. */
static int run_here(const struct request *request)
{
	int worst = MB_OK;

	if (mb_make_folders(request->folder))
		return mb_fail(MB_MACHINE, "%s: %m", request->folder);
	worst = build_kernels(request, NULL, false, false);
	for (size_t i = 0; i < request->plan.count; i++) {
		const struct lab_cell *cell = &request->plan.cells[i];

		for (enum lab_cell_turn turn = 0; turn <= cell->twice && !lab_interrupted; turn++) {
			int status = run_cell(request, cell, turn);

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
		{ "dry-run", NULL, "print the commands, or with slurm the scripts; run nothing",
		  MB_OPT_FLAG, &request.dry_run, 0, 0 },
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
			status = lab_fleet_slurm(&request.plan, request.file, request.folder,
						 request.dry_run);
		else if (request.dry_run)
			status = print_commands(&request);
		else
			status = run_here(&request);
	}
	free_request(&request);
	return status;
}

/* What is said of the campaign as a whole, below its cells. */
static int print_state(const struct request *request, const struct lab_fleet_state *state)
{
	struct lab_jobs jobs;
	int status;

	printf("%zu cells:", request->plan.count);
	for (size_t i = 0; i < LAB_CELL_STATES; i++)
		printf("%s %zu %s", i ? "," : "", state->counts[i], lab_cell_state_name(i));
	putchar('\n');
	for (size_t i = 0; i < state->liars.count; i++)
		mb_say(stdout, "node %s: two others contradict it; what it measured does not count",
		       state->liars.at[i]);
	status = lab_jobs_look(request->folder, &jobs);
	if (jobs.jobs.count)
		printf("Slurm: %zu run, %zu wait\n", jobs.running, jobs.waiting);
	lab_jobs_free(&jobs);
	if (state->counts[LAB_CELL_INVALID] || state->counts[LAB_CELL_DIFFERS] ||
	    state->counts[LAB_CELL_VOID])
		status = MB_BAD;
	return status;
}

static int status_main(int argc, char **argv)
{
	struct request request = { 0 };
	struct lab_fleet_state state;
	const char *out = NULL;
	const struct mb_option options[] = { OPT_OUT(&out), { 0 } };
	const struct mb_usage usage = {
		.command = "lab campaign status",
		.operands = "FILE",
		.summary = "Say how far each cell of a campaign has come. Exit status 1: the boots "
			   "of one differ, or one that was measured twice has two results, or was "
			   "measured by a node that two others contradict.",
		.example = "migbench lab campaign status kernels.ini",
		.min_operands = 1,
		.max_operands = 1,
	};
	int status = read_request(&request, &usage, options, &out, argc, argv);

	if (status == MB_PARSED) {
		status = lab_fleet_look(&request.plan, request.folder, &state);
		for (size_t i = 0; !status && i < request.plan.count; i++)
			mb_say(stdout, "%-8s %s%s", lab_cell_state_name(state.cells[i]),
			       request.plan.cells[i].name,
			       request.plan.cells[i].twice ? " (twice)" : "");
		if (!status)
			status = print_state(&request, &state);
		lab_fleet_state_free(&state);
	}
	free_request(&request);
	return status;
}

static int collect_main(int argc, char **argv)
{
	struct request request = { 0 };
	const char *out = NULL, *to = NULL;
	const struct mb_option options[] = {
		{ "to", "DIR", "where the result goes (default: FILE.result, beside the file)",
		  MB_OPT_STRING, &to, 0, 0 },
		OPT_OUT(&out),
		{ 0 },
	};
	const struct mb_usage usage = {
		.command = "lab campaign collect",
		.operands = "FILE",
		.summary =
			"Copy the run files of the cells that are done, and name the others. "
			"Under the clock insns no node is named in them: they are what one machine "
			"would have measured. Exit status 1: some are left out.",
		.example = "migbench lab campaign collect kernels.ini",
		.min_operands = 1,
		.max_operands = 1,
	};
	int status = read_request(&request, &usage, options, &out, argc, argv);

	if (status == MB_PARSED) {
		char *folder = to ? mb_strdup(to) : beside(request.file, "result");

		status = lab_fleet_collect(&request.plan, request.folder, folder);
		free(folder);
	}
	free_request(&request);
	return status;
}

static int cancel_main(int argc, char **argv)
{
	struct request request = { 0 };
	const char *out = NULL;
	const struct mb_option options[] = { OPT_OUT(&out), { 0 } };
	const struct mb_usage usage = {
		.command = "lab campaign cancel",
		.operands = "FILE",
		.summary =
			"End the Slurm jobs of a campaign. What is measured stays, and run goes on "
			"with the rest.",
		.example = "migbench lab campaign cancel kernels.ini",
		.min_operands = 1,
		.max_operands = 1,
	};
	int status = read_request(&request, &usage, options, &out, argc, argv);

	if (status == MB_PARSED)
		status = lab_jobs_cancel(request.folder);
	free_request(&request);
	return status;
}

static int build_main(int argc, char **argv)
{
	struct request request = { 0 };
	bool quiet = false;
	const struct mb_option options[] = {
		{ "dry-run", NULL, "print which these are; build nothing", MB_OPT_FLAG,
		  &request.dry_run, 0, 0 },
		{ "quiet", NULL, "show no progress", MB_OPT_FLAG, &quiet, 0, 0 },
		{ 0 },
	};
	const struct mb_usage usage = {
		.command = "lab campaign build",
		.operands = "FILE [KERNEL]",
		.summary = "Build the kernels of a campaign that are not built, or one of them.",
		.example = "migbench lab campaign build kernels.ini --dry-run",
		.min_operands = 1,
		.max_operands = 2,
	};
	int first, status = mb_options(&usage, options, argc, argv, &first);

	if (status == MB_PARSED) {
		request.file = argv[first];
		status = lab_fleet_read(&request.plan, request.file);
		if (!status)
			status = build_kernels(&request, first + 1 < argc ? argv[first + 1] : NULL,
					       quiet, request.dry_run);
	}
	free_request(&request);
	return status;
}

static const struct mb_command commands[] = {
	{ "plan", plan_main, "the commands that make a campaign" },
	{ "build", build_main, "build its kernels that are not built" },
	{ "run", run_main, "measure what is missing, here or through Slurm" },
	{ "status", status_main, "how far each cell has come" },
	{ "collect", collect_main, "copy what is done, and name the rest" },
	{ "cancel", cancel_main, "end its Slurm jobs" },
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
