/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a pilot says of where the variance is, and how many boots and rounds that makes worth it. */
#ifndef MIGBENCH_LAB_CAMPAIGN_ALLOT_H
#define MIGBENCH_LAB_CAMPAIGN_ALLOT_H

#include <stddef.h>
#include <jansson.h>

/* The medians that the pilot's blocks had; all zero is empty. */
struct lab_pilot {
	json_t *logs; /* point id: boot: array of the logs of its rounds' medians */
	unsigned long rounds, point_time; /* the suite's, from the run record */
	double blocks; /* taken */
};

/* Take a line of the run file of @boot, of one plan for all boots. */
void lab_pilot_line(struct lab_pilot *pilot, unsigned long boot, const char *line);
void lab_pilot_free(struct lab_pilot *pilot);

/* Variances of the logs of medians. */
struct lab_spread {
	double within; /* from round to round of one boot: of the middle point */
	double ratio; /* from boot to boot, over that; INFINITY without a second round */
	size_t points; /* that this was seen at */
};

struct lab_spread lab_pilot_spread(const struct lab_pilot *pilot);

/* What things cost, in seconds. */
struct lab_prices {
	double boot; /* with all but the recorded rounds */
	double round;
};

struct lab_allotment {
	unsigned long boots, rounds; /* boots of one kernel; 0: not even two fit */
	double doubt; /* half the 95 % interval of the ratio of two such runs, as a fraction; NAN */
};

/*
 * The boots and rounds for which a run of @seconds knows a kernel's locations best: the rounds a
 * boot by the ratio of variances and prices, and at least LAB_BOOTS_FEW boots if so many fit.
 */
#define LAB_BOOTS_FEW 5
struct lab_allotment lab_allot(double seconds, const struct lab_prices *prices,
			       const struct lab_spread *spread);

#endif
