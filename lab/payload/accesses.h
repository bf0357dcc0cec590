/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The plugin's second half: the memory that instructions read and write while a sample is taken. */
#ifndef MIGBENCH_LAB_PAYLOAD_ACCESSES_H
#define MIGBENCH_LAB_PAYLOAD_ACCESSES_H

#include "lab/payload/plugin_api.h"
#include "lab/payload/sample.h"

#if PLUGIN_API >= 4
/* From now on accesses are recorded. */
void accesses_wanted(qemu_plugin_id_t id);
/* At translation: have the instruction tell what it accesses. */
void accesses_watch(struct qemu_plugin_insn *insn);
/* With plugin_sharing, when a block begins, with its CPU's registers. */
void accesses_block(unsigned int vcpu, void *user);
/* At the mark or timestamp at @at: record the page tables of the task that runs, and what it maps. */
void accesses_tables(uint64_t at, bool sample_begins);
#else
static inline void accesses_watch(struct qemu_plugin_insn *insn)
{
	(void)insn;
}

static inline void accesses_block(unsigned int vcpu, void *user)
{
	(void)vcpu;
	(void)user;
}

static inline void accesses_tables(uint64_t at, bool sample_begins)
{
	(void)at;
	(void)sample_begins;
}
#endif

#endif
