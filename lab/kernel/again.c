// SPDX-License-Identifier: GPL-2.0-or-later
/* A kernel that need not be built: another one is the same. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "core/base/files.h"
#include "core/base/list.h"
#include "core/base/text.h"
#include "core/status.h"
#include "lab/base/spawn.h"
#include "lab/kernel/again.h"

int lab_build_take_over(struct lab_build *b, struct lab_kernel *same)
{
	char *label = lab_build_label(b, same->release), *whole = mb_format("%s/whole", b->partial),
	     *mark = mb_format("%s/kernel.json", whole),
	     *there = mb_format("%s/kernel.json", same->folder);
	struct lab_kernel kernel = lab_build_kernel(b, same->release, label);
	struct mb_list words = { 0 };
	FILE *log = fopen("/dev/null", "we");
	int status = MB_OK;

	kernel.built = same->built;
	kernel.size = same->size;
	mb_remove_tree(whole);
	mb_list_add(&words, "cp");
	mb_list_add(&words, "-al");
	mb_list_add(&words, "%s", same->folder);
	mb_list_add(&words, "%s", whole);
	if (!log || lab_run_words(&words, NULL, log))
		status = lab_interrupted ? MB_MACHINE
					 : mb_fail(MB_MACHINE, "%s: cannot copy %s", b->final,
						   same->folder);
	/* A removal takes the mark first: while it is there all of it was. */
	else if (!mb_exists(there))
		status = mb_fail(MB_MACHINE,
				 "kernel %s, which is the same, was removed meanwhile; try again",
				 same->name);
	/* The mark is written anew: the other kernel's must not change. */
	else if (mb_remove_tree(mark) || lab_kernel_store(whole, &kernel) ||
		 lab_kernel_put(whole, b->final))
		status = mb_fail(MB_MACHINE, "%s: %m", b->final);
	else
		printf("kernel %s (%s) is ready: it is the same as kernel %s\n", b->name,
		       same->release, same->name);
	mb_remove_tree(b->partial);
	if (log)
		fclose(log);
	mb_list_free(&words);
	free(there);
	free(mark);
	free(whole);
	free(label);
	return status;
}
