/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The counting pass: TLB flushes and IPI rounds through the module, and the
 * events of --events through perf_event_open(), around the timed part of a
 * sample. It is a pass of its own, because counting costs time.
 */
#ifndef MIGBENCH_BENCH_COUNTING_H
#define MIGBENCH_BENCH_COUNTING_H

#include <stdbool.h>

#include "bench/block.h"
#include "bench/session.h"
#include "core/options.h"

#define MB_MAX_EVENTS 16

/*
 * Get ready to count for @session: @events are perf event names, as libpfm4
 * knows them, or tracepoints as system:name; also several with commas between
 * them. An unknown name is MB_REQUEST after a line on stderr. An event that this machine can't count is a note, and the
 * run goes on without it. 0 otherwise. mb_counting_close() in any case.
 */
int mb_counting_open(struct mb_session *session, const struct mb_strings *events);
void mb_counting_close(struct mb_session *session);

/*
 * Around the timed part of a sample; outside a counting pass they only have bystanders run.
 * @batches is how many batches (or faults) were between them, 0 if what follows belongs to the same one. Called by the thread that does the work, which may be in a child process.
 */
void mb_counting_begin(struct mb_session *session);
/*
 * The same around a program that the caller executes in a child: events count it from its exec on, with the processes
 * that it starts. Flushes are the calling thread's, and so none are counted.
 */
void mb_counting_begin_program(struct mb_session *session);
void mb_counting_end(struct mb_session *session, unsigned long batches);

/* Something else that a benchmark saw of one batch in a counting pass; @name must outlive the run. */
void mb_counting_note(struct mb_session *session, const char *name, double value);

/*
 * What was counted since the last call, per batch, into @counters; what /proc/vmstat says of the whole
 * machine in the meantime into @witnesses.
 */
void mb_counting_take(struct mb_session *session, struct mb_counters *counters,
		      struct mb_counters *witnesses);

#endif
