// SPDX-License-Identifier: GPL-2.0-or-later
/* Does args->cpages count what may be filled: holes, and the zero page? */
#include <sys/mman.h>

#include "bench/probe_kit.h"

enum { N = MB_PROBE_PAGES };

/* How many of the N pages setup counts when only the first @used are there. */
static bool counted(int fd, struct mb_memory *memory, unsigned int used, bool zero,
		    unsigned int *count, char why[MB_WHY])
{
	unsigned char *rest = memory->at + used * memory->page_size;
	struct migbench_collect selected;
	uint8_t bits[N];

	if (madvise(rest, (N - used) * memory->page_size, MADV_DONTNEED)) {
		mb_kit_say(MB_SKIPPED, why, "pages can't be given back: %m");
		return false;
	}
	for (unsigned int i = used; zero && i < N; i++)
		(void)*(volatile unsigned char *)(memory->at + i * memory->page_size);
	if (!mb_kit_collect(fd, memory, MIGBENCH_SELECT_SYSTEM, 0, &selected, bits, why))
		return false;
	*count = selected.collected;
	return true;
}

static enum mb_answer ask(char why[MB_WHY])
{
	int fd = mb_kit_open(MIGBENCH_SYSTEM, 0, why);
	unsigned int half, zero, none;
	struct mb_memory memory;

	if (fd < 0 || !mb_kit_map(&memory, N, why) ||
	    !counted(fd, &memory, N / 2, false, &half, why) ||
	    !counted(fd, &memory, N / 2, true, &zero, why) ||
	    !counted(fd, &memory, 0, false, &none, why))
		return MB_SKIPPED;
	mb_kit_say(MB_PRESENT, why,
		   "cpages of %d pages: %u with half of them holes, %u with half zero pages, %u "
		   "with all holes",
		   N, half, zero, none);
	if (half == N && zero == N && none == N)
		return MB_PRESENT;
	return half == N / 2 && zero == N / 2 && !none ? MB_ABSENT : MB_CONTRADICTION;
}

static const struct mb_probe holes_counted = {
	.id = "holes-counted",
	.commit = "44af0b45d58d",
	.date = "2022-11-22",
	.release = "6.1",
	.title = "args->cpages counts holes and zero pages",
	.verified = true,
	.ask = ask,
};

MB_PROBE(holes_counted)
