// SPDX-License-Identifier: GPL-2.0-or-later
/* A trace made by hand becomes a profile whose truth is known. */
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
#include "core/status.h"
#include "lab/profile/profile.h"

#define BATCH 0xffffffffa0000000 /* begins at the module's function that takes timestamps */
#define SETUP 0xffffffff81000000
#define WALK 0xffffffff81001000
#define TAIL 0xffffffff81002000
#define FAULT 0xffffffff81003000

static const char map[] = "ffffffff81000000 T migrate_vma_setup\n"
			  "ffffffff81000fff r no_code\n"
			  "ffffffff81001000 t walk.constprop.0\n"
			  "ffffffff81001800 t walk.cold\n"
			  "ffffffff81002000 T tail\n"
			  "ffffffff81003000 T asm_exc_page_fault\n"
			  "ffffffff81004000 T batch\n";

static char path[] = "/tmp/migbench-test-XXXXXX";

static void write_file(const void *data, size_t length)
{
	FILE *out = fopen(path, "w");

	assert_non_null(out);
	assert_int_equal(fwrite(data, 1, length, out), length);
	fclose(out);
}

/* A sample of one batch of two pages, whose setup takes @more instructions than usual. */
static size_t sample(struct lab_trace_record *to, uint64_t more)
{
	const struct lab_trace_record records[] = {
		{ 0x555555555000, LAB_TRACE_BEGIN },
		{ 0x555555555000, 7 },
		{ BATCH + 8, LAB_TRACE_BORDER }, /* begin */
		{ BATCH + 8, 3 },
		{ BATCH + 16, LAB_TRACE_BORDER }, /* setup */
		{ BATCH + 16, 5 },
		{ SETUP, 10 },
		{ WALK, 4 + more }, /* called */
		{ WALK + 60, LAB_TRACE_TLBI },
		{ WALK + 60, 1 },
		{ WALK + 64, LAB_TRACE_TLBI_LOCAL },
		{ WALK + 0x800, 1 }, /* its cold part */
		{ TAIL, 6 }, /* by a jump */
		{ SETUP + 64, 1 }, /* back */
		{ BATCH + 24, LAB_TRACE_BORDER }, /* alloc */
		{ BATCH + 24, 5 },
		{ BATCH + 32, LAB_TRACE_BORDER }, /* copy: the third instruction faults */
		{ BATCH + 32, 3 },
		{ FAULT, 20 },
		{ BATCH + 36, 4 },
		{ BATCH + 40, LAB_TRACE_BORDER }, /* pages */
		{ BATCH + 40, 5 },
		{ BATCH + 48, LAB_TRACE_BORDER }, /* finalize */
		{ BATCH + 48, 5 },
		{ BATCH + 56, LAB_TRACE_BORDER }, /* the end of it */
		{ BATCH + 56, 2 },
		{ BATCH + 64, LAB_TRACE_BORDER }, /* finish */
		{ BATCH + 64, 9 },
		{ 0x555555555007, LAB_TRACE_END },
	};

	memcpy(to, records, sizeof(records));
	return sizeof(records) / sizeof(records[0]);
}

struct side {
	struct lab_symbols symbols;
	struct lab_trace trace;
	struct lab_sampled sampled;
	struct lab_match match;
	struct lab_account account;
};

static void load(struct side *side, uint64_t more)
{
	struct lab_trace_record records[128];
	size_t count = sample(records, 40);
	struct mb_list lines = { 0 };

	*side = (struct side){ 0 };
	write_file(map, sizeof(map) - 1);
	assert_int_equal(lab_symbols_add_kernel(&side->symbols, path), 0);
	side->symbols.at[side->symbols.count - 1].at = BATCH;
	side->symbols.at[side->symbols.count - 1].end = BATCH + 4096;
	lab_symbols_sort(&side->symbols);

	/* The middle one of three is the second. */
	count += sample(records + count, more);
	count += sample(records + count, 0);
	write_file(records, count * sizeof(records[0]));
	assert_int_equal(lab_trace_read(&side->trace, path, &side->symbols), 0);
	assert_int_equal(side->trace.samples, 3);

	mb_list_add(&lines, "{\"type\":\"point\",\"id\":0,\"benchmark\":\"migrate\","
			    "\"params\":{\"page\":\"4k\",\"batch\":2}}");
	mb_list_add(&lines,
		    "{\"type\":\"block\",\"point\":0,\"pages\":2,\"invalid\":0,\"metrics\":{"
		    "\"total\":{\"values\":[114,%d,74]},\"setup\":{\"values\":[68,%d,28]},"
		    "\"alloc\":{\"values\":[5,5,5]},\"copy\":{\"values\":[26,26,26]},"
		    "\"pages\":{\"values\":[5,5,5]},\"finalize\":{\"values\":[5,5,5]}}}",
		    (int)(74 + more), (int)(28 + more));
	assert_int_equal(lab_sampled_read(&side->sampled, &lines), 0);
	assert_int_equal(lab_match(&side->sampled, &side->trace, &side->match), 0);
	lab_account(&side->account, &side->match, side->sampled.phased, &side->trace,
		    &side->symbols);
	mb_list_free(&lines);
}

