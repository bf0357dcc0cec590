// SPDX-License-Identifier: GPL-2.0-or-later
/* A long-term pin must not keep device memory; a short one may. */
#include "bench/probe_kit.h"

enum { N = 16 };

static enum mb_answer ask(char why[MB_WHY])
{
	unsigned long by_short, by_long, device = 0;
	uint64_t frames[N] = { 0 };
	struct migbench_record record;
	struct mb_memory memory;
	uint8_t states[N];
	int fd;
	enum mb_answer answer = mb_kit_open_coherent(&fd, N, why);

	if (answer != MB_PRESENT)
		return answer;
	if (!mb_kit_map(&memory, N, why) ||
	    !mb_kit_move(fd, MIGBENCH_TO_DEVICE, &memory, &record, why))
		return MB_SKIPPED;
	mb_kit_moved(&memory, frames, true);
	if (record.migrated != N || !frames[0])
		return mb_kit_say(MB_SKIPPED, why, "%u of %d pages moved, or pagemap tells nothing",
				  record.migrated, N);
	if (!mb_kit_hold(fd, MIGBENCH_HOLD_PIN, &memory, why))
		return MB_SKIPPED;
	by_short = mb_kit_moved(&memory, frames, true);
	if (!mb_kit_hold(fd, MIGBENCH_HOLD_RELEASE, &memory, why))
		return MB_SKIPPED;
	if (!mb_kit_hold(fd, MIGBENCH_HOLD_LONGTERM, &memory, why))
		return mb_kit_intact(&memory, MB_ABSENT, why);
	by_long = mb_kit_moved(&memory, frames, true);
	if (!mb_kit_states(fd, &memory, states, why) ||
	    !mb_kit_hold(fd, MIGBENCH_HOLD_RELEASE, &memory, why))
		return MB_SKIPPED;
	for (int i = 0; i < N; i++)
		device += !!(states[i] & MIGBENCH_PTE_DEVICE);
	mb_kit_say(MB_PRESENT, why,
		   "a short pin moved %lu of %d coherent pages, a long-term one %lu; %lu are still "
		   "on the device",
		   by_short, N, by_long, device);
	if (by_short || (by_long == N) == (device != 0))
		answer = MB_CONTRADICTION;
	else if (by_long != N)
		answer = MB_ABSENT;
	return mb_kit_intact(&memory, answer, why);
}

static const struct mb_probe longterm_pin = {
	.id = "longterm-pin",
	.commit = "b05a79d4377f",
	.date = "2022-07-17",
	.release = "6.0",
	.title = "a long-term pin moves coherent pages off the device, a short one doesn't",
	.verified = true,
	.ask = ask,
};

MB_PROBE(longterm_pin)
