/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Patches as people have them: read from where they lie, tried on a source, applied to it. */
#ifndef MIGBENCH_LAB_DIFF_PATCHES_H
#define MIGBENCH_LAB_DIFF_PATCHES_H

#include <stdbool.h>
#include <stddef.h>

#include "core/base/list.h"
#include "core/options.h"

struct lab_patch {
	char *label; /* for messages: the file, and which of its mails */
	char *subject; /* of the mail; NULL: it is none */
	char *text; /* decoded, with line feeds alone */
	unsigned long line; /* in the file, of the text's first; 0: the text was decoded */
	bool context; /* by diff -c, which patch(1) reads and git does not */
};

/* In the order in which they are applied. All zero is none. */
struct lab_patches {
	struct lab_patch *at;
	size_t count;
	bool reverse; /* they are taken out, the last one first */
	char *name; /* a word for all of them: letters, digits and "._+-" */
};

/*
 * Read what @operands name: files, folders of them, mailboxes, "-" for the standard input. Mails
 * without a patch beside mails that have one are passed over. Returns an exit status: MB_REQUEST
 * after one line with the cause, where something can't be read. lab_patches_free() is right in any
 * case.
 */
int lab_patches_read(const struct mb_strings *operands, bool reverse, struct lab_patches *patches);
void lab_patches_free(struct lab_patches *patches);

/* Another source, of which it can be told whether it has a patch already. */
struct lab_patches_other {
	char *label; /* its version */
	char *tree;
};

/*
 * Try the patches on the files of @tree, which stay as they are. Returns MB_OK, or MB_REQUEST after
 * one line with the cause; @others, by age, are looked at for what @tree has already.
 */
int lab_patches_check(const struct lab_patches *patches, const char *tree,
		      const struct lab_patches_other *others, size_t other_count);

/*
 * Apply them to the folder @tree, whose files may be links to others that stay as they are. Returns
 * 0, or -1 after one line.
 */
int lab_patches_apply(const struct lab_patches *patches, const char *tree);

/* Write them as NUMBER-NAME.patch into @folder, which exists. Returns 0, or -1 with errno. */
int lab_patches_store(const struct lab_patches *patches, const char *folder);

#endif
