// SPDX-License-Identifier: GPL-2.0-or-later
/* migbench lab gate: one command for a CI, from a kernel tree to KTAP. */
#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/base/files.h"
#include "core/base/text.h"
#include "core/datadir.h"
#include "core/status.h"
#include "lab/base/defaults.h"
#include "lab/base/options.h"
#include "lab/base/spawn.h"
#include "lab/kernel/place.h"
#include "lab/patch/folder.h"
#include "lab/patch/gate.h"
#include "lab/patch/going.h"
#include "lab/vm/kept_log.h"
#include "lab/vm/klog.h"

/* The results, in their order; each may be the last that can be had. */
static const char *const results[] = { "build", "boot", "kernel-log", "probes", "points" };
#define RESULTS (sizeof(results) / sizeof(results[0]))

/* What can't be had any more, and the tree's own fault as the exit status. */
static int skip_rest(struct lab_gate *gate, const char *why)
{
	while (gate->ktap.number < RESULTS)
		lab_ktap_skip(&gate->ktap, results[gate->ktap.number], why);
	return MB_BAD;
}

/* Not the kernel's fault: nothing is said of it. */
static int bail_out(struct lab_gate *gate, int status, const char *why)
{
	lab_ktap_bail_out(&gate->ktap, why);
	return status;
}

static int build(struct lab_gate *gate)
{
	int status = lab_gate_build(gate, gate->image ? NULL : gate->tree, LAB_GATE_KERNEL);

	if (status == MB_MACHINE && !gate->image && !lab_interrupted &&
	    lab_build_room() >= LAB_BUILD_ROOM) {
		lab_ktap_say(&gate->ktap, "the log's path is in the output above");
		lab_ktap_result(&gate->ktap, false, "build");
		return skip_rest(gate, "the kernel does not build");
	}
	if (status)
		return bail_out(gate, status, "the kernel can't be built here");
	lab_ktap_result(&gate->ktap, true, "build");
	return MB_OK;
}

/* MB_OK and MB_BAD go on to the verdicts. */
static int boot(struct lab_gate *gate, const char *run, const char *log)
{
	int status = lab_gate_measure(gate, LAB_GATE_KERNEL, "run");
	char *why = lab_gate_why(run) ?: lab_kept_log_said(log), *complaint;
	bool dead = status == MB_MACHINE && why;

	if (lab_interrupted || (status > MB_BAD && !dead)) {
		free(why);
		return bail_out(gate, status, "the kernel can't be booted here");
	}
	complaint = lab_klog_complaint(log);
	if (dead)
		lab_ktap_say(&gate->ktap, "%s", why);
	/* What a complaint does not explain is figures that differ between two boots. */
	else if (status == MB_BAD && !complaint)
		lab_ktap_say(&gate->ktap, "the line above says what is wrong with the run");
	lab_ktap_result(&gate->ktap, !dead && (status == MB_OK || complaint), "boot");
	if (complaint)
		lab_ktap_say(&gate->ktap, "%s", complaint);
	lab_ktap_result(&gate->ktap, !complaint, "kernel-log");
	free(complaint);
	free(why);
	return dead ? skip_rest(gate, "the kernel does not boot") : status;
}

static int judge(struct lab_gate *gate, const char *base)
{
	char *run = mb_format("%s/run.jsonl", gate->folder);
	char *log = mb_format("%s/run.log", gate->folder);
	int status = build(gate);

	if (!status) {
		status = boot(gate, run, log);
		/* A run that is no good has no figures to be compared. */
		if (status == MB_BAD && gate->ktap.number < RESULTS)
			status = lab_gate_comparable(gate, run)
					 ? skip_rest(gate, "the run is not valid")
					 : MB_OK;
		if (!status) {
			status = lab_gate_judge(gate, base, run);
			if (status)
				bail_out(gate, status, "base and run can't be compared");
			else if (gate->memories)
				status = lab_gate_memory(gate);
		}
	}
	if (!status && gate->ktap.failed)
		status = MB_BAD;
	free(log);
	free(run);
	return status;
}

/* The kernels of all have the same names, and its tree for base commits is one. -1: errno, or interrupted. */
static int wait_for_others(void)
{
	char *folder = mb_cache_path("gate");
	bool told = false;
	int lock = -1;

	if (!mb_make_folders(folder))
		lock = lab_lock_folder(folder);
	while (lock < 0 && errno == EWOULDBLOCK && !lab_interrupted) {
		if (!told)
			mb_note("lab gate: another one is at work in this cache, and this one waits");
		told = true;
		poll(NULL, 0, 200);
		lock = lab_lock_folder(folder);
	}
	free(folder);
	return lock;
}

