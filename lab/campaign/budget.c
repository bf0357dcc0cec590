// SPDX-License-Identifier: GPL-2.0-or-later
/* The pilot of --budget, and what it decides. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/files.h"
#include "core/base/list.h"
#include "core/base/text.h"
#include "core/status.h"
#include "lab/base/defaults.h"
#include "lab/base/self.h"
#include "lab/base/temporary.h"
#include "lab/base/timings.h"
#include "lab/campaign/allot.h"
#include "lab/campaign/budget.h"

#define PILOT_BOOTS 3
#define PILOT_SHARE 0.25 /* of the budget, from which the third boot of the pilot is left out */
#define MOST_CALIBRATE 20
#define MAX_POINT_TIME 3600000 /* ms, as in a suite */

/* What lab run and lab exec share of the user's wishes. */
static void common_words(const struct lab_budget *budget, const char *command,
			 struct mb_list *words)
{
	lab_self_begin(words, "lab", command);
	mb_list_add(words, "--kernel=%s", budget->kernel);
	mb_list_add(words, "--clock=%s", mb_clock_name(budget->clock));
	if (budget->topology)
		mb_list_add(words, "--topology=%s", budget->topology);
	if (budget->accel)
		mb_list_add(words, "--accel=%s", budget->accel);
	if (budget->cpu)
		mb_list_add(words, "--cpu=%s", budget->cpu);
	if (budget->qemu)
		mb_list_add(words, "--qemu=%s", budget->qemu);
	if (budget->append)
		mb_list_add(words, "--append=%s", budget->append);
	for (size_t i = 0; i < budget->module_params->count; i++)
		mb_list_add(words, "--module-param=%s", budget->module_params->at[i]);
}

/* Run the program itself with @words, and free them. *@seconds is the time it took. */
static int timed(struct mb_list *words, double *seconds)
{
	double start = lab_timing_now();
	int status = lab_self_run_quietly(words);

	*seconds = lab_timing_now() - start;
	return status;
}

/* A boot with nothing in it. */
static int time_boot(const struct lab_budget *budget, double *seconds)
{
	struct mb_list words = { 0 };

	common_words(budget, "exec", &words);
	mb_list_add(&words, "--");
	mb_list_add(&words, "true");
	return timed(&words, seconds);
}

static int time_run(const struct lab_budget *budget, unsigned long boots, const char *path,
		    double *seconds)
{
	struct mb_list words = { 0 };

	common_words(budget, "run", &words);
	mb_list_add(&words, "--quiet");
	mb_list_add(&words, "--force");
	mb_list_add(&words, "--boots=%lu", boots);
	mb_list_add(&words, "--seed=%lu", budget->seed);
	mb_list_add(&words, "--suite=%s", budget->suite);
	mb_list_add(&words, "--out=%s", path);
	if (budget->only)
		mb_list_add(&words, "--only=%s", budget->only);
	for (size_t i = 0; i < budget->set->count; i++)
		mb_list_add(&words, "--set=%s", budget->set->at[i]);
	return timed(&words, seconds);
}

static void take_file(struct lab_pilot *pilot, unsigned long boot, const char *path)
{
	char *text = mb_read_file(path, NULL), *rest = text, *line;

	while (rest && (line = strsep(&rest, "\n")))
		lab_pilot_line(pilot, boot, line);
	free(text);
}

/*
 * Instructions: boots repeat each other, and more rounds repeat what the rounds before them had.
 * What is not known is what another order of the points would do, and that is calibration.
 */
static int plan_insns(struct lab_budget *budget, const char *path)
{
	double took, boot, rest, more;
	int status = time_run(budget, LAB_BOOTS_INSNS, path, &took);

	if (status)
		return status;
	/* With two CPUs they ran side by side, as the run's own will. */
	boot = took / LAB_BOOTS_INSNS;
	rest = ((double)budget->seconds - took) / (double)budget->targets;
	more = floor(rest / boot) - LAB_BOOTS_INSNS;
	if (more < 0)
		return mb_fail(
			MB_REQUEST,
			"lab run: --budget %lus: the pilot, %d boots, took %.0f s; the run's "
			"own take as long for each kernel: give %.0fs or more, or leave "
			"--budget away",
			budget->seconds, LAB_BOOTS_INSNS, took,
			ceil(1.1 * took * (double)(budget->targets + 1)));
	budget->boots = LAB_BOOTS_INSNS;
	budget->calibrate = more < MOST_CALIBRATE ? (unsigned long)more : MOST_CALIBRATE;
	budget->found =
		json_pack("{s:I, s:f, s:f, s:I, s:I}", "seconds", (json_int_t)budget->seconds,
			  "pilot_seconds", took, "boot_seconds", boot, "boots",
			  (json_int_t)budget->boots, "calibrate", (json_int_t)budget->calibrate);
	if (!budget->quiet)
		mb_note("budget %lu s, of which the pilot took %.0f s; a boot takes %.1f s: %lu "
			"boots, which show that the counts repeat (more would repeat them again), "
			"and %lu under other seeds%s for the noise floor, about %.0f s in all",
			budget->seconds, took, boot, budget->boots, budget->calibrate,
			budget->calibrate == MOST_CALIBRATE ? " (the most there are)" : "",
			boot * (double)((budget->boots + budget->calibrate) * budget->targets));
	return MB_OK;
}

