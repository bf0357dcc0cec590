// SPDX-License-Identifier: GPL-2.0-or-later
/* A movable zone, as /proc/zoneinfo has it, or made of a memory block by taking it off and on line. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "bench/scene/movable.h"
#include "core/base/files.h"

#define FOLDER "/sys/devices/system"
/* Memory blocks that are looked for, at most: 128 GiB of 128 MiB each. */
#define BLOCKS 1024UL

bool mb_movable_find(struct mb_movable *movable, unsigned long node)
{
	FILE *in = fopen("/proc/zoneinfo", "re");
	unsigned long number, spanned = 0, present = 0, start = 0;
	bool inside = false;
	char line[256], zone[32];

	while (in && fgets(line, sizeof(line), in)) {
		if (sscanf(line, "Node %lu, zone %31s", &number, zone) == 2)
			inside = number == node && !strcmp(zone, "Movable");
		else if (inside && (sscanf(line, " spanned %lu", &number) == 1))
			spanned = number;
		else if (inside && (sscanf(line, " present %lu", &number) == 1))
			present = number;
		else if (inside && (sscanf(line, " start_pfn: %lu", &number) == 1))
			start = number;
	}
	if (in)
		fclose(in);
	movable->first_pfn = start;
	movable->end_pfn = present ? start + spanned : start;
	return present > 0;
}

/* 0, or -1 with errno set. */
static int set_state(unsigned long block, const char *state)
{
	char path[128];

	snprintf(path, sizeof(path), FOLDER "/memory/memory%lu/state", block);
	return mb_set_file(path, state) ? 0 : -1;
}

/* The block that was made movable, plus one; 0: none. */
static unsigned long made;

bool mb_movable_make(struct mb_movable *movable, unsigned long node, char why[MB_WHY])
{
	char path[128];

	for (unsigned long block = BLOCKS; block-- > 0;) {
		snprintf(path, sizeof(path), FOLDER "/node/node%lu/memory%lu", node, block);
		if (access(path, F_OK) || set_state(block, "offline"))
			continue;
		made = block + 1;
		if (!set_state(block, "online_movable") && mb_movable_find(movable, node))
			return true;
		mb_movable_undo();
	}
	snprintf(why, MB_WHY, "no memory block of node %lu can be made movable", node);
	return false;
}

bool mb_movable_undo(void)
{
	for (unsigned int tries = 0; made && tries < 20; tries++) {
		/* Off line already, if it could not be made movable. */
		set_state(made - 1, "offline");
		if (!set_state(made - 1, "online_kernel"))
			made = 0;
		else
			usleep(10000);
	}
	return !made;
}
