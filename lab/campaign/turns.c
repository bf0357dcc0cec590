// SPDX-License-Identifier: GPL-2.0-or-later
/* The order of kernels in each round of boots, by lot. */
#include <stdlib.h>

#include <gsl/gsl_randist.h>
#include <gsl/gsl_rng.h>

#include "core/base/text.h"
#include "core/status.h"
#include "lab/campaign/turns.h"

void lab_turns(unsigned long rounds, size_t targets, unsigned long seed, size_t *order)
{
	gsl_rng *random = gsl_rng_alloc(gsl_rng_mt19937);

	if (!random)
		mb_no_memory();
	gsl_rng_set(random, seed);
	for (unsigned long round = 0; round < rounds; round++) {
		size_t *now = order + round * targets;

		for (size_t t = 0; t < targets; t++)
			now[t] = round % 2 ? now[-1 - (ptrdiff_t)t] : t;
		if (round % 2 == 0)
			gsl_ran_shuffle(random, now, targets, sizeof(*now));
	}
	gsl_rng_free(random);
}
