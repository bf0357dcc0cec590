// SPDX-License-Identifier: GPL-2.0-or-later
/* Scripts for sbatch; no daemon of ours, and the campaign's folder is all that is shared. */
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/files.h"
#include "core/base/quote.h"
#include "core/base/say.h"
#include "core/base/text.h"
#include "core/status.h"
#include "lab/base/self.h"
#include "lab/fleet/jobs.h"
#include "lab/fleet/look.h"
#include "lab/fleet/slurm.h"
#include "lab/fleet/slurm_cells.h"

static char *joined(const struct mb_list *list, const char *between)
{
	char *text;
	size_t size;
	FILE *out = mb_text_open(&text, &size);

	for (size_t i = 0; i < list->count; i++)
		fprintf(out, "%s%s", list->at[i], between);
	mb_text_close(out);
	return text;
}

static char *build_script(const struct fleet *fleet)
{
	char *kernels = joined(&fleet->kernels, " "), *script;

	script = mb_format(
		"#!/bin/bash\n"
		"#SBATCH --job-name=migbench-build\n"
		"#SBATCH --cpus-per-task=2\n"
		"#SBATCH --requeue\n"
		"#SBATCH --output=/dev/null\n"
		"kernels=(%.*s)\n"
		"kernel=${kernels[$((SLURM_ARRAY_TASK_ID + $1))]}\n"
		"exec >>'%s/logs/build-'\"$kernel\".log 2>&1\n"
		"echo \"== $(date -u +%%FT%%TZ) job $SLURM_JOB_ID on $SLURMD_NODENAME\"\n"
		"exec '%s' lab campaign build '%s' \"$kernel\" --quiet\n",
		(int)strlen(kernels) - 1, kernels, fleet->folder, fleet->self, fleet->file);
	free(kernels);
	return script;
}

static char *run_script(const struct fleet *fleet)
{
	/* Times are not to be shared with others. */
	bool alone = !strcmp(fleet->plan->clock, "time");

	return mb_format("#!/bin/bash\n"
			 "#SBATCH --job-name=migbench-run\n"
			 "#SBATCH --cpus-per-task=2\n"
			 "%s"
			 "#SBATCH --requeue\n"
			 "#SBATCH --output=/dev/null\n"
			 "line=$(sed -n \"$((SLURM_ARRAY_TASK_ID + 1 + $1))p\" '%s/cells.txt')\n"
			 "exec >>'%s/logs/'\"${line%%%%$'\\t'*}\".log 2>&1\n"
			 "echo \"== $(date -u +%%FT%%TZ) job $SLURM_JOB_ID on $SLURMD_NODENAME\"\n"
			 "eval \"exec ${line#*$'\\t'}\"\n",
			 alone ? "#SBATCH --exclusive\n" : "", fleet->folder, fleet->folder);
}

/* A file of the campaign's folder, or, in a dry run, a part of what is printed. */
static int keep(const struct fleet *fleet, const char *name, char *text)
{
	char *path = mb_format("%s/%s", fleet->folder, name);
	int status = MB_OK;

	if (fleet->dry_run) {
		printf("== %s\n", name);
		mb_put_lines(text);
	} else if (mb_write_file(path, text, strlen(text))) {
		status = mb_fail(MB_MACHINE, "%s: cannot write: %m", path);
	}
	free(path);
	free(text);
	return status;
}

static int write_scripts(const struct fleet *fleet)
{
	int status = keep(fleet, "cells.txt", joined(&fleet->lines, "\n"));

	if (!status && fleet->kernels.count)
		status = keep(fleet, "build.sbatch", build_script(fleet));
	return status ? status : keep(fleet, "run.sbatch", run_script(fleet));
}

/* One array; its job in *@job, malloc'd. A dry run prints the command. */
static int submit(const struct fleet *fleet, struct mb_list *words, char **job)
{
	int status = MB_OK;

	if (!fleet->dry_run) {
		status = lab_jobs_submit(fleet->folder, words, job);
	} else {
		for (size_t i = 0; i < words->count; i++) {
			if (i)
				putchar(' ');
			mb_put_word(stdout, words->at[i]);
		}
		putchar('\n');
		*job = mb_strdup("BUILD");
	}
	mb_list_free(words);
	return status;
}

static void begin_words(struct mb_list *words, size_t count, unsigned long minutes)
{
	*words = (struct mb_list){ 0 };
	mb_list_add(words, "sbatch");
	mb_list_add(words, "--parsable");
	mb_list_add(words, "--array=0-%zu", count - 1);
	mb_list_add(words, "--time=%lu", minutes);
}