static void unload(struct side *side)
{
	lab_account_free(&side->account);
	lab_sampled_free(&side->sampled);
	lab_trace_free(&side->trace);
	lab_symbols_free(&side->symbols);
}

static uint64_t count_of(const struct side *side, const char *function, size_t part)
{
	return side->account
		.functions[lab_symbols_function(&side->symbols, function) * LAB_PARTS + part];
}

static void a_value_is_divided(void **state)
{
	struct side side;
	uint64_t sum = 0;

	(void)state;
	load(&side, 1);
	assert_string_equal(side.sampled.name, "migrate/batch=2,page=4k");
	assert_int_equal(side.account.total, 75);
	assert_int_equal(side.account.counted, 75);
	assert_int_equal(side.account.named, 75);
	assert_int_equal(count_of(&side, "walk", 0), 7); /* both of its parts */
	assert_int_equal(count_of(&side, "tail", 0), 6);
	assert_int_equal(count_of(&side, "batch", LAB_REST), 5);
	for (size_t part = 0; part < LAB_PARTS; part++)
		sum += side.account.parts[part];
	assert_int_equal(sum, 75);
	for (size_t phase = 0; phase < MB_PHASES; phase++)
		assert_int_equal(side.account.parts[phase], side.match.value->phase[phase]);
	unload(&side);
}

static void an_instruction_that_faults_counts_once(void **state)
{
	struct side side;

	(void)state;
	load(&side, 1);
	assert_int_equal(count_of(&side, "batch", 2), 6); /* of the 7 that were tried */
	assert_int_equal(count_of(&side, "asm_exc_page_fault", 2), 20);
	unload(&side);
}

/* No part of the value begins with one, and only arm64 has them to be counted. */
static void flushes_are_counted_where_they_are_instructions(void **state)
{
	const char arm64[] = "ffff800008010800 T vectors\n";
	struct lab_symbols symbols = { 0 };
	struct lab_account other;
	struct side side;

	(void)state;
	load(&side, 1);
	assert_int_equal(side.account.tlbi, 1);
	assert_int_equal(side.account.tlbi_local, 1);
	assert_false(side.account.has_tlbi);
	unload(&side);
	write_file(arm64, sizeof(arm64) - 1);
	assert_int_equal(lab_symbols_add_kernel(&symbols, path), 0);
	lab_symbols_sort(&symbols);
	other = lab_account_begin(0, &symbols);
	assert_true(other.has_tlbi);
	lab_account_free(&other);
	lab_symbols_free(&symbols);
}

static bool has_stack(const struct side *side, const char *wanted, uint64_t count)
{
	bool found = false;

	for (size_t i = 0; i < side->account.path_count; i++) {
		char *stack = lab_path_folded(&side->account, &side->symbols, i);

		found |= !strcmp(stack, wanted) && side->account.paths[i].count == count;
		free(stack);
	}
	return found;
}

static void paths_follow_calls_and_returns(void **state)
{
	struct side side;

	(void)state;
	load(&side, 1);
	assert_true(has_stack(&side, "setup;batch", 5));
	assert_true(has_stack(&side, "setup;batch;migrate_vma_setup", 11));
	assert_true(has_stack(&side, "setup;batch;migrate_vma_setup;walk", 7));
	assert_true(has_stack(&side, "setup;batch;migrate_vma_setup;walk;tail", 6));
	assert_true(has_stack(&side, "copy;batch;asm_exc_page_fault", 20));
	assert_true(has_stack(&side, "finalize;batch", 5));
	unload(&side);
}

static void two_sides_differ_by_their_rows(void **state)
{
	struct side a, b;
	struct lab_profile profile = { .name = "p", .pages = 2, .side_count = 2 };
	int64_t sum = 0;
	char *text = NULL;
	size_t length;
	FILE *out = open_memstream(&text, &length);

	(void)state;
	load(&a, 1);
	load(&b, 21);
	profile.sides[0] = (struct lab_side){ "old", &a.account, &a.symbols, NULL, 0 };
	profile.sides[1] = (struct lab_side){ "new", &b.account, &b.symbols, NULL, 0 };
	lab_profile_rows(&profile);
	for (size_t i = 0; i < profile.row_count; i++)
		sum += lab_row_difference(&profile.rows[i]);
	assert_int_equal(sum, (int64_t)(b.account.total - a.account.total));
	assert_string_equal(profile.rows[0].function, "walk");
	assert_int_equal(lab_row_difference(&profile.rows[0]), 20);
	assert_int_equal(lab_row_difference(&profile.rows[1]), 0);
	assert_null(lab_row_note(&profile, &profile.rows[0]));
	lab_profile_text(&profile, out);
	lab_profile_svg(&profile, out);
	fclose(out);
	assert_non_null(strstr(text, "+10.0  setup     walk"));
	assert_non_null(strstr(text, ">+10.0<"));
	free(text);
	lab_profile_free(&profile);
	unload(&a);
	unload(&b);
}

