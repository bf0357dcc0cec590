/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The folder into which lab ab and lab gate put all that comes out. */
#ifndef MIGBENCH_LAB_PATCH_FOLDER_H
#define MIGBENCH_LAB_PATCH_FOLDER_H

#include <stdbool.h>

/*
 * Make the folder @out, or results/local/@what-TIME where that is NULL; its path, malloc'd, in
 * *@folder in any case but the last. MB_OK, or MB_REQUEST after one line: one that is not empty needs
 * @force, unless an interrupted command has left it so (going.h), and nobody else may be at work there
 * as long as this process is.
 */
int lab_result_folder(const char *out, const char *what, bool force, char **folder);

#endif
