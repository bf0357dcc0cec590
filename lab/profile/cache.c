// SPDX-License-Identifier: GPL-2.0-or-later
/* Sets of entries, the last used first; nothing is fetched ahead, and what L1 misses goes to L2. */
#include <stdlib.h>
#include <string.h>

#include "core/base/text.h"
#include "lab/profile/cache.h"

#define LINE_SHIFT 6
/* Of a page's number, so that pages of both sizes share a TLB. */
#define LARGE (1ULL << 60)
#define NOTHING (~0ULL)

const char *const lab_cache_level_names[] = { "L1", "L2", "TLB", "L2 TLB" };

static const struct lab_cache_model models[] = {
	{ "skylake-sp",
	  { { 32 * 1024 / 64, 8 }, { 1024 * 1024 / 64, 16 } },
	  { 64, 4 },
	  { 32, 4 },
	  { 1536, 12 } },
	{ "neoverse-n1",
	  { { 64 * 1024 / 64, 4 }, { 1024 * 1024 / 64, 8 } },
	  { 48, 48 },
	  { 0, 0 },
	  { 1280, 5 } },
};

struct sets {
	unsigned int count, ways;
	uint64_t *entries; /* [set * ways], the last used first */
};

struct lab_cache {
	unsigned int page_shift, large_shift;
	struct sets line[2], small, large, second;
};

const struct lab_cache_model *lab_cache_find(const char *name)
{
	for (size_t i = 0; i < sizeof(models) / sizeof(models[0]); i++)
		if (!name || !strcmp(models[i].name, name))
			return &models[i];
	return NULL;
}

char *lab_cache_names(void)
{
	return mb_format("%s, %s", models[0].name, models[1].name);
}

static void empty(struct sets *sets)
{
	for (size_t i = 0; i < (size_t)sets->count * sets->ways; i++)
		sets->entries[i] = NOTHING;
}

static struct sets make(struct lab_cache_size size)
{
	struct sets sets = { .ways = size.ways };

	if (!size.entries)
		return sets;
	sets.count = size.entries / size.ways;
	sets.entries = mb_alloc(size.entries, sizeof(*sets.entries));
	empty(&sets);
	return sets;
}

struct lab_cache *lab_cache_new(const struct lab_cache_model *model, unsigned int page_shift,
				unsigned int large_shift)
{
	struct lab_cache *cache = mb_alloc(1, sizeof(*cache));

	cache->page_shift = page_shift;
	cache->large_shift = large_shift;
	for (size_t i = 0; i < 2; i++)
		cache->line[i] = make(model->line[i]);
	cache->small = make(model->small);
	cache->large = make(model->large);
	cache->second = make(model->second);
	return cache;
}

void lab_cache_free(struct lab_cache *cache)
{
	if (!cache)
		return;
	free(cache->line[0].entries);
	free(cache->line[1].entries);
	free(cache->small.entries);
	free(cache->large.entries);
	free(cache->second.entries);
	free(cache);
}

/* Whether @wanted was in its set of @sets; now it is, as the one used last. */
static bool use(struct sets *sets, uint64_t wanted)
{
	uint64_t *set = sets->entries + (wanted & ~LARGE) % sets->count * sets->ways;
	unsigned int at = 0;
	bool found;

	while (at < sets->ways && set[at] != wanted)
		at++;
	found = at < sets->ways;
	/* What was dropped gives its place before something has to leave. */
	for (at = found ? at : 0; !found && at < sets->ways - 1 && set[at] != NOTHING;)
		at++;
	memmove(set + 1, set, at * sizeof(*set));
	set[0] = wanted;
	return found;
}

static uint64_t page_of(const struct lab_cache *cache, uint64_t virtual, bool large)
{
	return large ? virtual >> cache->large_shift | LARGE : virtual >> cache->page_shift;
}

void lab_cache_access(struct lab_cache *cache, uint64_t virtual, uint64_t physical, bool large,
		      bool missed[LAB_CACHE_LEVELS])
{
	uint64_t line = physical >> LINE_SHIFT, page = page_of(cache, virtual, large);
	struct sets *first = large && cache->large.count ? &cache->large : &cache->small;

	memset(missed, 0, LAB_CACHE_LEVELS * sizeof(*missed));
	missed[LAB_L1] = !use(&cache->line[0], line);
	missed[LAB_L2] = missed[LAB_L1] && !use(&cache->line[1], line);
	missed[LAB_TLB] = !use(first, page);
	missed[LAB_TLB2] = missed[LAB_TLB] && !use(&cache->second, page);
}

static void drop(struct sets *sets, uint64_t page)
{
	for (size_t i = 0; i < (size_t)sets->count * sets->ways; i++)
		if (sets->entries[i] == page)
			sets->entries[i] = NOTHING;
}

/* Of a number of either size, whether it is a page of the lower half of all addresses. */
static bool is_user(const struct lab_cache *cache, uint64_t page)
{
	unsigned int shift = page & LARGE ? cache->large_shift : cache->page_shift;

	return page != NOTHING && !((page & ~LARGE) << shift >> 63);
}

static void drop_user(const struct lab_cache *cache, struct sets *sets)
{
	for (size_t i = 0; i < (size_t)sets->count * sets->ways; i++)
		if (is_user(cache, sets->entries[i]))
			sets->entries[i] = NOTHING;
}

void lab_cache_drop(struct lab_cache *cache, uint64_t virtual)
{
	struct sets *const all[] = { &cache->small, &cache->large, &cache->second };

	for (size_t i = 0; i < 3; i++) {
		drop(all[i], page_of(cache, virtual, false));
		drop(all[i], page_of(cache, virtual, true));
	}
}

void lab_cache_drop_user(struct lab_cache *cache)
{
	drop_user(cache, &cache->small);
	drop_user(cache, &cache->large);
	drop_user(cache, &cache->second);
}

void lab_cache_drop_all(struct lab_cache *cache)
{
	empty(&cache->small);
	empty(&cache->large);
	empty(&cache->second);
}

void lab_cache_empty(struct lab_cache *cache)
{
	empty(&cache->line[0]);
	empty(&cache->line[1]);
	lab_cache_drop_all(cache);
}
