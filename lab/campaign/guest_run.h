/* SPDX-License-Identifier: GPL-2.0-or-later */
/* "migbench run" as the guest executes it. */
#ifndef MIGBENCH_LAB_CAMPAIGN_GUEST_RUN_H
#define MIGBENCH_LAB_CAMPAIGN_GUEST_RUN_H

#include "core/base/list.h"
#include "lab/campaign/budget.h"
#include "lab/vm/guest.h"

struct lab_guest_run {
	enum mb_clock clock;
	unsigned long seed;
	const char *only; /* or NULL */
	const struct mb_strings *set, *events; /* events: or NULL */
	struct lab_pace pace; /* beside @set */
	bool probe;
	char *const *program; /* and its arguments, NULL-terminated; NULL: none */
};

/* Add its words. Nothing in them may differ between the boots of a run. */
void lab_guest_run_words(const struct lab_guest_run *run, struct mb_list *words);

#endif
