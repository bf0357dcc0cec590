// SPDX-License-Identifier: GPL-2.0-or-later
/* Which memory is accessed, what leaves the TLB, and the page tables of the task, as records. */
#include <stdlib.h>
#include <string.h>

#include "lab/payload/accesses.h"
#include "lab/payload/record.h"

#define NO_REGISTER ((size_t)-1)
/* In the order of their numbers in an instruction; then what translates addresses. */
enum { R_CR3 = 16, R_GS_BASE, R_K_GS_BASE, REGISTERS };
static const char *const names[REGISTERS] = { "rax", "rcx", "rdx",     "rbx",	   "rsp",
					      "rbp", "rsi", "rdi",     "r8",	   "r9",
					      "r10", "r11", "r12",     "r13",	   "r14",
					      "r15", "cr3", "gs_base", "k_gs_base" };
static struct qemu_plugin_register *registers[REGISTERS];
static GByteArray *bytes;
static bool wanted;

/* The kernel's map of all memory, without KASLR and with four levels (Documentation/arch/x86/x86_64/mm.rst). */
#define DIRECT_MAP 0xffff888000000000
#define ENTRIES 512
#define PRESENT 1ULL
#define HUGE (1ULL << 7)
#define FRAME 0x000ffffffffff000ULL

/* What an instruction that empties the TLB says: one of LAB_TRACE_FLUSH…, and where the address is. */
struct flush {
	uint64_t what;
	size_t base; /* a register, or NO_REGISTER */
	int32_t displacement;
};

static uint64_t read_register(size_t number)
{
	uint64_t value = 0;

	g_byte_array_set_size(bytes, 0);
	if (registers[number])
		qemu_plugin_read_register(registers[number], bytes);
	memcpy(&value, bytes->data, bytes->len < sizeof(value) ? bytes->len : sizeof(value));
	return value;
}

/* An instruction: what its encoding says of its accesses, and where it is. */
struct accessor {
	uint64_t says, at;
};

#define CPUS 32

/* Which CPU executes the block that begins: numbers in the order in which they were seen. */
static unsigned int cpu;

/*
 * By the base of what is the CPU's own, which the kernel has in one of two registers. The number that
 * QEMU 10.0 gives is that of the CPU for which the block was translated, where CPUs take turns.
 */
void accesses_block(unsigned int vcpu, void *user)
{
	static uint64_t bases[CPUS];
	uint64_t base;

	(void)vcpu;
	(void)user;
	if (!plugin_sampling)
		return;
	base = read_register(R_GS_BASE);
	if (!(base >> 63))
		base = read_register(R_K_GS_BASE);
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
	plugin_record(by->at, LAB_TRACE_BY | (uint64_t)cpu << LAB_TRACE_CPU_SHIFT);
}

static void on_access(unsigned int vcpu, qemu_plugin_meminfo_t info, uint64_t at, void *user)
{
	const struct accessor *by = user;
	const struct qemu_plugin_hwaddr *where;

	(void)vcpu;
	if (!plugin_sampling)
		return;
	where = qemu_plugin_get_hwaddr(info, at);
	/* A device's registers are no memory. */
	if (!where || qemu_plugin_hwaddr_is_io(where))
		return;
	if (plugin_sharing)
		say_who(by);
	plugin_record(at, LAB_TRACE_ACCESS | by->says |
				  (qemu_plugin_mem_is_store(info) ? LAB_TRACE_WRITE : 0) |
				  (uint64_t)(qemu_plugin_mem_size_shift(info) & 15)
					  << LAB_TRACE_SIZE_SHIFT |
				  (qemu_plugin_hwaddr_phys_addr(where) & LAB_TRACE_PHYSICAL));
}

static void on_flush(unsigned int vcpu, void *user)
{
	const struct flush *flush = user;
	uint64_t at = 0;

	(void)vcpu;
	if (!plugin_sampling)
		return;
	if (flush->what == LAB_TRACE_FLUSH_PAGE)
		at = read_register(flush->base) + (uint64_t)(int64_t)flush->displacement;
	plugin_record(at, flush->what);
}

/*
 * invlpg, and writes to CR3 and CR4, by their encodings (Intel SDM, volume 2). The emulated CPU has
 * neither INVPCID nor INVLPGB. An address that is made of two registers is not followed: then all
 * that is not global counts as gone.
 */
static bool empties(const unsigned char *code, size_t length, struct flush *flush)
{
	size_t rex = length && (code[0] & 0xf0) == 0x40;
	unsigned char modrm, high = rex && (code[0] & 1) ? 8 : 0;

	if (length < rex + 3 || code[rex] != 0x0f)
		return false;
	modrm = code[rex + 2];
	*flush = (struct flush){ .base = NO_REGISTER };
	if (code[rex + 1] == 0x22) {
		flush->what = (modrm >> 3 & 7) == 3   ? LAB_TRACE_FLUSH
			      : (modrm >> 3 & 7) == 4 ? LAB_TRACE_FLUSH_ALL
						      : 0;
		return flush->what;
	}
	if (code[rex + 1] != 0x01 || (modrm >> 3 & 7) != 7 || modrm >> 6 == 3)
		return false;
	flush->what = LAB_TRACE_FLUSH;
	if ((modrm & 7) == 4 || (modrm >> 6 == 0 && (modrm & 7) == 5))
		return true;
	flush->what = LAB_TRACE_FLUSH_PAGE;
	flush->base = (modrm & 7u) + high;
	if (modrm >> 6 == 1 && length > rex + 3)
		flush->displacement = (int8_t)code[rex + 3];
	if (modrm >> 6 == 2 && length >= rex + 7)
		memcpy(&flush->displacement, code + rex + 3, sizeof(flush->displacement));
	return true;
}

