// SPDX-License-Identifier: GPL-2.0-or-later
/* migbench lab kernel: build, list, remove. */
#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "core/base/files.h"
#include "core/base/list.h"
#include "core/base/say.h"
#include "core/base/text.h"
#include "core/command.h"
#include "core/config.h"
#include "core/datadir.h"
#include "core/options.h"
#include "core/status.h"
#include "lab/kernel/available.h"
#include "lab/kernel/build.h"
#include "lab/kernel/cache.h"
#include "lab/kernel/list.h"
#include "lab/kernel/place.h"

/* "5 min", "3 h", "12 d" */
static char *age(long long built)
{
	long long seconds = (long long)time(NULL) - built;

	if (seconds < 3600)
		return mb_format("%lld min", seconds < 0 ? 0 : seconds / 60);
	if (seconds < 86400)
		return mb_format("%lld h", seconds / 3600);
	return mb_format("%lld d", seconds / 86400);
}

static int list_kernels(int argc, char **argv)
{
	bool available = false;
	const char *format = NULL;
	const struct mb_option options[] = {
		{ "available", NULL,
		  "show what the suites of the distribution offer, and where each kernel "
		  "would come from",
		  MB_OPT_FLAG, &available, 0, 0 },
		{ "format", "text|json", "with --available: how to print it (default: text)",
		  MB_OPT_STRING, &format, 0, 0 },
		{ 0 },
	};
	static const struct mb_usage usage = {
		.command = "lab kernel list",
		.operands = "",
		.summary = "List the kernels that are built, with their age and size in the "
			   "cache, or those that can be had today through this machine's "
			   "own apt sources.",
		.example = "migbench lab kernel list --available",
	};
	struct mb_list folders = { 0 }, configured = { 0 };
	char *folder;
	int first, status = mb_options(&usage, options, argc, argv, &first);

	if (status != MB_PARSED)
		return status;
	if (format && (!available || (strcmp(format, "text") && strcmp(format, "json"))))
		return mb_fail(MB_REQUEST,
			       "lab kernel list: --format takes text or json, with --available");
	if (available)
		return lab_kernel_available(format && !strcmp(format, "json"));
	printf("%-20s %-24s %8s %10s\n", "NAME", "RELEASE", "AGE", "SIZE");
	lab_kernel_folders(&folders);
	folder = mb_data_path("configs/kernels");
	mb_names_in(folder, ".ini", &configured);
	for (size_t i = 0; i < folders.count; i++) {
		struct lab_kernel kernel;
		char *old;

		if (!lab_kernel_load(folders.at[i], &kernel))
			continue;
		old = age(kernel.built);
		printf("%-20s %-24s %8s %6lld MiB\n", kernel.name, kernel.release, old,
		       kernel.size >> 20);
		for (size_t j = 0; j < configured.count; j++)
			if (!strcmp(configured.at[j], kernel.name))
				*configured.at[j] = '\0';
		free(old);
		lab_kernel_free(&kernel);
	}
	for (size_t i = 0; i < configured.count; i++)
		if (*configured.at[i])
			mb_say(stdout, "%-20s %-24s %8s %10s", configured.at[i], "not built", "-",
			       "-");
	if (!configured.count)
		mb_note("lab kernel list: no kernel is described in %s, which MIGBENCH_DATA can "
			"change",
			folder);
	mb_list_free(&configured);
	mb_list_free(&folders);
	free(folder);
	return MB_OK;
}

/* Whether @tree is one of the folders in @patched, and not something that such a path leads to. */
static bool is_patched(const char *tree, const char *patched)
{
	size_t length = strlen(patched);
	const char *name = tree + length;

	return !strncmp(tree, patched, length) && *name && *name != '.' && !strchr(name, '/');
}

/* What builds from a user's own folder keep, or a patched source; not while a build uses it. */
static int remove_unused(const char *folder)
{
	int lock = lab_lock_folder(folder), status = MB_OK;

	if (lock < 0 && errno == EWOULDBLOCK)
		mb_note("%s: another migbench builds with it, and it stays", folder);
	else
		status = mb_remove_tree(folder);
	if (lock >= 0)
		close(lock);
	return status;
}

/* Remove a kernel, and what the cache holds for kernels of its source alone. */
static int remove_folder(const struct lab_kernel *kernel)
{
	char *mark = mb_format("%s/kernel.json", kernel->folder);
	char *patched = mb_cache_path("src/patched/");
	char *work = lab_kernel_work_folder(kernel->tree);
	int status = 0;

	/* First, so that a removal cut short leaves nothing that looks complete. */
	if (mb_remove_tree(mark) || mb_remove_tree(kernel->folder))
		status = -1;
	if (!status && !lab_kernel_has_tree(kernel->tree)) {
		status = remove_unused(work);
		if (!status && is_patched(kernel->tree, patched))
			status = remove_unused(kernel->tree);
	}
	if (status)
		status = mb_fail(MB_MACHINE, "%s: cannot remove all of it: %m", kernel->folder);
	free(work);
	free(patched);
	free(mark);
	return status;
}

static int remove_kernel(int argc, char **argv)
{
	static const struct mb_option options[] = {

		{ 0 },
	};
	static const struct mb_usage usage = {
		.command = "lab kernel remove",
		.operands = "NAME",
		.summary = "Remove a built kernel from the cache. Its source stays, unless "
			   "it was patched for this kernel alone.",
		.example = "migbench lab kernel remove mine",
		.min_operands = 1,
		.max_operands = 1,
	};
	int first, status = mb_options(&usage, options, argc, argv, &first);
	struct mb_list folders = { 0 };
	struct lab_kernel kernel;
	char *name, *exact, *config = NULL;

	if (status != MB_PARSED)
		return status;
	/* Says so when there is none of this name. */
	status = lab_kernel_find_to_remove(argv[first], &kernel);
	if (status)
		return status;
	/* It may have been called by its file, or be meant alone. */
	name = strchr(argv[first], '@') ? lab_kernel_exactly(&kernel) : mb_strdup(kernel.name);
	/* Another file may describe one of the same name. */
	if (mb_config_is_file(argv[first]))
		config = mb_strdup(kernel.config);
	lab_kernel_free(&kernel);
	lab_kernel_folders(&folders);
	for (size_t i = 0; i < folders.count && !status; i++) {
		if (!lab_kernel_load(folders.at[i], &kernel))
			continue;
		exact = lab_kernel_exactly(&kernel);
		if (config ? kernel.config && !strcmp(kernel.config, config)
			   : !strcmp(kernel.name, name) || !strcmp(exact, name))
			status = remove_folder(&kernel);
		free(exact);
		lab_kernel_free(&kernel);
	}
	mb_list_free(&folders);
	free(config);
	free(name);
	return status;
}

static const struct mb_command commands[] = {
	{ "build", lab_kernel_build, "build a kernel, or get the distribution's own image" },
	{ "list", list_kernels, "the kernels that are built, and those that can be" },
	{ "remove", remove_kernel, "remove a built kernel" },
	{ 0 },
};

static const struct mb_group kernel_group = {
	.name = "lab kernel",
	.summary = "The kernels that the lab's virtual machines boot.",
	.commands = commands,
};

int lab_kernel_main(int argc, char **argv)
{
	return mb_dispatch(&kernel_group, argc, argv);
}
