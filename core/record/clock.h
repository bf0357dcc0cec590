/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The two clocks of a run, and what they are called. */
#ifndef MIGBENCH_CORE_RECORD_CLOCK_H
#define MIGBENCH_CORE_RECORD_CLOCK_H

#include <stdbool.h>

enum mb_clock {
	MB_TIME, /* unit ns: time as it passes */
	MB_INSNS, /* unit insns: under QEMU -icount shift=0 an instruction is a nanosecond */
};

/* "time" or "insns" into *@clock; false on anything else, NULL included. */
bool mb_clock_parse(const char *text, enum mb_clock *clock);
const char *mb_clock_name(enum mb_clock clock);
const char *mb_clock_unit(enum mb_clock clock);

#endif
