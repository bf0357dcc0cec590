/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Runs made in memory, sample by sample, for the tests of the comparison; included by one file each. */
#ifndef MIGBENCH_TESTS_COMPARE_RUNS_H
#define MIGBENCH_TESTS_COMPARE_RUNS_H

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "analysis/base/text.h"
#include "analysis/compare/compare.h"
#include "core/record/record.h"
#include "core/status.h"

static struct an_run *new_run(bool insns)
{
	struct an_run *run = an_run_new();

	run->insns = insns;
	run->ended = true;
	run->base = AN_USUAL_BASE;
	run->kernel = mb_strdup("6.1.0");
	run->label = mb_strdup("");
	run->env = json_object();
	run->config = json_object();
	an_run_add_file(run, "x.jsonl");
	an_run_add_id(run, "", 0);
	return run;
}

/* The point migrate/batch=@batch,direction=to-device, made if need be. */
static struct an_point *batch_point(struct an_run *run, int batch)
{
	json_t *params = json_pack("{s:i,s:s}", "batch", batch, "direction", "to-device");
	char *name = mb_point_name("migrate", params);
	struct an_point *point = an_run_point(run, name);

	if (point)
		free(name);
	else
		point = an_run_add_point(run, name, "migrate", params, NULL);
	point->pages = (unsigned long)batch;
	json_decref(params);
	return point;
}

static void add_values(struct an_run *run, int batch, unsigned int boot, const char *metric,
		       const double *values, size_t count)
{
	struct an_point *point = batch_point(run, batch);
	struct an_metric *m = an_point_metric(point, metric);

	if (!m)
		m = an_point_add_metric(point, metric, run->insns ? "insns" : "ns");
	an_column_append(an_metric_column(m, boot), values, count);
	run->samples += count;
	if (boot >= run->boots)
		run->boots = boot + 1;
}

/* One boot with one sample. */
__attribute__((unused)) static void add_total(struct an_run *run, int batch, unsigned int boot,
					      double value)
{
	add_values(run, batch, boot, "total", &value, 1);
}

#endif
