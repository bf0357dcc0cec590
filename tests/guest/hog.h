/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A process that takes nearly all memory of a node, and keeps it. */
#ifndef MIGBENCH_TESTS_HOG_H
#define MIGBENCH_TESTS_HOG_H

#include <sys/syscall.h>

#include "guest.h"

#define RESERVE ((32UL << 20) / PAGE) /* of a node: what no process takes, against the OOM killer */
#define MPOL_BIND 2

static inline void bind(void *at, unsigned long pages, unsigned int node)
{
	unsigned long mask = 1UL << node;

	CHECK(!syscall(SYS_mbind, at, pages * PAGE, MPOL_BIND, &mask, 64, 0));
}

/* What one node has, locked: nothing can be moved to make room. */
struct hog {
	unsigned char *at;
	unsigned long pages, given; /* pages from the start; those before @given may have holes */
	unsigned long mapped; /* pages; to unmap a part of them takes memory, for another VMA */
};

static inline void take(struct hog *hog, unsigned int node)
{
	unsigned long most = free_pages_of(node);

	*hog = (struct hog){ .at = map_pages(most), .mapped = most };
	bind(hog->at, most, node);
	CHECK(!madvise(hog->at, most * PAGE, MADV_DONTFORK));
	CHECK(!mlock2(hog->at, most * PAGE, MLOCK_ONFAULT));
	while (hog->pages + 256 <= most && free_pages_of(node) > RESERVE) {
		memset(hog->at + hog->pages * PAGE, 1, 256 * PAGE);
		hog->pages += 256;
	}
}

#endif
