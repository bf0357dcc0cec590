// SPDX-License-Identifier: GPL-2.0-or-later
/* Has the driver of tests/guest/oddity move 39 pages so many times, and looks whether they have their content. */
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#define PAGES 39

int main(int argc, char **argv)
{
	int page = getpagesize();
	unsigned char *at = mmap(NULL, PAGES * (size_t)page, PROT_READ | PROT_WRITE,
				 MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	int fd = open("/dev/oddity", O_WRONLY), wrong = 0;

	if (fd < 0 || at == MAP_FAILED || argc < 2)
		return 1;
	for (int i = 0; i < PAGES; i++)
		at[i * page] = (unsigned char)(i + 1);
	for (int times = atoi(argv[1]); times > 0; times--)
		if (write(fd, &at, sizeof(at)) != sizeof(at)) {
			perror("oddity");
			return 1;
		}
	for (int i = 0; i < PAGES; i++)
		wrong += at[i * page] != (unsigned char)(i + 1);
	return wrong > 0;
}
