// SPDX-License-Identifier: GPL-2.0-or-later
/* The runner asked for its judgement, by starting it. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/list.h"
#include "core/base/text.h"
#include "core/status.h"
#include "lab/base/self.h"
#include "lab/campaign/program.h"
#include "lab/campaign/suite_check.h"
#include "lab/kernel/cache.h"

/* KiB of the base pages of the kernel @name: MB_OK, or a status after one line. */
static int base_of(const char *name, unsigned long *kib)
{
	const struct lab_arch *arch;
	const struct lab_page *page;
	int status = lab_kernel_arch(name, &arch, &page);

	*kib = status ? 0 : page->bytes >> 10;
	return status;
}

/* migbench run @what, with all that decides on the points; @kib of base pages, 0: as usual. */
static void runner_words(const char *what, const char *suite, const char *clock_name,
			 const char *only, const struct mb_strings *set, char *const *program,
			 unsigned long kib, struct mb_list *words)
{
	lab_self_begin(words, "run", what);
	if (kib)
		mb_list_add(words, "--base-page=%lu", kib);
	mb_list_add(words, "--suite=%s", suite);
	mb_list_add(words, "--clock=%s", clock_name);
	if (only)
		mb_list_add(words, "--only=%s", only);
	for (size_t i = 0; i < set->count; i++)
		mb_list_add(words, "--set=%s", set->at[i]);
	lab_program_words(program, NULL, words);
}

static int check(const char *suite, const char *clock_name, const char *only,
		 const struct mb_strings *set, char *const *program, unsigned long kib)
{
	struct mb_list words = { 0 };

	runner_words("--check", suite, clock_name, only, set, program, kib, &words);
	return lab_self_run(&words, -1);
}

int lab_suite_check(const char *suite, const char *clock_name, const char *only,
		    const struct mb_strings *set, char *const *program, const char *kernel)
{
	unsigned long kib = 0;
	int status = kernel ? base_of(kernel, &kib) : MB_OK;

	return status ? status : check(suite, clock_name, only, set, program, kib);
}

int lab_suite_check_all(const char *suite, const char *clock_name, const char *only,
			const struct mb_strings *set, char *const *program, const char *kernels)
{
	struct mb_list names = { 0 };
	unsigned long *kib;
	int status = MB_OK;

	mb_list_split(&names, kernels);
	kib = mb_alloc(names.count + 1, sizeof(*kib));
	for (size_t i = 0; !status && i < names.count; i++) {
		size_t same = 0;

		status = base_of(names.at[i], &kib[i]);
		while (kib[same] != kib[i])
			same++;
		if (!status && same == i)
			status = check(suite, clock_name, only, set, program, kib[i]);
	}
	free(kib);
	mb_list_free(&names);
	return status;
}

int lab_suite_point(const char *command, const char *suite, const char *pattern,
		    const struct mb_strings *set, char *const *program, const char *kernel,
		    char **name)
{
	struct mb_list words = { 0 };
	char *said = NULL, *end;
	unsigned long kib;
	int status = base_of(kernel, &kib);

	if (!status)
		status = check(suite, "insns", pattern, set, program, kib);
	if (status)
		return status;
	runner_words("--points", suite, "insns", pattern, set, program, kib, &words);
	status = lab_self_capture(&words, &said);
	if (status)
		return status;
	end = strchr(said, '\n');
	*name = mb_format("%.*s", (int)strcspn(said, "\n"), said);
	if (end && end[1])
		status = mb_fail(MB_REQUEST,
				 "%s: --point %s: means several points, %s among them; say which "
				 "one",
				 command, pattern ? pattern : "*", *name);
	free(said);
	return status;
}
