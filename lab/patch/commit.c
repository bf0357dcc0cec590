// SPDX-License-Identifier: GPL-2.0-or-later
/* The kernels of a bisection: built in one folder one after the other, few of them kept. */
#include <stdlib.h>
#include <string.h>

#include "core/base/list.h"
#include "core/base/text.h"
#include "core/status.h"
#include "lab/base/self.h"
#include "lab/base/spawn.h"
#include "lab/campaign/program.h"
#include "lab/kernel/place.h"
#include "lab/patch/bisect.h"
#include "lab/patch/wide.h"

#define PREFIX "bisect-"
#define COMMIT_DIGITS 12

char *lab_bisect_kernel(const char *commit)
{
	return mb_format(PREFIX "%.*s", COMMIT_DIGITS, commit);
}

struct search {
	const struct lab_bisect *bisect;
	char *own; /* name of the kernel that is asked for, or that stays */
	bool found, is_bad;
	struct mb_list names;
};

static void look(struct lab_kernel *kernel, void *context)
{
	struct search *search = context;

	if (!strcmp(kernel->name, search->own) &&
	    (!strcmp(kernel->tree, search->bisect->tree) ||
	     lab_wide_has(search->bisect, kernel->tree)) &&
	    kernel->arch == search->bisect->arch && kernel->page == search->bisect->page)
		search->found = true;
}

bool lab_bisect_built(const struct lab_bisect *bisect, const char *commit)
{
	struct search search = { .bisect = bisect, .own = lab_bisect_kernel(commit) };

	lab_kernel_each(look, &search);
	free(search.own);
	return search.found;
}

int lab_bisect_build(const struct lab_bisect *bisect, const char *commit)
{
	char *name = lab_bisect_kernel(commit);
	struct mb_list words = { 0 };
	int status;

	lab_self_begin(&words, "lab", "kernel");
	mb_list_add(&words, "build");
	mb_list_add(&words, "%s", bisect->config);
	mb_list_add(&words, "--source=%s", bisect->tree);
	mb_list_add(&words, "--name=%s", name);
	if (bisect->jobs)
		mb_list_add(&words, "--jobs=%lu", bisect->jobs);
	if (bisect->quiet)
		mb_list_add(&words, "--quiet");
	/* stdout is for the one line of the verdict. */
	status = lab_self_run(&words, 2);
	free(name);
	/* A full disk is no property of the commit: to skip it would be to skip them all. */
	if (status == MB_MACHINE && !lab_interrupted && lab_build_room() < LAB_BUILD_ROOM)
		mb_note("the cache has less than %lu MiB left, so that is not held against the "
			"commit",
			LAB_BUILD_ROOM);
	else if (status == MB_MACHINE && !lab_interrupted)
		status = LAB_BISECT_SKIP;
	return status;
}

/* Kernels on the same side of the limit are further from it, and those without a value no use. */
static void collect(struct lab_kernel *kernel, void *context)
{
	struct search *search = context;
	double value;

	if (strncmp(kernel->name, PREFIX, strlen(PREFIX)) ||
	    strcmp(kernel->tree, search->bisect->tree) || !strcmp(kernel->name, search->own))
		return;
	value = lab_bisect_noted(search->bisect, kernel->name + strlen(PREFIX));
	if (value < 0 || (value > search->bisect->limit) == search->is_bad)
		mb_list_add(&search->names, "%s@%s", kernel->name, kernel->key);
}

void lab_bisect_tidy(const struct lab_bisect *bisect, const char *commit, bool is_bad)
{
	struct search search = { .bisect = bisect,
				 .own = lab_bisect_kernel(commit),
				 .is_bad = is_bad };
	struct mb_list words = { 0 };

	lab_kernel_each(collect, &search);
	for (size_t i = 0; i < search.names.count; i++) {
		lab_self_begin(&words, "lab", "kernel");
		mb_list_add(&words, "remove");
		mb_list_add(&words, "%s", search.names.at[i]);
		lab_self_run(&words, -1);
	}
	mb_list_free(&search.names);
	free(search.own);
}

int lab_bisect_profile(const struct lab_bisect *bisect, const char *bad, const char *parent)
{
	char *before = lab_bisect_kernel(parent), *after = lab_bisect_kernel(bad);
	struct mb_list words = { 0 };

	lab_self_begin(&words, "lab", "profile");
	mb_list_add(&words, "--kernel=%s", before);
	mb_list_add(&words, "--kernel=%s", after);
	if (!bisect->program)
		mb_list_add(&words, "--point=%s", bisect->name);
	lab_self_words(&words, bisect->suite, bisect->topology, &bisect->set, bisect->quiet);
	lab_program_words(bisect->program, &bisect->adds, &words);
	free(before);
	free(after);
	return lab_self_run(&words, 1);
}
