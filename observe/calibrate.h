/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What observe itself costs a call, measured on calls that do nothing else. */
#ifndef MIGBENCH_OBSERVE_CALIBRATE_H
#define MIGBENCH_OBSERVE_CALIBRATE_H

#include <stdio.h>

#include "observe/probes.h"

/* Pairs of a part without the probes and one with them. */
#define OB_PAIRS 10
#define OB_CALIBRATE_LEAST 20000

struct ob_calibration {
	unsigned long calls; /* in all */
	double without, with; /* ns a call: the medians */
	double cost, low, high; /* of the pairs' differences: the median and its interval */
};

/*
 * Have the module abort @calls migrations of one page, in turns with the probes of @way and without.
 * MB_OK, or MB_MACHINE after one line.
 */
int ob_calibrate(const struct ob_way *way, const struct ob_symbols *symbols, unsigned long calls,
		 struct ob_calibration *found);

/* @found as a line, or as a JSON document. */
void ob_show_calibration(FILE *out, const struct ob_way *way, const struct ob_calibration *found,
			 bool json);

#endif
