// SPDX-License-Identifier: GPL-2.0-or-later
/* Accesses of several CPUs in their order, line by line: who had it last. */
#include <stdlib.h>
#include <string.h>

#include "core/base/text.h"
#include "core/status.h"
#include "lab/profile/sharing.h"

#define LINE_SHIFT 6
#define NOBODY UINT32_MAX

struct item {
	uint64_t line, at;
	size_t order, function;
	uint32_t cpu;
	unsigned char kind;
	bool written;
};

static int by_line(const void *left, const void *right)
{
	const struct item *a = left, *b = right;

	if (a->line != b->line)
		return a->line < b->line ? -1 : 1;
	return a->order < b->order ? -1 : 1;
}

/* Who has a line: the CPUs that may read it without asking, and the one that may write it. */
struct holders {
	uint32_t readers, owner;
	size_t last; /* function of the access before */
};

/* Whether @item needs the line from another CPU; it has it then. */
static bool takes(struct holders *holders, const struct item *item)
{
	uint32_t self = 1u << item->cpu, others = holders->readers & ~self;
	bool transfer;

	if (item->written) {
		transfer = others;
		holders->readers = self;
		holders->owner = item->cpu;
	} else {
		transfer = !(holders->readers & self) && holders->owner != NOBODY;
		if (transfer)
			holders->owner = NOBODY;
		holders->readers |= self;
	}
	return transfer;
}

/* All of one line, @items to @end. */
static void take_line(struct lab_sharing *sharing, const struct item *items, const struct item *end)
{
	struct lab_shared shared = { .at = items->at, .kind = items->kind };
	struct holders holders = { .owner = NOBODY };
	size_t last = items->function;

	sharing->lines++;
	for (const struct item *item = items; item < end; item++) {
		uint32_t self = 1u << item->cpu;

		*(item->written ? &shared.writers : &shared.readers) |= self;
		if (takes(&holders, item)) {
			shared.transfers++;
			sharing->functions[item->function]++;
			if (!shared.known[0]) {
				shared.by[0] = item->function;
				shared.by[1] = last;
				shared.known[0] = shared.known[1] = true;
			}
		}
		last = item->function;
	}
	/* What is only read goes to each CPU once. */
	if (!shared.transfers)
		return;
	sharing->transfers += shared.transfers;
	sharing->kinds[shared.kind] += shared.transfers;
	sharing->kind_lines[shared.kind]++;
	sharing->at = mb_resize(sharing->at, sharing->count + 1, sizeof(*sharing->at));
	sharing->at[sharing->count++] = shared;
}

static int most_first(const void *left, const void *right)
{
	const struct lab_shared *a = left, *b = right;

	if (a->transfers != b->transfers)
		return a->transfers > b->transfers ? -1 : 1;
	return a->at < b->at ? -1 : a->at > b->at;
}

/* From the first to the last timestamp of the sample in the middle, as memory records. */
static bool find_window(const struct lab_trace *trace, size_t records[2], size_t window[2])
{
	size_t wanted = trace->samples ? (trace->samples - 1) / 2 : 0;
	bool found = false;

	for (size_t i = 0; i < trace->border_count; i++) {
		if (trace->borders[i].sample != wanted)
			continue;
		if (!found)
			records[0] = trace->borders[i].record;
		records[1] = trace->borders[i].record;
		found = true;
	}
	if (!found || records[0] == records[1])
		return false;
	window[0] = trace->memory_before[records[0]];
	window[1] = trace->memory_before[records[1]];
	while (records[0] && trace->records[records[0]].count != LAB_TRACE_BEGIN)
		records[0]--;
	return true;
}

static struct item *read_items(const struct lab_profile_boot *boot, const struct lab_places *places,
			       const size_t window[2], size_t *count)
{
	const struct lab_trace *trace = &boot->trace;
	struct item *items = mb_alloc(window[1] - window[0] + 1, sizeof(*items));
	size_t function = LAB_UNNAMED, from = window[0];
	uint32_t cpu = 0;

	*count = 0;
	/* Whose the first accesses are stands before them. */
	while (from && lab_trace_about(&trace->memory[from]) != LAB_TRACE_BY)
		from--;
	for (size_t i = from; i < window[1]; i++) {
		const struct lab_trace_record *record = &trace->memory[i];
		uint64_t physical = lab_trace_physical(record);

		if (lab_trace_about(record) == LAB_TRACE_BY) {
			const struct lab_symbol *symbol =
				lab_symbols_find(&boot->symbols, record->at);

			function = symbol ? symbol->function : LAB_UNNAMED;
			cpu = lab_trace_more(record) % LAB_SHARING_CPUS;
		}
		if (i < window[0] || record->count & LAB_TRACE_ABOUT)
			continue;
		items[*count] = (struct item){ .line = physical >> LINE_SHIFT,
					       .at = record->at,
					       .order = *count,
					       .function = function,
					       .cpu = cpu,
					       .kind = (unsigned char)lab_kind_of(
						       places, record->at, physical),
					       .written = record->count & LAB_TRACE_WRITE };
		++*count;
	}
	return items;
}

int lab_sharing_count(struct lab_sharing *sharing, const struct lab_profile_boot *boot)
{
	size_t records[2] = { 0 }, window[2], count;
	struct lab_places places;
	struct item *items;

	*sharing = (struct lab_sharing){ 0 };
	if (!boot->trace.memory || !find_window(&boot->trace, records, window))
		return mb_fail(MB_MACHINE,
			       "lab profile: no timestamps with accesses between them were seen");
	sharing->functions = mb_alloc(boot->symbols.function_count, sizeof(*sharing->functions));
	lab_places_of(&places, &boot->layout, &boot->trace, records[0], records[1]);
	items = read_items(boot, &places, window, &count);
	qsort(items, count, sizeof(*items), by_line);
	for (size_t i = 0, next; i < count; i = next) {
		for (next = i; next < count && items[next].line == items[i].line;)
			next++;
		take_line(sharing, items + i, items + next);
	}
	if (sharing->count)
		qsort(sharing->at, sharing->count, sizeof(*sharing->at), most_first);
	free(items);
	lab_places_free(&places);
	return MB_OK;
}

void lab_sharing_free(struct lab_sharing *sharing)
{
	free(sharing->at);
	free(sharing->functions);
	*sharing = (struct lab_sharing){ 0 };
}
