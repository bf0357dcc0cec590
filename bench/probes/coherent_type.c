// SPDX-License-Identifier: GPL-2.0-or-later
/* Device memory that the CPU uses where it is. */
#include <string.h>
#include <sys/resource.h>

#include "bench/probe_kit.h"

enum { N = MB_PROBE_PAGES };

static enum mb_answer ask(char why[MB_WHY])
{
	uint64_t frames[N] = { 0 };
	struct migbench_record record;
	struct rusage before, after;
	struct mb_memory memory;
	uint8_t states[N];
	int fd;
	enum mb_answer answer = mb_kit_open_coherent(&fd, N, why);

	if (answer != MB_PRESENT)
		return answer;
	if (!mb_kit_map(&memory, N, why))
		return MB_SKIPPED;
	mb_kit_moved(&memory, frames, true);
	if (!mb_kit_move(fd, MIGBENCH_TO_DEVICE, &memory, &record, why))
		return MB_SKIPPED;
	mb_kit_moved(&memory, frames, true);
	getrusage(RUSAGE_SELF, &before);
	answer = mb_kit_intact(&memory, MB_PRESENT, why);
	getrusage(RUSAGE_SELF, &after);
	if (answer != MB_PRESENT || !mb_kit_states(fd, &memory, states, why))
		return answer == MB_PRESENT ? MB_SKIPPED : answer;
	for (int i = 0; i < N; i++)
		if (!(states[i] & MIGBENCH_PTE_DEVICE))
			answer = MB_CONTRADICTION;
	if (record.migrated != N || mb_kit_moved(&memory, frames, false) ||
	    after.ru_minflt != before.ru_minflt)
		answer = MB_CONTRADICTION;
	return mb_kit_say(answer, why,
			  "%u of %d pages moved to the device, and were read there with %ld faults",
			  record.migrated, N, after.ru_minflt - before.ru_minflt);
}

static const struct mb_probe coherent_type = {
	.id = "coherent-type",
	.commit = "f25cbb7a95a2",
	.date = "2022-07-17",
	.release = "6.0",
	.title = "device-coherent memory: the CPU uses pages on the device",
	.verified = true,
	.ask = ask,
};

MB_PROBE(coherent_type)
