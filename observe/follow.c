// SPDX-License-Identifier: GPL-2.0-or-later
/* Calls on their way, followed from one event to the next outside of the kernel, and added up. */
#include <stdlib.h>
#include <string.h>

#include "core/base/text.h"
#include "observe/follow.h"
#include "observe/threads.h"

#define ROWS 8192 /* places, twice as many as rows: a power of two */
#define SELECT_SYSTEM 1 /* MIGRATE_VMA_SELECT_SYSTEM */

struct ob_follow {
	struct ob_config config;
	struct ob_threads *threads;
	struct ob_row *rows; /* a hash table */
	size_t row_count;
	struct ob_ordinary_row ordinary[OB_KEYS];
	size_t ordinary_count;
	struct ob_lost lost;
};

struct ob_follow *ob_follow_new(const struct ob_config *config)
{
	struct ob_follow *follow = mb_alloc(1, sizeof(*follow));

	follow->config = *config;
	follow->threads = ob_threads_new();
	follow->rows = mb_alloc(ROWS, sizeof(*follow->rows));
	return follow;
}

void ob_follow_free(struct ob_follow *follow)
{
	if (!follow)
		return;
	ob_threads_free(follow->threads);
	free(follow->rows);
	free(follow);
}

static struct ob_row *place(struct ob_follow *follow, const struct ob_key *key)
{
	__u64 hash = ((key->caller * 31 + key->tgid) * 31 + key->kind) * 31 + key->pages;
	size_t at = (hash * 0x9e3779b97f4a7c15ULL) >> 51 & (ROWS - 1);

	while (follow->rows[at].key.caller && memcmp(&follow->rows[at].key, key, sizeof(*key)))
		at = (at + 1) & (ROWS - 1);
	return &follow->rows[at];
}

/* As in the kernel: where there are too many sizes, those that are new are one. */
static struct ob_sums *sums_of(struct ob_follow *follow, const struct ob_flight *flight,
			       struct ob_thread *thread)
{
	struct ob_row *row = place(follow, &flight->key);
	struct ob_key other = flight->key;

	if (!row->key.caller && follow->row_count >= OB_KEYS) {
		other.pages = OB_SIZE_OTHER;
		row = place(follow, &other);
	}
	if (!row->key.caller) {
		/* It may have become another program since it was first seen. */
		ob_thread_look(thread);
		if (follow->row_count >= OB_KEYS + OB_KEYS / 2) {
			follow->lost.calls++;
			return NULL;
		}
		follow->row_count++;
		row->key = follow->row_count > OB_KEYS ? other : flight->key;
	}
	memcpy(row->sums.comm, thread->comm, sizeof(row->sums.comm));
	return &row->sums;
}

static void begin(struct ob_follow *follow, struct ob_thread *thread, const struct ob_seen *seen,
		  __u32 pages, enum ob_kind kind)
{
	struct ob_flight *flight = ob_flight_new(thread, seen->value[0]);

	if (!flight) {
		follow->lost.returns++;
		return;
	}
	if (flight->stage == OB_IN_SETUP)
		follow->lost.returns++;
	*flight = (struct ob_flight){
		.args = seen->value[0],
		.stage = OB_IN_SETUP,
		.began = seen->when,
		.fault = kind == OB_FAULT ? thread->fault : 0,
		.key = { .tgid = thread->tgid, .kind = kind, .pages = pages },
	};
}

static void setup(struct ob_follow *follow, struct ob_thread *thread, const struct ob_seen *seen)
{
	__u32 pages = (__u32)((seen->value[2] - seen->value[1]) >> follow->config.page_shift);

	begin(follow, thread, seen, pages,
	      seen->value[3] & SELECT_SYSTEM ? OB_TO_DEVICE
	      : thread->fault		     ? OB_FAULT
					     : OB_TO_SYSTEM);
}

static void setup_returned(struct ob_follow *follow, struct ob_thread *thread,
			   const struct ob_seen *seen)
{
	struct ob_flight *flight = ob_flight_in(thread, OB_IN_SETUP);
	bool refused = (int)seen->value[0];
	struct ob_sums *sum;

	if (!flight)
		return;
	flight->ns[OB_SETUP] = seen->when - flight->began;
	flight->left = seen->when;
	flight->stage = refused ? OB_GONE : OB_AFTER_SETUP;
	flight->key.caller = seen->value[1];
	sum = sums_of(follow, flight, thread);
	if (!sum)
		return;
	sum->calls++;
	sum->requested += flight->key.pages;
	sum->refused += refused;
	/* How many were collected is seen when the call goes on; one that does not has none. */
	sum->empty += !refused;
}

