/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The boots of one "lab run": several kernels and topologies, each several times. */
#ifndef MIGBENCH_LAB_CAMPAIGN_BOOTS_H
#define MIGBENCH_LAB_CAMPAIGN_BOOTS_H

#include "core/base/list.h"
#include "lab/campaign/journal.h"
#include "lab/campaign/merge.h"
#include "lab/vm/guest.h"
#include "lab/vm/kept_log.h"

/* One kernel with one topology: one run file. */
struct lab_target {
	struct lab_guest guest;
	struct lab_merge merge;
	char *path; /* of the run file */
	const char *
		only; /* what is asked of the suite, for a complete file to be the same; not of a program */
	const struct mb_strings *set;
	FILE *out;
	struct lab_vm_spec spec; /* the same for each of its boots */
	struct lab_vm_spec *calibration; /* with another seed for each further boot */
	struct mb_floor noise;
	struct lab_journal journal; /* of the boots that need not be repeated */
	unsigned long done; /* boots */
	bool replaces; /* there was a file of this name before */
	bool complete; /* by an earlier command: nothing to do */
	bool finished; /* now: the end record is written */
	bool failed; /* a boot did; the others that it would have had are left out */
};

struct lab_boots {
	struct lab_target *targets;
	size_t count;
	unsigned long boots; /* of each target */
	unsigned long calibrate; /* further boots of each, under other seeds, for the noise floor */
	unsigned long seed; /* of the order of the targets */
	unsigned int parallel; /* machines at a time */
	bool progress; /* on stderr */
	bool whole; /* the suite as it is: how long a boot takes is worth remembering */
	struct lab_kept_log *log; /* takes the kernels' logs */
	const char *folder; /* temporary */
};

/*
 * Boot them all and write their run files. Between targets the boots alternate; boots that a
 * journal has are taken from there. A boot that fails is recorded and ends its target's run, not
 * the others'. Returns an exit status, after one line if it is not MB_OK (none when interrupted).
 */
int lab_boots_run(struct lab_boots *boots);

#endif
