// SPDX-License-Identifier: GPL-2.0-or-later
/* A huge page that is mapped page by page: left alone, or split and selected? */
#include <sys/mman.h>

#include "bench/probe_kit.h"

static enum mb_answer ask(char why[MB_WHY])
{
	int fd = mb_kit_open(MIGBENCH_SYSTEM, 0, why);
	uint8_t states[MB_HUGE_PAGES_MAX], bits[MB_HUGE_PAGES_MAX];
	struct migbench_collect selected;
	struct mb_memory memory;

	if (fd < 0 || !mb_kit_map_huge(&memory, why))
		return MB_SKIPPED;
	/* Another protection for one page, for a moment: the PMD becomes a table of PTEs. */
	if (mprotect(memory.at, memory.page_size, PROT_READ) ||
	    mprotect(memory.at, memory.page_size, PROT_READ | PROT_WRITE))
		return mb_kit_say(MB_SKIPPED, why, "mprotect: %m");
	if (!mb_kit_states(fd, &memory, states, why))
		return MB_SKIPPED;
	if (states[1] & MIGBENCH_PTE_HUGE)
		return mb_kit_say(MB_SKIPPED, why, "the huge page is still mapped as one");
	if (!mb_kit_collect(fd, &memory, MIGBENCH_SELECT_SYSTEM, 0, &selected, bits, why))
		return MB_SKIPPED;
	mb_kit_say(MB_PRESENT, why, "%u of %lu base pages of a PTE-mapped huge page are selected",
		   selected.collected, mb_huge_pages());
	if (selected.collected && selected.collected != mb_huge_pages())
		return mb_kit_intact(&memory, MB_CONTRADICTION, why);
	return mb_kit_intact(&memory, selected.collected ? MB_PRESENT : MB_ABSENT, why);
}

static const struct mb_probe large_folio = {
	.id = "large-folio",
	.commit = "022a12deda53",
	.date = "2025-10-01",
	.release = "6.19",
	.title = "a PTE-mapped large folio is split and migrated, not skipped",
	.verified = true,
	.ask = ask,
};

MB_PROBE(large_folio)
