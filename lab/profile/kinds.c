// SPDX-License-Identifier: GPL-2.0-or-later
/* Kinds of memory, by what the plugin saw of the task's tables and by where the kernel puts things. */
#include <stdlib.h>
#include <string.h>

#include "core/base/text.h"
#include "lab/profile/kinds.h"

const char *const lab_kind_names[] = { "pages",	  "page tables",  "struct page", "stack",
				       "per-CPU", "kernel image", "modules",	 "rest" };

#define LINE_SHIFT 6
/* Of the two halves of all addresses the upper one is the kernel's. */
#define IS_KERNEL(virtual) ((virtual) >> 63)

/* How the kernel's functions that copy pages begin; on arm64 most have __pi_ before that. */
static const char *const copiers[] = { "copy_page", "copy_mc_", "memcpy", "__memcpy" };
#define ANYWHERE "__pi_"

static void add(struct lab_numbers *numbers, uint64_t number)
{
	if (numbers->count && numbers->at[numbers->count - 1] == number)
		return;
	numbers->at = mb_grow(numbers->at, &numbers->room, numbers->count, sizeof(*numbers->at));
	numbers->at[numbers->count++] = number;
}

static int by_size(const void *left, const void *right)
{
	const uint64_t *a = left, *b = right;

	return *a < *b ? -1 : *a > *b;
}

static void sort(struct lab_numbers *numbers)
{
	size_t kept = 0;

	if (!numbers->count)
		return;
	qsort(numbers->at, numbers->count, sizeof(*numbers->at), by_size);
	for (size_t i = 1; i < numbers->count; i++)
		if (numbers->at[i] != numbers->at[kept])
			numbers->at[++kept] = numbers->at[i];
	numbers->count = kept + 1;
}

static bool has(const struct lab_numbers *numbers, uint64_t number)
{
	return numbers->count &&
	       bsearch(&number, numbers->at, numbers->count, sizeof(*numbers->at), by_size);
}

static bool copies(const char *function)
{
	if (!strncmp(function, ANYWHERE, strlen(ANYWHERE)))
		function += strlen(ANYWHERE);
	for (size_t i = 0; i < sizeof(copiers) / sizeof(copiers[0]); i++)
		if (!strncmp(function, copiers[i], strlen(copiers[i])))
			return true;
	return false;
}

/* All numbers that 1 << @bytes_shift bytes at @at have, counted in 1 << @shift. */
static void add_all(struct lab_numbers *numbers, uint64_t at, unsigned int bytes_shift,
		    unsigned int shift)
{
	uint64_t end = (at + (1ULL << bytes_shift) - 1) >> shift;

	for (uint64_t number = at >> shift; number <= end; number++)
		add(numbers, number);
}

static void read_record(struct lab_places *places, const struct lab_trace_record *record)
{
	const struct lab_layout *layout = places->layout;
	unsigned int more = lab_trace_more(record);

	if (!(record->count & LAB_TRACE_ABOUT)) {
		if (IS_KERNEL(record->at) && record->count & LAB_TRACE_CALL)
			add(&places->stacks, record->at >> layout->stack_shift);
		return;
	}
	switch (lab_trace_about(record)) {
	case LAB_TRACE_TABLE:
		add_all(&places->tables, record->at, more, LINE_SHIFT);
		break;
	case LAB_TRACE_MAPS:
		if (more == layout->page_shift)
			add(&places->pages, record->at >> layout->page_shift);
		else
			add_all(&places->huge, record->at, more, layout->large_shift);
		break;
	case LAB_TRACE_BLOCK:
		add_all(&places->blocks, record->at, more, layout->large_shift);
		break;
	case LAB_TRACE_NO_TABLES:
		places->known = false;
		break;
	}
}

/*
 * A frame is one that was copied if the functions that copy reached each of its lines: the pages of
 * a device, which no task maps, and those that were mapped between two looks.
 */
static void find_copied(struct lab_places *places, const struct lab_account *account,
			const struct lab_trace *trace, const struct lab_symbols *symbols)
{
	struct lab_numbers lines = { 0 };
	const unsigned int lines_of_page = 1u << (places->layout->page_shift - LINE_SHIFT);

	for (size_t i = 0; i < account->place_count; i++) {
		const struct lab_place *place = &account->places[i];

		if (place->record >= trace->count ||
		    !copies(symbols->functions[account->paths[place->path].function]))
			continue;
		for (size_t m = lab_trace_memory(trace, place->record);
		     m < trace->memory_before[place->record]; m++)
			if (!(trace->memory[m].count & LAB_TRACE_ABOUT))
				add(&lines, lab_trace_physical(&trace->memory[m]) >> LINE_SHIFT);
	}
	sort(&lines);
	for (size_t i = 0, run = 0; i < lines.count; i++) {
		run = i && lines.at[i] == lines.at[i - 1] + 1 && lines.at[i] % lines_of_page
			      ? run + 1
			      : 1;
		if (lines.at[i] % lines_of_page == lines_of_page - 1 && run >= lines_of_page)
			add(&places->copied, lines.at[i] / lines_of_page);
	}
	free(lines.at);
	sort(&places->copied);
}

void lab_places_of(struct lab_places *places, const struct lab_layout *layout,
		   const struct lab_trace *trace, size_t from, size_t to)
{
	*places = (struct lab_places){ .layout = layout, .known = true };
	for (size_t i = trace->memory_before[from]; i < trace->memory_before[to]; i++)
		read_record(places, &trace->memory[i]);
	sort(&places->tables);
	sort(&places->pages);
	sort(&places->huge);
	sort(&places->blocks);
	sort(&places->stacks);
}

void lab_places_read(struct lab_places *places, const struct lab_layout *layout,
		     const struct lab_account *account, const struct lab_trace *trace,
		     const struct lab_symbols *symbols)
{
	size_t from = account->place_count ? account->places[0].record : 0, to = from;

	while (from && trace->records[from].count != LAB_TRACE_BEGIN)
		from--;
	while (to < trace->count && trace->records[to].count != LAB_TRACE_END)
		to++;
	lab_places_of(places, layout, trace, from, to);
	find_copied(places, account, trace, symbols);
}

void lab_places_free(struct lab_places *places)
{
	free(places->tables.at);
	free(places->pages.at);
	free(places->huge.at);
	free(places->copied.at);
	free(places->blocks.at);
	free(places->stacks.at);
	*places = (struct lab_places){ 0 };
}

enum lab_kind lab_kind_of(const struct lab_places *places, uint64_t virtual, uint64_t physical)
{
	const struct lab_layout *layout = places->layout;
	enum lab_kind kind;

	if (!IS_KERNEL(virtual))
		return LAB_KIND_PAGES;
	if (has(&places->stacks, virtual >> layout->stack_shift))
		return LAB_KIND_STACK;
	kind = lab_layout_kind(layout, virtual);
	if (kind != LAB_KIND_REST)
		return kind;
	if (has(&places->tables, physical >> LINE_SHIFT))
		return LAB_KIND_TABLES;
	if (has(&places->pages, physical >> layout->page_shift) ||
	    has(&places->huge, physical >> layout->large_shift) ||
	    has(&places->copied, physical >> layout->page_shift))
		return LAB_KIND_PAGES;
	return LAB_KIND_REST;
}

bool lab_is_large(const struct lab_places *places, uint64_t virtual, uint64_t physical)
{
	unsigned int shift = places->layout->large_shift;

	return IS_KERNEL(virtual) ? has(&places->blocks, virtual >> shift)
				  : has(&places->huge, physical >> shift);
}
