// SPDX-License-Identifier: GPL-2.0-or-later
/* Runs drawn at random whose truth is known. */
#include <math.h>
#include <gsl/gsl_randist.h>

#include "analysis/base/text.h"
#include "analysis/compare/synthetic.h"

const char *const an_shape_names[AN_SHAPES] = { "log-normal", "bimodal",	 "heavy tail",
						"drift",      "autocorrelation", "outliers",
						"ties" };

static double normal(gsl_rng *rng, double spread)
{
	return gsl_ran_gaussian_ziggurat(rng, spread);
}

/* Student's t with two degrees of freedom. */
static double heavy(gsl_rng *rng)
{
	return normal(rng, 1) / sqrt(gsl_ran_exponential(rng, 1));
}

/* The next sample of a boot whose level is 1; @before is the boot's memory. */
static double sample(gsl_rng *rng, enum an_shape shape, int at, double *before)
{
	double z = normal(rng, AN_SYNTHETIC_SPREAD);

	switch (shape) {
	case AN_BIMODAL:
		return exp(z) * (gsl_rng_uniform(rng) < 0.3 ? 1.2 : 1);
	case AN_HEAVY_TAIL:
		return exp(AN_SYNTHETIC_SPREAD * fabs(heavy(rng)));
	case AN_DRIFT:
		*before = 0.5 * *before + z * sqrt(0.75);
		return exp(*before + AN_SYNTHETIC_SPREAD * at / AN_SYNTHETIC_SAMPLES);
	case AN_AUTOCORRELATED:
		*before = at ? 0.9 * *before + z * sqrt(1 - 0.81) : z;
		return exp(*before);
	case AN_OUTLIERS:
		return exp(z) * (gsl_rng_uniform(rng) < 0.03 ? 10 : 1);
	case AN_TIES:
		return 1 + 0.02 * round(z / 0.02);
	default:
		return exp(z);
	}
}

bool an_truth_affects(const struct an_truth *truth, size_t at)
{
	return truth->affected == AN_ALL_POINTS || (truth->affected == AN_ONE_POINT && at == 0);
}

static struct an_run *new_run(void)
{
	struct an_run *run = an_run_new();

	run->ended = true;
	run->kernel = mb_strdup("synthetic");
	run->label = mb_strdup("");
	run->env = json_object();
	run->config = json_object();
	run->boots = AN_SYNTHETIC_BOOTS;
	an_run_add_file(run, "synthetic");
	an_run_add_id(run, "", 0);
	return run;
}

static struct an_metric *add_point(struct an_run *run, size_t at)
{
	json_t *params = json_pack("{s:i}", "part", (int)at + 1);
	char *name = mb_format("synthetic/part=%zu", at + 1);
	struct an_point *point = an_run_add_point(run, name, "synthetic", params, NULL);

	json_decref(params);
	point->pages = 1;
	return an_point_add_metric(point, "total", "ns");
}

struct an_run *an_synthetic(gsl_rng *rng, const struct an_truth *truth, bool changed)
{
	double values[AN_SYNTHETIC_SAMPLES], common[AN_SYNTHETIC_BOOTS];
	struct an_run *run = new_run();

	for (int boot = 0; boot < AN_SYNTHETIC_BOOTS; boot++)
		common[boot] = normal(rng, truth->boot_effect);
	for (size_t p = 0; p < AN_SYNTHETIC_POINTS; p++) {
		struct an_metric *metric = add_point(run, p);
		double effect = changed && an_truth_affects(truth, p) ? log1p(truth->effect) : 0;

		for (unsigned int boot = 0; boot < AN_SYNTHETIC_BOOTS; boot++) {
			double own = normal(rng, truth->boot_effect), before = 0;
			double off = effect + (truth->together ? common[boot] : own);
			double level = 1000 * (double)(p + 1) * exp(off);

			for (int i = 0; i < AN_SYNTHETIC_SAMPLES; i++)
				values[i] = level * sample(rng, truth->shape, i, &before);
			an_column_append(an_metric_column(metric, boot), values,
					 AN_SYNTHETIC_SAMPLES);
			run->samples += AN_SYNTHETIC_SAMPLES;
		}
	}
	return run;
}
