// SPDX-License-Identifier: GPL-2.0-or-later
/* Accesses of the value, each line of each, counted once in every row and column that it is in. */
#include <stdlib.h>
#include <string.h>

#include "core/base/text.h"
#include "core/status.h"
#include "lab/profile/memory.h"

#define LINE_SHIFT 6
#define SMALL_SHIFT 12
#define LARGE_SHIFT 21

/* A line, page or line of code as it was touched by a path. */
struct item {
	uint64_t unit;
	size_t path, order, name;
	unsigned char kind;
	bool read, written;
};

struct items {
	struct item *at;
	size_t count, room;
};

/* Something that was touched, in one row and column. */
struct cell {
	size_t touch;
	uint64_t unit;
	bool read, written;
};

struct counting {
	struct lab_memory *memory;
	const struct lab_account *account;
	const struct lab_trace *trace;
	struct lab_places places;
	struct items lines, small, large, code;
};

enum measure { LINES, SMALL, LARGE, CODE };

/* Where something that was touched counts, beside all. */
struct owner {
	size_t path, name;
	enum lab_kind kind;
};

static void add(struct items *items, uint64_t unit, const struct owner *owner, bool written)
{
	struct item *last = items->count ? &items->at[items->count - 1] : NULL;

	/* Most accesses are to where the last one was. */
	if (last && last->unit == unit && last->path == owner->path && last->kind == owner->kind &&
	    last->name == owner->name) {
		last->written |= written;
		last->read |= !written;
		return;
	}
	items->at = mb_grow(items->at, &items->room, items->count, sizeof(*items->at));
	items->at[items->count] = (struct item){ .unit = unit,
						 .path = owner->path,
						 .order = items->count,
						 .name = owner->name,
						 .kind = (unsigned char)owner->kind,
						 .read = !written,
						 .written = written };
	items->count++;
}

/* The cells of one item: of all, of its function, kind and name, each in two columns. */
#define CELLS 8

static size_t cells_of(const struct counting *counting, const struct item *item,
		       enum measure measure, struct cell *cells)
{
	const struct lab_path *path = &counting->account->paths[item->path];
	const size_t rows[] = { 0, 1 + LAB_KINDS + path->function, 1 + (size_t)item->kind,
				counting->memory->names_row + item->name };
	const size_t parts[] = { path->part, LAB_ALL_PARTS };
	size_t count = 0;

	for (size_t r = 0; r < (measure == CODE ? 2 : CELLS / 2); r++)
		for (size_t p = 0; p < 2; p++)
			cells[count++] = (struct cell){ rows[r] * (LAB_PARTS + 1) + parts[p],
							item->unit, item->read, item->written };
	return count;
}

static int by_cell(const void *left, const void *right)
{
	const struct cell *a = left, *b = right;

	if (a->touch != b->touch)
		return a->touch < b->touch ? -1 : 1;
	return a->unit < b->unit ? -1 : a->unit > b->unit;
}

static void count_one(struct lab_touch *touch, const struct cell *cell, enum measure measure)
{
	switch (measure) {
	case LINES:
		touch->lines++;
		touch->read += cell->read;
		touch->written += cell->written;
		break;
	case SMALL:
		touch->small++;
		break;
	case LARGE:
		touch->large++;
		break;
	case CODE:
		touch->code++;
		break;
	}
}

static void count_items(struct counting *counting, const struct items *items, enum measure measure)
{
	struct cell *cells = mb_alloc(CELLS * items->count + 1, sizeof(*cells));
	size_t count = 0;

	for (size_t i = 0; i < items->count; i++)
		count += cells_of(counting, &items->at[i], measure, cells + count);
	qsort(cells, count, sizeof(*cells), by_cell);
	for (size_t i = 0; i < count; i++) {
		if (i + 1 < count && !by_cell(&cells[i], &cells[i + 1])) {
			cells[i + 1].read |= cells[i].read;
			cells[i + 1].written |= cells[i].written;
			continue;
		}
		count_one(&counting->memory->touches[cells[i].touch], &cells[i], measure);
	}
	free(cells);
}

static int by_unit(const void *left, const void *right)
{
	const struct item *a = left, *b = right;

	if (a->unit != b->unit)
		return a->unit < b->unit ? -1 : 1;
	return a->order < b->order ? -1 : 1;
}

/* Each line goes to the path that touched it first. */
static void find_first(struct counting *counting)
{
	struct items *lines = &counting->lines;

	qsort(lines->at, lines->count, sizeof(*lines->at), by_unit);
	for (size_t i = 0; i < lines->count; i++)
		if (!i || lines->at[i].unit != lines->at[i - 1].unit)
			counting->memory->first[lines->at[i].path]++;
}

static void count_missed(struct counting *counting, const struct owner *owner,
			 const bool missed[LAB_CACHE_LEVELS], uint64_t bytes)
{
	const struct item item = { .path = owner->path,
				   .name = owner->name,
				   .kind = (unsigned char)owner->kind };
	struct cell cells[CELLS];
	size_t count = cells_of(counting, &item, LINES, cells);

	for (size_t i = 0; i < count; i++) {
		struct lab_touch *touch = &counting->memory->touches[cells[i].touch];

		touch->bytes += bytes;
		for (size_t level = 0; level < LAB_CACHE_LEVELS; level++)
			touch->missed[level] += missed[level];
	}
}

static size_t name_of(const struct counting *counting, enum lab_kind kind, uint64_t virtual)
{
	const struct lab_name_area *area =
		lab_has_name(kind) ? lab_names_find(counting->memory->names, virtual) : NULL;

	return area ? area->name : LAB_NAMELESS;
}

