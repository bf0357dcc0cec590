/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Parts of a program that this machine can't run: ctest sees the program's exit status alone, and would call it passed. */
#ifndef MIGBENCH_TESTS_SKIPPED_H
#define MIGBENCH_TESTS_SKIPPED_H

#include <stdbool.h>

static bool skipped_some;

/* In place of cmocka's skip(); @why is a word or a sentence for who reads the output. */
#define SKIP(why)                                                                                  \
	do {                                                                                       \
		print_message("skipped: %s\n", (why));                                             \
		skipped_some = true;                                                               \
		skip();                                                                            \
	} while (0)

/* What main() returns: that tests failed, else that some were skipped. */
static inline int with_skipped(int failed)
{
	return failed || !skipped_some ? failed : 77;
}

#endif
