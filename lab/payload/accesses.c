// SPDX-License-Identifier: GPL-2.0-or-later
/* Which memory is accessed and what leaves the TLB, as records. */
#include <string.h>

#include "lab/payload/accesses.h"
#include "lab/payload/encodings.h"
#include "lab/payload/record.h"
#include "lab/payload/registers.h"
#include "lab/payload/tables.h"

/* What DC ZVA zeroes on the CPUs that the lab has: a line. */
#define ZEROED_SHIFT 6

static bool wanted;

/* An instruction: what its encoding says, and where it is. */
struct accessor {
	struct encoding is;
	uint64_t at;
};

#define CPUS 32

/* Which CPU executes the block that begins: numbers in the order in which they were seen. */
static unsigned int cpu;

/*
 * By the base of what is the CPU's own, which the kernel of x86-64 has in one of two registers. The number
 * that QEMU 10.0 gives is that of the CPU for which the block was translated, where CPUs take turns.
 */
void accesses_block(unsigned int vcpu, void *user)
{
	static uint64_t bases[CPUS];
	uint64_t base;

	(void)vcpu;
	(void)user;
	if (!plugin_sampling)
		return;
	base = registers_read(PLUGIN_OWN);
	if (!plugin_arm64 && !(base >> 63))
		base = registers_read(PLUGIN_OWN_ASIDE);
	for (cpu = 0; cpu < CPUS - 1 && bases[cpu] && bases[cpu] != base;)
		cpu++;
	bases[cpu] = base;
}

static void say_who(const struct accessor *by)
{
	static const struct accessor *last;
	static unsigned int last_cpu;

	if (by == last && cpu == last_cpu)
		return;
	last = by;
	last_cpu = cpu;
	plugin_record(by->at, LAB_TRACE_BY | (uint64_t)cpu << LAB_TRACE_MORE_SHIFT);
}

static void record_access(const struct accessor *by, uint64_t at, uint64_t physical, bool written,
			  unsigned int size_shift)
{
	if (plugin_sharing)
		say_who(by);
	plugin_record(at, LAB_TRACE_ACCESS | by->is.says | (written ? LAB_TRACE_WRITE : 0) |
				  (uint64_t)(size_shift & 15) << LAB_TRACE_SIZE_SHIFT |
				  (physical & LAB_TRACE_PHYSICAL));
}

static void on_access(unsigned int vcpu, qemu_plugin_meminfo_t info, uint64_t at, void *user)
{
	const struct accessor *by = user;
	const struct qemu_plugin_hwaddr *where;

	(void)vcpu;
	if (!plugin_sampling && (!(at >> 63) || at >= tables_lowest))
		return;
	where = qemu_plugin_get_hwaddr(info, at);
	/* A device's registers are no memory. */
	if (!where || qemu_plugin_hwaddr_is_io(where))
		return;
	if (at >> 63 && at < tables_lowest)
		tables_learn(at, qemu_plugin_hwaddr_phys_addr(where));
	if (plugin_sampling)
		record_access(by, at, qemu_plugin_hwaddr_phys_addr(where),
			      qemu_plugin_mem_is_store(info), qemu_plugin_mem_size_shift(info));
}

/* The kernel zeroes what it mapped with all memory; where a program's address is, nothing tells. */
static void on_zero(unsigned int vcpu, void *user)
{
	const struct accessor *by = user;
	uint64_t at = registers_read(by->is.base) & -(1ULL << ZEROED_SHIFT), physical;

	(void)vcpu;
	if (plugin_sampling && tables_direct(at, &physical))
		record_access(by, at, physical, true, ZEROED_SHIFT);
}

static void on_flush(unsigned int vcpu, void *user)
{
	const struct encoding *is = &((const struct accessor *)user)->is;
	uint64_t at = 0;

	(void)vcpu;
	if (!plugin_sampling)
		return;
	if (is->flush == LAB_TRACE_FLUSH_PAGE)
		at = registers_read(is->base) + (uint64_t)(int64_t)is->displacement;
	/* TLBI has the number of a 4 KiB in the lower bits, whatever the size of pages. */
	if (plugin_arm64)
		at = (uint64_t)((int64_t)(at << 20) >> 8);
	plugin_record(at, is->flush);
}

void accesses_watch(struct qemu_plugin_insn *insn)
{
	unsigned char code[15];
	struct accessor *by;
	uint32_t word;
	size_t length;

	if (!wanted)
		return;
	length = qemu_plugin_insn_data(insn, code, sizeof(code));
	memcpy(&word, code, sizeof(word));
	by = plugin_get(sizeof(*by));
	*by = (struct accessor){ plugin_arm64 ? encoding_arm64(word) : encoding_x86(code, length),
				 qemu_plugin_insn_vaddr(insn) };
	qemu_plugin_register_vcpu_mem_cb(insn, on_access, QEMU_PLUGIN_CB_NO_REGS,
					 QEMU_PLUGIN_MEM_RW, by);
	if (by->is.flush)
		qemu_plugin_register_vcpu_insn_exec_cb(insn, on_flush, QEMU_PLUGIN_CB_R_REGS, by);
	if (by->is.zeroes)
		qemu_plugin_register_vcpu_insn_exec_cb(insn, on_zero, QEMU_PLUGIN_CB_R_REGS, by);
	if (plugin_arm64)
		tables_watch(insn, word);
}

void accesses_tables(uint64_t at, bool sample_begins)
{
	if (wanted)
		tables_mark(at, sample_begins);
}

void accesses_wanted(qemu_plugin_id_t id)
{
	wanted = true;
	registers_wanted(id);
	tables_wanted();
}
