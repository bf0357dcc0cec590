// SPDX-License-Identifier: GPL-2.0-or-later
/* A batch there and back: its memory, its device, and the check of what arrived. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bench/counting.h"
#include "bench/journey.h"
#include "bench/scene/bystanders.h"
#include "bench/scene/memcg.h"
#include "bench/scene/tiers.h"
#include "core/base/text.h"

/*
 * More than a CPU's free list holds in the lab's machines. On a large one it may hold more (from
 * Linux 6.7 on it grows with use); then samples spread as they would without.
 */
#define HELD_PAGES 2048

enum migbench_kind mb_journey_kind(const struct mb_point *point, const char *name)
{
	return mb_is(point, name, "private")	? MIGBENCH_PRIVATE
	       : mb_is(point, name, "coherent") ? MIGBENCH_COHERENT
						: MIGBENCH_SYSTEM;
}

bool mb_journey_is_huge(const struct mb_point *point)
{
	return mb_folio_is_huge(mb_journey_folio(point));
}

const struct mb_folio *mb_journey_folio(const struct mb_point *point)
{
	const struct mb_value *page = mb_value_find(point, "page");

	return mb_folio(page ? page->text : NULL);
}

struct mb_folio_request mb_journey_request(const struct mb_session *session,
					   const struct mb_point *point, unsigned long pages)
{
	const struct mb_value *nodes = mb_value_find(point, "nodes");

	return (struct mb_folio_request){ .folio = mb_journey_folio(point),
					  .pages = pages,
					  .nodes = { nodes ? nodes->number : 0,
						     nodes ? nodes->to : 0 },
					  .lab = session->guest };
}

/* The words that the point's benchmark has for sizes, or NULL if it has none. */
static const char *const *words_for_sizes(const struct mb_point *point)
{
	for (const struct mb_param *param = point->benchmark->params; param->name; param++)
		if (!strcmp(param->name, "page"))
			return param->words;
	return NULL;
}

/* Are @pages base pages whole pages of the point's size, and does the kernel offer it? */
static bool is_whole(const struct mb_session *session, const struct mb_point *point,
		     unsigned long pages, char why[MB_WHY])
{
	const struct mb_folio_request request = mb_journey_request(session, point, pages);

	if (pages % request.folio->pages == 0)
		return mb_folio_can(&request, why);
	snprintf(why, MB_WHY, "a batch of %lu base pages is no whole number of %s pages", pages,
		 request.folio->word);
	return false;
}

bool mb_point_can(struct mb_session *session, const struct mb_point *point, char why[MB_WHY])
{
	if (!mb_folio_fits(mb_journey_folio(point), words_for_sizes(point), why) ||
	    !mb_bystanders_can(session, point, why) || !mb_memcg_can(point, why))
		return false;
	if (point->benchmark->can)
		return point->benchmark->can(session, point, why);
	if (mb_value_find(point, "memory"))
		return mb_journey_can(session, point, mb_journey_kind(point, "memory"),
				      mb_pages(point), why);
	return is_whole(session, point, mb_pages(point), why) &&
	       (!mb_value_find(point, "nodes") || mb_session_has_nodes(session, point, why)) &&
	       mb_tiers_can(point, why);
}

bool mb_journey_can(struct mb_session *session, const struct mb_point *point,
		    enum migbench_kind kind, unsigned long pages, char why[MB_WHY])
{
	return is_whole(session, point, pages, why) && mb_session_has_nodes(session, point, why) &&
	       mb_session_device(session, kind, mb_value(point, "nodes")->to, NULL, why) >= 0;
}

/* @batches: that are counted with it; of a sample of two journeys the second counts for both. */
static bool move(struct mb_journey *journey, unsigned int direction, bool counted,
		 unsigned long batches, struct migbench_record *record, char why[MB_WHY])
{
	const struct mb_memory *memory = &journey->memory;
	int status;

	if (counted)
		mb_counting_begin(journey->session);
	status =
		mb_module_migrate(journey->fd, direction, journey->flags, memory->at, memory->pages,
				  (unsigned int)memory->pages, journey->home, record);
	if (counted)
		mb_counting_end(journey->session, batches);
	if (!status)
		return true;
	snprintf(why, MB_WHY, "the module cannot migrate %lu pages: %s", memory->pages,
		 strerror(errno));
	return false;
}

/* Pages of a size that some kernels leave where they are, by design: do they travel on this one? */
static bool is_accepted(struct mb_journey *journey, char why[MB_WHY])
{
	const struct mb_folio *folio = journey->memory.folio;
	struct migbench_record record = { 0 };

	if (!move(journey, MIGBENCH_TO_DEVICE, false, 0, &record, why)) {
		if (folio->hugetlb && errno == EINVAL)
			snprintf(why, MB_WHY,
				 "rejected by design: migrate_vma_setup() takes no hugetlb pages");
		return false;
	}
	if (!record.collected) {
		snprintf(why, MB_WHY,
			 "rejected by design: this kernel's migrate_vma_setup() collects no large "
			 "folio that is mapped by PTEs (Linux 6.19 does)");
		return false;
	}
	return move(journey, MIGBENCH_TO_SYSTEM, false, 0, &record, why);
}

