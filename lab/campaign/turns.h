/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The order in which several targets are booted. */
#ifndef MIGBENCH_LAB_CAMPAIGN_TURNS_H
#define MIGBENCH_LAB_CAMPAIGN_TURNS_H

#include <stddef.h>

/*
 * Fill in @order[rounds * targets] with the targets' numbers: each round has all of them, in a
 * random order by @seed, and the round after it in the opposite one (ABBA), so that what drifts
 * hits all alike.
 */
void lab_turns(unsigned long rounds, size_t targets, unsigned long seed, size_t *order);

#endif
