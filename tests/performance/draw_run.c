// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Writes a run file with as many values as asked for, as a run under the clock time has them: 30
 * points, 5 boots, blocks of up to 512 samples, each value with 17 digits.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <gsl/gsl_randist.h>
#include <gsl/gsl_rng.h>

#define POINTS 30
#define BOOTS 5
#define BLOCK 512

static void write_block(gsl_rng *rng, unsigned int point, unsigned int boot, unsigned long round,
			unsigned long count, double level)
{
	printf("{\"type\":\"block\",\"point\":%u,\"boot\":%u,\"round\":%lu,\"pages\":%u,"
	       "\"metrics\":{\"total\":{\"unit\":\"ns\",\"values\":[",
	       point, boot, round, point + 1);
	for (unsigned long i = 0; i < count; i++)
		printf("%s%.17g", i ? "," : "", level * exp(gsl_ran_gaussian(rng, 0.03)));
	puts("]}}}");
}

static int usage(void)
{
	fputs("usage: draw_run VALUES SEED EFFECT% BOOT_EFFECT% [FLOOR%]\n", stderr);
	return 2;
}

int main(int argc, char **argv)
{
	gsl_rng *rng = gsl_rng_alloc(gsl_rng_mt19937);
	unsigned long values, seed;
	double effect, boots;

	if (argc < 5 || argc > 6)
		return usage();
	values = strtoul(argv[1], NULL, 10);
	seed = strtoul(argv[2], NULL, 10);
	effect = strtod(argv[3], NULL) / 100;
	boots = strtod(argv[4], NULL) / 100;
	gsl_rng_set(rng, seed);
	printf("{\"type\":\"run\",\"format\":1,\"id\":\"%lu\",\"started\":\"2026-01-%02luT00:00:00Z\","
	       "\"clock\":\"time\",\"label\":\"drawn %lu\",\"seed\":1,"
	       "\"env\":{\"kernel\":\"6.%lu.0\"},\"config\":{}}\n",
	       seed, 1 + seed % 28, seed, seed);
	for (unsigned int point = 0; point < POINTS; point++)
		printf("{\"type\":\"point\",\"id\":%u,\"benchmark\":\"drawn\","
		       "\"params\":{\"batch\":%u}}\n",
		       point, point + 1);
	for (unsigned int boot = 0; boot < BOOTS; boot++)
		for (unsigned int point = 0; point < POINTS; point++) {
			unsigned long left = values / (POINTS * BOOTS);
			/* Every third point has the effect. */
			double level = 1000 * (point + 1) * (point % 3 ? 1 : 1 + effect) *
				       exp(gsl_ran_gaussian(rng, boots));

			for (unsigned long round = 1; left; round++) {
				unsigned long count = left < BLOCK ? left : BLOCK;

				write_block(rng, point, boot, round, count, level);
				left -= count;
			}
		}
	for (unsigned int point = 0; point < POINTS && argc > 5; point++)
		printf("{\"type\":\"floor\",\"point\":%u,\"metric\":\"total\",\"floor\":%.17g}\n",
		       point, strtod(argv[5], NULL) / 100);
	puts("{\"type\":\"end\"}");
	gsl_rng_free(rng);
	return 0;
}
