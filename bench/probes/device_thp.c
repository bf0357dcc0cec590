// SPDX-License-Identifier: GPL-2.0-or-later
/* Does a huge page stay one on the device? */
#include "bench/probe_kit.h"

static enum mb_answer ask(char why[MB_WHY])
{
	int fd = mb_kit_open(MIGBENCH_PRIVATE, mb_huge_pages(), why);
	uint8_t states[MB_HUGE_PAGES_MAX];
	struct migbench_record record;
	struct mb_memory memory;
	unsigned int whole = 0;

	if (fd < 0 || !mb_kit_map_huge(&memory, why) ||
	    !mb_kit_move(fd, MIGBENCH_TO_DEVICE, &memory, &record, why) ||
	    !mb_kit_states(fd, &memory, states, why))
		return MB_SKIPPED;
	if (record.migrated != mb_huge_pages())
		return mb_kit_say(MB_SKIPPED, why, "only %u of %lu base pages moved",
				  record.migrated, mb_huge_pages());
	for (unsigned long i = 0; i < mb_huge_pages(); i++)
		whole += (states[i] & MIGBENCH_PTE_DEVICE) && (states[i] & MIGBENCH_PTE_HUGE);
	mb_kit_say(MB_PRESENT, why, "a huge page is on the device as %s",
		   whole ? "one entry" : "base pages");
	if (whole && whole != mb_huge_pages())
		return mb_kit_intact(&memory, MB_CONTRADICTION, why);
	return mb_kit_intact(&memory, whole ? MB_PRESENT : MB_ABSENT, why);
}

static const struct mb_probe device_thp = {
	.id = "device-thp",
	.commit = "a30b48bf1b24",
	.date = "2025-10-01",
	.release = "6.19",
	.title = "transparent huge pages go to private device memory whole",
	.verified = true,
	.ask = ask,
};

MB_PROBE(device_thp)
