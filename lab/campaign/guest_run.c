// SPDX-License-Identifier: GPL-2.0-or-later
/* The words of "migbench run" in the guest. */
#include "core/base/list.h"
#include "lab/campaign/guest_run.h"
#include "lab/campaign/program.h"

static void add_all(struct mb_list *words, const char *option, const struct mb_strings *values)
{
	for (size_t i = 0; values && i < values->count; i++) {
		mb_list_add(words, "%s", option);
		mb_list_add(words, "%s", values->at[i]);
	}
}

static void add_pace(struct mb_list *words, const struct lab_pace *pace)
{
	if (pace->rounds) {
		mb_list_add(words, "--set");
		mb_list_add(words, "rounds=%lu", pace->rounds);
	}
	if (pace->point_time) {
		mb_list_add(words, "--set");
		mb_list_add(words, "point_time=%lu", pace->point_time);
	}
}

void lab_guest_run_words(const struct lab_guest_run *run, struct mb_list *words)
{
	mb_list_add(words, "migbench");
	mb_list_add(words, "run");
	mb_list_add(words, "--guest");
	/* Two words of that length in any case: the blocks must be the same with and without. */
	mb_list_add(words, run->probe ? "--probe" : "--guest");
	mb_list_add(words, "--clock=%s", mb_clock_name(run->clock));
	mb_list_add(words, "--suite");
	mb_list_add(words, LAB_GUEST_SUITE);
	mb_list_add(words, "--seed");
	mb_list_add(words, "%lu", run->seed);
	if (run->only) {
		mb_list_add(words, "--only");
		mb_list_add(words, "%s", run->only);
	}
	add_all(words, "--set", run->set);
	add_pace(words, &run->pace);
	add_all(words, "--events", run->events);
	lab_program_words(run->program, NULL, words);
}
