// SPDX-License-Identifier: GPL-2.0-or-later
/* The trace read, with what a fault made run twice taken out. */
#include <stdlib.h>

#include "core/base/files.h"
#include "core/base/text.h"
#include "core/status.h"
#include "lab/profile/trace.h"

/* Where an instruction that can't be completed leads, to be run again. */
#define FAULT_ENTRY "asm_exc_page_fault"

static void count_faults_once(struct lab_trace *trace, const struct lab_symbols *symbols)
{
	size_t entry = lab_symbols_function(symbols, FAULT_ENTRY);
	uint64_t at = 0;

	for (size_t i = 0; i < symbols->count; i++)
		if (entry != LAB_UNNAMED && symbols->at[i].function == entry)
			at = symbols->at[i].at;
	for (size_t i = 1; at && i < trace->count; i++) {
		struct lab_trace_record *before = &trace->records[i - 1];

		if (trace->records[i].at == at && lab_trace_ran(&trace->records[i]) &&
		    lab_trace_ran(before) && before->count)
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
			ran += record->count;
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
	count_faults_once(trace, symbols);
	find_borders(trace);
	return MB_OK;
}

void lab_trace_free(struct lab_trace *trace)
{
	free(trace->records);
	free(trace->borders);
	*trace = (struct lab_trace){ 0 };
}
