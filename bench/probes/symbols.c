// SPDX-License-Identifier: GPL-2.0-or-later
/* Commits that show as functions which a module can call, or can't. */
#include <errno.h>

#include "bench/probe_kit.h"

/* Every second page goes home by fault; the scattered rest is evicted. */
static enum mb_answer ask_pfns(char why[MB_WHY])
{
	int fd = mb_kit_open_any(MB_PROBE_PAGES, why);
	struct migbench_record record, evicted = { 0 };
	struct mb_memory memory;

	if (fd < 0)
		return MB_SKIPPED;
	if (!mb_kit_map(&memory, MB_PROBE_PAGES, why) ||
	    !mb_kit_move(fd, MIGBENCH_TO_DEVICE, &memory, &record, why))
		return MB_SKIPPED;
	for (unsigned int i = 0; i < MB_PROBE_PAGES; i += 2)
		(void)*(volatile unsigned char *)(memory.at + i * memory.page_size);
	if (mb_module_evict(fd, MIGBENCH_EVICT_PFNS, 0, MB_PROBE_PAGES, memory.node, &evicted))
		return errno == EOPNOTSUPP
			       ? mb_kit_say(MB_ABSENT, why,
					    "this kernel has no migrate_device_pfns()")
			       : mb_kit_say(MB_SKIPPED, why, "the module can't evict: %m");
	return mb_kit_intact(
		&memory,
		mb_kit_say(evicted.migrated == evicted.requested ? MB_PRESENT : MB_CONTRADICTION,
			   why, "migrate_device_pfns() evicted %u of %u scattered pages",
			   evicted.migrated, evicted.requested),
		why);
}

static enum mb_answer ask_own_file(char why[MB_WHY])
{
	struct migbench_collect selected;
	struct migbench_info info;
	int fd = mb_module_open(&info, why);
	struct mb_memory memory;
	uint8_t bit;

	if (fd < 0)
		return MB_SKIPPED;
	if (info.kinds & (1U << MIGBENCH_PRIVATE))
		return mb_kit_say(
			MB_UNOBSERVABLE, why,
			"this kernel has CONFIG_DEVICE_PRIVATE, and with it the functions "
			"were always there");
	fd = mb_kit_open(MIGBENCH_SYSTEM, 0, why);
	if (fd < 0 || !mb_kit_map(&memory, 1, why) ||
	    !mb_kit_collect(fd, &memory, MIGBENCH_SELECT_SYSTEM, 0, &selected, &bit, why))
		return MB_SKIPPED;
	return mb_kit_say(selected.collected == 1 ? MB_PRESENT : MB_CONTRADICTION, why,
			  "migrate_vma_setup() works without CONFIG_DEVICE_PRIVATE");
}

static const struct mb_probe pfns = {
	.id = "evict-pfns",
	.commit = "a14fa8ec9d81",
	.date = "2025-03-06",
	.release = "6.15",
	.title = "migrate_device_pfns() evicts scattered device pages",
	.verified = true,
	.ask = ask_pfns,
};

/* The other answer means that the module can't be loaded, and no probe asked. */
static const struct mb_probe own_file = {
	.id = "own-file",
	.commit = "76cbbead253d",
	.date = "2022-03-03",
	.release = "5.18",
	.title = "migrate_vma_*() are built without CONFIG_DEVICE_PRIVATE",
	.ask = ask_own_file,
};

MB_PROBE(pfns)
MB_PROBE(own_file)
