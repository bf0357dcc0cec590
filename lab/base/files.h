/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Files, folders and strings, as lab/ needs them. */
#ifndef MIGBENCH_LAB_BASE_FILES_H
#define MIGBENCH_LAB_BASE_FILES_H

#include <stdbool.h>
#include <stddef.h>

/* A formatted string, malloc'd. Without memory the program ends with MB_MACHINE. */
char *lab_format(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

/* A copy of @text, malloc'd. Without memory the program ends with MB_MACHINE. */
char *lab_strdup(const char *text);

/* A growing list of strings that it owns; at[count] is NULL, so that it can be an argv. */
struct lab_list {
	char **at;
	size_t count;
};

void lab_list_add(struct lab_list *list, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));
void lab_list_sort(struct lab_list *list);
void lab_list_free(struct lab_list *list);

/* Add the comma-separated words of @text, without the spaces around them. */
void lab_list_split(struct lab_list *list, const char *text);

/* The words joined by ", " for a message; malloc'd. "none" when there are none. */
char *lab_list_join(const struct lab_list *list);

/* What follows the last slash of @path. */
const char *lab_base_name(const char *path);

bool lab_exists(const char *path);

/* Whether @name can be a file name in the cache: letters, digits and "._+-", no leading dot. */
bool lab_good_name(const char *name);

/* Make @path and the folders above it. Returns 0, or -1 with errno set. */
int lab_make_folders(const char *path);

/* Remove @path with all that it holds; what is not there is no error. 0, or -1 with errno. */
int lab_remove_tree(const char *path);

/* Bytes that @path occupies, with all that it holds. */
unsigned long long lab_tree_size(const char *path);

/* The whole file, malloc'd and NUL-terminated; its length in *@length unless NULL. NULL: errno. */
char *lab_read_file(const char *path, size_t *length);

/* Write @length bytes into a new or emptied file. Returns 0, or -1 with errno set. */
int lab_write_file(const char *path, const void *data, size_t length);

/* Write all of @length bytes to @fd. Returns 0, or -1 with errno set. */
int lab_write_all(int fd, const void *data, size_t length);

/* Names in @folder that end in @suffix, without it, sorted. A missing folder gives none. */
void lab_names_in(const char *folder, const char *suffix, struct lab_list *names);

/* The hidden names (with a leading dot) in @folder that end in @suffix, whole, sorted. */
void lab_hidden_names_in(const char *folder, const char *suffix, struct lab_list *names);

#define LAB_LOG_LINES 15 /* of a log, shown with an error */

/* Print the last @lines lines of the file on stderr; a missing or empty file prints nothing. */
void lab_print_tail(const char *path, int lines);

/*
 * The same for the log of a make with several jobs, where the error is rarely at the end: from the
 * first line that tells of one, else the last lines.
 */
void lab_print_trouble(const char *path, int lines);

#endif
