// SPDX-License-Identifier: GPL-2.0-or-later
/* migbench run: measure a suite on the running kernel. */
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "bench/commands.h"
#include "bench/counting.h"
#include "bench/env.h"
#include "bench/journey.h"
#include "bench/passes.h"
#include "bench/plan.h"
#include "bench/program.h"
#include "bench/record.h"
#include "bench/scene/perf.h"
#include "bench/session.h"
#include "core/base/files.h"
#include "core/base/say.h"
#include "core/base/text.h"
#include "core/digest.h"
#include "core/options.h"
#include "core/record/record.h"
#include "core/status.h"

#define MAX_CALIBRATE 20
/* The suite of whoever gives a program and names none. */
#define PROGRAM_SUITE "own"
#define MAX_BUDGET (7UL * 24 * 3600)

struct request {
	const char *suite, *only, *out, *clock;
	const char *perf_record, *perf_stat; /* files, or NULL */
	struct mb_strings set, events;
	unsigned long seed, calibrate, budget, base; /* base: KiB of a page, 0: this machine's */
	bool force, quiet, guest, check, points, probe;
	char *const *program; /* NULL: none */
	char *program_set; /* the setting that names it */
};

/* What perf writes into, or NULL. */
static const char *perf_file(const struct request *request)
{
	return request->perf_stat ? request->perf_stat : request->perf_record;
}

static const char *perf_what(const struct request *request)
{
	return request->perf_stat ? "stat" : "record";
}

/*
 * What the suite's words for nodes and sizes mean. A suite that is only looked at for the clock insns
 * is for the lab's machine, which is not known here: that of its own topologies, then.
 */
static int place(const struct request *request, struct mb_suite *suite, struct mb_session *session)
{
	struct mb_ground ground = { 0, 1, MB_USUAL_BASE, MB_USUAL_PMD };

	session->topology = mb_topology_load();
	if (!session->topology)
		return mb_fail(MB_MACHINE, "hwloc cannot read this machine's topology");
	if (request->guest || !(request->check || request->points) ||
	    strcmp(request->clock, "insns")) {
		mb_topology_nearest(session->topology, &ground.from, &ground.to);
		ground.base = mb_base_bytes();
		ground.pmd = mb_pmd_bytes();
	}
	if (request->base && request->base != 4 && request->base != 16 && request->base != 64)
		return mb_fail(MB_REQUEST, "run: --base-page takes 4, 16 or 64, not %lu",
			       request->base);
	if (request->base) {
		ground.base = request->base << 10;
		ground.pmd = MB_PMD_OF(ground.base);
	}
	mb_plan_place(suite, &ground);
	return MB_OK;
}

/* What the points share; everything that can be wrong with the request is found here. */
static int open_session(struct mb_session *session, const struct request *request,
			const struct mb_suite *suite, const struct mb_plan *plan)
{
	*session = (struct mb_session){ .topology = session->topology,
					.verify = suite->verify,
					.guest = request->guest,
					.program = request->program,
					.device_pages = mb_journey_largest(plan) };
	mb_clock_parse(request->clock, &session->clock);
	session->unsteady = session->clock == MB_TIME && mb_env_unsteady();
	return mb_counting_open(session, &request->events);
}

static void close_session(struct mb_session *session)
{
	mb_session_close(session);
	mb_counting_close(session);
	mb_topology_free(session->topology);
}

/* One line is better than a file that says why. */
static int program_failed(const struct mb_recorder *recorder)
{
	struct utsname name;

	uname(&name);
	return mb_fail(MB_MACHINE, "%s, on Linux %s", recorder->skipped, name.release);
}

static int nothing_measured(const struct mb_recorder *recorder)
{
	const char *why = *recorder->skipped ? recorder->skipped : "no sample is valid";

	if (recorder->held.stream)
		return mb_fail(
			MB_MACHINE,
			"no point could be measured here (%s), so %s stays as it was; migbench "
			"doctor says what is missing",
			why, recorder->path);
	/* Whether there will be a run file the host knows. */
	if (recorder->guest)
		return mb_fail(MB_MACHINE, "no point could be measured here (%s)", why);
	return mb_fail(
		MB_MACHINE,
		"no point could be measured here; the run file says why, and migbench doctor what is missing");
}

static json_t *environment(const struct mb_session *session)
{
	json_t *env = mb_env(session->topology);
	char digest[MB_DIGEST_HEX];

	/* Not in front of counted instructions: there the lab adds it. */
	if (session->clock != MB_INSNS && !mb_digest_file("/proc/self/exe", digest))
		json_object_set_new(env, "program_sha256", json_string(digest));
	return env;
}

