// SPDX-License-Identifier: GPL-2.0-or-later
/* Is a pinned page refused before anything of it has changed? */
#include "bench/probe_kit.h"

static enum mb_answer ask(char why[MB_WHY])
{
	struct mb_memory memory;
	uint8_t before, after;
	bool selected;

	if (!mb_kit_collect_held(&memory, MIGBENCH_HOLD_PIN, &before, &after, &selected, why))
		return MB_SKIPPED;
	if (selected)
		return mb_kit_say(MB_CONTRADICTION, why, "a pinned page was selected");
	mb_kit_say(MB_PRESENT, why, "a pinned page is not selected; its PTE is %s, PG_dirty %s",
		   (after ^ before) & ~MIGBENCH_PAGE_DIRTY ? "changed" : "unchanged",
		   after & MIGBENCH_PAGE_DIRTY ? "set" : "clear");
	return mb_kit_intact(&memory, after == before ? MB_PRESENT : MB_ABSENT, why);
}

static const struct mb_probe pinned_early = {
	.id = "pinned-early",
	.commit = "6c287605fd56",
	.date = "2022-05-09",
	.release = "5.19",
	.title = "a pinned page is refused early, its PTE untouched",
	.verified = true,
	.ask = ask,
};

MB_PROBE(pinned_early)
