/* SPDX-License-Identifier: GPL-2.0-or-later */
/* How long things took on this machine the last time, so that a command can say how long it will. */
#ifndef MIGBENCH_LAB_BASE_TIMINGS_H
#define MIGBENCH_LAB_BASE_TIMINGS_H

#include <stdbool.h>

/* The key of one build of configs/kernels/@config, from nothing or from a copy; malloc'd. */
char *lab_timing_build(const char *config, bool from_copy);

/* The key of one boot that measures @suite under @clock, several at a time; malloc'd. */
char *lab_timing_boot(const char *suite, const char *clock);

/* How many objects such a build compiles, @build being its key; malloc'd. */
char *lab_timing_objects(const char *build);

/* The key of unpacking a kernel's source. */
#define LAB_TIMING_UNPACK "unpacking a source"

/* The key of the boots that a profile takes. */
#define LAB_TIMING_PROFILE_BOOT "boot of a profile"

/* The key of one point's profile. */
#define LAB_TIMING_PROFILE "profile of a point"

/* The key of one step of a bisection: a build and a measurement. */
#define LAB_TIMING_BISECT "step of a bisection"

/* Remember that @what took @seconds. What can't be remembered is no error. */
void lab_timing_note(const char *what, double seconds);

/* Seconds that @what took the last time, or -1: not known. */
double lab_timing(const char *what);

/* A monotonic clock, in seconds. */
double lab_timing_now(void);

#endif
