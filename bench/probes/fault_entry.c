// SPDX-License-Identifier: GPL-2.0-or-later
/* What has the kernel done to a page before it asks the driver to bring it back? */
#include "bench/probe_kit.h"

/* The page's state on entry to the callback, from its fault record. */
static bool entry(unsigned int *state, char why[MB_WHY])
{
	int fd = mb_kit_open(MIGBENCH_PRIVATE, MB_PROBE_PAGES, why);
	struct migbench_record record, fault = { 0 };
	struct mb_memory memory;

	if (fd < 0 || !mb_kit_map(&memory, 1, why) ||
	    !mb_kit_move(fd, MIGBENCH_TO_DEVICE, &memory, &record, why))
		return false;
	(void)*(volatile unsigned char *)memory.at;
	if (mb_module_faults(fd, &fault, 1, NULL) == 1) {
		*state = fault.entry;
		return true;
	}
	mb_kit_say(MB_SKIPPED, why, "no fault was seen");
	return false;
}

static enum mb_answer ask_reference(char why[MB_WHY])
{
	unsigned int state;

	if (!entry(&state, why))
		return MB_SKIPPED;
	return mb_kit_say(state & MIGBENCH_ENTRY_REFERENCES ? MB_PRESENT : MB_ABSENT, why,
			  "%u references on the page besides its mapping's",
			  state & MIGBENCH_ENTRY_REFERENCES);
}

static enum mb_answer ask_lock(char why[MB_WHY])
{
	unsigned int state;

	if (!entry(&state, why))
		return MB_SKIPPED;
	return mb_kit_say(state & MIGBENCH_ENTRY_LOCKED ? MB_PRESENT : MB_ABSENT, why,
			  "the page is %s",
			  state & MIGBENCH_ENTRY_LOCKED ? "locked" : "not locked");
}

static const struct mb_probe fault_reference = {
	.id = "fault-reference",
	.commit = "16ce101db85d",
	.date = "2022-10-12",
	.release = "6.1",
	.title = "migrate_to_ram is called with a reference on the page",
	.verified = true,
	.ask = ask_reference,
};

static const struct mb_probe fault_lock = {
	.id = "fault-lock",
	.commit = "1afaeb8293c9",
	.date = "2025-03-06",
	.release = "6.15",
	.title = "migrate_to_ram is called with the page locked",
	.verified = true,
	.ask = ask_lock,
};

MB_PROBE(fault_reference)
MB_PROBE(fault_lock)
