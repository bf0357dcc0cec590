/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Anonymous pages that nobody maps: what a reference too many keeps, once all who had them are gone. */
#ifndef MIGBENCH_TESTS_KEPT_PAGES_H
#define MIGBENCH_TESTS_KEPT_PAGES_H

#include <fcntl.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "kernel_since.h"

/*
 * Whether this kernel may leak huge pages itself: migrate_vma_collect_pmd() of 5.10, 6.1 and 6.12 does not drop its
 * reference on one that it can't lock, 7.2 does, and it was rewritten for 6.19.
 */
static inline bool keeps_huge_pages(void)
{
	return !kernel_since(6, 19);
}

/*
 * Whether this kernel may forget pages that MADV_PAGEOUT has taken: it lets go of the page table after each 32, and where
 * another thread has dropped the table meanwhile, which it can since 6.14 (PT_RECLAIM), it forgets those that it has.
 */
static inline bool forgets_paged_out(void)
{
	return kernel_since(6, 14);
}

/* MADV_PAGEOUT, so little at a time that the kernel forgets none of it. */
static inline void page_out(unsigned char *at, unsigned long pages)
{
	const unsigned long size = (unsigned long)getpagesize(),
			    most = forgets_paged_out() ? 31 : pages;

	for (unsigned long done = 0; done < pages; done += most)
		madvise(at + done * size, (pages - done < most ? pages - done : most) * size,
			MADV_PAGEOUT);
}

#define UNSEEN (~0UL) /* instead of a number: a frame of RAM can't be looked at */

/* Of the frames from @frame up to @end, or UNSEEN. */
static inline unsigned long kept_in(int of_flags, int of_counts, unsigned long frame,
				    unsigned long end, bool show, unsigned long *huge)
{
	enum { ANON = 1 << 12, THP = 1 << 22, FRAMES = 1024 };
	static uint64_t flags[FRAMES], counts[FRAMES];
	unsigned long kept = 0, row = 0;
	uint64_t last = 0;

	while (frame < end) {
		size_t most = end - frame < FRAMES ? end - frame : FRAMES;
		off_t at = (off_t)(frame * sizeof(*flags));
		ssize_t got = pread(of_flags, flags, most * sizeof(*flags), at);

		if (got <= 0 || pread(of_counts, counts, (size_t)got, at) != got)
			return UNSEEN;
		for (ssize_t i = 0; i < got / (ssize_t)sizeof(*flags); i++, frame++) {
			bool is = flags[i] & ANON && !counts[i];

			*(flags[i] & THP ? huge : &kept) += is;
			/* Those in a row that are alike. */
			if (show && row && (!is || flags[i] != last)) {
				fprintf(stderr, "kept: frames %#lx to %#lx, flags %#lx\n",
					frame - row, frame - 1, (long)last);
				row = 0;
			}
			row += is;
			last = flags[i];
		}
	}
	if (show && row)
		fprintf(stderr, "kept: frames %#lx to %#lx, flags %#lx\n", frame - row, frame - 1,
			(long)last);
	return kept;
}

/*
 * By what /proc shows of each frame, or UNSEEN. Those of huge pages apart, in *@huge. Only frames of
 * RAM are asked for: 5.10 takes the end of device memory, at the end of all addresses, for its own.
 */
static inline unsigned long kept_pages(bool show, unsigned long *huge)
{
	int of_flags = open("/proc/kpageflags", O_RDONLY | O_CLOEXEC);
	int of_counts = open("/proc/kpagecount", O_RDONLY | O_CLOEXEC);
	unsigned long from, to, size = (unsigned long)getpagesize(), kept = 0, frames = 0;
	FILE *map = fopen("/proc/iomem", "re");
	char line[256];

	*huge = 0;
	while (map && kept != UNSEEN && fgets(line, sizeof(line), map)) {
		unsigned long here;

		if (*line == ' ' || !strstr(line, " : System RAM") ||
		    sscanf(line, "%lx-%lx", &from, &to) != 2)
			continue;
		frames += (to + 1) / size - from / size;
		here = kept_in(of_flags, of_counts, from / size, (to + 1) / size, show, huge);
		kept = here == UNSEEN ? UNSEEN : kept + here;
	}
	if (map)
		fclose(map);
	close(of_flags);
	close(of_counts);
	return frames ? kept : UNSEEN;
}

#endif
