/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The instructions of one value, by function, phase and call path. */
#ifndef MIGBENCH_LAB_PROFILE_ACCOUNT_H
#define MIGBENCH_LAB_PROFILE_ACCOUNT_H

#include "lab/profile/match.h"

/* Indices of what is no phase: outside of them, and all of what has none. */
enum { LAB_REST = MB_PHASES, LAB_WHOLE, LAB_PARTS };

/* "setup", …, "rest", "total". */
const char *lab_part_name(size_t part);

/* A function as it was reached: under its callers, outermost first. */
struct lab_path {
	size_t function, parent; /* parent: index of a path; itself for an outermost function */
	size_t part;
	uint64_t count;
};

struct lab_account {
	uint64_t total; /* the value of the run file */
	uint64_t counted; /* the sum of all below; what the trace says of the same stretch */
	uint64_t named; /* of it, in functions that have a name */
	uint64_t parts[LAB_PARTS];
	uint64_t *functions; /* [function * LAB_PARTS + part] */
	size_t function_count;
	struct lab_path *paths;
	size_t path_count;
};

void lab_account(struct lab_account *account, const struct lab_match *match, bool phased,
		 const struct lab_trace *trace, const struct lab_symbols *symbols);
void lab_account_free(struct lab_account *account);

/* "setup;outer;…;inner", malloc'd. */
char *lab_path_folded(const struct lab_account *account, const struct lab_symbols *symbols,
		      size_t path);

#endif