/* The pilot's boots, and their mean time. */
static int measure_pilot(const struct lab_budget *budget, struct lab_pilot *pilot, const char *path,
			 double *boot, double *run)
{
	double began = lab_timing_now(), took, all = 0;
	unsigned long count = 0;
	int status = time_boot(budget, boot);

	while (!status && count < PILOT_BOOTS &&
	       (count < 2 || lab_timing_now() - began < PILOT_SHARE * (double)budget->seconds)) {
		status = time_run(budget, 1, path, &took);
		all += took;
		if (!status)
			take_file(pilot, count++, path);
	}
	*run = all / (double)(count ? count : 1);
	return status;
}

static void explain(const struct lab_budget *budget, const struct lab_spread *spread,
		    const struct lab_allotment *plan, const struct lab_prices *prices, double took)
{
	char where[160] = "where the variance is can't be said of a pilot with one round a boot";
	char expected[128] = "";

	if (isfinite(spread->ratio))
		snprintf(
			where, sizeof(where),
			"%.0f %% of a round's variance is from boot to boot, %.0f %% from round to "
			"round",
			100 * spread->ratio / (1 + spread->ratio), 100 / (1 + spread->ratio));
	if (isfinite(plan->doubt))
		snprintf(expected, sizeof(expected),
			 "; two such runs would know their ratio to about ±%.2g %% at the middle "
			 "point",
			 100 * plan->doubt);
	mb_note("budget %lu s, of which the pilot took %.0f s; a boot costs %.1f s and a round "
		"%.2f s; %s: %lu boots%s with %lu rounds each, about %.0f s in all%s",
		budget->seconds, took, prices->boot, prices->round, where, plan->boots,
		budget->targets > 1 ? " of each kernel" : "", plan->rounds,
		(double)(plan->boots * budget->targets) *
			(prices->boot + (double)plan->rounds * prices->round),
		expected);
}

static int plan_time(struct lab_budget *budget, const char *path)
{
	struct lab_pilot pilot = { 0 };
	struct lab_prices prices = { 0 };
	struct lab_allotment plan;
	struct lab_spread spread;
	double began = lab_timing_now(), took, run, rest, share;
	int status = measure_pilot(budget, &pilot, path, &prices.boot, &run);

	if (status)
		goto out;
	/* Warm-up and the counting pass are rounds that come with every boot. */
	prices.round = fmax(run - prices.boot, 0.01 * run) / (double)(pilot.rounds + 2);
	prices.boot = run - (double)pilot.rounds * prices.round;
	spread = lab_pilot_spread(&pilot);
	took = lab_timing_now() - began;
	rest = ((double)budget->seconds - took) / (double)budget->targets;
	plan = lab_allot(rest, &prices, &spread);
	if (!plan.boots) {
		status = mb_fail(
			MB_REQUEST,
			"lab run: --budget %lus: the pilot took %.0f s, and two boots of one round "
			"take %.0f s more%s: give %.0fs or more",
			budget->seconds, took, 2 * (prices.boot + prices.round),
			budget->targets > 1 ? " for each kernel" : "",
			ceil(1.1 *
			     (took + 2 * (prices.boot + prices.round) * (double)budget->targets)));
		goto out;
	}
	/* A round stays as long as it is in the suite. */
	share = (double)pilot.point_time / (double)pilot.rounds;
	budget->pace.rounds = plan.rounds;
	budget->pace.point_time =
		(unsigned long)round(fmax(1, fmin(MAX_POINT_TIME, share * (double)plan.rounds)));
	budget->boots = plan.boots;
	budget->found = json_pack(
		"{s:I, s:f, s:f, s:f, s:I, s:I}", "seconds", (json_int_t)budget->seconds,
		"pilot_seconds", took, "boot_seconds", prices.boot, "round_seconds", prices.round,
		"boots", (json_int_t)plan.boots, "rounds", (json_int_t)plan.rounds);
	if (isfinite(spread.ratio))
		json_object_set_new(budget->found, "between_boots",
				    json_real(spread.ratio / (1 + spread.ratio)));
	if (isfinite(plan.doubt))
		json_object_set_new(budget->found, "expected_interval", json_real(plan.doubt));
	if (!budget->quiet)
		explain(budget, &spread, &plan, &prices, took);
out:
	lab_pilot_free(&pilot);
	return status;
}

int lab_budget_plan(struct lab_budget *budget)
{
	char *folder = lab_temporary(), *path;
	int status;

	if (!folder)
		return MB_MACHINE;
	path = mb_format("%s/pilot.jsonl", folder);
	if (!budget->quiet)
		mb_note("budget %lu s: measuring a pilot of %s", budget->seconds, budget->kernel);
	status = budget->clock == MB_INSNS ? plan_insns(budget, path) : plan_time(budget, path);
	mb_remove_tree(folder);
	free(path);
	free(folder);
	return status;
}
