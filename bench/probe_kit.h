/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the probes share: device memories, pages, and the module's looks at them. */
#ifndef MIGBENCH_BENCH_PROBE_KIT_H
#define MIGBENCH_BENCH_PROBE_KIT_H

#include "bench/memory.h"
#include "bench/module.h"
#include "bench/probe.h"

/* Pages of a probe, unless it says otherwise: within one page table. */
#define MB_PROBE_PAGES 64

/*
 * Open the module and create device memory of @kind for @pages pages. Returns the
 * descriptor, which may stay open (the probe's process ends), or -1 with @why.
 */
int mb_kit_open(enum migbench_kind kind, unsigned long pages, char why[MB_WHY]);
/* Private device memory, or coherent where there is none. */
int mb_kit_open_any(unsigned long pages, char why[MB_WHY]);
/*
 * Coherent device memory in *@fd: MB_PRESENT; MB_ABSENT if this kernel cannot
 * even select such pages; MB_SKIPPED if only the range is missing. @why for both.
 */
enum mb_answer mb_kit_open_coherent(int *fd, unsigned long pages, char why[MB_WHY]);

/* @pages pages with known content, each of them dirty and young; false with @why. */
bool mb_kit_map(struct mb_memory *memory, unsigned long pages, char why[MB_WHY]);
/* The same in whole transparent huge pages. */
bool mb_kit_map_huge(struct mb_memory *memory, char why[MB_WHY]);

/* Move all of @memory as one batch; false with @why if the module refuses. */
bool mb_kit_move(int fd, unsigned int direction, const struct mb_memory *memory,
		 struct migbench_record *record, char why[MB_WHY]);
/* MIGBENCH_PTE_… of each page; false with @why. */
bool mb_kit_states(int fd, const struct mb_memory *memory, uint8_t *states, char why[MB_WHY]);
/*
 * What setup selects of @memory; bits[] has room for memory->pages. false with @why.
 */
bool mb_kit_collect(int fd, const struct mb_memory *memory, unsigned int select, unsigned int flags,
		    struct migbench_collect *selected, uint8_t *bits, char why[MB_WHY]);
/*
 * The same of memory that setup takes pages of the system from, with its flushes counted: MB_PRESENT;
 * MB_UNOBSERVABLE where the kernel traces none; else MB_SKIPPED. @why for both.
 */
enum mb_answer mb_kit_watch(int fd, const struct mb_memory *memory,
			    struct migbench_collect *selected, uint8_t *bits, char why[MB_WHY]);
/* MIGBENCH_HOLD_…; false with @why. */
bool mb_kit_hold(int fd, unsigned int op, const struct mb_memory *memory, char why[MB_WHY]);
/*
 * One page of @memory that is held by MIGBENCH_HOLD_… @op while setup is asked to select it: its
 * state before and after, and whether it was *@selected. false with @why.
 */
bool mb_kit_collect_held(struct mb_memory *memory, unsigned int op, uint8_t *before, uint8_t *after,
			 bool *selected, char why[MB_WHY]);

/* Frame number of the page at @addr as pagemap says it; 0: not present, or not told to us. */
uint64_t mb_kit_frame(const void *addr);
/* How many pages of @memory have another frame than frames[]; fills frames[] if @note. */
unsigned long mb_kit_moved(const struct mb_memory *memory, uint64_t *frames, bool note);

/* Did the content survive? Else MB_CONTRADICTION with @why; to be returned for @answer. */
enum mb_answer mb_kit_intact(const struct mb_memory *memory, enum mb_answer answer,
			     char why[MB_WHY]);

/* @answer with a reason as printf(3) writes it. */
enum mb_answer mb_kit_say(enum mb_answer answer, char why[MB_WHY], const char *format, ...)
	__attribute__((format(printf, 3, 4)));

#endif
