// SPDX-License-Identifier: GPL-2.0-or-later
/* Boots and rounds out of a pilot: an analysis of variance, and what each of them costs. */
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <gsl/gsl_cdf.h>
#include <gsl/gsl_sf_psi.h>

#include "core/record/read.h"
#include "core/status.h"
#include "lab/campaign/allot.h"

#define MOST_BOOTS 1000
#define MOST_ROUNDS 1000 /* as in a suite */

/* Member @key of @object, made if need be. */
static json_t *member(json_t *object, const char *key, json_t *(*make)(void))
{
	json_t *value = json_object_get(object, key);

	if (!value) {
		value = make();
		json_object_set_new(object, key, value);
	}
	return value;
}

static void take_block(struct lab_pilot *pilot, unsigned long boot, const json_t *record)
{
	double median = mb_record_median(mb_record_values(record, "total"));
	char point[24], number[24];

	pilot->blocks++;
	if (!(median > 0))
		return;
	snprintf(point, sizeof(point), "%" JSON_INTEGER_FORMAT, mb_record_point_id(record));
	snprintf(number, sizeof(number), "%lu", boot);
	if (!pilot->logs)
		pilot->logs = json_object();
	json_array_append_new(member(member(pilot->logs, point, json_object), number, json_array),
			      json_real(log(median)));
}

void lab_pilot_line(struct lab_pilot *pilot, unsigned long boot, const char *line)
{
	json_t *record = json_loads(line, 0, NULL);
	enum mb_record_type type = mb_record_type(record);
	const json_t *config = json_object_get(record, "config");

	if (type == MB_RECORD_RUN) {
		pilot->rounds = (unsigned long)mb_record_number(config, "rounds");
		pilot->point_time = (unsigned long)mb_record_number(config, "point_time_ms");
	} else if (type == MB_RECORD_BLOCK) {
		take_block(pilot, boot, record);
	}
	json_decref(record);
}

void lab_pilot_free(struct lab_pilot *pilot)
{
	json_decref(pilot->logs);
	*pilot = (struct lab_pilot){ 0 };
}

/* One way analysis of variance of one point. */
struct squares {
	double between, within; /* mean squares */
	double rounds; /* a boot */
	double bias; /* of log(between / within) where both variances are the same */
};

static double mean_of(const json_t *values)
{
	double sum = 0;
	const json_t *value;
	size_t i;

	json_array_foreach((json_t *)values, i, value)
		sum += json_number_value(value);
	return sum / (double)json_array_size(values);
}

/* What the log of a mean square of @freedom degrees is on average, the variance being 1. */
static double log_bias(double freedom)
{
	return freedom > 0 ? gsl_sf_psi(freedom / 2) - log(freedom / 2) : NAN;
}

static struct squares analyse(json_t *boots)
{
	struct squares squares = { 0 };
	double sum = 0, count = 0, n = (double)json_object_size(boots), mean;
	json_t *rounds, *value;
	const char *key;
	size_t i;

	json_object_foreach(boots, key, rounds) {
		count += (double)json_array_size(rounds);
		sum += mean_of(rounds);
	}
	mean = sum / n;
	squares.rounds = count / n;
	squares.bias = log_bias(n - 1) - log_bias(count - n);
	json_object_foreach(boots, key, rounds) {
		double own = mean_of(rounds);

		squares.between += (double)json_array_size(rounds) * pow(own - mean, 2) / (n - 1);
		json_array_foreach(rounds, i, value)
			squares.within += pow(json_number_value(value) - own, 2) / (count - n);
	}
	return squares;
}

struct lab_spread lab_pilot_spread(const struct lab_pilot *pilot)
{
	struct lab_spread spread = { .within = NAN, .ratio = INFINITY };
	json_t *boots, *within = json_array();
	double logs = 0, rounds = 0;
	const char *key;

	json_object_foreach(pilot->logs, key, boots) {
		struct squares squares = { 0 };

		if (json_object_size(boots) > 1)
			squares = analyse(boots);
		if (!(squares.between > 0) || !(squares.within > 0) || !isfinite(squares.within))
			continue;
		/* By logs each point counts the same, however noisy it is. */
		logs += log(squares.between / squares.within) - squares.bias;
		rounds += squares.rounds;
		json_array_append_new(within, json_real(squares.within));
		spread.points++;
	}
	if (spread.points) {
		double n = (double)spread.points;

		spread.within = mb_record_median(within);
		spread.ratio = fmax(0, expm1(logs / n) / (rounds / n));
	}
	json_decref(within);
	return spread;
}

static unsigned long whole(double number, unsigned long most)
{
	return number < 1 ? 0 : number < (double)most ? (unsigned long)number : most;
}

struct lab_allotment lab_allot(double seconds, const struct lab_prices *prices,
			       const struct lab_spread *spread)
{
	struct lab_allotment plan = { .doubt = NAN };
	double rounds = fmax(1, round(sqrt(prices->boot / prices->round / spread->ratio))), n;

	/* Few boots make wide intervals, however well each is known. */
	rounds = fmin(rounds, (seconds / LAB_BOOTS_FEW - prices->boot) / prices->round);
	plan.rounds = whole(fmax(1, rounds), MOST_ROUNDS);
	plan.boots =
		whole(seconds / (prices->boot + (double)plan.rounds * prices->round), MOST_BOOTS);
	if (plan.boots < 2)
		return (struct lab_allotment){ .doubt = NAN };
	/* What is left over after the last whole boot. */
	plan.rounds =
		whole((seconds / (double)plan.boots - prices->boot) / prices->round, MOST_ROUNDS);
	n = (double)plan.boots;
	if (isfinite(spread->ratio) && spread->points)
		plan.doubt = expm1(
			gsl_cdf_tdist_Pinv(0.975, 2 * (n - 1)) *
			sqrt(2 * spread->within * (spread->ratio + 1 / (double)plan.rounds) / n));
	return plan;
}
