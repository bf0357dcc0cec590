/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Files and folders. */
#ifndef MIGBENCH_CORE_BASE_FILES_H
#define MIGBENCH_CORE_BASE_FILES_H

#include <stdbool.h>
#include <stddef.h>

#include "core/base/list.h"

/* What follows the last slash of @path. */
const char *mb_base_name(const char *path);

/* The folder that @path is in, "." if it says none; malloc'd. */
char *mb_folder_of(const char *path);

bool mb_exists(const char *path);

/* Whether there is a folder; if not, errno says why: ENOTDIR where something else is. */
bool mb_is_folder(const char *path);

/* Make @path and the folders above it. Returns 0, or -1 with errno set. */
int mb_make_folders(const char *path);

/* Remove @path with all that it holds; what is not there is no error. 0, or -1 with errno. */
int mb_remove_tree(const char *path);

/* Bytes that @path occupies, with all that it holds. */
unsigned long long mb_tree_size(const char *path);

/* The whole file, malloc'd and NUL-terminated; its length in *@length unless NULL. NULL: errno. */
char *mb_read_file(const char *path, size_t *length);

/*
 * The first line of @path, as much of it as @size has room for, with one read as files of sysfs want it. False, and
 * an empty @line, where there is none; errno says why it can't be read.
 */
bool mb_read_line(const char *path, char *line, size_t size);

/* Write @length bytes into a new or emptied file. Returns 0, or -1 with errno set. */
int mb_write_file(const char *path, const void *data, size_t length);

/*
 * The same by way of a new file beside it, under a name that nobody has: until all is written, what
 * was at @path stays. Returns 0, or -1 with errno set.
 */
int mb_replace_file(const char *path, const void *data, size_t length);

/* Write @text at once into a file that is there, as those of sysfs and cgroups want it; errno says why not. */
bool mb_set_file(const char *path, const char *text);

/*
 * Whether this process may write the regular file @fd alone, until that is closed: false where another
 * one may. Of anything else it is not asked.
 */
bool mb_lock_file(int fd);

/*
 * Rename @from to @to once what is in it is on the disk: after a loss of power, too, a name says that
 * the whole is there. Waits for all that its filesystem has to write. 0, or -1 with errno set.
 */
int mb_put_in_place(const char *from, const char *to);

/* Write all of @length bytes to @fd. Returns 0, or -1 with errno set. */
int mb_write_all(int fd, const void *data, size_t length);

/*
 * Names in @folder that end in @suffix, without it, sorted. Returns 0, or -1 with errno set: the
 * folder is missing or can't be read, and gives none.
 */
int mb_names_in(const char *folder, const char *suffix, struct mb_list *names);

/* The hidden names (with a leading dot) in @folder that end in @suffix, whole, sorted. */
void mb_hidden_names_in(const char *folder, const char *suffix, struct mb_list *names);

/* Whether there is one file that both names are of. */
bool mb_same_file(const char *a, const char *b);

/* Whether what is written to both would go into one file, which need not be there yet. A device is none. */
bool mb_same_place(const char *a, const char *b);

#endif
