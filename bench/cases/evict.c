// SPDX-License-Identifier: GPL-2.0-or-later
/* evict: the driver takes its memory back by frame number, with migrate_device_range(). */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "bench/counting.h"
#include "bench/journey.h"

static const struct mb_param params[] = {
	MB_PARAM_WORD("memory", "kind of device memory", "private", "private", "coherent"),
	MB_PARAM_PAGE,
	MB_PARAM_JOURNEY,
	MB_PARAM_BATCH("pages per migrate_device_range(), all of them in use", "1,64,512"),
	{ 0 },
};

struct state {
	struct mb_journey journey;
	int fd; /* of a device memory that has just these pages */
};

static bool can(struct mb_session *session, const struct mb_point *point, char why[MB_WHY])
{
	enum migbench_kind kind = mb_journey_kind(point, "memory");

	if (!mb_journey_can(session, point, kind, mb_pages(point), why))
		return false;
	if (mb_module_can_evict(
		    mb_session_device(session, kind, mb_value(point, "nodes")->to, NULL, why)))
		return true;
	snprintf(why, MB_WHY,
		 "this kernel has no migrate_device_range(), so a driver can't evict: since 6.1");
	return false;
}

static bool prepare(void *user, struct mb_session *session, const struct mb_point *point,
		    char why[MB_WHY])
{
	struct state *state = user;
	enum migbench_kind kind = mb_journey_kind(point, "memory");
	struct migbench_info info;

	state->fd = -1;
	if (!mb_journey_begin(&state->journey, session, point, kind, mb_pages(point), why))
		return false;
	state->journey.count_there = false;
	state->fd = state->journey.fd = mb_module_open(&info, why);
	return state->fd >= 0 &&
	       mb_module_create(state->fd, kind, state->journey.there, mb_pages(point), why);
}

static bool sample(void *user, struct mb_block *block, char why[MB_WHY])
{
	struct state *state = user;
	struct mb_journey *journey = &state->journey;
	struct migbench_record there = { 0 }, back = { 0 };
	unsigned long count = journey->memory.pages;
	double values[1 + MIGBENCH_PHASES] = { 0 };
	struct mb_counts counts;
	bool good = mb_journey_pack(journey);
	int status;

	if (!mb_journey_there(journey, &there, why))
		return false;
	good &= mb_journey_complete(&there, count, &counts) && mb_journey_witnessed(journey, true);
	mb_counting_begin(journey->session);
	status = mb_module_evict(state->fd, 0, count, journey->home, &back);
	mb_counting_end(journey->session, 1);
	if (status) {
		snprintf(why, MB_WHY, "the module cannot evict %lu pages: %s", count,
			 strerror(errno));
		return false;
	}
	good &= mb_journey_complete(&back, count, &counts);
	good &= mb_journey_witnessed(journey, false) && mb_journey_intact(journey);
	if (good) {
		mb_journey_add(journey, &back, values);
		mb_block_add(block, values, &counts);
	} else {
		mb_block_invalid(block, &counts);
	}
	return true;
}

static void finish(void *user)
{
	struct state *state = user;

	mb_journey_end(&state->journey);
	if (state->fd >= 0)
		close(state->fd);
}

static const struct mb_case evict_case = {
	.name = "evict",
	.summary = "a driver's eviction of device pages by frame number, phase by phase",
	.params = params,
	.metrics = mb_total_and_phases,
	.state = sizeof(struct state),
	.migrates = true,
	.pages = "batch",
	.can = can,
	.prepare = prepare,
	.sample = sample,
	.finish = finish,
};

MB_CASE(evict_case)
