/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The page tables of the task that a sample is of, and what the kernel maps by large entries. */
#ifndef MIGBENCH_LAB_PAYLOAD_TABLES_H
#define MIGBENCH_LAB_PAYLOAD_TABLES_H

#include <stdbool.h>

#include "lab/payload/plugin_api.h"

void tables_wanted(void);

/* The lowest of the kernel's addresses that was accessed yet. */
extern uint64_t tables_lowest;

/* It is this one now, and is at @physical. */
void tables_learn(uint64_t at, uint64_t physical);

/* Whether the kernel's address @at is of its map of all memory, and where that is then. */
bool tables_direct(uint64_t at, uint64_t *physical);

/* At translation: an instruction of arm64 by which the kernel is entered or left. */
void tables_watch(struct qemu_plugin_insn *insn, uint32_t word);

/*
 * At the mark or timestamp at @at: record the tables of the task that runs, as far as they are new in
 * this sample, now or when the kernel next runs.
 */
void tables_mark(uint64_t at, bool sample_begins);

#endif
