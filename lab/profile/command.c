// SPDX-License-Identifier: GPL-2.0-or-later
/* migbench lab profile: where the instructions of a point go, and what differs between kernels. */
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/list.h"
#include "core/config.h"
#include "core/status.h"
#include "lab/base/options.h"
#include "lab/campaign/guest_run.h"
#include "lab/campaign/program.h"
#include "lab/campaign/suite_check.h"
#include "lab/profile/boot.h"
#include "lab/profile/command.h"
#include "lab/profile/output.h"
#include "lab/profile/profile.h"
#include "lab/profile/sharing.h"

#define MAX_SIDES 2
/* Samples repeat themselves to a few instructions; one in the middle of these is shown. */
#define SAMPLES "5"

struct request {
	struct mb_strings kernels, set, module_params, adds;
	char *const *program; /* NULL: none */
	const char *point, *topology, *cpu, *qemu, *suite, *format;
	const char *model_name;
	const struct lab_cache_model *model;
	unsigned long seed;
	bool quiet, force;
	bool memory, cold, sharing;

	void (*write)(const struct lab_profile *profile, FILE *out);
	char *name, *suite_path;
	struct lab_output files[LAB_OUTPUTS];
};

static const struct {
	const char *name;
	void (*write)(const struct lab_profile *profile, FILE *out);
} formats[] = {
	{ "text", lab_profile_text },
	{ "json", lab_profile_json },
	{ "folded", lab_profile_folded },
	{ "svg", lab_profile_svg },
};

static int check(struct request *request)
{
	if (!request->kernels.count)
		return mb_fail(MB_REQUEST, "lab profile: --kernel NAME is missing");
	if (request->kernels.count > MAX_SIDES)
		return mb_fail(MB_REQUEST,
			       "lab profile: --kernel can be given once or twice, not %zu times",
			       request->kernels.count);
	if (request->sharing &&
	    (request->memory || request->kernels.count > 1 || request->files[LAB_JSON].path ||
	     (strcmp(request->format, "text") && strcmp(request->format, "json"))))
		return mb_fail(MB_REQUEST,
			       "lab profile: --sharing is of one kernel, as text or json, and "
			       "goes neither with --memory nor with --json");
	if (!request->memory && (request->model_name || request->cold))
		return mb_fail(MB_REQUEST, "lab profile: --model and --cold need --memory");
	request->model = lab_cache_find(request->model_name);
	if (!request->model) {
		char *names = lab_cache_names();
		int status = mb_fail(MB_REQUEST, "lab profile: --model takes one of %s, not '%s'",
				     names, request->model_name);

		free(names);
		return status;
	}
	if (request->program && request->point)
		return mb_fail(MB_REQUEST, "lab profile: --point is for suites, not for a program");
	if (!request->program && !request->point)
		return mb_fail(MB_REQUEST, "lab profile: --point PATTERN is missing, e.g. "
					   "'migrate/batch=512,direction=to-device,*'");
	for (size_t i = 0; i < sizeof(formats) / sizeof(formats[0]); i++)
		if (!strcmp(request->format, formats[i].name))
			request->write = formats[i].write;
	if (request->write)
		return MB_OK;
	return mb_fail(MB_REQUEST,
		       "lab profile: --format takes text, json, folded or svg, not '%s'",
		       request->format);
}

/* As lab run has it, so that a profile's values are those that lab run would have measured. */
static void guest_command(const struct request *request, struct mb_list *words)
{
	const struct lab_guest_run run = { .clock = MB_INSNS,
					   .seed = request->seed,
					   .only = request->name,
					   .set = &request->set,
					   .program = request->program };

	lab_guest_run_words(&run, words);
}

static int find_guest(const struct request *request, size_t side, struct lab_profile_boot *boot)
{
	int status;

	boot->program = request->program;
	boot->memory = request->memory || request->sharing;
	boot->sharing = request->sharing;
	boot->guest = (struct lab_guest){ .kernel_name = request->kernels.at[side],
					  .topology_name = request->topology,
					  .clock = MB_INSNS,
					  .cpu_name = request->cpu,
					  .qemu_name = request->qemu,
					  .accesses = request->memory || request->sharing,
					  .adds = request->adds,
					  .module_params = request->module_params,
					  .suite = request->suite_path };
	status = lab_guest_find(&boot->guest);
	if (!status && request->sharing && boot->guest.topology.cpus < 2)
		status = mb_fail(MB_REQUEST,
				 "lab profile: --sharing needs a topology of several CPUs, as "
				 "2-node has");
	if (!status && !request->sharing && boot->guest.topology.cpus > 1)
		status = mb_fail(MB_REQUEST,
				 "lab profile: topology %s has %lu CPUs; a profile is of one CPU, "
				 "as 2-node-1-cpu has",
				 boot->guest.topology.name, boot->guest.topology.cpus);
	return status;
}

