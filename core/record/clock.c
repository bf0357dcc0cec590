// SPDX-License-Identifier: GPL-2.0-or-later
/* The two clocks of a run, and what they are called. */
#include <string.h>

#include "core/record/clock.h"

bool mb_clock_parse(const char *text, enum mb_clock *clock)
{
	if (text && !strcmp(text, "time"))
		*clock = MB_TIME;
	else if (text && !strcmp(text, "insns"))
		*clock = MB_INSNS;
	else
		return false;
	return true;
}

const char *mb_clock_name(enum mb_clock clock)
{
	return clock == MB_TIME ? "time" : "insns";
}

const char *mb_clock_unit(enum mb_clock clock)
{
	return clock == MB_TIME ? "ns" : "insns";
}
