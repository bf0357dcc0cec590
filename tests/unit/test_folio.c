// SPDX-License-Identifier: GPL-2.0-or-later
/* Sizes of pages: what their words mean, and that the proof sees a page of another size. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>
#include <cmocka.h>

#include "bench/memory.h"
#include "tests/unit/skipped.h"

#define PAGES 1024UL
#define TRIES 20

static void words_mean_sizes(void **state)
{
	static const char *const words[] = { MB_FOLIO_WORDS };

	(void)state;
	/* "base" and "pmd" are what the machine has; every other word is found as what it says. */
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		char *placed = mb_size_placed(words[i], mb_base_bytes(), mb_pmd_bytes());

		assert_string_equal(mb_folio(words[i])->word, placed ? placed : words[i]);
		free(placed);
	}
	assert_int_equal(mb_folio(NULL)->pages, 1);
	assert_int_equal(mb_folio("64k")->pages, 16);
	assert_int_equal(mb_folio("2m-pte")->pages, mb_huge_pages());
	assert_int_equal(mb_folio("hugetlb-1g")->pages, (1UL << 30) / mb_base_bytes());
	assert_false(mb_folio_needs_proof(mb_folio("4k")));
	assert_false(mb_folio_needs_proof(mb_folio("2m")));
	assert_true(mb_folio_needs_proof(mb_folio("64k")));
	assert_true(mb_folio_needs_proof(mb_folio("2m-pte")));
}

/* A suite's words on machines of other sizes than this one's. */
static void words_are_placed_by_the_machine(void **state)
{
	static const struct {
		const char *word, *text;
		unsigned long base, pmd; /* KiB */
	} cases[] = {
		{ "base", "4k", 4, 2048 },
		{ "pmd", "2m", 4, 2048 },
		{ "base", "16k", 16, 32768 },
		{ "pmd", "32m", 16, 32768 },
		{ "base", "64k", 64, 524288 },
		{ "pmd-pte", "512m-pte", 64, 524288 },
		{ "hugetlb-pmd", "hugetlb-32m", 16, 32768 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		char *text = mb_size_placed(cases[i].word, cases[i].base << 10, cases[i].pmd << 10);

		assert_string_equal(text, cases[i].text);
		free(text);
	}
	assert_null(mb_size_placed("4k", 65536, 512UL << 20));
}

/* What this machine's pages can't be, and what a benchmark does not take, is said before it runs. */
static void sizes_that_are_not_had_are_refused(void **state)
{
	static const char *const plain[] = { MB_PAGE_WORDS, NULL };
	char why[MB_WHY];

	(void)state;
	if (mb_base_bytes() != 4096)
		SKIP("the pages that are refused are those of a machine with base pages of 4 KiB");
	assert_true(mb_folio_fits(mb_folio("4k"), plain, why));
	assert_true(mb_folio_fits(mb_folio("2m"), plain, why));
	assert_true(mb_folio_fits(mb_folio("64k"), NULL, why));
	assert_false(mb_folio_fits(mb_folio("64k"), plain, why));
	assert_string_equal(why,
			    "this benchmark takes base pages or huge ones, and 64k is neither");
	assert_false(mb_folio_fits(mb_folio("512m"), NULL, why));
	assert_string_equal(why, "this kernel's huge pages have 2m, and not 512m");
	assert_false(mb_folio_fits(mb_folio("32m-pte"), NULL, why));
}

/* Outside the lab nothing is changed: what has to be changed is said. */
static void a_switch_that_is_off_is_named(void **state)
{
	const struct mb_folio_request request = { .folio = mb_folio("64k"), .pages = 16 };
	char why[MB_WHY] = "";

	(void)state;
	if (mb_folio_can(&request, why))
		SKIP("folios of 64k are switched on here");
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
	struct mb_memory memory, other;
	bool renewed = false;
	char why[MB_WHY];
	int mapped = 0;

	(void)state;
	if (!mb_folio_can(&request, why) ||
	    !mb_memory_map_folios(&memory, PAGES, 0, folio, MB_VERIFY_FULL, why))
		SKIP(why);
	if (!mb_memory_sized(&memory)) {
		mb_memory_unmap(&memory);
		SKIP("no huge pages are to be had here");
	}
	assert_int_equal(mb_memory_lost(&memory), 0);
	assert_int_equal(mb_folio_count(mb_folio("64k"), memory.at, PAGES), 0);
	assert_int_equal(mb_folio_count(mb_folio("hugetlb-2m"), memory.at, PAGES), 0);
	/* Where other programs take huge pages meanwhile, a try may get none: nor does a new mapping, then. */
	for (int i = 0; i < TRIES && !renewed; i++) {
		assert_true(mb_memory_renew(&memory));
		renewed = mb_memory_sized(&memory);
		if (!mb_memory_map_folios(&other, PAGES, 0, folio, MB_VERIFY_FULL, why))
			continue;
		mapped += mb_memory_sized(&other);
		mb_memory_unmap(&other);
	}
	if (!renewed && mapped < TRIES / 2) {
		mb_memory_unmap(&memory);
		SKIP("too few huge pages are to be had here");
	}
	assert_true(renewed);
	madvise(memory.at + 7 * memory.page_size, memory.page_size, MADV_DONTNEED);
	assert_false(mb_memory_sized(&memory));
	assert_int_equal(mb_folio_count(folio, memory.at, PAGES), PAGES - mb_huge_pages());
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
		SKIP(why);
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
		cmocka_unit_test(words_are_placed_by_the_machine),
		cmocka_unit_test(sizes_that_are_not_had_are_refused),
		cmocka_unit_test(a_switch_that_is_off_is_named),
		cmocka_unit_test(other_pages_are_seen),
		cmocka_unit_test(shared_pages_are_a_files),
	};

	return with_skipped(cmocka_run_group_tests(tests, NULL, NULL));
}
