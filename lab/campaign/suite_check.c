// SPDX-License-Identifier: GPL-2.0-or-later
/* The runner asked for its judgement, by starting it. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/list.h"
#include "core/base/text.h"
#include "core/status.h"
#include "lab/base/arch.h"
#include "lab/base/self.h"
#include "lab/campaign/program.h"
#include "lab/campaign/suite_check.h"

/* KiB of the base pages of the kernel @name, as its name says. */
static unsigned long base_of(const char *name)
{
	const struct lab_arch *arch = lab_arch_default();
	const struct lab_page *page = &arch->pages[0];

	if (name)
		lab_arch_split(name, &arch, &page);
	return page->bytes >> 10;
}

/* migbench run @what, with all that decides on the points. */
static void runner_words(const char *what, const char *suite, const char *clock_name,
			 const char *only, const struct mb_strings *set, char *const *program,
			 const char *kernel, struct mb_list *words)
{
	lab_self_begin(words, "run", what);
	if (kernel)
		mb_list_add(words, "--base-page=%lu", base_of(kernel));
	mb_list_add(words, "--suite=%s", suite);
	mb_list_add(words, "--clock=%s", clock_name);
	if (only)
		mb_list_add(words, "--only=%s", only);
	for (size_t i = 0; i < set->count; i++)
		mb_list_add(words, "--set=%s", set->at[i]);
	lab_program_words(program, NULL, words);
}

int lab_suite_check(const char *suite, const char *clock_name, const char *only,
		    const struct mb_strings *set, char *const *program, const char *kernel)
{
	struct mb_list words = { 0 };

	runner_words("--check", suite, clock_name, only, set, program, kernel, &words);
	return lab_self_run(&words, -1);
}

int lab_suite_check_all(const char *suite, const char *clock_name, const char *only,
			const struct mb_strings *set, char *const *program, const char *kernels)
{
	struct mb_list names = { 0 };
	int status = MB_OK;

	mb_list_split(&names, kernels);
	for (size_t i = 0; !status && i < names.count; i++) {
		size_t same = 0;

		while (base_of(names.at[same]) != base_of(names.at[i]))
			same++;
		if (same == i)
			status =
				lab_suite_check(suite, clock_name, only, set, program, names.at[i]);
	}
	mb_list_free(&names);
	return status;
}

int lab_suite_point(const char *command, const char *suite, const char *pattern,
		    const struct mb_strings *set, char *const *program, const char *kernel,
		    char **name)
{
	int status = lab_suite_check(suite, "insns", pattern, set, program, kernel);
	struct mb_list words = { 0 };
	char *said = NULL, *end;

	if (status)
		return status;
	runner_words("--points", suite, "insns", pattern, set, program, kernel, &words);
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
