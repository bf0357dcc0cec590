/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Records that wait, so that an older run file stays until there is a block to replace it with. */
#ifndef MIGBENCH_CORE_RECORD_HELD_H
#define MIGBENCH_CORE_RECORD_HELD_H

#include <stdio.h>

struct mb_held {
	FILE *stream; /* takes them; NULL: none wait, and what is written goes into the file */
	char *text;
	size_t size;
};

/*
 * From now on they wait, if the file @out has something that can be lost. *@held may not move while they
 * do.
 */
void mb_held_begin(struct mb_held *held, FILE *out);

/* Empty @out, if there is room for what has waited, and write that: 0, or -1 with errno. */
int mb_held_end(struct mb_held *held, FILE *out);

/* Forget what waits. */
void mb_held_free(struct mb_held *held);

#endif