/* LAB_TRACE_PER_CPU, LAB_TRACE_CALL or 0. */
static uint64_t said_by(const unsigned char *code, size_t length)
{
	static const unsigned char gs = 0x65, near_call = 0xe8;

	if (length && code[0] == near_call)
		return LAB_TRACE_CALL;
	for (size_t i = 0; i < length && i < 3; i++)
		if (code[i] == gs)
			return LAB_TRACE_PER_CPU;
	return 0;
}

void accesses_watch(struct qemu_plugin_insn *insn)
{
	unsigned char code[15];
	struct accessor *by;
	struct flush flush, *kept;
	size_t length;

	if (!wanted)
		return;
	length = qemu_plugin_insn_data(insn, code, sizeof(code));
	by = plugin_get(sizeof(*by));
	*by = (struct accessor){ said_by(code, length), qemu_plugin_insn_vaddr(insn) };
	qemu_plugin_register_vcpu_mem_cb(insn, on_access, QEMU_PLUGIN_CB_NO_REGS,
					 QEMU_PLUGIN_MEM_RW, by);
	if (!empties(code, length, &flush))
		return;
	kept = plugin_get(sizeof(*kept));
	*kept = flush;
	qemu_plugin_register_vcpu_insn_exec_cb(insn, on_flush, QEMU_PLUGIN_CB_R_REGS, kept);
}

/* What was recorded of frames in this sample: a table of hashes, 0 is a free place. */
static uint64_t *told;
static size_t told_count, told_size;

static uint64_t *place_of(uint64_t frame)
{
	size_t at = frame * 0x9e3779b97f4a7c15 >> 20;

	for (;; at++) {
		at &= told_size - 1;
		if (!told[at] || told[at] == frame)
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

/* The frame at @at is @what; once a sample. */
static void tell(uint64_t at, uint64_t what)
{
	uint64_t frame = at | (what & 7) | 8, *place;

	if (2 * told_count >= told_size)
		widen();
	place = place_of(frame);
	if (*place)
		return;
	*place = frame;
	told_count++;
	plugin_record(at, what);
}

/* The table at physical @at on @level (1: its entries are pages), and what is below it. */
static void walk(uint64_t at, int level)
{
	uint64_t *table = plugin_get(ENTRIES * sizeof(*table));

	g_byte_array_set_size(bytes, 0);
	if (!qemu_plugin_read_memory_vaddr(DIRECT_MAP + at, bytes, ENTRIES * sizeof(*table)) ||
	    bytes->len != ENTRIES * sizeof(*table)) {
		plugin_record(0, LAB_TRACE_NO_TABLES);
		free(table);
		return;
	}
	memcpy(table, bytes->data, ENTRIES * sizeof(*table));
	tell(at, LAB_TRACE_TABLE);
	/* The upper half of the first is the kernel's, the same for all tasks. */
	for (size_t i = 0; i < (level == 4 ? ENTRIES / 2 : ENTRIES); i++) {
		if (!(table[i] & PRESENT))
			continue;
		if (level == 1)
			tell(table[i] & FRAME, LAB_TRACE_MAPS);
		else if (level == 2 && table[i] & HUGE)
			tell(table[i] & FRAME & ~0x1fffffULL, LAB_TRACE_MAPS_HUGE);
		else if (!(table[i] & HUGE))
			walk(table[i] & FRAME, level - 1);
	}
	free(table);
}

void accesses_tables(bool sample_begins)
{
	if (!wanted)
		return;
	if (sample_begins && told) {
		memset(told, 0, told_size * sizeof(*told));
		told_count = 0;
	}
	walk(read_register(R_CR3) & FRAME, 4);
}

static void find_registers(void)
{
	GArray *all = qemu_plugin_get_registers();
	const qemu_plugin_reg_descriptor *at = (const void *)all->data;

	for (size_t i = 0; i < all->len; i++)
		for (size_t r = 0; r < REGISTERS; r++)
			if (!strcmp(at[i].name, names[r]))
				registers[r] = at[i].handle;
}

#if PLUGIN_API < 7
static void on_cpu(qemu_plugin_id_t id, unsigned int vcpu)
{
	(void)id;
	(void)vcpu;
	find_registers();
}
#else
static void on_cpu(unsigned int vcpu, void *user)
{
	(void)vcpu;
	(void)user;
	find_registers();
}
#endif

void accesses_wanted(qemu_plugin_id_t id)
{
	wanted = true;
	bytes = g_byte_array_new();
#if PLUGIN_API < 7
	qemu_plugin_register_vcpu_init_cb(id, on_cpu);
#else
	qemu_plugin_register_vcpu_init_cb(id, on_cpu, NULL);
#endif
}
