/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Several threads that migrate at once, and others that use the memory meanwhile. */
#ifndef MIGBENCH_BENCH_SCENE_CONTEST_H
#define MIGBENCH_BENCH_SCENE_CONTEST_H

#include "bench/block.h"
#include "bench/journey.h"
#include "bench/scene/crowd.h"

#define MB_PARAM_CONTEST                                                                           \
	MB_PARAM_LATER_WORD("range", "of several threads: each its own, or all the same one",      \
			    "own", "own", "own", "same"),                                          \
		MB_PARAM_LATER_WORD("rival",                                                       \
				    "what one more thread does to the process's memory meanwhile", \
				    "none", "none", "none", "reader", "writer", "discarder",       \
				    "mapper", "forker")

struct mb_contest;

/* How many threads @point wants that do something: those that migrate, and a rival. */
unsigned int mb_contest_size(const struct mb_point *point);
/* Has the machine a CPU for each, and is the rest of @point what a contest can have? false with @why. */
bool mb_contest_can(const struct mb_session *session, const struct mb_point *point,
		    char why[MB_WHY]);

/*
 * On @journey, whose memory has room for all ranges, and whose caller is bound. NULL with @why;
 * mb_contest_end() also of NULL.
 */
struct mb_contest *mb_contest_begin(struct mb_journey *journey, const struct mb_point *point,
				    char why[MB_WHY]);
void mb_contest_end(struct mb_contest *contest);

/*
 * All to the device at once, and whatever went there back: one value of total and phases for each
 * thread that migrates. With ranges of their own and without a rival all pages must move; else what
 * moved is what is to be seen. Content must be what it was, or what the rival made of it. false with
 * @why where the module refuses.
 */
bool mb_contest_sample(struct mb_contest *contest, struct mb_block *block, size_t metrics,
		       char why[MB_WHY]);

#endif
