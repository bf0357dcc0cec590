/* SPDX-License-Identifier: GPL-2.0-or-later */
/* How a run is spoken of: its clock, its unit and the machine, the same in every sentence and plot. */
#ifndef MIGBENCH_ANALYSIS_RUN_DESCRIBE_H
#define MIGBENCH_ANALYSIS_RUN_DESCRIBE_H

#include "analysis/run/run.h"

/*
 * True if only shapes and ratios may be told: time in emulation. Its ns are
 * the host's work for the guest's, no latency of anything.
 */
bool an_shape_only(const struct an_run *run);

/* "instructions", "ns", or "host ns (emulated)". */
const char *an_unit(const struct an_run *run);

/* "clock insns (instructions executed), emulated" and the like. */
const char *an_clock_words(const struct an_run *run);

/* "Linux 6.1.0, clock …": the second line of every plot and section. malloc'd. */
char *an_run_words(const struct an_run *run);

/* The start of a finding: "Linux 6.1.0, instruction clock: ". malloc'd. */
char *an_finding_lead(const struct an_run *run);

/* @run's file-name stem for plots: "insns", or "insns-2" for the second run of that clock. */
char *an_run_stem(struct an_run *const *runs, size_t at);

#endif