static int write_json(struct lab_output *json, const struct lab_profile *profile)
{
	int status = lab_output_begin(json);

	if (status)
		return status;
	lab_profile_json(profile, json->file);
	return lab_output_end(json);
}

static int write_records(struct lab_output *records, const struct lab_profile_boot *boot)
{
	int status = lab_output_begin(records);

	if (status)
		return status;
	lab_profile_keep_lines(boot, records->file);
	return lab_output_end(records);
}

static int write_profile(struct request *request, const struct lab_profile *profile)
{
	struct lab_output *out = &request->files[LAB_OUT];
	int status = lab_output_begin(out);

	if (status)
		return status;
	request->write(profile, out->file);
	return lab_output_end(out);
}

static int account(struct lab_profile_boot *boot, const struct lab_sampled *sampled,
		   struct lab_account *account)
{
	struct lab_match match = { 0 };
	int status;

	if (boot->program)
		return lab_account_program(account, sampled, &boot->trace, &boot->symbols);
	status = lab_match(sampled, &boot->trace, &match);
	if (!status)
		lab_account(account, &match, sampled->phased, &boot->trace, &boot->symbols);
	return status;
}

/* What of it stands above something else is part of that. */
static bool is_picture(const struct request *request)
{
	return request->write == lab_profile_svg || request->write == lab_profile_folded;
}

/* From what the boots left to the profile. */
static int conclude(struct request *request, struct lab_profile_boot *boots)
{
	size_t count = request->kernels.count;
	struct lab_sampled sampled[MAX_SIDES] = { 0 };
	struct lab_account accounts[MAX_SIDES] = { 0 };
	struct lab_memory memories[MAX_SIDES] = { 0 };
	struct lab_profile profile = { .side_count = count, .program = request->program };
	int status = MB_OK, kept = MB_OK;

	for (size_t i = 0; !status && i < count; i++) {
		status = lab_sampled_read(&sampled[i], &boots[i].lines);
		if (!status)
			status = account(&boots[i], &sampled[i], &accounts[i]);
		if (!status && request->memory)
			lab_memory_count(&memories[i], &accounts[i], &boots[i].trace,
					 &boots[i].symbols, &boots[i].layout, &boots[i].names,
					 request->model, request->cold);
		profile.sides[i] =
			(struct lab_side){ .label = boots[i].guest.kernel.label,
					   .account = &accounts[i],
					   .symbols = &boots[i].symbols,
					   .memory = request->memory ? &memories[i] : NULL,
					   .moved = sampled[i].moved };
	}
	if (!status) {
		profile.name = sampled[0].name;
		profile.pages = sampled[0].pages;
		lab_profile_rows(&profile);
		/* The profile is none the worse for it. */
		if (request->files[LAB_JSON].path)
			kept = write_json(&request->files[LAB_JSON], &profile);
		if (request->memory && is_picture(request)) {
			for (size_t i = 0; i < count; i++)
				lab_memory_first(&memories[i], &accounts[i]);
			lab_profile_free(&profile);
			lab_profile_rows(&profile);
		}
	}
	if (!status)
		status = write_profile(request, &profile) ?: kept;
	lab_profile_free(&profile);
	for (size_t i = 0; i < count; i++) {
		lab_memory_free(&memories[i]);
		lab_account_free(&accounts[i]);
		lab_sampled_free(&sampled[i]);
	}
	return status;
}

/* The same of lines that several CPUs touch. */
static int conclude_sharing(struct request *request, struct lab_profile_boot *boot)
{
	struct lab_output *out = &request->files[LAB_OUT];
	struct lab_sharing sharing = { 0 };
	struct lab_sampled sampled = { 0 };
	int status = lab_sampled_read(&sampled, &boot->lines);
	unsigned long pages = sampled.moved ? sampled.moved : sampled.pages;

	status = status ?: lab_sharing_count(&sharing, boot) ?: lab_output_begin(out);
	if (!status) {
		(strcmp(request->format, "json") ? lab_sharing_text : lab_sharing_json)(
			&sharing, boot, sampled.name, request->program ? 0 : pages, out->file);
		status = lab_output_end(out);
	}
	lab_sharing_free(&sharing);
	lab_sampled_free(&sampled);
	return status;
}

static int profile(struct request *request)
{
	struct lab_profile_boot boots[MAX_SIDES] = { 0 };
	struct mb_list command = { 0 };
	int status = MB_OK, kept = MB_OK;

	for (size_t i = 0; !status && i < request->kernels.count; i++) {
		status = find_guest(request, i, &boots[i]);
		if (!status)
			status = lab_profile_plugin(&boots[i].guest.qemu.is,
						    boots[i].guest.kernel.arch, boots[i].memory,
						    &boots[i].plugin);
	}
	if (!status) {
		guest_command(request, &command);
		status =
			lab_profile_boot(boots, request->kernels.count, command.at, request->quiet);
	}
	if (!status && request->files[LAB_RECORDS].path)
		kept = write_records(&request->files[LAB_RECORDS], &boots[0]);
	if (!status)
		status = (request->sharing ? conclude_sharing(request, boots)
					   : conclude(request, boots))
				 ?: kept;
	for (size_t i = 0; i < request->kernels.count; i++)
		lab_profile_boot_free(&boots[i]);
	mb_list_free(&command);
	return status;
}