bool mb_journey_begin(struct mb_journey *journey, struct mb_session *session,
		      const struct mb_point *point, enum migbench_kind kind, unsigned long pages,
		      char why[MB_WHY])
{
	const struct mb_value *nodes = mb_value(point, "nodes");
	struct mb_folio_request request;

	*journey = (struct mb_journey){ .session = session,
					.kind = kind,
					.home = nodes->number,
					.fd = -1,
					.there = nodes->to,
					.count_there = true };
	if (!mb_session_bind(session, point, why))
		return false;
	journey->fd = mb_session_device(session, journey->kind, nodes->to, &journey->tick_khz, why);
	if (journey->fd < 0)
		return false;
	request = mb_journey_request(session, point, pages);
	return mb_folio_begin(&request, why) &&
	       mb_memory_map_folios(&journey->memory, pages, nodes->number, request.folio,
				    session->verify, why) &&
	       (!mb_folio_needs_proof(request.folio) || is_accepted(journey, why));
}

bool mb_journey_pack(struct mb_journey *journey)
{
	struct mb_memory *memory = &journey->memory;
	bool good;

	if (!memory->huge) {
		mb_memory_fill(memory);
		return true;
	}
	mb_memory_unmap(&journey->held);
	good = mb_memory_renew(memory);
	return mb_memory_map(&journey->held, HELD_PAGES, journey->home, false, MB_VERIFY_STAMP) &&
	       good && mb_memory_sized(memory);
}

void mb_journey_end(struct mb_journey *journey)
{
	mb_memory_unmap(&journey->held);
	mb_memory_unmap(&journey->memory);
	mb_folio_end();
}

bool mb_journey_there(struct mb_journey *journey, struct migbench_record *record, char why[MB_WHY])
{
	return move(journey, MIGBENCH_TO_DEVICE, journey->count_there, !journey->count_back, record,
		    why);
}

bool mb_journey_back(struct mb_journey *journey, struct migbench_record *record, char why[MB_WHY])
{
	return move(journey, MIGBENCH_TO_SYSTEM, journey->count_back, 1, record, why);
}

unsigned long mb_journey_huge(const struct mb_journey *journey)
{
	uint8_t *states = mb_alloc(journey->memory.pages, sizeof(*states));
	unsigned long count = 0;

	if (mb_folio_needs_proof(journey->memory.folio)) {
		free(states);
		return mb_folio_count(journey->memory.folio, journey->memory.at,
				      journey->memory.pages);
	}
	if (!mb_module_query(journey->fd, journey->memory.at, journey->memory.pages, states))
		for (unsigned long i = 0; i < journey->memory.pages; i++)
			count += !!(states[i] & MIGBENCH_PTE_HUGE);
	free(states);
	return count;
}

bool mb_journey_intact(struct mb_journey *journey)
{
	unsigned long lost = mb_memory_lost(&journey->memory);

	journey->session->lost_pages += lost;
	return !lost;
}

bool mb_journey_witnessed(const struct mb_journey *journey, bool away)
{
	const struct mb_memory *memory = &journey->memory;
	bool hidden = away && journey->kind == MIGBENCH_PRIVATE;
	unsigned long present, elsewhere;

	if (memory->verify != MB_VERIFY_FULL)
		return true;
	if (!mb_memory_witness(memory, &present, &elsewhere))
		return false;
	if (hidden)
		return !present && elsewhere == memory->pages;
	if (present != memory->pages || elsewhere)
		return false;
	/* move_pages() does not name the node of a device page; that it left home shows. */
	if (away && journey->kind == MIGBENCH_COHERENT)
		return !mb_memory_on_node(memory, journey->home);
	return mb_memory_on_node(memory, away ? journey->there : journey->home) == memory->pages;
}

void mb_journey_add(const struct mb_journey *journey, const struct migbench_record *record,
		    double values[1 + MIGBENCH_PHASES])
{
	enum mb_clock clock = journey->session->clock;

	values[0] += mb_clock_ticks(clock, record->total, journey->tick_khz);
	for (int i = 0; i < MIGBENCH_PHASES; i++)
		values[1 + i] += mb_clock_ticks(clock, record->phase[i], journey->tick_khz);
}

bool mb_journey_complete(const struct migbench_record *record, unsigned long pages,
			 struct mb_counts *counts)
{
	*counts = (struct mb_counts){ record->requested, record->collected, record->migrated };
	return record->requested == pages && record->collected == pages &&
	       record->migrated == pages;
}

unsigned long mb_journey_largest(const struct mb_plan *plan)
{
	/* fault moves some pages at once however its points are written, and huge ones whole. */
	unsigned long largest = 512;

	for (size_t i = 0; i < plan->count; i++) {
		const struct mb_value *batch = mb_value_find(&plan->points[i], "batch");
		const struct mb_folio *folio = mb_journey_folio(&plan->points[i]);
		unsigned long pages = mb_pages(&plan->points[i]);
		const struct mb_value *threads = mb_value_find(&plan->points[i], "threads");
		bool same = mb_value_find(&plan->points[i], "range") &&
			    mb_is(&plan->points[i], "range", "same");

		if (!mb_folio_has_room(folio, 0))
			continue;
		/* Some are timed on a part of their batch. */
		if (batch && batch->number > pages)
			pages = batch->number;
		if (folio->pages > pages)
			pages = folio->pages;
		pages *= threads && !same ? threads->number : 1;
		/* What no request to the module can have needs none of its pages. */
		if (pages > largest && pages <= MIGBENCH_BATCH_MAX)
			largest = pages;
	}
	return largest;
}
