// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "bench/journey.h"

bool mb_journey_can(struct mb_session *session, const struct mb_point *point, char why[MB_WHY])
{
	return mb_session_has_nodes(session, point, why) &&
	       mb_session_device(session, mb_value(point, "nodes")->to, NULL, why) >= 0;
}

bool mb_journey_begin(struct mb_journey *journey, struct mb_session *session,
		      const struct mb_point *point, unsigned long pages, char why[MB_WHY])
{
	const struct mb_value *nodes = mb_value(point, "nodes");

	*journey = (struct mb_journey){ .session = session, .home = nodes->number };
	if (!mb_session_bind(session, point, why))
		return false;
	journey->fd = mb_session_device(session, nodes->to, &journey->tick_khz, why);
	if (journey->fd < 0)
		return false;
	if (mb_memory_map(&journey->memory, pages, nodes->number, session->verify))
		return true;
	snprintf(why, MB_WHY, "no memory of %lu pages on node %lu: %s", pages, nodes->number,
		 strerror(errno));
	return false;
}

void mb_journey_end(struct mb_journey *journey)
{
	mb_memory_unmap(&journey->memory);
}

static bool move(struct mb_journey *journey, unsigned int direction, struct migbench_record *record,
		 char why[MB_WHY])
{
	const struct mb_memory *memory = &journey->memory;

	if (!mb_module_migrate(journey->fd, direction, memory->at, memory->pages,
			       (unsigned int)memory->pages, journey->home, record))
		return true;
	snprintf(why, MB_WHY, "the module cannot migrate %lu pages: %s", memory->pages,
		 strerror(errno));
	return false;
}

bool mb_journey_there(struct mb_journey *journey, struct migbench_record *record, char why[MB_WHY])
{
	return move(journey, MIGBENCH_TO_DEVICE, record, why);
}

bool mb_journey_back(struct mb_journey *journey, struct migbench_record *record, char why[MB_WHY])
{
	return move(journey, MIGBENCH_TO_SYSTEM, record, why);
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
	unsigned long present, elsewhere;

	if (memory->verify != MB_VERIFY_FULL)
		return true;
	return mb_memory_witness(memory, &present, &elsewhere) &&
	       present == (away ? 0 : memory->pages) && elsewhere == (away ? memory->pages : 0);
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
