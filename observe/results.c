// SPDX-License-Identifier: GPL-2.0-or-later
/* What was observed, by driver and process: exact sums, and some calls of each size by themselves. */
#include <stdlib.h>
#include <string.h>

#include "core/base/plain.h"
#include "core/base/text.h"
#include "observe/results.h"

#define KEPT_MOST 400000 /* calls, of all sizes: 40 MB; then a size that is new keeps few */
#define KEPT_FEW 32

const char *const ob_kind_names[OB_KINDS] = { "to-device", "to-system", "fault", "evict" };
const char *const ob_span_names[OB_SPANS] = { "setup",	  "driver", "pages",	 "between",
					      "finalize", "total",  "from_fault" };

/* enum migrate_reason: the same order from 5.10 on, later kernels have more of them. */
const char *ob_reason(__u32 reason)
{
	static const char *const names[] = {
		"compaction",	  "memory failure",   "memory hotplug", "move_pages", "mbind",
		"NUMA balancing", "contiguous range", "longterm pin",	"demotion",   "DAMON",
	};

	return reason < sizeof(names) / sizeof(names[0]) ? names[reason] : "another reason";
}

static size_t place(const struct ob_results *results, const struct ob_key *key)
{
	__u64 hash = key->caller * 31 + key->tgid;
	size_t at;

	hash = (hash * 31 + key->kind) * 31 + key->pages;
	hash *= 0x9e3779b97f4a7c15ULL;
	for (at = hash >> 32 & (results->capacity - 1); results->sizes[at].key.caller;
	     at = (at + 1) & (results->capacity - 1))
		if (!memcmp(&results->sizes[at].key, key, sizeof(*key)))
			break;
	return at;
}

static struct ob_size *size_of(struct ob_results *results, const struct ob_key *key)
{
	struct ob_size *size;

	if (results->size_count * 2 >= results->capacity) {
		struct ob_results larger = { .capacity = results->capacity ? results->capacity * 2
									   : 64 };

		larger.sizes = mb_alloc(larger.capacity, sizeof(*larger.sizes));
		for (size_t i = 0; i < results->capacity; i++)
			if (results->sizes[i].key.caller)
				larger.sizes[place(&larger, &results->sizes[i].key)] =
					results->sizes[i];
		free(results->sizes);
		results->sizes = larger.sizes;
		results->capacity = larger.capacity;
	}
	size = &results->sizes[place(results, key)];
	if (!size->key.caller) {
		size->key = *key;
		results->size_count++;
	}
	return size;
}

/* Each call of a size is kept with the same probability, whenever it came. */
static void keep(void *context, const struct ob_call *call)
{
	struct ob_results *results = context;
	struct ob_size *size = size_of(results, &call->key);
	size_t most = results->kept < KEPT_MOST ? OB_SAMPLES : KEPT_FEW, at;

	size->seen++;
	if (size->count < most) {
		size_t capacity = size->count;

		/* It grows by doubling: at 0, 1, 2, 4, … */
		if (!(size->count & (size->count - 1)))
			size->samples = mb_resize(size->samples, capacity ? capacity * 2 : 1,
						  sizeof(*size->samples));
		size->samples[size->count++] = *call;
		results->kept++;
		return;
	}
	at = (size_t)random() % size->seen;
	if (at < size->count)
		size->samples[at] = *call;
}

void ob_results_update(struct ob_results *results, struct ob_probes *probes)
{
	struct ob_row *rows;
	size_t count;

	results->way->drain(probes, keep, results);
	rows = results->way->rows(probes, &count);
	for (size_t i = 0; i < count; i++)
		if (rows[i].key.caller) {
			/* A process is called what it likes, and a long name is cut anywhere. */
			mb_plain(rows[i].sums.comm);
			size_of(results, &rows[i].key)->sums = rows[i].sums;
		}
	free(rows);
	free(results->ordinary);
	results->ordinary = results->way->ordinary(probes, &results->ordinary_count);
	for (size_t i = 0; i < results->ordinary_count; i++)
		mb_plain(results->ordinary[i].sums.comm);
	results->lost = results->way->lost(probes);
	results->cost = results->way->cost(probes);
}

