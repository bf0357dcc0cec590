// SPDX-License-Identifier: GPL-2.0-or-later
/* How many TLB flushes does the collection of exclusive pages take? */
#include <sys/wait.h>
#include <unistd.h>

#include "bench/probe_kit.h"

enum { N = MB_PROBE_PAGES };

/* MB_PRESENT, or the answer. */
static enum mb_answer flushes(int fd, const struct mb_memory *memory, unsigned int *count,
			      char why[MB_WHY])
{
	struct migbench_collect selected;
	uint8_t bits[N];
	enum mb_answer watched = mb_kit_watch(fd, memory, &selected, bits, why);

	*count = selected.flushes;
	if (watched == MB_PRESENT && selected.collected != N)
		return mb_kit_say(MB_SKIPPED, why, "only %u of %d pages were selected",
				  selected.collected, N);
	return watched;
}

static enum mb_answer ask(char why[MB_WHY])
{
	int fd = mb_kit_open(MIGBENCH_SYSTEM, 0, why);
	unsigned int exclusive, shared;
	struct mb_memory memory;
	enum mb_answer watched;
	pid_t child;

	if (fd < 0 || !mb_kit_map(&memory, N, why))
		return MB_SKIPPED;
	watched = flushes(fd, &memory, &exclusive, why);
	if (watched != MB_PRESENT)
		return watched;
	/* Shared once is not exclusive any more, even with the other process gone. */
	child = fork();
	if (!child)
		_exit(0);
	if (child < 0 || waitpid(child, NULL, 0) < 0)
		return mb_kit_say(MB_SKIPPED, why, "no process: %m");
	watched = flushes(fd, &memory, &shared, why);
	if (watched != MB_PRESENT)
		return watched;
	mb_kit_say(MB_PRESENT, why,
		   "%u flushes for %d pages of one process, %u once they had been shared",
		   exclusive, N, shared);
	if (exclusive == N + 1 && shared == 1)
		return mb_kit_intact(&memory, MB_PRESENT, why);
	return mb_kit_intact(&memory, exclusive == 1 && shared == 1 ? MB_ABSENT : MB_CONTRADICTION,
			     why);
}

static const struct mb_probe flush_exclusive = {
	.id = "flush-exclusive",
	.commit = "6c287605fd56",
	.date = "2022-05-09",
	.release = "5.19",
	.title = "one TLB flush for each exclusive page, and one for all",
	.verified = true,
	.ask = ask,
};

MB_PROBE(flush_exclusive)
