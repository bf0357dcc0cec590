// SPDX-License-Identifier: GPL-2.0-or-later
/* Several commits tested at the same time: a script, a working tree for each, and processes or an array of jobs. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>
#include <unistd.h>

#include "core/base/files.h"
#include "core/base/list.h"
#include "core/base/quote.h"
#include "core/base/text.h"
#include "core/datadir.h"
#include "core/digest.h"
#include "core/status.h"
#include "lab/base/defaults.h"
#include "lab/base/interrupted.h"
#include "lab/base/self.h"
#include "lab/base/spawn.h"
#include "lab/kernel/cache.h"
#include "lab/patch/wide.h"

#define SCRIPT "test.sbatch"

static bool on_slurm(const struct lab_bisect *b)
{
	return !strcmp(b->on, "slurm");
}

char *lab_wide_folder(const struct lab_bisect *b)
{
	char hex[MB_DIGEST_HEX], *all = mb_cache_path("bisect"), *folder;

	mb_digest(b->tree, strlen(b->tree), hex);
	folder = mb_format("%s/trees-%.*s", all, LAB_KEY_DIGITS, hex);
	free(all);
	return folder;
}

bool lab_wide_has(const struct lab_bisect *b, const char *tree)
{
	char *folder = lab_wide_folder(b);
	size_t length = strlen(folder);
	bool has = !strncmp(tree, folder, length) && tree[length] == '/';

	free(folder);
	return has;
}

char *lab_wide_script(const struct lab_bisect *b, const char *folder, char **argv)
{
	/* Builds at the same time on one machine share its CPUs. */
	unsigned long cpus = (unsigned long)sysconf(_SC_NPROCESSORS_ONLN);
	unsigned long share = on_slurm(b) ? 0 : cpus > b->width ? cpus / b->width : 1;
	struct mb_list words = { 0 };
	char *text;
	size_t size;
	FILE *out = mb_text_open(&text, &size);

	fputs("#!/bin/bash\n"
	      "#SBATCH --cpus-per-task=2\n"
	      "#SBATCH --requeue\n"
	      "#SBATCH --output=/dev/null\n"
	      "folder=",
	      out);
	mb_put_word(out, folder);
	fputs("\nn=${SLURM_ARRAY_TASK_ID:-$1}\n"
	      "commit=$(sed -n \"$((n + 1))p\" \"$folder/commits\")\n"
	      "verdict=$folder/verdicts/$commit\n"
	      "exec >>\"$folder/logs/$commit\" 2>&1\n"
	      "echo \"== $(date -u +%FT%TZ) ${SLURM_JOB_ID:+job $SLURM_JOB_ID on $SLURMD_NODENAME}\"\n"
	      /* Told to end, it waits until migbench has put everything away. */
	      "trap 'exit 3' TERM\n"
	      "git -C \"$folder/$n\" checkout --quiet --force --detach \"$commit\" || exit\n"
	      "cd ",
	      out);
	mb_put_word(out, b->tree);
	fputs(" || exit\nexport " LAB_CHILD "=1 " LAB_BISECT_TREE "=\"$folder/$n\"\n", out);
	lab_bisect_words(argv, b->jobs ? 0 : share, &words);
	for (size_t i = 0; i < words.count; i++) {
		fputs(i ? " " : "", out);
		mb_put_word(out, words.at[i]);
	}
	/* A verdict that is there is a whole one. */
	fputs("\necho $? >\"$verdict.part\" && mv \"$verdict.part\" \"$verdict\"\n", out);
	mb_text_close(out);
	mb_list_free(&words);
	return text;
}

static int write_file(const char *folder, const char *name, const char *text)
{
	char *path = mb_format("%s/%s", folder, name);
	int status = MB_OK;

	if (mb_write_file(path, text, strlen(text)))
		status = mb_fail(MB_MACHINE, "%s: cannot write: %m", path);
	free(path);
	return status;
}

static int make_folder(const char *folder, const char *name)
{
	char *path = mb_format("%s/%s", folder, name);
	int status = MB_OK;

	if (mb_make_folders(path))
		status = mb_fail(MB_MACHINE, "%s: %m", path);
	free(path);
	return status;
}

int lab_wide_begin(const struct lab_bisect *b, const char *folder, char **argv, char **job)
{
	char *text = lab_wide_script(b, folder, argv);
	int status = MB_OK;

	*job = mb_format("migbench-%s", mb_base_name(folder));
	/* What an interrupted one left. */
	lab_wide_end(b);
	if (mb_exists(folder))
		status = mb_fail(MB_MACHINE, "%s: cannot be removed: %m", folder);
	if (!status)
		status = make_folder(folder, "logs");
	if (!status)
		status = make_folder(folder, "verdicts");
	if (!status)
		status = write_file(folder, SCRIPT, text);
	for (unsigned long i = 0; !status && i < b->width; i++) {
		char *tree = mb_format("%s/%lu", folder, i);

		/* The files come with the first commit, where it is tested. */
		if (lab_git_run((const char *const[]){ "worktree", "add", "--no-checkout",
						       "--detach", "--quiet", tree, NULL }))
			status = lab_interrupted
					 ? MB_MACHINE
					 : mb_fail(MB_MACHINE, "lab bisect: git worktree failed");
		free(tree);
	}
	free(text);
	return status;
}

