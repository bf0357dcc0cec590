// SPDX-License-Identifier: GPL-2.0-or-later
/* Page tables as x86-64 and arm64 have them with pages of 4, 16 and 64 KiB are read as what they are. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "lab/payload/record.h"
#include "lab/payload/registers.h"
#include "lab/payload/sample.h"
#include "lab/payload/tables.h"

#define MEMORY (1UL << 20)
#define PHYSICAL 0x40000000UL
#define DIRECT_MAP 0xffff000000000000UL /* what is at PHYSICAL */
#define KERNEL_TEXT 0xffffffc008000000UL
#define PROGRAM 0x400000UL

bool plugin_sampling, plugin_sharing, plugin_arm64;

/* The guest. */
static uint64_t memory[MEMORY / 8], registers[PLUGIN_REGISTERS];
static size_t memory_used;

static struct lab_trace_record records[64];
static size_t recorded;

static qemu_plugin_vcpu_udata_cb_t watched;

void *plugin_get(size_t size)
{
	void *got = malloc(size);

	assert_non_null(got);
	return got;
}

void plugin_record(uint64_t at, uint64_t count)
{
	assert_true(recorded < sizeof(records) / sizeof(records[0]));
	records[recorded++] = (struct lab_trace_record){ at, count };
}

uint64_t registers_read(size_t number)
{
	return registers[number];
}

GByteArray *g_byte_array_new(void)
{
	static uint8_t data[1 << 16];
	static GByteArray array = { .data = data };

	return &array;
}

GByteArray *g_byte_array_set_size(GByteArray *array, unsigned int length)
{
	array->len = length;
	return array;
}

bool qemu_plugin_read_memory_vaddr(uint64_t addr, GByteArray *data, size_t length)
{
	uint64_t at = addr - DIRECT_MAP;

	if (at >= MEMORY || length > MEMORY - at)
		return false;
	memcpy(data->data, (char *)memory + at, length);
	data->len = (unsigned int)length;
	return true;
}

uint64_t qemu_plugin_insn_vaddr(const struct qemu_plugin_insn *insn)
{
	(void)insn;
	return KERNEL_TEXT;
}

void qemu_plugin_register_vcpu_insn_exec_cb(struct qemu_plugin_insn *insn,
					    qemu_plugin_vcpu_udata_cb_t cb,
					    enum qemu_plugin_cb_flags flags, void *user)
{
	(void)insn;
	(void)flags;
	(void)user;
	watched = cb;
}

/* Figures of the Arm Architecture Reference Manual, D8.2, and of Intel's manual, 4.5. */
static const struct geometry {
	bool arm64;
	uint64_t translation; /* TCR_EL1: TG0, and 16 for T0SZ and T1SZ, which is 48 bits */
	unsigned int page, levels, root_bytes, block; /* log2 of a page's and a PMD's bytes */
} geometries[] = {
	{ false, 0, 12, 4, 4096, 21 },
	{ true, 0ULL << 14 | 16 | 16 << 16, 12, 4, 4096, 21 },
	{ true, 2ULL << 14 | 16 | 16 << 16, 14, 4, 16, 25 },
	{ true, 1ULL << 14 | 16 | 16 << 16, 16, 3, 512, 29 },
	/* 47 and 42 bits, which a kernel can be configured to have with these. */
	{ true, 2ULL << 14 | 17 | 17 << 16, 14, 3, 16384, 25 },
	{ true, 1ULL << 14 | 22 | 22 << 16, 16, 2, 65536, 29 },
};

static uint64_t *table_at(uint64_t physical)
{
	return memory + (physical - PHYSICAL) / 8;
}

static uint64_t new_table(const struct geometry *is)
{
	uint64_t at = PHYSICAL + memory_used;

	memory_used += 1UL << is->page;
	assert_true(memory_used <= MEMORY);
	return at;
}

/* Map @virtual on @level below the tree's root by what is at @physical; tables that lack are made. */
static void map(const struct geometry *is, uint64_t root, uint64_t virtual, unsigned int level,
		uint64_t physical)
{
	uint64_t table = root, *entry = NULL;
	unsigned int fan = is->page - 3;

	for (unsigned int at = is->levels; at >= level; at--) {
		size_t entries = at == is->levels ? is->root_bytes / 8 : 1UL << fan;

		entry = table_at(table) + (virtual >> (is->page + (at - 1) * fan) & (entries - 1));
		if (at > level && !*entry)
			*entry = new_table(is) | 3;
		table = *entry & 0x000ffffffffff000;
	}
	/* A page of arm64 has the bit that a table has; a block has not, and x86-64's has a bit of its own. */
	*entry = physical | (level == 1 ? 3 : is->arm64 ? 1 : 0x81);
}

