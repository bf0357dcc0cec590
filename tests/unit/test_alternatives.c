// SPDX-License-Identifier: GPL-2.0-or-later
/* Which kernel functions hinge on the CPU: those that copy, clear and sum, not those that call them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "core/alternatives.h"

static void ways_to_copy_clear_and_sum(void **state)
{
	static const char *const names[] = {
		"memcpy",	   "memcpy_orig",	"memcpy_erms",
		"__memcpy",	   "memset_orig",	"__memset",
		"copy_page",	   "copy_page_regs",	"clear_page_rep",
		"clear_page_erms", "clear_page_orig",	"copy_mc_to_kernel",
		"copy_mc_fragile", "copy_user_generic", "rep_movs_alternative",
		"csum_partial",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (!mb_hinges_on_cpu(names[i]))
			fail_msg("%s", names[i]);
}

static void what_calls_them(void **state)
{
	static const char *const names[] = {
		"folio_copy",
		"folio_mc_copy",
		"migrate_vma_collect_pmd",
		"copy_page_to_iter",
		"copy_page_from_iter_atomic",
		"mem_cgroup_migrate",
		"clear_huge_page",
		"ptep_clear_flush",
		"copy_page_range",
		"memcpy_count",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (mb_hinges_on_cpu(names[i]))
			fail_msg("%s", names[i]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(ways_to_copy_clear_and_sum),
		cmocka_unit_test(what_calls_them),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
