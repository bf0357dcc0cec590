// SPDX-License-Identifier: GPL-2.0-or-later
/* Lines of a guest's log about the kernel's memory. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "lab/profile/said.h"

static bool read_line(const char *line, struct lab_said *said)
{
	uint64_t *from = &said->from, *to = &said->to;
	char *name = said->name;

	*name = '\0';
	*to = 0;
	if (sscanf(line, "page %" SCNu64 " stack %" SCNu64, from, to) == 2)
		said->what = LAB_SAID_SIZES;
	else if (sscanf(line, "area %255s %" SCNx64 "-%" SCNx64, name, from, to) == 3)
		said->what = LAB_SAID_AREA;
	else if (sscanf(line, "per-CPU %*u %" SCNx64, from) == 1)
		said->what = LAB_SAID_PER_CPU;
	else if (sscanf(line, "slab %" SCNx64 " %" SCNu64 ": slab %255s", from, to, name) == 3)
		said->what = LAB_SAID_SLAB;
	else if (sscanf(line, "vmalloc %" SCNx64 "-%" SCNx64 " %*u %255[^+ ]", from, to, name) == 3)
		said->what = LAB_SAID_VMALLOC;
	else
		return false;
	if (said->what == LAB_SAID_SLAB)
		*to += *from;
	return true;
}

bool lab_said_next(const char **log, struct lab_said *said)
{
	static const char mark[] = "] slabs: ";

	while ((*log = strstr(*log, mark))) {
		*log += strlen(mark);
		if (read_line(*log, said))
			return true;
	}
	return false;
}