/* @path LAB_NOWHERE: before the value, or between its parts. */
static void take_access(struct counting *counting, struct lab_cache *cache,
			const struct lab_trace_record *access, size_t path)
{
	uint64_t physical = lab_trace_physical(access), size = lab_trace_size(access), bytes = size;
	struct owner owner = { .path = path };
	bool written = access->count & LAB_TRACE_WRITE, missed[LAB_CACHE_LEVELS];
	bool large = lab_is_large(&counting->places, access->at, physical);

	if (path != LAB_NOWHERE) {
		owner.kind = lab_kind_of(&counting->places, access->at, physical);
		owner.name = name_of(counting, owner.kind, access->at);
	}
	/* What goes over the end of a line touches the next one. */
	for (uint64_t at = physical; at < physical + size;
	     at = (at | ((1 << LINE_SHIFT) - 1)) + 1) {
		uint64_t virtual = access->at + (at - physical);

		lab_cache_access(cache, virtual, at, large, missed);
		if (path == LAB_NOWHERE)
			continue;
		add(&counting->lines, at >> LINE_SHIFT, &owner, written);
		add(&counting->small, virtual >> SMALL_SHIFT, &owner, written);
		add(&counting->large, virtual >> LARGE_SHIFT, &owner, written);
		count_missed(counting, &owner, missed, bytes);
		bytes = 0;
	}
}

static void take_memory(struct counting *counting, struct lab_cache *cache, size_t from, size_t to,
			size_t path)
{
	for (size_t i = from; i < to; i++) {
		const struct lab_trace_record *record = &counting->trace->memory[i];

		if (!(record->count & LAB_TRACE_ABOUT)) {
			take_access(counting, cache, record, path);
			continue;
		}
		if (record->count == LAB_TRACE_FLUSH_PAGE)
			lab_cache_drop(cache, record->at);
		else if (record->count == LAB_TRACE_FLUSH)
			lab_cache_drop_user(cache);
		else if (record->count == LAB_TRACE_FLUSH_ALL)
			lab_cache_drop_all(cache);
		else
			continue;
		counting->memory->flushes += path != LAB_NOWHERE;
	}
}

static void take_code(struct counting *counting, const struct lab_place *place)
{
	const struct lab_trace_record *record = &counting->trace->records[place->record];
	const struct owner owner = { .path = place->path, .kind = LAB_KIND_IMAGE };

	for (uint64_t line = record->at >> LINE_SHIFT;
	     line << LINE_SHIFT < lab_trace_end(record) || line == record->at >> LINE_SHIFT; line++)
		add(&counting->code, line, &owner, false);
}

static void take_all(struct counting *counting, bool cold)
{
	struct lab_cache *cache =
		lab_cache_new(counting->memory->model, counting->places.layout->page_shift,
			      counting->places.layout->large_shift);
	size_t done = 0;

	for (size_t i = 0; i < counting->account->place_count; i++) {
		const struct lab_place *place = &counting->account->places[i];
		size_t from;

		if (place->record >= counting->trace->count)
			continue;
		from = lab_trace_memory(counting->trace, place->record);
		take_memory(counting, cache, done, from, LAB_NOWHERE);
		if (!i && cold)
			lab_cache_empty(cache);
		done = counting->trace->memory_before[place->record];
		take_memory(counting, cache, from, done, place->path);
		take_code(counting, place);
	}
	lab_cache_free(cache);
}

void lab_memory_count(struct lab_memory *memory, const struct lab_account *account,
		      const struct lab_trace *trace, const struct lab_symbols *symbols,
		      const struct lab_layout *layout, const struct lab_names *names,
		      const struct lab_cache_model *model, bool cold)
{
	struct counting counting = { .memory = memory, .account = account, .trace = trace };

	const size_t names_row = 1 + LAB_KINDS + account->function_count;

	*memory = (struct lab_memory){ .rows = names_row + names->name_count,
				       .names_row = names_row,
				       .names = names,
				       .model = model,
				       .cold = cold };
	memory->touches = mb_alloc(memory->rows * (LAB_PARTS + 1), sizeof(*memory->touches));
	memory->first = mb_alloc(account->path_count + 1, sizeof(*memory->first));
	lab_places_read(&counting.places, layout, account, trace, symbols);
	memory->known = counting.places.known;
	take_all(&counting, cold);
	count_items(&counting, &counting.lines, LINES);
	count_items(&counting, &counting.small, SMALL);
	count_items(&counting, &counting.large, LARGE);
	count_items(&counting, &counting.code, CODE);
	find_first(&counting);
	free(counting.lines.at);
	free(counting.small.at);
	free(counting.large.at);
	free(counting.code.at);
	lab_places_free(&counting.places);
}

void lab_memory_first(const struct lab_memory *memory, struct lab_account *account)
{
	account->counted = 0;
	account->named = 0;
	memset(account->parts, 0, sizeof(account->parts));
	memset(account->functions, 0,
	       account->function_count * LAB_PARTS * sizeof(*account->functions));
	for (size_t i = 0; i < account->path_count; i++) {
		struct lab_path *path = &account->paths[i];

		path->count = memory->first[i];
		account->functions[path->function * LAB_PARTS + path->part] += path->count;
		account->parts[path->part] += path->count;
		account->counted += path->count;
		account->named += path->function == LAB_UNNAMED ? 0 : path->count;
	}
}

void lab_memory_free(struct lab_memory *memory)
{
	free(memory->touches);
	free(memory->first);
	*memory = (struct lab_memory){ 0 };
}
