// SPDX-License-Identifier: GPL-2.0-or-later
/* migbench lab run: measure a suite in virtual machines. */
#include <limits.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "core/base/files.h"
#include "core/base/list.h"
#include "core/base/text.h"
#include "core/config.h"
#include "core/status.h"
#include "lab/base/options.h"
#include "lab/base/temporary.h"
#include "lab/campaign/boots.h"
#include "lab/campaign/budget.h"
#include "lab/campaign/guest_run.h"
#include "lab/campaign/program.h"
#include "lab/campaign/resume.h"
#include "lab/campaign/run.h"
#include "lab/campaign/run_path.h"
#include "lab/campaign/suite_check.h"
#include "lab/vm/ready.h"

struct request {
	const char *kernels, *topologies, *clock_name, *accel, *cpu, *qemu, *suite, *only, *out,
		*log, *append;
	struct mb_strings set, events, module_params, adds;
	char *const *program; /* NULL: none */
	unsigned long boots, seed, calibrate, budget;
	bool force, resume, quiet, probe;
	enum mb_clock clock;
	struct mb_list kernel_list, topology_list;
	char *suite_name, *suite_path;
	struct lab_target *targets;
	size_t count;
	json_t *bought; /* with the budget */
	struct lab_pace pace; /* the same */
	struct lab_kept_log kept_log;
};

static int add_target(struct request *request, const char *kernel, const char *topology,
		      const char *stamp)
{
	struct lab_target *target = &request->targets[request->count++];
	int status;

	target->guest = (struct lab_guest){ .kernel_name = kernel,
					    .topology_name = topology,
					    .clock = request->clock,
					    .accel_name = request->accel,
					    .cpu_name = request->cpu,
					    .qemu_name = request->qemu,
					    .adds = request->adds,
					    .module_params = request->module_params,
					    .append = request->append,
					    .suite = request->suite_path };
	status = lab_guest_find(&target->guest);
	if (!status)
		target->path =
			lab_run_path(request->out, &target->guest, request->kernel_list.count,
				     request->topology_list.count, stamp);
	return status;
}

static enum lab_existing existing(const struct request *request)
{
	return request->resume ? LAB_RESUME : request->force ? LAB_REPLACE : LAB_REFUSE;
}

/* What the run file of @target will say of itself. */
static void describe(const struct request *request, struct lab_target *target)
{
	target->only = request->only;
	target->set = request->program ? NULL : &request->set;
	target->merge = (struct lab_merge){
		.path = target->path,
		.label = target->guest.kernel.label,
		.kernel = target->guest.kernel_name,
		.kernel_key = target->guest.kernel.key,
		.append = request->append,
		.topology = target->guest.topology.name,
		.after = target->guest.topology.after,
		.clock = mb_clock_name(request->clock),
		.suite = request->suite_name,
		.qemu = target->guest.qemu.is.version,
		.seed = request->seed,
		.boots = request->boots,
		.calibrate = request->calibrate,
		.targets = request->count,
		.exact = request->clock == MB_INSNS && target->guest.topology.cpus == 1,
	};
}

static int find_targets(struct request *request)
{
	size_t topologies;
	time_t now = time(NULL);
	struct tm tm;
	char stamp[32];
	int status = MB_OK;

	mb_list_split(&request->kernel_list, request->kernels);
	if (request->topologies)
		mb_list_split(&request->topology_list, request->topologies);
	if (!request->kernel_list.count)
		return mb_fail(MB_REQUEST, "lab run: --kernel names no kernel");
	topologies = request->topology_list.count ? request->topology_list.count : 1;
	request->targets =
		mb_alloc(request->kernel_list.count * topologies, sizeof(*request->targets));
	gmtime_r(&now, &tm);
	strftime(stamp, sizeof(stamp), "%Y%m%dT%H%M%SZ", &tm);
	for (size_t k = 0; !status && k < request->kernel_list.count; k++)
		for (size_t t = 0; !status && t < topologies; t++)
			status = add_target(
				request, request->kernel_list.at[k],
				request->topology_list.count ? request->topology_list.at[t] : NULL,
				stamp);
	if (!status)
		status = lab_resume_apart(request->targets, request->count, request->log);
	if (!status && !request->out && mb_make_folders("results/local"))
		status = mb_fail(MB_REQUEST, "results/local: %m; give --out FILE");
	for (size_t i = 0; !status && i < request->count; i++)
		describe(request, &request->targets[i]);
	for (size_t i = 0; !status && i < request->count; i++)
		status = lab_resume_open(&request->targets[i], existing(request));
	/* Of the boots that it goes on from, the log is there. */
	if (!status)
		status = lab_kept_log_open(&request->kept_log, request->log, request->resume);
	return status;
}

static void guest_command(const struct request *request, unsigned long seed, struct mb_list *words)
{
	const struct lab_guest_run run = { .clock = request->clock,
					   .seed = seed,
					   .only = request->only,
					   .set = &request->set,
					   .pace = request->pace,
					   .events = &request->events,
					   .probe = request->probe,
					   .program = request->program };

	lab_guest_run_words(&run, words);
}

