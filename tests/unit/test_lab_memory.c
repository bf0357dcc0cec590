// SPDX-License-Identifier: GPL-2.0-or-later
/* Accesses made by hand become lines, pages and misses whose number is known. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <cmocka.h>

#include "core/base/list.h"
#include "core/base/text.h"
#include "lab/profile/profile.h"
#include "lab/profile/sharing.h"

#define BATCH 0xffffffffa0000000 /* the module's function, which takes timestamps */
#define SETUP 0xffffffff81000000
#define COPY 0xffffffff81001000
#define PAGE 0x1000
#define PAGE_SHIFT 12ULL
#define LARGE_SHIFT 21ULL
#define DIRECT 0xffff888000000000
#define VMEMMAP 0xffffea0000000000
#define DATA 0xffffffff82000000

static const char map[] = "ffffffff81000000 T migrate_vma_setup\n"
			  "ffffffff81001000 T copy_page\n"
			  "ffffffff81003000 T asm_exc_page_fault\n"
			  "ffffffff81004000 T batch\n";
static const char data_map[] = "0000000000000000 D __per_cpu_start\n"
			       "0000000000000010 D cpu_tlbstate\n"
			       "0000000000000080 D __per_cpu_end\n"
			       "ffffffff82000000 D jiffies\n"
			       "ffffffff82000040 D jiffies_end\n"
			       "ffffffff81000000 T _text\n"
			       "ffffffff82001000 B _end\n";
static char path[] = "/tmp/migbench-test-XXXXXX";

struct writer {
	struct lab_trace_record at[4096];
	size_t count;
};

static void put(struct writer *writer, uint64_t at, uint64_t count)
{
	assert_true(writer->count < sizeof(writer->at) / sizeof(writer->at[0]));
	writer->at[writer->count++] = (struct lab_trace_record){ at, count };
}

/* Eight bytes at @virtual, which is at @physical. */
static void touch(struct writer *writer, uint64_t virtual, uint64_t physical, uint64_t more)
{
	put(writer, virtual, LAB_TRACE_ACCESS | more | 3ULL << LAB_TRACE_SIZE_SHIFT | physical);
}

/* @count instructions of four bytes at @at that all ran. */
static void run(struct writer *writer, uint64_t at, uint64_t count)
{
	put(writer, at,
	    count | (count * 4 - 4) << LAB_TRACE_LAST_SHIFT | LAB_TRACE_WHOLE |
		    4ULL << LAB_TRACE_LENGTH_SHIFT);
}

static void border(struct writer *writer)
{
	put(writer, BATCH, LAB_TRACE_BORDER);
}

/*
 * A batch of one page. Frame 5 is a page table, 6 a page of the task; the page of frame 8 nobody
 * maps, but it is copied whole.
 */
static void write_batch(struct writer *writer)
{
	put(writer, 0x555555555000, LAB_TRACE_BEGIN);
	put(writer, 5 * PAGE, LAB_TRACE_TABLE | PAGE_SHIFT << LAB_TRACE_MORE_SHIFT);
	put(writer, 6 * PAGE, LAB_TRACE_MAPS | PAGE_SHIFT << LAB_TRACE_MORE_SHIFT);
	put(writer, VMEMMAP, LAB_TRACE_BLOCK | LARGE_SHIFT << LAB_TRACE_MORE_SHIFT);
	run(writer, 0x555555555000, 7);
	border(writer); /* setup */
	touch(writer, DIRECT + 5 * PAGE, 5 * PAGE, 0);
	touch(writer, DIRECT + 5 * PAGE + 8, 5 * PAGE + 8, LAB_TRACE_WRITE); /* the same line */
	touch(writer, VMEMMAP + 0x140, 0x70140, LAB_TRACE_WRITE);
	touch(writer, VMEMMAP + 0x17c, 0x7017c, 0); /* over the end of a line */
	touch(writer, DIRECT + 0x20000, 0x20000, LAB_TRACE_WRITE | LAB_TRACE_CALL);
	touch(writer, DIRECT + 0x23ff0, 0x23ff0, 0); /* of the same stack */
	touch(writer, DIRECT + 0x30010, 0x30010, 0);
	touch(writer, DIRECT + 0x40000, 0x40000, 0);
	touch(writer, DATA, 0x50000, 0);
	run(writer, SETUP, 20); /* 80 bytes: two lines of code */
	border(writer); /* alloc */
	run(writer, BATCH + 64, 1);
	border(writer); /* copy */
	for (uint64_t i = 0; i < 64; i++) {
		touch(writer, DIRECT + 6 * PAGE + i * 64, 6 * PAGE + i * 64, 0);
		touch(writer, DIRECT + 8 * PAGE + i * 64, 8 * PAGE + i * 64, LAB_TRACE_WRITE);
	}
	run(writer, COPY, 10);
	border(writer); /* pages */
	put(writer, DIRECT, LAB_TRACE_FLUSH_ALL);
	touch(writer, VMEMMAP + 0x140, 0x70140, 0);
	run(writer, SETUP + 64, 2);
	border(writer); /* finalize */
	run(writer, BATCH + 64, 1);
	border(writer);
	run(writer, BATCH + 64, 1);
	put(writer, 0x555555555007, LAB_TRACE_END);
}

