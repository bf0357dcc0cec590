// SPDX-License-Identifier: GPL-2.0-or-later
/* What the answer to an ioctl may be, and what it counts for. */
#include <errno.h>
#include <stdbool.h>
#include <string.h>

#include "fuzz.h"

/* Bytes behind an answer that nobody may write. */
#define CANARY 64
#define CANARY_BYTE 0xc5

/* What migbench/uapi.h has for this call; everybody's, or its own. */
static bool may_say(unsigned int op, int error)
{
	switch (error) {
	case EFAULT:
	case EINVAL:
	case EINTR:
	case ENOMEM:
		return true;
	case EBADF:
	case ENOTTY:
		/* Thread 0 has closed the file meanwhile; another may have its number. */
		return true;
	case ENXIO:
		return op == 2 || op == 3 || op == 4 || op == 8;
	case EOPNOTSUPP:
		return op != 0 && op != 3 && op != 9 && op != 10;
	case EBUSY:
		return op == 1 || op == 6 || op == 9 || op == 10;
	case ETIMEDOUT:
	case EAGAIN:
	case EHWPOISON:
		/* The last two are the kernel's, of pages that can't be had. */
		return op == 9;
	default:
		return false;
	}
}

/* How many batches a request has; the bytes of its answer, as far as it has one. */
static unsigned long batches(uint64_t pages, uint32_t batch)
{
	return batch ? pages / batch + !!(pages % batch) : 0;
}

static unsigned long answer_bytes(unsigned int op, const union request *sent)
{
	const size_t size = sizeof(struct migbench_record);

	switch (op) {
	case 2:
		return batches(sent->migrate.pages, sent->migrate.batch) * size;
	case 3:
		return sent->faults.count * size;
	case 4:
		return batches(sent->evict.pages, sent->evict.batch) * size;
	case 5:
		return sent->query.pages;
	case 8:
		return sent->collect.pages;
	default:
		return 0;
	}
}

/* Where nothing may be written behind the answer, or NULL: it does not lie at the start of the thread's room for it. */
static unsigned char *end_of_answer(const struct thread *thread, unsigned int op,
				    const union request *sent, uint64_t at)
{
	unsigned long bytes = answer_bytes(op, sent);

	return at == (uint64_t)thread->answer && bytes <= ANSWER - CANARY ? thread->answer + bytes
									  : NULL;
}

void before_call(const struct thread *thread, unsigned int op, const union request *sent,
		 uint64_t at)
{
	unsigned char *end = end_of_answer(thread, op, sent, at);

	if (end)
		memset(end, CANARY_BYTE, CANARY);
}

/* What is no answer is as it was, within the request and behind both. */
static void look_behind(const struct thread *thread, unsigned int op, const union request *sent,
			const union request *got, uint64_t at)
{
	unsigned char *end = end_of_answer(thread, op, sent, at);
	union request want = *sent;

	for (unsigned int i = 0; end && i < CANARY; i++)
		if (end[i] != CANARY_BYTE)
			bad_news("ioctl %#x writes %u bytes behind its answer of %lu", 0x10 + op,
				 i + 1, answer_bytes(op, sent));
	switch (op) {
	case 0:
		want.info = got->info;
		break;
	case 2:
		want.migrate.done = got->migrate.done;
		break;
	case 3:
		want.faults.count = got->faults.count;
		want.faults.lost = got->faults.lost;
		break;
	case 4:
		want.evict.done = got->evict.done;
		break;
	case 6:
		memcpy(&want.count.flushes, &got->count.flushes,
		       sizeof(want.count) - offsetof(struct migbench_count, flushes));
		break;
	case 7:
		want.retention.supported = got->retention.supported;
		want.retention.now = got->retention.now;
		break;
	case 8:
		want.collect.collected = got->collect.collected;
		want.collect.addr = got->collect.addr; /* without a tag, on arm64 */
		want.collect.flushes = got->collect.flushes;
		want.collect.locked = got->collect.locked;
		break;
	case 10:
		want.listen.calls = got->listen.calls;
		break;
	}
	if (memcmp(&want, got, sizeof(want)))
		bad_news("ioctl %#x changes what is no answer of its request", 0x10 + op);
}

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

