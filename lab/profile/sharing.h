/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Lines that one CPU writes and another touches within a sample: where contention will come from. */
#ifndef MIGBENCH_LAB_PROFILE_SHARING_H
#define MIGBENCH_LAB_PROFILE_SHARING_H

#include <stdio.h>

#include "lab/profile/boot.h"
#include "lab/profile/kinds.h"

#define LAB_SHARING_CPUS 32

/* A line of 64 bytes that several CPUs touch, of which one writes. */
struct lab_shared {
	uint64_t at; /* the virtual address of one of the accesses */
	enum lab_kind kind;
	uint32_t readers, writers; /* CPUs, as bits */
	/*
	 * How often it would have gone from one cache to another: a CPU reads what another wrote last, or
	 * writes what another had.
	 */
	uint64_t transfers;
	size_t by[2]; /* functions: the one that had it transferred most often, and from whom */
	bool known[2];
};

struct lab_sharing {
	struct lab_shared *at; /* most transfers first */
	size_t count;
	uint64_t lines; /* that were touched at all */
	uint64_t transfers, kinds[LAB_KINDS], kind_lines[LAB_KINDS];
	uint64_t *functions; /* transfers that each caused */
};

/* Of the sample in the middle, from its first to its last timestamp. MB_OK, or MB_MACHINE after one line. */
int lab_sharing_count(struct lab_sharing *sharing, const struct lab_profile_boot *boot);
void lab_sharing_free(struct lab_sharing *sharing);

/* @pages: that a value moved, 0 for a program. */
void lab_sharing_text(const struct lab_sharing *sharing, const struct lab_profile_boot *boot,
		      const char *name, unsigned long pages, FILE *out);
void lab_sharing_json(const struct lab_sharing *sharing, const struct lab_profile_boot *boot,
		      const char *name, unsigned long pages, FILE *out);

#endif