/* For each calibration boot what the run's own boots have, but for the seed. */
static int prepare_calibration(const struct request *request, struct lab_target *target,
			       const char *folder)
{
	int status = MB_OK;

	target->calibration = mb_alloc(request->calibrate, sizeof(*target->calibration));
	for (unsigned long i = 1; !status && i <= request->calibrate; i++) {
		struct mb_list command = { 0 };
		char *own = mb_format("%s/seed-%lu", folder, i);

		guest_command(request, (request->seed + i) % (LAB_MAX_SEED + 1), &command);
		status = lab_guest_ready(&target->guest, command.at, own,
					 &target->calibration[i - 1]);
		mb_list_free(&command);
		free(own);
	}
	return status;
}

static int prepare_targets(struct request *request, const char *folder)
{
	struct mb_list command = { 0 };
	int status = MB_OK;

	guest_command(request, request->seed, &command);
	for (size_t i = 0; !status && i < request->count; i++) {
		struct lab_target *target = &request->targets[i];
		char *own;

		if (target->complete)
			continue;
		own = mb_format("%s/target-%zu", folder, i);
		status = lab_guest_ready(&target->guest, command.at, own, &target->spec);
		target->merge.out = target->out;
		target->merge.accelerator = lab_accel_name(target->guest.accel);
		target->merge.cpu_name = target->guest.cpu_name;
		target->merge.cpu = target->spec.cpu;
		target->merge.program = target->guest.program;
		target->merge.turns = json_array();
		target->merge.budget = request->bought;
		target->merge.boots = request->boots;
		target->merge.calibrate = request->calibrate;
		if (!status)
			status = lab_resume_journal(target, existing(request));
		if (!status)
			status = prepare_calibration(request, target, own);
		free(own);
	}
	mb_list_free(&command);
	return status;
}

static int measure(struct request *request)
{
	cpu_set_t cpus;
	bool two = !sched_getaffinity(0, sizeof(cpus), &cpus) && CPU_COUNT(&cpus) > 1;
	char *folder = lab_temporary();
	struct lab_boots boots = { .targets = request->targets,
				   .count = request->count,
				   .boots = request->boots,
				   .calibrate = request->calibrate,
				   .seed = request->seed,
				   /* Counted instructions do not mind a neighbour; time does. */
				   .parallel = two && request->clock == MB_INSNS ? 2 : 1,
				   .progress = !request->quiet,
				   .whole = !request->only && !request->set.count &&
					    !request->program,
				   .log = &request->kept_log,
				   .folder = folder };
	int status = folder ? prepare_targets(request, folder) : MB_MACHINE;

	if (!status)
		status = lab_boots_run(&boots);
	free(folder);
	return status;
}

static int close_targets(struct request *request, int status)
{
	for (size_t i = 0; i < request->count; i++) {
		struct lab_target *target = &request->targets[i];

		status = lab_resume_close(target, status, request->quiet);
		lab_merge_free(&target->merge);
		lab_guest_free(&target->guest);
		free(target->calibration);
		mb_floor_free(&target->noise);
		free(target->path);
	}
	free(request->targets);
	mb_list_free(&request->kernel_list);
	mb_list_free(&request->topology_list);
	free(request->suite_name);
	free(request->suite_path);
	json_decref(request->bought);
	return status;
}

/* What the budget buys goes where the user's own wishes are. */
static int spend(struct request *request)
{
	char *kernel = lab_kernel_exactly(&request->targets[0].guest.kernel);
	struct lab_budget budget = {
		.seconds = request->budget,
		.kernel = kernel,
		.topology = request->topology_list.count ? request->topology_list.at[0] : NULL,
		.accel = request->accel,
		.cpu = request->cpu,
		.qemu = request->qemu,
		.append = request->append,
		.clock = request->clock,
		.suite = request->suite,
		.only = request->only,
		.set = &request->set,
		.module_params = &request->module_params,
		.seed = request->seed,
		.targets = request->count,
		.quiet = request->quiet,
	};
	int status = lab_budget_plan(&budget);

	free(kernel);
	if (status)
		return status;
	request->boots = budget.boots;
	request->calibrate = budget.calibrate;
	request->bought = budget.found;
	request->pace = budget.pace;
	return MB_OK;
}

