// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Page tables read out of the guest, through the kernel's own map of all memory. Where that lies, no
 * version need be asked for: it has the lowest of the kernel's addresses, on x86-64 as on arm64, and so
 * the lowest one that is accessed says it.
 */
#include <stdlib.h>
#include <string.h>

#include "lab/payload/record.h"
#include "lab/payload/registers.h"
#include "lab/payload/sample.h"
#include "lab/payload/tables.h"

#define PRESENT 1ULL
#define X86_HUGE (1ULL << 7)
#define ARM64_TABLE (1ULL << 1)
#define FRAME 0x000ffffffffff000ULL
/* A root of arm64 may be smaller than a page; what stands around its address is no address. */
#define ARM64_ROOT 0x0000fffffffffff0ULL
#define ENTRY_SHIFT 3 /* log2 of an entry's bytes */

uint64_t tables_lowest = UINT64_MAX;
static uint64_t direct_map; /* the address of what is at 0 */
static GByteArray *bytes;

/* Asked for in user space, of the task with this root, and not done yet. */
static uint64_t asked;
static bool pending;
static bool kernel_told; /* in this sample */

/* How one half of all addresses is translated. */
struct tree {
	uint64_t root, base; /* physical; the half's first address */
	unsigned int page, levels, top; /* log2 of a page's bytes; log2 of the root's entries */
	bool kernel;
};

void tables_wanted(void)
{
	bytes = g_byte_array_new();
}

void tables_learn(uint64_t at, uint64_t physical)
{
	tables_lowest = at;
	direct_map = at - physical;
}

static struct tree find_tree(bool kernel)
{
	struct tree tree = { .page = 12, .kernel = kernel };
	unsigned int size = 48, fan;

	if (plugin_arm64) {
		/* TG0 and T0SZ, T1SZ (Arm Architecture Reference Manual, D19.2, TCR_EL1). */
		static const unsigned int pages[] = { 12, 16, 14, 12 };
		uint64_t how = registers_read(PLUGIN_TRANSLATION);

		tree.page = pages[how >> 14 & 3];
		size = 64 - (how >> (kernel ? 16 : 0) & 63);
		tree.root = registers_read(kernel ? PLUGIN_KERNEL_ROOT : PLUGIN_ROOT) & ARM64_ROOT;
	} else {
		tree.root = registers_read(PLUGIN_ROOT) & FRAME;
	}
	fan = tree.page - ENTRY_SHIFT;
	tree.levels = (size - tree.page + fan - 1) / fan;
	tree.top = size - tree.page - (tree.levels - 1) * fan;
	tree.base = kernel && plugin_arm64 ? -(1ULL << size) : 0;
	return tree;
}

/* What was recorded of frames in this sample: a table of hashes, 0 is a free place. */
static uint64_t *told;
static size_t told_count, told_size;

static uint64_t *place_of(uint64_t key)
{
	size_t at = key * 0x9e3779b97f4a7c15 >> 20;

	for (;; at++) {
		at &= told_size - 1;
		if (!told[at] || told[at] == key)
			return &told[at];
	}
}

static void widen(void)
{
	uint64_t *old = told;
	size_t size = told_size;

	told_size = size ? 2 * size : 4096;
	told = plugin_get(told_size * sizeof(*told));
	memset(told, 0, told_size * sizeof(*told));
	for (size_t i = 0; i < size; i++)
		if (old[i])
			*place_of(old[i]) = old[i];
	free(old);
}

/* 1 << @shift bytes at physical @at are @what; once a sample. */
static void tell(uint64_t at, uint64_t what, unsigned int shift)
{
	uint64_t key = at << 9 | shift << 3 | (what & 7), *place;

	if (2 * told_count >= told_size)
		widen();
	place = place_of(key);
	if (*place)
		return;
	*place = key;
	told_count++;
	plugin_record(at, what | (uint64_t)shift << LAB_TRACE_MORE_SHIFT);
}

/* malloc'd; NULL: it can't be read. */
static uint64_t *read_table(uint64_t at, size_t entries)
{
	size_t size = entries << ENTRY_SHIFT;
	uint64_t *table;

	g_byte_array_set_size(bytes, 0);
	if (!qemu_plugin_read_memory_vaddr(direct_map + at, bytes, size) || bytes->len != size)
		return NULL;
	table = plugin_get(size);
	memcpy(table, bytes->data, size);
	return table;
}

