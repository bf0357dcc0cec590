// SPDX-License-Identifier: GPL-2.0-or-later
/* Can a page go to a device that is still in the swap cache? */
#include <fcntl.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "bench/probe_kit.h"
#include "bench/reclaim.h"

enum { N = 16 };

#ifndef MADV_PAGEOUT
#define MADV_PAGEOUT 21
#endif
#define KPF_SWAPCACHE (1ULL << 13)

static unsigned int in_swap_cache(const struct mb_memory *memory)
{
	int fd = open("/proc/kpageflags", O_RDONLY | O_CLOEXEC);
	unsigned int count = 0;

	for (unsigned long i = 0; fd >= 0 && i < memory->pages; i++) {
		uint64_t frame = mb_kit_frame(memory->at + i * memory->page_size), flags = 0;

		if (frame && pread(fd, &flags, sizeof(flags), (off_t)(frame * sizeof(flags))) ==
				     sizeof(flags))
			count += !!(flags & KPF_SWAPCACHE);
	}
	if (fd >= 0)
		close(fd);
	return count;
}

/*
 * Swapped out, and read in again while another process refers to the swap
 * entries: that keeps the pages in the cache. With it gone, they are ours alone.
 */
static bool swap_in(const struct mb_memory *memory, char why[MB_WHY])
{
	unsigned long present, elsewhere;
	unsigned int cached;
	pid_t other;

	if (madvise(memory->at, N * memory->page_size, MADV_PAGEOUT) ||
	    !mb_memory_witness(memory, &present, &elsewhere) || elsewhere != N) {
		mb_kit_say(MB_SKIPPED, why, "the pages were not swapped out");
		return false;
	}
	other = fork();
	if (!other) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		pause();
		_exit(0);
	}
	for (unsigned long i = 0; i < N; i++)
		(void)*(volatile unsigned char *)(memory->at + i * memory->page_size);
	if (other > 0) {
		kill(other, SIGKILL);
		waitpid(other, NULL, 0);
	}
	cached = in_swap_cache(memory);
	if (cached == N)
		return true;
	mb_kit_say(MB_SKIPPED, why, "only %u of %d pages are in the swap cache", cached, N);
	return false;
}

static enum mb_answer move(char why[MB_WHY])
{
	int fd = mb_kit_open_any(MB_PROBE_PAGES, why);
	struct migbench_record record;
	struct mb_memory memory;

	if (fd < 0 || !mb_kit_map(&memory, N, why) || !swap_in(&memory, why) ||
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

	if (!mb_reclaim_can(false, why) || !mb_reclaim_prepare(false, why))
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
