// SPDX-License-Identifier: GPL-2.0-or-later
/* The kernels that a campaign file names: configurations, files, and ranges of a tree's tags. */
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/files.h"
#include "core/base/text.h"
#include "core/config.h"
#include "core/status.h"
#include "lab/base/config.h"
#include "lab/base/self.h"
#include "lab/base/spawn.h"
#include "lab/base/temporary.h"
#include "lab/fleet/plan.h"
#include "lab/kernel/cache.h"

/* Add a kernel; takes @name and @file. MB_OK, or MB_REQUEST after one line. */
static int add(struct lab_fleet_plan *plan, char *name, char *file, bool tag)
{
	const char *wrong = NULL;

	/* It becomes part of a file's name, and of a word for the shell. */
	if (!lab_good_name(name) || strchr(name, ','))
		wrong = "such a name can't be part of a file's";
	for (size_t i = 0; !wrong && i < plan->kernel_count; i++)
		if (!strcmp(plan->kernels[i].name, name))
			wrong = "it stands there twice";
	if (wrong) {
		mb_fail(MB_REQUEST, "%s: kernel '%s': %s", plan->path, name, wrong);
		free(name);
		free(file);
		return MB_REQUEST;
	}
	plan->kernels = mb_resize(plan->kernels, plan->kernel_count + 1, sizeof(*plan->kernels));
	plan->kernels[plan->kernel_count++] =
		(struct lab_fleet_kernel){ .name = name, .file = file, .tag = tag };
	return MB_OK;
}

static int add_file(struct lab_fleet_plan *plan, const char *path, const char *word)
{
	size_t folder = (size_t)(mb_base_name(path) - path);
	char *near = *word == '/' ? mb_strdup(word) : mb_format("%.*s%s", (int)folder, path, word);
	char full[PATH_MAX];
	int status;

	if (!realpath(near, full))
		status = mb_fail(MB_REQUEST, "%s: kernel '%s': %m", path, near);
	else if (strchr(full, '\''))
		status = mb_fail(MB_REQUEST, "%s: kernel %s: its path has a quote; rename it", path,
				 full);
	else
		status = add(plan, mb_config_name(full), mb_strdup(full), false);
	free(near);
	return status;
}

/* The tags of the range @word, oldest version first. */
static int add_tags(struct lab_fleet_plan *plan, const char *path, const char *word)
{
	const char *dots = strstr(word, "..");
	char *from = mb_format("%.*s", (int)(dots - word), word), *to = mb_strdup(dots + 2);
	char *argv[] = { mb_strdup("git"),
			 mb_strdup("-C"),
			 mb_strdup(plan->tree ? plan->tree : ""),
			 mb_strdup("tag"),
			 mb_strdup("--sort=version:refname"),
			 mb_format("--contains=%s", from),
			 mb_format("--merged=%s", to),
			 NULL };
	char *said = NULL, *rest, *tag;
	int status = MB_OK;

	if (!plan->tree)
		status = mb_fail(MB_REQUEST, "%s: '%s' is a range of tags: 'tree' has to say where",
				 path, word);
	else if (!lab_have_program("git"))
		status =
			mb_fail(MB_MACHINE, "%s: git is not installed, and '%s' is a range of tags",
				path, word);
	else if (lab_capture(argv, NULL, &said))
		status =
			mb_fail(MB_REQUEST, "%s: git has no tags %s in %s", path, word, plan->tree);
	else if (!*said)
		status = mb_fail(MB_REQUEST, "%s: no tag of %s lies from %s to %s", path,
				 plan->tree, from, to);
	rest = said;
	while (!status && rest && (tag = strsep(&rest, "\n")))
		if (*tag)
			status = add(plan, mb_strdup(tag), NULL, true);
	for (size_t i = 0; argv[i]; i++)
		free(argv[i]);
	free(said);
	free(from);
	free(to);
	return status;
}

static int add_name(struct lab_fleet_plan *plan, const char *word)
{
	char *found = NULL;
	int status = mb_config_find("kernels", word, &found);

	free(found);
	return status ? status : add(plan, mb_strdup(word), NULL, false);
}

int lab_fleet_kernels(struct lab_fleet_plan *plan, const char *path)
{
	int status = MB_OK;

	for (size_t i = 0; !status && i < plan->words.count; i++) {
		const char *word = plan->words.at[i];

		if (mb_config_is_file(word))
			status = add_file(plan, path, word);
		else if (strstr(word, ".."))
			status = add_tags(plan, path, word);
		else
			status = add_name(plan, word);
	}
	return status;
}

struct search {
	const char *name, *file; /* of several descriptions with one name: which; or NULL */
	bool found;
};

static void look_at(struct lab_kernel *kernel, void *context)
{
	struct search *search = context;

	search->found |= search->file
				 ? kernel->config && mb_same_place(kernel->config, search->file)
				 : !strcmp(kernel->name, search->name);
}

bool lab_fleet_built(const struct lab_fleet_kernel *kernel)
{
	struct search search = { .name = kernel->name, .file = kernel->file };

	lab_kernel_each(look_at, &search);
	return search.found;
}

/* A tag's files as an archive, for "lab kernel build --source". */
static int archive(const struct lab_fleet_plan *plan, const char *tag, const char *file)
{
	struct mb_list words = { 0 };
	struct lab_spawn how = { .in = -1, .out = -1, .err = 2 };
	int status;

	mb_list_add(&words, "git");
	mb_list_add(&words, "-C");
	mb_list_add(&words, "%s", plan->tree);
	mb_list_add(&words, "archive");
	mb_list_add(&words, "--prefix=linux/");
	mb_list_add(&words, "--output=%s", file);
	mb_list_add(&words, "refs/tags/%s", tag);
	how.argv = words.at;
	status = lab_run_program(&how);
	mb_list_free(&words);
	return status ? mb_fail(MB_MACHINE, "lab campaign: git made no archive of tag %s", tag)
		      : MB_OK;
}

int lab_fleet_build(const struct lab_fleet_plan *plan, const struct lab_fleet_kernel *kernel,
		    bool quiet)
{
	struct mb_list words = { 0 };
	char *folder = NULL, *file = NULL;
	int status = MB_OK;

	/* What a file of the user's describes may be another kernel by now. */
	if (!kernel->file && lab_fleet_built(kernel))
		return MB_OK;
	lab_self_begin(&words, "lab", "kernel");
	mb_list_add(&words, "build");
	if (kernel->tag) {
		folder = lab_temporary();
		file = mb_format("%s/%s.tar", folder ? folder : "", kernel->name);
		status = folder ? archive(plan, kernel->name, file) : MB_MACHINE;
		mb_list_add(&words, "--source=%s", file);
		mb_list_add(&words, "--name=%s", kernel->name);
	} else {
		mb_list_add(&words, "%s", kernel->file ? kernel->file : kernel->name);
	}
	if (quiet)
		mb_list_add(&words, "--quiet");
	if (status)
		mb_list_free(&words);
	else
		status = lab_self_run(&words, 2);
	if (folder)
		mb_remove_tree(folder);
	free(file);
	free(folder);
	return status;
}
