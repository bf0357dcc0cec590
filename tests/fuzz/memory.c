// SPDX-License-Identifier: GPL-2.0-or-later
/* The fuzzer's memory: mappings of several kinds, and pages that say what they are. */
#include <errno.h>
#include <fcntl.h>
#include <linux/userfaultfd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>

#include "fuzz.h"

struct stamp {
	uint64_t home; /* address that it was written at */
	uint32_t owner, generation;
	uint64_t check;
	uint64_t inverse;
};

#define STAMPS 4 /* a page, spread over it: half a copy does not pass */
#define STRIDE (PAGE / STAMPS + 24)

static struct stamp *stamp_at(unsigned char *page, unsigned int i)
{
	return (struct stamp *)(page + (i == STAMPS - 1 ? PAGE - sizeof(struct stamp)
							: i * (STRIDE & ~7UL)));
}

static struct stamp stamp_of(const struct thread *thread, const struct region *region,
			     unsigned long page)
{
	struct stamp stamp = { .home = region->home + page * PAGE,
			       .owner = thread->owner,
			       .generation = region->generations[page] };

	stamp.check = stamp.home * 0x9e3779b97f4a7c15UL ^ ((uint64_t)stamp.owner << 32) ^
		      stamp.generation;
	stamp.inverse = ~stamp.check;
	if (!stamp.generation)
		memset(&stamp, 0, sizeof(stamp));
	return stamp;
}

void region_write(struct thread *thread, struct region *region, unsigned long first,
		  unsigned long pages)
{
	if (!(region->prot & PROT_WRITE))
		return;
	for (unsigned long page = first; page < first + pages && page < region->pages; page++) {
		struct stamp stamp;

		region->generations[page] = ++thread->generation ? thread->generation : 1;
		stamp = stamp_of(thread, region, page);
		for (unsigned int i = 0; i < STAMPS; i++)
			*stamp_at(region->at + page * PAGE, i) = stamp;
	}
}

void region_check(struct thread *thread, struct region *region, const char *where)
{
	static const struct stamp zeros;

	if (!(region->prot & PROT_READ))
		return;
	for (unsigned long page = 0; page < region->pages; page++) {
		struct stamp want = stamp_of(thread, region, page), is;

		for (unsigned int i = 0; i < STAMPS; i++) {
			is = *stamp_at(region->at + page * PAGE, i);
			if (!memcmp(&is, &want, sizeof(is)) ||
			    (region->open && !memcmp(&is, &zeros, sizeof(is))))
				continue;
			bad_news("a page is lost after %s: kind %u, page %lu of %lu, stamp %u: "
				 "has address %#lx owner %#x generation %u, written as %#lx %#x %u",
				 where, region->kind, page, region->pages, i, (long)is.home,
				 is.owner, is.generation, (long)want.home, want.owner,
				 want.generation);
			return;
		}
	}
	totals->checked += region->pages;
}

void region_publish(struct thread *thread, unsigned int i)
{
	struct target *target = &thread->process->targets[thread->number][i];

	target->at = (unsigned long)thread->regions[i].at;
	target->pages = thread->regions[i].pages;
}

static void *map_aligned(unsigned long pages, int memfd, int flags)
{
	unsigned long size = pages * PAGE, align = HUGE * PAGE, from;
	unsigned char *at = mmap(NULL, size + align, PROT_NONE,
				 MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

	if (at == MAP_FAILED)
		return at;
	from = ((unsigned long)at + align - 1) & ~(align - 1);
	munmap(at, from - (unsigned long)at);
	munmap((void *)(from + size), (unsigned long)at + align - from);
	return mmap((void *)from, size, PROT_READ | PROT_WRITE, flags | MAP_FIXED, memfd, 0);
}

static void watch_faults(struct thread *thread, struct region *region)
{
	struct uffdio_register request = {
		.range = { (unsigned long)region->at, region->pages * PAGE },
		.mode = UFFDIO_REGISTER_MODE_MISSING | UFFDIO_REGISTER_MODE_WP,
	};

	ioctl(thread->process->uffd, UFFDIO_REGISTER, &request);
}

/* Zeros are what its pages have in common. */
static void let_merge(struct region *region)
{
	madvise(region->at, region->pages * PAGE, MADV_DONTFORK);
	madvise(region->at, region->pages * PAGE, MADV_MERGEABLE);
	for (unsigned long page = 0; page < region->pages; page++)
		*(volatile unsigned char *)(region->at + page * PAGE) = 0;
}

void region_make(struct thread *thread, unsigned int i)
{
	struct region *region = &thread->regions[i];
	int flags = MAP_PRIVATE | MAP_ANONYMOUS;

	*region = (struct region){ .memfd = -1,
				   .prot = PROT_READ | PROT_WRITE,
				   .kind = below(&thread->dice, REGION_KINDS),
				   .pages = 1 + below(&thread->dice, 32) };
	if (region->kind == REGION_HUGE && !once_in(&thread->dice, 3))
		region->kind = REGION_BASE;
	if (once_in(&thread->dice, 12))
		region->pages = HUGE * (1 + below(&thread->dice, 2));
	if (region->kind == REGION_HUGE)
		region->pages = HUGE;
	if (region->kind == REGION_MEMFD || region->kind == REGION_COPIED) {
		region->memfd = memfd_create("fuzz", MFD_CLOEXEC);
		if (region->memfd < 0 || ftruncate(region->memfd, (long)(region->pages * PAGE)))
			region->kind = REGION_BASE;
		else
			flags = region->kind == REGION_MEMFD ? MAP_SHARED : MAP_PRIVATE;
	}
	region->at = map_aligned(region->pages, flags & MAP_ANONYMOUS ? -1 : region->memfd, flags);
	region->generations = calloc(region->pages, sizeof(*region->generations));
	if (region->at == MAP_FAILED || !region->generations) {
		/* Out of memory, which a control group's limit makes likely: then less of it. */
		free(region->generations);
		if (region->memfd >= 0)
			close(region->memfd);
		*region = (struct region){ .memfd = -1 };
		return;
	}
	region->home = (uint64_t)region->at;
	if (region->kind == REGION_HUGE)
		madvise(region->at, region->pages * PAGE, MADV_HUGEPAGE);
	if (region->kind == REGION_UFFD && thread->process->uffd >= 0)
		watch_faults(thread, region);
	if (region->kind == REGION_MERGED)
		let_merge(region);
	else if (!once_in(&thread->dice, 8))
		region_write(thread, region, 0, region->pages);
	region_publish(thread, i);
}

void region_end(struct thread *thread, unsigned int i)
{
	struct region *region = &thread->regions[i];

	if (!region->pages)
		return;
	munmap(region->at, region->pages * PAGE);
	if (region->memfd >= 0)
		close(region->memfd);
	free(region->generations);
	*region = (struct region){ .memfd = -1 };
}
