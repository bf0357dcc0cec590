/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Pages on their way to a device and back: what the migrating benchmarks share. */
#ifndef MIGBENCH_BENCH_JOURNEY_H
#define MIGBENCH_BENCH_JOURNEY_H

#include "bench/memory.h"
#include "bench/session.h"

struct mb_journey {
	struct mb_session *session;
	struct mb_memory memory;
	int fd;
	uint64_t tick_khz;
	unsigned long home; /* the node that the pages come from and return to */
};

/* Can the module and the nodes of @point do it at all? Fits mb_case.can. */
bool mb_journey_can(struct mb_session *session, const struct mb_point *point, char why[MB_WHY]);

/* Bind, map @pages pages on the first of @point's nodes, open the device on the second. */
bool mb_journey_begin(struct mb_journey *journey, struct mb_session *session,
		      const struct mb_point *point, unsigned long pages, char why[MB_WHY]);
void mb_journey_end(struct mb_journey *journey);

/* Move all pages as one batch to the device (or back); false with @why if the module refuses. */
bool mb_journey_there(struct mb_journey *journey, struct migbench_record *record, char why[MB_WHY]);
bool mb_journey_back(struct mb_journey *journey, struct migbench_record *record, char why[MB_WHY]);

/*
 * With all pages back: is every page's content what it was before the journey?
 * A loss is counted in the session, which makes the run's answer bad news.
 */
bool mb_journey_intact(struct mb_journey *journey);

/*
 * Under verify = full, ask /proc/self/pagemap whether all pages are device
 * entries (@away) or present. true also when nothing is to be asked.
 */
bool mb_journey_witnessed(const struct mb_journey *journey, bool away);

/* A record's total and phases, added to values[0…MIGBENCH_PHASES] in the clock's unit. */
void mb_journey_add(const struct mb_journey *journey, const struct migbench_record *record,
		    double values[1 + MIGBENCH_PHASES]);

/* requested, collected and migrated of a record; true if all three are @pages. */
bool mb_journey_complete(const struct migbench_record *record, unsigned long pages,
			 struct mb_counts *counts);

#endif
