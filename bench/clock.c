// SPDX-License-Identifier: GPL-2.0-or-later
/* The timer tick, found by watching the coarse clock step, and waited for; and what the clock is worth. */
#include <fcntl.h>
#include <math.h>
#include <string.h>
#include <unistd.h>

#include "bench/clock.h"

/* After the tick's interrupt is over, and long before the next one. */
#define AFTER_TICK 100000
/* Seconds. */
#define ALIGNMENT 5

double mb_clock_ticks(enum mb_clock clock, uint64_t ticks, uint64_t khz)
{
	if (clock == MB_INSNS)
		return (double)ticks;
	/* Eighths of a ns are exact in binary and in the run file, and finer than any clock. */
	return round((double)ticks * 8e6 / (double)khz) / 8;
}

const char *mb_clock_counter(void)
{
#if defined(__x86_64__)
	/* One that Linux has once found unsteady is not among them, whichever is in use. */
	int fd = open("/sys/devices/system/clocksource/clocksource0/available_clocksource",
		      O_RDONLY | O_CLOEXEC);
	char text[256], *rest = text, *word;
	ssize_t got = fd < 0 ? -1 : read(fd, text, sizeof(text) - 1);

	if (fd >= 0)
		close(fd);
	if (got <= 0)
		return NULL;
	text[got] = '\0';
	while ((word = strsep(&rest, " \n")))
		if (!strcmp(word, "tsc"))
			return "steady";
	return "unstable";
#else
	return NULL;
#endif
}

static int64_t read_ns(clockid_t id)
{
	struct timespec now;

	clock_gettime(id, &now);
	return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

void mb_clock_align(void)
{
	struct timespec until = { 0 };

	until.tv_sec = (read_ns(CLOCK_MONOTONIC) / 1000000000 / ALIGNMENT + 1) * ALIGNMENT;
	while (clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &until, NULL))
		;
}

void mb_tick_find(struct mb_tick *tick)
{
	struct timespec resolution;
	int64_t before, now;

	clock_getres(CLOCK_MONOTONIC_COARSE, &resolution);
	tick->period = resolution.tv_nsec;
	/* The first step may come from leaving idle; the second, seen busy, is the tick's. */
	for (int step = 0; step < 2; step++) {
		before = read_ns(CLOCK_MONOTONIC_COARSE);
		do {
			now = read_ns(CLOCK_MONOTONIC_COARSE);
		} while (now == before);
	}
	tick->phase = read_ns(CLOCK_MONOTONIC) % tick->period;
}

void mb_tick_wait(const struct mb_tick *tick)
{
	int64_t now = read_ns(CLOCK_MONOTONIC);
	int64_t next = (now - tick->phase) / tick->period * tick->period + tick->phase;
	struct timespec until;

	next += tick->period + AFTER_TICK;
	until.tv_sec = next / 1000000000;
	until.tv_nsec = next % 1000000000;
	while (clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &until, NULL))
		;
}
