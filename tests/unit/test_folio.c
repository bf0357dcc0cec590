// SPDX-License-Identifier: GPL-2.0-or-later
/* Sizes of pages: what their words mean, and that the proof sees a page of another size. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>
#include <cmocka.h>

#include "bench/memory.h"

#define PAGES 1024UL

static void words_mean_sizes(void **state)
{
	static const char *const words[] = { MB_FOLIO_WORDS };

	(void)state;
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		assert_string_equal(mb_folio(words[i])->word, words[i]);
	assert_int_equal(mb_folio(NULL)->pages, 1);
	assert_int_equal(mb_folio("64k")->pages, 16);
	assert_int_equal(mb_folio("2m-pte")->pages, MB_HUGE_PAGES);
	assert_int_equal(mb_folio("hugetlb-1g")->pages, MB_HUGE_PAGES * MB_HUGE_PAGES);
	assert_false(mb_folio_needs_proof(mb_folio("4k")));
	assert_false(mb_folio_needs_proof(mb_folio("2m")));
	assert_true(mb_folio_needs_proof(mb_folio("64k")));
	assert_true(mb_folio_needs_proof(mb_folio("2m-pte")));
}

/* Outside the lab nothing is changed: what has to be changed is said. */
static void a_switch_that_is_off_is_named(void **state)
{
	const struct mb_folio_request request = { .folio = mb_folio("64k"), .pages = 16 };
	char why[MB_WHY] = "";

	(void)state;
	if (mb_folio_can(&request, why))
		skip();
	assert_true(strstr(why, "/proc/kpageflags") || strstr(why, "no folios of 64k") ||
		    strstr(why, "write madvise to") || strstr(why, "write never to"));
	assert_true(mb_folio_begin(&request, why));
	mb_folio_end();
}

/* A huge page mapped by PTEs is one; base pages are none, nor is one of which a part is gone. */
static void other_pages_are_seen(void **state)
{
	const struct mb_folio *folio = mb_folio("2m-pte");
	const struct mb_folio_request request = { .folio = folio, .pages = PAGES };
	struct mb_memory memory;
	char why[MB_WHY];

	(void)state;
	if (!mb_folio_can(&request, why) ||
	    !mb_memory_map_folios(&memory, PAGES, 0, folio, MB_VERIFY_FULL, why))
		skip();
	if (!mb_memory_sized(&memory)) {
		mb_memory_unmap(&memory);
		skip(); /* no huge pages here */
	}
	assert_int_equal(mb_memory_lost(&memory), 0);
	assert_int_equal(mb_folio_count(mb_folio("64k"), memory.at, PAGES), 0);
	assert_int_equal(mb_folio_count(mb_folio("hugetlb-2m"), memory.at, PAGES), 0);
	assert_true(mb_memory_renew(&memory));
	assert_true(mb_memory_sized(&memory));
	madvise(memory.at + 7 * memory.page_size, memory.page_size, MADV_DONTNEED);
	assert_false(mb_memory_sized(&memory));
	assert_int_equal(mb_folio_count(folio, memory.at, PAGES), PAGES - MB_HUGE_PAGES);
	mb_memory_unmap(&memory);

	assert_true(mb_memory_map(&memory, PAGES, 0, false, MB_VERIFY_STAMP));
	assert_int_equal(mb_folio_count(folio, memory.at, PAGES), 0);
	assert_int_equal(mb_folio_count(mb_folio("4k"), memory.at, PAGES), PAGES);
	mb_memory_unmap(&memory);
}

/* Shared pages stay when they are given back by the process, and come anew with a new range. */
static void shared_pages_are_a_files(void **state)
{
	struct mb_memory memory;
	char why[MB_WHY];

	(void)state;
	if (!mb_memory_map_shared(&memory, 4, 0, MB_VERIFY_FULL, why))
		skip();
	madvise(memory.at, 4 * memory.page_size, MADV_DONTNEED);
	assert_int_equal(mb_memory_lost(&memory), 0);
	munmap(memory.at, 2 * memory.page_size);
	assert_true(mb_memory_renew(&memory));
	assert_int_equal(mb_memory_lost(&memory), 0);
	mb_memory_unmap(&memory);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(words_mean_sizes),
		cmocka_unit_test(a_switch_that_is_off_is_named),
		cmocka_unit_test(other_pages_are_seen),
		cmocka_unit_test(shared_pages_are_a_files),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
