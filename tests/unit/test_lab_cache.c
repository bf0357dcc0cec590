// SPDX-License-Identifier: GPL-2.0-or-later
/* The model of caches: what leaves, what is dropped, and how large an address's page is. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "lab/profile/cache.h"

#define PAGE_SHIFT 12
#define LARGE_SHIFT 21
#define DIRECT 0xffff888000000000

/* Eight ways: the ninth line of a set sends away the one that was used longest ago. */
static void the_least_recently_used_leaves(void **state)
{
	struct lab_cache *cache =
		lab_cache_new(lab_cache_find("skylake-sp"), PAGE_SHIFT, LARGE_SHIFT);
	bool missed[LAB_CACHE_LEVELS];
	const uint64_t apart = 64 * 64; /* sets of L1 times a line */

	(void)state;
	for (uint64_t i = 0; i < 8; i++)
		lab_cache_access(cache, 0, i * apart, false, missed);
	lab_cache_access(cache, 0, 0, false, missed);
	assert_false(missed[LAB_L1]);
	lab_cache_access(cache, 0, 8 * apart, false, missed);
	assert_true(missed[LAB_L1] && missed[LAB_L2]);
	lab_cache_access(cache, 0, 0, false, missed);
	assert_false(missed[LAB_L1]);
	lab_cache_access(cache, 0, apart, false, missed);
	assert_true(missed[LAB_L1]);
	assert_false(missed[LAB_L2]);
	/* Dropped translations: of user space, not of the kernel. */
	lab_cache_access(cache, DIRECT, 0, true, missed);
	lab_cache_drop_user(cache);
	lab_cache_access(cache, DIRECT, 0, true, missed);
	assert_false(missed[LAB_TLB]);
	lab_cache_access(cache, 0, 0, false, missed);
	assert_true(missed[LAB_TLB] && missed[LAB_TLB2]);
	lab_cache_drop(cache, DIRECT + 0x1fffff);
	lab_cache_access(cache, DIRECT, 0, true, missed);
	assert_true(missed[LAB_TLB]);
	lab_cache_free(cache);
}

/* Of 64 KiB, and of 512 MiB one level up: one translation for all of it. */
static void pages_are_as_large_as_the_machine_has_them(void **state)
{
	struct lab_cache *cache = lab_cache_new(lab_cache_find("neoverse-n1"), 16, 29);
	bool missed[LAB_CACHE_LEVELS];

	(void)state;
	lab_cache_access(cache, 0xffff, 0, false, missed);
	assert_true(missed[LAB_TLB]);
	lab_cache_access(cache, 0, 0, false, missed);
	assert_false(missed[LAB_TLB]);
	lab_cache_access(cache, 0x10000, 0, false, missed);
	assert_true(missed[LAB_TLB]);
	lab_cache_access(cache, 0x1fffffff, 0, true, missed);
	assert_true(missed[LAB_TLB]);
	lab_cache_access(cache, 0, 0, true, missed);
	assert_false(missed[LAB_TLB]);
	lab_cache_drop(cache, 0xfff);
	lab_cache_access(cache, 0, 0, false, missed);
	assert_true(missed[LAB_TLB]);
	lab_cache_free(cache);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_least_recently_used_leaves),
		cmocka_unit_test(pages_are_as_large_as_the_machine_has_them),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
