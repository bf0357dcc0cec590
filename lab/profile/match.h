/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which part of a trace a value of the run file is: found by its length, which is exact. */
#ifndef MIGBENCH_LAB_PROFILE_MATCH_H
#define MIGBENCH_LAB_PROFILE_MATCH_H

#include "lab/profile/sampled.h"
#include "lab/profile/trace.h"

/* There and back are two. */
#define LAB_MAX_PIECES 2

/* A stretch of the trace between two timestamps. */
struct lab_piece {
	size_t from, to; /* borders */
	size_t phases; /* the border at which the first of the phases begins; 0 without phases */
};

struct lab_match {
	struct lab_piece pieces[LAB_MAX_PIECES];
	size_t count;
	const struct lab_value *value;
};

/* The value in the middle of all (the lower one of two). */
const struct lab_value *lab_middle(const struct lab_sampled *sampled);

/*
 * Find the value in the middle of all (the lower one of two), an execution that happened and not
 * an average of several. Returns MB_OK, or MB_MACHINE after one line: no part of the trace has
 * its length and that of its phases.
 */
int lab_match(const struct lab_sampled *sampled, const struct lab_trace *trace,
	      struct lab_match *match);

#endif
