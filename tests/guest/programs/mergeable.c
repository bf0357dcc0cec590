// SPDX-License-Identifier: GPL-2.0-or-later
/* A program, as PROGRAM WORD…, all of whose memory KSM may merge. 77: not on this kernel. */
#include <errno.h>
#include <stdio.h>
#include <sys/prctl.h>
#include <unistd.h>

#ifndef PR_SET_MEMORY_MERGE
#define PR_SET_MEMORY_MERGE 67
#endif

int main(int argc, char **argv)
{
	if (prctl(PR_SET_MEMORY_MERGE, 1, 0, 0, 0))
		return errno == EINVAL ? 77 : 1;
	if (argc > 1)
		execvp(argv[1], argv + 1);
	perror("mergeable");
	return 1;
}
