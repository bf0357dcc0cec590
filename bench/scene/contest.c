// SPDX-License-Identifier: GPL-2.0-or-later
/* Threads against each other, and against who uses, gives back, maps or forks. */
#include <errno.h>
#include <math.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "bench/counting.h"
#include "bench/scene/contest.h"
#include "core/base/text.h"

struct mb_contest {
	struct mb_journey *journey;
	struct mb_crowd *crowd;
	unsigned int threads;
	unsigned long batch;
	bool same;
	void (*rival)(struct mb_contest *contest, unsigned long turn); /* NULL: there is none */
	atomic_uint running; /* threads that migrate still */
	unsigned long turns; /* of the rival */
	int errors[MB_MAX_CROWD];
	struct migbench_record records[MB_MAX_CROWD];
};

/* From the last page on: the migration comes from the other end. */
static unsigned long page_of(const struct mb_contest *contest, unsigned long turn)
{
	unsigned long pages = contest->journey->memory.pages;

	return pages - 1 - turn % pages;
}

static volatile uint64_t *last_word(const struct mb_contest *contest, unsigned long page)
{
	const struct mb_memory *memory = &contest->journey->memory;

	return (volatile uint64_t *)(memory->at + (page + 1) * memory->page_size) - 1;
}

static void read_page(struct mb_contest *contest, unsigned long turn)
{
	(void)*last_word(contest, page_of(contest, turn));
}

/* The content stays what it is, so that it can be checked. */
static void write_page(struct mb_contest *contest, unsigned long turn)
{
	unsigned long page = page_of(contest, turn);

	*last_word(contest, page) = mb_memory_last_word(&contest->journey->memory, page);
}

static void discard_page(struct mb_contest *contest, unsigned long turn)
{
	const struct mb_memory *memory = &contest->journey->memory;

	madvise(memory->at + page_of(contest, turn) * memory->page_size, memory->page_size,
		MADV_DONTNEED);
}

/* Elsewhere: it is the lock of all mappings that is wanted by both. */
static void map_page(struct mb_contest *contest, unsigned long turn)
{
	size_t size = contest->journey->memory.page_size;
	void *at = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	(void)turn;
	if (at != MAP_FAILED)
		munmap(at, size);
}

static void fork_once(struct mb_contest *contest, unsigned long turn)
{
	int child = fork();

	(void)contest;
	(void)turn;
	if (!child)
		_exit(0);
	if (child > 0)
		waitpid(child, NULL, 0);
}

static const struct {
	const char *name;
	void (*turn)(struct mb_contest *contest, unsigned long turn);
} rivals[] = {
	{ "none", NULL },	  { "reader", read_page },
	{ "writer", write_page }, { "discarder", discard_page },
	{ "mapper", map_page },	  { "forker", fork_once },
};

static void (*rival_of(const struct mb_point *point))(struct mb_contest *, unsigned long)
{
	for (size_t i = 0; i < sizeof(rivals) / sizeof(rivals[0]); i++)
		if (mb_is(point, "rival", rivals[i].name))
			return rivals[i].turn;
	abort();
}

unsigned int mb_contest_size(const struct mb_point *point)
{
	return (unsigned int)mb_value(point, "threads")->number + !!rival_of(point);
}

bool mb_contest_can(const struct mb_session *session, const struct mb_point *point,
		    char why[MB_WHY])
{
	unsigned int size = mb_contest_size(point), have = mb_topology_cpus(session->topology);
	bool same = mb_is(point, "range", "same");
	unsigned long all = mb_pages(point) * mb_value(point, "threads")->number;

	if (size == 1 && same)
		snprintf(why, MB_WHY, "one thread has a range of its own");
	else if (size == 1)
		return true;
	else if (size > have)
		snprintf(why, MB_WHY, "%u threads need as many CPUs, and this machine has %u", size,
			 have);
	else if (!mb_is(point, "direction", "to-device") || !mb_is(point, "state", "exclusive") ||
		 !mb_is(point, "lru", "left") || !mb_is(point, "copy", "page") ||
		 mb_value(point, "offset")->number || mb_journey_folio(point)->pages != 1)
		snprintf(why, MB_WHY,
			 "several threads move plain base pages, and to the device only");
	else if (!same && all > MIGBENCH_BATCH_MAX)
		snprintf(why, MB_WHY, "%lu pages of all threads are more than one batch back: %d",
			 all, MIGBENCH_BATCH_MAX);
	else
		return true;
	return false;
}

