// SPDX-License-Identifier: GPL-2.0-or-later
/* Scripts for sbatch; no daemon of ours, and the campaign's folder is all that is shared. */
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

#include "core/base/files.h"
#include "core/base/text.h"
#include "core/status.h"
#include "lab/base/self.h"
#include "lab/base/spawn.h"
#include "lab/fleet/slurm.h"

/* A word for the shell, in single quotes; malloc'd. Names of cells have none in them. */
static char *quoted(const char *word)
{
	return mb_format("'%s'", word);
}

/* The commands that are missing, a line each, "again" where it is a second one. */
static int list_cells(const struct lab_fleet_plan *plan, const char *folder, const char *self,
		      char **text, size_t *count)
{
	size_t length;
	FILE *out = open_memstream(text, &length);

	if (!out)
		mb_no_memory();
	*count = 0;
	for (size_t i = 0; i < plan->count; i++)
		for (int again = 0; again <= plan->cells[i].twice; again++) {
			const struct lab_cell *cell = &plan->cells[i];
			char *file = lab_cell_file(cell, folder, again), *word = quoted(self);
			struct mb_list words = { 0 };

			if (!lab_cell_whole(file)) {
				lab_cell_words(plan, cell, folder, again, &words);
				fprintf(out, "%s lab run", word);
				for (size_t w = 0; w < words.count; w++)
					fprintf(out, " '%s'", words.at[w]);
				/* What an interrupted one left is gone on with. */
				fputs(" --resume --quiet\n", out);
				++*count;
			}
			mb_list_free(&words);
			free(word);
			free(file);
		}
	return fclose(out) ? mb_fail(MB_MACHINE, "lab campaign: %m") : MB_OK;
}

static char *build_script(const struct lab_fleet_plan *plan, const char *folder, const char *self)
{
	char *script = mb_format("#!/bin/bash\n"
				 "#SBATCH --job-name=migbench-build\n"
				 "#SBATCH --array=0-%zu\n"
				 "#SBATCH --cpus-per-task=2\n"
				 "#SBATCH --requeue\n"
				 "#SBATCH --time=2:00:00\n"
				 "#SBATCH --output=%s/logs/build-%%a.log\n"
				 "kernels=(",
				 plan->kernels.count - 1, folder);

	for (size_t i = 0; i < plan->kernels.count; i++) {
		char *more = mb_format("%s%s%s", script, i ? " " : "", plan->kernels.at[i]);

		free(script);
		script = more;
	}
	{
		char *more = mb_format("%s)\nexec '%s' lab kernel build "
				       "\"${kernels[$SLURM_ARRAY_TASK_ID]}\" --quiet\n",
				       script, self);

		free(script);
		return more;
	}
}

static char *run_script(const char *folder, size_t count)
{
	return mb_format(
		"#!/bin/bash\n"
		"#SBATCH --job-name=migbench-run\n"
		"#SBATCH --array=0-%zu\n"
		"#SBATCH --cpus-per-task=2\n"
		"#SBATCH --requeue\n"
		"#SBATCH --time=4:00:00\n"
		"#SBATCH --output=%s/logs/run-%%a.log\n"
		"eval \"exec $(sed -n \"$((SLURM_ARRAY_TASK_ID + 1))p\" '%s/cells.txt')\"\n",
		count - 1, folder, folder);
}

static int keep(const char *folder, const char *name, const char *text, bool show)
{
	char *path = mb_format("%s/%s", folder, name);
	int status = MB_OK;

	if (show)
		printf("== %s\n%s", name, text);
	else if (mb_write_file(path, text, strlen(text)))
		status = mb_fail(MB_MACHINE, "%s: cannot write: %m", path);
	free(path);
	return status;
}

/* "sbatch --parsable […] FOLDER/@name"; the number of the job in *@job, malloc'd. */
static int submit(const char *folder, const char *name, const char *after, char **job)
{
	char *path = mb_format("%s/%s", folder, name);
	char *command =
		mb_format("command -v sbatch >/dev/null || exit 127; exec sbatch --parsable "
			  "%s%s '%s'",
			  after ? "--dependency=afterok:" : "", after ? after : "", path);
	FILE *said = popen(command, "re");
	char line[128] = "";
	bool got = said && fgets(line, sizeof(line), said);
	int ended = said ? pclose(said) : -1;

	line[strcspn(line, ";\n")] = '\0';
	*job = mb_strdup(line);
	free(command);
	free(path);
	if (WIFEXITED(ended) && WEXITSTATUS(ended) == 127)
		return mb_fail(MB_MACHINE,
			       "lab campaign: sbatch is not installed; on Debian: apt-get "
			       "install slurm-client");
	return got && !ended ? MB_OK
			     : mb_fail(MB_MACHINE, "lab campaign: sbatch took no job; what it "
						   "says stands above");
}

int lab_fleet_slurm(const struct lab_fleet_plan *plan, const char *folder, bool dry_run)
{
	char *self = lab_self_path(), *cells = NULL, *build, *run, *jobs[2] = { NULL, NULL };
	char *logs = mb_format("%s/logs", folder), full[PATH_MAX];
	size_t count = 0;
	int status = self ? MB_OK : MB_MACHINE;

	if (!status && strchr(folder, '\''))
		status = mb_fail(MB_REQUEST, "--out %s: a folder for Slurm has no ' in its name",
				 folder);
	if (!status && !dry_run && (mb_make_folders(logs) || !realpath(folder, full)))
		status = mb_fail(MB_MACHINE, "%s: %m", logs);
	/* Jobs run elsewhere: a relative path would mean another place. */
	if (!status && dry_run)
		snprintf(full, sizeof(full), "%s", folder);
	if (!status)
		status = list_cells(plan, full, self, &cells, &count);
	if (!status && !count) {
		puts("nothing is missing");
	} else if (!status) {
		build = build_script(plan, full, self);
		run = run_script(full, count);
		status = keep(full, "cells.txt", cells, dry_run);
		if (!status)
			status = keep(full, "build.sbatch", build, dry_run);
		if (!status)
			status = keep(full, "run.sbatch", run, dry_run);
		if (!status && !dry_run)
			status = submit(full, "build.sbatch", NULL, &jobs[0]);
		if (!status && !dry_run)
			status = submit(full, "run.sbatch", jobs[0], &jobs[1]);
		if (!status && !dry_run)
			printf("kernels: job %s; %zu runs: job %s\n", jobs[0], count, jobs[1]);
		free(build);
		free(run);
	}
	free(jobs[0]);
	free(jobs[1]);
	free(cells);
	free(logs);
	free(self);
	return status;
}
