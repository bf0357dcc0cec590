/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Whose the kernel's memory is: slabs, vmalloc areas and variables, by the kernel's own names. */
#ifndef MIGBENCH_LAB_PROFILE_NAMES_H
#define MIGBENCH_LAB_PROFILE_NAMES_H

#include "lab/profile/layout.h"

#define LAB_NAMELESS 0

struct lab_name_area {
	uint64_t from, to; /* virtual */
	size_t name;
};

struct lab_names {
	struct lab_name_area *at; /* sorted */
	size_t count, room;
	char **names; /* [LAB_NAMELESS] is "" */
	size_t name_count;
	json_t *index;
};

/*
 * What the guest's log says of its slabs and vmalloc areas at the end (init.c, slabs.c), and the
 * variables @data of its image. A log that says nothing of them gives those of the image only.
 */
void lab_names_read(struct lab_names *names, const char *log, const struct lab_symbols *data,
		    const struct lab_layout *layout);

/* What has @virtual, or NULL. */
const struct lab_name_area *lab_names_find(const struct lab_names *names, uint64_t virtual);

/* The index of this very name, or LAB_NAMELESS. */
size_t lab_names_index(const struct lab_names *names, const char *name);

void lab_names_free(struct lab_names *names);

#endif
