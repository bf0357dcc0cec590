/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The files of a profile, opened before the boots: afterwards it would be too late to say that one can't be written. */
#ifndef MIGBENCH_LAB_PROFILE_OUTPUT_H
#define MIGBENCH_LAB_PROFILE_OUTPUT_H

#include <stdbool.h>
#include <stdio.h>

enum lab_output_name {
	LAB_OUT, /* stdout, where it has no path */
	LAB_JSON, /* replaces what is there */
	LAB_RECORDS,
	LAB_OUTPUTS,
};

struct lab_output {
	const char *path; /* NULL: there is none */
	FILE *file;
	bool replaces; /* what was there before */
	bool made; /* by us */
	bool whole; /* all that belongs there is in it */
};

/*
 * Open those that have a path. What is in one stays for now; without @force there may be none. Returns MB_OK, or
 * MB_REQUEST after one line.
 */
int lab_outputs_open(struct lab_output outputs[LAB_OUTPUTS], bool force);

/* Now there is something to replace an older file with. Returns MB_OK, or MB_MACHINE after one line. */
int lab_output_begin(const struct lab_output *output);

/* That was all. Returns MB_OK, or MB_MACHINE after one line where the file has not taken it. */
int lab_output_end(struct lab_output *output);

/* New files that did not become whole go away. */
void lab_outputs_close(struct lab_output outputs[LAB_OUTPUTS]);

#endif
