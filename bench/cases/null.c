// SPDX-License-Identifier: GPL-2.0-or-later
/* null: the harness measuring itself, to be known before any other figure is read. */
#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "bench/session.h"

static const struct mb_param params[] = {
	MB_PARAM_WORD(
		"part",
		"clock: two reads of the user-space clock; border: the module's phase borders "
		"with nothing between; ioctl: a request that does nothing",
		"clock,border,ioctl", "clock", "border", "ioctl"),
	{ 0 },
};

enum part { CLOCK, BORDER, IOCTL };

struct state {
	struct mb_session *session;
	enum part part;
	struct migbench_info info;
	int fd;
};

static enum part part_of(const struct mb_point *point)
{
	return mb_is(point, "part", "clock")	? CLOCK
	       : mb_is(point, "part", "border") ? BORDER
						: IOCTL;
}

static bool can(struct mb_session *session, const struct mb_point *point, char why[MB_WHY])
{
	struct migbench_info info;
	int fd;

	if (part_of(point) == CLOCK)
		return true;
	if (part_of(point) == BORDER && !mb_session_counter(session, why))
		return false;
	fd = mb_module_open(&info, why);
	if (fd < 0)
		return false;
	close(fd);
	return true;
}

static bool prepare(void *user, struct mb_session *session, const struct mb_point *point,
		    char why[MB_WHY])
{
	struct state *state = user;

	state->session = session;
	state->part = part_of(point);
	state->fd = -1;
	if (!mb_topology_bind(session->topology, 0)) {
		snprintf(why, MB_WHY, "cannot bind to a CPU: %s", strerror(errno));
		return false;
	}
	if (state->part != CLOCK)
		state->fd = mb_module_open(&state->info, why);
	return state->part == CLOCK || state->fd >= 0;
}

static bool sample(void *user, struct mb_block *block, char why[MB_WHY])
{
	struct state *state = user;
	enum mb_clock clock = state->session->clock;
	struct migbench_record record = { 0 };
	double values[1 + MIGBENCH_PHASES] = { 0, NAN, NAN, NAN, NAN, NAN };
	uint64_t start;
	int status = 0;

	start = mb_clock_now(clock);
	if (state->part != CLOCK)
		status = mb_module_migrate(state->fd, MIGBENCH_NOTHING, 0, NULL, 1, 1, 0, &record);
	values[0] = (double)(mb_clock_now(clock) - start);
	if (status) {
		snprintf(why, MB_WHY, "the module refused to do nothing: %s", strerror(errno));
		return false;
	}
	if (state->part == BORDER) {
		uint64_t khz = state->info.tick_khz;

		values[0] = mb_clock_ticks(clock, record.total, khz);
		for (int i = 0; i < MIGBENCH_PHASES; i++)
			values[1 + i] = mb_clock_ticks(clock, record.phase[i], khz);
	}
	mb_block_add(block, values, NULL);
	return true;
}

static void finish(void *user)
{
	struct state *state = user;

	if (state->fd >= 0)
		close(state->fd);
}

static const struct mb_case null_case = {
	.name = "null",
	.summary = "the harness measuring itself",
	.params = params,
	.metrics = mb_total_and_phases,
	.state = sizeof(struct state),
	.can = can,
	.prepare = prepare,
	.sample = sample,
	.finish = finish,
};

MB_CASE(null_case)