static void look_at_answer(struct thread *thread, unsigned int op, const union request *sent,
			   const union request *got)
{
	const struct migbench_record *records = (const void *)thread->answer;
	const size_t size = sizeof(*records);
	const unsigned int most_of_fault = HUGE > MIGBENCH_AROUND_MAX ? HUGE : MIGBENCH_AROUND_MAX;
	static const struct migbench_info none;

	switch (op) {
	case 0:
		if (got->info.size != sizeof(none) || got->info.flags ||
		    got->info.abi != MIGBENCH_ABI || got->info.kinds > 7 ||
		    got->info.free_pages > got->info.pages || got->info.page_size != PAGE ||
		    got->info.coherent_node > 1 || !got->info.tick_khz ||
		    got->info.pages > MIGBENCH_PAGES_MAX)
			bad_news("INFO says what can't be: kinds %#x, %lu pages of %lu, node %u",
				 got->info.kinds, (long)got->info.free_pages, (long)got->info.pages,
				 got->info.coherent_node);
		break;
	case 3:
		if (got->faults.count > sent->faults.count)
			bad_news("FAULTS gives %u records where there is room for %u",
				 got->faults.count, sent->faults.count);
		if (!mine(thread, sent->faults.records, got->faults.count * size))
			break;
		for (unsigned int i = 0; i < got->faults.count; i++)
			totals->faults += look_at_records(records + i, 1, most_of_fault, NULL) > 0;
		break;
	case 5:
		for (uint64_t i = 0;
		     mine(thread, sent->query.states, sent->query.pages) && i < sent->query.pages;
		     i++)
			if (!(thread->answer[i] & MIGBENCH_PTE_PRESENT) &&
			    thread->answer[i] & ~(MIGBENCH_PTE_DEVICE | MIGBENCH_PTE_HUGE))
				bad_news("QUERY says %#x of a page that is not there",
					 thread->answer[i]);
		break;
	case 6:
		if (sent->count.op == MIGBENCH_COUNT_STOP && got->count.full > got->count.flushes)
			bad_news("COUNT has %lu flushes of the whole TLB, and %lu altogether",
				 (long)got->count.full, (long)got->count.flushes);
		break;
	case 7:
		if (got->retention.supported > 1 || got->retention.now > got->retention.supported)
			bad_news("RETENTION answers %u and %u", got->retention.supported,
				 got->retention.now);
		break;
	case 8:
		totals->reached++;
		if (got->collect.collected > sent->collect.pages)
			bad_news("COLLECT has %u of %lu pages", got->collect.collected,
				 (long)sent->collect.pages);
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
static void look_at_done(struct thread *thread, unsigned int op, const union request *sent,
			 const union request *got, int error)
{
	const struct migbench_record *records = (const void *)thread->answer;
	bool moves = op == 2 && sent->migrate.direction < MIGBENCH_NOTHING;
	unsigned int done = op == 2 ? got->migrate.done : got->evict.done;
	unsigned int before = op == 2 ? sent->migrate.done : sent->evict.done;
	unsigned int batch = op == 2 ? sent->migrate.batch : sent->evict.batch;
	uint64_t pages = op == 2 ? sent->migrate.pages : sent->evict.pages, requested = 0;
	unsigned long all = batches(pages, batch);

	/* The request itself could not be read, or not written: a fault on it may find no memory. */
	if (error == EFAULT && done == before)
		return;
	if (done > all || (!error && done != all))
		bad_news("%u batches of %u for %lu pages are done, and the call has ended with %d",
			 done, batch, (long)pages, error);
	totals->reached += moves && done > 0;
	if (!mine(thread, op == 2 ? sent->migrate.records : sent->evict.records,
		  done * sizeof(*records)))
		return;
	if (op == 2 && !moves)
		return;
	count_moved(look_at_records(records, done, batch, op == 2 ? &sent->migrate : NULL));
	for (unsigned int i = 0; i < done; i++)
		requested += records[i].requested;
	if (op == 2 && !error && requested != pages)
		bad_news("%lu of %lu pages were asked for", (long)requested, (long)pages);
}

void look_at(struct thread *thread, unsigned int op, const union request *sent,
	     const union request *got, uint64_t at, int error)
{
	look_behind(thread, op, sent, got, at);
	if (error && !may_say(op, error))
		bad_news("ioctl %#x ends with %d, %s", 0x10 + op, error, strerror(error));
	if (!error)
		look_at_answer(thread, op, sent, got);
	/* Whatever else there is comes before the first batch. */
	if ((op == 2 || op == 4) && (!error || error == EFAULT || error == EINTR))
		look_at_done(thread, op, sent, got, error);
}
