/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Results as the kernel's test harnesses read them: KTAP version 1, Documentation/dev-tools/ktap.rst. */
#ifndef MIGBENCH_LAB_PATCH_KTAP_H
#define MIGBENCH_LAB_PATCH_KTAP_H

#include <stdbool.h>
#include <stdio.h>

/* A test with subtests, or all of it; one level of them. */
struct lab_ktap {
	FILE *outs[2]; /* where to; NULL: nowhere */
	int depth; /* 0, or 1 for subtests */
	size_t number; /* of the last result */
	size_t failed;
};

/* The head: version, and the plan of @count results; subtests also have a @name. */
void lab_ktap_begin(struct lab_ktap *ktap, const char *name, size_t count);

/* A line of diagnosis, which belongs to the next result; may have several lines. */
void lab_ktap_say(struct lab_ktap *ktap, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

/* One result, its @name of any characters. */
void lab_ktap_result(struct lab_ktap *ktap, bool good, const char *name);

/* One that was not made, and why. */
void lab_ktap_skip(struct lab_ktap *ktap, const char *name, const char *why);

/* Nothing more can be said, and why. */
void lab_ktap_bail_out(struct lab_ktap *ktap, const char *why);

#endif
