/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Where a guest's kernel has what, and how large its pages and stacks are, as it said itself. */
#ifndef MIGBENCH_LAB_PROFILE_LAYOUT_H
#define MIGBENCH_LAB_PROFILE_LAYOUT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lab/profile/symbols.h"

enum lab_kind {
	LAB_KIND_PAGES, /* mapped by the task, or copied whole by the kernel */
	LAB_KIND_TABLES, /* the task's page tables */
	LAB_KIND_STRUCT_PAGE,
	LAB_KIND_STACK, /* the kernel's */
	LAB_KIND_PER_CPU,
	LAB_KIND_IMAGE, /* the kernel's own variables and constants */
	LAB_KIND_MODULES,
	LAB_KIND_REST, /* what the kernel allocated for anything else */
	LAB_KINDS
};

struct lab_area {
	uint64_t from, to; /* virtual */
	enum lab_kind kind;
};

struct lab_layout {
	/* Log2 of the bytes of a page, of what an entry one level up maps, and of a task's stack. */
	unsigned int page_shift, large_shift, stack_shift;
	uint64_t per_cpu_from, per_cpu_to; /* the variables of which each CPU gets a copy */
	struct lab_area *at; /* those of the kinds of which the kernel says where they are */
	size_t count, room;
};

/*
 * From the guest's log (kmod/slabs.c), and the System.map of its kernel. Returns MB_OK, or MB_MACHINE after one line:
 * the log doesn't say it.
 */
int lab_layout_read(struct lab_layout *layout, const char *log, const char *system_map);

/* What the kernel has at @virtual, or LAB_KIND_REST. */
enum lab_kind lab_layout_kind(const struct lab_layout *layout, uint64_t virtual);

void lab_layout_free(struct lab_layout *layout);

#endif