/* One fault brings back one page here, and two there: what is compared is a page. */
static void a_page_is_one_that_moved(void **state)
{
	struct side a, b;
	struct lab_profile profile = { .name = "p", .pages = 1, .side_count = 2 };
	char *text = NULL, *all;
	size_t length;
	FILE *out = open_memstream(&text, &length);

	(void)state;
	load(&a, 1);
	load(&b, 1);
	profile.sides[0] = (struct lab_side){ "old", &a.account, &a.symbols, NULL, 1 };
	profile.sides[1] = (struct lab_side){ "new", &b.account, &b.symbols, NULL, 2 };
	lab_profile_rows(&profile);
	for (size_t i = 0; i < profile.row_count; i++) {
		const struct lab_row *row = &profile.rows[i];

		/* The same instructions for twice the pages: half of them a page. */
		assert_int_equal(row->count[0], row->count[1]);
		assert_true(lab_change(&profile, row->count[0], row->count[1]) ==
			    -(double)row->count[0] / 2);
		assert_true(!i || row->count[0] <= profile.rows[i - 1].count[0]);
	}
	lab_profile_text(&profile, out);
	lab_profile_json(&profile, out);
	fclose(out);
	all = mb_format("%10.1f%10.1f%+10.1f            all\n", (double)a.account.counted,
			(double)a.account.counted / 2, -(double)a.account.counted / 2);
	assert_non_null(strstr(text, all));
	assert_non_null(strstr(text, "instructions for 2 pages"));
	assert_non_null(strstr(text, "\"moved\""));
	free(all);
	free(text);
	lab_profile_free(&profile);
	unload(&a);
	unload(&b);
}

static void what_is_on_one_side_only_is_noted(void **state)
{
	struct lab_row row = { .function = "tail", .count = { 3, 0 } };
	struct lab_profile profile = { .side_count = 2 };
	struct side a, b;

	(void)state;
	load(&a, 1);
	load(&b, 1);
	profile.sides[0] = (struct lab_side){ "old", &a.account, &a.symbols, NULL, 0 };
	profile.sides[1] = (struct lab_side){ "new", &b.account, &b.symbols, NULL, 0 };
	assert_string_equal(lab_row_note(&profile, &row), "not called in b");
	row.function = "gone";
	assert_string_equal(lab_row_note(&profile, &row),
			    "no such function in b: gone, renamed, or inlined there");
	unload(&a);
	unload(&b);
}

/* A full disk, or an interrupted copy, leaves a System.map without a function. */
static void a_map_without_functions_is_refused(void **state)
{
	struct lab_symbols symbols = { 0 };

	(void)state;
	write_file(map, 16);
	assert_int_equal(lab_symbols_add_kernel(&symbols, path), MB_MACHINE);
	write_file(map, 0);
	assert_int_equal(lab_symbols_add_kernel(&symbols, path), MB_MACHINE);
	lab_symbols_free(&symbols);
}

/* A guest may send anything; what is no count of instructions is no value. */
static void a_value_is_a_count(void **state)
{
	static const char *const values[] = { "-1", "1e300", "null", "\"1\"" };
	struct lab_sampled sampled;

	(void)state;
	for (size_t i = 0; i < sizeof(values) / sizeof(values[0]); i++) {
		struct mb_list lines = { 0 };

		mb_list_add(&lines,
			    "{\"type\":\"block\",\"point\":0,\"pages\":2,\"invalid\":0,"
			    "\"metrics\":{\"total\":{\"values\":[114,%s]}}}",
			    values[i]);
		assert_int_equal(lab_sampled_read(&sampled, &lines), MB_MACHINE);
		lab_sampled_free(&sampled);
		mb_list_free(&lines);
	}
}

/* One that is there twice does not stand for one that is not. */
static void a_missing_symbol_is_missed(void **state)
{
	static const char *const names[] = { "_text", "_end" };
	static const char twice[] = "ffff800008000000 T _text\nffff800008000000 t _text\n";
	uint64_t at[2];

	(void)state;
	write_file(twice, sizeof(twice) - 1);
	assert_int_equal(lab_symbols_addresses(path, names, 2, at), MB_MACHINE);
	assert_int_equal(lab_symbols_addresses(path, names, 1, at), MB_OK);
	assert_true(at[0] == 0xffff800008000000);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_missing_symbol_is_missed),
		cmocka_unit_test(a_value_is_divided),
		cmocka_unit_test(an_instruction_that_faults_counts_once),
		cmocka_unit_test(flushes_are_counted_where_they_are_instructions),
		cmocka_unit_test(paths_follow_calls_and_returns),
		cmocka_unit_test(two_sides_differ_by_their_rows),
		cmocka_unit_test(a_page_is_one_that_moved),
		cmocka_unit_test(what_is_on_one_side_only_is_noted),
		cmocka_unit_test(a_map_without_functions_is_refused),
		cmocka_unit_test(a_value_is_a_count),
	};
	int status, fd = mkstemp(path);

	if (fd < 0)
		return 1;
	close(fd);
	status = cmocka_run_group_tests(tests, NULL, NULL);
	unlink(path);
	return status;
}
