// SPDX-License-Identifier: GPL-2.0-or-later
/* One process of the fuzzer: its files and its threads. */
#include <errno.h>
#include <fcntl.h>
#include <linux/userfaultfd.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "fuzz.h"

static void on_signal(int number)
{
	(void)number;
}

/* The mapping that has @addr, as /proc/self/maps has it, in @line, or that there is none. */
static void mapping_of(const void *addr, char *line, size_t size)
{
	FILE *in = fopen("/proc/self/maps", "re");
	unsigned long start, end;

	while (in && fgets(line, (int)size, in)) {
		line[strcspn(line, "\n")] = '\0';
		if (sscanf(line, "%lx-%lx", &start, &end) == 2 && (unsigned long)addr >= start &&
		    (unsigned long)addr < end)
			return;
	}
	snprintf(line, size, "nothing");
}

/* No access of this program is wrong: what is on a device must come back. */
static void on_death(int number, siginfo_t *info, void *context)
{
	char line[256];

	(void)context;
	/*
	 * On its way back to the program the kernel writes to its memory (a signal's frame, rseq). If that is on a device, and
	 * the page for it is what there is no memory for, it is killed, whatever driver that is.
	 */
	if (failing && info->si_code == SI_KERNEL)
		_exit(0);
	mapping_of(info->si_addr, line, sizeof(line));
	bad_news("signal %d, code %d at %p, where is %s", number, info->si_code, info->si_addr,
		 line);
	_exit(1);
}

static int open_uffd(void)
{
	struct uffdio_api api = { .api = UFFD_API };
	int fd = (int)syscall(SYS_userfaultfd, O_CLOEXEC);

	if (fd >= 0 && ioctl(fd, UFFDIO_API, &api)) {
		close(fd);
		fd = -1;
	}
	return fd;
}

/* What the thread may have written over it, with a page behind it that takes nothing. */
static unsigned char *map_answer(void)
{
	unsigned char *at = mmap(NULL, ANSWER + PAGE, PROT_READ | PROT_WRITE,
				 MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (at != MAP_FAILED)
		mprotect(at + ANSWER, PAGE, PROT_NONE);
	return at;
}

static unsigned char *map_expendable(void)
{
	const size_t size = EXPENDABLE * PAGE;
	unsigned char *at = mmap(NULL, 2 * size, PROT_READ | PROT_WRITE,
				 MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

	if (at == MAP_FAILED)
		_exit(0);
	at = (unsigned char *)(((uintptr_t)at + size - 1) & ~(size - 1));
	madvise(at, size, ambushes ? MADV_HUGEPAGE : MADV_NOHUGEPAGE);
	return at;
}

static void *thread_main(void *arg)
{
	struct thread *thread = arg;

	thread->pulse->pid = getpid();
	thread->pulse->tid = (int)syscall(SYS_gettid);
	thread->answer = map_answer();
	if (thread->answer == MAP_FAILED)
		return NULL;
	thread->failures = failures_open();
	if (!thread->number)
		open_files(thread);
	for (unsigned int i = 0; i < REGIONS; i++)
		region_make(thread, i);
	while (!totals->stop && thread->left) {
		thread->pulse->beats++;
		thread->left--;
		if (once_in(&thread->dice, 6))
			disturb(thread);
		else
			call_once(thread);
		if (once_in(&thread->dice, 16))
			region_check(thread, &thread->regions[below(&thread->dice, REGIONS)],
				     "calls");
	}
	thread->pulse->doing = "its last look";
	for (unsigned int i = 0; i < REGIONS; i++) {
		thread->pulse->beats++;
		region_check(thread, &thread->regions[i], "all calls");
	}
	thread->pulse->doing = NULL;
	return NULL;
}

_Noreturn void work(unsigned int number, unsigned int start, uint64_t seed, unsigned long calls,
		    const int shared[SHARED_FILES], struct pulse pulses[THREADS])
{
	static struct process process;
	static struct thread threads[THREADS];
	pthread_t handler, ids[THREADS];

	const struct sigaction death = { .sa_sigaction = on_death, .sa_flags = SA_SIGINFO };

	signal(SIGUSR1, on_signal);
	sigaction(SIGSEGV, &death, NULL);
	sigaction(SIGBUS, &death, NULL);
	process = (struct process){ .number = number,
				    .start = start,
				    .shared = shared,
				    .threads = threads,
				    .uffd = open_uffd() };
	process.expendable = map_expendable();
	for (unsigned int i = 0; i < FILES; i++)
		process.file[i] = -1;
	if (process.uffd >= 0 && pthread_create(&handler, NULL, uffd_handler, &process))
		process.uffd = -1;
	for (unsigned int i = 0; i < THREADS; i++) {
		threads[i] = (struct thread){ .process = &process,
					      .number = i,
					      .dice = dice_of(seed, number, i, start),
					      .pulse = &pulses[i],
					      .left = calls / THREADS + 1,
					      .owner = (start << 16) | (number << 8) | (i + 1) };
		if (pthread_create(&ids[i], NULL, thread_main, &threads[i]))
			_exit(0);
	}
	for (unsigned int i = 0; i < THREADS; i++)
		pthread_join(ids[i], NULL);
	_exit(totals->failed);
}
