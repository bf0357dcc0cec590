// SPDX-License-Identifier: GPL-2.0-or-later
/* Are accessed and dirty bits the same after a move as before? */
#include "bench/probe_kit.h"
#include "bench/scene/reclaim.h"

enum { N = MB_PROBE_PAGES };

struct bits {
	unsigned int young[2], dirty; /* young: of the untouched half, of the touched one */
};

static bool look(int fd, const struct mb_memory *memory, struct bits *bits, char why[MB_WHY])
{
	uint8_t states[N];

	*bits = (struct bits){ 0 };
	if (!mb_kit_states(fd, memory, states, why))
		return false;
	for (unsigned int i = 0; i < N; i++) {
		bits->young[i % 2] += !!(states[i] & MIGBENCH_PTE_YOUNG);
		bits->dirty += !!(states[i] & MIGBENCH_PTE_DIRTY);
	}
	return true;
}

static const char *reason(int fd)
{
	struct migbench_retention switched;

	if (mb_module_retention(fd, MIGBENCH_RETENTION_ASK, &switched) || switched.now)
		return "";
	return switched.supported ? "; swap_migration_ad_supported was switched off"
				  : "; swap_migration_ad_supported is off or missing";
}

static enum mb_answer ask(char why[MB_WHY])
{
	int fd = mb_kit_open(MIGBENCH_SYSTEM, 0, why);
	struct bits before, after;
	struct migbench_record record;
	struct mb_memory memory;

	if (fd < 0 || !mb_kit_map(&memory, N, why))
		return MB_SKIPPED;
	if (!mb_reclaim_clear_young())
		return mb_kit_say(MB_SKIPPED, why, "/proc/self/clear_refs: %m");
	for (unsigned int i = 1; i < N; i += 2)
		(void)*(volatile unsigned char *)(memory.at + i * memory.page_size);
	if (!look(fd, &memory, &before, why))
		return MB_SKIPPED;
	if (before.young[0] || before.young[1] != N / 2 || before.dirty != N)
		return mb_kit_say(MB_SKIPPED, why,
				  "accessed bits can't be prepared: %u and %u of %d pages young",
				  before.young[0], before.young[1], N / 2);
	if (!mb_kit_move(fd, MIGBENCH_TO_DEVICE, &memory, &record, why) ||
	    !look(fd, &memory, &after, why))
		return MB_SKIPPED;
	if (record.migrated != N)
		return mb_kit_say(MB_SKIPPED, why, "only %u of %d pages moved", record.migrated, N);
	mb_kit_say(MB_PRESENT, why,
		   "after a move %u of %d untouched pages are young, %u of %d touched ones, and %u "
		   "of %d written pages dirty%s",
		   after.young[0], N / 2, after.young[1], N / 2, after.dirty, N, reason(fd));
	if (!after.young[0] && after.young[1] == N / 2 && after.dirty == N)
		return mb_kit_intact(&memory, MB_PRESENT, why);
	return mb_kit_intact(&memory,
			     !after.young[0] && !after.young[1] && !after.dirty ? MB_ABSENT
										: MB_CONTRADICTION,
			     why);
}

static const struct mb_probe bits_kept = {
	.id = "bits-kept",
	.commit = "2e3468778dbe",
	.date = "2022-09-26",
	.release = "6.1",
	.title = "accessed and dirty bits are remembered in migration entries",
	.verified = true,
	.ask = ask,
};

MB_PROBE(bits_kept)
