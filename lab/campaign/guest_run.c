// SPDX-License-Identifier: GPL-2.0-or-later
#include "lab/campaign/guest_run.h"

static void add_all(struct lab_list *words, const char *option, const struct mb_strings *values)
{
	for (size_t i = 0; values && i < values->count; i++) {
		lab_list_add(words, "%s", option);
		lab_list_add(words, "%s", values->at[i]);
	}
}

void lab_guest_run_words(const struct lab_guest_run *run, struct lab_list *words)
{
	lab_list_add(words, "migbench");
	lab_list_add(words, "run");
	lab_list_add(words, "--guest");
	/* Two words of that length in any case: the blocks must be the same with and without. */
	lab_list_add(words, run->probe ? "--probe" : "--guest");
	lab_list_add(words, "--clock=%s", lab_clock_name(run->clock));
	lab_list_add(words, "--suite");
	lab_list_add(words, LAB_GUEST_SUITE);
	lab_list_add(words, "--seed");
	lab_list_add(words, "%lu", run->seed);
	if (run->only) {
		lab_list_add(words, "--only");
		lab_list_add(words, "%s", run->only);
	}
	add_all(words, "--set", run->set);
	add_all(words, "--events", run->events);
}
