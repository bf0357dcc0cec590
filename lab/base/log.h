/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The part of a log that an error is shown with. */
#ifndef MIGBENCH_LAB_BASE_LOG_H
#define MIGBENCH_LAB_BASE_LOG_H

#define LAB_LOG_LINES 15 /* of a log, shown with an error */

/* Print the last @lines lines of the file on stderr; a missing or empty file prints nothing. */
void lab_print_tail(const char *path, int lines);

/*
 * The same for the log of a make with several jobs, where the error is rarely at the end: from the
 * first line that tells of one, else the last lines.
 */
void lab_print_trouble(const char *path, int lines);

#endif