/* What was collected, told when the driver goes on with it. */
static void collected(struct ob_follow *follow, struct ob_thread *thread, struct ob_flight *flight,
		      const struct ob_seen *seen)
{
	bool device = flight->key.kind == OB_DEVICE;
	struct ob_sums *sum = sums_of(follow, flight, thread);

	if (flight->told || !sum)
		return;
	flight->told = true;
	sum->empty--;
	if (!device && seen->value[2] != flight->key.pages) {
		sum->unreadable++;
		return;
	}
	/* By frame number there is no count: that of the entries, then. In cpages a huge page is one. */
	flight->collected =
		device ? seen->found
		       : (__u32)seen->value[1] + seen->huge * (follow->config.huge_pages - 1);
	sum->collected += flight->collected;
	sum->empty += !flight->collected;
}

static void pages(struct ob_follow *follow, struct ob_thread *thread, const struct ob_seen *seen)
{
	struct ob_flight *flight = ob_flight_of(thread, seen->value[0]);

	if (!flight || flight->stage != OB_AFTER_SETUP)
		return;
	flight->ns[OB_DRIVER] = seen->when - flight->left;
	collected(follow, thread, flight, seen);
	flight->entered = seen->when;
	flight->stage = OB_IN_PAGES;
}

static void pages_returned(struct ob_thread *thread, const struct ob_seen *seen)
{
	struct ob_flight *flight = ob_flight_in(thread, OB_IN_PAGES);

	if (!flight)
		return;
	flight->ns[OB_PAGES] = seen->when - flight->entered;
	flight->left = seen->when;
	flight->stage = OB_AFTER_PAGES;
}

static void finalize(struct ob_follow *follow, struct ob_thread *thread, const struct ob_seen *seen)
{
	struct ob_flight *flight = ob_flight_of(thread, seen->value[0]);

	if (!flight || (flight->stage != OB_AFTER_SETUP && flight->stage != OB_IN_PAGES &&
			flight->stage != OB_AFTER_PAGES))
		return;
	collected(follow, thread, flight, seen);
	/* A driver may come here without a word to migrate_vma_pages(): nothing was moved then. */
	if (flight->stage == OB_AFTER_PAGES)
		flight->ns[OB_BETWEEN] = seen->when - flight->left;
	/* Nor does the kernel follow all returns of many threads at once, as it says itself. */
	if (flight->stage != OB_AFTER_SETUP) {
		flight->migrated = seen->found;
		flight->unread = seen->unread;
	}
	flight->entered = seen->when;
	flight->stage = OB_IN_FINALIZE;
}

static __u32 bucket_of(__u64 value)
{
	__u32 bucket = 0;

	while (value >> 1 && bucket < OB_BUCKETS - 1) {
		value >>= 1;
		bucket++;
	}
	return bucket;
}

static void finalized(struct ob_follow *follow, struct ob_thread *thread,
		      const struct ob_seen *seen, void (*take)(void *, const struct ob_call *),
		      void *context)
{
	struct ob_flight *flight = ob_flight_in(thread, OB_IN_FINALIZE);
	struct ob_call call = { 0 };
	struct ob_sums *sum;

	if (!flight)
		return;
	flight->ns[OB_FINALIZE] = seen->when - flight->entered;
	flight->ns[OB_TOTAL] = seen->when - flight->began;
	if (flight->fault)
		flight->ns[OB_FROM_FAULT] = seen->when - flight->fault;
	flight->stage = OB_GONE;
	sum = sums_of(follow, flight, thread);
	if (!sum)
		return;
	sum->finished++;
	sum->migrated += flight->migrated;
	sum->unread += flight->unread;
	sum->flushes += flight->flushes;
	sum->full_flushes += flight->full_flushes;
	sum->flush_pages += flight->flush_pages;
	sum->ipis += flight->ipis;
	for (int i = 0; i < OB_SPANS; i++) {
		sum->ns[i] += flight->ns[i];
		sum->histogram[i][bucket_of(flight->ns[i])] += flight->ns[i] > 0;
	}
	call.key = flight->key;
	call.collected = flight->collected;
	call.migrated = flight->migrated;
	call.unread = flight->unread;
	memcpy(call.ns, flight->ns, sizeof(call.ns));
	take(context, &call);
}

