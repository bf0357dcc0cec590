// SPDX-License-Identifier: GPL-2.0-or-later
/* How a run is spoken of: clock, unit, kernel. */
#include "analysis/base/text.h"
#include "analysis/run/describe.h"

bool an_shape_only(const struct an_run *run)
{
	return run->emulated && !run->insns;
}

const char *an_unit(const struct an_run *run)
{
	if (run->insns)
		return "instructions";
	return run->emulated ? "host ns (emulated)" : "ns";
}

const char *an_clock_words(const struct an_run *run)
{
	if (run->insns)
		return run->emulated ? "clock insns (instructions executed), emulated"
				     : "clock insns (instructions executed)";
	return run->emulated ? "clock time (of the host), emulated: shape, not speed"
			     : "clock time";
}

char *an_run_words(const struct an_run *run)
{
	return mb_format("Linux %s, %s", run->kernel, an_clock_words(run));
}

char *an_finding_lead(const struct an_run *run)
{
	if (run->insns)
		return mb_format("Linux %s, instruction clock: ", run->kernel);
	if (run->emulated)
		return mb_format("Linux %s, host-clock time in emulation (shape and function, "
				 "not speed): ",
				 run->kernel);
	return mb_format("Linux %s, time: ", run->kernel);
}

char *an_run_stem(struct an_run *const *runs, size_t at)
{
	size_t before = 0;

	for (size_t i = 0; i < at; i++)
		before += runs[i]->insns == runs[at]->insns;
	return before ? mb_format("%s-%zu", an_run_clock(runs[at]), before + 1)
		      : mb_format("%s", an_run_clock(runs[at]));
}