struct mb_contest *mb_contest_begin(struct mb_journey *journey, const struct mb_point *point,
				    char why[MB_WHY])
{
	struct mb_contest *contest = mb_alloc(1, sizeof(*contest));

	contest->journey = journey;
	contest->threads = (unsigned int)mb_value(point, "threads")->number;
	contest->batch = mb_pages(point);
	contest->same = mb_is(point, "range", "same");
	contest->rival = rival_of(point);
	contest->crowd = mb_crowd_start(journey->session, mb_contest_size(point), why);
	if (contest->crowd)
		return contest;
	free(contest);
	return NULL;
}

void mb_contest_end(struct mb_contest *contest)
{
	if (!contest)
		return;
	mb_crowd_stop(contest->crowd);
	free(contest);
}

static void work(void *user, unsigned int who)
{
	struct mb_contest *contest = user;
	const struct mb_journey *journey = contest->journey;
	unsigned long first = contest->same ? 0 : who * contest->batch;

	if (who == contest->threads) {
		for (; atomic_load(&contest->running); contest->turns++)
			contest->rival(contest, contest->turns);
		return;
	}
	contest->errors[who] = 0;
	if (mb_module_migrate(journey->fd, MIGBENCH_TO_DEVICE, 0,
			      journey->memory.at + first * journey->memory.page_size,
			      contest->batch, (unsigned int)contest->batch, journey->home,
			      &contest->records[who]))
		contest->errors[who] = errno;
	atomic_fetch_sub(&contest->running, 1);
}

/* Pages that a discarder gave back are empty; all others are as they were. */
static bool intact(const struct mb_contest *contest)
{
	const struct mb_memory *memory = &contest->journey->memory;
	unsigned long lost = 0;

	for (unsigned long page = 0; page < memory->pages; page++)
		lost += !mb_memory_is_kept(memory, page) &&
			!(contest->rival == discard_page && mb_memory_is_zero(memory, page));
	contest->journey->session->lost_pages += lost;
	return !lost;
}

static void note(const struct mb_contest *contest)
{
	struct mb_session *session = contest->journey->session;
	unsigned long collected = 0, migrated = 0, most = 0;

	for (unsigned int who = 0; who < contest->threads; who++) {
		const struct migbench_record *record = &contest->records[who];

		collected += record->collected;
		migrated += record->migrated;
		most = record->migrated > most ? record->migrated : most;
	}
	mb_counting_note(session, "collected_by_all", (double)collected);
	mb_counting_note(session, "migrated_by_all", (double)migrated);
	mb_counting_note(session, "migrated_by_one", (double)most);
	if (contest->rival)
		mb_counting_note(session, "rival_turns", (double)contest->turns);
}

bool mb_contest_sample(struct mb_contest *contest, struct mb_block *block, size_t metrics,
		       char why[MB_WHY])
{
	struct mb_journey *journey = contest->journey;
	bool all = !contest->same && !contest->rival, good;
	struct migbench_record back;

	good = mb_journey_pack(journey);
	contest->turns = 0;
	atomic_store(&contest->running, contest->threads);
	mb_counting_begin(journey->session);
	mb_crowd_ready(contest->crowd, work, contest);
	mb_crowd_run(contest->crowd);
	mb_counting_end(journey->session, 1);
	for (unsigned int who = 0; who < contest->threads; who++)
		if (contest->errors[who]) {
			snprintf(why, MB_WHY, "the module cannot migrate %lu pages: %s",
				 contest->batch, strerror(contest->errors[who]));
			return false;
		}
	note(contest);
	if (!mb_journey_back(journey, &back, why))
		return false;
	good &= intact(contest);
	for (unsigned int who = 0; who < contest->threads; who++) {
		double values[MB_MAX_METRICS];
		struct mb_counts counts;
		bool whole = mb_journey_complete(&contest->records[who], contest->batch, &counts);

		for (size_t i = 0; i < metrics; i++)
			values[i] = i <= MIGBENCH_PHASES ? 0 : NAN;
		mb_journey_add(journey, &contest->records[who], values);
		if (good && (whole || !all))
			mb_block_add(block, values, &counts);
		else
			mb_block_invalid(block, &counts);
	}
	return true;
}
