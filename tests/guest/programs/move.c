// SPDX-License-Identifier: GPL-2.0-or-later
/* A program of a user's: 64 pages to the other node by move_pages(2), between two marks. */
#include <migbench/mark.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#define PAGES 64

int main(void)
{
	int page = getpagesize();
	char *at = mmap(NULL, PAGES * (size_t)page, PROT_READ | PROT_WRITE,
			MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	void *pages[PAGES];
	int nodes[PAGES], status[PAGES];

	memset(at, 1, PAGES * (size_t)page);
	for (int i = 0; i < PAGES; i++) {
		pages[i] = at + i * page;
		nodes[i] = 1;
		status[i] = -1;
	}
	MIGBENCH_BEGIN();
	syscall(SYS_move_pages, 0, PAGES, pages, nodes, status, 2);
	MIGBENCH_END();
	for (int i = 0; i < PAGES; i++)
		if (status[i] != 1)
			return 1;
	return 0;
}
