/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the boots of a run have sent so far, kept beside the run file until the run is complete, so
 * that an interrupted one can go on with the boot that is missing.
 */
#ifndef MIGBENCH_LAB_CAMPAIGN_JOURNAL_H
#define MIGBENCH_LAB_CAMPAIGN_JOURNAL_H

#include <stdbool.h>
#include <stdio.h>

#include "core/base/list.h"

struct lab_journal {
	char *path, *key;
	FILE *out;
	bool older; /* what the file has is of a run before this one */
	struct mb_list *boots; /* the lines of each complete boot, by number */
	size_t count;
};

/* Where the journal of the run file @run lies, malloc'd. */
char *lab_journal_path(const char *run);

/*
 * Open the journal of @run and read what complete boots it has; @key stands for all that must be
 * the same for them to count. Without @resume it begins with the first line; until then an older run
 * can still be resumed. Returns MB_OK, or after one line MB_REQUEST (it is of other settings, or in use) or MB_MACHINE (it can't be written).
 */
int lab_journal_open(struct lab_journal *journal, const char *run, const char *key, bool resume);

/* A line of the boot that is under way; and its end, without which it does not count. */
void lab_journal_line(struct lab_journal *journal, const char *line);
void lab_journal_boot_end(struct lab_journal *journal);

/* Take nothing more, and not the boot that is under way: those before it keep counting. */
void lab_journal_stop(struct lab_journal *journal);

/* Close it; @complete removes it, unless what it has is an older run's. */
void lab_journal_close(struct lab_journal *journal, bool complete);

#endif
