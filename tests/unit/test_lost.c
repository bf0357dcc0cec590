// SPDX-License-Identifier: GPL-2.0-or-later
/* A kernel that loses pages: each of them is counted, and the sample is worth nothing. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <cmocka.h>
#include <numaif.h>

#include "bench/block.h"
#include "bench/plan.h"

#define LOST 3

static unsigned long to_lose;

/* In place of the system call's: pages stay where they are, and the first lose a word. */
long move_pages(int pid, unsigned long count, void **pages, const int *nodes, int *status,
		int flags)
{
	(void)pid;
	(void)flags;
	for (unsigned long i = 0; i < count; i++) {
		if (nodes && i < to_lose)
			memset(pages[i], 0, 8);
		status[i] = 0;
	}
	return 0;
}

/* The policy is not what is tested, and a container may forbid the call. */
long mbind(void *at, unsigned long length, int mode, const unsigned long *mask, unsigned long bits,
	   unsigned int flags)
{
	(void)at;
	(void)length;
	(void)mode;
	(void)mask;
	(void)bits;
	(void)flags;
	return 0;
}

static const char suite_text[] = "[global]\nrounds = 1\nsamples = 1\n[numa]\nmode = move_pages\n"
				 "nodes = 0>0\nbatch = 8\n";

/* One sample of numa while so many pages are lost; what the session then knows of it. */
static void one_sample(unsigned long lost, struct mb_session *session, struct mb_block *block)
{
	char path[] = "/tmp/migbench-lost-XXXXXX.ini", why[MB_WHY] = "";
	int fd = mkstemps(path, 4);
	struct mb_suite suite;
	struct mb_plan plan;

	assert_true(fd >= 0);
	assert_int_equal(write(fd, suite_text, strlen(suite_text)), strlen(suite_text));
	close(fd);
	assert_int_equal(mb_suite_read(&suite, path, &(struct mb_strings){ 0 }), 0);
	unlink(path);
	assert_int_equal(mb_plan_make(&plan, &suite, NULL), 0);
	*session = (struct mb_session){ .clock = MB_TIME,
					.verify = suite.verify,
					.topology = mb_topology_load() };
	assert_non_null(session->topology);
	to_lose = lost;
	if (!mb_block_measure(block, session, &suite, &plan.points[0], why))
		fail_msg("%s", why);
	mb_topology_free(session->topology);
	mb_plan_free(&plan);
	mb_suite_free(&suite);
}

static void each_lost_page_is_counted(void **state)
{
	struct mb_session session;
	struct mb_block block;

	(void)state;
	one_sample(LOST, &session, &block);
	assert_int_equal(block.count, 0);
	assert_true(block.invalid > 0);
	/* A sample fills all pages anew, so that each loses as many again. */
	assert_true(session.lost_pages >= LOST);
	assert_int_equal(session.lost_pages % LOST, 0);
	mb_block_free(&block);
}

static void none_is_counted_where_none_is_lost(void **state)
{
	struct mb_session session;
	struct mb_block block;

	(void)state;
	one_sample(0, &session, &block);
	assert_true(block.count > 0);
	assert_int_equal(block.invalid, 0);
	assert_int_equal(session.lost_pages, 0);
	mb_block_free(&block);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_lost_page_is_counted),
		cmocka_unit_test(none_is_counted_where_none_is_lost),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
