// SPDX-License-Identifier: GPL-2.0-or-later
/* Is the TLB flushed before the page-table lock is dropped? */
#include "bench/probe_kit.h"

static enum mb_answer ask(char why[MB_WHY])
{
	int fd = mb_kit_open(MIGBENCH_SYSTEM, 0, why);
	struct migbench_collect selected;
	uint8_t bits[MB_PROBE_PAGES];
	struct mb_memory memory;
	enum mb_answer watched;

	if (fd < 0 || !mb_kit_map(&memory, MB_PROBE_PAGES, why))
		return MB_SKIPPED;
	watched = mb_kit_watch(fd, &memory, &selected, bits, why);
	if (watched != MB_PRESENT)
		return watched;
	mb_kit_say(MB_PRESENT, why, "the page-table lock was held in %u of %u flushes of one setup",
		   selected.locked, selected.flushes);
	if (selected.locked == selected.flushes)
		return mb_kit_intact(&memory, MB_PRESENT, why);
	/* Only the last flush, that of the range, ever stood behind the lock. */
	return mb_kit_intact(&memory,
			     selected.locked + 1 == selected.flushes ? MB_ABSENT : MB_CONTRADICTION,
			     why);
}

static const struct mb_probe flush_locked = {
	.id = "flush-locked",
	.commit = "60bae7373e8e",
	.date = "2022-09-11",
	.release = "6.0",
	.title = "the TLB is flushed while the page-table lock is held",
	.verified = true,
	.ask = ask,
};

MB_PROBE(flush_locked)