struct side {
	struct lab_symbols symbols;
	struct lab_trace trace;
	struct lab_sampled sampled;
	struct lab_match match;
	struct lab_account account;
	struct lab_layout layout;
	struct lab_names names;
	struct lab_memory memory;
};

/* What a guest says of its memory: of frame 64 in a slab, and an area beside the addresses in use. */
static const char said[] =
	"[    0.100000] slab: not this\n"
	"[    0.000001] percpu: Embedded 1 pages/cpu s2048 r1024 d1024 u2097152\n"
	"[    9.000000] slabs: page 4096 stack 16384\n"
	"[    9.000001] slabs: area struct-page 0xffffea0000000000-0xffffeb0000000000\n"
	"[    9.000002] slabs: area modules 0xffffffffa0000000-0xffffffffff000000\n"
	"[    9.100000] slabs: slab 0xffff888000040000 8192: slab anon_vma_chain start ffff888000040000 size 64\n"
	"[    9.100001] slabs: slab 0xffff888000044000 4096: slab kmalloc-64\n"
	"[    9.100002] slabs: per-CPU 0 0xffff888000030000\n"
	"[    9.200000] slabs: vmalloc 0xffffc90000000000-0xffffc90000005000   20480 "
	"load_module+0xa6f/0x1cb0 pages=4 vmalloc N1=4\n";

static void write_file(const void *data, size_t length)
{
	FILE *out = fopen(path, "w");

	assert_non_null(out);
	assert_int_equal(fwrite(data, 1, length, out), length);
	fclose(out);
}

/* As that guest said it. */
static void read_layout(struct lab_layout *layout)
{
	char system_map[] = "/tmp/migbench-test-XXXXXX";
	int fd = mkstemp(system_map);

	assert_true(fd >= 0);
	assert_int_equal(write(fd, data_map, sizeof(data_map) - 1), sizeof(data_map) - 1);
	close(fd);
	write_file(said, sizeof(said) - 1);
	assert_int_equal(lab_layout_read(layout, path, system_map), 0);
	unlink(system_map);
}

static void load(struct side *side, bool cold)
{
	struct writer *writer = mb_alloc(1, sizeof(*writer));
	struct mb_list lines = { 0 };
	struct lab_symbols data = { 0 };

	*side = (struct side){ 0 };
	write_file(map, sizeof(map) - 1);
	assert_int_equal(lab_symbols_add_kernel(&side->symbols, path), 0);
	side->symbols.at[side->symbols.count - 1].at = BATCH;
	side->symbols.at[side->symbols.count - 1].end = BATCH + 4096;
	lab_symbols_sort(&side->symbols);
	/* The second is the one in the middle, and finds the caches as the first left them. */
	for (size_t i = 0; i < 3; i++)
		write_batch(writer);
	write_file(writer->at, writer->count * sizeof(writer->at[0]));
	free(writer);
	assert_int_equal(lab_trace_read(&side->trace, path, &side->symbols), 0);
	mb_list_add(&lines, "{\"type\":\"point\",\"id\":0,\"benchmark\":\"migrate\","
			    "\"params\":{\"batch\":1}}");
	mb_list_add(&lines,
		    "{\"type\":\"block\",\"point\":0,\"pages\":1,\"invalid\":0,\"metrics\":{"
		    "\"total\":{\"values\":[34,34,34]},\"setup\":{\"values\":[20,20,20]},"
		    "\"alloc\":{\"values\":[1,1,1]},\"copy\":{\"values\":[10,10,10]},"
		    "\"pages\":{\"values\":[2,2,2]},\"finalize\":{\"values\":[1,1,1]}}}");
	assert_int_equal(lab_sampled_read(&side->sampled, &lines), 0);
	assert_int_equal(lab_match(&side->sampled, &side->trace, &side->match), 0);
	lab_account(&side->account, &side->match, side->sampled.phased, &side->trace,
		    &side->symbols);
	write_file(data_map, sizeof(data_map) - 1);
	assert_int_equal(lab_symbols_add_data(&data, path), 0);
	lab_symbols_sort(&data);
	read_layout(&side->layout);
	lab_names_read(&side->names, path, &data, &side->layout);
	lab_symbols_free(&data);
	lab_memory_count(&side->memory, &side->account, &side->trace, &side->symbols, &side->layout,
			 &side->names, lab_cache_find(NULL), cold);
	mb_list_free(&lines);
}