static size_t count_of(uint64_t at, uint64_t what, unsigned int shift)
{
	size_t count = 0;

	for (size_t i = 0; i < recorded; i++)
		count += records[i].at == at && lab_trace_about(&records[i]) == what &&
			 lab_trace_more(&records[i]) == shift;
	return count;
}

static unsigned int log2_of(unsigned int bytes)
{
	return (unsigned int)__builtin_ctz(bytes);
}

static void begin(const struct geometry *is)
{
	memset(memory, 0, sizeof(memory));
	memset(registers, 0, sizeof(registers));
	memory_used = 0;
	recorded = 0;
	plugin_arm64 = is->arm64;
	registers[PLUGIN_TRANSLATION] = is->translation;
	/* Bits around a root's address: CnP of arm64, PCID of x86-64; an ASID above. */
	registers[PLUGIN_ROOT] = new_table(is) | 1;
	if (is->arm64)
		registers[PLUGIN_ROOT] |= 0x123ULL << 48;
	registers[PLUGIN_KERNEL_ROOT] = is->arm64 ? new_table(is) | 1 : registers[PLUGIN_ROOT];
	tables_learn(DIRECT_MAP, PHYSICAL);
}

static void each_size_of_pages(void **state)
{
	(void)state;
	tables_wanted();
	for (size_t i = 0; i < sizeof(geometries) / sizeof(geometries[0]); i++) {
		const struct geometry *is = &geometries[i];
		uint64_t page = 1UL << is->page, block = 1UL << is->block, root, kernel, at;

		begin(is);
		root = registers[PLUGIN_ROOT] & 0x0000fffffffff000;
		kernel = registers[PLUGIN_KERNEL_ROOT] & 0x0000fffffffff000;
		map(is, root, 3 * block + 5 * page, 1, 7 * page);
		map(is, root, 3 * block + 6 * page, 1, 9 * page);
		map(is, root, 4 * block, 2, 11 * block);
		at = -(4 * block);
		map(is, kernel, at, 2, 2 * block);
		map(is, kernel, at + block + page, 1, 13 * page);

		tables_mark(KERNEL_TEXT, true);
		assert_int_equal(count_of(root, LAB_TRACE_TABLE, log2_of(is->root_bytes)), 1);
		assert_int_equal(count_of(7 * page, LAB_TRACE_MAPS, is->page), 1);
		assert_int_equal(count_of(9 * page, LAB_TRACE_MAPS, is->page), 1);
		assert_int_equal(count_of(11 * block, LAB_TRACE_MAPS, is->block), 1);
		assert_int_equal(count_of(at, LAB_TRACE_BLOCK, is->block), 1);
		/* A table a level, no other of the kernel's pages, and nothing else. */
		assert_int_equal(recorded, is->levels + 3 + 1);

		/* In the same sample what is new alone. */
		recorded = 0;
		map(is, root, 3 * block + 8 * page, 1, 15 * page);
		tables_mark(KERNEL_TEXT, false);
		assert_int_equal(recorded, 1);
		assert_int_equal(count_of(15 * page, LAB_TRACE_MAPS, is->page), 1);
	}
}

static void a_program_of_arm64_waits_for_the_kernel(void **state)
{
	(void)state;
	begin(&geometries[3]);
	map(&geometries[3], registers[PLUGIN_ROOT] & 0x0000fffffffff000, 0, 1, 1 << 16);
	plugin_sampling = true;
	watched = NULL;
	tables_watch(NULL, 0xd5385214); /* mrs x20, esr_el1 */
	assert_non_null(watched);
	tables_mark(PROGRAM, true);
	assert_int_equal(recorded, 0);
	/* The kernel runs for another task. */
	registers[PLUGIN_ROOT] ^= 1 << 20;
	watched(0, NULL);
	assert_int_equal(recorded, 0);
	registers[PLUGIN_ROOT] ^= 1 << 20;
	watched(0, NULL);
	assert_int_equal(count_of(1 << 16, LAB_TRACE_MAPS, 16), 1);
	recorded = 0;
	watched(0, NULL);
	assert_int_equal(recorded, 0);
	plugin_sampling = false;
}

static void what_cannot_be_read_is_said(void **state)
{
	(void)state;
	begin(&geometries[0]);
	table_at(registers[PLUGIN_ROOT] & 0x0000fffffffff000)[0] = (PHYSICAL + MEMORY) | 1;
	tables_mark(KERNEL_TEXT, true);
	assert_int_equal(count_of(0, LAB_TRACE_NO_TABLES, 0), 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_size_of_pages),
		cmocka_unit_test(a_program_of_arm64_waits_for_the_kernel),
		cmocka_unit_test(what_cannot_be_read_is_said),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
