/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The instructions of one value, by function, phase and call path. */
#ifndef MIGBENCH_LAB_PROFILE_ACCOUNT_H
#define MIGBENCH_LAB_PROFILE_ACCOUNT_H

#include "lab/profile/match.h"

/*
 * Indices of what is no phase: outside of them, and all of what has none; of a program of the
 * user's what it ran itself, the kernel for it, and what passed while nothing ran.
 */
enum { LAB_REST = MB_PHASES, LAB_WHOLE, LAB_USER, LAB_KERNEL, LAB_IDLE, LAB_PARTS };

/* "setup", …, "rest", "total", "user", "kernel", "idle". */
const char *lab_part_name(size_t part);

/* A function as it was reached: under its callers, outermost first. */
struct lab_path {
	size_t function, parent; /* parent: index of a path; itself for an outermost function */
	size_t part;
	uint64_t count;
};

/* Which record of the trace counted for which path. */
struct lab_place {
	size_t record, path;
};

struct lab_account {
	uint64_t total; /* the value of the run file */
	uint64_t counted; /* the sum of all below; what the trace says of the same stretch */
	uint64_t named; /* of it, in functions that have a name */
	uint64_t parts[LAB_PARTS];
	/* Of an arm64 guest, where TLB flushes are instructions: those for all CPUs, and for this one. */
	bool has_tlbi;
	uint64_t tlbi, tlbi_local;
	uint64_t *functions; /* [function * LAB_PARTS + part] */
	size_t function_count;
	struct lab_path *paths;
	size_t path_count, path_room;
	size_t *table; /* of paths by function, parent and part: index + 1, 0 is a free place */
	size_t table_size; /* a power of two */
	struct lab_place *places; /* in the order of the trace */
	size_t place_count, place_room;
};

/* One of a value of @total instructions, with nothing counted yet. */
struct lab_account lab_account_begin(uint64_t total, const struct lab_symbols *symbols);

void lab_account(struct lab_account *account, const struct lab_match *match, bool phased,
		 const struct lab_trace *trace, const struct lab_symbols *symbols);

/*
 * The same of a program of the user's: one execution, by user space and kernel. Returns MB_OK, or
 * MB_MACHINE after one line: the trace does not add up to the value.
 */
int lab_account_program(struct lab_account *account, const struct lab_sampled *sampled,
			const struct lab_trace *trace, struct lab_symbols *symbols);

/* Where in the paths what ran last stands. */
#define LAB_NOWHERE ((size_t)-1)

/*
 * Add @count instructions of @function, which @record tells of, at @path, which is moved there;
 * @entered: at its beginning.
 */
void lab_account_add(struct lab_account *account, size_t *path, size_t function, bool entered,
		     size_t part, size_t record, uint64_t count);

/* Of a record that tells of no instructions: count it if it is a TLBI. */
void lab_account_flush(struct lab_account *account, const struct lab_trace_record *record);

void lab_account_free(struct lab_account *account);

/* "setup;outer;…;inner", malloc'd. */
char *lab_path_folded(const struct lab_account *account, const struct lab_symbols *symbols,
		      size_t path);

#endif