static void unload(struct side *side)
{
	lab_memory_free(&side->memory);
	lab_names_free(&side->names);
	lab_layout_free(&side->layout);
	lab_account_free(&side->account);
	lab_sampled_free(&side->sampled);
	lab_trace_free(&side->trace);
	lab_symbols_free(&side->symbols);
}

enum { SETUP_PART, ALLOC_PART, COPY_PART, PAGES_PART };

static void each_line_counts_once(void **state)
{
	const struct lab_touch *touch;
	struct side side;

	(void)state;
	load(&side, false);
	touch = lab_touch_all(&side.memory, SETUP_PART);
	/* One of the table, two of struct pages, two of the stack, per-CPU, rest, image. */
	assert_int_equal(touch->lines, 8);
	assert_int_equal(touch->written, 3);
	assert_int_equal(touch->read, 7);
	assert_int_equal(touch->bytes, 9 * 8);
	assert_int_equal(touch->code, 2);
	assert_int_equal(lab_touch_all(&side.memory, COPY_PART)->lines, 128);
	assert_int_equal(lab_touch_all(&side.memory, PAGES_PART)->lines, 1);
	/* What two phases touch is one line of the whole. */
	assert_int_equal(lab_touch_all(&side.memory, LAB_ALL_PARTS)->lines, 136);
	assert_int_equal(lab_touch_all(&side.memory, LAB_ALL_PARTS)->small, 9);
	unload(&side);
}

static void kinds_are_told_apart(void **state)
{
	static const uint64_t expected[LAB_KINDS] = {
		[LAB_KIND_PAGES] = 128, [LAB_KIND_TABLES] = 1,	[LAB_KIND_STRUCT_PAGE] = 2,
		[LAB_KIND_STACK] = 2,	[LAB_KIND_PER_CPU] = 1, [LAB_KIND_IMAGE] = 1,
		[LAB_KIND_REST] = 1,
	};
	struct side side;

	(void)state;
	load(&side, false);
	assert_true(side.memory.known);
	for (size_t kind = 0; kind < LAB_KINDS; kind++)
		assert_int_equal(lab_touch_kind(&side.memory, kind, LAB_ALL_PARTS)->lines,
				 expected[kind]);
	assert_int_equal(lab_touch_kind(&side.memory, LAB_KIND_PAGES, COPY_PART)->written, 64);
	unload(&side);
}

static const struct lab_touch *named(const struct side *side, const char *name)
{
	return lab_touch_name(&side->memory, lab_names_index(&side->names, name), LAB_ALL_PARTS);
}

static void what_the_kernel_names_has_its_name(void **state)
{
	struct side side;
	const struct lab_names *names = &side.names;
	size_t slab;

	(void)state;
	load(&side, false);
	slab = lab_names_index(names, "slab anon_vma_chain");
	assert_int_not_equal(slab, LAB_NAMELESS);
	assert_int_equal(named(&side, "slab anon_vma_chain")->lines, 1);
	assert_int_equal(lab_touch_name(&side.memory, slab, SETUP_PART)->read, 1);
	assert_int_equal(lab_names_find(names, DIRECT + 0x41fff)->name, slab);
	assert_null(lab_names_find(names, DIRECT + 0x42000));
	assert_string_equal(names->names[lab_names_find(names, 0xffffc90000004fff)->name],
			    "vmalloc by load_module");
	assert_null(lab_names_find(names, 0xffffc90000005000));
	assert_int_equal(lab_names_index(names, "slab mm_struct"), LAB_NAMELESS);
	assert_int_equal(named(&side, "jiffies")->lines, 1);
	assert_int_equal(named(&side, "per-CPU cpu_tlbstate")->lines, 1);
	/* The line of the task's page is in a slab's frame by no means, and has no name. */
	assert_null(lab_names_find(names, DIRECT + 6 * PAGE));
	unload(&side);
}

static void functions_have_what_they_touched(void **state)
{
	struct side side;
	size_t copy;

	(void)state;
	load(&side, false);
	copy = lab_symbols_function(&side.symbols, "copy_page");
	assert_int_equal(lab_touch_function(&side.memory, copy, LAB_ALL_PARTS)->lines, 128);
	assert_int_equal(lab_touch_function(&side.memory, copy, SETUP_PART)->lines, 0);
	unload(&side);
}

