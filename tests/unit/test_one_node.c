// SPDX-License-Identifier: GPL-2.0-or-later
/* A kernel without CONFIG_NUMA has one node and no mbind(2): its memory is used as any other. */
#include <errno.h>
#include <numa.h>
#include <numaif.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "bench/memory.h"

static int refusal;

static int last_node;

/* In place of the system calls', and of what sysfs says. */
int numa_max_node(void)
{
	return last_node;
}

long move_pages(int pid, unsigned long count, void **pages, const int *nodes, int *status,
		int flags)
{
	(void)pid;
	(void)count;
	(void)pages;
	(void)nodes;
	(void)status;
	(void)flags;
	errno = refusal;
	return -1;
}

long mbind(void *at, unsigned long length, int mode, const unsigned long *mask, unsigned long bits,
	   unsigned int flags)
{
	(void)at;
	(void)length;
	(void)mode;
	(void)mask;
	(void)bits;
	(void)flags;
	errno = refusal;
	return -1;
}

static bool maps_on(unsigned long node)
{
	struct mb_memory memory;

	if (!mb_memory_map(&memory, 2, node, false, MB_VERIFY_FULL))
		return false;
	assert_int_equal(mb_memory_lost(&memory), 0);
	assert_int_equal(mb_memory_on_node(&memory, 0), 2);
	assert_int_equal(mb_memory_on_node(&memory, 1), 0);
	mb_memory_unmap(&memory);
	return true;
}

static void the_only_node_needs_no_policy(void **state)
{
	(void)state;
	refusal = ENOSYS;
	assert_true(maps_on(0));
	assert_false(maps_on(1));
	/* A filter of system calls on a machine of two. */
	last_node = 1;
	assert_false(maps_on(0));
	last_node = 0;
}

/* What is on no node that was asked for would give false figures. */
static void a_refused_policy_is_no_missing_one(void **state)
{
	(void)state;
	refusal = EPERM;
	assert_false(maps_on(0));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_only_node_needs_no_policy),
		cmocka_unit_test(a_refused_policy_is_no_missing_one),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