/* The reasons that the module counts, too (kmod/count.c). */
static void flush(struct ob_thread *thread, const struct ob_seen *seen)
{
	struct ob_flight *flight = ob_flight_now(thread);

	if (!flight)
		return;
	if (seen->value[0] == 4) { /* TLB_REMOTE_SEND_IPI */
		flight->ipis++;
	} else if (seen->value[0] == 2 || seen->value[0] == 3) { /* TLB_LOCAL_… */
		flight->flushes++;
		if (seen->value[1] == ~0ULL)
			flight->full_flushes++;
		else
			flight->flush_pages += seen->value[1];
	}
}

static void migrated(struct ob_follow *follow, struct ob_thread *thread, const struct ob_seen *seen)
{
	struct ob_ordinary_key key = { .reason = (__u32)seen->value[2], .tgid = thread->tgid };
	struct ob_ordinary_row *row = NULL;

	if (!thread->ordinary)
		return;
	for (size_t i = 0; i < follow->ordinary_count && !row; i++)
		if (!memcmp(&follow->ordinary[i].key, &key, sizeof(key)))
			row = &follow->ordinary[i];
	if (!row && follow->ordinary_count < OB_KEYS) {
		ob_thread_look(thread);
		row = &follow->ordinary[follow->ordinary_count++];
		row->key = key;
	}
	if (!row) {
		follow->lost.calls++;
		return;
	}
	memcpy(row->sums.comm, thread->comm, sizeof(row->sums.comm));
	row->sums.calls++;
	row->sums.succeeded += seen->value[0];
	row->sums.failed += seen->value[1];
	row->sums.ns += seen->when - thread->ordinary;
	thread->ordinary = 0;
}

void ob_follow(struct ob_follow *follow, const struct ob_seen *seen,
	       void (*take)(void *, const struct ob_call *), void *context)
{
	struct ob_thread *thread;

	/* The idle task asks for nothing. */
	if (!seen->tid)
		return;
	thread = ob_thread(follow->threads, seen->tid);
	if (follow->config.tgid && thread->tgid != follow->config.tgid)
		return;
	switch (seen->what) {
	case OB_SEE_SETUP:
		setup(follow, thread, seen);
		break;
	case OB_SEE_DEVICE:
		begin(follow, thread, seen, (__u32)seen->value[1], OB_DEVICE);
		break;
	case OB_SEE_SETUP_RETURN:
	case OB_SEE_DEVICE_RETURN:
		setup_returned(follow, thread, seen);
		break;
	case OB_SEE_PAGES:
	case OB_SEE_DEVICE_PAGES:
		pages(follow, thread, seen);
		break;
	case OB_SEE_PAGES_RETURN:
	case OB_SEE_DEVICE_PAGES_RETURN:
		pages_returned(thread, seen);
		break;
	case OB_SEE_FINALIZE:
	case OB_SEE_DEVICE_FINALIZE:
		finalize(follow, thread, seen);
		break;
	case OB_SEE_FINALIZE_RETURN:
	case OB_SEE_DEVICE_FINALIZE_RETURN:
		finalized(follow, thread, seen, take, context);
		break;
	case OB_SEE_FAULT:
		thread->fault = seen->when;
		break;
	case OB_SEE_FAULT_RETURN:
		thread->fault = 0;
		break;
	case OB_SEE_FLUSH:
		flush(thread, seen);
		break;
	case OB_SEE_MIGRATE:
		thread->ordinary = seen->when;
		break;
	case OB_SEE_MIGRATED:
		migrated(follow, thread, seen);
		break;
	case OB_SEES:
		break;
	}
}

struct ob_row *ob_follow_rows(const struct ob_follow *follow, size_t *count)
{
	struct ob_row *rows = mb_alloc(follow->row_count, sizeof(*rows));

	*count = 0;
	for (size_t i = 0; i < ROWS; i++)
		if (follow->rows[i].key.caller)
			rows[(*count)++] = follow->rows[i];
	return rows;
}

struct ob_ordinary_row *ob_follow_ordinary(const struct ob_follow *follow, size_t *count)
{
	struct ob_ordinary_row *rows = mb_alloc(follow->ordinary_count, sizeof(*rows));

	memcpy(rows, follow->ordinary, follow->ordinary_count * sizeof(*rows));
	*count = follow->ordinary_count;
	return rows;
}

struct ob_lost ob_follow_lost(const struct ob_follow *follow)
{
	return follow->lost;
}
