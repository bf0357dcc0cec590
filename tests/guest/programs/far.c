// SPDX-License-Identifier: GPL-2.0-or-later
/* Uses pages of node 1 from a CPU of node 0, until NUMA balancing has brought most of them: how many, on stdout. */
#define _GNU_SOURCE
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#define PAGES 256
#define SECONDS 60
#define BIND 2 /* MPOL_BIND */

static int at_home(char *at)
{
	int page = getpagesize();
	void *pages[PAGES];
	int status[PAGES], count = 0;

	for (int i = 0; i < PAGES; i++)
		pages[i] = at + i * page;
	if (syscall(SYS_move_pages, 0, PAGES, pages, NULL, status, 0))
		return -1;
	for (int i = 0; i < PAGES; i++)
		count += status[i] == 0;
	return count;
}

int main(void)
{
	int page = getpagesize();
	char *at = mmap(NULL, PAGES * (size_t)page, PROT_READ | PROT_WRITE,
			MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	unsigned long there = 2;
	time_t start = time(NULL);
	cpu_set_t cpu;
	int count = 0;

	CPU_ZERO(&cpu);
	CPU_SET(0, &cpu);
	if (at == MAP_FAILED || sched_setaffinity(0, sizeof(cpu), &cpu) ||
	    syscall(SYS_set_mempolicy, BIND, &there, 64))
		return 1;
	madvise(at, PAGES * (size_t)page, MADV_NOHUGEPAGE);
	memset(at, 1, PAGES * (size_t)page);
	if (at_home(at) != 0 || syscall(SYS_set_mempolicy, 0, NULL, 0))
		return 1;
	while (time(NULL) < start + SECONDS && count < PAGES / 2) {
		for (int turn = 0; turn < 2000; turn++)
			for (int i = 0; i < PAGES; i++)
				((volatile char *)at)[i * page]++;
		count = at_home(at);
	}
	printf("%d\n", count);
	return count < PAGES / 2;
}
