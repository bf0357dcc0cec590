/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Exit statuses of every command, and the one way to print an error. */
#ifndef MIGBENCH_CORE_STATUS_H
#define MIGBENCH_CORE_STATUS_H

enum mb_status {
	MB_OK = 0, /* done, nothing to complain of */
	MB_BAD = 1, /* done, and the answer is bad news */
	MB_REQUEST = 2, /* the request is wrong: usage, configuration, unreadable run */
	MB_MACHINE = 3, /* this machine can't do it */
	MB_SKIP = 77, /* from a test: skipped */
};

/*
 * Print one line on stderr, "migbench: " and the message (what, where, what to
 * do; control characters are shown as '?'), and return @status, so that a
 * caller can write: return mb_fail(MB_REQUEST, ...).
 */
int mb_fail(int status, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

/* What is done before such a line is printed, so that it begins one; NULL: nothing. */
extern void (*mb_before_line)(void);

/* The same for something that does not end the command: "migbench: note: …". */
void mb_note(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

#endif
