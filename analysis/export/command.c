// SPDX-License-Identifier: GPL-2.0-or-later
/* migbench export: the command line. */
#include <stdlib.h>
#include <string.h>

#include "analysis/base/text.h"
#include "analysis/commands.h"
#include "analysis/export/export.h"
#include "analysis/run/operands.h"
#include "core/options.h"
#include "core/status.h"

#define MAX_RUNS 1024

static const struct format {
	const char *name;
	bool several; /* runs */
	void (*print)(struct an_run *const *runs, size_t count);
} formats[] = {
	{ "benchstat", false, an_export_benchstat },
	{ "csv", false, an_export_csv },
	{ "otava", true, an_export_otava },
};

static const struct format *find_format(const char *name)
{
	for (size_t i = 0; name && i < sizeof(formats) / sizeof(formats[0]); i++)
		if (!strcmp(formats[i].name, name))
			return &formats[i];
	mb_fail(MB_REQUEST, "export: --format is benchstat, csv or otava%s%s%s",
		name ? ", not '" : "", name ? name : "", name ? "'" : "");
	return NULL;
}

/* The other programs know nothing of runs that don't hold, or of a row without its time. */
static int check(struct an_run *run, const struct format *format, bool force)
{
	int status = an_operands_check(&run, 1, force);

	if (!status && format->print == an_export_otava && !*run->started)
		status = mb_fail(MB_REQUEST,
				 "%s: the run record has no \"started\", and a series "
				 "needs the time",
				 run->files[0]);
	return status;
}

int analysis_export(int argc, char **argv)
{
	const char *name = NULL;
	bool force = false;
	const struct mb_option options[] = {
		{ "format", "benchstat|csv|otava", "the format", MB_OPT_STRING, &name, 0, 0 },
		{ "force", NULL, "export a run whose file says that it is invalid", MB_OPT_FLAG,
		  &force, 0, 0 },
		{ 0 },
	};
	const struct mb_usage usage = {
		.command = "export",
		.needs = "--format benchstat|csv|otava",
		.operands = "RUN…",
		.summary = "Write a run in the format of another program: benchstat (a line "
			   "for each boot; compare two with benchstat -col kernel A B), csv "
			   "(a row for each value) or otava (a row for each boot; takes "
			   "several runs).",
		.example = "migbench export run.jsonl --format benchstat",
		.min_operands = 1,
		.max_operands = MAX_RUNS,
	};
	int first, status = mb_options(&usage, options, argc, argv, &first);
	const struct format *format;
	struct an_run **runs;
	size_t count;

	if (status != MB_PARSED)
		return status;
	format = find_format(name);
	if (!format)
		return MB_REQUEST;
	count = (size_t)(argc - first);
	if (count > 1 && !format->several)
		return mb_fail(MB_REQUEST,
			       "export: --format %s takes one run (its boots may be several files "
			       "with commas between them)",
			       format->name);
	runs = mb_alloc(count, sizeof(*runs));
	status = MB_OK;
	for (size_t i = 0; i < count && !status; i++) {
		status = an_operand_read(argv[first + (int)i], &runs[i]);
		status = status ?: check(runs[i], format, force);
		if (!status && runs[i]->insns != runs[0]->insns)
			status = mb_fail(MB_REQUEST,
					 "%s has the clock %s and %s has %s: one series has one "
					 "clock",
					 runs[0]->files[0], an_run_clock(runs[0]),
					 runs[i]->files[0], an_run_clock(runs[i]));
	}
	if (!status)
		format->print(runs, count);
	for (size_t i = 0; i < count; i++)
		an_run_free(runs[i]);
	free(runs);
	return status;
}
