// SPDX-License-Identifier: GPL-2.0-or-later
/* What "lab ab" was asked for, checked, and the time it will take. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/files.h"
#include "core/base/list.h"
#include "core/base/say.h"
#include "core/base/text.h"
#include "core/config.h"
#include "core/progress.h"
#include "core/status.h"
#include "lab/base/config.h"
#include "lab/base/defaults.h"
#include "lab/base/self.h"
#include "lab/base/timings.h"
#include "lab/campaign/suite_check.h"
#include "lab/kernel/place.h"
#include "lab/kernel/tools.h"
#include "lab/patch/ab_plan.h"
#include "lab/patch/bisect.h"
#include "lab/vm/topology_choose.h"

/* What B is called: after the first one and the patch. */
static char *patched_name(const struct lab_ab *ab)
{
	char *name =
		mb_format("%s%s-%s", ab->name[0], ab->reverse ? "-without" : "", ab->patches.name);
	char *other;

	/* A patch called "stock" is not the kernel of that name. */
	if (!lab_is_config(name))
		return name;
	other = mb_format("%s-patch", name);
	free(name);
	return other;
}

static int name_two(struct lab_ab *ab, const struct mb_list *kernels)
{
	if (kernels->count != 2 || ab->source || ab->patch_files.count)
		return mb_fail(MB_REQUEST, "lab ab: give two kernels (--kernel A,B), or one "
					   "(--kernel NAME or --source DIR) and its --patch FILE");
	if (!strcmp(kernels->at[0], kernels->at[1]))
		return mb_fail(MB_REQUEST, "lab ab: --kernel names %s twice", kernels->at[0]);
	for (size_t i = 0; i < 2; i++) {
		struct lab_kernel kernel;
		int status = lab_kernel_find(kernels->at[i], &kernel);

		if (status)
			return status;
		ab->name[i] = mb_strdup(kernel.name);
		/* Another description may have the same name. */
		ab->exactly[i] = lab_kernel_exactly(&kernel);
		lab_kernel_free(&kernel);
	}
	return MB_OK;
}

static int name_patched(struct lab_ab *ab, const struct mb_list *kernels)
{
	ab->config = mb_strdup(kernels->count ? kernels->at[0] : LAB_CONFIG);
	if (mb_config_is_file(ab->config) ? !mb_exists(ab->config) : !lab_is_config(ab->config))
		return mb_fail(
			MB_REQUEST,
			"lab ab: '%s' is neither in configs/kernels nor a file; to patch the kernel of a "
			"folder, use --source DIR",
			ab->config);
	if (lab_patches_read(&ab->patch_files, ab->reverse, &ab->patches))
		return MB_REQUEST;
	ab->name[0] = ab->source ? lab_source_name(ab->source) : mb_config_name(ab->config);
	if (!ab->name[0])
		return MB_REQUEST;
	ab->name[1] = patched_name(ab);
	return MB_OK;
}

/* compare's own judgement of its options, before there is anything to compare. */
static int check_compare(const struct lab_ab *ab)
{
	struct mb_list words = { 0 };

	lab_self_begin(&words, "compare", "--check");
	if (ab->margin)
		mb_list_add(&words, "--margin=%s", ab->margin);
	for (size_t i = 0; i < ab->fail_on.count; i++)
		mb_list_add(&words, "--fail-on=%s", ab->fail_on.at[i]);
	mb_list_add(&words, "A");
	mb_list_add(&words, "B");
	return lab_self_run(&words, -1);
}

/* What measures the kernels, and with what. */
static int check_measuring(struct lab_ab *ab, bool insns)
{
	struct lab_topology topology = { 0 };
	int status = lab_suite_check_all(ab->suite, ab->clock, ab->only, &ab->set, ab->program,
					 ab->kernels ? ab->kernels : LAB_CONFIG);

	if (!status && (ab->margin || ab->fail_on.count))
		status = check_compare(ab);
	if (!status && ab->topology)
		status = lab_topology_choose(ab->topology, insns ? 1 : LAB_MAX_CPUS, &topology);
	/* Here, for all that is started for it. */
	lab_topology_note(&topology);
	lab_topology_free(&topology);
	return status;
}

int lab_ab_try_patches(const struct lab_ab *ab)
{
	struct mb_progress progress =
		mb_progress(stdout, ab->quiet ? MB_PROGRESS_NONE : MB_PROGRESS_STEPS);
	int status = MB_OK;

	if (ab->patches.count)
		status = lab_source_check_config(ab->config, ab->source, &ab->patches, &progress);
	mb_progress_clear(&progress);
	return status;
}

/* Before hours of building: whether git will know the commits that it is to be asked for. */
static int check_git(const struct lab_ab *ab)
{
	const char *dots = ab->range ? strstr(ab->range, "..") : NULL;
	char *ends[2], *commit;
	int status = MB_OK;

	if (!ab->git)
		return ab->range ? mb_fail(MB_REQUEST, "lab ab: --range is for --git") : MB_OK;
	if (!ab->profiles)
		return mb_fail(MB_REQUEST, "lab ab: --git looks for the functions of a profile: it "
					   "needs --clock insns and --profile 1 or more");
	if (ab->range && (!dots || dots == ab->range || !dots[2] || dots[2] == '.'))
		return mb_fail(MB_REQUEST, "lab ab: --range takes A..B, not '%s'", ab->range);
	ends[0] = dots ? mb_format("%.*s", (int)(dots - ab->range), ab->range) : mb_strdup("HEAD");
	ends[1] = mb_strdup(dots ? dots + 2 : "HEAD");
	for (size_t i = 0; i < 2; i++) {
		commit = *ends[i] == '-'
				 ? NULL
				 : lab_git((const char *const[]){ "-C", ab->git, "rev-parse",
								  "--verify", "--quiet", ends[i],
								  NULL });
		if (!status && (!commit || !*commit))
			status = mb_fail(MB_REQUEST, "lab ab: --git %s: no commit '%s' there",
					 ab->git, ends[i]);
		free(commit);
		free(ends[i]);
	}
	return status;
}

