/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the pages of a batch are before they are to move, and how many of them then do. */
#ifndef MIGBENCH_BENCH_SCENE_STATES_H
#define MIGBENCH_BENCH_SCENE_STATES_H

#include "bench/journey.h"

/* In the order of the table in states.c, which says what each is. */
#define MB_STATE_WORDS                                                                             \
	"exclusive", "shared", "unshared", "hole", "zero", "clean", "dirty", "readonly",           \
		"swapcache", "shmem", "half", "mixed", "pinned", "extra-ref", "locked"

struct mb_state_row;

struct mb_state {
	const struct mb_state_row *row;
	struct mb_journey *journey;
	int child; /* that maps the pages, too, or 0 */
	bool held; /* by the module */
	bool expired; /* the module let go of them before the journey was over */
	bool swap; /* is on */
	char reason[MB_WHY]; /* for which they could not be made, where errno does not say it */
};

/* Is @point's state one that it can be measured in? false with @why. */
bool mb_state_can(const struct mb_point *point, char why[MB_WHY]);

/* The state of @point's pages, not yet made. */
struct mb_state mb_state_of(const struct mb_point *point, struct mb_journey *journey);
/* Written, of one process, and none of them held: what a benchmark has that knows no states. */
bool mb_state_is_plain(const struct mb_state *state);

/* Before mb_journey_pack(): the memory is ordinary again, whatever it was. false with @why. */
bool mb_state_clear(struct mb_state *state, char why[MB_WHY]);
/*
 * After mb_journey_pack(): make the pages what they are to be, and see in the page table that they
 * are; *@good is false where they are not. false with @why where the machine refuses.
 */
bool mb_state_make(struct mb_state *state, bool *good, char why[MB_WHY]);
/* After the journey there: let go of what holds the pages. false with @why. */
bool mb_state_release(struct mb_state *state, char why[MB_WHY]);

/* After the memory is gone: the machine is as it was before the first mb_state_make(). */
void mb_state_end(struct mb_state *state);

/* Did as many pages move to memory of the journey's kind as can in this state? */
bool mb_state_expected(const struct mb_state *state, const struct migbench_record *there);
/* With all pages back: what mb_journey_intact() is, of pages that may have been empty. */
bool mb_state_intact(const struct mb_state *state);

#endif
