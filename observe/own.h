/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What drivers count themselves, where they show it as files of names and numbers. */
#ifndef MIGBENCH_OBSERVE_OWN_H
#define MIGBENCH_OBSERVE_OWN_H

#include <stddef.h>

struct ob_own_row {
	char *source; /* "xe, dri/0/gt0/stats" */
	char *name; /* "svm_4K_migrate_count" */
	unsigned long long before, now;
};

struct ob_own {
	struct ob_own_row *rows;
	size_t count, capacity;
};

/* Read them all: what is new begins with the number that it has. */
void ob_own_read(struct ob_own *own);
void ob_own_free(struct ob_own *own);

#endif
