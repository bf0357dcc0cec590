// SPDX-License-Identifier: GPL-2.0-or-later
/* What programs do to their memory and their files while the module is at it. */
#include <errno.h>
#include <fcntl.h>
#include <linux/userfaultfd.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

#include "../guest/kept_pages.h"
#include "fuzz.h"

#ifndef MADV_COLD
#define MADV_COLD 20
#endif
#ifndef MADV_COLLAPSE
#define MADV_COLLAPSE 25
#endif
#ifndef MREMAP_DONTUNMAP
#define MREMAP_DONTUNMAP 4
#endif

static size_t size_of(const struct region *region)
{
	return region->pages * PAGE;
}

static void rewrite(struct thread *thread, struct region *region, unsigned int i)
{
	unsigned long first = below(&thread->dice, region->pages);

	(void)i;
	region_write(thread, region, first, 1 + below(&thread->dice, 64));
}

static void replace(struct thread *thread, struct region *region, unsigned int i)
{
	region_check(thread, region, "its time");
	region_end(thread, i);
	region_make(thread, i);
}

/* Elsewhere, at times leaving an empty mapping behind for a moment. */
static void move(struct thread *thread, struct region *region, unsigned int i)
{
	int flags = MREMAP_MAYMOVE | MREMAP_FIXED;
	unsigned char *old = region->at, *to;

	to = mmap(NULL, size_of(region), PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (to == MAP_FAILED)
		return;
	if (region->memfd < 0 && once_in(&thread->dice, 3))
		flags |= MREMAP_DONTUNMAP;
	/*
	 * Where it fails it has unmapped what was there, or has not: left as it is, for
	 * another thread may have something there by now.
	 */
	if (mremap(old, size_of(region), size_of(region), flags, to) == MAP_FAILED)
		return;
	region->at = to;
	region_publish(thread, i);
	if (flags & MREMAP_DONTUNMAP)
		munmap(old, size_of(region));
	region_check(thread, region, "mremap");
}

static void protect(struct thread *thread, struct region *region, unsigned int i)
{
	static const int protections[] = { PROT_NONE, PROT_READ, PROT_READ | PROT_WRITE,
					   PROT_READ | PROT_WRITE, PROT_READ | PROT_WRITE };
	int prot = protections[below(&thread->dice, 5)];

	(void)i;
	if (!mprotect(region->at, size_of(region), prot))
		region->prot = prot;
}

/* A part that is locked refuses, when what lies before it is gone: then each page is asked by itself. */
static void drop(struct thread *thread, struct region *region, unsigned int i)
{
	unsigned long first = below(&thread->dice, region->pages);
	unsigned long pages = 1 + below(&thread->dice, region->pages - first);
	bool all = !madvise(region->at + first * PAGE, pages * PAGE, MADV_DONTNEED);
	unsigned long gone = 0;

	(void)i;
	for (unsigned long page = first; page < first + pages; page++) {
		if (!all && madvise(region->at + page * PAGE, PAGE, MADV_DONTNEED))
			continue;
		gone++;
		if (region->kind != REGION_MEMFD)
			region->generations[page] = 0;
	}
	totals->half_dropped += gone && gone < pages;
}

/*
 * A part becomes another mapping: it is protected for a moment, or has new memory, of a memfd the
 * same pages. What was a huge page there is one no more.
 */
static void cut(struct thread *thread, struct region *region, unsigned int i)
{
	unsigned long first = below(&thread->dice, region->pages);
	unsigned long pages = 1 + below(&thread->dice, region->pages - first);
	unsigned char *at = region->at + first * PAGE;
	int flags = region->memfd < 0 ? MAP_PRIVATE | MAP_ANONYMOUS : MAP_PRIVATE;

	(void)i;
	if (once_in(&thread->dice, 2)) {
		mprotect(at, pages * PAGE, once_in(&thread->dice, 2) ? PROT_READ : PROT_NONE);
		call_once(thread);
		mprotect(at, pages * PAGE, region->prot);
		return;
	}
	if (region->kind == REGION_UFFD || region->kind == REGION_MERGED)
		return;
	if (region->kind == REGION_MEMFD)
		flags = MAP_SHARED;
	/* Where it fails it may have unmapped what was there, and another thread may have something there. */
	at = mmap(at, pages * PAGE, region->prot, flags | MAP_FIXED, region->memfd,
		  (off_t)(flags & MAP_ANONYMOUS ? 0 : first * PAGE));
	if (at == MAP_FAILED)
		_exit(0);
	if (region->kind != REGION_MEMFD)
		memset(region->generations + first, 0, pages * sizeof(*region->generations));
}

static void let_go(struct thread *thread, struct region *region, unsigned int i)
{
	(void)i;
	if (region->memfd >= 0 || region->prot != (PROT_READ | PROT_WRITE) || drops_dirty_bits())
		return;
	region->open = true; /* of a part also where another refuses */
	madvise(region->at, size_of(region), MADV_FREE);
	region_check(thread, region, "MADV_FREE");
	region_write(thread, region, 0, region->pages);
	region->open = false;
}

static void advise(struct thread *thread, struct region *region, unsigned int i)
{
	static const int advice[] = { MADV_HUGEPAGE, MADV_NOHUGEPAGE, MADV_COLLAPSE, MADV_COLD,
				      MADV_PAGEOUT };
	unsigned long first = once_in(&thread->dice, 2) ? 0 : below(&thread->dice, region->pages);
	int what = advice[below(&thread->dice, sizeof(advice) / sizeof(*advice))];

	(void)i;
	/* 7.2 warns of a coherent page in a private mapping of a file, and goes on. */
	if (what == MADV_COLLAPSE && region->kind == REGION_COPIED)
		return;
	if (what == MADV_PAGEOUT)
		page_out(region->at + first * PAGE, region->pages - first);
	else
		madvise(region->at + first * PAGE, size_of(region) - first * PAGE, what);
}

static void lock(struct thread *thread, struct region *region, unsigned int i)
{
	(void)i;
	if (once_in(&thread->dice, 3))
		mlock(region->at, size_of(region));
	else
		munlock(region->at, size_of(region));
}

/* The kernel's own migration of the same pages. */
static void to_node(struct thread *thread, struct region *region, unsigned int i)
{
	enum { MOST = 64, BIND = 2, MOVE = 2 };
	unsigned long mask = 1UL << below(&thread->dice, 2), pages = region->pages;
	int nodes[MOST], status[MOST], node = (int)below(&thread->dice, 2);
	void *at[MOST];

	(void)i;
	if (once_in(&thread->dice, 3)) {
		syscall(SYS_mbind, region->at, size_of(region), BIND, &mask, 64, MOVE);
		syscall(SYS_mbind, region->at, size_of(region), 0, NULL, 0, 0);
		return;
	}
	pages = pages < MOST ? pages : MOST;
	for (unsigned long page = 0; page < pages; page++) {
		at[page] = region->at + page * PAGE;
		nodes[page] = node;
	}
	syscall(SYS_move_pages, 0, pages, at, nodes, status, MOVE);
}

/* The child has what the thread had; what it does to it is its own affair, unless it is shared. */
static void child(struct thread *thread)
{
	thread->process->uffd = -1;
	thread->failures = -1; /* it is the parent's thread's */
	for (unsigned int i = 0; i < REGIONS; i++) {
		if (thread->regions[i].kind == REGION_MEMFD)
			thread->regions[i].prot = PROT_NONE;
		if (thread->regions[i].kind == REGION_MERGED)
			thread->regions[i].pages = 0;
		region_check(thread, &thread->regions[i], "fork");
	}
	for (unsigned int i = 0; i < 6; i++) {
		struct region *region = &thread->regions[below(&thread->dice, REGIONS)];

		if (region->pages)
			rewrite(thread, region, 0);
		call_once(thread);
	}
	for (unsigned int i = 0; i < REGIONS; i++)
		region_check(thread, &thread->regions[i], "fork and calls");
	_exit(0);
}

static void be_two(struct thread *thread, struct region *region, unsigned int i)
{
	pid_t pid;

	if (!once_in(&thread->dice, 3))
		return;
	thread->pulse->doing = "fork";
	pid = fork();
	if (!pid)
		child(thread);
	if (pid < 0)
		return;
	totals->forks++;
	if (once_in(&thread->dice, 3)) {
		usleep(below(&thread->dice, 3000));
		kill(pid, SIGKILL);
	} else {
		rewrite(thread, region, i);
	}
	while (waitpid(pid, NULL, 0) < 0 && errno == EINTR)
		;
	region_check(thread, region, "a child");
}

static void interrupt(struct thread *thread, struct region *region, unsigned int i)
{
	int tid = thread->process->threads[below(&thread->dice, THREADS)].pulse->tid;

	(void)region;
	(void)i;
	if (tid)
		syscall(SYS_tgkill, getpid(), tid, SIGUSR1);
}

/* The kernel reads and writes the pages for us, through references of its own. */
static void through_kernel(struct thread *thread, struct region *region, unsigned int i)
{
	struct iovec from = { region->at, size_of(region) < ANSWER ? size_of(region) : ANSWER };
	struct iovec to = { thread->answer, from.iov_len };
	int fds[2];

	(void)i;
	if (once_in(&thread->dice, 2)) {
		if (process_vm_readv(getpid(), &to, 1, &from, 1, 0) == (ssize_t)from.iov_len &&
		    region->prot & PROT_READ && region->kind != REGION_UFFD &&
		    memcmp(thread->answer, region->at, 64))
			bad_news("process_vm_readv() reads other content");
		return;
	}
	if (pipe(fds))
		return;
	fcntl(fds[1], F_SETFL, O_NONBLOCK);
	vmsplice(fds[1], &from, 1, 0);
	close(fds[0]);
	close(fds[1]);
}

static void write_protect(struct thread *thread, struct region *region, unsigned int i)
{
	struct uffdio_writeprotect request = {
		.range = { (unsigned long)region->at, size_of(region) },
		.mode = once_in(&thread->dice, 2) ? 0 : UFFDIO_WRITEPROTECT_MODE_WP,
	};

	(void)i;
	if (region->kind == REGION_UFFD && thread->process->uffd >= 0)
		ioctl(thread->process->uffd, UFFDIO_WRITEPROTECT, &request);
}

/* Until a call is at the memory that nobody looks at, or for @ms; then some time more. */
static void wait_for_call(struct thread *thread, unsigned long ms)
{
	for (unsigned long i = 0; i < 10 * ms && !thread->process->aimed; i++)
		usleep(100);
	usleep(below(&thread->dice, 256UL << below(&thread->dice, 8)));
}

/*
 * A huge page, of which some are dropped and made anew: a large folio that PTEs map. A call that comes
 * by has the kernel split it, which lets go of the table; that is dropped then.
 */
static void ambush(struct thread *thread, unsigned char *at, unsigned long first,
		   unsigned long pages)
{
	madvise(at, EXPENDABLE * PAGE, MADV_DONTNEED);
	at[0] = 1;
	if (pages < EXPENDABLE)
		madvise(at + first * PAGE, pages * PAGE, MADV_DONTNEED);
	for (unsigned long page = 0; page < EXPENDABLE; page++)
		at[page * PAGE] = 1;
	thread->process->border = (first + pages) % EXPENDABLE;
	wait_for_call(thread, 300);
	madvise(at, EXPENDABLE * PAGE, MADV_DONTNEED);
	thread->process->border = 0;
}

/* Whoever else is at it. */
static void trample(struct thread *thread, struct region *region, unsigned int i)
{
	unsigned char *at = thread->process->expendable;
	unsigned long first = 0, pages = EXPENDABLE;

	(void)region;
	(void)i;
	if (once_in(&thread->dice, 2)) {
		first = once_in(&thread->dice, 2) ? 0 : below(&thread->dice, EXPENDABLE);
		pages = 1 + below(&thread->dice, EXPENDABLE - first);
	}
	switch (below(&thread->dice, 4)) {
	case 0:
		page_out(at + first * PAGE, pages);
		break;
	case 1:
	case 2:
		if (ambushes) {
			ambush(thread, at, first, pages);
			break;
		}
		/* fall through */
	default:
		wait_for_call(thread, 10);
		madvise(at + first * PAGE, pages * PAGE, MADV_DONTNEED);
	}
}

static void (*const ways[])(struct thread *, struct region *, unsigned int) = {
	rewrite,   rewrite,	   rewrite, rewrite, replace, move,    protect,
	drop,	   let_go,	   advise,  advise,  lock,    to_node, be_two,
	interrupt, through_kernel, rewrite, rewrite, protect, reopen,  write_protect,
	trample,   trample,	   trample, cut,
};

void disturb(struct thread *thread)
{
	unsigned int i = (unsigned int)below(&thread->dice, REGIONS);
	struct region *region = &thread->regions[i];
	unsigned long way = below(&thread->dice, sizeof(ways) / sizeof(*ways));

	thread->pulse->doing = "what is no ioctl";
	if (!region->pages)
		region_make(thread, i);
	if (region->pages)
		ways[way](thread, region, i);
	totals->disturbances++;
}

void *uffd_handler(void *arg)
{
	struct process *process = arg;
	struct pollfd wait = { .fd = process->uffd, .events = POLLIN };
	struct dice dice = { process->number };
	struct uffd_msg message;

	for (;;) {
		struct uffdio_writeprotect unprotect = { 0 };
		struct uffdio_zeropage zeros = { 0 };
		struct uffdio_range range = { .len = PAGE };
		int ret;

		if (poll(&wait, 1, -1) < 1 ||
		    read(process->uffd, &message, sizeof(message)) != sizeof(message) ||
		    message.event != UFFD_EVENT_PAGEFAULT)
			continue;
		if (once_in(&dice, 4))
			usleep(below(&dice, 2000));
		range.start = message.arg.pagefault.address & ~(PAGE - 1);
		zeros.range = unprotect.range = range;
		if (message.arg.pagefault.flags & UFFD_PAGEFAULT_FLAG_WP)
			ret = ioctl(process->uffd, UFFDIO_WRITEPROTECT, &unprotect);
		else
			ret = ioctl(process->uffd, UFFDIO_ZEROPAGE, &zeros);
		/* It went away meanwhile, or was filled: whoever waits shall look again. */
		if (ret)
			ioctl(process->uffd, UFFDIO_WAKE, &range);
	}
	return NULL;
}
