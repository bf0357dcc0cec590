/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Pages on their way to a device and back: what the migrating benchmarks share. */
#ifndef MIGBENCH_BENCH_JOURNEY_H
#define MIGBENCH_BENCH_JOURNEY_H

#include "bench/memory.h"
#include "bench/plan.h"
#include "bench/session.h"

/* The parameters that every journey has, for a benchmark's table. */
#define MB_PARAM_MEMORY                                                                            \
	MB_PARAM_WORD("memory",                                                                    \
		      "private or coherent device memory; system: ordinary memory of the other "   \
		      "node",                                                                      \
		      "private", "private", "coherent", "system")
#define MB_PARAM_PAGE                                                                              \
	MB_PARAM_WORD("page",                                                                      \
		      "page size before the journey; batches are in base pages all the same",      \
		      MB_SIZE_BASE, MB_PAGE_WORDS)
/* The same with every size that a page can have. */
#define MB_PARAM_FOLIO                                                                             \
	MB_PARAM_WORD("page",                                                                      \
		      "page size before the journey; batches are in base pages all the same; "     \
		      "base, pmd: what the machine has; -pte: a huge page that is mapped by PTEs", \
		      MB_SIZE_BASE, MB_FOLIO_WORDS)
#define MB_PARAM_JOURNEY MB_PARAM_NODES("FROM>TO: of the system pages, and of the device memory")

struct mb_journey {
	struct mb_session *session;
	struct mb_memory memory;
	enum migbench_kind kind;
	int fd;
	uint64_t tick_khz;
	unsigned long home, there; /* nodes */
	unsigned int flags; /* MIGBENCH_FIRST, … for the next journeys */
	bool count_there, count_back; /* which of the two a counting pass counts */
	struct mb_memory held; /* on home: see mb_journey_pack() */
};

/*
 * Can @point be measured here? What its benchmark says, and where that says nothing: a batch is
 * whole pages of the point's size, the machine has its nodes, and, with a parameter memory, the
 * module has a device of that kind. false with @why.
 */
bool mb_point_can(struct mb_session *session, const struct mb_point *point, char why[MB_WHY]);
/* Can the module and the nodes of @point move @pages pages as one batch to a device of @kind? */
bool mb_journey_can(struct mb_session *session, const struct mb_point *point,
		    enum migbench_kind kind, unsigned long pages, char why[MB_WHY]);
/* Pages that the largest batch of @plan has, which a device must have room for. */
unsigned long mb_journey_largest(const struct mb_plan *plan);
/* The kind that @point's word of the parameter @name means; any other word: ordinary memory. */
enum migbench_kind mb_journey_kind(const struct mb_point *point, const char *name);
/* Does @point want huge pages? */
bool mb_journey_is_huge(const struct mb_point *point);
/* The size of @point's pages. */
const struct mb_folio *mb_journey_folio(const struct mb_point *point);
/* What @point asks of the kernel's sizes for @pages base pages: for mb_folio_begin(). */
struct mb_folio_request mb_journey_request(const struct mb_session *session,
					   const struct mb_point *point, unsigned long pages);

/*
 * Bind, map @pages pages on the first of @point's nodes, open the device of @kind on the second.
 * false with @why; mb_journey_end() in both cases, and of a journey that is all zero.
 */
bool mb_journey_begin(struct mb_journey *journey, struct mb_session *session,
		      const struct mb_point *point, enum migbench_kind kind, unsigned long pages,
		      char why[MB_WHY]);
void mb_journey_end(struct mb_journey *journey);

/*
 * New content in every page, and whole huge pages where the point wants them.
 * Returns false if the kernel did not give pages of the size that is claimed.
 *
 * A huge page comes back as base pages, which the next pack frees to the CPU's list of free pages.
 * In every other sample that list would have no room left for the pages that the journey itself
 * frees, and each would go on to the buddy allocator (up to 800 instructions more a page). So the
 * list is emptied first: its pages are held until the next pack.
 */
bool mb_journey_pack(struct mb_journey *journey);

/* Move all pages as one batch to the device (or back); false with @why if the module refuses. */
bool mb_journey_there(struct mb_journey *journey, struct migbench_record *record, char why[MB_WHY]);
bool mb_journey_back(struct mb_journey *journey, struct migbench_record *record, char why[MB_WHY]);

/*
 * Base pages that are in huge pages still, mapped as such, here or on the device; of another size,
 * in ordinary folios of that size.
 */
unsigned long mb_journey_huge(const struct mb_journey *journey);

/*
 * With all pages back: is every page's content what it was before the journey?
 * A loss is counted in the session, which makes the run's answer bad news.
 */
bool mb_journey_intact(struct mb_journey *journey);

/*
 * Under verify = full, ask the kernel, not the module, whether all pages are
 * where they should be: @away or home, by /proc/self/pagemap and move_pages(2).
 * true also when nothing is to be asked.
 */
bool mb_journey_witnessed(const struct mb_journey *journey, bool away);

/* A record's total and phases, added to values[0…MIGBENCH_PHASES] in the clock's unit. */
void mb_journey_add(const struct mb_journey *journey, const struct migbench_record *record,
		    double values[1 + MIGBENCH_PHASES]);

/* requested, collected and migrated of a record; true if all three are @pages. */
bool mb_journey_complete(const struct migbench_record *record, unsigned long pages,
			 struct mb_counts *counts);

#endif