/* All kernels; the jobs, with colons between them, in *@jobs, malloc'd, NULL: there are none. */
static int submit_builds(const struct fleet *fleet, char **jobs)
{
	size_t most = lab_jobs_array(), count;
	char *liars = lab_slurm_liars(fleet);
	int status = MB_OK;

	*jobs = NULL;
	for (size_t done = 0; !status && done < fleet->kernels.count; done += count) {
		struct mb_list words;
		unsigned long minutes = 0;
		char *job = NULL, *more;

		count = fleet->kernels.count - done < most ? fleet->kernels.count - done : most;
		for (size_t i = done; i < done + count; i++) {
			unsigned long one = lab_slurm_build_minutes(fleet->kernels.at[i]);

			minutes = one > minutes ? one : minutes;
		}
		begin_words(&words, count, minutes);
		if (liars)
			mb_list_add(&words, "--exclude=%s", liars);
		mb_list_add(&words, "%s/build.sbatch", fleet->folder);
		mb_list_add(&words, "%zu", done);
		status = submit(fleet, &words, &job);
		if (!status && !fleet->dry_run)
			mb_say(stdout, "%zu kernels: job %s", count, job);
		more = mb_format("%s%s%s", *jobs ? *jobs : "", *jobs ? ":" : "", job ? job : "");
		free(*jobs);
		*jobs = more;
		free(job);
	}
	free(liars);
	return status;
}

static int submit_group(const struct fleet *fleet, const struct group *group, const char *build)
{
	size_t most = lab_jobs_array();
	int status = MB_OK;

	for (size_t done = 0; !status && done < group->count; done += most) {
		size_t count = group->count - done < most ? group->count - done : most;
		struct mb_list words;
		char *job = NULL;

		begin_words(&words, count, group->minutes);
		/* Cells of a kernel that can't be built end at once, and say so; the others are measured. */
		if (build)
			mb_list_add(&words, "--dependency=afterany:%s", build);
		if (group->exclude)
			mb_list_add(&words, "--exclude=%s", group->exclude);
		mb_list_add(&words, "%s/run.sbatch", fleet->folder);
		mb_list_add(&words, "%zu", group->first + done);
		status = submit(fleet, &words, &job);
		if (!status && !fleet->dry_run)
			mb_say(stdout, "%zu runs: job %s", count, job);
		free(job);
	}
	return status;
}

static int submit_all(const struct fleet *fleet)
{
	char *build = NULL;
	int status = submit_builds(fleet, &build);

	for (size_t i = 0; !status && i < fleet->group_count; i++)
		status = submit_group(fleet, &fleet->groups[i], build);
	free(build);
	return status;
}

/* The scripts have it in quotes, and a task is one line of cells.txt. */
static int check_name(const char *name)
{
	if (!strpbrk(name, "'\n"))
		return MB_OK;
	return mb_fail(MB_REQUEST,
		       "lab campaign: %s: for Slurm there must be no ' and no line feed in a name",
		       name);
}

static int check(const struct fleet *fleet)
{
	const char *const all[] = { fleet->file, fleet->folder, fleet->self };
	struct lab_jobs jobs;
	int status = MB_OK;

	for (size_t i = 0; !status && i < sizeof(all) / sizeof(all[0]); i++)
		status = check_name(all[i]);
	if (status)
		return status;
	status = lab_jobs_look(fleet->folder, &jobs);
	if (!status && jobs.jobs.count) {
		char *names = mb_list_join(&jobs.jobs);

		status = mb_fail(
			MB_REQUEST,
			"lab campaign: job %s is under way; wait for it, or end it with lab "
			"campaign cancel",
			names);
		free(names);
	}
	lab_jobs_free(&jobs);
	return status;
}

static int submit_missing(struct fleet *fleet)
{
	int status = lab_fleet_look(fleet->plan, fleet->folder, &fleet->state);

	if (!status && !fleet->dry_run)
		status = lab_fleet_void(fleet->plan, fleet->folder, &fleet->state);
	if (!status) {
		lab_slurm_cells(fleet);
		if (fleet->plan->check && fleet->nodes.count == 1)
			mb_note("there is one node only: it checks itself");
		if (!fleet->lines.count)
			puts("nothing is missing");
		else
			status = write_scripts(fleet) ?: submit_all(fleet);
		lab_slurm_cells_free(fleet);
	}
	lab_fleet_state_free(&fleet->state);
	return status;
}

int lab_fleet_slurm(const struct lab_fleet_plan *plan, const char *file, const char *folder,
		    bool dry_run)
{
	char *logs = mb_format("%s/logs", folder), full[PATH_MAX], from[PATH_MAX];
	struct fleet fleet = { .plan = plan, .file = from, .folder = full, .dry_run = dry_run };
	int status = check_name(file) ?: check_name(folder);

	/* Jobs run elsewhere: a relative path would mean another place. */
	if (!status && !dry_run && (mb_make_folders(logs) || !realpath(folder, full)))
		status = mb_fail(MB_MACHINE, "%s: %m", logs);
	else if (!status && dry_run)
		snprintf(full, sizeof(full), "%s", folder);
	if (!status && !realpath(file, from))
		status = mb_fail(MB_REQUEST, "%s: %m", file);
	if (!status && !(fleet.self = lab_self_path()))
		status = MB_MACHINE;
	if (!status && !dry_run)
		status = check(&fleet);
	if (!status)
		status = submit_missing(&fleet);
	free(fleet.self);
	free(logs);
	return status;
}
