/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The noise floor of a kernel against itself: how far its points' medians lie
 * apart between boots that should agree, of which some have another seed.
 */
#ifndef MIGBENCH_LAB_FLOOR_H
#define MIGBENCH_LAB_FLOOR_H

#include <stdbool.h>
#include <stddef.h>
#include <jansson.h>

struct lab_floor_point;

/* All zero is empty. */
struct lab_floor {
	struct lab_floor_point *points;
	size_t count;
	json_t *by_name; /* point name to index */
	json_t *by_id; /* the current boot's ids to index */
	size_t boots; /* ended */
	unsigned long blocks; /* taken */
};

/* The records of a boot follow, a line each; other records than points and blocks are passed over. */
void lab_floor_begin(struct lab_floor *noise);
void lab_floor_line(struct lab_floor *noise, const char *line);

/*
 * The boot has ended. The first @run boots are the run's own and have one seed, each later one
 * has a seed to itself.
 */
void lab_floor_boot_end(struct lab_floor *noise);

/*
 * The floor of the point of that name, as a fraction; NAN if it was not measured under two seeds.
 * @exact, for counted instructions: the largest relative difference of two seeds' medians.
 * Otherwise: what half of the boots would have to differ from the other half by, were it more
 * than the luck of the draw (95 %).
 */
double lab_floor_of(const struct lab_floor *noise, const char *name, unsigned long run, bool exact);

void lab_floor_free(struct lab_floor *noise);

#endif