/* Whether an entry above the lowest level is of no table, but of memory. */
static bool is_block(uint64_t entry)
{
	return plugin_arm64 ? !(entry & ARM64_TABLE) : entry & X86_HUGE;
}

/*
 * The table at physical @at on @level (1: its entries are pages) of 1 << @fan entries, which translates
 * from @virtual on, and what is below it. Of the kernel's half only entries above the lowest level count.
 */
static void walk(const struct tree *tree, uint64_t at, unsigned int level, unsigned int fan,
		 uint64_t virtual)
{
	unsigned int below = tree->page - ENTRY_SHIFT, shift = tree->page + (level - 1) * below;
	uint64_t *table = read_table(at, (size_t)1 << fan);

	if (!table) {
		plugin_record(0, LAB_TRACE_NO_TABLES);
		return;
	}
	if (!tree->kernel)
		tell(at, LAB_TRACE_TABLE, fan + ENTRY_SHIFT);
	for (size_t i = 0; i < (size_t)1 << fan; i++) {
		uint64_t frame = table[i] & FRAME & -(1ULL << tree->page);
		uint64_t from = virtual + (i << shift);

		/* x86-64 has one root for both halves: the highest bit that is translated is all above it. */
		if (!plugin_arm64)
			from = (uint64_t)((int64_t)(from << 16) >> 16);
		if (!(table[i] & PRESENT) || from >> 63 != tree->kernel)
			continue;
		if (level > 1 && !is_block(table[i])) {
			if (level > 2 || !tree->kernel)
				walk(tree, frame, level - 1, below, from);
		} else if (tree->kernel) {
			plugin_record(from,
				      LAB_TRACE_BLOCK | (uint64_t)shift << LAB_TRACE_MORE_SHIFT);
		} else {
			tell(frame & -(1ULL << shift), LAB_TRACE_MAPS, shift);
		}
	}
	free(table);
}

static void look(void)
{
	struct tree task = find_tree(false), kernel = find_tree(true);

	pending = false;
	walk(&task, task.root, task.levels, task.top, task.base);
	if (kernel_told)
		return;
	kernel_told = true;
	walk(&kernel, kernel.root, kernel.levels, kernel.top, kernel.base);
}

void tables_mark(uint64_t at, bool sample_begins)
{
	if (sample_begins) {
		if (told)
			memset(told, 0, told_size * sizeof(*told));
		told_count = 0;
		kernel_told = false;
	}
	/* QEMU reads what may be read by what runs: on arm64 the kernel's memory in the kernel alone. */
	pending = plugin_arm64 && !(at >> 63);
	asked = find_tree(false).root;
	if (!pending)
		look();
}

/* Before the kernel changed anything, and after it did. */
static void on_entry(unsigned int vcpu, void *user)
{
	(void)vcpu;
	(void)user;
	if (plugin_sampling && pending && find_tree(false).root == asked)
		look();
}

static void on_return(unsigned int vcpu, void *user)
{
	(void)vcpu;
	(void)user;
	if (plugin_sampling && find_tree(false).root == asked)
		look();
}

void tables_watch(struct qemu_plugin_insn *insn, uint32_t word)
{
	static const uint32_t eret = 0xd69f03e0, mrs_esr_el1 = 0xd5385200;

	if (!(qemu_plugin_insn_vaddr(insn) >> 63))
		return;
	if (word == eret)
		qemu_plugin_register_vcpu_insn_exec_cb(insn, on_return, QEMU_PLUGIN_CB_R_REGS,
						       NULL);
	else if ((word & ~0x1fU) == mrs_esr_el1)
		qemu_plugin_register_vcpu_insn_exec_cb(insn, on_entry, QEMU_PLUGIN_CB_R_REGS, NULL);
}

bool tables_direct(uint64_t at, uint64_t *physical)
{
	/* Of the half that is the kernel's, the lower half (Documentation/arch/arm64/memory.rst). */
	uint64_t size = 1ULL << (64 - (registers_read(PLUGIN_TRANSLATION) >> 16 & 63));

	*physical = at - direct_map;
	return at >= -size && at < -(size / 2);
}