static int measure(const struct request *request, struct mb_session *session,
		   struct mb_suite *suite, const struct mb_plan *plan, struct mb_recorder *recorder)
{
	struct mb_progress progress = mb_progress(
		stderr, request->quiet || request->guest ? MB_PROGRESS_NONE : MB_PROGRESS_LINE);
	const struct mb_passes passes = {
		.session = session,
		.suite = suite,
		.plan = plan,
		.seed = request->seed,
		.calibrate = request->calibrate,
		.progress = &progress,
	};
	struct mb_run_info info = { .suite = suite,
				    .clock = session->clock,
				    .seed = request->seed,
				    .only = request->only,
				    .set = &request->set,
				    .calibrate = request->calibrate,
				    .perf = perf_file(request) ? perf_what(request) : NULL };
	json_t *budget = NULL;
	size_t measured, failed = 0;

	if (request->budget) {
		int status = mb_pilot(&passes, request->budget, request->quiet, &budget);

		if (status)
			return status;
		info.budget = budget;
	}
	if (session->clock == MB_INSNS)
		info.blocks_planned = plan->count * suite->rounds;
	mb_record_run(recorder, &info, environment(session));
	json_decref(budget);
	if (session->clock == MB_INSNS) {
		mb_clock_align();
		mb_tick_find(&session->tick);
	}
	measured = mb_passes_run(&passes, recorder);
	/* Its device memories may be all that there is. */
	mb_session_close(session);
	if (request->probe)
		failed = mb_record_probes(recorder);
	mb_record_end(recorder);

	if (recorder->failed)
		return MB_MACHINE;
	if (session->lost_pages)
		return mb_fail(MB_BAD,
			       "%lu pages came back with other content; their samples are invalid",
			       session->lost_pages);
	if (request->program && *recorder->skipped)
		return program_failed(recorder);
	if (failed)
		return mb_fail(MB_BAD, "%zu probes failed: no kernel should behave like this",
			       failed);
	if (!measured)
		return nothing_measured(recorder);
	return MB_OK;
}

static int check(struct request *request)
{
	const char *file = perf_file(request);
	enum mb_clock clock;

	if (!mb_clock_parse(request->clock, &clock))
		return mb_fail(MB_REQUEST, "run: --clock takes time or insns, not '%s'",
			       request->clock);
	if (clock == MB_INSNS && !request->guest && !request->check && !request->points)
		return mb_fail(
			MB_MACHINE,
			"run: only the lab's VM counts instructions; use migbench lab run --clock insns");
	if (request->base && !request->check && !request->points)
		return mb_fail(MB_REQUEST,
			       "run: --base-page goes with --check or --points: what is "
			       "measured has this machine's pages");
	if (request->perf_record && request->perf_stat)
		return mb_fail(MB_REQUEST, "run: one of --perf-record and --perf-stat");
	if (file && !request->force && mb_exists(file))
		return mb_fail(MB_REQUEST,
			       "run: --perf-%s %s: exists already; --force overwrites it",
			       perf_what(request), file);
	if (file && clock == MB_INSNS)
		return mb_fail(MB_REQUEST,
			       "run: --perf-%s would be counted itself; it is for the "
			       "clock time",
			       perf_what(request));
	if (request->program && !request->guest && !request->check && !request->points)
		return mb_fail(MB_MACHINE,
			       "run: '%s': a program is counted in the lab's VM alone; use "
			       "migbench lab run --kernel "
			       "NAME --add FILE -- PROGRAM",
			       request->program[0]);
	if (request->guest && (request->calibrate || request->budget))
		return mb_fail(
			MB_REQUEST,
			"run: --calibrate and --budget are not for a guest; lab run has them");
	return 0;
}

/* The point of a program is named after it. */
static int take_program(struct request *request, char *const *words)
{
	char *name;

	if (!*words)
		return 0;
	if (request->set.count == MB_MAX_STRINGS)
		return mb_fail(MB_REQUEST, "run: a program needs one of the %d places for --set",
			       MB_MAX_STRINGS);
	name = mb_program_name(words);
	request->program = words;
	request->program_set = mb_format("own.program=%s", name);
	request->set.at[request->set.count++] = request->program_set;
	free(name);
	return 0;
}

/* With perf beside it, if that was asked for. */
static int measure_watched(const struct request *request, struct mb_session *session,
			   struct mb_suite *suite, const struct mb_plan *plan,
			   struct mb_recorder *recorder)
{
	const char *file = perf_file(request);
	struct mb_perf perf = { 0 };
	int status = MB_OK, closed;

	if (file)
		status = mb_perf_open(&perf, perf_what(request), file);
	session->perf = perf.pid ? &perf : NULL;
	if (!status)
		status = measure(request, session, suite, plan, recorder);
	closed = mb_perf_close(&perf, status == MB_OK || status == MB_BAD);
	return status ? status : closed;
}

