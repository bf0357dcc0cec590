// SPDX-License-Identifier: GPL-2.0-or-later
/* Content checks: one lost byte in one page is seen, in either mode where it must be. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "bench/memory.h"

static void full_sees_every_byte(void **state)
{
	struct mb_memory memory;

	(void)state;
	assert_true(mb_memory_map(&memory, 8, 0, false, MB_VERIFY_FULL));
	assert_int_equal((uintptr_t)memory.at % memory.page_size, 0);
	assert_int_equal(mb_memory_lost(&memory), 0);
	for (size_t byte = 0; byte < 8 * memory.page_size; byte += memory.page_size / 2 + 509) {
		memory.at[byte] ^= 1;
		assert_int_equal(mb_memory_lost(&memory), 1);
		memory.at[byte] ^= 1;
	}
	assert_int_equal(mb_memory_lost(&memory), 0);
	memset(memory.at + 3 * memory.page_size, 0, 2 * memory.page_size);
	assert_int_equal(mb_memory_lost(&memory), 2);
	mb_memory_unmap(&memory);
}

static void a_stamp_sees_zeroed_and_swapped_pages(void **state)
{
	unsigned char page[65536];
	struct mb_memory memory;

	(void)state;
	assert_true(mb_memory_map(&memory, 4, 0, false, MB_VERIFY_STAMP));
	memset(memory.at + memory.page_size, 0, memory.page_size);
	assert_int_equal(mb_memory_lost(&memory), 1);
	mb_memory_fill(&memory);
	assert_int_equal(mb_memory_lost(&memory), 0);
	memcpy(page, memory.at, memory.page_size);
	memcpy(memory.at, memory.at + memory.page_size, memory.page_size);
	memcpy(memory.at + memory.page_size, page, memory.page_size);
	assert_int_equal(mb_memory_lost(&memory), 2);
	mb_memory_unmap(&memory);
}

static void every_fill_differs(void **state)
{
	struct mb_memory memory;
	uint64_t before;

	(void)state;
	assert_true(mb_memory_map(&memory, 1, 0, false, MB_VERIFY_FULL));
	before = *(uint64_t *)memory.at;
	mb_memory_fill(&memory);
	assert_true(before != *(uint64_t *)memory.at);
	assert_true(mb_memory_last_word(&memory, 0) ==
		    ((uint64_t *)memory.at)[memory.page_size / 8 - 1]);
	mb_memory_unmap(&memory);
}

static void a_node_that_is_not_there(void **state)
{
	struct mb_memory memory;

	(void)state;
	assert_false(mb_memory_map(&memory, 1, 1000, false, MB_VERIFY_STAMP));
	assert_false(mb_memory_map(&memory, 1, 5000, false, MB_VERIFY_STAMP));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(full_sees_every_byte),
		cmocka_unit_test(a_stamp_sees_zeroed_and_swapped_pages),
		cmocka_unit_test(every_fill_differs),
		cmocka_unit_test(a_node_that_is_not_there),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
