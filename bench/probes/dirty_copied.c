// SPDX-License-Identifier: GPL-2.0-or-later
/* A page that can't move after all: does its folio know that it was written to? */
#include "bench/probe_kit.h"

static enum mb_answer ask(char why[MB_WHY])
{
	struct mb_memory memory;
	uint8_t before, after;
	bool selected;

	if (!mb_kit_collect_held(&memory, MIGBENCH_HOLD_REFERENCE, &before, &after, &selected, why))
		return MB_SKIPPED;
	if (!(before & MIGBENCH_PTE_DIRTY) || before & MIGBENCH_PAGE_DIRTY)
		return mb_kit_say(MB_SKIPPED, why,
				  "no page with a dirty PTE and a clean folio could be had");
	if (selected)
		return mb_kit_say(MB_CONTRADICTION, why,
				  "a page with a foreign reference was selected");
	mb_kit_say(MB_PRESENT, why,
		   "a written page whose migration failed has PG_dirty %s, its PTE is %s",
		   after & MIGBENCH_PAGE_DIRTY ? "set" : "clear",
		   after & MIGBENCH_PTE_DIRTY ? "dirty" : "clean");
	return mb_kit_intact(&memory, after & MIGBENCH_PAGE_DIRTY ? MB_PRESENT : MB_ABSENT, why);
}

static const struct mb_probe dirty_copied = {
	.id = "dirty-copied",
	.commit = "fd35ca3d12cc",
	.date = "2022-09-11",
	.release = "6.0",
	.title = "a dirty PTE that is cleared makes its folio dirty",
	.verified = true,
	.ask = ask,
};

MB_PROBE(dirty_copied)
