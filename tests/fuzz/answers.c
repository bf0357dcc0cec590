// SPDX-License-Identifier: GPL-2.0-or-later
/* What the answer to an ioctl may be, and what it counts for. */
#include <stdbool.h>

#include "fuzz.h"

/* What no record may say. Those of one batch are of the first, so @at_most is its size. */
static unsigned long look_at_records(const struct migbench_record *records, unsigned int count,
				     unsigned int at_most, const struct migbench_migrate *migrate)
{
	unsigned long moved = 0;

	for (unsigned int i = 0; i < count; i++) {
		const struct migbench_record *record = &records[i];
		uint64_t sum = 0;

		for (unsigned int phase = 0; phase < MIGBENCH_PHASES; phase++)
			sum += record->phase[phase];
		/* Frames that an eviction has listed may be others when it comes to them. */
		if (record->requested > at_most ||
		    (migrate && record->collected > record->requested) ||
		    record->migrated > record->collected || sum > record->total ||
		    record->first > record->total || (migrate && record->entry) ||
		    (record->first && !(migrate && migrate->flags & MIGBENCH_FIRST)))
			bad_news("record %u of %u is none: requested %u (at most %u), collected "
				 "%u, migrated %u, entry %#x, total %lu, phases %lu, first %lu",
				 i, count, record->requested, at_most, record->collected,
				 record->migrated, record->entry, (long)record->total, (long)sum,
				 (long)record->first);
		moved += record->migrated;
	}
	return moved;
}

static void count_moved(unsigned long pages)
{
	totals->moved += pages > 0;
	totals->pages += pages;
}

/* Only where the answer lies in the thread's own room: else its guard or nothing was written. */
static bool mine(const struct thread *thread, uint64_t answer, size_t size)
{
	return answer == (uint64_t)thread->answer && size <= ANSWER;
}

void look_at_answer(struct thread *thread, unsigned int op, const union request *sent,
		    const union request *got)
{
	const struct migbench_record *records = (const void *)thread->answer;
	const size_t size = sizeof(*records);
	static const struct migbench_info none;

	switch (op) {
	case 0:
		if (got->info.size != sizeof(none) || got->info.flags ||
		    got->info.abi != MIGBENCH_ABI || got->info.kinds > 7 ||
		    got->info.free_pages > got->info.pages || got->info.page_size != PAGE ||
		    got->info.coherent_node > 1)
			bad_news("INFO says what can't be: kinds %#x, %lu pages of %lu, node %u",
				 got->info.kinds, (long)got->info.free_pages, (long)got->info.pages,
				 got->info.coherent_node);
		break;
	case 3:
		if (mine(thread, sent->faults.records, got->faults.count * size)) {
			if (got->faults.count > sent->faults.count)
				bad_news("FAULTS gives more records than there is room for");
			for (unsigned int i = 0; i < got->faults.count; i++)
				totals->faults +=
					look_at_records(records + i, 1, 1U << 20, NULL) > 0;
		}
		break;
	case 7:
		if (got->retention.supported > 1 || got->retention.now > 1)
			bad_news("RETENTION answers %u and %u", got->retention.supported,
				 got->retention.now);
		break;
	case 8:
		totals->reached++;
		if (got->collect.locked > got->collect.flushes ||
		    (!(sent->collect.flags & MIGBENCH_COLLECT_WATCH) && got->collect.flushes))
			bad_news("COLLECT counts %u flushes, %u of them locked",
				 got->collect.flushes, got->collect.locked);
		for (uint64_t i = 0; mine(thread, sent->collect.sources, sent->collect.pages) &&
				     i < sent->collect.pages;
		     i++)
			if (thread->answer[i] & ~15)
				bad_news("COLLECT's source %lu has bits %#x", (long)i,
					 thread->answer[i]);
		break;
	}
}

/* Batches that were done count whatever the call's end was. */
void look_at_done(struct thread *thread, unsigned int op, const union request *sent,
		  const union request *got)
{
	const struct migbench_record *records = (const void *)thread->answer;
	unsigned int done;

	if (op == 2 && sent->migrate.direction < MIGBENCH_NOTHING) {
		done = got->migrate.done;
		totals->reached += done > 0;
		if (mine(thread, sent->migrate.records, done * sizeof(*records)))
			count_moved(look_at_records(records, done, sent->migrate.batch,
						    &sent->migrate));
	} else if (op == 4) {
		done = got->evict.done;
		if (mine(thread, sent->evict.records, done * sizeof(*records)))
			count_moved(look_at_records(records, done, sent->evict.batch, NULL));
	}
}
