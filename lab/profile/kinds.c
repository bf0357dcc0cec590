// SPDX-License-Identifier: GPL-2.0-or-later
/* Kinds of memory, by what the plugin saw of the task's tables and by where the kernel puts things. */
#include <stdlib.h>
#include <string.h>

#include "core/base/text.h"
#include "lab/profile/kinds.h"

const char *const lab_kind_names[] = { "pages",	  "page tables",  "struct page", "stack",
				       "per-CPU", "kernel image", "modules",	 "rest" };

/*
 * Without KASLR and with four levels of page tables, as the lab boots its kernels
 * (Documentation/arch/x86/x86_64/mm.rst).
 */
#define KERNEL 0xffff800000000000
#define VMALLOC 0xffffc90000000000
#define VMEMMAP 0xffffea0000000000
#define VMEMMAP_END 0xffffeb0000000000
#define CPU_ENTRY 0xfffffe0000000000
#define CPU_ENTRY_END 0xfffffe8000000000
#define IMAGE 0xffffffff80000000
#define MODULES 0xffffffffa0000000

#define STACK_SHIFT 14
#define PAGE_SHIFT 12
#define HUGE_SHIFT 21

/* How the kernel's functions that copy pages begin. */
static const char *const copiers[] = { "copy_page", "copy_mc_", "memcpy", "__memcpy" };

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
	for (size_t i = 0; i < sizeof(copiers) / sizeof(copiers[0]); i++)
		if (!strncmp(function, copiers[i], strlen(copiers[i])))
			return true;
	return false;
}

static void read_record(struct lab_places *places, const struct lab_trace_record *record)
{
	switch (record->count) {
	case LAB_TRACE_TABLE:
		add(&places->tables, record->at >> PAGE_SHIFT);
		return;
	case LAB_TRACE_MAPS:
		add(&places->pages, record->at >> PAGE_SHIFT);
		return;
	case LAB_TRACE_MAPS_HUGE:
		add(&places->huge, record->at >> HUGE_SHIFT);
		return;
	case LAB_TRACE_NO_TABLES:
		places->known = false;
		return;
	}
	if (record->count & LAB_TRACE_ABOUT || record->at < KERNEL)
		return;
	if (record->count & LAB_TRACE_PER_CPU)
		add(&places->per_cpu, record->at >> PAGE_SHIFT);
	else if (record->count & LAB_TRACE_CALL)
		add(&places->stacks, record->at >> STACK_SHIFT);
}

/*
 * A frame is one that was copied if the functions that copy reached each of its lines: the pages of
 * a device, which no task maps, and those that were mapped between two looks.
 */
static void find_copied(struct lab_places *places, const struct lab_account *account,
			const struct lab_trace *trace, const struct lab_symbols *symbols)
{
	struct lab_numbers lines = { 0 };
	const unsigned int lines_of_page = 1u << (PAGE_SHIFT - 6);

	for (size_t i = 0; i < account->place_count; i++) {
		const struct lab_place *place = &account->places[i];

		if (place->record >= trace->count ||
		    !copies(symbols->functions[account->paths[place->path].function]))
			continue;
		for (size_t m = lab_trace_memory(trace, place->record);
		     m < trace->memory_before[place->record]; m++)
			if (!(trace->memory[m].count & LAB_TRACE_ABOUT))
				add(&lines, lab_trace_physical(&trace->memory[m]) >> 6);
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

void lab_places_of(struct lab_places *places, const struct lab_trace *trace, size_t from, size_t to)
{
	*places = (struct lab_places){ .known = true };
	for (size_t i = trace->memory_before[from]; i < trace->memory_before[to]; i++)
		read_record(places, &trace->memory[i]);
	sort(&places->tables);
	sort(&places->pages);
	sort(&places->huge);
	sort(&places->stacks);
	sort(&places->per_cpu);
}

void lab_places_read(struct lab_places *places, const struct lab_account *account,
		     const struct lab_trace *trace, const struct lab_symbols *symbols)
{
	size_t from = account->place_count ? account->places[0].record : 0, to = from;

	while (from && trace->records[from].count != LAB_TRACE_BEGIN)
		from--;
	while (to < trace->count && trace->records[to].count != LAB_TRACE_END)
		to++;
	lab_places_of(places, trace, from, to);
	find_copied(places, account, trace, symbols);
}

void lab_places_free(struct lab_places *places)
{
	free(places->tables.at);
	free(places->pages.at);
	free(places->huge.at);
	free(places->copied.at);
	free(places->stacks.at);
	free(places->per_cpu.at);
	*places = (struct lab_places){ 0 };
}

enum lab_kind lab_kind_of(const struct lab_places *places, uint64_t virtual, uint64_t physical)
{
	if (virtual < KERNEL)
		return LAB_KIND_PAGES;
	if (virtual >= CPU_ENTRY && virtual < CPU_ENTRY_END)
		return LAB_KIND_PER_CPU;
	if (has(&places->stacks, virtual >> STACK_SHIFT))
		return LAB_KIND_STACK;
	if (has(&places->per_cpu, virtual >> PAGE_SHIFT))
		return LAB_KIND_PER_CPU;
	if (virtual >= MODULES)
		return LAB_KIND_MODULES;
	if (virtual >= IMAGE)
		return LAB_KIND_IMAGE;
	if (virtual >= VMEMMAP && virtual < VMEMMAP_END)
		return LAB_KIND_STRUCT_PAGE;
	if (has(&places->tables, physical >> PAGE_SHIFT))
		return LAB_KIND_TABLES;
	if (has(&places->pages, physical >> PAGE_SHIFT) ||
	    has(&places->huge, physical >> HUGE_SHIFT) ||
	    has(&places->copied, physical >> PAGE_SHIFT))
		return LAB_KIND_PAGES;
	return LAB_KIND_REST;
}

bool lab_is_large(const struct lab_places *places, uint64_t virtual, uint64_t physical)
{
	if (virtual < KERNEL)
		return has(&places->huge, physical >> HUGE_SHIFT);
	return virtual < VMALLOC || (virtual >= VMEMMAP && virtual < VMEMMAP_END) ||
	       (virtual >= IMAGE && virtual < MODULES);
}