static void misses_depend_on_what_was_before(void **state)
{
	struct side warm, cold;

	(void)state;
	load(&warm, false);
	load(&cold, true);
	/* The sample before left all lines in L2, and pages that the flush of the TLB does not reach. */
	assert_int_equal(lab_touch_all(&warm.memory, LAB_ALL_PARTS)->missed[LAB_L2], 0);
	assert_int_equal(lab_touch_all(&cold.memory, LAB_ALL_PARTS)->missed[LAB_L2], 136);
	assert_int_equal(cold.memory.flushes, 1);
	/* After the flush the struct page's page has to be looked up again, warm or not. */
	assert_int_equal(lab_touch_all(&warm.memory, PAGES_PART)->missed[LAB_TLB2], 1);
	assert_int_equal(lab_touch_all(&warm.memory, PAGES_PART)->missed[LAB_L1], 0);
	unload(&warm);
	unload(&cold);
}

static void by(struct writer *writer, uint64_t at, uint64_t cpu)
{
	put(writer, at, LAB_TRACE_BY | cpu << LAB_TRACE_MORE_SHIFT);
}

/* Two CPUs: what each writes that the other has goes over; what both read, or one has alone, does not. */
static void what_cpus_share_goes_from_one_to_another(void **state)
{
	struct lab_profile_boot boot = { 0 };
	struct lab_sharing sharing;
	struct writer *writer = mb_alloc(1, sizeof(*writer));

	(void)state;
	write_file(map, sizeof(map) - 1);
	assert_int_equal(lab_symbols_add_kernel(&boot.symbols, path), 0);
	lab_symbols_sort(&boot.symbols);
	put(writer, 0x555555555000, LAB_TRACE_BEGIN);
	put(writer, 6 * PAGE, LAB_TRACE_MAPS | PAGE_SHIFT << LAB_TRACE_MORE_SHIFT);
	by(writer, SETUP, 0);
	touch(writer, DATA + 256, 0x50100, LAB_TRACE_WRITE); /* before the first timestamp */
	border(writer);
	touch(writer, DATA, 0x50000, LAB_TRACE_WRITE);
	touch(writer, DATA + 64, 0x50040, 0); /* both read it */
	touch(writer, DATA + 128, 0x50080, LAB_TRACE_WRITE); /* nobody else */
	by(writer, COPY, 1);
	touch(writer, DATA + 8, 0x50008, 0); /* the other half of the line: over */
	touch(writer, DATA, 0x50000, 0); /* has it */
	touch(writer, DATA + 64, 0x50040, 0);
	by(writer, SETUP, 0);
	touch(writer, DATA, 0x50000, LAB_TRACE_WRITE); /* takes it from the reader */
	touch(writer, DATA, 0x50000, LAB_TRACE_WRITE);
	touch(writer, DIRECT + 6 * PAGE, 6 * PAGE, LAB_TRACE_WRITE);
	by(writer, COPY, 1);
	touch(writer, DIRECT + 6 * PAGE, 6 * PAGE, LAB_TRACE_WRITE); /* takes the page's line */
	border(writer);
	touch(writer, DATA, 0x50000, LAB_TRACE_WRITE); /* behind the last timestamp */
	put(writer, 0x555555555007, LAB_TRACE_END);
	write_file(writer->at, writer->count * sizeof(writer->at[0]));
	free(writer);
	assert_int_equal(lab_trace_read(&boot.trace, path, &boot.symbols), 0);
	read_layout(&boot.layout);
	assert_int_equal(lab_sharing_count(&sharing, &boot), 0);
	assert_int_equal(sharing.lines, 4);
	assert_int_equal(sharing.count, 2);
	assert_int_equal(sharing.transfers, 3);
	assert_int_equal(sharing.kinds[LAB_KIND_IMAGE], 2);
	assert_int_equal(sharing.kinds[LAB_KIND_PAGES], 1);
	assert_int_equal(sharing.at[0].transfers, 2);
	assert_int_equal(sharing.at[0].writers, 1);
	assert_int_equal(sharing.at[0].readers, 2);
	assert_string_equal(boot.symbols.functions[sharing.at[0].by[0]], "copy_page");
	assert_string_equal(boot.symbols.functions[sharing.at[0].by[1]], "migrate_vma_setup");
	lab_sharing_free(&sharing);
	lab_layout_free(&boot.layout);
	lab_trace_free(&boot.trace);
	lab_symbols_free(&boot.symbols);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_line_counts_once),
		cmocka_unit_test(kinds_are_told_apart),
		cmocka_unit_test(what_the_kernel_names_has_its_name),
		cmocka_unit_test(functions_have_what_they_touched),
		cmocka_unit_test(misses_depend_on_what_was_before),
		cmocka_unit_test(what_cpus_share_goes_from_one_to_another),
	};
	int status, fd = mkstemp(path);

	if (fd < 0)
		return 1;
	close(fd);
	status = cmocka_run_group_tests(tests, NULL, NULL);
	unlink(path);
	return status;
}
