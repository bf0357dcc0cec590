// SPDX-License-Identifier: GPL-2.0-or-later
/* The trace read, with what a fault made run twice taken out. */
#include <stdlib.h>
#include <string.h>

#include "core/base/files.h"
#include "core/base/text.h"
#include "core/status.h"
#include "lab/profile/trace.h"

/* Where an instruction that can't be completed leads, to be run again. */
#define FAULT_ENTRY "asm_exc_page_fault"
/* The last instruction of most ways out of the kernel, of the handler's own way back, too. */
#define RETURN "native_irq_return_iret"

/*
 * Was it that the instruction after record @before could not be fetched? None is tried then. User
 * space goes on with that one, and not with the last one again, whose block was over.
 */
static bool could_not_fetch(const struct lab_trace *trace, size_t before,
			    const struct lab_symbols *symbols)
{
	const struct lab_trace_record *record = &trace->records[before];
	const struct lab_symbol *symbol;

	if (!(record->count & LAB_TRACE_WHOLE))
		return false;
	symbol = lab_symbols_find(symbols, lab_trace_last(record));
	if (symbol && !strcmp(symbols->functions[symbol->function], RETURN))
		return true;
	for (size_t i = before + 1; i < trace->count; i++) {
		const struct lab_trace_record *next = &trace->records[i];

		if (!lab_trace_ran(next))
			continue;
		if (next->at == lab_trace_last(record))
			return false;
		if (lab_trace_in_user(next))
			return true;
	}
	return false;
}

/* Is the instruction that record @before ended with run again by what was going on? */
static bool is_retried(const struct lab_trace *trace, size_t before)
{
	const struct lab_trace_record *record = &trace->records[before];
	uint64_t last = lab_trace_last(record);

	for (size_t i = before + 1; i < trace->count; i++) {
		const struct lab_trace_record *next = &trace->records[i];

		if (!lab_trace_ran(next))
			continue;
		if (next->at == last)
			return true;
		/* A system call goes on behind its instruction. */
		if (lab_trace_in_user(next))
			return false;
	}
	return false;
}

/*
 * Is @at where a synchronous exception of arm64 begins, of the kernel's own or of user space? Tables of
 * vectors lie at borders of 2 KiB, and there are several: vectors, and those that mitigations have.
 */
static bool is_vector(uint64_t at, const struct lab_symbols *symbols)
{
	const struct lab_symbol *symbol;

	if ((at & 0x7ff) != 0x200 && (at & 0x7ff) != 0x400)
		return false;
	symbol = lab_symbols_find(symbols, at);
	return symbol && strstr(symbols->functions[symbol->function], "vectors");
}

/* A system call begins there, too: whether it was a fault is seen by what comes after. */
static void count_retries_once(struct lab_trace *trace, const struct lab_symbols *symbols)
{
	for (size_t i = 1; i < trace->count; i++) {
		struct lab_trace_record *before = &trace->records[i - 1];

		if (lab_trace_ran(&trace->records[i]) && lab_trace_ran(before) &&
		    lab_trace_count(before) && is_vector(trace->records[i].at, symbols) &&
		    is_retried(trace, i - 1))
			before->count--;
	}
}

static void count_faults_once(struct lab_trace *trace, const struct lab_symbols *symbols)
{
	size_t entry = lab_symbols_function(symbols, FAULT_ENTRY);
	uint64_t at = 0;

	if (entry == LAB_UNNAMED)
		count_retries_once(trace, symbols);
	for (size_t i = 0; i < symbols->count; i++)
		if (entry != LAB_UNNAMED && symbols->at[i].function == entry)
			at = symbols->at[i].at;
	for (size_t i = 1; at && i < trace->count; i++) {
		struct lab_trace_record *before = &trace->records[i - 1];

		if (trace->records[i].at == at && lab_trace_ran(&trace->records[i]) &&
		    lab_trace_ran(before) && lab_trace_count(before) &&
		    !could_not_fetch(trace, i - 1, symbols))
			before->count--;
	}
}

static void find_borders(struct lab_trace *trace)
{
	uint64_t ran = 0;

	for (size_t i = 0; i < trace->count; i++)
		trace->border_count += trace->records[i].count == LAB_TRACE_BORDER;
	trace->borders = mb_alloc(trace->border_count + 1, sizeof(*trace->borders));
	trace->border_count = 0;
	for (size_t i = 0; i < trace->count; i++) {
		const struct lab_trace_record *record = &trace->records[i];

		if (lab_trace_ran(record))
			ran += lab_trace_count(record);
		else if (record->count == LAB_TRACE_BEGIN)
			trace->samples++;
		else if (record->count == LAB_TRACE_BORDER)
			trace->borders[trace->border_count++] =
				(struct lab_border){ .record = i,
						     .site = record->at,
						     .before = ran,
						     .sample = trace->samples - 1 };
	}
}

/* Records about memory in an array of their own, so that the others stand beside each other. */
static void part_memory(struct lab_trace *trace)
{
	size_t kept = 0, memory = 0;

	for (size_t i = 0; i < trace->count; i++)
		memory += trace->records[i].count >> 63;
	if (!memory)
		return;
	trace->memory = mb_alloc(memory, sizeof(*trace->memory));
	trace->memory_before = mb_alloc(trace->count - memory + 1, sizeof(*trace->memory_before));
	for (size_t i = 0; i < trace->count; i++) {
		if (trace->records[i].count >> 63) {
			trace->memory[trace->memory_count++] = trace->records[i];
			continue;
		}
		trace->memory_before[kept] = trace->memory_count;
		trace->records[kept++] = trace->records[i];
	}
	trace->memory_before[kept] = trace->memory_count;
	trace->count = kept;
}

int lab_trace_read(struct lab_trace *trace, const char *path, const struct lab_symbols *symbols)
{
	size_t length;

	*trace = (struct lab_trace){ 0 };
	trace->records = (struct lab_trace_record *)(void *)mb_read_file(path, &length);
	if (!trace->records)
		return mb_fail(MB_MACHINE, "%s: %m", path);
	trace->count = length / sizeof(*trace->records);
	if (!trace->count || trace->records[0].count != LAB_TRACE_BEGIN)
		return mb_fail(MB_MACHINE, "lab profile: QEMU's plugin saw no sample being taken");
	part_memory(trace);
	count_faults_once(trace, symbols);
	find_borders(trace);
	return MB_OK;
}

void lab_trace_free(struct lab_trace *trace)
{
	free(trace->records);
	free(trace->borders);
	free(trace->memory);
	free(trace->memory_before);
	*trace = (struct lab_trace){ 0 };
}
