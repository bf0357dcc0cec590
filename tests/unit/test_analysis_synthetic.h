/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Synthetic runs whose truth is known, for the tests of the analysis; included by one file each. */
#ifndef MIGBENCH_TESTS_ANALYSIS_SYNTHETIC_H
#define MIGBENCH_TESTS_ANALYSIS_SYNTHETIC_H

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>
#include <cmocka.h>

#include "analysis/run/read.h"
#include "analysis/stats/summary.h"
#include "core/status.h"

#define BATCHES 8 /* 1 … 128 */

/* The truth behind a synthetic run. */
struct truth {
	double fixed, per_page; /* of a journey to the device; a tenth less on the way back */
	double step; /* more a page from batch 32 on */
	double copy; /* a page */
	double fault;
	bool time, real; /* the clock, and whether the machine is */
	unsigned int boots;
	double boot_shift; /* added to every total of each further boot */
	const char *kernel;
};

static const struct truth plain = {
	.fixed = 10000, .per_page = 3000, .copy = 514, .fault = 6600, .boots = 2, .kernel = "6.1.7"
};

static void point(FILE *out, int id, const char *benchmark, const char *params)
{
	fprintf(out, "{\"type\":\"point\",\"id\":%d,\"benchmark\":\"%s\",\"params\":{%s}}\n", id,
		benchmark, params);
}

/* A block of nine samples around @total, half of it in setup and @copy in copy. */
static void block(FILE *out, const struct truth *truth, int id, unsigned int boot, int pages,
		  double total, double copy)
{
	const char *unit = truth->time ? "ns" : "insns";

	total += truth->boot_shift * boot;
	fprintf(out,
		"{\"type\":\"block\",\"point\":%d,\"boot\":%u,\"round\":1,\"pages\":%d,"
		"\"requested\":%d,\"collected\":%d,\"migrated\":%d,\"invalid\":0,\"metrics\":{",
		id, boot, pages, pages, pages, pages);
	for (int m = 0; m < 3; m++) {
		double value = m == 0 ? total : m == 1 ? total / 2 : copy;

		fprintf(out, "%s\"%s\":{\"unit\":\"%s\",\"values\":[", m ? "," : "",
			m == 0	 ? "total"
			: m == 1 ? "setup"
				 : "copy",
			unit);
		for (int i = -4; i <= 4; i++)
			fprintf(out, "%s%.17g", i > -4 ? "," : "", value + (m ? 0 : i));
		fputs("]}", out);
	}
	fputs("}}\n", out);
}

static double cost(const struct truth *truth, int batch)
{
	return truth->fixed + (truth->per_page + (batch >= 32 ? truth->step : 0)) * batch;
}

static void write_run(const char *path, const struct truth *truth)
{
	FILE *out = fopen(path, "w");
	char params[256];

	assert_non_null(out);
	fprintf(out,
		"{\"type\":\"run\",\"format\":1,\"clock\":\"%s\",\"seed\":1,\"env\":{\"kernel\":"
		"\"%s\",\"emulated\":%s},\"config\":{\"suite\":\"s\"}}\n",
		truth->time ? "time" : "insns", truth->kernel, truth->real ? "false" : "true");
	for (unsigned int boot = 0; boot < truth->boots; boot++) {
		for (int b = 0; b < BATCHES; b++) {
			int n = 1 << b;

			for (int back = 0; back < 2; back++) {
				snprintf(params, sizeof(params),
					 "\"batch\":%d,\"direction\":\"%s\",\"nodes\":\"0>1\","
					 "\"page\":\"4k\",\"memory\":\"private\"",
					 n, back ? "to-system" : "to-device");
				point(out, 2 * b + back, "migrate", params);
				block(out, truth, 2 * b + back, boot, n,
				      cost(truth, n) * (back ? 0.9 : 1), truth->copy * n);
			}
			snprintf(params, sizeof(params),
				 "\"batch\":%d,\"nodes\":\"0>1\",\"page\":\"4k\"", n);
			point(out, 100 + b, "copy", params);
			block(out, truth, 100 + b, boot, n, truth->copy * n, 0);
		}
		point(out, 200, "fault",
		      "\"access\":\"read\",\"memory\":\"private\",\"nodes\":\"0>1\",\"page\":\"4k\"");
		block(out, truth, 200, boot, 1, truth->fault, truth->copy);
		point(out, 201, "strange", "\"a|b\":\"<x>\"");
		fprintf(out, "{\"type\":\"skip\",\"point\":201,\"boot\":%u,\"why\":\"no | way\"}\n",
			boot);
	}
	fputs("{\"type\":\"end\"}\n", out);
	fclose(out);
}

static struct an_run *run_of(const char *file, const struct truth *truth)
{
	struct an_run *run;

	write_run(file, truth);
	assert_int_equal(an_run_read(file, &run), MB_OK);
	an_summarise(run);
	return run;
}

#endif