int lab_profile_main(int argc, char **argv)
{
	struct request request = { .format = "text",
				   .seed = 42,
				   .set = { .at = { "rounds=1", "samples=" SAMPLES },
					    .count = 2 } };
	const struct mb_option options[] = {
		MB_HEADING("What is counted"),
		{ "kernel", "NAME",
		  "the kernel; give a second one for the difference between the two",
		  MB_OPT_STRINGS, &request.kernels, 0, 0 },
		{ "point", "PATTERN", "a pattern that matches one point of the suite",
		  MB_OPT_STRING, &request.point, 0, 0 },
		{ "suite", "NAME|FILE", "where the point is looked for (default: full)",
		  MB_OPT_STRING, &request.suite, 0, 0 },
		{ "set", "KEY=VALUE",
		  "override a key of the suite, or BENCHMARK.KEY=VALUE (rounds=1, samples=" SAMPLES
		  ")",
		  MB_OPT_STRINGS, &request.set, 0, 0 },
		LAB_OPT_SEED(&request.seed),
		LAB_OPT_ADD(&request.adds),
		{ "memory", NULL, "count the memory that is touched, too: cache lines and pages",
		  MB_OPT_FLAG, &request.memory, 0, 0 },
		{ "model", "NAME",
		  "with --memory: the cache and TLB of skylake-sp or neoverse-n1 (default: skylake-sp)",
		  MB_OPT_STRING, &request.model_name, 0, 0 },
		{ "cold", NULL, "with --memory: begin with empty caches", MB_OPT_FLAG,
		  &request.cold, 0, 0 },
		{ "sharing", NULL, "on several CPUs: the lines that one writes and another touches",
		  MB_OPT_FLAG, &request.sharing, 0, 0 },
		MB_HEADING("The virtual machine"),
		LAB_OPT_TOPOLOGY(&request.topology, LAB_TOPOLOGY_INSNS),
		LAB_OPT_CPU(&request.cpu),
		LAB_OPT_QEMU(&request.qemu),
		LAB_OPT_MODULE_PARAM(&request.module_params),
		MB_HEADING("Output"),
		{ "format", "text|json|folded|svg", "how to print it", MB_OPT_STRING,
		  &request.format, 0, 0 },
		{ "out", "FILE", "write to this file instead of stdout", MB_OPT_OUTPUT,
		  &request.files[LAB_OUT].path, 0, 0 },
		{ "json", "FILE", "also write it to this file as JSON, replacing what is there",
		  MB_OPT_OUTPUT, &request.files[LAB_JSON].path, 0, 0 },
		{ "force", NULL, "replace an --out or --records that exists", MB_OPT_FLAG,
		  &request.force, 0, 0 },
		{ "quiet", NULL, "show no progress", MB_OPT_FLAG, &request.quiet, 0, 0 },
		{ "records", "FILE", "keep what the guest of the first kernel recorded",
		  MB_OPT_OUTPUT, &request.files[LAB_RECORDS].path, 0, 0 },
		{ 0 },
	};
	static const struct mb_usage usage = {
		.command = "lab profile",
		.needs = "--kernel NAME",
		.operands = LAB_OPERANDS_PROGRAM,
		.summary = "Count the instructions of one point by kernel function and "
			   "phase, inside the timed part only, or those of a program of "
			   "your own, in user space and in the kernel. Every instruction is "
			   "counted, and the guest does not notice.",
		.example = "migbench lab profile --kernel 6.1 --point "
			   "'fault/access=read,memory=private,nodes=0>1,page=4k'",
		.max_operands = INT_MAX,
		.command_follows = true,
	};
	int first, status = mb_options(&usage, options, argc, argv, &first);

	if (status != MB_PARSED)
		return status;
	status = lab_program_take("lab profile", argv + first, &request.adds, "insns",
				  &request.program);
	if (!request.suite)
		request.suite = request.program ? LAB_PROGRAM_SUITE : "full";
	if (!status)
		status = check(&request);
	if (!status)
		status = lab_outputs_open(request.files, request.force);
	if (!status)
		status = lab_suite_point("lab profile", request.suite, request.point, &request.set,
					 request.program, request.kernels.at[0], &request.name);
	if (!status)
		status = mb_config_find("suites", request.suite, &request.suite_path);
	if (!status)
		status = profile(&request);
	lab_outputs_close(request.files);
	free(request.name);
	free(request.suite_path);
	return status;
}