/* What is kept of the patches takes the place of a folder's patches/, with all that is in it. */
static int check_apart(const struct lab_ab *ab)
{
	char *kept = mb_format("%s/" LAB_AB_PATCHES, ab->out ? ab->out : ""), *full = NULL;
	size_t length;
	int status = MB_OK;

	if (ab->out)
		full = realpath(kept, NULL);
	length = full ? strlen(full) : 0;
	for (size_t i = 0; full && !status && i < ab->patch_files.count; i++) {
		char *patch = realpath(ab->patch_files.at[i], NULL);

		if (patch && !strncmp(patch, full, length) &&
		    (!patch[length] || patch[length] == '/'))
			status = mb_fail(
				MB_REQUEST,
				"lab ab: --patch %s: --out %s would replace all of %s; choose "
				"another --out",
				ab->patch_files.at[i], ab->out, kept);
		free(patch);
	}
	free(full);
	free(kept);
	return status;
}

int lab_ab_plan(struct lab_ab *ab)
{
	bool insns = !strcmp(ab->clock, "insns");
	struct mb_list kernels = { 0 };
	int status;

	if (!insns && strcmp(ab->clock, "time"))
		return mb_fail(MB_REQUEST, "lab ab: --clock takes time or insns, not '%s'",
			       ab->clock);
	if (ab->reverse && !ab->patch_files.count)
		return mb_fail(MB_REQUEST,
			       "lab ab: --reverse needs --patch FILE, the patch that B is to be "
			       "without");
	if (ab->kernels)
		mb_list_split(&kernels, ab->kernels);
	if (ab->patch_files.count && kernels.count + (ab->source != NULL) > 0 && kernels.count < 2)
		status = name_patched(ab, &kernels);
	else
		status = name_two(ab, &kernels);
	mb_list_free(&kernels);
	/* Before anything is built. */
	if (!status)
		status = check_apart(ab);
	if (!status)
		status = check_measuring(ab, insns);
	if (!status && ab->config)
		status = lab_tools_check();
	if (!ab->boots)
		ab->boots = insns ? LAB_BOOTS_INSNS : LAB_BOOTS_TIME;
	/* Only counted instructions can be told apart by function. */
	if (!insns)
		ab->profiles = ab->memories = 0;
	return status ? status : check_git(ab);
}

void lab_ab_free(struct lab_ab *ab)
{
	mb_list_free(&ab->command);
	free(ab->config);
	for (size_t i = 0; i < 2; i++) {
		free(ab->name[i]);
		free(ab->exactly[i]);
	}
	lab_patches_free(&ab->patches);
}

struct lookup {
	const char *name;
	bool found;
};

static void look(struct lab_kernel *kernel, void *context)
{
	struct lookup *lookup = context;

	lookup->found = lookup->found || !strcmp(kernel->name, lookup->name);
}

struct estimate {
	double total;
	bool open; /* something of it is not known */
};

/* One line of the plan; @seconds is negative when that is not known. */
static void print_step(struct estimate *estimate, const char *what, double seconds)
{
	if (seconds < 0)
		mb_say(stdout, "  %-52s not known yet", what);
	else
		mb_say(stdout, "  %-52s %3.0f s", what, seconds);
	estimate->open = estimate->open || seconds < 0;
	estimate->total += seconds > 0 ? seconds : 0;
}

static void plan_build(const struct lab_ab *ab, size_t i, struct estimate *estimate)
{
	struct lookup lookup = { .name = ab->name[i] };
	char *what, *key;

	lab_kernel_each(look, &lookup);
	/* A patched kernel of that name may be one of an earlier state of the patch. */
	if (!ab->config || (lookup.found && i == 0 && !ab->source)) {
		what = mb_format("kernel %s, in the cache", ab->name[i]);
		print_step(estimate, what, 0);
	} else {
		key = lab_timing_build(ab->config, i || lookup.found);
		what = mb_format("kernel %s, built %s", ab->name[i],
				 i ? "from a copy of the other" : "if it is new");
		print_step(estimate, what, lab_timing(key));
		free(key);
	}
	free(what);
}

void lab_ab_print_plan(const struct lab_ab *ab)
{
	char *key = lab_timing_boot(ab->suite, ab->clock), *what;
	/* Programs differ: what another one took says nothing of this one. */
	double boot = ab->program ? -1 : lab_timing(key), profile = lab_timing(LAB_TIMING_PROFILE);
	struct estimate estimate = { 0 };

	puts("Expected, from what it took here the last time:");
	plan_build(ab, 0, &estimate);
	plan_build(ab, 1, &estimate);
	what = mb_format("%lu boots that measure %s", 2 * ab->boots,
			 ab->program ? ab->program[0] : ab->suite);
	print_step(&estimate, what, boot < 0 ? boot : boot * 2 * (double)ab->boots);
	free(what);
	if (ab->profiles) {
		what = ab->program
			       ? mb_strdup("profile of the program")
			       : mb_format("profile of %lu changed points at most", ab->profiles);
		print_step(&estimate, what, profile < 0 ? profile : profile * (double)ab->profiles);
		free(what);
	}
	printf("  %-52s %3.0f s%s\n\n", "in all", estimate.total,
	       estimate.open ? " and what is not known" : " at most");
	fflush(stdout);
	free(key);
}
