// SPDX-License-Identifier: GPL-2.0-or-later
/* Passes over the plan that are not the run's own: calibration and the budget's pilot. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "bench/passes.h"
#include "bench/rounds.h"
#include "core/status.h"

#define PILOT_ROUNDS 2
#define MOST_ROUNDS 1000 /* as in a suite */

/* Its records go nowhere: it is about time only. */
static size_t pilot_pass(const struct mb_passes *passes, const struct mb_suite *suite,
			 double *seconds)
{
	struct mb_recorder nowhere = { .silent = true };
	uint64_t start = mb_clock_now(MB_TIME);
	size_t measured = mb_rounds(passes->session, suite, passes->plan, passes->seed, &nowhere,
				    passes->progress, "pilot, ");

	*seconds = (double)(mb_clock_now(MB_TIME) - start) / 1e9;
	return measured;
}

int mb_pilot(const struct mb_passes *passes, unsigned long seconds, bool quiet, json_t **found)
{
	struct mb_suite *suite = passes->suite, pilot = *suite;
	unsigned long share = (suite->point_time + suite->rounds - 1) / suite->rounds;
	double took, round, rest, rounds;
	char calibration[64] = "";

	pilot.rounds = PILOT_ROUNDS;
	pilot.point_time = PILOT_ROUNDS * share;
	if (!pilot_pass(passes, &pilot, &took))
		return mb_fail(MB_MACHINE,
			       "no point could be measured here; migbench doctor says what is "
			       "missing");
	/* Warm-up costs a round, too; the counting pass, which is short, is counted to it. */
	round = took / (PILOT_ROUNDS + 1);
	rest = ((double)seconds - took) / (double)(passes->calibrate + 1);
	rounds = fmin(floor(rest / round) - 1, MOST_ROUNDS);
	if (rounds < 1)
		return mb_fail(MB_REQUEST,
			       "run: --budget %lus: the pilot took %.0f s, and one round with its "
			       "warm-up takes %.0f s in each of %lu passes; give %.0fs or more, or "
			       "fewer points with --only",
			       seconds, took, 2 * round, passes->calibrate + 1,
			       ceil(1.2 * (took + 2 * round * (double)(passes->calibrate + 1))));
	suite->rounds = (unsigned long)rounds;
	suite->point_time = suite->rounds * share;
	*found = json_pack("{s:I, s:f, s:f, s:I, s:I}", "seconds", (json_int_t)seconds,
			   "pilot_seconds", took, "round_seconds", round, "rounds",
			   (json_int_t)suite->rounds, "passes", (json_int_t)passes->calibrate + 1);
	if (passes->calibrate)
		snprintf(calibration, sizeof(calibration), ", each in %lu passes",
			 passes->calibrate + 1);
	if (!quiet)
		mb_note("budget %lu s: the pilot took %.1f s; a round of %zu points takes %.2f s, "
			"so %lu rounds%s and a warm-up%s fit into the rest. More rounds narrow what "
			"this boot says; what another boot would say takes another boot",
			seconds, took, passes->plan->count, round, suite->rounds,
			suite->rounds == MOST_ROUNDS ? " (the most a run takes)" : "", calibration);
	return 0;
}

size_t mb_passes_run(const struct mb_passes *passes, struct mb_recorder *recorder)
{
	struct mb_floor noise = { 0 };
	size_t measured = 0;
	char title[64] = "";

	recorder->noise = passes->calibrate ? &noise : NULL;
	for (unsigned long i = 0; i <= passes->calibrate && !recorder->failed; i++) {
		size_t valid;

		if (passes->calibrate)
			snprintf(title, sizeof(title), "pass %lu of %lu, ", i + 1,
				 passes->calibrate + 1);
		recorder->silent = i > 0;
		mb_floor_begin(&noise);
		valid = mb_rounds(passes->session, passes->suite, passes->plan, passes->seed + i,
				  recorder, passes->progress, title);
		mb_floor_boot_end(&noise);
		measured = i ? measured : valid;
	}
	recorder->silent = false;
	if (passes->calibrate)
		mb_record_floors(recorder, passes->plan);
	recorder->noise = NULL;
	mb_floor_free(&noise);
	return measured;
}