static int check(struct request *request)
{
	int status;

	if (!request->kernels)
		return mb_fail(MB_REQUEST, "lab run: --kernel NAME is missing");
	if (request->budget && (request->boots || request->calibrate))
		return mb_fail(
			MB_REQUEST,
			"lab run: --budget decides about boots and calibration; leave --boots and --calibrate away");
	if (request->budget && request->set.count > MB_MAX_STRINGS - 2)
		return mb_fail(MB_REQUEST, "lab run: --budget needs two of the %d places for --set",
			       MB_MAX_STRINGS);
	if (request->resume && (request->force || request->budget))
		return mb_fail(MB_REQUEST, "lab run: --resume goes with neither --force nor "
					   "--budget; name the --boots that were bought");
	if (request->resume && !request->out)
		return mb_fail(MB_REQUEST, "lab run: --resume needs the --out FILE of the run that "
					   "it goes on with");
	if (request->budget && request->program)
		return mb_fail(MB_REQUEST, "lab run: --budget is for suites, not for a program");
	status = lab_clock_read(request->clock_name, &request->clock);
	if (!request->boots)
		request->boots = request->clock == MB_INSNS ? LAB_BOOTS_INSNS : LAB_BOOTS_TIME;
	if (!status)
		status = lab_suite_check_all(request->suite, request->clock_name, request->only,
					     &request->set, request->program, request->kernels);
	if (!status)
		status = mb_config_find("suites", request->suite, &request->suite_path);
	request->suite_name = mb_config_name(request->suite);
	return status;
}

int lab_run_main(int argc, char **argv)
{
	struct request request = { .clock_name = "insns", .seed = 42 };
	const struct mb_option options[] = {
		MB_HEADING("What is measured"),
		{ "kernel", "NAME[,NAME…]", "the kernels, see: migbench lab kernel list",
		  MB_OPT_STRING, &request.kernels, 0, 0 },
		LAB_OPT_SUITE(&request.suite, "quick"),
		LAB_OPT_ONLY(&request.only),
		LAB_OPT_SET(&request.set),
		{ "events", "NAME,…",
		  "also count these perf events or tracepoints of the guest; can be repeated",
		  MB_OPT_STRINGS, &request.events, 0, 0 },
		{ "probe", NULL,
		  "afterwards ask each kernel how it behaves, as migbench probe does", MB_OPT_FLAG,
		  &request.probe, 0, 0 },
		LAB_OPT_ADD(&request.adds),
		MB_HEADING("How it is measured"),
		{ "clock", "insns|time", "the clock", MB_OPT_STRING, &request.clock_name, 0, 0 },
		LAB_OPT_BOOTS(&request.boots),
		{ "calibrate", "N",
		  "also measure the noise floor: N more boots, each under another seed",
		  MB_OPT_NUMBER, &request.calibrate, 1, LAB_MAX_CALIBRATE },
		{ "budget", "TIME",
		  "as much as fits into 90s, 20m or 1h30m; a pilot decides how many "
		  "boots and rounds",
		  MB_OPT_DURATION, &request.budget, 1, 30UL * 24 * 3600 },
		LAB_OPT_SEED(&request.seed),
		MB_HEADING("The virtual machine"),
		LAB_OPT_TOPOLOGIES(&request.topologies,
				   LAB_TOPOLOGY_INSNS "; with the clock time " LAB_TOPOLOGY_TIME),
		LAB_OPT_ACCEL(&request.accel),
		LAB_OPT_CPU(&request.cpu),
		LAB_OPT_QEMU(&request.qemu),
		LAB_OPT_MODULE_PARAM(&request.module_params),
		LAB_OPT_APPEND(&request.append),
		MB_HEADING("Where it goes"),
		{ "out", "FILE",
		  "the run file, of several FILE-KERNEL.jsonl (default: in results/local/)",
		  MB_OPT_OUTPUT, &request.out, 0, 0 },
		{ "force", NULL, "replace a run file, once something is measured", MB_OPT_FLAG,
		  &request.force, 0, 0 },
		{ "resume", NULL, "go on with an interrupted run: the same command with this added",
		  MB_OPT_FLAG, &request.resume, 0, 0 },
		LAB_OPT_LOG(&request.log),
		{ "quiet", NULL, "show no progress", MB_OPT_FLAG, &request.quiet, 0, 0 },
		{ 0 },
	};
	static const struct mb_usage usage = {
		.command = "lab run",
		.needs = "--kernel NAME[,NAME…]",
		.operands = LAB_OPERANDS_PROGRAM,
		.summary = "Measure a suite, or count a program of your own, in virtual "
			   "machines. Each kernel gives a run file.",
		.example = "migbench lab run --kernel 6.1 --suite quick --boots 2 --out run.jsonl",
		.max_operands = INT_MAX,
		.command_follows = true,
	};
	int first, status = mb_options(&usage, options, argc, argv, &first);

	if (status != MB_PARSED)
		return status;
	status = lab_program_take("lab run", argv + first, &request.adds, request.clock_name,
				  &request.program);
	if (!request.suite)
		request.suite = request.program ? LAB_PROGRAM_SUITE : "quick";
	if (!status)
		status = check(&request);
	if (!status)
		status = find_targets(&request);
	if (!status && request.budget)
		status = spend(&request);
	if (!status)
		status = measure(&request);
	lab_kept_log_close(&request.kept_log);
	return close_targets(&request, status);
}
