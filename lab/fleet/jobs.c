// SPDX-License-Identifier: GPL-2.0-or-later
/* sbatch, squeue, scancel, sinfo and scontrol. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/files.h"
#include "core/base/say.h"
#include "core/base/text.h"
#include "core/options.h"
#include "core/status.h"
#include "lab/base/spawn.h"
#include "lab/base/temporary.h"
#include "lab/fleet/jobs.h"

#define NOTED "%s/jobs" /* a number a line */
#define SLURMS_OWN_ARRAY 1001 /* MaxArraySize where nobody has set it */

/*
 * Run @words; its stdout, malloc'd, in *@said, its stderr is ours. MB_OK; MB_MACHINE after a line; or MB_MACHINE when
 * interrupted, where *@said may have something all the same.
 */
static int ask(const struct mb_list *words, char **said)
{
	FILE *file = lab_temporary_file();
	struct lab_spawn how = { .argv = words->at, .in = -1, .err = 2 };
	char *line = NULL;
	size_t size = 0;
	int status;

	*said = NULL;
	if (!file)
		return MB_MACHINE;
	how.out = fileno(file);
	status = lab_run_program(&how);
	/* One line says so, and it is not this one. */
	if (lab_interrupted)
		status = -1;
	else if (status < 0)
		mb_fail(MB_MACHINE,
			errno == ENOENT ? "lab campaign: %s is not installed; on Debian: apt-get "
					  "install slurm-client"
					: "lab campaign: %s: %m",
			words->at[0]);
	else if (status)
		mb_fail(MB_MACHINE,
			"lab campaign: %s ended with status %d; what it says stands above",
			words->at[0], status);
	rewind(file);
	/* All of it at once: there is no NUL in it. */
	if ((!status || lab_interrupted) && getdelim(&line, &size, '\0', file) < 0) {
		free(line);
		line = mb_strdup("");
	}
	fclose(file);
	*said = line;
	return status ? MB_MACHINE : MB_OK;
}

int lab_jobs_submit(const char *folder, const struct mb_list *words, char **job)
{
	char *path = mb_format(NOTED, folder);
	FILE *out = fopen(path, "ae");
	int status = out ? ask(words, job) : mb_fail(MB_MACHINE, "%s: cannot write: %m", path);

	/* Slurm may have it though we were interrupted meanwhile. */
	if (out && *job && **job) {
		(*job)[strcspn(*job, ";\n")] = '\0';
		fprintf(out, "%s\n", *job);
	}
	if (out && fclose(out) && !status)
		status = mb_fail(MB_MACHINE, "%s: cannot write: %m; job %s runs", path, *job);
	free(path);
	return status;
}

static void noted(const char *folder, struct mb_list *jobs)
{
	char *path = mb_format(NOTED, folder), *text = mb_read_file(path, NULL), *rest = text,
	     *line;

	while (rest && (line = strsep(&rest, "\n")))
		if (*line)
			mb_list_add(jobs, "%s", line);
	free(text);
	free(path);
}

/* So many tasks are in "12_[0-9,14,20-29%4]", or in "12_3", or in "12". */
static size_t tasks(const char *id)
{
	const char *at = strchr(id, '[');
	size_t count = 0;

	if (!at)
		return 1;
	for (at++; *at && *at != ']' && *at != '%'; at += *at == ',') {
		char *end;
		unsigned long from = strtoul(at, &end, 10), to = from;

		if (*end == '-')
			to = strtoul(end + 1, &end, 10);
		if (end == at || to < from)
			break;
		count += to - from + 1;
		at = end;
	}
	return count;
}

int lab_jobs_look(const char *folder, struct lab_jobs *jobs)
{
	struct mb_list words = { 0 }, ours = { 0 };
	char *said, *rest, *line;
	int status;

	*jobs = (struct lab_jobs){ 0 };
	noted(folder, &ours);
	mb_list_add(&words, "squeue");
	mb_list_add(&words, "--noheader");
	mb_list_add(&words, "--me");
	mb_list_add(&words, "--format=%%F %%t %%i");
	status = ours.count ? ask(&words, &said) : MB_OK;
	rest = ours.count ? said : NULL;
	while (!status && rest && (line = strsep(&rest, "\n"))) {
		char *job = strsep(&line, " "), *state = line ? strsep(&line, " ") : NULL;

		if (!state || !line || !mb_list_has(&ours, job))
			continue;
		if (!mb_list_has(&jobs->jobs, job))
			mb_list_add(&jobs->jobs, "%s", job);
		*(strcmp(state, "PD") != 0 ? &jobs->running : &jobs->waiting) += tasks(line);
	}
	if (ours.count)
		free(said);
	mb_list_free(&words);
	mb_list_free(&ours);
	return status;
}

void lab_jobs_free(struct lab_jobs *jobs)
{
	mb_list_free(&jobs->jobs);
}

int lab_jobs_cancel(const char *folder)
{
	struct lab_jobs jobs;
	struct mb_list words = { 0 };
	char *said = NULL, *names;
	int status = lab_jobs_look(folder, &jobs);

	if (!status && !jobs.jobs.count) {
		puts("nothing is under way");
	} else if (!status) {
		mb_list_add(&words, "scancel");
		for (size_t i = 0; i < jobs.jobs.count; i++)
			mb_list_add(&words, "%s", jobs.jobs.at[i]);
		status = ask(&words, &said);
		names = mb_list_join(&jobs.jobs);
		if (!status)
			mb_say(stdout, "ended: job %s, of which %zu ran and %zu waited", names,
			       jobs.running, jobs.waiting);
		free(names);
		free(said);
	}
	mb_list_free(&words);
	lab_jobs_free(&jobs);
	return status;
}

/* What @words say, malloc'd; NULL: nothing. They are not missed. */
static char *try(struct mb_list *words)
{
	char *said = NULL;

	if (lab_capture(words->at, NULL, &said)) {
		free(said);
		said = NULL;
	}
	mb_list_free(words);
	return said;
}

static void add_nodes(struct mb_list *nodes, bool responding)
{
	struct mb_list words = { 0 }, found = { 0 };
	char *said, *rest, *line;

	mb_list_add(&words, "sinfo");
	mb_list_add(&words, "--noheader");
	mb_list_add(&words, "--Node");
	mb_list_add(&words, "--format=%%N");
	if (responding)
		mb_list_add(&words, "--responding");
	said = try(&words);
	rest = said;
	while (rest && (line = strsep(&rest, "\n")))
		if (*line && !mb_list_has(nodes, line) && !mb_list_has(&found, line))
			mb_list_add(&found, "%s", line);
	mb_list_sort(&found);
	for (size_t i = 0; i < found.count; i++)
		mb_list_add(nodes, "%s", found.at[i]);
	mb_list_free(&found);
	free(said);
}

void lab_jobs_nodes(struct mb_list *nodes)
{
	add_nodes(nodes, true);
	add_nodes(nodes, false);
}

size_t lab_jobs_array(void)
{
	struct mb_list words = { 0 };
	char *said, *rest, *line;
	unsigned long most = SLURMS_OWN_ARRAY;

	mb_list_add(&words, "scontrol");
	mb_list_add(&words, "show");
	mb_list_add(&words, "config");
	said = try(&words);
	rest = said;
	while (rest && (line = strsep(&rest, "\n")))
		if (!strncmp(line, "MaxArraySize", strlen("MaxArraySize")) && strchr(line, '='))
			most = strtoul(strchr(line, '=') + 1, NULL, 10);
	free(said);
	return most > 1 ? most : 1;
}
