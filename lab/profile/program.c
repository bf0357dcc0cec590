// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * One execution of a program of the user's, out of the trace. Nothing has to be looked for: the
 * trace has the marks, its own or those around it.
 */
#include <inttypes.h>

#include "core/base/text.h"
#include "core/status.h"
#include "lab/profile/account.h"

/* Records of one execution that count: from @begin, and every later one like it, to @end. */
struct stretch {
	size_t from, to;
	uint64_t begin, end;
};

/* The sample @wanted of the trace, and which of its marks tell. */
static struct stretch find(const struct lab_trace *trace, size_t wanted)
{
	struct stretch stretch = { 0, trace->count, LAB_TRACE_EXEC, LAB_TRACE_EXIT };
	size_t samples = 0;

	for (size_t i = 0; i < trace->count; i++) {
		uint64_t what = trace->records[i].count;

		if (what == LAB_TRACE_BEGIN && samples++ == wanted)
			stretch.from = i;
		if (samples != wanted + 1)
			continue;
		if (what == LAB_TRACE_OPEN) {
			stretch.begin = LAB_TRACE_OPEN;
			stretch.end = LAB_TRACE_CLOSE;
		}
		if (what == LAB_TRACE_END) {
			stretch.to = i;
			break;
		}
	}
	return stretch;
}

/*
 * Before the first and after the last of the kernel's records of what lies between exec and exit
 * it is the runner that runs.
 */
static void trim(const struct lab_trace *trace, struct stretch *stretch, size_t runner[2])
{
	size_t first = stretch->from, last = stretch->to;

	while (first < last && trace->records[first].count != stretch->begin)
		first++;
	while (first < last && !(lab_trace_ran(&trace->records[first]) &&
				 !lab_trace_in_user(&trace->records[first])))
		first++;
	while (last > first && trace->records[last].count != stretch->end)
		last--;
	while (last > first &&
	       !(lab_trace_ran(&trace->records[last]) && !lab_trace_in_user(&trace->records[last])))
		last--;
	runner[0] = first;
	runner[1] = last;
}

static void count(struct lab_account *account, const struct lab_trace *trace,
		  const struct lab_symbols *symbols, struct stretch stretch, size_t runner_name)
{
	/* The paths of user space go on where the kernel left them; the kernel's begin anew. */
	size_t paths[2] = { LAB_NOWHERE, LAB_NOWHERE }, runner[2] = { stretch.from, stretch.to };
	bool on = false, was_user = true;

	if (stretch.begin == LAB_TRACE_EXEC)
		trim(trace, &stretch, runner);
	for (size_t i = stretch.from; i < stretch.to; i++) {
		const struct lab_trace_record *record = &trace->records[i];
		const struct lab_symbol *symbol;
		bool user = lab_trace_in_user(record);
		size_t function;

		if (!lab_trace_ran(record)) {
			on = record->count == stretch.begin || (on && record->count != stretch.end);
			if (on)
				lab_account_flush(account, record);
			continue;
		}
		if (!on)
			continue;
		symbol = lab_symbols_find(symbols, record->at);
		function = symbol ? symbol->function : LAB_UNNAMED;
		if (i < runner[0] || i > runner[1])
			function = runner_name;
		if (was_user && !user)
			paths[1] = LAB_NOWHERE;
		was_user = user;
		lab_account_add(account, &paths[!user], function,
				symbol && symbol->at == record->at, user ? LAB_USER : LAB_KERNEL, i,
				lab_trace_count(record));
	}
}

int lab_account_program(struct lab_account *account, const struct lab_sampled *sampled,
			const struct lab_trace *trace, struct lab_symbols *symbols)
{
	const struct lab_value *value = lab_middle(sampled);
	size_t runner = lab_symbols_name(symbols, "[migbench]"), path = LAB_NOWHERE;
	size_t idle = lab_symbols_name(symbols, "[idle]");

	if (trace->samples != sampled->count)
		return mb_fail(MB_MACHINE,
			       "lab profile: %zu values were recorded while the program was "
			       "executed %zu times",
			       sampled->count, trace->samples);
	*account = lab_account_begin(value->total, symbols);
	count(account, trace, symbols, find(trace, (size_t)(value - sampled->values)), runner);
	if (account->counted > account->total)
		return mb_fail(MB_MACHINE,
			       "lab profile: the trace of the program has %" PRIu64
			       " instructions, its value is %" PRIu64,
			       account->counted, account->total);
	/* While nothing runs, time jumps to the next timer, and the clock with it. */
	if (account->counted < account->total)
		lab_account_add(account, &path, idle, false, LAB_IDLE, trace->count,
				account->total - account->counted);
	return MB_OK;
}