int bench_run(int argc, char **argv)
{
	struct request request = { .clock = "time", .seed = 42 };
	const struct mb_option options[] = {
		MB_HEADING("What is measured"),
		{ "suite", "NAME|FILE", "the suite (default: quick)", MB_OPT_STRING, &request.suite,
		  0, 0 },
		{ "only", "PATTERN", "only the points whose name matches, e.g. 'migrate/*'",
		  MB_OPT_STRING, &request.only, 0, 0 },
		{ "set", "KEY=VALUE",
		  "override a key of the suite, or BENCHMARK.KEY=VALUE; can be repeated",
		  MB_OPT_STRINGS, &request.set, 0, 0 },
		{ "events", "NAME,…",
		  "also count these perf events or tracepoints; can be repeated", MB_OPT_STRINGS,
		  &request.events, 0, 0 },
		{ "perf-record", "FILE",
		  "have perf record look on while samples are taken; its cost is in the times",
		  MB_OPT_OUTPUT, &request.perf_record, 0, 0 },
		{ "perf-stat", "FILE", "the same with perf stat", MB_OPT_OUTPUT, &request.perf_stat,
		  0, 0 },
		{ "probe", NULL, "afterwards ask the kernel how it behaves, as migbench probe does",
		  MB_OPT_FLAG, &request.probe, 0, 0 },
		MB_HEADING("How it is measured"),
		{ "clock", "time", "the clock; the lab's virtual machine also has insns",
		  MB_OPT_STRING, &request.clock, 0, 0 },
		{ "seed", "N", "the seed for the order of the points", MB_OPT_NUMBER, &request.seed,
		  0, 1000000000 },
		{ "calibrate", "N",
		  "also measure the noise floor within this boot: N more passes, each "
		  "under another seed",
		  MB_OPT_NUMBER, &request.calibrate, 1, MAX_CALIBRATE },
		{ "budget", "TIME", "as many rounds as fit into 90s, 20m or 1h30m; a pilot decides",
		  MB_OPT_DURATION, &request.budget, 1, MAX_BUDGET },
		MB_HEADING("Where it goes"),
		{ "out", "FILE", "the run file (default: a new one in results/local/)",
		  MB_OPT_OUTPUT, &request.out, 0, 0 },
		{ "force", NULL, "replace a run file that exists, once something is measured",
		  MB_OPT_FLAG, &request.force, 0, 0 },
		{ "quiet", NULL, "show no progress", MB_OPT_FLAG, &request.quiet, 0, 0 },
		MB_HEADING("In place of measuring"),
		{ "check", NULL, "only check that the suite and the options are right", MB_OPT_FLAG,
		  &request.check, 0, 0 },
		{ "points", NULL, "only print the names of the points", MB_OPT_FLAG,
		  &request.points, 0, 0 },
		{ "base-page", "KIB",
		  "with these two: for a kernel whose base pages have so many KiB", MB_OPT_NUMBER,
		  &request.base, 4, 64 },
		{ "guest", NULL,
		  "in the lab's virtual machine: write bare records to stdout, for the host",
		  MB_OPT_FLAG, &request.guest, 0, 0 },
		{ 0 },
	};
	const struct mb_usage usage = {
		.command = "run",
		.operands = "[-- PROGRAM…]",
		.summary = "Measure a suite on the running kernel. (PROGRAM is for the "
			   "lab's virtual machine only.)",
		.example = "migbench run --suite native --out native.jsonl",
		.max_operands = INT_MAX,
		.command_follows = true
	};
	struct mb_recorder recorder = { .path = "stdout", .out = stdout };
	struct mb_session session = { 0 };
	struct mb_suite suite = { 0 };
	struct mb_plan plan = { 0 };
	int first, status = mb_options(&usage, options, argc, argv, &first);

	if (status != MB_PARSED)
		return status;
	/* A measuring child that died is a point that can't go on, not our end. */
	signal(SIGPIPE, SIG_IGN);
	if (!request.suite)
		request.suite = first < argc ? PROGRAM_SUITE : "quick";
	status = take_program(&request, argv + first);
	if (!status)
		status = check(&request);
	if (!status)
		status = mb_suite_read(&suite, request.suite, &request.set);
	if (!status)
		status = place(&request, &suite, &session);
	if (!status)
		status = mb_plan_make(&plan, &suite, request.only);
	for (size_t i = 0; !status && request.points && i < plan.count; i++)
		mb_put_name(plan.points[i].name);
	if (!status && (request.check || request.points))
		goto out;
	if (!status)
		status = open_session(&session, &request, &suite, &plan);
	/* Before perf has replaced its own file. */
	recorder.guest = request.guest;
	if (!status)
		status = request.guest ? MB_OK
				       : mb_recorder_open(&recorder, request.out, request.force);
	if (!status) {
		status = measure_watched(&request, &session, &suite, &plan, &recorder);
		if (!request.guest)
			status = mb_recorder_close(&recorder, status, request.quiet);
	}
out:
	close_session(&session);
	mb_plan_free(&plan);
	mb_suite_free(&suite);
	free(request.program_set);
	return status;
}