/* Build, measure and judge, alone. */
static int gate_alone(struct lab_gate *gate)
{
	char *path, *base = NULL;
	bool bad;
	int status = lab_result_folder(gate->out, "gate", gate->force, &gate->folder);

	if (status)
		return status;
	path = mb_format("%s/gate.ktap", gate->folder);
	gate->ktap.outs[0] = stdout;
	gate->ktap.outs[1] = fopen(path, "we");
	if (!gate->ktap.outs[1])
		status = mb_fail(MB_REQUEST, "%s: %m", path);
	if (!status)
		status = lab_gate_base(gate, &base);
	if (!status) {
		lab_ktap_begin(&gate->ktap, NULL, RESULTS);
		status = judge(gate, base);
		lab_ktap_say(&gate->ktap, "all of it: %s/", gate->folder);
	}
	bad = gate->ktap.outs[1] && ferror(gate->ktap.outs[1]);
	if (gate->ktap.outs[1] && (fclose(gate->ktap.outs[1]) || bad) && status <= MB_BAD)
		status = mb_fail(MB_MACHINE, "%s: cannot write all of it", path);
	free(base);
	free(path);
	return status;
}

static int gate(struct lab_gate *gate)
{
	int status = lab_gate_plan(gate), lock;

	if (status)
		return status;
	lock = wait_for_others();
	if (lock < 0)
		return lab_interrupted ? MB_MACHINE
				       : mb_fail(MB_MACHINE, "lab gate: the cache's folder: %m");
	status = gate_alone(gate);
	close(lock);
	return status;
}

int lab_gate_main(int argc, char **argv)
{
	struct lab_gate g = { .suite = LAB_GATE_SUITE, .config = LAB_CONFIG };
	const struct mb_option options[] = {
		MB_HEADING("What is judged"),
		{ "source", "TREE", "the kernel tree that is judged", MB_OPT_STRING, &g.source, 0,
		  0 },
		{ "image", "FILE", "a bzImage of it, or arm64's Image, that another tool built",
		  MB_OPT_STRING, &g.image, 0, 0 },
		{ "modules", "DIR", "with --image: where its modules were installed", MB_OPT_STRING,
		  &g.modules, 0, 0 },
		{ "build", "DIR",
		  "with --image: where it was built, or its headers, if the modules don't say",
		  MB_OPT_STRING, &g.build, 0, 0 },
		LAB_OPT_CONFIG(&g.config),
		LAB_OPT_JOBS(&g.jobs),
		MB_HEADING("What it is compared with"),
		{ "baseline", "RUN", "compare with this run file", MB_OPT_STRING, &g.baseline, 0,
		  0 },
		{ "base", "REV",
		  "compare with this commit of the tree, built and measured here (default: HEAD^)",
		  MB_OPT_STRING, &g.base, 0, 0 },
		{ "margin", "PCT",
		  "a change within PCT percent either way counts as none (default: 0.1)",
		  MB_OPT_STRING, &g.margin, 0, 0 },
		{ "fail-on", "VERDICT,…",
		  "what makes a result not ok: slower, faster, inconclusive, missing, "
		  "probe (default: slower,missing); can be repeated",
		  MB_OPT_STRINGS, &g.fail_on, 0, 0 },
		MB_HEADING("How it is measured"),
		{ "suite", "NAME|FILE", "the suite", MB_OPT_STRING, &g.suite, 0, 0 },
		LAB_OPT_SET(&g.set),
		LAB_OPT_TOPOLOGY(&g.topology, LAB_TOPOLOGY_INSNS),
		{ "memory", "N",
		  "say of N points, those that changed first, which memory they touch on both "
		  "sides; not with --baseline (default: 0)",
		  MB_OPT_NUMBER, &g.memories, 0, 50 },
		MB_HEADING("Where it goes"),
		{ "out", "DIR",
		  "the folder for the runs, the logs and gate.ktap (default: a new one "
		  "in results/local/)",
		  MB_OPT_STRING, &g.out, 0, 0 },
		{ "force", NULL, "replace what is in that folder", MB_OPT_FLAG, &g.force, 0, 0 },
		{ "quiet", NULL, "show no progress", MB_OPT_FLAG, &g.quiet, 0, 0 },
		{ 0 },
	};
	static const struct mb_usage usage = {
		.command = "lab gate",
		.needs = "(--source TREE | --image FILE --modules DIR)",
		.operands = "",
		.summary = "Judge a kernel tree for a CI: build it, boot it, measure a "
			   "suite and ask the probes, compare with a baseline or with the "
			   "parent commit, and print KTAP. Exit status 0: all is well; 1: "
			   "some result is not ok; 2: the request is wrong; 3: this machine "
			   "can't do it.",
		.example = "migbench lab gate --source linux --base v6.12",
	};
	int first, status = mb_options(&usage, options, argc, argv, &first);

	if (status != MB_PARSED)
		return status;
	status = gate(&g);
	/* A folder with nothing in it would only stand in the way. */
	if (g.folder && rmdir(g.folder))
		lab_going_end(g.folder, status);
	lab_gate_free(&g);
	return status;
}
