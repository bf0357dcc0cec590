/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The run files of a "lab run": opened without harm, and gone on with where one was interrupted. */
#ifndef MIGBENCH_LAB_CAMPAIGN_RESUME_H
#define MIGBENCH_LAB_CAMPAIGN_RESUME_H

#include "lab/campaign/boots.h"

enum lab_existing {
	LAB_REFUSE, /* a run file that is there */
	LAB_REPLACE, /* once there is a block to write */
	LAB_RESUME, /* keep the boots that it has; one that is complete stays as it is */
};

/* Whether the run file at @path came to its end, by a look there; then *@valid, unless NULL, is what it says of itself. */
bool lab_run_whole(const char *path, bool *valid);

/*
 * Whether no two targets have one run file, and none is @log, which may be NULL: MB_OK, or MB_REQUEST
 * after one line.
 */
int lab_resume_apart(const struct lab_target *targets, size_t count, const char *log);

/*
 * Open target->path for writing, or mark the target complete. Returns MB_OK; MB_REQUEST after one
 * line; MB_MACHINE after one line.
 */
int lab_resume_open(struct lab_target *target, enum lab_existing existing);

/*
 * Open the target's journal, once its initramfs is there: what was measured with the same kernel,
 * machine and initramfs counts. Returns as lab_resume_open() does.
 */
int lab_resume_journal(struct lab_target *target, enum lab_existing existing);

/* Close what both opened, and remove what is of no use. Returns @status, or a worse one. */
int lab_resume_close(struct lab_target *target, int status, bool quiet);

#endif
