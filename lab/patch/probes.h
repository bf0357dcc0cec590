/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which commits of a bisection are worth testing at once. */
#ifndef MIGBENCH_LAB_PATCH_PROBES_H
#define MIGBENCH_LAB_PATCH_PROBES_H

#include <stdbool.h>
#include <stddef.h>

struct lab_suspect {
	char *commit; /* full */
	size_t *parents; /* suspects, too, by their index */
	size_t parent_count;
	bool skip; /* it can't be tested */
};

/* Commits that may be the first bad one, parents before children; the last one is known to be bad. */
struct lab_suspects {
	struct lab_suspect *at;
	size_t count;
};

/*
 * Read from git all commits that @bad has in its history and @good, a revision or git's option for
 * several, has not. Those that git bisect was told to skip are marked. Returns MB_OK, or MB_MACHINE
 * after one line; lab_suspects_free() is right in both cases.
 */
int lab_suspects_read(const char *bad, const char *good, struct lab_suspects *suspects);
void lab_suspects_free(struct lab_suspects *suspects);

/* The index of @commit; suspects->count: it is none. */
size_t lab_suspects_find(const struct lab_suspects *suspects, const char *commit);

/*
 * At most @width (1 or more) suspects, by index into @probes, whose verdicts together leave as few as
 * can be: of n commits in a row no more than n / (width + 1), rounded up. Returns how many;
 * 0: all that are left are known to be bad, or are skipped.
 */
size_t lab_probes_choose(const struct lab_suspects *suspects, size_t width, size_t *probes);

#endif
