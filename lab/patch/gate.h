/* SPDX-License-Identifier: GPL-2.0-or-later */
/* migbench lab gate: a kernel tree built, booted, measured and judged, for a CI. */
#ifndef MIGBENCH_LAB_PATCH_GATE_H
#define MIGBENCH_LAB_PATCH_GATE_H

#include <stdbool.h>

#include "core/options.h"
#include "lab/patch/ktap.h"

#define LAB_GATE_SUITE "gate"

struct lab_gate {
	/* From the command line. */
	const char *source, *image, *modules, *build, *baseline, *base, *suite, *config, *topology,
		*margin, *out;
	struct mb_strings set, fail_on;
	unsigned long jobs, memories;
	bool force, quiet;

	/* Made on the way. */
	char *tree; /* the source's full path, or NULL */
	char *commit; /* of --base, full; NULL with --baseline */
	char *folder; /* of all that comes out */
	bool fail_slower, fail_faster, fail_inconclusive, fail_missing, fail_probe;
	struct lab_ktap ktap;
};

int lab_gate_main(int argc, char **argv);

/* gate_plan.c. All of the request, before anything is built: MB_OK, or after one line. */
int lab_gate_plan(struct lab_gate *gate);
void lab_gate_free(struct lab_gate *gate);

/*
 * gate_base.c. The run file to compare with, malloc'd in *@run: the baseline, or a run of the base
 * commit, which is built and measured here. Exit status, after one line if it is not MB_OK.
 */
int lab_gate_base(const struct lab_gate *gate, char **run);

/* The kernels that are built: of the tree, of the base commit. */
#define LAB_GATE_KERNEL "gate"
#define LAB_GATE_BASE "gate-base"

/* gate_steps.c. Build a kernel from @source, and measure it into FOLDER/@name.jsonl; its log beside it. */
int lab_gate_build(const struct lab_gate *gate, const char *source, const char *kernel);
int lab_gate_measure(const struct lab_gate *gate, const char *kernel, const char *name);

/*
 * gate_judge.c. The results "probes" and "points" of @run against @base. MB_OK whatever they are;
 * another exit status after one line when the two can't be compared.
 */
int lab_gate_judge(struct lab_gate *gate, const char *base, const char *run);

/*
 * gate_memory.c. What the points touch that changed, then others, gate->memories at most, against the
 * base commit, said below the results. MB_OK, or after one line.
 */
int lab_gate_memory(struct lab_gate *gate);

/* Whether compare takes the run file and the margin: MB_OK, or after compare's own line. */
int lab_gate_comparable(const struct lab_gate *gate, const char *run);

/* Why no boot of the run file at @path went well, malloc'd; NULL if there is nothing to be read. */
char *lab_gate_why(const char *path);

#endif
