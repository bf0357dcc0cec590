// SPDX-License-Identifier: GPL-2.0-or-later
/* Is a page still its process's own after a move, so that a write needs no copy? */
#include <sys/mman.h>

#include "bench/probe_kit.h"

static enum mb_answer ask(char why[MB_WHY])
{
	int fd = mb_kit_open(MIGBENCH_SYSTEM, 0, why);
	struct migbench_record record;
	struct mb_memory memory;
	uint64_t before, after;

	if (fd < 0 || !mb_kit_map(&memory, 1, why) ||
	    !mb_kit_move(fd, MIGBENCH_TO_DEVICE, &memory, &record, why))
		return MB_SKIPPED;
	if (record.migrated != 1)
		return mb_kit_say(MB_SKIPPED, why, "the page did not move");
	/* With a foreign reference only PG_anon_exclusive can tell that no one else maps it. */
	if (!mb_kit_hold(fd, MIGBENCH_HOLD_REFERENCE, &memory, why))
		return MB_SKIPPED;
	before = mb_kit_frame(memory.at);
	if (!before)
		return mb_kit_say(MB_SKIPPED, why, "/proc/self/pagemap tells no frame numbers");
	if (mprotect(memory.at, memory.page_size, PROT_READ) ||
	    mprotect(memory.at, memory.page_size, PROT_READ | PROT_WRITE))
		return mb_kit_say(MB_SKIPPED, why, "mprotect: %m");
	mb_memory_rewrite_last(&memory);
	after = mb_kit_frame(memory.at);
	if (!mb_kit_hold(fd, MIGBENCH_HOLD_RELEASE, &memory, why))
		return MB_SKIPPED;
	mb_kit_say(MB_PRESENT, why, "a write to a page that was moved and write-protected %s",
		   before == after ? "reuses it" : "copies it, for someone holds a reference");
	return mb_kit_intact(&memory, before == after ? MB_PRESENT : MB_ABSENT, why);
}

static const struct mb_probe exclusive_reuse = {
	.id = "exclusive-reuse",
	.commit = "6c287605fd56",
	.date = "2022-05-09",
	.release = "5.19",
	.title =
		"a page that was moved is reused on a write, also while somebody holds a reference",
	.verified = true,
	.ask = ask,
};

MB_PROBE(exclusive_reuse)
