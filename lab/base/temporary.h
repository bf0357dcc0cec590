/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Private folders that go away with us. */
#ifndef MIGBENCH_LAB_BASE_TEMPORARY_H
#define MIGBENCH_LAB_BASE_TEMPORARY_H

#include <stdio.h>

/*
 * A new private folder under $TMPDIR, malloc'd; removed when the program ends. Folders of ours
 * whose owner was killed are removed on the way. Returns NULL after one line on stderr.
 */
char *lab_temporary(void);

/* A file under $TMPDIR that has no name; its owner closes it, and no child has it. NULL after one line on stderr. */
FILE *lab_temporary_file(void);

/* Remove all such folders now, for an end that exit() has no part in. */
void lab_remove_temporaries(void);

#endif