static void add(struct ob_sums *sum, const struct ob_sums *more)
{
	sum->calls += more->calls;
	sum->refused += more->refused;
	sum->empty += more->empty;
	sum->finished += more->finished;
	sum->requested += more->requested;
	sum->collected += more->collected;
	sum->migrated += more->migrated;
	sum->not_offered += more->not_offered;
	sum->unread += more->unread;
	sum->unreadable += more->unreadable;
	sum->flushes += more->flushes;
	sum->full_flushes += more->full_flushes;
	sum->flush_pages += more->flush_pages;
	sum->ipis += more->ipis;
	for (int s = 0; s < OB_SPANS; s++) {
		sum->ns[s] += more->ns[s];
		for (int b = 0; b < OB_BUCKETS; b++)
			sum->histogram[s][b] += more->histogram[s][b];
	}
	memcpy(sum->comm, more->comm, sizeof(sum->comm));
}

static int by_pages(const void *a, const void *b)
{
	const struct ob_size *const *x = a, *const *y = b;

	return (*x)->key.pages < (*y)->key.pages ? -1 : (*x)->key.pages > (*y)->key.pages;
}

static int by_calls(const void *a, const void *b)
{
	const struct ob_driver *x = a, *y = b;

	if (x->sums.calls != y->sums.calls)
		return x->sums.calls > y->sums.calls ? -1 : 1;
	return strcmp(x->name, y->name);
}

static void ungroup(struct ob_results *results)
{
	for (size_t i = 0; i < results->driver_count; i++) {
		free(results->drivers[i].name);
		free(results->drivers[i].sizes);
	}
	free(results->drivers);
	results->drivers = NULL;
	results->driver_count = 0;
}

/* The driver that @size belongs to: two places of one function are one. */
static struct ob_driver *driver_of(struct ob_results *results, const struct ob_size *size,
				   const char *name)
{
	for (size_t i = 0; i < results->driver_count; i++) {
		struct ob_driver *driver = &results->drivers[i];

		if (driver->kind == size->key.kind && !strcmp(driver->name, name) &&
		    driver->sizes[0]->key.tgid == size->key.tgid)
			return driver;
	}
	results->drivers =
		mb_resize(results->drivers, results->driver_count + 1, sizeof(*results->drivers));
	results->drivers[results->driver_count] = (struct ob_driver){
		.name = mb_strdup(name),
		.kind = size->key.kind,
	};
	return &results->drivers[results->driver_count++];
}

void ob_results_group(struct ob_results *results, struct ob_symbols *symbols)
{
	ungroup(results);
	for (size_t i = 0; i < results->capacity; i++) {
		struct ob_size *size = &results->sizes[i];
		struct ob_driver *driver;
		char *name;

		if (!size->key.caller || !size->sums.calls)
			continue;
		name = ob_symbol_name(symbols, size->key.caller);
		driver = driver_of(results, size, name);
		driver->sizes = mb_resize(driver->sizes, driver->count + 1, sizeof(*driver->sizes));
		driver->sizes[driver->count++] = size;
		add(&driver->sums, &size->sums);
		free(name);
	}
	for (size_t i = 0; i < results->driver_count; i++)
		qsort(results->drivers[i].sizes, results->drivers[i].count,
		      sizeof(*results->drivers[i].sizes), by_pages);
	if (results->driver_count)
		qsort(results->drivers, results->driver_count, sizeof(*results->drivers), by_calls);
}

void ob_results_free(struct ob_results *results)
{
	ungroup(results);
	for (size_t i = 0; i < results->capacity; i++)
		free(results->sizes[i].samples);
	ob_own_free(&results->own);
	free(results->sizes);
	free(results->ordinary);
	*results = (struct ob_results){ 0 };
}