/* An array of jobs, and its end awaited. */
static int run_slurm(const struct lab_bisect *b, const char *folder, const char *job, size_t count)
{
	struct mb_list words = { 0 };
	struct lab_spawn how = { .in = -1, .out = -1, .err = 2 };
	int status, error, interrupted;

	mb_list_add(&words, "sbatch");
	mb_list_add(&words, "--wait");
	mb_list_add(&words, "--job-name=%s", job);
	mb_list_add(&words, "--array=0-%zu", count - 1);
	mb_list_add(&words, "--chdir=%s", b->tree);
	mb_list_add(&words, "%s/" SCRIPT, folder);
	how.argv = words.at;
	status = lab_run_program(&how);
	error = errno;
	mb_list_free(&words);
	if (lab_interrupted) {
		mb_list_add(&words, "scancel");
		mb_list_add(&words, "--me");
		mb_list_add(&words, "--name=%s", job);
		how.argv = words.at;
		/* Else it would be ended as everything else is. */
		interrupted = lab_interrupted;
		lab_interrupted = 0;
		lab_run_program(&how);
		lab_interrupted = interrupted;
		mb_list_free(&words);
		return MB_MACHINE;
	}
	if (status >= 0)
		return MB_OK;
	return error == ENOENT ? mb_fail(MB_MACHINE, "lab bisect: sbatch is not installed; on "
						     "Debian: apt-get install slurm-client")
			       : mb_fail(MB_MACHINE, "lab bisect: sbatch: %s", strerror(error));
}

static int run_here(const char *folder, size_t count)
{
	pid_t *tasks = mb_alloc(count, sizeof(*tasks));
	int status = MB_OK;

	for (size_t i = 0; i < count; i++) {
		struct mb_list words = { 0 };
		struct lab_spawn how = { .in = -1, .out = -1, .err = 2 };

		mb_list_add(&words, "bash");
		mb_list_add(&words, "%s/" SCRIPT, folder);
		mb_list_add(&words, "%zu", i);
		how.argv = words.at;
		tasks[i] = lab_spawn(&how);
		if (tasks[i] < 0)
			status = mb_fail(MB_MACHINE, "lab bisect: bash: %m");
		mb_list_free(&words);
	}
	for (size_t i = 0; i < count; i++)
		if (tasks[i] >= 0)
			lab_wait(tasks[i]);
	free(tasks);
	return lab_interrupted ? MB_MACHINE : status;
}

int lab_wide_run(const struct lab_bisect *b, const char *folder, const char *job,
		 char *const *commits, size_t count)
{
	char *text;
	size_t size;
	FILE *out = mb_text_open(&text, &size);
	int status;

	for (size_t i = 0; i < count; i++)
		fprintf(out, "%s\n", commits[i]);
	mb_text_close(out);
	status = write_file(folder, "commits", text);
	free(text);
	if (status)
		return status;
	return on_slurm(b) ? run_slurm(b, folder, job, count) : run_here(folder, count);
}

int lab_wide_verdict(const char *folder, const char *commit)
{
	char *path = mb_format("%s/verdicts/%s", folder, commit), *text = mb_read_file(path, NULL);
	int verdict = text && *text ? atoi(text) : -1;

	free(text);
	free(path);
	return verdict;
}

struct search {
	const struct lab_bisect *b;
	struct mb_list kernels;
};

static void look(struct lab_kernel *kernel, void *context)
{
	struct search *search = context;

	if (lab_wide_has(search->b, kernel->tree))
		mb_list_add(&search->kernels, "%s@%s", kernel->name, kernel->key);
}

void lab_wide_end(const struct lab_bisect *b)
{
	struct search search = { .b = b };
	char *folder = lab_wide_folder(b);

	lab_kernel_each(look, &search);
	for (size_t i = 0; i < search.kernels.count; i++) {
		struct mb_list words = { 0 };

		lab_self_begin(&words, "lab", "kernel");
		mb_list_add(&words, "remove");
		mb_list_add(&words, "%s", search.kernels.at[i]);
		lab_self_run(&words, -1);
	}
	mb_list_free(&search.kernels);
	/* Where nothing could be built there is no kernel to remove it with. */
	for (unsigned long i = 0; i < b->width; i++) {
		char *tree = mb_format("%s/%lu", folder, i);
		char *work = lab_kernel_work_folder(tree);

		if (work)
			mb_remove_tree(work);
		free(work);
		free(tree);
	}
	if (mb_remove_tree(folder))
		mb_note("%s: cannot be removed: %m", folder);
	lab_git_run((const char *const[]){ "worktree", "prune", NULL });
	free(folder);
}
