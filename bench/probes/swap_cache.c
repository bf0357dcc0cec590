// SPDX-License-Identifier: GPL-2.0-or-later
/* Can a page go to a device that is still in the swap cache? */
#include "bench/probe_kit.h"
#include "bench/scene/reclaim.h"

enum { N = 16 };

static enum mb_answer move(char why[MB_WHY])
{
	int fd = mb_kit_open_any(MB_PROBE_PAGES, why);
	struct migbench_record record;
	struct mb_memory memory;

	if (fd < 0 || !mb_kit_map(&memory, N, why) || !mb_reclaim_into_cache(&memory, why) ||
	    !mb_kit_move(fd, MIGBENCH_TO_DEVICE, &memory, &record, why))
		return MB_SKIPPED;
	mb_kit_say(MB_PRESENT, why, "%u of %d pages from the swap cache moved to the device",
		   record.migrated, N);
	if (record.migrated && record.migrated != N)
		return mb_kit_intact(&memory, MB_CONTRADICTION, why);
	return mb_kit_intact(&memory, record.migrated ? MB_PRESENT : MB_ABSENT, why);
}

static enum mb_answer ask(char why[MB_WHY])
{
	enum mb_answer answer;

	if (!mb_reclaim_can(false, N, why) || !mb_reclaim_prepare(false, why))
		return MB_SKIPPED;
	answer = move(why);
	mb_reclaim_finish();
	return answer;
}

static const struct mb_probe swap_cache = {
	.id = "swap-cache",
	.commit = "df263d9a7dff",
	.date = "2023-06-07",
	.release = "6.6",
	.title = "pages in the swap cache can go to a device",
	.verified = true,
	.ask = ask,
};

MB_PROBE(swap_cache)
