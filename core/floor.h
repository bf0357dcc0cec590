/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The noise floor of a kernel against itself: how far its points' medians lie
 * apart between measurements that should agree, of which some have another
 * seed. A measurement is a boot in the lab, a pass over the plan in one boot
 * elsewhere.
 */
#ifndef MIGBENCH_CORE_FLOOR_H
#define MIGBENCH_CORE_FLOOR_H

#include <stdbool.h>
#include <stddef.h>
#include <jansson.h>

struct mb_floor_point;

/* All zero is empty. */
struct mb_floor {
	struct mb_floor_point *points;
	size_t count;
	json_t *by_name; /* point name to index */
	json_t *by_id; /* the current measurement's ids to index */
	size_t boots; /* measurements ended */
	unsigned long blocks; /* taken */
};

/*
 * The records of a measurement follow, one a call or, as text, a line each; other records than
 * points and blocks are passed over.
 */
void mb_floor_begin(struct mb_floor *noise);
void mb_floor_record(struct mb_floor *noise, const json_t *record);
void mb_floor_line(struct mb_floor *noise, const char *line);

/*
 * The measurement has ended. The first @run are the run's own and have one seed, each later one
 * has a seed to itself.
 */
void mb_floor_boot_end(struct mb_floor *noise);

/*
 * The floor of the point of that name, as a fraction; NAN if it was not measured under two seeds.
 * @exact, for counted instructions: the largest relative difference of two seeds' medians.
 * Otherwise: what half of the measurements would have to differ from the other half by, were it
 * more than the luck of the draw (95 %).
 */
double mb_floor_of(const struct mb_floor *noise, const char *name, unsigned long run, bool exact);

void mb_floor_free(struct mb_floor *noise);

#endif
